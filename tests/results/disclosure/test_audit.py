"""The audit: what can be worked out from what is published, by worked examples and by trying every filling."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.errors import DisclosureError
from bot.results.disclosure import EVERYBODY, Cell, Parts, Relation, Release, Rule, Table, audit
from bot.results.disclosure.linking import link

EXACT = Rule(threshold=10, rounding=1)


def table(body: Sequence[Sequence[int]], item: str = "water", variable: str = "region") -> Table:
    """A table of choices a, b ... by groups x, y ..., with its margins."""
    choices, groups = "abcdef"[: len(body)], "uvwxyz"[-len(body[0]) :]
    counts = {(c, g): body[i][j] for i, c in enumerate(choices) for j, g in enumerate(groups)}
    counts |= {(c, ""): sum(body[i]) for i, c in enumerate(choices)}
    counts |= {("", g): sum(row[j] for row in body) for j, g in enumerate(groups)}
    counts[("", "")] = sum(map(sum, body))
    return Table(item, tuple(choices), counts, variable=variable, groups=tuple(groups))


def publish(tables: Sequence[Table], rule: Rule, also: Sequence[Cell] = (), name: str = "now") -> Release:
    """A release without complementary suppression: counts below the threshold and `also` are withheld, no more."""
    counts, relations = link(tables)
    shown = {
        cell: None if count < rule.threshold or cell in also else rule.published(count)
        for cell, count in counts.items()
    }
    return Release(name, rule, relations, shown)


def intervals(*releases: Release) -> dict[Cell, tuple[int, int | None]]:
    """The exact range of each withheld count of the last release."""
    return {
        one.cell: (one.range.low, one.range.high)
        for one in audit(releases, exact=True).findings
        if one.since is None and one.release == releases[-1].name
    }


THREE = table([[26, 4, 30], [22, 31, 18], [27, 25, 9]])


def test_two_small_counts_of_three_by_three_are_recovered_exactly() -> None:
    here = publish([THREE], EXACT)
    assert intervals(here) == {THREE.cell("a", "y"): (4, 4), THREE.cell("c", "z"): (9, 9)}
    found = audit([here])
    assert not found.passed
    assert found.leaks[0].message == (
        "region: y, water: a: the count is to be withheld, but what now shows tells that it is 4."
    )


def test_with_complementary_cells_they_are_hidden() -> None:
    also = [THREE.cell("a", "z"), THREE.cell("c", "y")]
    found = audit([publish([THREE], EXACT, also)], exact=True)
    assert found.passed
    assert {one.cell: (one.range.low, one.range.high) for one in found.findings} == {
        THREE.cell("a", "y"): (0, 29),
        THREE.cell("a", "z"): (5, 34),
        THREE.cell("c", "y"): (0, 29),
        THREE.cell("c", "z"): (5, 34),
    }


def test_refused_publication_names_cells_and_no_count() -> None:
    with pytest.raises(
        DisclosureError, match="'region: y, water: a' in now; 'region: z, water: c'"
    ) as raised:
        audit([publish([THREE], EXACT)]).require()
    assert not set(str(raised.value)) & set("0123456789")


def test_rounding_alone_hides_a_count_among_three_but_not_among_two() -> None:
    among_three, among_two = table([[26], [22], [4]]), table([[26], [4]])
    one_column = [replace(one, variable="", groups=()) for one in (among_three, among_two)]
    three, two = (publish([one], Rule()) for one in one_column)
    assert intervals(three) == {one_column[0].cell("c"): (0, 11)}
    assert audit([three]).passed
    assert intervals(two) == {one_column[1].cell("b"): (1, 9)}
    assert not audit([two]).passed


def test_all_of_a_group_of_one_mind_leak() -> None:
    one_mind = table([[23, 30], [0, 30], [0, 30]])
    leaks = audit([publish([one_mind], Rule())]).leaks
    assert {(one.cell, one.range.high) for one in leaks} == {
        (one_mind.cell("b", "y"), 4),
        (one_mind.cell("c", "y"), 4),
    }


def test_a_count_withheld_in_one_table_and_told_by_another() -> None:
    # The people of the north who drink from the river are 5 whichever way the table is turned.
    by_region = table([[5, 40], [30, 60]], "water", "region")
    turned = {(group, choice): count for (choice, group), count in by_region.counts.items()}
    by_water = Table("region", ("y", "z"), turned, variable="water", groups=("a", "b"))
    assert by_region.cell("a", "y") == by_water.cell("y", "a")
    counts, _ = link([by_region, by_water])
    assert len(counts) == 9 + 9 - 4


def test_who_took_part_bounds_who_answered() -> None:
    answers = table([[12, 40], [15, 30]])
    took_part = Table(
        "", (), {("", ""): 100, ("", "y"): 30, ("", "z"): 70}, variable="region", groups=("y", "z")
    )
    also = [answers.cell("", "y"), answers.cell("", "z"), answers.cell("a", "y"), answers.cell("b", "y")]
    here = publish([answers, took_part], EXACT, also)
    assert intervals(here)[answers.cell("", "y")] == (27, 27)
    alone = publish([answers], EXACT, [*also, answers.cell("")])
    assert intervals(alone)[answers.cell("", "y")] == (27, 27)
    unbounded = publish([took_part], EXACT, [EVERYBODY, Cell.of(("region", "y"))])
    assert intervals(unbounded) == {EVERYBODY: (70, None), Cell.of(("region", "y")): (0, None)}


def test_choices_of_several_are_no_more_than_those_who_answered() -> None:
    several = Table(
        "needs", ("a", "b", "c"), {("", ""): 40, ("a", ""): 30, ("b", ""): 25, ("c", ""): 6}, Parts.SOME
    )
    assert intervals(publish([several], EXACT)) == {several.cell("c"): (0, 40)}
    only_one = replace(several, counts={("", ""): 40, ("a", ""): 30, ("c", ""): 10}, choices=("a", "c"))
    assert intervals(publish([only_one], EXACT, [only_one.cell("c")])) == {only_one.cell("c"): (10, 40)}


@pytest.mark.parametrize(
    ("before", "now", "leaks"),
    [
        pytest.param([[30, 30], [30, 30]], [[31, 30], [30, 30]], True, id="one person more"),
        pytest.param([[30, 30], [30, 30]], [[45, 45], [45, 45]], False, id="fifteen more in each"),
    ],
)
def test_unrounded_releases_are_told_apart(
    before: list[list[int]], now: list[list[int]], leaks: bool
) -> None:
    found = audit([publish([table(before)], EXACT, name="May"), publish([table(now)], EXACT, name="June")])
    assert bool(found.leaks) is leaks
    if leaks:
        told = next(one for one in found.leaks if one.cell == Cell.of(("water", "a"), ("region", "y")))
        assert told.message == ("region: y, water: a: comparing June with May tells that the change is 1.")


def test_rounded_releases_do_not_tell_who_came_between() -> None:
    before, now = table([[30, 30], [30, 30]]), table([[31, 30], [30, 30]])
    found = audit([publish([before], Rule(), name="May"), publish([now], Rule(), name="June")], exact=True)
    assert found.passed
    changed = {one.cell: (one.range.low, one.range.high) for one in found.findings}
    assert changed[before.cell("a", "y")] == (0, 4)


def test_what_is_told_later_may_give_away_what_was_withheld_before() -> None:
    before = Release("May", EXACT, (), {EVERYBODY: None})
    now = Release("June", EXACT, (), {EVERYBODY: 10})
    assert audit([before, now]).passed  # 0 to 10: as much as "fewer than 10" tells
    small = Release("June", Rule(5, 1), (), {EVERYBODY: 6})
    (leak,) = audit([before, small]).leaks
    assert (leak.release, leak.range.low, leak.range.high) == ("May", 0, 6)


def test_who_was_erased_lets_counts_fall() -> None:
    before, now = Release("May", EXACT, (), {EVERYBODY: 40}), Release("June", EXACT, (), {EVERYBODY: 38})
    with pytest.raises(DisclosureError, match="contradict each other"):
        audit([before, now])
    (change,) = audit([replace(before, changed=2), now]).findings
    assert (change.range.low, change.range.high) == (-2, -2)


@pytest.mark.parametrize(("shown", "low", "high"), [(0, 0, 2), (5, 3, 7)])
def test_a_small_count_that_is_shown_is_found(shown: int, low: int, high: int) -> None:
    (leak,) = audit([Release("now", Rule(), (), {EVERYBODY: shown})]).leaks
    assert (leak.range.low, leak.range.high) == (low, high)
    assert audit([Release("now", Rule(), (), {EVERYBODY: 10})]).passed


def test_nothing_at_all_passes() -> None:
    assert audit([Release("now", Rule(), (), {})]).passed


def test_releases_need_names_of_their_own() -> None:
    with pytest.raises(DisclosureError, match="same name"):
        audit([publish([THREE], EXACT), publish([THREE], EXACT)])


# Every filling of a small table, tried one by one.

BODIES = st.integers(2, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=2, max_size=2
    )
)
SMALL = [Rule(5, 1), Rule(5, 2), Rule(5, 5)]


def options(release: Release, most: int) -> dict[Cell, range]:
    """What each count in the body of a table can be by itself."""
    found = {}
    for cell in release.counts:
        if cell.precision == 2:
            low, high = release.rule.possible(release.counts[cell])
            found[cell] = range(low, (most if high is None else high) + 1)
    return found


def fillings(release: Release, each: Mapping[Cell, range]) -> Iterator[Mapping[Cell, int]]:
    """Every way to fill a table of which nothing else is known than what its release shows."""
    for values in itertools.product(*each.values()):
        filled = dict(zip(each, values, strict=True))
        if _fill(filled, release.relations) and all(_fits(release, *one) for one in filled.items()):
            yield filled


def _fill(filled: dict[Cell, int], relations: Sequence[Relation]) -> bool:
    left = list(relations)
    while left:
        ready = [one for one in left if all(part in filled for part in one.parts)]
        for one in ready:
            total = sum(filled[part] for part in one.parts)
            if filled.setdefault(one.whole, total) != total:
                return False
        left = [one for one in left if one not in ready]
    return True


def _fits(release: Release, cell: Cell, value: int) -> bool:
    low, high = release.rule.possible(release.counts[cell])
    return low <= value and (high is None or value <= high)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(body=BODIES, rule=st.sampled_from(SMALL), data=st.data())
def test_every_filling_lies_within_the_audited_range_and_reaches_its_ends(
    body: list[list[int]], rule: Rule, data: st.DataObject
) -> None:
    one = table(body)
    cells = [cell for cell, count in one.cells() if cell.precision == 2]
    also = data.draw(st.lists(st.sampled_from(cells), max_size=1))
    release = publish([one], rule, also)
    withheld = [cell for cell in cells if release.counts[cell] is None]
    # Few enough to try them all, and with totals to bound them.
    assume(release.is_shown(one.cell(), *(one.cell("", group) for group in one.groups)))
    most = max(rule.possible(release.counts[one.cell("", group)])[1] or 0 for group in one.groups)
    each = options(release, most)
    assume(math.prod(map(len, each.values())) <= 5_000)
    tried = list(fillings(release, each))
    assert dict(one.cells()) in tried
    told = intervals(release)
    for cell in withheld:
        values = [filled[cell] for filled in tried]
        assert told[cell] == (min(values), max(values))


def test_who_was_never_asked_hides_nobody() -> None:
    asked = table([[30, 0], [9, 0], [31, 0]], "water", "gender")
    women, men = "y", "z"
    here = publish([asked], EXACT, [asked.cell("a"), asked.cell("c", women), asked.cell("", women)])
    assert audit([here]).passed
    # Who knows that men were not asked knows that the totals are of women.
    known = frozenset(asked.cell(choice, men) for choice in ("", "a", "b", "c"))
    found = audit([replace(here, nobody=known)])
    assert {one.cell: (one.range.low, one.range.high) for one in found.leaks} == {
        asked.cell("b"): (9, 9),
        asked.cell("b", women): (9, 9),
    }
    # And of men there is nothing to be found out.
    assert not known & {one.cell for one in found.findings}
