"""Tables and properties: replies to integer, decimal and range."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import ENGLISH, OUT_OF_RANGE, UNCLEAR_NUMBER, UNCLEAR_WHOLE_NUMBER, Phrasebook
from bot.core.questionnaire import Item, ItemType, Range
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import ARABIC, FRENCH, IGBO, SPANISH, SWAHILI
from tests.support.replies import item, read

INTEGER = item(ItemType.INTEGER)
DECIMAL = item(ItemType.DECIMAL)
NO_INTEGER = NotRead(UNCLEAR_WHOLE_NUMBER)
NO_DECIMAL = NotRead(UNCLEAR_NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        *("6", " 6 ", "06", "6.", "(6)", "6!", "+6", "٦", "६", "፮", "6\ufe0f\u20e3", "⑥", "six", "SIX"),
        *("about 6 hours", "6 hours", "6hrs", "I think 6", "it is 6 please", "6.0", "6,0", "hours: 6", "6 6"),
        *("roughly 6 hours every week", "R6", "6%", "$6"),
    ],
)
def test_ways_to_mean_six(text: str) -> None:
    assert read(INTEGER, text) == Read("6")
    assert read(DECIMAL, text) == Read("6")


@pytest.mark.parametrize(
    ("book", "text", "value"),
    [
        pytest.param(SPANISH, "unas seis", "6", id="es-filler"),
        pytest.param(SPANISH, "doce", "12", id="es-word"),
        pytest.param(FRENCH, "environ 6 heures", "6", id="fr-around"),
        pytest.param(FRENCH, "ZERO", "0", id="fr-without-accent"),
        pytest.param(SWAHILI, "kumi na mbili", "12", id="sw-three-words"),
        pytest.param(SWAHILI, "saa 6", "6", id="sw-around"),
        pytest.param(ARABIC, "٦ ساعات", "6", id="ar-digits"),
        pytest.param(ARABIC, "ستة", "6", id="ar-word"),
        pytest.param(IGBO, "iri na abuo", "12", id="ig-without-dots"),
    ],
)
def test_languages(book: Phrasebook, text: str, value: str) -> None:
    assert read(INTEGER, text, book=book) == Read(value)


@pytest.mark.parametrize(
    ("text", "integer", "decimal"),
    [
        pytest.param("1,5", NO_INTEGER, Read("1.5"), id="decimal-comma"),
        pytest.param("1.5", NO_INTEGER, Read("1.5"), id="decimal-point"),
        pytest.param("1٫5", NO_INTEGER, Read("1.5"), id="arabic-decimal"),
        pytest.param(".5", NO_INTEGER, Read("0.5"), id="no-leading-zero"),
        pytest.param("1,000", Ambiguous("1000", "1"), Ambiguous("1000", "1"), id="group-or-decimals"),
        pytest.param("1.250", Read("1250"), Ambiguous("1250", "1.25"), id="only-one-is-whole"),
        pytest.param("0,500", NO_INTEGER, Read("0.5"), id="no-group-begins-with-zero"),
        pytest.param("1234,500", NO_INTEGER, Read("1234.5"), id="no-group-of-four"),
        pytest.param("1 000", Read("1000"), Read("1000"), id="space-groups"),
        pytest.param("1\u00a0000\u202f000", Read("1000000"), Read("1000000"), id="narrow-spaces"),
        pytest.param("1'000", Read("1000"), Read("1000"), id="swiss-groups"),
        pytest.param("1٬000", Read("1000"), Read("1000"), id="arabic-groups"),
        pytest.param("1,000,000", Read("1000000"), Read("1000000"), id="two-groups"),
        pytest.param("12,500.75", NO_INTEGER, Read("12500.75"), id="english-both"),
        pytest.param("12.500,75", NO_INTEGER, Read("12500.75"), id="german-both"),
        pytest.param("10 000,50", NO_INTEGER, Read("10000.5"), id="french-both"),
        pytest.param("1,23,456", NO_INTEGER, NO_DECIMAL, id="unknown-groups"),
        pytest.param("1.2.3", NO_INTEGER, NO_DECIMAL, id="a-version"),
        pytest.param("-5", Read("-5"), Read("-5"), id="minus"),
        pytest.param("−5", Read("-5"), Read("-5"), id="typographic-minus"),
        pytest.param("-0", Read("0"), Read("0"), id="no-negative-zero"),
        pytest.param("½", NO_INTEGER, Read("0.5"), id="half-sign"),
        pytest.param("2½", NO_INTEGER, Read("2.5"), id="number-and-half-sign"),
        pytest.param("2 and a half", NO_INTEGER, Read("2.5"), id="and-a-half"),
        pytest.param("two and a half hours", NO_INTEGER, NO_DECIMAL, id="word-and-a-half-with-unit"),
        pytest.param("two and a half", NO_INTEGER, Read("2.5"), id="word-and-a-half"),
        pytest.param("2.50", NO_INTEGER, Read("2.5"), id="idle-zeros"),
        pytest.param(
            "123456789012345", Read("123456789012345"), Read("123456789012345"), id="fifteen-digits"
        ),
        pytest.param("1234567890123456", NO_INTEGER, NO_DECIMAL, id="sixteen-digits"),
    ],
)
def test_written_numbers(text: str, integer: Read | NotRead, decimal: Read | NotRead) -> None:
    assert read(INTEGER, text) == integer
    assert read(DECIMAL, text) == decimal


@pytest.mark.parametrize(
    "text", ["5 or 6", "5-6", "5 - 6", "5–6", "between 5 and 6", "5, 6", "5h6", "5/6", "5 to 6 hours"]
)
def test_two_numbers_are_both_named(text: str) -> None:
    assert read(INTEGER, text) == Ambiguous("5", "6")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "twenty two",
            "none of your business",
            "six hundred",
            "6 hundred",
            "6 thousand",
            "6k",
            "more than 6",
            "less than 6",
            "not 6",
        ),
        *(
            "minus 6",
            "6+",
            "6 +",
            ">6",
            "≤ 6",
            "1 2 3",
            "hello",
            "?",
            "one of us",
            "a lot",
            "it was 6 but that was in a very long year ago",
        ),
        *("\ud800", "٫", "-", "1" * 2000, "1,2" * 500),
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert isinstance(read(INTEGER, text), NotRead)
    assert isinstance(read(DECIMAL, text), NotRead)


SATISFIED = Item("q", ItemType.RANGE, range=Range(Decimal(1), Decimal(5), Decimal(1)))
HALVES = Item("q", ItemType.RANGE, range=Range(Decimal("-1"), Decimal(1), Decimal("0.5")))


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        (SATISFIED, "4", Read("4")),
        (SATISFIED, "four", Read("4")),
        (SATISFIED, "4/5", Read("4")),
        (SATISFIED, "4.0", Read("4")),
        (SATISFIED, "1,000", Read("1")),
        (SATISFIED, "4 or 5", Ambiguous("4", "5")),
        (SATISFIED, "0", NotRead(OUT_OF_RANGE, {"start": "1", "end": "5"})),
        (SATISFIED, "6", NotRead(OUT_OF_RANGE, {"start": "1", "end": "5"})),
        (SATISFIED, "4.5", NotRead(OUT_OF_RANGE, {"start": "1", "end": "5"})),
        (SATISFIED, "good", NotRead(OUT_OF_RANGE, {"start": "1", "end": "5"})),
        (HALVES, "0,5", Read("0.5")),
        (HALVES, "-1", Read("-1")),
        (HALVES, "0.25", NotRead(OUT_OF_RANGE, {"start": "-1", "end": "1"})),
    ],
)
def test_ranges(asked: Item, text: str, expected: Read | Ambiguous | NotRead) -> None:
    assert read(asked, text) == expected


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_reads_as_itself(number: int) -> None:
    assert read(INTEGER, str(number)) == Read(str(number))
    assert read(INTEGER, f"about {number} hours") == Read(str(number))


@given(st.decimals(-1000, 1000, places=2), st.sampled_from(".,"))
def test_every_number_with_two_decimals_reads_as_itself(number: Decimal, point: str) -> None:
    reading = read(DECIMAL, f"{number:f}".replace(".", point), book=ENGLISH)
    assert isinstance(reading, Read)
    assert Decimal(reading.value) == number
