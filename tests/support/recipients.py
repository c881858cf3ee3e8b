"""Lists of recipients for tests: everybody has one of the hundred numbers in Washington that are for fiction."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.channels import Channel
from bot.core.outreach.hours import Hours
from bot.core.problems import Problem
from bot.outreach.recipients.columns import Columns, read_columns
from bot.outreach.recipients.rows import Reader, Rules
from bot.store.outreach.recipients import Listed
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.intake import NOON, PEPPER, SEALING_KEY, phone

HEADING = ("phone", "language", "time zone", "district", "consent source", "consent date")


def rules(**said: Any) -> Rules:
    """Return what a list in English and Swahili is held to."""
    languages = {"en": "en", "english": "en", "sw": "sw", "kiswahili": "sw"}
    return Rules(
        **{
            "channel": Channel.SMS,
            "languages": languages,
            "hours": Hours(),
            "at": NOON,
            "latest": NOON.date(),
            **said,
        }
    )


def reader(heading: Sequence[str] = HEADING, **said: Any) -> Reader:
    given = [field for field in ("consent source", "consent date") if field not in heading]
    columns = read_columns(heading, {}, [], given)  # type: ignore[arg-type]
    assert isinstance(columns, Columns), columns
    return Reader(columns, rules(**said), AddressPepper(PEPPER), AddressSeal(SEALING_KEY))


def cells(number: int, district: str = "North", language: str = "en") -> list[str]:
    """Return a row of the list, with one of the hundred numbers."""
    return [phone(number).reveal(), language, "", district, "Clinic", "2026-01-31"]


def listed(number: int, district: str = "North", language: str = "en", **said: Any) -> Listed:
    """Return a person as they are stored."""
    read = reader(**said).read(number, cells(number, district, language))
    assert isinstance(read, Listed), read
    return read


def codes(found: Listed | Sequence[Problem]) -> list[str]:
    return [] if isinstance(found, Listed) else [problem.code for problem in found]


CONSENTED = date(2026, 1, 31)
