"""Tables and properties: every type of item, whatever a person writes."""

import string
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.limits import LIMITS
from bot.core.phrases import ENGLISH, UNCLEAR, UNCLEAR_MEDIA, Phrasebook
from bot.core.questionnaire import Item, ItemType, Range
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import ARABIC, FRENCH, IGBO, SPANISH, SWAHILI
from tests.support.replies import FUELS, choice, item, read

STEPS = Range(Decimal(0), Decimal(10), Decimal("0.5"))
ASKED = [
    *(
        item(kind, FUELS if kind.has_choices else ())
        for kind in ItemType
        if kind.is_asked and kind is not ItemType.RANGE
    ),
    item(ItemType.SELECT_ONE, FUELS, lists_choices=False),
    item(ItemType.SELECT_ONE),
    item(ItemType.RANK),
    item(ItemType.SELECT_ONE, [choice(str(at), str(at)) for at in range(40)]),
    item(ItemType.SELECT_MULTIPLE, [choice(letter, letter) for letter in string.ascii_lowercase]),
    Item("q", ItemType.RANGE, range=STEPS),
]
BOOKS = [ENGLISH, SPANISH, FRENCH, SWAHILI, ARABIC, IGBO]

ANYTHING = st.text(st.characters())
LIKELY = st.lists(
    st.sampled_from(
        [
            *(
                "1",
                "2",
                "12",
                "3",
                "٣",
                "፲",
                "2026",
                "31",
                "5 March",
                "other",
                "gas",
                "wood",
                "firewod",
                "and",
                "y",
                "all",
            ),
            *(
                ",",
                ".",
                "-",
                "/",
                ":",
                "½",
                "pm",
                "h",
                "−",
                "6.52",
                "👍",
                "no",
                "not",
                "half",
                "yes",
                "\n",
                " ",
                "\ud800",
            ),
        ]
    )
).map("".join)


@given(st.one_of(ANYTHING, LIKELY), st.sampled_from(ASKED), st.sampled_from(BOOKS))
def test_no_text_fails(text: str, asked: Item, book: Phrasebook) -> None:
    reading = read(asked, text, book=book)
    match reading:
        case Read(value):
            assert value.strip() == value != ""
        case Ambiguous(first, second):
            assert first != second
        case NotRead(phrase, values):
            assert {name for _, name, _, _ in string.Formatter().parse(phrase.english) if name} == set(values)


@given(st.one_of(ANYTHING, LIKELY), st.sampled_from(ASKED))
def test_the_same_text_is_always_read_the_same(text: str, asked: Item) -> None:
    assert read(asked, text) == read(asked, text)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.type.value)
@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200d", "\x00", "\ud800\udfff", "\u202e"])
def test_nothing_to_see_is_not_understood(asked: Item, text: str) -> None:
    assert read(asked, text) == NotRead(UNCLEAR)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.type.value)
@pytest.mark.parametrize(
    "piece", ["1", "1 ", "1,", "-", "1-", "other ", "gas and ", "½", "6.52 ", "a ", ":", "١"]
)
def test_an_endless_reply_is_read_as_far_as_it_is_kept(asked: Item, piece: str) -> None:
    endless = piece * LIMITS.text_length
    assert read(asked, endless) == read(asked, endless[: LIMITS.text_length])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("  The well is dry.\n", "The well is dry."),
        ("cafe\u0301", "café"),
        ("Ẹ̀kọ́, 👍🏽", unicodedata.normalize("NFC", "Ẹ̀kọ́, 👍🏽")),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("two  spaces\nand a line", "two  spaces\nand a line"),
        ("a\x00b\ud800c", "abc"),
        ("?", "?"),
        ("x" * 2000, "x" * LIMITS.text_length),
    ],
)
def test_words_are_kept_as_written(text: str, value: str) -> None:
    assert read(item(ItemType.TEXT), text) == Read(value)


@pytest.mark.parametrize("kind", [ItemType.IMAGE, ItemType.AUDIO])
def test_a_text_is_no_picture_and_no_sound(kind: ItemType) -> None:
    assert read(item(kind), "here is my photo") == NotRead(UNCLEAR_MEDIA)


@pytest.mark.parametrize(
    ("book", "text"),
    [
        *((ENGLISH, text) for text in ("ok", "OK!", "okay", "done", "yes", "1", "👍", "y", "yes please")),
        *((SPANISH, "claro"), (SPANISH, "ok"), (SWAHILI, "sawa"), (ARABIC, "موافق"), (ARABIC, "١")),
    ],
)
def test_an_acknowledgement(book: Phrasebook, text: str) -> None:
    assert read(item(ItemType.ACKNOWLEDGE), text, book=book) == Read("OK")


@pytest.mark.parametrize("text", ["no", "2", "what?", "👎"])
def test_no_acknowledgement(text: str) -> None:
    assert read(item(ItemType.ACKNOWLEDGE), text) == NotRead(UNCLEAR)


def test_a_reading_never_shows_what_a_person_wrote() -> None:
    shown = "".join(
        repr(read(item(ItemType.TEXT), "my secret")) + repr(read(item(ItemType.INTEGER), "41 or 42"))
    )
    assert "secret" not in shown
    assert "41" not in shown
