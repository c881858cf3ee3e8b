"""Who stands behind each item: who was asked, who answered, and why the others did not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bot.core.disposition import Disposition
from bot.results.dataset import NOT_REACHED
from bot.results.estimates.rows import Asked
from bot.results.records.items import Base, Reason

ANSWERED = ("answered", "default")
UNFINISHED = {Disposition.IN_PROGRESS: Reason.WAITING}
"""Whoever stands at a question and is not in progress has left."""


def bases(frame: pl.DataFrame, asked: Sequence[Asked]) -> Mapping[str, Base]:
    """Return who stands behind each item, by its name; the frame holds interviews with consent."""
    standing = _Standing.of(frame)
    return {one.item.name: _base(frame, one, standing) for one in asked}


@dataclass(frozen=True, slots=True)
class _Standing:
    """The interviews that stand at a question, without an answer to it."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "_Standing":
        statuses = [name for name in frame.columns if name.endswith("/status")]
        standing = frame.select("left_at", "disposition", *statuses).filter(pl.col("left_at").is_not_null())
        return cls(standing.with_columns(pl.col("left_at").cast(pl.Categorical)))

    def at(self, slot: str, status: str) -> Counter[Reason]:
        """Return why those who stand at a slot have no answer to it."""
        there = self.frame.select("left_at", "disposition", status).filter(
            pl.col("left_at") == slot, pl.col(status) == NOT_REACHED
        )
        counted: Counter[Reason] = Counter()
        for name, count in there["disposition"].cast(pl.String).value_counts().iter_rows():
            counted[UNFINISHED.get(Disposition(name), Reason.LEFT)] += count
        return counted


def _base(frame: pl.DataFrame, asked: Asked, standing: _Standing) -> Base:
    statuses: Counter[str] = Counter()
    standing_there: Counter[Reason] = Counter()
    for column, series in zip(asked.slots, asked.series(frame, "/status"), strict=True):
        # Without a status, an older version asked something else under this name.
        told = series.cast(pl.String).fill_null(Reason.NOT_ASKED.value) if series.null_count() else series
        statuses.update(dict(told.value_counts().cast({series.name: pl.String}).iter_rows()))
        standing_there += standing.at(column.slot, series.name)
    reasons = Counter({reason: statuses[reason.value] for reason in Reason}) + standing_there
    reasons[Reason.NOT_REACHED] -= standing_there.total()
    answered = sum(statuses[name] for name in ANSWERED)
    whole = frame.height * len(asked.slots)
    return Base(
        consented=whole,
        asked=whole - reasons[Reason.NOT_REACHED] - reasons[Reason.NOT_ASKED],
        answered=answered,
        missing={reason: reasons[reason] for reason in Reason if reasons[reason]},
    )
