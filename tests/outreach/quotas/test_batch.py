"""Which invitations go next: within the limits, where interviews are missing, and the same again from the same seed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Adaptive, Quota, Quotas, Source, Variable
from bot.outreach.quotas.batch import Kind, allot, draw
from bot.outreach.quotas.standing import Standing, standing
from bot.store.outreach.quotas import Counts, Interviewed, Invited, Outcome

GENDER = Variable("gender", Source.ATTRIBUTE, ("woman", "man"))
AREA = Variable("area", Source.ATTRIBUTE, ("town", "village", "camp"))


def quota(variable: Variable, *targets: int | None) -> Quota:
    wanted = {
        (one,): target for one, target in zip(variable.categories, targets, strict=True) if target is not None
    }
    return Quota((variable,), wanted)


def standing_of(
    *quotas: Quota,
    total: int | None = None,
    complete: Mapping[str, int] | None = None,
    invited: Mapping[str, tuple[int, int]] | None = None,
    **limits: Any,
) -> Standing:
    """Return where quotas stand; `complete` and `invited` (and how many of those completed) are by gender."""
    counts = Counts(
        tuple(Interviewed(who(one), True, False, count) for one, count in (complete or {}).items()),
        tuple(
            Invited(who(one), outcome, False, count)
            for one, (sent, done) in (invited or {}).items()
            for outcome, count in ((Outcome.COMPLETE, done), (Outcome.SILENT, sent - done))
        ),
    )
    return standing(Quotas(quotas, total, adaptive=Adaptive(**limits)), counts)


def who(gender: str, area: str = "") -> Profile:
    return Profile(attributes={"gender": gender, "area": area})


def kinds(stand: Standing, people: Mapping[tuple[str, str], int]) -> list[Kind]:
    return [
        Kind(tuple(who(*one).cell(each) for each in stand.quotas.all()), count)
        for one, count in people.items()
    ]


def by_cell(stand: Standing, people: Mapping[tuple[str, str], int], seed: int = 7) -> dict[str, int]:
    batch = allot(stand, kinds(stand, people), seed)
    return {one.cell.name: one.invited for one in batch.explained}


LIST = {("woman", ""): 5_000, ("man", ""): 5_000}


def test_it_goes_where_interviews_are_missing() -> None:
    stand = standing_of(
        quota(GENDER, 1000, 1000), complete={"woman": 200, "man": 800}, batch=1000, least_share=0.1
    )
    assert by_cell(stand, LIST) == {"woman": 800, "man": 200}


def test_who_answers_less_is_invited_more() -> None:
    seen = {"woman": (1000, 100), "man": (1000, 300)}
    stand = standing_of(quota(GENDER, 1000, 1000), invited=seen, batch=1000)
    found = by_cell(stand, LIST)
    assert found["woman"] == pytest.approx(750, abs=5)


def test_a_share_is_drawn_evenly_whatever_is_missing() -> None:
    stand = standing_of(quota(GENDER, 1000, 1000), complete={"man": 999}, batch=1000, least_share=0.4)
    assert by_cell(stand, LIST) == {"woman": 800, "man": 200}


def test_no_cell_gets_more_than_its_share() -> None:
    stand = standing_of(quota(GENDER, 1000, 1000), complete={"man": 999}, batch=1000, most_share=0.6)
    found = allot(stand, kinds(stand, LIST), 7)
    assert {one.cell.name: (one.invited, one.why) for one in found.explained}["woman"] == (
        600,
        "at most 60% of a batch",
    )


def test_why_a_cell_is_raised_or_lowered_is_said_truly() -> None:
    def told(stand: Standing, people: Mapping[tuple[str, str], int]) -> dict[str, str]:
        return {one.cell.name: one.why for one in allot(stand, kinds(stand, people), 7).explained}

    more, fewer = (
        "raised: needs more of those listed than others",
        "lowered: needs fewer of those listed than others",
    )
    # Both miss as many, and there are fewer men to find them among.
    equal = standing_of(quota(GENDER, 100, 100), batch=200)
    assert told(equal, {("woman", ""): 4_000, ("man", ""): 1_000}) == {"woman": fewer, "man": more}
    # There are as many of each, and women answer less.
    answers = standing_of(quota(GENDER, 900, 900), invited={"woman": (500, 50), "man": (500, 150)}, batch=400)
    assert told(answers, LIST) == {"woman": more, "man": fewer}
    # Gender alone would be drawn evenly; all women are in town, where more is missing.
    people = {("woman", "town"): 5_000, ("man", "village"): 5_000}
    both = standing_of(quota(GENDER, 500, 500), quota(AREA, 900, 100, 0), batch=1000)
    found = told(both, people)
    assert (found["town"], found["village"]) == (more, fewer)
    assert (found["woman"], found["man"]) == (
        "raised: for the sake of other quotas",
        "lowered: for the sake of other quotas",
    )


def test_those_who_are_expected_of_earlier_invitations_are_told_beside_what_is_missing() -> None:
    silent = Invited(who("woman"), Outcome.SILENT, True, 20)
    stand = standing(Quotas((quota(GENDER, 40, None),), 40), Counts((), (silent,)))
    found = {one.cell.name: one for one in allot(stand, kinds(stand, LIST), 7).explained}
    assert (found["everybody"].gap, found["everybody"].expected) == (36.0, 4.0)


def test_a_full_cell_is_not_invited() -> None:
    stand = standing_of(quota(GENDER, 1000, 1000), complete={"man": 1000}, batch=1000)
    found = allot(stand, kinds(stand, LIST), 7)
    assert [(one.cell.name, one.invited, one.why) for one in found.explained] == [
        ("woman", 1000, "as drawn evenly"),
        ("man", 0, "full"),
    ]


def test_two_quotas_are_served_at_once() -> None:
    people = {(gender, area): 2_000 for gender in GENDER.categories for area in AREA.categories}
    stand = standing_of(quota(GENDER, 900, 300), quota(AREA, 800, 300, 100), batch=1200, least_share=0.01)
    found = by_cell(stand, people)
    assert found == pytest.approx(
        {"woman": 900, "man": 300, "town": 800, "village": 300, "camp": 100}, abs=12
    )


def test_whose_cell_is_not_known_has_an_even_chance() -> None:
    stand = standing_of(quota(GENDER, 1000, 1000), complete={"man": 800}, batch=1000)
    batch = allot(stand, kinds(stand, {("woman", ""): 3_000, ("man", ""): 3_000, ("", ""): 4_000}), 7)
    assert batch.allotted[2].invited == 400


def test_what_takes_as_many_as_come_gets_what_is_left() -> None:
    people = {("woman", "town"): 9_000, ("woman", "village"): 900, ("woman", "camp"): 100}
    stand = standing_of(quota(AREA, None, None, 10), batch=1000, least_share=0.1)
    # A tenth of these 50 is drawn evenly.
    assert by_cell(stand, people) == pytest.approx({"town": 4.5, "village": 0.5, "camp": 45}, abs=1.1)
    both = standing_of(quota(AREA, None, None, 10), quota(GENDER, 5000, None), batch=1000, least_share=0.1)
    found = by_cell(both, people)
    assert found == pytest.approx({"woman": 1000, "man": 0, "town": 864, "village": 86, "camp": 50}, abs=1)


@pytest.mark.parametrize(
    ("stand", "size", "why"),
    [
        (standing_of(quota(GENDER, 50, 50)), 500, "as many as the quotas still need at these rates"),
        (
            standing_of(quota(GENDER, 50, 50), total=20),
            100,
            "as many as the quotas still need at these rates",
        ),
        (standing_of(quota(GENDER, 9000, 9000), batch=700), 700, "as many as a batch has"),
        (standing_of(quota(GENDER, 90_000, 9000), batch=50_000), 10_000, "everybody who is left"),
        (standing_of(quota(GENDER, None, None), batch=10), 10, "no quota says how many are wanted"),
        (
            standing_of(quota(GENDER, 5, 5), total=10, complete={"woman": 5, "man": 5}),
            0,
            "nobody is left who may be invited",
        ),
    ],
)
def test_no_more_are_invited_than_are_needed(stand: Standing, size: int, why: str) -> None:
    batch = allot(stand, kinds(stand, LIST), 7)
    assert (batch.size, batch.why) == (size, why)


COUNTS = st.integers(0, 3_000)


@given(
    people=st.dictionaries(
        st.tuples(st.sampled_from(["woman", "man", ""]), st.sampled_from(["town", "village", "camp", ""])),
        st.integers(1, 4_000),
        min_size=1,
    ),
    targets=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS),
    complete=st.fixed_dictionaries({"woman": COUNTS, "man": COUNTS}),
    limits=st.fixed_dictionaries(
        {
            "batch": st.integers(1, 5_000),
            "least_share": st.floats(0.01, 1),
            "most_share": st.floats(0.05, 1),
            "expected_rate": st.floats(0.01, 1),
        }
    ),
    seed=st.integers(0, 2**48),
)
def test_within_every_limit_and_nobody_without_a_chance(
    people: dict[tuple[str, str], int],
    targets: tuple[int, ...],
    complete: dict[str, int],
    limits: dict[str, Any],
    seed: int,
) -> None:
    stand = standing_of(quota(GENDER, *targets[:2]), quota(AREA, *targets[2:]), complete=complete, **limits)
    groups = kinds(stand, people)
    batch = allot(stand, groups, seed)
    assert batch == allot(stand, groups, seed)
    assert batch.size <= limits["batch"]
    for kind, one in zip(groups, batch.allotted, strict=True):
        assert 0 <= one.invited <= kind.count
        is_full = any(cell is not None and stand.cells[cell].is_full for cell in kind.cells)
        assert (one.chance > 0) == (batch.size > 0 and not is_full) or batch.size == 0
    for cell in batch.explained:
        assert cell.invited <= max(limits["most_share"] * limits["batch"], 0) + 1e-6
        assert cell.invited <= cell.candidates


@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    seed=st.integers(0, 2**48),
    share=st.floats(0, 1),
)
def test_the_same_seed_draws_the_same_people_in_any_order(sizes: list[int], seed: int, share: float) -> None:
    places = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    ids = np.arange(len(places), dtype=np.int64) * 3 + 1
    stand = standing_of()
    allotted = allot(stand, [Kind((), size) for size in sizes], seed, max(int(share * len(ids)), 1)).allotted
    drawn = draw(ids, places, allotted, seed)
    turned = np.random.default_rng(1).permutation(len(ids))
    assert drawn.tolist() == draw(ids[turned], places[turned], allotted, seed).tolist()
    assert len(set(drawn.tolist())) == len(drawn) == sum(one.invited for one in allotted)
    for place, one in enumerate(allotted):
        assert sum(int(each) in set(ids[places == place].tolist()) for each in drawn) == one.invited


def test_everybody_of_a_kind_has_the_same_chance() -> None:
    ids = np.arange(1, 1_001, dtype=np.int64)
    places = np.zeros(1_000, dtype=np.int32)
    stand = standing_of(batch=100)
    times = np.zeros(1_001)
    for seed in range(400):
        times[draw(ids, places, allot(stand, [Kind((), 1_000)], seed).allotted, seed)] += 1
    # 400 draws of one in ten: 40 times on average, with a standard deviation of 6.
    assert times[1:].mean() == 40
    assert abs(times[1:].std() - 6) < 0.5
