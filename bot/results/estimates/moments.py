"""How dates and times of day lie."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from bot.results.records.items import DateBin, Dates, Period, Times

MOST_MONTHS = 36


def dates(rounds: Iterable[pl.Series]) -> Dates | None:
    """Return how dates lie; None where there are none."""
    answers = pl.concat([one.rename("date") for one in rounds]).drop_nulls()
    first, last = answers.min(), answers.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return None
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    period, every = (Period.MONTH, "1mo") if months <= MOST_MONTHS else (Period.YEAR, "1y")
    counted = dict(answers.dt.truncate(every).value_counts().iter_rows())
    low, high = (first.replace(day=1), last) if every == "1mo" else (date(first.year, 1, 1), last)
    starts = pl.date_range(low, high, every, eager=True)
    return Dates(
        len(answers), first, last, period, tuple(DateBin(start, counted.get(start, 0)) for start in starts)
    )


def times(rounds: Iterable[pl.Series]) -> Times | None:
    """Return how times of day lie; None where there are none."""
    answers = pl.concat([one.rename("time") for one in rounds]).drop_nulls().sort()
    if answers.is_empty():
        return None
    counted = dict(answers.dt.hour().value_counts().iter_rows())
    return Times(len(answers), answers[0], answers[-1], tuple(counted.get(hour, 0) for hour in range(24)))
