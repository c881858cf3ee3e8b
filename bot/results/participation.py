"""How many took part, how their interviews ended, and where they left."""

from collections.abc import Mapping, Sequence

import polars as pl

from bot.core.disposition import AAPOR_CODES, Disposition
from bot.results.estimates.coding import names_in
from bot.results.estimates.distribution import distributions
from bot.results.estimates.rows import Asked
from bot.results.groups import CHANNEL, LANGUAGE
from bot.results.intervals import share_of
from bot.results.records import (
    Base,
    Duration,
    GroupTurnout,
    LeftAt,
    Outcome,
    Participation,
    Reason,
    Turnout,
)

OUTSIDE = (Disposition.IN_PROGRESS, Disposition.NOT_ELIGIBLE, Disposition.SCREENED_OUT)
"""Interviews that say nothing of whether people want to take part: not over, or not meant for them."""


def participation(
    frame: pl.DataFrame, asked: Sequence[Asked], stand: Mapping[str, Base], invited: int | None = None
) -> Participation:
    """Return how interviews went; `stand` has who stands behind each item."""
    counted = frame.group_by(CHANNEL, LANGUAGE, "disposition").agg(
        pl.len(), consented=pl.col("consented_at").is_not_null().sum()
    )
    return Participation(
        invited,
        turnout(counted),
        _by(counted, frame, CHANNEL),
        _by(counted, frame, LANGUAGE),
        tuple(_left_at(one, stand[one.item.name]) for one in asked),
        duration(frame),
    )


def turnout(counted: pl.DataFrame) -> Turnout:
    """Return how interviews went, from their numbers (`len`, `consented`) by disposition."""
    by_disposition = counted.group_by(pl.col("disposition").cast(pl.String)).agg(pl.col("len").sum())
    counts = {Disposition(name): int(count) for name, count in by_disposition.iter_rows()}
    complete, partial = counts.get(Disposition.COMPLETE, 0), counts.get(Disposition.PARTIAL, 0)
    ended = sum(count for one, count in counts.items() if one not in OUTSIDE)
    return Turnout(
        started=sum(counts.values()),
        consented=int(counted["consented"].sum()),
        outcomes=tuple(Outcome(one, AAPOR_CODES[one], counts[one]) for one in Disposition if one in counts),
        participation=share_of(complete + partial, ended),
        completion=share_of(complete, complete + partial + counts.get(Disposition.BREAK_OFF, 0)),
    )


def _by(counted: pl.DataFrame, frame: pl.DataFrame, variable: str) -> tuple[GroupTurnout, ...]:
    names = pl.col(variable).cast(pl.String)
    told = [GroupTurnout(name, turnout(counted.filter(names == name))) for name in names_in(frame[variable])]
    unknown = counted.filter(names.is_null())
    return (*told, *([] if unknown.is_empty() else [GroupTurnout("", turnout(unknown))]))


def _left_at(asked: Asked, base: Base) -> LeftAt:
    """Return how many left at an item; of those who are at it still, nobody knows yet."""
    reached = base.asked - base.missing.get(Reason.WAITING, 0)
    return LeftAt(asked.item.name, asked.item.label, share_of(base.missing.get(Reason.LEFT, 0), reached))


def duration(frame: pl.DataFrame) -> Duration | None:
    """Return how long complete interviews took; None where there are none."""
    complete = pl.col("disposition").cast(pl.String) == Disposition.COMPLETE.value
    seconds = frame.filter(complete)["seconds"].drop_nulls()
    if seconds.is_empty():
        return None
    minutes = seconds.cast(pl.Float64).to_numpy() / 60
    lies = distributions(minutes, seconds.cast(pl.Int64).to_numpy() * 0, 1)[0]
    return Duration(lies.n, lies.estimated_median(), lies.quantile(0.25), lies.quantile(0.75))
