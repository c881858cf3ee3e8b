"""A dataset as CSV: RFC 4180, UTF-8, a header row; and its codebook, beside it.

A file begins with a byte order mark, without which Excel takes UTF-8 for an old code page; a stream does not.
"""

import csv
from collections.abc import AsyncIterator, Iterable
from typing import TextIO

from bot.results.cells import harmless
from bot.results.codebook import HEADER, Entry
from bot.results.dataset import Row


async def write_csv(output: TextIO, header: Iterable[str], rows: AsyncIterator[Row]) -> None:
    """Write the header and a line for each row; what a spreadsheet would run gets an apostrophe before it."""
    writer = csv.writer(output)
    writer.writerow(map(harmless, header))
    async for row in rows:
        writer.writerow(map(harmless, row))


def write_codebook(output: TextIO, entries: Iterable[Entry]) -> None:
    """Write the codebook, a line for each column."""
    writer = csv.writer(output)
    writer.writerow(HEADER)
    writer.writerows(map(harmless, entry.cells) for entry in entries)
