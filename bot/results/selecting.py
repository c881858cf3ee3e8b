"""Applying a selection to a frame of interviews."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import polars as pl

from bot.core.disposition import Disposition
from bot.core.groups import CHANNEL, LANGUAGE
from bot.core.questionnaire import Questionnaire
from bot.results.estimates.coding import variable_of
from bot.results.selection import Completeness, Selection

COUNTING = {
    Completeness.COMPLETE: (Disposition.COMPLETE,),
    Completeness.COMPLETE_OR_PARTIAL: (Disposition.COMPLETE, Disposition.PARTIAL),
}


def select(frame: pl.DataFrame, questionnaire: Questionnaire, selection: Selection) -> pl.DataFrame:
    """Return the interviews that a selection lets through.

    Raises:
        KeyError: a name under `where` is no group variable of the consultation.
    """
    conditions = [*_conditions(selection)]
    for name, categories in selection.where.items():
        variable = variable_of(frame, questionnaire, name)
        places = [place for place, one in enumerate(variable.categories, 1) if one.name in categories]
        conditions.append(pl.lit(pl.Series(name, variable.codes)).is_in(places))
    return frame.filter(*conditions) if conditions else frame


def _conditions(selection: Selection) -> Iterator[pl.Expr]:
    if selection.since is not None:
        yield pl.col("started_at") >= datetime.combine(selection.since, time(), UTC)
    if selection.until is not None:
        yield pl.col("started_at") < datetime.combine(selection.until + timedelta(days=1), time(), UTC)
    for column, names in ((CHANNEL, selection.channels), (LANGUAGE, selection.languages)):
        if names:
            yield pl.col(column).cast(pl.String).is_in(names)
    if selection.completeness is Completeness.CONSENTED:
        yield pl.col("consented_at").is_not_null()
    elif selection.completeness in COUNTING:
        counting = [one.value for one in COUNTING[selection.completeness]]
        yield pl.col("disposition").cast(pl.String).is_in(counting)
