"""Tables and properties: replies to date."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import ENGLISH, UNCLEAR_DATE, Phrasebook
from bot.core.questionnaire import ItemType
from bot.core.replies import Ambiguous, NotRead, Read, read_reply
from bot.core.saying import example_date
from tests.support.phrasebooks import ARABIC, FRENCH, SPANISH, SWAHILI
from tests.support.replies import TODAY, item, read

DATE = item(ItemType.DATE)
AMERICAN = replace(ENGLISH, language="en-US", date_order="mdy")
BRITISH = replace(ENGLISH, language="en-GB", date_order="dmy")
HUNGARIAN = Phrasebook("hu", {}, {}, "magyar", date_order="ymd", months={"marcius": 3})


@pytest.mark.parametrize(
    ("book", "text"),
    [
        pytest.param(ENGLISH, "2026-03-05", id="iso"),
        pytest.param(ENGLISH, "2026/3/5", id="iso-slashes"),
        pytest.param(ENGLISH, "20260305", id="iso-compact"),
        pytest.param(ENGLISH, "٢٠٢٦-٠٣-٠٥", id="iso-arabic-digits"),
        pytest.param(ENGLISH, "5 March 2026", id="day-month-year"),
        pytest.param(ENGLISH, "March 5, 2026", id="month-day-year"),
        pytest.param(ENGLISH, "the 5th of march 2026!", id="ordinal"),
        pytest.param(ENGLISH, "5 mar 26", id="short"),
        pytest.param(ENGLISH, "I think 5 March", id="no-year-and-it-has-been"),
        pytest.param(BRITISH, "5/3/2026", id="en-gb"),
        pytest.param(AMERICAN, "3/5/2026", id="en-us"),
        pytest.param(HUNGARIAN, "2026. 3. 5.", id="hu-spaced"),
        pytest.param(HUNGARIAN, "26/3/5", id="hu-two-digit-year-first"),
        pytest.param(HUNGARIAN, "3.5.", id="hu-month-first"),
        pytest.param(SPANISH, "5/3/2026", id="es-digits"),
        pytest.param(SPANISH, "5-3-26", id="es-two-digit-year"),
        pytest.param(SPANISH, "5.3", id="es-no-year"),
        pytest.param(SPANISH, "5 de marzo de 2026", id="es-month"),
        pytest.param(SPANISH, "5 de marzo", id="es-month-no-year"),
        pytest.param(SPANISH, "march 5", id="es-english-month"),
        pytest.param(FRENCH, "5 mars 2026", id="fr-month"),
        pytest.param(SWAHILI, "tarehe 5 Machi 2026", id="sw-month-and-a-word"),
        pytest.param(ARABIC, "٥ مارس ٢٠٢٦", id="ar-month-and-digits"),
        pytest.param(ARABIC, "٥/٣/٢٠٢٦", id="ar-digits"),
    ],
)
def test_ways_to_mean_the_fifth_of_march(book: Phrasebook, text: str) -> None:
    assert read(DATE, text, book=book) == Read("2026-03-05")


@pytest.mark.parametrize(
    ("book", "text", "away"),
    [
        (ENGLISH, "today", 0),
        (ENGLISH, "Yesterday!", -1),
        (ENGLISH, "it was yesterday", -1),
        (ENGLISH, "tomorrow", 1),
        (SPANISH, "hoy", 0),
        (SPANISH, "manana", 1),
        (FRENCH, "aujourd’hui", 0),
        (SWAHILI, "jana", -1),
        (SWAHILI, "kesho", 1),
        (SWAHILI, "yesterday", -1),
        (ARABIC, "امس", -1),
    ],
)
def test_days_from_today(book: Phrasebook, text: str, away: int) -> None:
    assert read(DATE, text, book=book) == Read((TODAY + timedelta(days=away)).isoformat())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3/4/2026", Ambiguous("3 April 2026", "4 March 2026"), id="english-without-a-region"),
        pytest.param("3/4", Ambiguous("4 March 2026", "3 April 2026"), id="and-without-a-year"),
        pytest.param("13/4/2026", Read("2026-04-13"), id="no-thirteenth-month"),
        pytest.param("4/13/2026", Read("2026-04-13"), id="no-thirteenth-month-either"),
        pytest.param("4/4/2026", Read("2026-04-04"), id="the-same-both-ways"),
        pytest.param("30/2/2026", None, id="neither-is-a-day"),
        pytest.param(
            "5 December", Ambiguous("5 December 2025", "5 December 2026"), id="still-to-come-this-year"
        ),
        pytest.param("23 November", Read("2026-11-23"), id="today-without-a-year"),
        pytest.param("29 February", Read("2024-02-29"), id="the-last-leap-day"),
        pytest.param("29 Feb 2025", None, id="no-leap-day"),
        pytest.param("5 March 2019y", Read("2019-03-05"), id="a-mark-of-the-year"),
        pytest.param("5 March 2019th year", Read("2019-03-05"), id="a-mark-and-a-word"),
        pytest.param("5 March 20191", None, id="five-digits"),
        pytest.param("5 March abc2019", None, id="digits-in-a-word"),
        pytest.param("5/3/2019 AD", Ambiguous("5 March 2019", "3 May 2019"), id="an-era"),
        pytest.param("5/3/2019 AH", None, id="another-era"),
        pytest.param("1 May 27", Read("2027-05-01"), id="a-year-ahead"),
        pytest.param("1 May 28", Read("1928-05-01"), id="two-years-ahead-is-a-century-ago"),
        pytest.param("1 May 99", Read("1999-05-01"), id="last-century"),
        pytest.param("1 May 1850", None, id="too-long-ago"),
        pytest.param("1 May 2569", None, id="another-calendar"),
        pytest.param("March 2026", None, id="no-day"),
        pytest.param("5 March or 6 April", None, id="two-months"),
        pytest.param("5 or 6 March 2026", None, id="two-days"),
        pytest.param("not 5 March", None, id="negation"),
        pytest.param("before 5 March", None, id="another-day-than-it-says"),
        pytest.param("0/0/0000", None, id="zeros"),
        pytest.param("12", None, id="a-number"),
        pytest.param("hello", None, id="words"),
        pytest.param("1/1/1/1", None, id="four-parts"),
        pytest.param("\ud800", None, id="half-a-character"),
    ],
)
def test_english(text: str, expected: Read | Ambiguous | None) -> None:
    reading = read(DATE, text)
    if expected is None:
        assert isinstance(reading, NotRead)
    else:
        assert reading == expected


def test_an_unclear_date_shows_one_that_would_be_read() -> None:
    reading = read(DATE, "long ago")
    assert reading == NotRead(UNCLEAR_DATE, {"example": "23/11/2026"})
    assert read(DATE, "23/11/2026") == Read("2026-11-23")


@given(st.dates(date(2000, 1, 1), date(2077, 1, 1)), st.sampled_from([ENGLISH, AMERICAN, SPANISH, HUNGARIAN]))
def test_the_example_is_read_as_one_day(today: date, book: Phrasebook) -> None:
    reading = read_reply(DATE, (), example_date(today, book), book, book.language, today)
    assert isinstance(reading, Read)
    assert timedelta(0) <= today - date.fromisoformat(reading.value) <= timedelta(days=12)


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from([ENGLISH, SPANISH, ARABIC, HUNGARIAN]))
def test_every_day_in_iso_reads_as_itself(day: date, book: Phrasebook) -> None:
    assert read(DATE, day.isoformat(), book=book) == Read(day.isoformat())


@given(DAYS, st.sampled_from("/-. "))
def test_every_day_in_the_order_of_the_language_reads_as_itself(day: date, between: str) -> None:
    text = between.join((str(day.day), str(day.month), str(day.year)))
    assert read(DATE, text, book=SPANISH) == Read(day.isoformat())


@given(st.dates(date(2020, 1, 1), date(2100, 12, 31)), st.integers(1, 31), st.integers(1, 12))
def test_a_day_without_a_year_is_never_guessed_to_be_in_the_future(today: date, day: int, month: int) -> None:
    reading = read_reply(DATE, (), f"{day}/{month}", SPANISH, "es", today)
    assert not isinstance(reading, Read) or date.fromisoformat(reading.value) <= today
