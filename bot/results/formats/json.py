"""A dataset as JSON: one object, or a respondent a line (JSON Lines), written as it is read.

Numbers are JSON numbers with all their digits; dates and times are texts in ISO 8601; no answer is null.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import IO

import polars as pl

from bot.results.codebook import HEADER, Entry


def write_jsonl(
    output: IO[bytes], header: Sequence[str], numbers: Collection[str], pages: Iterable[pl.DataFrame]
) -> None:
    """Write an object a line, one for each respondent. `numbers` are the columns that hold numbers as text."""
    for page in pages:
        output.write("\n".join([*_objects(page.select(header), numbers), ""]).encode())


def write_json(
    output: IO[bytes],
    about: Mapping[str, str],
    entries: Iterable[Entry],
    header: Sequence[str],
    numbers: Collection[str],
    pages: Iterable[pl.DataFrame],
) -> None:
    """Write `{"about": ..., "codebook": [...], "respondents": [...]}`, one respondent a line."""
    output.write(b'{"about": ' + json.dumps(about, ensure_ascii=False).encode())
    listed = [dict(zip(HEADER, entry.cells, strict=True)) for entry in entries]
    output.write(b',\n"codebook": ' + json.dumps(listed, ensure_ascii=False, indent=1).encode())
    output.write(b',\n"respondents": [')
    between = "\n"
    for page in pages:
        for line in _objects(page.select(header), numbers):
            output.write((between + line).encode())
            between = ",\n"
    output.write(b"\n]}\n")


def _objects(page: pl.DataFrame, numbers: Collection[str]) -> pl.Series:
    """Return each row of a page as the text of an object."""
    members = [_member(name, kind, is_number=name in numbers) for name, kind in page.schema.items()]
    row = pl.concat_str(pl.lit("{"), pl.concat_str(members, separator=", "), pl.lit("}"))
    return page.select(row).to_series()


def _member(name: str, kind: pl.DataType, *, is_number: bool) -> pl.Expr:
    cell = pl.col(name)
    if isinstance(kind, pl.Datetime):
        cell = cell.dt.strftime("%Y-%m-%dT%H:%MZ")
    elif kind == pl.Time:
        cell = cell.dt.strftime("%H:%M")
    if is_number or kind.is_integer():
        value = cell.cast(pl.String).fill_null("null")
    else:
        # Only a struct is encoded by Polars: what stands within its braces, after the name, is the text.
        value = pl.struct(cell.alias("")).struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
    return pl.concat_str(pl.lit(f"{json.dumps(name, ensure_ascii=False)}: "), value)
