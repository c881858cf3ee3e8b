"""Answers in words: the labels of choices in the place of their names."""

from collections.abc import Sequence

import polars as pl

from bot.results.variables import Kind, Variable

AMONG = "; "
"""Between several choices."""


def labelled(page: pl.DataFrame, variables: Sequence[Variable], language: str) -> pl.DataFrame:
    """Return the columns of variables with choices by their labels, in a language of the consultation."""
    return page.select(_labelled(variable, language) for variable in variables)


def _labelled(variable: Variable, language: str) -> pl.Expr:
    named = dict(variable.labels(language))
    cell = pl.col(variable.name)
    if not named:
        return cell
    if variable.kind is Kind.SEVERAL:
        return cell.str.split(" ").list.eval(pl.element().replace(named)).list.join(AMONG)
    return cell.cast(pl.String).replace(named)
