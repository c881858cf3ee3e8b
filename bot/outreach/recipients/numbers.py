"""Phone numbers as spreadsheets have them: what Excel made of them, in any digits, national or not.

What numbers there are is from libphonenumber (https://github.com/google/libphonenumber).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    timezone,
)
from phonenumbers.phonenumberutil import is_number_type_geographical
from phonenumbers.tzdata import TIMEZONE_DATA

from bot.channels import Address
from bot.core.folding import digits

MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
LEAST_DIGITS = 7

# The signs by which a text cell, a link or Twilio begins a number.
_BEFORE = re.compile(r"^(?:'|=?\"|(?:tel|sms|whatsapp):)+|\"$", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u00ad\u30fc]")
_NUMBER = re.compile(r"\+*[0-9 ()\-./]+")
_BETWEEN = re.compile(r"[/,;\n|&]| or ")
_SHORTENED = re.compile(r"\+?([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_FLOAT = re.compile(r"(\+?[0-9]{6,})[.,]0{1,2}")
# A sheet shows 2.54712E+11 for 254712345678, which read again ends in six noughts, as one number of a million does.
_ROUNDED = re.compile(r"[1-9][0-9]{4,}0{6}")


class Reading(StrEnum):
    """How a number came to its country."""

    WRITTEN = "written"
    FOREIGN = "foreign"
    """It has no +, and is none of the country that is said: the + was lost."""
    EITHER = "either"
    """It has no +, and is one of the country that is said; with a + it would be a mobile number of another."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that takes messages: E.164, its country (ISO 3166), the IANA zones that its phone may be in."""

    address: Address
    country: str
    zones: tuple[str, ...]
    reading: Reading = Reading.WRITTEN


def read_number(written: str, country: str | None) -> Number | str:
    """Return the number of a cell, or the code of what is wrong with it.

    Without + or 00 it is one of `country`; what is none of that country's can have lost its + alone. Where both are
    possible, a number that lost its first 0 is unclear. Of one that has no 0 to lose, the other numbers of a list tell.
    """
    text = _plain(written)
    if not text:
        return "recipient-no-number"
    if (whole := _unshortened(text)) is None:
        return "recipient-rounded"
    text = whole
    if sum(sum(map(str.isdigit, part)) >= LEAST_DIGITS for part in _BETWEEN.split(text)) > 1:
        return "recipient-several-numbers"
    if not _NUMBER.fullmatch(text):
        return "recipient-not-a-number"
    found = _found(text, country)
    if isinstance(found, str):
        return found
    (number, kind), reading = found
    return _taken(number, kind, reading)


def _plain(written: str) -> str:
    """Return a cell in ASCII digits, without what spreadsheets put around a number."""
    text = _BEFORE.sub("", digits(written).strip())
    return text if text.isascii() else _DASHES.sub("-", text.replace("\N{NO-BREAK SPACE}", " "))


def _unshortened(text: str) -> str | None:
    """Return what 1.2025550143E+10 stands for; None where 1.20256E+10 has lost digits, or 12025600000 had before."""
    if found := _SHORTENED.fullmatch(text):
        first, rest, power = found[1], found[2] or "", int(found[3])
        if len(rest) != power:
            return None
        text = first + rest
    elif found := _FLOAT.fullmatch(text):
        text = found[1]
    return None if _ROUNDED.fullmatch(text) else text


_Known = tuple[PhoneNumber, int]
"""A number that is given out, and its type."""


def _found(text: str, country: str | None) -> tuple[_Known, Reading] | str:
    if text.startswith("+"):
        whole = _known("+" + text.lstrip("+"), None)
        return (whole, Reading.WRITTEN) if whole else "recipient-invalid"
    if country is not None and (national := _known(text, country)) is not None:
        if not _may_be_foreign(text, national):
            return national, Reading.WRITTEN
        return "recipient-unclear" if _has_lost_zero(national) else (national, Reading.EITHER)
    bare = "".join(filter(str.isdigit, text))
    is_abroad = bare.startswith("00")
    if country is None and not is_abroad:
        return "recipient-no-country"
    abroad = _known(f"+{bare.removeprefix('00')}", None) if is_abroad or not bare.startswith("0") else None
    if abroad is None:
        return "recipient-invalid"
    return abroad, Reading.WRITTEN if is_abroad else Reading.FOREIGN


def _known(text: str, country: str | None) -> _Known | None:
    if country is None and (whole := _whole(text)) is not None:
        return whole
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    return None if kind == PhoneNumberType.UNKNOWN else (number, kind)


def _whole(text: str) -> _Known | None:
    """Return a number that is given out, and is written as E.164: what `phonenumbers.parse` says, a good deal sooner.

    None where it has to be looked at: with a prefix that is dialled within the country, or as no number at all.
    """
    if not _E164.fullmatch(text):
        return None
    code = next((text[1:end] for end in (2, 3, 4) if int(text[1:end]) in COUNTRY_CODE_TO_REGION_CODE), "")
    rest = text[1 + len(code) :]
    if not code or rest.startswith("0"):
        return None
    prefix = _prefix(int(code))
    if prefix is None or prefix.match(rest):
        return None
    number = PhoneNumber(country_code=int(code), national_number=int(rest))
    kind = phonenumbers.number_type(number)
    return None if kind == PhoneNumberType.UNKNOWN else (number, kind)


@lru_cache(maxsize=1_000)
def _prefix(code: int) -> re.Pattern[str] | None:
    """Return what may be dialled before a number within a country; None where the country is not one of numbers."""
    region = phonenumbers.region_code_for_country_code(code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        return None
    return re.compile(metadata.national_prefix_for_parsing or "(?!)")


def _may_be_foreign(text: str, national: _Known) -> bool:
    """Return whether a number is, with a + before it, another mobile number.

    Eleven digits from 1512 on are a phone in Germany, and one in Texas: a sheet of numbers keeps neither 0 nor +.
    """
    bare = "".join(filter(str.isdigit, text))
    if bare.startswith("0") or bare != str(national[0].national_number):
        return False
    foreign = _known(f"+{bare}", None)
    return foreign is not None and foreign[1] in MOBILE


def _has_lost_zero(national: _Known) -> bool:
    """Return whether a number is written with a 0 within its country."""
    written = phonenumbers.format_number(national[0], PhoneNumberFormat.NATIONAL)
    return next(filter(str.isdigit, written), "") == "0"


def _taken(number: PhoneNumber, kind: int, reading: Reading) -> Number | str:
    if kind not in MOBILE:
        return "recipient-landline" if kind == PhoneNumberType.FIXED_LINE else "recipient-special"
    country = phonenumbers.region_code_for_number(number)
    if country is None or not country.isalpha():
        return "recipient-special"
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Number(Address(e164), country, _zones(number, kind, country), reading)


def _zones(number: PhoneNumber, kind: int, country: str) -> tuple[str, ...]:
    code = number.country_code or 0
    if is_number_type_geographical(kind, code):
        return zones_within(timezone.time_zones_for_geographical_number(number), country)
    return _zones_of_country(code, country)


@lru_cache(maxsize=1_000)
def _zones_of_country(code: int, country: str) -> tuple[str, ...]:
    """Return the zones of a country whose mobile numbers do not tell of a place."""
    known = TIMEZONE_DATA.get(str(code), ())
    return zones_within(tuple(known), country)


@lru_cache(maxsize=10_000)
def zones_within(candidates: tuple[str, ...], country: str) -> tuple[str, ...]:
    """Return those of several zones that are in a country, in the order of their names; all where none is known to be.

    The lists of libphonenumber are by country code: that of +7 has Kazakhstan's zones for a Russian number.
    """
    # Not at the top: a process that reads no list can do without.
    from babel.core import get_global  # noqa: PLC0415

    territories, aliases = get_global("zone_territories"), get_global("zone_aliases")
    within = [one for one in candidates if territories.get(aliases.get(one, one)) == country]
    known = (one for one in within or candidates if one != timezone.UNKNOWN_TIMEZONE)
    return tuple(sorted(set(known)))
