"""What the Unicode CLDR knows of a language: its own name, its direction, its dates."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_date_format, get_day_names, get_month_names
from babel.languages import get_territory_language_info

from bot.core.calendars import LATIN_MONTHS, Calendar, MonthNames
from bot.core.folding import fold
from bot.core.phrases import ENGLISH_MONTHS, ENGLISH_WEEKDAYS, PLAIN_DIGITS
from bot.language.months import months_of


@dataclass(frozen=True, slots=True)
class Conventions:
    """The name, direction and dates of a language; the fields of `Phrasebook` say what each means."""

    autonym: str
    right_to_left: bool
    date_order: str
    months: Mapping[str, int]
    names: tuple[str, ...] = ()
    dated: str = "{day} {month} {year}"
    month_names: tuple[str, ...] = ENGLISH_MONTHS
    weekdays: tuple[str, ...] = ENGLISH_WEEKDAYS
    weekday_names: Mapping[str, int] = field(default_factory=lambda: _weekday_names(Locale("en")))
    lists: tuple[str, str, str, str] = ("{0} and {1}", "{0}, {1}", "{0}, {1}", "{0} and {1}")
    calendars: Mapping[Calendar, MonthNames] = field(default_factory=lambda: LATIN_MONTHS)
    digits: str = PLAIN_DIGITS


def conventions(language: str) -> Conventions | None:
    """Return what CLDR knows of a language (BCP 47), or None where it does not have it."""
    locale = locale_of(language)
    if locale is None:
        return None
    return Conventions(
        autonym=_standing_alone(_own_name(language, locale)),
        right_to_left=locale.character_order == "right-to-left",
        date_order=_date_order(locale, names_country="-" in language),
        months=_months(locale),
        names=_names(language, locale),
        dated=_dated(locale, names_country="-" in language),
        month_names=_month_names(locale),
        weekdays=_weekdays(locale),
        weekday_names=_weekday_names(locale),
        lists=_lists(locale),
        calendars={calendar: months_of(calendar, language) for calendar in LATIN_MONTHS},
        digits=_digits(locale),
    )


def languages_of(country: str) -> tuple[str, ...]:
    """Return the languages of a country (ISO 3166, two letters), those of most people first; none of an unknown one.

    From CLDR's `supplementalData`, territoryInfo.
    """
    spoken = get_territory_language_info(country)
    shares = {language: float(about["population_percent"] or 0) for language, about in spoken.items()}
    return tuple(sorted(shares, key=lambda language: (-shares[language], language)))


def countries_of(language: str) -> tuple[str, ...]:
    """Return the countries (ISO 3166) in which a language (BCP 47) is official or one in five people speaks it, sorted.

    The country that a code names (`pt-BR`) is the only one. From CLDR's `supplementalData`, territoryInfo.
    """
    own = [part for part in language.split("-")[1:] if COUNTRY.fullmatch(part)]
    return tuple(own) or tuple(
        sorted(
            country
            for country, spoken in get_global("territory_languages").items()
            if COUNTRY.fullmatch(country)
            and (about := spoken.get(language))
            and (
                "official" in (about["official_status"] or "")
                or float(about["population_percent"] or 0) >= 20
            )
        )
    )


COUNTRY = re.compile("[A-Z]{2}")


def conventions_without_cldr(autonym: str, sentences: Iterable[str]) -> Conventions:
    """Return what can be said of a language that CLDR lacks, from its catalogue.

    The direction is that of the first letter of its sentences; dates are day first, with English month names.
    """
    letters = (unicodedata.bidirectional(character) for text in sentences for character in text)
    strong = next((kind for kind in letters if kind in ("L", "R", "AL")), "L")
    return Conventions(autonym, strong != "L", "dmy", _months(Locale("en")))


_FIELD = re.compile(r"'([^']*)'|(d+)|(M+)|(y+)")


def _dated(locale: Locale, *, names_country: bool) -> str:
    """Return how a date is said, from CLDR's long pattern: `d 'de' MMMM 'de' y` -> `{day} de {month} de {year}`.

    Month first is believed of a country alone, as in `_date_order`.
    """
    pattern = get_date_format("long", locale=locale).pattern
    if pattern.startswith("M") and not names_country:
        return "{day} {month} {year}"

    def named(field: re.Match[str]) -> str:
        quoted, day, month, _ = field.groups()
        return quoted if quoted is not None else "{day}" if day else "{month}" if month else "{year}"

    # A blank of another width would be a letter that SMS has not.
    return _FIELD.sub(named, pattern).replace("\u202f", " ").replace("\xa0", " ")


def _month_names(locale: Locale) -> tuple[str, ...]:
    names = get_month_names("wide", context="format", locale=locale)
    return tuple(names[month] for month in range(1, 13))


def _weekdays(locale: Locale) -> tuple[str, ...]:
    names = get_day_names("wide", context="format", locale=locale)
    return tuple(names[day] for day in range(7))


def _weekday_names(locale: Locale) -> Mapping[str, int]:
    """Return the weekdays by folded name, long and short, the English ones too; one that means two is left out."""
    found: dict[str, set[int]] = {}
    for source in (locale, Locale("en")):
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, context="format", locale=source).items():
                found.setdefault(fold(name), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _lists(locale: Locale) -> tuple[str, str, str, str]:
    patterns = locale.list_patterns["standard"]
    two, start, middle, end = (patterns[part] for part in ("2", "start", "middle", "end"))
    # CLDR 47 forgets a blank there, and the word in the longer list.
    return (
        (two, start, middle, end)
        if locale.language != "yo"
        else ("{0} àti {1}", start, middle, "{0} àti {1}")
    )


_ZEROS = {
    **{"adlm": 0x1E950, "arab": 0x0660, "arabext": 0x06F0, "beng": 0x09E6, "cakm": 0x11136, "deva": 0x0966},
    **{"hmnp": 0x1E140, "latn": 0x0030, "mtei": 0xABF0, "mymr": 0x1040, "nkoo": 0x07C0, "olck": 0x1C50},
    **{"tibt": 0x0F20},
}
"""CLDR's numbering systems that are the default of some language, each with its 0, which 1 to 9 follow in Unicode."""


def _digits(locale: Locale) -> str:
    """Return the digits of CLDR's default: Bengali in Bengali, Latin in Arabic but for countries like Egypt."""
    zero = _ZEROS[locale.default_numbering_system]
    return "".join(map(chr, range(zero, zero + 10)))


_NAMING = (
    *("en", "es", "fr", "pt", "ar", "sw", "so", "ha", "am"),
    *("hi", "bn", "ur", "yo", "zu", "fil", "vi", "uk", "ru"),
)
"""The languages in whose names for other languages people ask for one."""

_ALSO_WRITTEN = {
    **{"am": ("amarigna", "amarinya"), "ar": ("arabi", "arabiyya"), "bn": ("bangla",), "hi": ("hindee",)},
    **{
        "ru": ("russki", "russkiy"),
        "uk": ("ukrainska", "ukrayinska"),
        "tl": ("tagalog", "filipino", "pilipino"),
        "so": ("af soomaali", "afsoomaali"),
        "om": ("afaan oromo", "afan oromo"),
    },
}
"""Names as people write them, most in Latin letters for want of another keyboard; CLDR has none."""


def _names(language: str, locale: Locale) -> tuple[str, ...]:
    code = locale.language
    known = [naming.languages.get(code) for naming in (locale, *map(Locale.parse, _NAMING))]
    named = (*(name for name in known if name), *_ALSO_WRITTEN.get(language.partition("-")[0], ()))
    return tuple(dict.fromkeys(named))


def locale_of(language: str) -> Locale | None:
    """Return what Babel has of a language (BCP 47), or None where CLDR does not have it."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _own_name(language: str, locale: Locale) -> str:
    """Return a language's name in itself, with the country where one is asked for; CLDR has one for `tl`."""
    named = locale.get_display_name(locale) if "-" in language else locale.get_language_name(locale)
    return named or language


def _standing_alone(name: str) -> str:
    """Return a language's name as a menu shows it: `español` -> `Español`, but `isiZulu` as it is."""
    return name[0].upper() + name[1:] if name.split(maxsplit=1)[0].islower() else name


def _date_order(locale: Locale, *, names_country: bool) -> str:
    """Return `dmy` for the CLDR pattern `dd/MM/y` (Unicode TS 35, date field symbols).

    Month first is believed only of a country (`en-US`): CLDR has it for English because of the United States,
    and for Zulu, Akan and others for want of data, where people write the day first.
    """
    pattern = get_date_format("short", locale=locale).pattern
    fields = dict.fromkeys(symbol for symbol in pattern if symbol in "dMLyu")
    order = "".join("m" if symbol in "ML" else "y" if symbol in "yu" else "d" for symbol in fields)
    if order == "mdy" and not names_country:
        return "dmy"
    return order if order in ("dmy", "mdy", "ymd") else "ymd"


_MONTHS_ALSO_OF = {
    # "Sep" is American and "Sept" British; people who write English send either.
    "en": ("en_GB",),
    # March is مارس in Egypt, آذار in Syria; August is أغسطس, آب, أوت in Algeria and غشت in Morocco.
    "ar": ("ar_SY", "ar_DZ", "ar_MA", "ar_MR"),
}


def _months(locale: Locale) -> Mapping[str, int]:
    """Return the months by folded name, long and short; a name that means two months is left out.

    Only CLDR's names within a date are read: Babel 2.18 hands out another language's stand-alone names where
    a language has none of its own (Wolof's for Kinyarwanda).
    """
    sources = [locale, *(Locale.parse(other) for other in _MONTHS_ALSO_OF.get(locale.language, ()))]
    found: dict[str, set[int]] = {}
    for source in sources:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, context="format", locale=source).items():
                found.setdefault(fold(name), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}
