"""What statistical packages hold: a table that is made in memory whole, and texts of some length."""

from collections.abc import Sequence

import polars as pl

from bot.errors import ExportError
from bot.results.variables import Variable


def whole_table(variables: Sequence[Variable], respondents: int, most: int, name: str) -> None:
    """Check that a table is one that can be held in memory whole.

    Raises:
        ExportError: it is larger.
    """
    if respondents * len(variables) > most:
        raise ExportError(
            f"a {name} file is made in memory, and {respondents:,} respondents with {len(variables)} columns are more "
            f"than the {most:,} cells that are written: choose fewer interviews, or --format parquet or csv"
        )


def words(answers: pl.Series, longest: int, name: str) -> pl.Series:
    """Return texts as a statistical package holds them: without NUL, at which it would end them, and none too long.

    Raises:
        ExportError: one is longer than so many bytes.
    """
    text = answers.cast(pl.String).str.replace_all("\x00", "\N{REPLACEMENT CHARACTER}", literal=True)
    if (text.str.len_bytes() > longest).any():
        raise ExportError(
            f"an answer to '{answers.name}' is longer than the {longest:,} bytes of a text in {name}: "
            "--format csv or parquet"
        )
    return text
