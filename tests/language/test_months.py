"""The months of other calendars in the languages that are shipped."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.calendars import LATIN_MONTHS, Calendar
from bot.core.folding import fold
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Item, ItemType
from bot.core.replies import Read, read_reply
from bot.core.saying import example_date, said_date
from bot.core.segments import Encoding, count_segments
from bot.language.catalogues import load_phrasebook
from bot.language.months import months_of

LOCALES = Path(__file__).parents[2] / "locales"
LANGUAGES = ("en", *sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po")))
OTHERS = tuple(LATIN_MONTHS)
WRITTEN = date(2026, 11, 23)


@pytest.fixture(params=LANGUAGES)
def phrasebook(request: pytest.FixtureRequest) -> Phrasebook:
    return load_phrasebook(LOCALES, request.param)


@pytest.mark.parametrize("calendar", Calendar)
def test_a_day_that_is_shown_is_read_as_that_day(phrasebook: Phrasebook, calendar: Calendar) -> None:
    item = Item("q", ItemType.DATE, calendar=calendar)
    for days in range(0, 760, 23):
        day = (WRITTEN - timedelta(days=days)).isoformat()
        said = said_date(day, phrasebook, calendar)
        assert read_reply(item, (), said, phrasebook, phrasebook.language, WRITTEN) == Read(day), said


@pytest.mark.parametrize("calendar", Calendar)
def test_the_example_is_read(phrasebook: Phrasebook, calendar: Calendar) -> None:
    item = Item("q", ItemType.DATE, calendar=calendar)
    said = example_date(WRITTEN, phrasebook, calendar)
    assert read_reply(item, (), said, phrasebook, phrasebook.language, WRITTEN) == Read("2026-11-23"), said


@pytest.mark.parametrize("language", [*LANGUAGES, "ti", "om", "fa", "fa-AF", "ps", "id"])
@pytest.mark.parametrize("calendar", OTHERS)
def test_every_month_has_one_name_in_each_language(calendar: Calendar, language: str) -> None:
    months = months_of(calendar, language)
    assert [months.meanings[fold(name)] for name in months.shown] == list(
        range(1, len(LATIN_MONTHS[calendar].shown) + 1)
    )


@pytest.mark.parametrize("calendar", OTHERS)
def test_names_in_latin_letters_cost_no_more_by_sms(calendar: Calendar) -> None:
    names = " ".join(
        LATIN_MONTHS[calendar].shown + months_of(calendar, "fr").shown + months_of(calendar, "sw").shown
    )
    assert count_segments(names).encoding is Encoding.GSM_7


@pytest.mark.parametrize(
    ("calendar", "language", "text"),
    [
        (Calendar.ETHIOPIAN, "am", "26 የካቲት 2018"),
        (Calendar.ETHIOPIAN, "am", "የካቲት ፳፮ ቀን ፳፻፲፰ ዓ.ም."),
        (Calendar.ETHIOPIAN, "am", "26 Yekatit 2018"),
        (Calendar.ETHIOPIAN, "am", "yekatit 26 2018"),
        (Calendar.ETHIOPIAN, "am", "26/6/2018"),
        (Calendar.ETHIOPIAN, "so", "26 Yakatit 2018"),
        (Calendar.HIJRI, "ar", "١٦ رمضان ١٤٤٧"),
        (Calendar.HIJRI, "ar", "16 ramadan 1447"),
        (Calendar.HIJRI, "ar", "١٦/٩/١٤٤٧ هـ"),
        (Calendar.HIJRI, "ur", "16 رمضان المبارک 1447"),
        (Calendar.HIJRI, "ur", "16 Ramzan 1447"),
        (Calendar.HIJRI, "bn", "১৬ রমজান ১৪৪৭"),
        (Calendar.HIJRI, "ha", "16 ga Ramadan 1447"),
        (Calendar.SOLAR_HIJRI, "ur", "۱۴ اسفند ۱۴۰۴"),
        (Calendar.SOLAR_HIJRI, "ar", "14 hut 1404"),
    ],
)
def test_ways_to_mean_the_fifth_of_march(calendar: Calendar, language: str, text: str) -> None:
    item = Item("q", ItemType.DATE, calendar=calendar)
    book = load_phrasebook(LOCALES, language)
    assert read_reply(item, (), text, book, language, WRITTEN) == Read("2026-03-05")


@pytest.mark.parametrize(
    ("calendar", "language", "shown"),
    [
        (Calendar.ETHIOPIAN, "am", "26 የካቲት 2018"),
        (Calendar.ETHIOPIAN, "en", "26 Yekatit 2018"),
        (Calendar.ETHIOPIAN, "fr", "26 Yekatit 2018"),
        (Calendar.HIJRI, "ar", "16 رمضان 1447"),
        (Calendar.HIJRI, "ur", "16 رمضان، 1447"),
        (Calendar.HIJRI, "bn", "১৬ রমজান, ১৪৪৭"),
        (Calendar.SOLAR_HIJRI, "ru", "14 эсфанд 1404 г."),
    ],
)
def test_a_day_as_it_is_shown(calendar: Calendar, language: str, shown: str) -> None:
    book = ENGLISH if language == "en" else load_phrasebook(LOCALES, language)
    assert said_date("2026-03-05", book, calendar) == shown
