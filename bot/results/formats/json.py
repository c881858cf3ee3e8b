"""A dataset as JSON: one object with what it is, its codebook, and a list of respondents, written as it is read."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TextIO

from bot.results.cells import plain
from bot.results.codebook import HEADER, Entry
from bot.results.dataset import Row
from bot.results.layout import Value


async def write_json(
    output: TextIO,
    about: dict[str, str],
    header: tuple[str, ...],
    entries: Iterable[Entry],
    rows: AsyncIterator[Row],
) -> None:
    """Write `{"about": ..., "codebook": [...], "respondents": [...]}`, one respondent a line.

    Numbers are JSON numbers with all their digits; dates and times are texts in ISO 8601; no answer is null.
    """
    output.write('{"about": ' + json.dumps(about, ensure_ascii=False))
    listed = [dict(zip(HEADER, entry.cells, strict=True)) for entry in entries]
    output.write(',\n"codebook": ' + json.dumps(listed, ensure_ascii=False, indent=1))
    output.write(',\n"respondents": [')
    names = [json.dumps(name, ensure_ascii=False) for name in header]
    between = "\n"
    async for row in rows:
        cells = ", ".join(f"{name}: {_cell(value)}" for name, value in zip(names, row, strict=True))
        output.write(f"{between}{{{cells}}}")
        between = ",\n"
    output.write("\n]}\n")


def _cell(value: Value | datetime) -> str:
    if isinstance(value, Decimal):
        # As written: 1.10 is not 1.1000000000000001.
        return plain(value)
    if isinstance(value, datetime | date | time):
        return json.dumps(plain(value))
    return json.dumps(value, ensure_ascii=False)
