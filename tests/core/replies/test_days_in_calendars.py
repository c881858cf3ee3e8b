"""Tables: replies to a date that is asked in another calendar than the Gregorian."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.calendars import Calendar
from bot.core.phrases import ENGLISH, UNCLEAR_DATE, Phrasebook
from bot.core.questionnaire import ItemType
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import ARABIC, SPANISH
from tests.support.replies import item, read

IRANIAN = replace(SPANISH, language="fa", date_order="ymd")


def asked(calendar: Calendar, text: str, book: Phrasebook = SPANISH) -> Read | Ambiguous | NotRead:
    return read(replace(item(ItemType.DATE), calendar=calendar), text, book=book)


@pytest.mark.parametrize(
    ("calendar", "text", "day"),
    [
        (Calendar.ETHIOPIAN, "26/6/2018", "2026-03-05"),
        (Calendar.ETHIOPIAN, "26-6-18", "2026-03-05"),
        (Calendar.ETHIOPIAN, "2018-06-26", "2026-03-05"),
        (Calendar.ETHIOPIAN, "20180626", "2026-03-05"),
        (Calendar.ETHIOPIAN, "26 Yekatit 2018", "2026-03-05"),
        (Calendar.ETHIOPIAN, "yekatit 26, 2018", "2026-03-05"),
        (Calendar.ETHIOPIAN, "፳፮/፮/፳፻፲፰", "2026-03-05"),
        (Calendar.ETHIOPIAN, "1/13/2018", "2026-09-06"),
        (Calendar.ETHIOPIAN, "12/3", "2026-11-21"),
        (Calendar.ETHIOPIAN, "5 marzo 2026", "2026-03-05"),
        (Calendar.ETHIOPIAN, "5 March 2026", "2026-03-05"),
        (Calendar.ETHIOPIAN, "ayer", "2026-11-22"),
        (Calendar.ETHIOPIAN, "1 Meskerem 2020", "2027-09-12"),
        (Calendar.HIJRI, "16/9/1447", "2026-03-05"),
        (Calendar.HIJRI, "16 Ramadan 1447", "2026-03-05"),
        (Calendar.HIJRI, "١٦/٩/١٤٤٧", "2026-03-05"),
        (Calendar.HIJRI, "16/9/47", "2026-03-05"),
        (Calendar.SOLAR_HIJRI, "14/12/1404", "2026-03-05"),
        (Calendar.SOLAR_HIJRI, "14 Esfand 1404", "2026-03-05"),
        (Calendar.SOLAR_HIJRI, "۱۴/۱۲/۱۴۰۴", "2026-03-05"),
        (Calendar.SOLAR_HIJRI, "30/12/1403", "2025-03-20"),
    ],
)
def test_a_day(calendar: Calendar, text: str, day: str) -> None:
    assert asked(calendar, text) == Read(day)


def test_the_order_is_that_of_the_language() -> None:
    assert asked(Calendar.SOLAR_HIJRI, "۱۴۰۴/۱۲/۱۴", IRANIAN) == Read("2026-03-05")
    assert asked(Calendar.SOLAR_HIJRI, "۰۴/۱۲/۱۴", IRANIAN) == Read("2026-03-05")


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        (Calendar.ETHIOPIAN, "31/6/2018"),
        (Calendar.ETHIOPIAN, "7/13/2018"),
        (Calendar.ETHIOPIAN, "6/13/2018"),
        (Calendar.ETHIOPIAN, "7 Pagume 2015"),
        (Calendar.ETHIOPIAN, "1/14/2018"),
        (Calendar.ETHIOPIAN, "26 Ramadan 1447"),
        (Calendar.HIJRI, "30/9/1446"),
        (Calendar.HIJRI, "31 Ramadan 1447"),
        (Calendar.HIJRI, "1/1/1340"),
        (Calendar.SOLAR_HIJRI, "31/7/1404"),
        (Calendar.SOLAR_HIJRI, "30/12/1404"),
        (Calendar.SOLAR_HIJRI, "31 Mehr 1404"),
    ],
)
def test_no_such_day_is_asked_again(calendar: Calendar, text: str) -> None:
    reading = asked(calendar, text)
    assert isinstance(reading, NotRead)
    assert reading.phrase == UNCLEAR_DATE


@pytest.mark.parametrize(
    ("calendar", "example"),
    [
        (Calendar.ETHIOPIAN, "14 Hidar 2019"),
        (Calendar.HIJRI, "13 Jumada al-Thania 1448"),
        (Calendar.SOLAR_HIJRI, "2 Azar 1405"),
    ],
)
def test_the_example_is_in_the_calendar_and_is_read(calendar: Calendar, example: str) -> None:
    assert asked(calendar, "long ago", ENGLISH) == NotRead(UNCLEAR_DATE, {"example": example})
    assert asked(calendar, example, ENGLISH) == Read("2026-11-23")


def test_a_year_that_is_to_come_in_the_calendar_and_has_been_in_the_gregorian_is_asked() -> None:
    assert asked(Calendar.ETHIOPIAN, "5/3/2026") == Ambiguous("5 Hidar 2026", "26 Yekatit 2018")
    assert asked(Calendar.ETHIOPIAN, "26 Yekatit 2018") == Read("2026-03-05")
    assert asked(Calendar.ETHIOPIAN, "6 Pagume") == Ambiguous("6 Pagume 2015", "6 Pagume 2019")
    assert asked(Calendar.ETHIOPIAN, "5 Hidar 2026") == Read("2033-11-14")


def test_the_day_comes_first_in_english_too() -> None:
    assert asked(Calendar.ETHIOPIAN, "3/4/2018", ENGLISH) == Read("2025-12-12")
    assert isinstance(asked(Calendar.ETHIOPIAN, "7/13/2015", ENGLISH), NotRead)


def test_months_of_other_calendars_mean_nothing_where_none_is_asked() -> None:
    assert isinstance(asked(Calendar.GREGORIAN, "26 Yekatit 2018", ARABIC), NotRead)


def test_a_day_before_1900_is_asked_again() -> None:
    assert isinstance(asked(Calendar.ETHIOPIAN, "23/6/1888"), NotRead)
    assert date(1900, 1, 1) <= date.fromisoformat(str(asked(Calendar.ETHIOPIAN, "23/4/1892").value))  # type: ignore[union-attr]
