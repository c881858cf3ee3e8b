"""Answers a page at a time: what a token may see of each row, and where the next page begins."""

import asyncio
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path

import msgspec

from bot.api.refusing import BAD_CURSOR, Refused
from bot.core.questionnaire import ItemType, Questionnaire
from bot.results.cells import harmless
from bot.results.dataset import Dataset, Row, read_dataset
from bot.results.layout import MEDIA, Column, Part, Value
from bot.results.published import published
from bot.store.database import Database
from bot.store.reading import documents
from bot.store.vault import AddressPepper

PAGE, LARGEST_PAGE = 200, 1_000
PIECE = 50
"""Rows between which messages get their turn: working one out takes a tenth of a millisecond."""

LAID_OUT_FOR = timedelta(minutes=1)
"""How long the columns of a consultation are known: which there are is told by all its answers."""

_OWN_WORDS = MEDIA | {ItemType.TEXT}
_PURPOSE = "a page of answers"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of some columns. `following` is the cursor of the next page; None after the last."""

    header: Sequence[str]
    rows: Sequence[Row]
    following: str | None

    def csv(self) -> bytes:
        """Return them as CSV with a header row, of which no spreadsheet runs a cell."""
        output = io.StringIO()
        writer = csv.writer(output)
        writer.writerow(map(harmless, self.header))
        writer.writerows(map(_cell, row) for row in self.rows)
        return output.getvalue().encode()

    def json(self) -> bytes:
        """Return `{"answers": [...], "next": cursor or null}`, an object a respondent; no answer is null.

        Numbers are JSON numbers; dates, times and moments are texts in ISO 8601.
        """
        answers = [dict(zip(self.header, map(_json, row), strict=True)) for row in self.rows]
        return _encode({"answers": answers, "next": self.following})


_encode = msgspec.json.Encoder(decimal_format="number").encode


def _json(value: Value | datetime) -> object:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%MZ")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return value


def _cell(value: Value | datetime) -> str:
    """Return a value as text; only words get an apostrophe, for a number that begins with a minus is a number."""
    match _json(value):
        case None:
            return ""
        case str(words):
            return harmless(words)
        case Decimal() as number:
            return f"{number:f}"
        case other:
            return str(other)


class Answers:
    """The answers of consultations, as the API gives them."""

    def __init__(
        self, engine: Database, locales: Path, pepper: AddressPepper, now: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._locales = locales
        self._pepper = pepper
        self._now = now
        self._laid_out: dict[tuple[str, bool], Dataset] = {}
        self._laying_out = asyncio.Lock()

    async def page(self, consultation: str, cursor: str | None, most: int, *, words: bool) -> Page:
        """Return a page of answers, from a cursor on; without `words`, nothing that people put in their own way.

        Raises:
            Refused: the cursor was not made here for this consultation.
        """
        after = 0 if cursor is None else self._opened(consultation, cursor)
        dataset = await self._dataset(consultation, words)
        shown = dataset.columns if words else tuple(harmless_columns(dataset))
        dataset = replace(dataset, columns=shown, at=self._now())
        rows: list[Row] = []
        place: int | None = after
        while place is not None and len(rows) < most:
            some, place = await dataset.page(place, min(PIECE, most - len(rows)))
            rows += some
        return Page(dataset.header, rows, None if place is None else self._cursor(consultation, place))

    async def _dataset(self, consultation: str, words: bool) -> Dataset:
        # One at a time: with words, laying out reads all answers of a consultation, and whoever waits finds it done.
        async with self._laying_out:
            known = self._laid_out.get((consultation, words))
            now = self._now()
            offered = await documents(self._engine, consultation)
            is_current = known is not None and list(known.versions) == list(offered)
            if known is None or not is_current or now - known.at > LAID_OUT_FOR:
                versions = await published(self._engine, consultation, self._locales)
                known = await read_dataset(self._engine, consultation, versions, now, with_words=words)
                self._laid_out[consultation, words] = known
            return known

    def _cursor(self, consultation: str, place: int) -> str:
        return f"{place:x}.{self._pepper.sign(_PURPOSE, _signed(consultation, f'{place:x}'))}"

    def _opened(self, consultation: str, cursor: str) -> int:
        place, _, signature = cursor.partition(".")
        if not self._pepper.has_signed(_PURPOSE, _signed(consultation, place), signature):
            raise Refused(HTTPStatus.BAD_REQUEST, BAD_CURSOR)
        return int(place, 16)


def _signed(consultation: str, place: str) -> str:
    return f"{consultation} {place}"


def harmless_columns(dataset: Dataset) -> Sequence[Column]:
    """Return the columns without people's own words, pictures and sounds, or what is worked out from those."""
    worded = {name for one in dataset.versions.values() for name in _worded(one)}
    return [
        column
        for column in dataset.columns
        if column.part is not Part.AS_WRITTEN and column.item.name not in worded
    ]


def _worded(questionnaire: Questionnaire) -> frozenset[str]:
    items: Mapping[str, frozenset[str]] = {
        node.item.name: node.item.calculation.references if node.item.calculation else frozenset()
        for node in questionnaire.nodes
    }
    found = {node.item.name for node in questionnaire.nodes if node.item.type in _OWN_WORDS}
    while more := {name for name, references in items.items() if name not in found and references & found}:
        found |= more
    return frozenset(found)


def number_of(written: str, default: int, largest: int) -> int:
    """Return a whole number from 1 to the largest, as a query has it; the default where it has none.

    Raises:
        Refused: it is no such number.
    """
    if not written:
        return default
    # Not all that Python takes for digits, nor as many as somebody likes to send.
    if not (written.isascii() and written.isdecimal() and len(written) <= 9 and 1 <= int(written) <= largest):
        raise Refused(HTTPStatus.BAD_REQUEST, f"This has to be a number from 1 to {largest}.")
    return int(written)
