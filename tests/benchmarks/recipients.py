"""How long a list of recipients takes to be checked and stored, and whether a longer one takes more memory.

Each import is a process of its own, as `heard recipients import` is, and begins one a core to read with. What all of
them take of the cores is held against the limit: another process on the machine takes nothing of that, and on two
cores nobody waits for as long.
"""

import csv
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberType

from tests.benchmarks.exports import TOWN, run_to_end
from tests.benchmarks.figures import Figure
from tests.support.databases import postgresql
from tests.support.intake import PEPPER, SEALING_KEY

LIMIT_SECONDS = 120.0
"""For a million people."""
MOST_MORE = 0.25
"""Share by which memory may grow when there are ten times as many people."""
COUNTRIES = ("KE", "NG", "IN", "UG", "TZ")
HEADING = ("Phone", "Language", "District", "Age group", "Gender", "Consent source", "Consent date")


@dataclass(frozen=True, slots=True)
class _Taken:
    wall: float
    worked: float
    megabytes: float


def measure(folder: Path, people: int = 100_000) -> list[Figure]:
    few, many = folder / "few.csv", folder / "many.csv"
    _write(few, people // 10)
    _write(many, people)
    limit = LIMIT_SECONDS * people / 1_000_000
    small = _import(f"sqlite:///{folder}/few.db", few)
    url = f"sqlite:///{folder}/many.db"
    figures = list(_told("SQLite", people, _import(url, many), small, limit))
    again = _import(url, many)
    figures.append(Figure("SQLite: the same list again, which changes nothing", f"{again.wall:.1f} s"))
    with postgresql(durable=True) as server:
        figures += _told("PostgreSQL", people, _import(server.address, many), small, limit)
    return figures


def _told(store: str, people: int, taken: _Taken, small: _Taken, limit: float) -> Iterator[Figure]:
    yield Figure(
        f"{store}: {people:,} people checked and stored, a million's share",
        f"{taken.worked:.1f} s of processor time, in {taken.wall:.1f} s",
        f"{limit:.0f} s",
        taken.worked <= limit,
    )
    grown = taken.megabytes / small.megabytes - 1
    yield Figure(
        f"{store}: memory at its most, beside that for a tenth of them on SQLite",
        f"{taken.megabytes:.0f} MB ({grown:+.0%})",
        f"+{MOST_MORE:.0%}",
        grown <= MOST_MORE,
    )


def _write(file: Path, people: int) -> None:
    """Write a list of different people, in numbers that libphonenumber takes for mobile ones of five countries."""
    groups = cycle([("woman", "18-24"), ("man", "25-39"), ("woman", "40+")])
    with file.open("w", encoding="utf-8", newline="") as written:
        rows = csv.writer(written)
        rows.writerow(HEADING)
        for place, (number, (gender, age)) in enumerate(
            zip(islice(_numbers(), people), groups, strict=False)
        ):
            day = f"2026-01-{place % 28 + 1:02d}"
            rows.writerow((number, "en", f"District {place % 47}", age, gender, "Ward meeting", day))


def _numbers() -> Iterator[str]:
    beginnings = []
    for country in COUNTRIES:
        example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
        assert example is not None
        national = str(example.national_number)
        beginnings.append((f"+{example.country_code}{national[:-6]}", 10**6))
    for place in range(10**6):
        for beginning, most in beginnings:
            yield f"{beginning}{place * 7_919 % most:06d}"


def _import(url: str, file: Path) -> _Taken:
    settings = {
        **{"PATH": os.environ["PATH"], "DATABASE_URL": url, "HEARD_LOCALES": str(TOWN / "locales")},
        **{"HEARD_FLOWS": str(TOWN), "HEARD_SEALING_KEYS": SEALING_KEY, "HEARD_ADDRESS_PEPPER": PEPPER},
    }
    run_to_end(settings, "migrate")
    began = time.perf_counter()
    taken = run_to_end(settings, "recipients", "import", "neighbourhood", str(file))
    return _Taken(time.perf_counter() - began, taken.seconds, taken.megabytes)
