"""Simulated people: where they are, what they speak, and what they do when a message comes.

Their numbers are ones that libphonenumber takes for mobile numbers. No country here keeps such numbers for fiction, so
they are made at run time and stand in no file of the repository.
"""

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.outreach.recipients.numbers import Number, read_number

REGIONS = ("north", "south", "east", "west")
GENDERS = ("woman", "man")


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the campaign: its language, and our short code there."""

    code: str
    language: str
    sender: str
    areas: tuple[str, ...] = ()
    """Area codes of different time zones, where mobile numbers have them."""


COUNTRIES = (
    Country("KE", "sw", "24680"),
    Country("PH", "en", "24681"),
    # Puebla, Tijuana, Hermosillo, Cancún.
    Country("MX", "es", "24682", ("222", "664", "662", "998")),
    Country("SN", "fr", "24683"),
    Country("EG", "ar", "24684"),
)


class Habit(StrEnum):
    """What somebody does."""

    SILENT = "silent"
    PROMPT = "answers at once"
    SLOW = "answers after hours"
    BREAKS_OFF = "breaks off, and some go on when they are reminded"
    REFUSES = "does not agree"
    STOPS = "sends STOP when something comes"
    STOPS_ANY_TIME = "sends STOP at a moment of their own"
    MISUNDERSTANDS = "writes what is no answer first"
    RETURNS = "sends STOP, and START after days"
    OFF = "has the phone off much of the time"
    GONE = "has a number that no message reaches"


_SHARES: Mapping[Habit, float] = {
    Habit.SILENT: 0.46,
    Habit.PROMPT: 0.12,
    Habit.SLOW: 0.07,
    Habit.BREAKS_OFF: 0.07,
    Habit.REFUSES: 0.03,
    Habit.STOPS: 0.05,
    Habit.STOPS_ANY_TIME: 0.08,
    Habit.MISUNDERSTANDS: 0.03,
    Habit.RETURNS: 0.02,
    Habit.OFF: 0.05,
    Habit.GONE: 0.02,
}


@dataclass(slots=True)
class Person:
    """Somebody. `zone` is where they are; a list says it of some, and of the others their number tells."""

    number: str = field(repr=False)
    country: Country
    zone: ZoneInfo
    is_zone_listed: bool
    region: str
    gender: str
    habit: Habit
    chance: random.Random
    patience: int
    """How many questions they answer before they break off."""
    is_under_way: bool = False
    answered: int = 0
    has_puzzled: bool = False
    is_complete: bool = False
    has_stopped: bool = False


def population(seed: int, size: int) -> Sequence[Person]:
    """Return so many people, the same ones for the same seed."""
    drawn = random.Random(seed)
    numbers = {country.code: _numbers(country, drawn) for country in COUNTRIES}
    habits, weights = list(_SHARES), list(_SHARES.values())
    people = []
    for place in range(size):
        country = COUNTRIES[place % len(COUNTRIES)]
        number, zones = next(numbers[country.code])
        people.append(
            Person(
                number,
                country,
                ZoneInfo(drawn.choice(zones)),
                drawn.random() < 0.3,
                drawn.choice(REGIONS),
                drawn.choice(GENDERS),
                drawn.choices(habits, weights)[0],
                random.Random(drawn.random()),
                drawn.randrange(1, 5),
            )
        )
    return people


def _numbers(country: Country, drawn: random.Random) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield numbers, each with the zones that its phone may be in."""
    example = phonenumbers.example_number_for_type(country.code, PhoneNumberType.MOBILE)
    assert example is not None
    national = str(example.national_number)
    seen: set[str] = set()
    while True:
        area = drawn.choice(country.areas or (national[:3],))
        rest = len(national) - len(area)
        written = f"+{example.country_code}{area}{drawn.randrange(10**rest):0{rest}d}"
        number = read_number(written, None)
        if written not in seen and isinstance(number, Number) and number.country == country.code:
            seen.add(written)
            yield written, number.zones


def write_list(people: Sequence[Person], file: Path) -> None:
    """Write the list that an organiser has of them."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(
            ("phone", "language", "time zone", "region", "gender", "consent source", "consent date")
        )
        for one in people:
            zone = one.zone.key if one.is_zone_listed else ""
            rows.writerow(
                (
                    one.number,
                    one.country.language,
                    zone,
                    one.region,
                    one.gender,
                    "A meeting at the health post",
                    "2025-01-31",
                )
            )
