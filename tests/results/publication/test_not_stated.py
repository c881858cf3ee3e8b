"""Readers who reckon with those who are in no group: they try whole populations, and know nothing of the audit.

Such a reader sees what is published alone, and fills one table of all that people answer (women below 18 who speak
English and cook with wood, those without a gender who speak Swahili and cook with gas, ...) with whole people. All
that can be known follows from that.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import inf
from random import Random
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.errors import DisclosureError
from bot.results.disclosure import Cell, Release, Rule, Tally, audit, crossings, withhold
from bot.results.disclosure.linking import link, unseen
from bot.results.disclosure.records import NOT_STATED
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect, shown
from bot.results.publication.sums import sums_of
from bot.results.publication.tables import tables_of
from bot.results.records.results import Results
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, frame_of

KITCHEN = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      required: false
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: other, label: Neither}]
    - name: cooks
      type: select_one
      label: What do you cook with?
      required: false
      choices: [{name: wood, label: Wood}, {name: gas, label: Gas}]
    - {name: age, type: integer, label: How old are you?, required: false}
    """,
    "groups: [gender, {name: age, bands: [18, 40]}]",
)
LAID = columns([KITCHEN], {}, with_status=True)
NONE = ""
AGES = {"<18": 16, "18-39": 30, "40+": 50, NONE: None}
KINDS: Mapping[str, Sequence[str]] = {
    "gender": ("woman", "man", "other", NONE),
    "cooks": ("wood", "gas", NONE),
    "age": tuple(AGES),
    "language": ("en", "sw"),
}
Person = Mapping[str, str]
Where = Mapping[str, str]
"""Whom a count counts: for each name a value, `NONE` for no answer, `*` for any."""


def people(count: int, seed: int, silent: float) -> list[Person]:
    random = Random(seed)
    rare = {
        name: [random.choice((1.0, 0.4, 0.1)) for _ in kinds if _ != NONE] for name, kinds in KINDS.items()
    }
    return [
        {
            name: NONE
            if name != "language" and random.random() < silent
            else random.choices([one for one in kinds if one != NONE], rare[name])[0]
            for name, kinds in KINDS.items()
        }
        for _ in range(count)
    ]


def results_of(those: Sequence[Person]) -> tuple[Results, pl.DataFrame]:
    rows = [
        {
            **{name: value or None for name, value in one.items()},
            "age": AGES[one["age"]],
            **{
                f"{name}/status": "answered" if one[name] else "skipped"
                for name in ("gender", "cooks", "age")
            },
        }
        for one in those
    ]
    frame = frame_of(rows, LAID)
    return estimate(frame, KITCHEN, LAID, at=BEGAN), frame


def released(those: Sequence[Person], rule: Rule, *earlier: Release) -> Protected:
    results, frame = results_of(those)
    return protect(results, sums_of(frame, KITCHEN, LAID), rule, earlier)


# --- what a reader sees


def seen(told: Results, rule: Rule) -> Iterator[tuple[Where, int, float]]:
    """Yield what is published, with the least and the most that it can stand for."""

    def count(where: Where, number: int | None) -> Iterator[tuple[Where, int, float]]:
        if number is not None:
            least, most = rule.possible(number)
            yield where, least, inf if most is None else most

    yield from count({}, told.consented)
    for group in told.participation.by_language:
        yield from count({"language": group.name}, group.turnout.consented)
    for item in told.items:
        yield from count({item.name: "*"}, item.base.answered)
        for choice in item.choices:
            yield from count({item.name: choice.name}, choice.taken.count)
    for one in told.breakdowns:
        if one.variable not in KINDS:
            continue
        for part in one.groups:
            yield from count({one.item: "*", one.variable: part.name}, part.n)
            for choice in part.choices:
                yield from count({one.item: choice.name, one.variable: part.name}, choice.taken.count)
        if one.variable == "language":
            continue
        if one.not_stated == 0:
            yield {one.variable: NONE}, 0, 0
        else:
            yield from count({one.item: "*", one.variable: NONE}, one.not_stated)
            # It would be told if there were nobody, of as many as that.
            if told.consented is not None and told.consented > 30 + rule.rounding:
                yield {one.variable: NONE}, 1, inf


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing example is small as it is, and looking for a smaller one takes minutes."""
TYPES = list(product(*KINDS.values()))
"""Everybody, once for all that they answer: who fills this table finds out all that follows from what is published."""


def row(where: Where) -> np.ndarray:
    """Return the factors of a count."""
    return np.array(
        [
            float(
                all(
                    value != NONE if where[name] == "*" else value == where[name]
                    for name, value in zip(KINDS, values, strict=True)
                    if name in where
                )
            )
            for values in TYPES
        ]
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has all releases: those of each came beside those of the ones before."""

    releases: Sequence[tuple[Results, Rule]]

    def between(self, where: Where, release: int, *, since: int | None = None) -> tuple[int, float]:
        """Return the least and the most that a count can be, or by how much it can have grown."""
        rows, least, most = [], [], []
        for number, (told, rule) in enumerate(self.releases):
            for of, low, high in seen(told, rule):
                rows.append(self._until(of, number))
                least.append(low)
                most.append(high)
        aim = self._until(where, release) - (0.0 if since is None else self._until(where, since))
        size = len(TYPES) * len(self.releases)
        ends = [
            milp(
                sign * aim,
                constraints=LinearConstraint(np.array(rows), least, most) if rows else (),
                bounds=Bounds(0, 5_000),
                integrality=np.ones(size),
            )
            for sign in (1.0, -1.0)
        ]
        assert all(one.success for one in ends)
        return round(ends[0].fun), round(-ends[1].fun)

    def _until(self, where: Where, number: int) -> np.ndarray:
        """Return the factors of all who had come by a release."""
        of = row(where)
        return np.concatenate([of if at <= number else 0 * of for at in range(len(self.releases))])


def asked() -> Iterator[Where]:
    """Yield every count that tells what somebody answered: of each question by each variable."""
    for item, variable in (
        ("cooks", "gender"),
        ("cooks", "age"),
        ("gender", "age"),
        ("age", "gender"),
        ("cooks", "language"),
        ("gender", "language"),
    ):
        choices = [one for one in KINDS[item] if one != NONE] if item != "age" else []
        for group, choice in product(KINDS[variable], ("*", *choices)):
            yield {item: choice, variable: group}


def narrowed(
    reader: Reader, made: Release, those: Sequence[Person], release: int = 0
) -> list[tuple[Where, int, float]]:
    """Return the withheld counts that a reader narrows down to fewer values than the threshold."""
    told, rule = reader.releases[release]
    is_seen = [where for where, *_ in seen(told, rule)]
    empty = {name for where, _, high in seen(told, rule) if high == 0 for name in where}
    found = []
    for where in asked():
        if where in is_seen or any(where.get(name) == NONE for name in empty):
            continue
        # A language that nobody speaks is in no table: there is nobody whom it could tell of.
        if not any(one["language"] == where.get("language", one["language"]) for one in those):
            continue
        # Large enough to be shown, and in no table only because the page has no place for it.
        if made.counts.get(Cell.of(*((name, of or NOT_STATED) for name, of in where.items()))) is not None:
            continue
        low, high = reader.between(where, release)
        true = sum(
            all(one[name] == of or (of == "*" and one[name] != NONE) for name, of in where.items())
            for one in those
        )
        assert low <= true <= high
        if low < rule.threshold and high - low < rule.threshold - 1:
            found.append((where, low, high))
    return found


# --- the tests

FEW_SILENT = people(400, 0, 0.008)
"""Few have not said their gender, so few that readers of the counts of all and of those who said know it."""


@cache
def made_of_few_silent() -> Protected:
    return released(FEW_SILENT, Rule())


def pairs_alone() -> AbstractContextManager[object]:
    """Have no three breakdowns be looked at together: who does that reckons with those in no group."""
    return patch.object(crossings, "crossings", return_value=())


def without_membership(those: Sequence[Person], rule: Rule) -> tuple[Release, Results, Release]:
    """Return what was withheld by somebody who does not reckon with those in no group, as release and as results; and
    the same release with all that readers know."""
    results, frame = results_of(those)
    tables = tables_of(results, "1", sums_of(frame, KITCHEN, LAID))
    nowhere = unseen(tables)
    counts, relations = link(tables)
    reckoned = {one for one in relations if nowhere.intersection((one.whole, *one.parts))}
    others = [
        one for one in tables if not (isinstance(one, Tally) and (one.unseen or reckoned & set(one.known)))
    ]
    with pairs_alone():
        careless = withhold("1", others, rule)
    known = Release(
        "1",
        rule,
        relations,
        {cell: careless.counts.get(cell) for cell in counts},
        course=careless.course | {cell for one in tables if isinstance(one, Tally) for cell in one.course},
    )
    return careless, shown(results, (), careless).results, known


def test_who_does_not_reckon_with_those_in_no_group_is_found_out() -> None:
    rule = Rule()
    careless, told, known = without_membership(FEW_SILENT, rule)
    with pairs_alone():
        assert audit([careless]).passed
    found = narrowed(Reader([(told, rule)]), careless, FEW_SILENT)
    assert ({"cooks": "wood", "gender": NONE}, 0, 4) in found
    leaks = {(one.cell, one.range.low, one.range.high) for one in audit([known]).leaks}
    assert (Cell.of(("cooks", "wood"), ("gender", "?")), 0, 4) in leaks
    with pytest.raises(DisclosureError, match="small counts can be worked out"):
        audit([known]).require()


def test_who_reckons_with_them_is_not() -> None:
    rule = Rule()
    made = made_of_few_silent()
    made.audited().require()
    assert narrowed(Reader([(made.results, rule)]), made.release, FEW_SILENT) == []
    # What is withheld for it is who said, not how many took part.
    assert made.results.consented == 400
    assert made.results.item("cooks").base.answered == 395
    assert made.results.item("gender").base.answered is None


def test_where_everybody_said_nobody_is_left_to_be_told_of() -> None:
    all_said = [one for one in FEW_SILENT if one["gender"]]
    made = released(all_said, Rule())
    made.audited().require()
    assert {one.not_stated for one in made.results.breakdowns if one.variable == "gender"} == {0}
    assert made.results.item("gender").base.answered == 400
    assert narrowed(Reader([(made.results, Rule())]), made.release, all_said) == []
    few = released(all_said[:20], Rule())
    assert {one.not_stated for one in few.results.breakdowns if one.variable == "gender"} == {None}


def test_what_is_known_of_them_is_kept_for_later_audits() -> None:
    made = made_of_few_silent()
    (read,) = releases_of([kept(made.release, ())])
    assert read == made.release
    (nobody_said,) = (one for one in read.somebody if "gender" in str(one))
    assert read.possible(nobody_said) == (1, None)
    assert 1 <= made.true[nobody_said] <= 4


@settings(max_examples=3, deadline=None, phases=QUICK)
@given(
    count=st.integers(0, 400),
    seed=st.integers(0, 10**6),
    silent=st.sampled_from([0.0, 0.004, 0.02, 0.1]),
    rule=st.sampled_from([Rule(10, 5), Rule(5, 5), Rule(7, 1), Rule(10, 3)]),
)
def test_no_reader_narrows_down_what_is_not_shown(count: int, seed: int, silent: float, rule: Rule) -> None:
    those = people(count, seed, silent)
    made = released(those, rule)
    made.audited().require()
    assert narrowed(Reader([(made.results, rule)]), made.release, those) == []


@pytest.mark.parametrize(("first", "more", "seed"), [(100, 20, 3)])
def test_nor_of_two_releases(first: int, more: int, seed: int) -> None:
    rule, those = Rule(), people(first + more, seed, 0.02)
    before = released(those[:first], rule)
    now = released(those, rule, *releases_of([kept(before.release, ())]))
    now.audited().require()
    reader = Reader([(before.results, rule), (now.results, rule)])
    assert narrowed(reader, before.release, those[:first], 0) == []
    assert narrowed(reader, now.release, those, 1) == []
