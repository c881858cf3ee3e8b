"""Cells as text, so that no spreadsheet runs what a person wrote."""

import polars as pl

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula, or split it into one (OWASP, CSV injection)."""

# Blanks before the sign are taken off by some spreadsheets before they look.
BLANKS = " \u00a0\u3000"
_RUN = rf"^[{BLANKS}]*[=+\-@\t\r\n]"
_RUN_OR_MARKED = rf"^[{BLANKS}']*[=+\-@\t\r\n]"
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
"""A number as it is stored. One that begins with a minus is a number, and nothing that a spreadsheet runs."""


def harmless(text: str) -> str:
    """Return words as a spreadsheet shows and does not run them."""
    return f"'{text}" if text.lstrip(BLANKS).startswith(FORMULA_STARTS) else text


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
