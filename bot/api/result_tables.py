"""Published results as one table of figures, for those who read CSV: a row a figure, with what it is of.

What was withheld is empty and says so; nothing here works anything out.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.results.cells import harmless
from bot.results.publication.records import Publication
from bot.results.records.figures import Estimate, Share
from bot.results.records.items import ChoiceResult, ItemResult
from bot.results.records.participation import GroupTurnout, Turnout
from bot.results.records.results import Results

HEADER = (
    *("release", "table", "item", "question", "variable", "group", "answer", "figure"),
    *("value", "low", "high", "count", "base", "weighted", "withheld"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a figure is of: which item's, among whom."""

    table: str
    item: str = ""
    question: str = ""
    variable: str = ""
    group: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. A count that is withheld is None, as is a value that there is none of."""

    place: Place
    figure: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    base: int | None = None
    weighted: float | None = None
    withheld: bool = field(default=False)


def results_csv(publication: Publication) -> bytes:
    """Return published results as CSV (RFC 4180, UTF-8), of which no spreadsheet runs a cell."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(HEADER)
    release = publication.protection.release if publication.protection else ""
    for one in figures(publication.results):
        place = one.place
        named = (
            place.table,
            place.item,
            place.question,
            place.variable,
            place.group,
            place.answer,
            one.figure,
        )
        numbers = (one.value, one.low, one.high, one.count, one.base, one.weighted)
        shown = ("" if number is None else str(number) for number in numbers)
        writer.writerow([str(release), *map(harmless, named), *shown, int(one.withheld)])
    return output.getvalue().encode()


def figures(results: Results) -> Iterator[Figure]:
    """Yield every figure of published results."""
    yield from _turnout(Place("participation"), results.participation.turnout)
    for variable, groups in (
        ("channel", results.participation.by_channel),
        ("language", results.participation.by_language),
        ("came_by", results.participation.by_source),
        ("assisted", results.participation.by_help),
    ):
        yield from _turnouts(variable, groups)
    for left in results.participation.left:
        yield _share(
            Place("break_off", left.item, left.label.source if left.label else ""), "left", left.left
        )
    for item in results.items:
        yield from _item(item)
    yield from _breakdowns(results)
    yield from _representation(results)


def _turnouts(variable: str, groups: tuple[GroupTurnout, ...]) -> Iterator[Figure]:
    for one in groups:
        yield from _turnout(Place("participation", variable=variable, group=one.name), one.turnout)


def _turnout(place: Place, turnout: Turnout) -> Iterator[Figure]:
    yield _count(place, "started", turnout.started)
    yield _count(place, "consented", turnout.consented)
    for outcome in turnout.outcomes:
        yield _count(place, outcome.disposition.value, outcome.count)
    yield _share(place, "participation", turnout.participation)
    yield _share(place, "completion", turnout.completion)


def _item(item: ItemResult) -> Iterator[Figure]:
    place = Place("item", item.name, item.label.source if item.label else "")
    yield _count(place, "asked", item.base.asked)
    yield _count(place, "answered", item.base.answered)
    for reason, count in item.base.missing.items():
        yield _count(place, f"missing: {reason}", count)
    yield from _choices(place, item.choices, "share")
    for ranked in item.ranking:
        at = _answered(place, ranked.label.source)
        yield _share(at, "first place", ranked.first)
        yield from _estimate(at, "mean place", ranked.mean_place)
    if item.numbers is not None:
        yield from _estimate(place, "mean", item.numbers.mean)
        yield from _estimate(place, "median", item.numbers.median)
        for part in item.numbers.bins:
            yield _count(_answered(place, f"{part.low} to {part.high}"), "count", part.count)
    for day in item.dates.bins if item.dates else ():
        yield _count(_answered(place, day.start.isoformat()), "count", day.count)
    for hour, count in enumerate(item.times.hours if item.times else ()):
        yield _count(_answered(place, f"{hour:02d}:00"), "count", count)


def _breakdowns(results: Results) -> Iterator[Figure]:
    labels = {item.name: item.label for item in results.items}
    for one in results.breakdowns:
        label = labels.get(one.item)
        for group in one.groups:
            name = group.label.source if group.label else group.name
            place = Place("breakdown", one.item, label.source if label else "", one.variable, name)
            yield _count(place, "answered", group.n)
            yield from _choices(place, group.choices, "share")
            yield from _estimate(place, "mean", group.mean)
            yield from _estimate(place, "median", group.median)


def _representation(results: Results) -> Iterator[Figure]:
    for one in results.representation:
        for group in one.groups:
            place = Place("representation", variable=one.variable, group=group.label.source)
            yield _share(place, "heard", group.heard)
            yield Figure(place, "population", group.population)
            interval = group.ratio_interval
            low, high = (interval.low, interval.high) if interval else (None, None)
            yield Figure(place, "ratio", group.ratio, low, high, withheld=group.heard.count is None)


def _choices(place: Place, choices: tuple[ChoiceResult, ...], figure: str) -> Iterator[Figure]:
    for choice in choices:
        yield _share(_answered(place, choice.label.source), figure, choice.taken)


def _answered(place: Place, answer: str) -> Place:
    return Place(place.table, place.item, place.question, place.variable, place.group, answer)


def _count(place: Place, figure: str, count: int | None) -> Figure:
    return Figure(place, figure, count=count, withheld=count is None)


def _share(place: Place, figure: str, share: Share) -> Figure:
    low, high = (share.interval.low, share.interval.high) if share.interval else (None, None)
    weighted = share.weighted.value if share.weighted else None
    return Figure(
        place, figure, share.share, low, high, share.count, share.base, weighted, share.count is None
    )


def _estimate(place: Place, figure: str, estimate: Estimate | None) -> Iterator[Figure]:
    if estimate is not None:
        interval, weighted = estimate.interval, estimate.weighted
        low, high = (interval.low, interval.high) if interval else (None, None)
        yield Figure(place, figure, estimate.value, low, high, weighted=weighted.value if weighted else None)
