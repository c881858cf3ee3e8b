"""What a release shows: what is withheld, that its audit always passes, and that a planted leak is always caught."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import DisclosureError
from bot.results.disclosure import Cell, Parts, Release, Rule, Table, audit, withhold
from bot.results.disclosure.linking import link

People = Sequence[Mapping[str, str]]

VARIABLES = {"language": ("en", "sw"), "region": ("n", "s", "w")}
ITEMS = {"water": ("tap", "river", "well"), "safe": ("yes", "no")}


def people(count: int, seed: int, answering: float = 0.9) -> People:
    """Made-up people; later values of each list are rarer, some so rare that groups are small."""
    random = Random(seed)
    names = VARIABLES | ITEMS
    rarity = {name: [random.choice((1.0, 0.5, 0.2, 0.05)) for _ in values] for name, values in names.items()}
    return [
        {
            name: random.choices(values, rarity[name])[0]
            for name, values in names.items()
            if name in VARIABLES or random.random() < answering
        }
        for _ in range(count)
    ]


def tables(those: People) -> list[Table]:
    """Who took part and every item, by every variable."""
    found = []
    for variable, groups in VARIABLES.items():
        took_part = Counter(("", one[variable]) for one in those) + Counter({("", ""): len(those)})
        found.append(Table("", (), took_part, variable=variable, groups=groups))
        for item, choices in ITEMS.items():
            counts: Counter[tuple[str, str]] = Counter()
            for one in those:
                if item in one:
                    counts.update(
                        [("", ""), (one[item], ""), ("", one[variable]), (one[item], one[variable])]
                    )
            found.append(Table(item, choices, counts, variable=variable, groups=groups))
    return found


RULES = st.builds(Rule, st.sampled_from([5, 7, 10]), st.sampled_from([1, 3, 5]))


@settings(max_examples=12, deadline=None)
@given(count=st.integers(0, 300), seed=st.integers(0, 10**6), rule=RULES)
def test_what_is_withheld_always_passes_the_audit(count: int, seed: int, rule: Rule) -> None:
    those = tables(people(count, seed))
    release = withhold("now", those, rule)
    audit([release]).require()
    true = {cell: number for one in those for cell, number in one.cells()}
    for cell, shown in release.counts.items():
        if shown is not None:
            assert true[cell] >= rule.threshold
            assert abs(shown - true[cell]) <= rule.rounding // 2


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_a_planted_leak_is_always_caught(seed: int, data: st.DataObject) -> None:
    # In whatever table, one small count is given away by showing all the others of its row or column as they are.
    those = tables(people(200, seed))
    counts, relations = link(those)
    sums = [one for one in relations if one.how is Parts.ONE and any(counts[part] < 5 for part in one.parts)]
    assume(sums)
    row = data.draw(st.sampled_from(sums))
    leaking = data.draw(st.sampled_from([part for part in row.parts if counts[part] < 5]))
    told = {row.whole, *row.parts} - {leaking}
    shown = {cell: count if cell in told else None for cell, count in counts.items()}
    leaks = audit([Release("now", Rule(5, 1), relations, shown)]).leaks
    assert (leaking, counts[leaking], counts[leaking]) in [
        (leak.cell, leak.range.low, leak.range.high) for leak in leaks
    ]


@settings(max_examples=8, deadline=None)
@given(count=st.integers(20, 300), seed=st.integers(0, 10**6))
def test_showing_again_what_hides_a_small_count_is_caught(count: int, seed: int) -> None:
    # Every count that was withheld beside the small ones was withheld for a reason: shown again, something leaks.
    those = tables(people(count, seed))
    release = withhold("now", those, Rule(10, 1))
    true = {cell: number for one in those for cell, number in one.cells()}
    beside = {
        cell: true[cell] for cell, shown in release.counts.items() if shown is None and true[cell] >= 10
    }
    if beside:
        assert not audit([replace(release, counts={**release.counts, **beside})]).passed


@settings(max_examples=5, deadline=None)
@given(first=st.integers(0, 150), more=st.integers(0, 80), seed=st.integers(0, 10**6))
def test_a_second_release_gives_nothing_of_the_first_away(first: int, more: int, seed: int) -> None:
    those = people(first + more, seed)
    before = withhold("May", tables(those[:first]), Rule())
    now = withhold("June", tables(those), Rule(), [before])
    audit([before, now]).require()


def counts_of(release: Release, *cells: Cell) -> list[int | None]:
    return [release.counts[cell] for cell in cells]


def column(counts: Mapping[str, int], chosen: Parts = Parts.ONE, base: int | None = None) -> Table:
    whole = {("", ""): sum(counts.values()) if base is None else base}
    return Table(
        "water", tuple(counts), whole | {(name, ""): count for name, count in counts.items()}, chosen
    )


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param({}, [None], id="nobody"),
        pytest.param({"a": 1, "b": 0}, [None, None, None], id="one person"),
        pytest.param({"a": 4, "b": 5}, [None, None, None], id="nine people"),
        pytest.param({"a": 12, "b": 13}, [25, 10, 15], id="no small count"),
        pytest.param(
            {"a": 50, "b": 4}, [55, None, None], id="one small count of two takes the other with it"
        ),
        pytest.param({"a": 50, "b": 30, "c": 4}, [85, 50, 30, None], id="one of three is hidden by rounding"),
        pytest.param({"a": 60, "b": 0, "c": 0}, [60, None, None, None], id="all of one mind"),
    ],
)
def test_a_column(counts: Mapping[str, int], shown: list[int | None]) -> None:
    one = column(counts)
    release = withhold("now", [one], Rule())
    assert counts_of(release, one.cell(), *(one.cell(name) for name in counts)) == shown


def test_choices_of_several_hide_by_themselves() -> None:
    several = column({"a": 50, "b": 4}, Parts.SOME, 52)
    assert counts_of(withhold("now", [several], Rule()), several.cell("a"), several.cell("b")) == [50, None]


def test_the_body_of_a_table_is_withheld_before_its_margins() -> None:
    body = {"a": (26, 4, 30), "b": (22, 31, 18), "c": (27, 25, 9)}
    counts = {
        (choice, group): row[place] for choice, row in body.items() for place, group in enumerate("xyz")
    }
    counts |= {(choice, ""): sum(row) for choice, row in body.items()}
    counts |= {("", group): sum(row[place] for row in body.values()) for place, group in enumerate("xyz")}
    one = Table("water", tuple(body), counts | {("", ""): 192}, variable="region", groups=tuple("xyz"))
    release = withhold("now", [one], Rule(10, 1))
    withheld = {cell for cell, shown in release.counts.items() if shown is None}
    assert {one.cell("a", "y"), one.cell("c", "z")} < withheld
    assert len(withheld) <= 5
    assert all(cell.precision == 2 for cell in withheld)


def test_shares_are_made_of_what_is_shown() -> None:
    one = column({"a": 16, "b": 21})
    release = withhold("now", [one], Rule())
    assert release.share(one.cell("a"), one.cell()) == 15 / 35
    hidden = withhold("now", [column({"a": 50, "b": 4})], Rule())
    assert hidden.share(one.cell("a"), one.cell()) is None


def test_later_releases_withhold_what_would_give_an_earlier_one_away() -> None:
    one = column({"a": 9, "b": 40, "c": 40})
    before = withhold("May", [one], Rule(10, 1))
    later = withhold("June", [column({"a": 10, "b": 40, "c": 40})], Rule(10, 1), [before])
    assert before.counts[one.cell("a")] is None
    assert audit([before, later]).passed
    assert later.counts != withhold("June", [column({"a": 10, "b": 40, "c": 40})], Rule(10, 1)).counts


@pytest.mark.parametrize("rule", [(4, 5), (10, 0), (5, 6)])
def test_a_rule_that_protects_nobody_is_refused(rule: tuple[int, int]) -> None:
    with pytest.raises(DisclosureError):
        Rule(*rule)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([column({"a": 20, "b": 20}, base=41)], "do not come to it"),
        ([column({"a": 50}, Parts.ANY, 40)], "do not come to it"),
        ([column({"a": 10, "b": 10}, Parts.SOME, 30)], "do not come to it"),
        ([column({"a": 20}), column({"a": 21})], "count differently"),
        ([replace(column({"a": 20}), variable="water", groups=("a",))], "broken down by itself"),
    ],
)
def test_tables_that_do_not_hold_together_are_refused(given_: list[Table], message: str) -> None:
    with pytest.raises(DisclosureError, match=message):
        withhold("now", given_, Rule())
