"""A dataset as CSV: RFC 4180, UTF-8, a header row; and its codebook, beside it.

A file begins with a byte order mark, without which Excel takes UTF-8 for an old code page; a stream does not.
"""

import codecs
import csv
from collections.abc import Iterable, Sequence
from typing import IO, TextIO

import polars as pl

from bot.results.cells import harmless
from bot.results.codebook import HEADER, Entry
from bot.results.formats.harmless import harmless_words


def write_csv(
    output: IO[bytes],
    header: Sequence[str],
    pages: Iterable[pl.DataFrame],
    *,
    mark: bool = False,
    reversible: bool = False,
) -> None:
    """Write the header and a line for each row; what a spreadsheet would run gets an apostrophe before it.

    `pages` have the columns of `header`, numbers with a fraction as text. With a `mark`, the file begins with one.
    Where it is `reversible`, words that an apostrophe stands before already get one more, so that the first can be
    taken off again.
    """
    if mark:
        output.write(codecs.BOM_UTF8)
    first = pl.DataFrame(schema=dict.fromkeys(map(harmless, header), pl.String()))
    first.write_csv(output, line_terminator="\r\n")
    for page in pages:
        harmless_words(page.select(header), reversible=reversible).write_csv(
            output,
            include_header=False,
            line_terminator="\r\n",
            datetime_format="%Y-%m-%dT%H:%MZ",
            time_format="%H:%M",
        )


def write_codebook(output: TextIO, entries: Iterable[Entry]) -> None:
    """Write the codebook, a line for each column."""
    writer = csv.writer(output)
    writer.writerow(HEADER)
    writer.writerows(map(harmless, entry.cells) for entry in entries)
