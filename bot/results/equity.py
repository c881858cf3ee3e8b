"""Whether a consultation goes worse for some people than for others, by language and by channel.

A group is compared with all others together. What is worse is told only beyond noise, and where it is large enough to
matter; a group that could not be told from the rest may still be one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import asin, sqrt

import numpy as np
import polars as pl

from bot.core.disposition import Disposition
from bot.core.groups import CHANNEL, LANGUAGE
from bot.results.dataset import NOT_ASKED, NOT_REACHED
from bot.results.differences import SIGNIFICANT, Seed, adjust, compare_counts
from bot.results.estimates.coding import names_in
from bot.results.estimates.rows import Asked
from bot.results.intervals import wilson
from bot.results.participation import outcomes
from bot.results.records.equity import Equity, EquityRate, GroupRate, Measure
from bot.results.records.figures import Share

VARIABLES = (LANGUAGE, CHANNEL)
LEAST_H = 0.1
"""Half of what Cohen calls a small difference of two rates (h, Statistical Power Analysis, 1988, 6.2): who fares worse
here is a person who was not heard."""
FAILED = ("not_understood", "given_up")


@dataclass(frozen=True, slots=True)
class Tally:
    """Events among chances; `effective` is less than `chances` where several are of one person."""

    events: int
    chances: int
    effective: float

    @property
    def rate(self) -> float:
        return self.events / self.chances if self.chances else 0.0

    def share(self) -> Share:
        if not self.chances:
            return Share(0, 0, None, None)
        return Share(self.events, self.chances, self.rate, wilson(self.rate, self.effective))

    def row(self) -> list[float]:
        """Return events and their absence, of as many chances as they are worth."""
        return [round(self.rate * self.effective), round((1 - self.rate) * self.effective)]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the people of a group: events and chances, their squares and products."""

    people: int = 0
    events: int = 0
    chances: int = 0
    events_squared: int = 0
    products: int = 0
    chances_squared: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + more for one, more in zip(self._parts(), other._parts(), strict=True)))

    def _parts(self) -> tuple[int, ...]:
        return (
            *(self.people, self.events, self.chances),
            *(self.events_squared, self.products, self.chances_squared),
        )

    def tally(self) -> Tally:
        """Return the rate with its effective number: answers of one person hang together, so that the variance is that
        of a ratio over people (Cochran, Sampling Techniques, 1977, 6.3)."""
        if not self.chances:
            return Tally(0, 0, 0.0)
        rate = self.events / self.chances
        residual = self.events_squared - 2 * rate * self.products + rate**2 * self.chances_squared
        if self.people < 2 or residual <= 0 or rate in (0, 1):
            return Tally(self.events, self.chances, float(self.people))
        variance = self.people / (self.people - 1) * residual / self.chances**2
        return Tally(self.events, self.chances, min(rate * (1 - rate) / variance, float(self.chances)))


def equity(frame: pl.DataFrame, asked: Sequence[Asked], seed: Seed) -> Equity:
    """Return how each group fares; the frame holds everybody, those without consent too."""
    rates = [*_rates(frame, asked, seed)]
    ps = [group.adjusted for rate in rates for group in rate.groups if group.adjusted is not None]
    known = iter(adjust(ps))
    judged = [
        replace(
            rate,
            groups=tuple(
                group if group.adjusted is None else _judged(group, next(known)) for group in rate.groups
            ),
        )
        for rate in rates
    ]
    return Equity(tuple(rate for rate in judged if rate.item is None or rate.worse))


def _judged(group: GroupRate, adjusted: float) -> GroupRate:
    return replace(group, adjusted=adjusted, worse=group.worse and adjusted < SIGNIFICANT)


def _rates(frame: pl.DataFrame, asked: Sequence[Asked], seed: Seed) -> Iterator[EquityRate]:
    over = _outcomes(frame)
    again = _asked_again(frame, asked)
    for place, variable in enumerate(VARIABLES):
        names = names_in(frame[variable])
        for number, measure in enumerate((Measure.CONSENT, Measure.BREAK_OFF, Measure.OPT_OUT)):
            tallies = _tallies(over, variable, f"{measure}/events", f"{measure}/chances")
            yield _rate(measure, variable, names, tallies, seed.at(place, number))
        sums = _clustered(again, variable)
        clustered = {name: one.tally() for name, one in sums.items()}
        whole = sum(sums.values(), Sums()).tally()
        yield _rate(Measure.ASK_AGAIN, variable, names, clustered, seed.at(place, 3), whole)
        for number, one in enumerate(asked):
            tallies = _tallies(again, variable, f"events {number}", f"chances {number}")
            rate = _rate(Measure.ASK_AGAIN, variable, names, tallies, seed.at(place, 4, number))
            yield replace(rate, item=one.item.name)


def _tallies(counted: pl.DataFrame, variable: str, events: str, chances: str) -> dict[str, Tally]:
    """Return a rate by group, of sums by language and channel."""
    summed = counted.group_by(variable).agg(pl.col(events).sum(), pl.col(chances).sum())
    return {name: Tally(count, base, base) for name, count, base in summed.iter_rows()}


def _outcomes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return, for each language and channel, how often each measure happened, and how often it might have."""
    ended = pl.col("disposition")
    is_over = ended != Disposition.IN_PROGRESS.value
    complete, partial, broken = (
        ended == one.value for one in (Disposition.COMPLETE, Disposition.PARTIAL, Disposition.BREAK_OFF)
    )
    # An ending without having come to the end is a STOP; silence has no ending.
    stopped = pl.col("consented") & (partial | broken) & pl.col("ended")
    cases = {
        Measure.CONSENT: (pl.col("consented") & is_over, is_over),
        Measure.BREAK_OFF: (broken, complete | partial | broken),
        Measure.OPT_OUT: (stopped, pl.col("consented")),
    }
    sums = {
        f"{measure}/{name}": pl.col("count").filter(expression).sum()
        for measure, both in cases.items()
        for name, expression in zip(("events", "chances"), both, strict=True)
    }
    return outcomes(frame).group_by(VARIABLES).agg(**sums)


def _asked_again(frame: pl.DataFrame, asked: Sequence[Asked]) -> pl.DataFrame:
    """Return, by language and channel, how many questions were answered or given up (`chances`), and how many of them
    after a reply that was not understood (`events`), of each item; and the sums of both over people, their squares and
    products."""
    parts: dict[str, pl.Expr] = {}
    for number, one in enumerate(asked):
        slots = [_slot_asked_again(column.name) for column in one.slots]
        for name, exprs in zip(("events", "chances"), zip(*slots, strict=True), strict=True):
            parts[f"{name} {number}"] = pl.sum_horizontal(exprs).cast(pl.Int16)
    told = frame.lazy().filter(pl.col("consented_at").is_not_null()).select(*VARIABLES, **parts)
    events, chances = (
        pl.sum_horizontal(pl.lit(0, pl.Int16), *(f"{name} {number}" for number in range(len(asked))))
        for name in ("events", "chances")
    )
    told = told.with_columns(events=events.cast(pl.Int64), chances=chances.cast(pl.Int64))
    return (
        told.group_by(VARIABLES)
        .agg(
            *(pl.col(name).cast(pl.Int64).sum() for name in parts),
            people=(pl.col("chances") > 0).sum().cast(pl.Int64),
            events_squared=(pl.col("events") ** 2).sum(),
            products=(pl.col("events") * pl.col("chances")).sum(),
            chances_squared=(pl.col("chances") ** 2).sum(),
            events=pl.col("events").sum(),
            chances=pl.col("chances").sum(),
        )
        .with_columns(pl.col(VARIABLES).cast(pl.String))
        .collect()
    )


def _slot_asked_again(name: str) -> tuple[pl.Expr, pl.Expr]:
    status, tries = pl.col(f"{name}/status"), pl.col(f"{name}/tries")
    was_asked = (status.is_not_null() & (status != NOT_ASKED) & (status != NOT_REACHED)).fill_null(
        value=False
    )
    failed = (status == FAILED[0]) | (status == FAILED[1]) | (tries > 0).fill_null(value=False)
    return (was_asked & failed).fill_null(value=False).cast(pl.Int16), was_asked.cast(pl.Int16)


def _clustered(again: pl.DataFrame, variable: str) -> dict[str, Sums]:
    names = [one.name for one in fields(Sums)]
    counted = again.group_by(variable).agg(pl.col(name).sum() for name in names)
    return {name: Sums(*map(int, sums)) for name, *sums in counted.iter_rows()}


def _rate(
    measure: Measure,
    variable: str,
    names: Sequence[str],
    tallies: dict[str, Tally],
    seed: Seed,
    overall: Tally | None = None,
) -> EquityRate:
    """Return a measure by group; `adjusted` is p as it comes, and `worse` what it is if p stands."""
    whole = overall or _together(tallies.values())
    groups = []
    for place, name in enumerate(names):
        tally = tallies.get(name, Tally(0, 0, 0.0))
        rest = _together(one for other, one in tallies.items() if other != name)
        table = np.array([tally.row(), rest.row()], np.float64)
        found = compare_counts(table, seed.at(place)) if tally.chances and rest.chances else None
        more = tally.rate < rest.rate if measure is Measure.CONSENT else tally.rate > rest.rate
        is_large = abs(effect_h(tally.rate, rest.rate)) >= LEAST_H
        groups.append(
            GroupRate(
                *(name, tally.share(), rest.share(), found.p if found else None),
                worse=bool(found and more and is_large),
            )
        )
    return EquityRate(measure, variable, whole.share(), tuple(groups))


def _together(tallies: Iterable[Tally]) -> Tally:
    parts = list(tallies)
    return Tally(
        sum(one.events for one in parts),
        sum(one.chances for one in parts),
        sum(one.effective for one in parts),
    )


def effect_h(one: float, other: float) -> float:
    """Return Cohen's h, the difference of two rates on a scale where equal steps are equally hard to tell apart."""
    return 2 * asin(sqrt(one)) - 2 * asin(sqrt(other))
