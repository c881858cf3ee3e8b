"""The days of other calendars, against what is known of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendars import LATIN_MONTHS, MONTHS, Calendar, gregorian, in_calendar

KNOWN = [
    # Enkutatash, the Ethiopian new year, is on 11 September, and on the 12th before a Gregorian leap year.
    (Calendar.ETHIOPIAN, (2000, 1, 1), "2007-09-12"),
    (Calendar.ETHIOPIAN, (2019, 1, 1), "2026-09-11"),
    (Calendar.ETHIOPIAN, (2015, 13, 6), "2023-09-11"),
    (Calendar.ETHIOPIAN, (1983, 9, 20), "1991-05-28"),  # Ginbot 20, a day of history
    (Calendar.ETHIOPIAN, (1888, 6, 23), "1896-03-01"),  # the battle of Adwa: Yekatit 23
    # Umm al-Qura as announced: the first of Ramadan, and the days of Arafah and of the feast.
    (Calendar.HIJRI, (1445, 9, 1), "2024-03-11"),
    (Calendar.HIJRI, (1446, 9, 1), "2025-03-01"),
    (Calendar.HIJRI, (1446, 12, 9), "2025-06-05"),
    (Calendar.HIJRI, (1447, 1, 1), "2025-06-26"),
    (Calendar.HIJRI, (1420, 1, 1), "1999-04-17"),
    # Nowruz is on 20 or 21 March; 22 Bahman 1357 is a day of history.
    (Calendar.SOLAR_HIJRI, (1403, 1, 1), "2024-03-20"),
    (Calendar.SOLAR_HIJRI, (1404, 1, 1), "2025-03-21"),
    (Calendar.SOLAR_HIJRI, (1403, 12, 30), "2025-03-20"),
    (Calendar.SOLAR_HIJRI, (1357, 11, 22), "1979-02-11"),
    (Calendar.SOLAR_HIJRI, (1300, 1, 1), "1921-03-21"),
]


@pytest.mark.parametrize(("calendar", "parts", "day"), KNOWN)
def test_known_days(calendar: Calendar, parts: tuple[int, int, int], day: str) -> None:
    assert gregorian(calendar, *parts) == date.fromisoformat(day)
    assert in_calendar(calendar, date.fromisoformat(day)) == parts


LEAP_YEARS = (
    *(1280, 1284, 1288, 1292, 1296, 1300, 1304, 1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346),
    *(1350, 1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416),
    *(1420, 1424, 1428, 1432, 1436, 1441, 1445, 1449, 1453, 1457, 1461, 1465, 1469, 1474, 1478),
)
"""Those of Solar Hijri from 1279 to 1479, as ICU 78 has them."""


def test_leap_years_of_solar_hijri() -> None:
    found = [year for year in range(1279, 1480) if gregorian(Calendar.SOLAR_HIJRI, year, 12, 30)]
    assert tuple(found) == LEAP_YEARS


@pytest.mark.parametrize(
    ("calendar", "parts"),
    [
        (Calendar.GREGORIAN, (2025, 2, 29)),
        (Calendar.ETHIOPIAN, (2018, 1, 31)),
        (Calendar.ETHIOPIAN, (2018, 13, 6)),
        (Calendar.ETHIOPIAN, (2015, 13, 7)),
        (Calendar.ETHIOPIAN, (2018, 14, 1)),
        (Calendar.HIJRI, (1446, 9, 30)),
        (Calendar.HIJRI, (1447, 13, 1)),
        (Calendar.HIJRI, (1342, 1, 1)),
        (Calendar.HIJRI, (2026, 1, 1)),
        (Calendar.SOLAR_HIJRI, (1404, 7, 31)),
        (Calendar.SOLAR_HIJRI, (1404, 12, 30)),
        (Calendar.SOLAR_HIJRI, (1404, 0, 1)),
        (Calendar.SOLAR_HIJRI, (9999, 1, 1)),
        (Calendar.SOLAR_HIJRI, (0, 1, 1)),
    ],
)
def test_there_is_no_such_day(calendar: Calendar, parts: tuple[int, int, int]) -> None:
    assert gregorian(calendar, *parts) is None


@given(st.dates(date(1924, 8, 1), date(2077, 11, 15)), st.sampled_from(Calendar))
def test_every_day_has_a_date_and_follows_the_one_before(day: date, calendar: Calendar) -> None:
    parts, next_day = in_calendar(calendar, day), in_calendar(calendar, day + timedelta(days=1))
    assert parts is not None
    assert gregorian(calendar, *parts) == day
    year, month, day_of_month = parts
    follows = (year, month, day_of_month + 1), (year, month + 1, 1), (year + 1, 1, 1)
    assert next_day in follows


@pytest.mark.parametrize("day", ["1924-07-31", "2077-11-17", "0001-01-01"])
def test_what_the_tables_of_hijri_lack_is_none(day: str) -> None:
    assert in_calendar(Calendar.HIJRI, date.fromisoformat(day)) is None


def test_before_the_first_year_there_is_no_date() -> None:
    assert in_calendar(Calendar.SOLAR_HIJRI, date(600, 1, 1)) is None
    assert in_calendar(Calendar.ETHIOPIAN, date(1, 1, 1)) is None


def test_every_month_has_a_name() -> None:
    assert {calendar: len(names.shown) for calendar, names in LATIN_MONTHS.items()} == {
        calendar: count for calendar, count in MONTHS.items() if calendar is not Calendar.GREGORIAN
    }
