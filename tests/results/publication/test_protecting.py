"""Results as they are published: whatever is small is nowhere in them, whatever is shown is rounded."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

import msgspec
import polars as pl
import pytest

from bot.core.groups import ASSISTED_OR_NOT
from bot.core.questionnaire import Text
from bot.errors import DisclosureError
from bot.results.disclosure import Cell, Release, Rule
from bot.results.disclosure.auditing import audit
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect, shown
from bot.results.publication.records import Theme
from bot.results.publication.sums import sums_of
from bot.results.records.equity import Measure
from bot.results.records.figures import Share, exact
from bot.results.records.notices import NoticeCode
from bot.results.records.results import Results
from bot.results.selection import Selection
from tests.results.test_estimate import POPULATION
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, COLUMNS, VILLAGE, Draw, drawn, frame_of

RULE = Rule()
THEME = Theme("wish", Text("code.water", "Water"), (), None, Share(9, 15, 0.6, None))

FIGURES = {
    "Share": {"count", "base", "share"},
    "Interval": {"low", "high"},
    "Weighted": {"value", "effective"},
    "Estimate": {"value"},
    "Base": {"consented", "asked", "answered", "missing"},
    "RankedChoice": {"placed", "points"},
    "Bin": {"low", "high", "count"},
    "Numbers": {"n", "whole", "lower", "upper", "least", "most", "deviation"},
    "DateBin": {"start", "count"},
    "Dates": {"n", "first", "last"},
    "Times": {"n", "first", "last", "hours"},
    "ItemResult": {"repeated", "files"},
    "Comparison": {"n", "groups", "statistic", "freedom", "p", "adjusted", "effect", "notable"},
    "GroupResult": {"n"},
    "Breakdown": {"not_stated"},
    "Outcome": {"count"},
    "Turnout": {"started", "consented"},
    "Duration": {"n", "lower", "upper"},
    "Response": {"unheard", "is_mixed"},
    "ReportBack": {"wanted", "declined", "unsaid"},
    "Participation": {"invited"},
    "RepresentedGroup": {"population", "ratio", "needed", "most"},
    "Representation": {"stated", "not_stated", "dissimilarity", "year"},
    "Weighting": {
        *("respondents", "not_stated", "design_effect", "effective", "least", "most", "trimmed", "gap"),
        "sweeps",
    },
    "GroupRate": {"adjusted", "worse"},
    "Notice": {"values"},
    "Results": {"at", "selected", "consented"},
    "Selection": {"since", "until"},
}
"""Every field of results that holds a figure, and is built by `bot.results.publication`. A new one belongs there first,
then here."""


def mentioned(hint: object) -> Iterator[type]:
    """Yield the types in an annotation."""
    if get_origin(hint) is not None or isinstance(hint, Union if isinstance(Union, type) else ()):
        for one in get_args(hint):
            yield from mentioned(one)
    elif isinstance(hint, type):
        yield hint


@cache
def records(kind: type) -> dict[str, frozenset[str]]:
    """Return the fields with figures of a record, and of all records in it."""
    found: dict[str, frozenset[str]] = {}
    hints = get_type_hints(kind)
    figures = set()
    for one in fields(kind):
        for part in mentioned(hints[one.name]):
            if part in (int, float, bool, date, time, datetime):
                figures.add(one.name)
            elif is_dataclass(part) and part not in (kind, Text):
                found |= records(part)
    return {**found, **({kind.__name__: frozenset(figures)} if figures else {})}


def test_every_figure_of_results_is_known_to_be_protected() -> None:
    assert {name: set(those) for name, those in records(Results).items()} == FIGURES


def published(n: int, seed: int = 1) -> tuple[Results, Protected]:
    frame = drawn(Draw(n, seed)) if n else frame_of([])
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN, population=POPULATION)
    themes = [THEME] if n >= 60 else []
    return results, protect(results, sums_of(frame, VILLAGE, COLUMNS), RULE, (), themes)


def figures(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every figure in a record with its path."""
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from figures(getattr(value, one.name), f"{path}.{one.name}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from figures(one, f"{path}.{name}")
    elif isinstance(value, tuple | list):
        for one in value:
            yield from figures(one, path)
    elif isinstance(value, int | float | date | time) and not isinstance(value, bool | Enum):
        yield path, value


PUBLIC = (".at", ".population", ".year", ".least", ".sweeps", ".not_stated")
"""Figures that are not of the people: of the census, of the rules, and that nobody is without a channel."""


@pytest.mark.parametrize("n", [0, 1, 9])
def test_of_fewer_than_the_threshold_nothing_is_told(n: int) -> None:
    _, made = published(n)
    assert [(path, one) for path, one in figures(made.results) if not path.endswith(PUBLIC)] == []
    assert all(one == 0 for path, one in figures(made.results) if path.endswith(".not_stated"))
    assert all(count is None for cell, count in made.release.counts.items())
    made.audited().require()
    assert msgspec.json.decode(msgspec.json.encode(made.results), type=Results) == made.results


def shares(value: object) -> Iterator[Share]:
    if isinstance(value, Share):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from shares(getattr(value, one.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from shares(one)


def test_what_is_shown_is_rounded_and_passes_the_audit() -> None:
    results, made = published(500)
    made.audited().require()
    told = made.results
    assert (told.consented, told.selected, told.item("cooks").base.answered) == (500, 500, 500)
    questions = [
        share
        for rate in told.equity.rates
        if rate.measure is Measure.ASK_AGAIN
        for share in (rate.overall, *(one for group in rate.groups for one in (group.rate, group.rest)))
    ]
    assert {(one.count, one.base) for one in questions} == {(None, None)}
    for share in shares(told):
        if any(share is one for one in questions):
            continue
        for count in (share.count, share.base):
            assert count is None or count % 5 == 0
        if share.count is None or share.base is None:
            assert (share.share, share.interval, share.weighted) == (None, None, None)
        elif share.base:
            assert share.share == min(1.0, share.count / share.base)
    ages, hours = told.item("age").numbers, told.item("hours").numbers
    assert ages is not None
    assert hours is not None
    assert (ages.least, ages.most, hours.least, hours.most) == (None, None, None, None)
    # Ages are groups elsewhere: a histogram beside them would cut the same people twice.
    assert ages.bins == ()
    assert hours.bins != ()
    assert ages.mean is not None
    assert ages.mean.value == 35.4
    since = told.item("since").dates
    assert since is not None
    assert (since.first, since.last) == (None, None)
    assert {one.code for one in told.notices} <= {NoticeCode.SELF_SELECTED, NoticeCode.WEIGHTED}
    whole = {(one.item, one.variable): one for one in results.breakdowns}
    for breakdown in told.breakdowns:
        for test in breakdown.tests:
            same = [
                one for one in whole[breakdown.item, breakdown.variable].tests if one.choice == test.choice
            ]
            assert same[0].p == pytest.approx(test.p, rel=0.06)
            assert all(group.n is not None for group in breakdown.groups if group.n != 0)
    assert made.themes == ()


def test_where_people_learnt_of_it_is_protected_as_any_group() -> None:
    came_by = ["radio-citizen"] * 160 + ["clinic"] * 60 + ["market"] * 3 + [None] * 77
    frame = drawn(Draw(300)).with_columns(pl.Series("came_by", came_by, pl.String))
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN)
    made = protect(results, sums_of(frame, VILLAGE, COLUMNS), RULE)
    made.audited().require()
    shown = {one.name for one in made.results.participation.by_source}
    assert "radio-citizen" in shown
    assert "market" not in shown
    named = {
        group.name for one in made.results.breakdowns if one.variable == "came_by" for group in one.groups
    }
    assert named <= shown


@pytest.mark.parametrize("helped", [3, 12, 300])
def test_whether_people_were_helped_is_protected_as_any_group(helped: int) -> None:
    answered = pl.Series("assisted", ["yes"] * helped + ["no"] * (300 - helped), pl.Enum(ASSISTED_OR_NOT))
    frame = drawn(Draw(300)).with_columns(answered.shuffle(7))
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN)
    made = protect(results, sums_of(frame, VILLAGE, COLUMNS), RULE)
    made.audited().require()
    told = {one.name: exact(one.turnout.started) for one in results.participation.by_help}
    assert told == {name: count for name, count in (("yes", helped), ("no", 300 - helped)) if count}
    shown = {one.name for one in made.results.participation.by_help}
    assert shown == {3: set(), 12: {"yes", "no"}, 300: {"yes"}}[helped]


def test_themes_are_told_when_their_size_is() -> None:
    frame = drawn(Draw(200))
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN)
    few = replace(THEME, said=Share(9, 120, 9 / 120, None))
    wide = replace(THEME, said=Share(52, 120, 52 / 120, None))
    made = protect(results, sums_of(frame, VILLAGE, COLUMNS), RULE, (), [wide, few])
    (told,) = made.themes
    assert (told.said.count, told.said.base) == (50, 120)


def test_a_mean_without_its_sums_is_not_published() -> None:
    frame = drawn(Draw(200))
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN)
    made = protect(results, {}, RULE)
    for item in made.results.items:
        assert item.numbers is None or item.numbers.mean is None
    assert all(group.mean is None for one in made.results.breakdowns for group in one.groups)


def test_a_selection_is_not_published() -> None:
    frame = drawn(Draw(60))
    results = estimate(frame, VILLAGE, COLUMNS, at=BEGAN, selection=Selection(channels=("sms",)))
    with pytest.raises(DisclosureError, match="of a selection are not published"):
        protect(results, {}, RULE)


def test_a_planted_leak_is_refused() -> None:
    _, made = published(500)
    small = next(
        cell
        for cell, count in made.true.items()
        if count < 5
        and made.release.counts[cell] is None
        and cell.precision == 2
        and cell not in made.release.course
    )
    leaking = replace(made.release, counts={**made.release.counts, small: made.true[small]})
    with pytest.raises(DisclosureError, match="not published, because small counts can be worked out"):
        audit([leaking]).require()


HAMLET = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: unsaid, label: I'd rather not say}]
    - name: needs
      type: select_multiple
      label: What is needed?
      choices: [{name: water, label: Water}, {name: roads, label: Roads}, {name: light, label: Light}]
    - {name: hours, type: decimal, label: How many hours a day?}
    """,
    "groups: [gender]",
)
"""Some of the village's questions, one of each kind: two releases of all of them take programs three times as long."""
HAMLET_COLUMNS = columns([HAMLET], {}, with_status=True)


def estimated(frame: pl.DataFrame) -> Results:
    return estimate(frame, HAMLET, HAMLET_COLUMNS, at=BEGAN)


def released(frame: pl.DataFrame, *earlier: Release) -> Protected:
    """Return a release of these people's answers to the hamlet's questions."""
    results = estimated(frame)
    return protect(results, sums_of(frame, HAMLET, HAMLET_COLUMNS), RULE, earlier)


def test_a_second_release_is_audited_with_the_first_as_it_was_kept() -> None:
    frame = drawn(Draw(400))
    first = released(frame.head(300))
    (read,) = releases_of([kept(first.release, ())])
    assert read == first.release
    second = released(frame, read)
    second.audited().require()
    assert second.release.name == "2"
    assert second.before == (read,)
    assert second.results.consented == 400
    # A hundred have come, so a mean is told again.
    hours = second.results.item("hours").numbers
    assert hours is not None
    assert hours.mean is not None
    # Somebody was erased, and the counts have fallen.
    third = released(frame.head(280), read)
    assert third.before[0].changed >= 18
    kept_both = [kept(first.release, ()), kept(third.release, third.before)]
    assert [one.changed for one in releases_of(kept_both)] == [third.before[0].changed, 0]
    assert Cell() in third.release.counts
    # Where no mean may be told, nothing of the numbers is.
    few = shown(replace(estimated(frame.head(304)), breakdowns=()), (), replace(second.release, means={}))
    hours = few.results.item("hours").numbers
    assert hours is not None
    assert (hours.mean, hours.median, hours.lower, hours.deviation) == (None, None, None, None)
