"""What people write in each language, and what it means: a row a reply, in `tests/data/replies/`."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Choice, ItemType
from bot.core.replies import Read, read_command, read_reply, read_yes_no
from bot.language.catalogues import load_phrasebook
from tests.support.replies import choice, item

LOCALES = Path(__file__).parents[2] / "locales"
TABLES = Path(__file__).parents[1] / "data" / "replies"
WRITTEN = date(2026, 11, 23)
ASK_AGAIN = "ask again"
TYPES = {
    **{"integer": ItemType.INTEGER, "decimal": ItemType.DECIMAL, "date": ItemType.DATE},
    **{"one": ItemType.SELECT_ONE, "several": ItemType.SELECT_MULTIPLE},
}


class Row(NamedTuple):
    """A reply, and what it is to be taken for."""

    language: str
    item: str
    reply: str
    value: str


def rows_of(path: Path) -> Iterator[Row]:
    for line in path.read_text().splitlines():
        if line and not line.startswith(("#", "choices\t")):
            yield Row(path.stem, *line.split("\t"))


def choices_of(language: str) -> tuple[Choice, ...]:
    lines = (TABLES / f"{language}.tsv").read_text().splitlines()
    listed = next(line for line in lines if line.startswith("choices\t")).removeprefix("choices\t")
    return tuple(choice(name, label) for name, label in (one.split("=") for one in listed.split(" | ")))


ROWS = [row for path in sorted(TABLES.glob("*.tsv")) for row in rows_of(path)]
CHOICES = {path.stem: choices_of(path.stem) for path in TABLES.glob("*.tsv")}
BOOKS = {one: ENGLISH if one == "en" else load_phrasebook(LOCALES, one) for one in CHOICES}


def meant(row: Row, phrasebook: Phrasebook) -> str:
    """Return what a reply is taken for."""
    if row.item == "command":
        return read_command(row.reply, phrasebook) or "-"
    if row.item == "yes_no":
        return {True: "yes", False: "no", None: ASK_AGAIN}[read_yes_no(row.reply, phrasebook)]
    kind = TYPES[row.item]
    offered = CHOICES[row.language] if kind.has_choices else ()
    reading = read_reply(item(kind, offered), offered, row.reply, phrasebook, row.language, WRITTEN)
    return reading.value if isinstance(reading, Read) else ASK_AGAIN


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.item}-{row.reply}")
def test_a_reply_is_taken_for_what_it_means(row: Row) -> None:
    assert meant(row, BOOKS[row.language]) == row.value
