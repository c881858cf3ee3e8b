"""Whole pages of cells, so that no spreadsheet runs what a person wrote."""

import polars as pl

from bot.results.cells import BLANKS, NUMBER

_RUN = rf"^[{BLANKS}]*[=+\-@\t\r\n]"
_RUN_OR_MARKED = rf"^[{BLANKS}']*[=+\-@\t\r\n]"


def harmless_words(page: pl.DataFrame, *, reversible: bool = False) -> pl.DataFrame:
    """Return a page with an apostrophe before all words that a spreadsheet would run.

    Where it is `reversible`, so have words that begin with an apostrophe and would be run without it.
    """
    pattern = _RUN_OR_MARKED if reversible else _RUN
    return page.with_columns(
        _harmless(page[name], pattern)
        for name, kind in page.schema.items()
        if kind == pl.String or (isinstance(kind, pl.Enum) and kind.categories.str.contains(pattern).any())
    )


def _harmless(words: pl.Series, pattern: str) -> pl.Expr:
    text = pl.col(words.name).cast(pl.String)
    run = text.str.contains(pattern) & ~text.str.contains(NUMBER)
    return pl.when(run).then(pl.format("'{}", text)).otherwise(text).alias(words.name)
