"""Means of two releases: what differs between them is never the doing of a few."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from bot.results.disclosure import Release, Rule
from bot.results.disclosure.linking import link
from bot.results.disclosure.means import Numbers
from bot.results.disclosure.records import MeanOf
from bot.results.disclosure.since import ALL, ToldMean, told_again
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.means import means_told
from bot.results.publication.sums import PLACED, sums_of
from bot.results.publication.tables import tables_of
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, Draw, drawn

ASKED = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: unsaid, label: I'd rather not say}]
    - name: first
      type: rank
      label: What comes first?
      choices: [{name: school, label: School}, {name: clinic, label: Clinic}, {name: market, label: Market}]
    - {name: hours, type: decimal, label: How many hours a day?}
    """,
    "groups: [gender]",
)
LAID = columns([ASKED], {}, with_status=True)
RULE = Rule()
BEFORE = {
    name: ToldMean(n - 2, n + 2, f"of {name}") for name, n in {ALL: 150, "a": 50, "b": 50, "c": 50}.items()
}


def of(*sizes: int, same: bool = False) -> Mapping[str, Numbers]:
    """Return the numbers of all, and of groups of these sizes."""
    named = {ALL: sum(sizes), **dict(zip("abc", sizes, strict=True))}
    return {name: Numbers(size, 0, 0, 0, f"of {name}" if same else "other") for name, size in named.items()}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(of(50, 50, 50, same=True), {ALL, *"abc"}, id="nobody came"),
        pytest.param(of(50, 50, 50), set(), id="as many, and others"),
        pytest.param(of(80, 90, 70), {ALL, *"abc"}, id="many came to each"),
        pytest.param(of(53, 50, 51), set(), id="few came"),
        pytest.param(of(80, 90, 51), {ALL, "b"}, id="one came to one group: another is left out with it"),
        pytest.param(of(60, 50, 60), {ALL}, id="two groups by eight at least, and all"),
        pytest.param(of(20, 20, 20), {ALL, *"abc"}, id="many had their answers deleted"),
    ],
)
def test_beside_one_release(now: Mapping[str, Numbers], told: set[str]) -> None:
    assert told_again(now, [BEFORE], 10) == told


def test_beside_several_and_what_was_not_told() -> None:
    without_b = {name: one for name, one in BEFORE.items() if name != "b"}
    now = of(80, 51, 80)
    assert told_again(now, [], 10) == {ALL, *"abc"}
    # The rest was b's then and is now: one came to it, so another joins it.
    assert told_again(now, [without_b], 10) == {ALL, "b", "c"}
    groups_alone = {name: one for name, one in BEFORE.items() if name != ALL}
    assert told_again(now, [groups_alone], 10) == {ALL, "a", "c"}
    assert told_again(now, [BEFORE, {ALL: ToldMean(205, 209, "x")}], 10) == {"a", "c"}


def released(frame: pl.DataFrame, *earlier: Release) -> Release:
    """Return a release of these people's answers with small counts withheld, and no others: means alone matter."""
    results = estimate(frame, ASKED, LAID, at=BEGAN)
    sums = sums_of(frame, ASKED, LAID)
    counts, relations = link(tables_of(results, str(len(earlier) + 1), sums))
    shown = {cell: RULE.published(count) if count >= 10 else None for cell, count in counts.items()}
    release = Release(str(len(earlier) + 1), RULE, relations, shown)
    return replace(release, means=means_told(results, sums, release, earlier))


def told(release: Release) -> set[MeanOf]:
    return set(release.means or ())


def test_the_same_answers_have_the_same_means_and_few_more_have_none() -> None:
    frame = drawn(Draw(300))
    first = released(frame.head(200))
    (before,) = releases_of([kept(first, ())])
    assert before == first
    assert {("hours", "", ""), ("hours", "gender", "man"), ("first", PLACED, "school")} <= told(first)
    assert released(frame.head(200), before).means == first.means
    few = released(frame.head(204), before)
    # Those to whom nobody came.
    assert (few.means or {}).items() <= (first.means or {}).items()
    assert ("hours", "", "") not in told(few)
    # One changed their mind, and nobody came.
    other = frame.head(200).with_columns(
        pl.when(pl.col("respondent") == "r3").then(pl.lit(9.5)).otherwise(pl.col("hours")).alias("hours")
    )
    told_of = {one for one in told(released(other, before)) if one[0] == "hours"}
    assert ("hours", "", "") not in told_of
    assert all(group for _, _, group in told_of)


@pytest.mark.parametrize("more", [5, 25, 60, 100])
def test_nobody_who_came_is_told_of_by_two_means(more: int) -> None:
    frame = drawn(Draw(300, 7))
    then, now = frame.head(200), frame.head(200 + more)
    first = released(then)
    second = released(now, *releases_of([kept(first, ())]))
    both = told(first) & told(second)
    assert both or more < 60
    old, new = (sums_of(one, ASKED, LAID) for one in (then, now))
    grown = {key: new[key].count - one.count for key, one in old.items()}
    assert all(grown[key] == 0 or grown[key] >= RULE.threshold for key in both)
    for item, variable in product(("hours",), ("gender", "language", "channel")):
        if (item, "", "") in both:
            groups = [key for key in both if key[1] == variable]
            rest = grown[item, "", ""] - sum(grown[key] for key in groups)
            assert rest == 0 or rest >= RULE.threshold


def test_a_release_of_which_it_is_not_known_may_have_told_any() -> None:
    frame = drawn(Draw(300))
    first = released(frame.head(200))
    document = kept(first, ()).replace('"means":', '"before":')
    (before,) = releases_of([document])
    assert before.means is None
    assert told(released(frame.head(200), before)) == set()
    assert ("hours", "", "") in told(released(frame, before))
