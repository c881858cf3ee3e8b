"""A dataset as Parquet: typed columns, with what they mean beside them; or a folder of such files.

In a file's metadata, `heard.about` says what it is and `heard.codebook` what each column means, both in JSON.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from bot.results.codebook import HEADER, Entry

NO_LANGUAGE = "__HIVE_DEFAULT_PARTITION__"
"""The partition of respondents who chose no language: Hive's name for null, which engines read as such."""


KEYS: Mapping[str, pl.Expr] = {
    "month": pl.col("started_at").dt.strftime("%Y-%m").alias("started_month"),
    "language": pl.col("language").cast(pl.String).fill_null(NO_LANGUAGE),
}
"""What a folder is divided by: the month (UTC) in which an interview began, or its language at its end."""


def metadata(about: Mapping[str, str], entries: Iterable[Entry]) -> dict[str, str]:
    """Return what a file says of itself."""
    codebook = {entry.variable: dict(zip(HEADER[1:], entry.cells[1:], strict=True)) for entry in entries}
    return {
        "heard.about": json.dumps(about, ensure_ascii=False),
        "heard.codebook": json.dumps(codebook, ensure_ascii=False),
    }


def write_parquet(
    file: Path,
    schema: pl.Schema,
    said: Mapping[str, str],
    pages: Callable[[], Iterable[pl.DataFrame]],
) -> None:
    """Write one file, a row group for a page; `schema` has its columns and their types, `said` its metadata."""
    names = list(schema)

    def read(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        del columns, predicate, rows, size  # nothing is asked of what goes into a file whole
        return (page.select(names) for page in pages())

    # The source is read as the sink writes, so that only a few pages are in memory.
    register_io_source(read, schema=schema).sink_parquet(file, metadata=dict(said), engine="streaming")


def write_partitioned(
    folder: Path,
    by: str,
    header: Sequence[str],
    said: Mapping[str, str],
    pages: Iterable[pl.DataFrame],
) -> None:
    """Write `started_month=2026-03/part-00001.parquet` and so on, a file for each partition of a page.

    The folders are named as Hive does, so that any engine finds what it needs by their names; the column that they are
    named after is not in the files. `by` is one of `KEYS`.
    """
    name = KEYS[by].meta.output_name()
    for number, page in enumerate(pages, 1):
        keyed = page.select(header).with_columns(KEYS[by])
        for (value,), rows in keyed.partition_by(name, as_dict=True, include_key=False).items():
            within = folder / f"{name}={value}"
            within.mkdir(mode=0o700, exist_ok=True)
            file = within / f"part-{number:05}.parquet"
            file.touch(mode=0o600)
            rows.write_parquet(file, metadata=dict(said))
