"""How many took part, how their interviews ended, and where they left."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from bot.core.disposition import AAPOR_CODES, Disposition
from bot.core.groups import ASSISTED, CHANNEL, LANGUAGE, OCCURRING, SOURCE
from bot.results.estimates.coding import has_helped
from bot.results.estimates.distribution import distributions
from bot.results.estimates.rows import Asked
from bot.results.intervals import share_of
from bot.results.records.figures import exact
from bot.results.records.items import Base, Reason
from bot.results.records.participation import (
    Duration,
    GroupTurnout,
    Invited,
    LeftAt,
    Outcome,
    Participation,
    ReportBack,
    Response,
    Turnout,
)

OUTSIDE = (Disposition.IN_PROGRESS, Disposition.NOT_ELIGIBLE, Disposition.SCREENED_OUT)
"""Interviews that say nothing of whether people want to take part: not over, or not meant for them."""


def participation(
    frame: pl.DataFrame,
    asked: Sequence[Asked],
    stand: Mapping[str, Base],
    invited: Invited | None = None,
    *,
    asks_report_back: bool = False,
) -> Participation:
    """Return how interviews went; `stand` has who stands behind each item."""
    counted = outcomes(frame)
    whole = turnout(counted)
    return Participation(
        invited.people if invited else None,
        whole,
        _by(counted, CHANNEL),
        _by(counted, LANGUAGE),
        tuple(_left_at(one, stand[one.item.name]) for one in asked),
        duration(frame),
        _by(counted, SOURCE) if counted[SOURCE].drop_nulls().len() else (),
        report_back(frame) if asks_report_back else None,
        response(whole, invited) if invited else None,
        _by(counted, ASSISTED) if has_helped(frame) else (),
    )


def response(turnout: Turnout, invited: Invited) -> Response:
    """Return what is known of those who were invited, from how all interviews went."""
    unheard = sum(count for _, count in invited.unheard)
    is_mixed = exact(turnout.started) != invited.people - unheard
    if is_mixed:
        return Response(invited.unheard, None, is_mixed)
    counts = {one.disposition: exact(one.count) for one in turnout.outcomes}
    heard = counts.get(Disposition.COMPLETE, 0) + counts.get(Disposition.PARTIAL, 0)
    not_for_them = counts.get(Disposition.NOT_ELIGIBLE, 0) + counts.get(Disposition.SCREENED_OUT, 0)
    return Response(invited.unheard, share_of(heard, invited.people - not_for_them), is_mixed)


def report_back(frame: pl.DataFrame) -> ReportBack:
    """Return how many of those who completed want to be told what came of it; who was helped is never asked."""
    was_asked = (pl.col("disposition") == Disposition.COMPLETE.value) & (pl.col(ASSISTED) == "no")
    said = frame.filter(was_asked)["report_back"]
    wanted, unsaid = int(said.sum()), said.null_count()
    return ReportBack(wanted, len(said) - unsaid - wanted, unsaid)


def outcomes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return how many (`count`) interviews are alike in groups, disposition, consent and having ended.

    It is a few hundred rows, from which all rates follow: a million interviews are looked at once.
    """
    alike = frame.select(
        *OCCURRING,
        ASSISTED,
        "disposition",
        consented=pl.col("consented_at").is_not_null(),
        ended=pl.col("ended_at").is_not_null(),
    )
    counted = alike.group_by(alike.columns).agg(pl.len().cast(pl.Int64).alias("count"))
    return counted.with_columns(pl.col(*OCCURRING, ASSISTED, "disposition").cast(pl.String))


def turnout(counted: pl.DataFrame) -> Turnout:
    """Return how interviews went, from their `outcomes`."""
    by_disposition = counted.group_by("disposition").agg(pl.col("count").sum())
    counts = {Disposition(name): int(count) for name, count in by_disposition.iter_rows()}
    complete, partial = counts.get(Disposition.COMPLETE, 0), counts.get(Disposition.PARTIAL, 0)
    over = sum(count for one, count in counts.items() if one not in OUTSIDE)
    return Turnout(
        started=sum(counts.values()),
        consented=int(counted.filter("consented")["count"].sum()),
        outcomes=tuple(Outcome(one, AAPOR_CODES[one], counts[one]) for one in Disposition if one in counts),
        participation=share_of(complete + partial, over),
        completion=share_of(complete, complete + partial + counts.get(Disposition.BREAK_OFF, 0)),
    )


def _by(counted: pl.DataFrame, variable: str) -> tuple[GroupTurnout, ...]:
    """Return the turnout of each group, the largest first; of who has none, last."""
    sizes = counted.group_by(variable).agg(pl.col("count").sum())
    names = sizes.drop_nulls().sort(["count", variable], descending=[True, False])[variable]
    told = [GroupTurnout(name, turnout(counted.filter(pl.col(variable) == name))) for name in names]
    unknown = counted.filter(pl.col(variable).is_null())
    return (*told, *([] if unknown.is_empty() else [GroupTurnout("", turnout(unknown))]))


def _left_at(asked: Asked, base: Base) -> LeftAt:
    """Return how many left at an item; of those who are at it still, nobody knows yet."""
    reached = exact(base.asked) - exact(base.missing.get(Reason.WAITING, 0))
    return LeftAt(
        asked.item.name, asked.item.label, share_of(exact(base.missing.get(Reason.LEFT, 0)), reached)
    )


def duration(frame: pl.DataFrame) -> Duration | None:
    """Return how long complete interviews took; None where there are none."""
    complete = pl.col("disposition") == Disposition.COMPLETE.value
    seconds = frame.select("disposition", "seconds").filter(complete)["seconds"].drop_nulls()
    if seconds.is_empty():
        return None
    lies = distributions(seconds.to_numpy() / 60, np.zeros(len(seconds), np.intp), 1)[0]
    return Duration(lies.n, lies.estimated_median(), lies.quantile(0.25), lies.quantile(0.75))
