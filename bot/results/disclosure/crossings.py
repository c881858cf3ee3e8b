"""What three breakdowns tell together, that no two of them tell.

Who reads how gender goes with language, how language goes with what people cook with, and how that goes with gender,
knows something of a table that nobody publishes: of all three. Somebody who fills that table too, in every way that
fits, can narrow down what is withheld in the others.

Each three names of which every two are counted together somewhere is such a crossing. In it, people are filled in as
linear programming has them, in parts of people too: who insists on whole ones there too finds out hardly more, and a
program in whole numbers for each would take minutes.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bot.errors import DisclosureError
from bot.results.disclosure.bounds import Fillings, Part, Question, Range
from bot.results.disclosure.programs import CONTRADICTION, around, bounded, cut
from bot.results.disclosure.records import ANSWERED, EVERYBODY, NOT_STATED, Cell, Parts, Relation, Release
from bot.results.disclosure.system import Indices, Numbers, System, Term, narrowed

Names = tuple[str, ...]
"""In the order of the alphabet, as in cells."""


class Kind(NamedTuple):
    """People who are alike in one name: what they are called, and every value that counts them."""

    name: str
    values: frozenset[str]


NOBODY = np.empty(0, dtype=np.int64)

Split = tuple[Kind, ...]
"""Everybody, once each."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Three names, each with a split of everybody."""

    names: Names
    splits: tuple[Split, ...]

    def people(self) -> Iterator[tuple[Kind, ...]]:
        """Yield every three kinds: one unknown of the table that nobody publishes."""
        return product(*self.splits)

    def counts(self, cell: Cell) -> bool:
        """Return whether the people of a cell are some of these kinds, taken together."""
        return all(
            name in self.names and any(value in kind.values for kind in self._split(name))
            for name, value in cell.conditions
        )

    def factors(self, cell: Cell) -> np.ndarray:
        """Return which three kinds a cell counts, in the order of `people`."""
        met = [
            np.array(
                [all(value in kind.values for of, value in cell.conditions if of == name) for kind in split]
            )
            for name, split in zip(self.names, self.splits, strict=True)
        ]
        return np.flatnonzero(np.multiply.outer(np.multiply.outer(met[0], met[1]), met[2]).ravel())

    def _split(self, name: str) -> Split:
        return self.splits[self.names.index(name)]


def crossings(release: Release) -> Iterator[Crossing]:
    """Yield every crossing of a release."""
    pairs = _pairs(release)
    splits = _splits(release, pairs)
    for names in combinations(sorted(splits), 3):
        if all(pair in pairs for pair in combinations(names, 2)):
            yield from (Crossing(names, those) for those in product(*(splits[name] for name in names)))


def sums(system: System, crossing: Crossing, release: int) -> sparse.csr_array:
    """Return how the counts of a system are sums over a crossing's people: a row for each, empty where it is none."""
    people = math.prod(map(len, crossing.splits))
    counted = [
        crossing.factors(term.cell) if term.release == release and crossing.counts(term.cell) else NOBODY
        for term in system.terms
    ]
    ends = np.cumsum([0, *map(len, counted)])
    return sparse.csr_array((np.ones(ends[-1]), np.concatenate(counted), ends), shape=(len(counted), people))


def crossed(system: System, crossing: Crossing, release: int) -> System:
    """Return a system with the unknowns of a crossing after its own, and every count of theirs as a sum of them."""
    summed = sums(system, crossing, release)
    counted = np.flatnonzero(np.diff(summed.indptr))
    own = sparse.csr_array(
        (np.ones(len(counted)), (np.arange(len(counted)), counted)), shape=(len(counted), len(system.terms))
    )
    ties = sparse.hstack([own, -summed[counted]])
    wider = sparse.hstack([system.rows, sparse.csr_array((len(system.most), summed.shape[1]))])
    named = (
        Cell.of(*((name, kind.name) for name, kind in zip(crossing.names, kinds, strict=True)))
        for kinds in crossing.people()
    )
    return System(
        (*system.terms, *(Term(release, cell) for cell in named)),
        np.concatenate([system.lower, np.zeros(summed.shape[1])]),
        np.concatenate([system.upper, np.full(summed.shape[1], system.upper.max())]),
        sparse.csr_array(sparse.vstack([wider, ties, -ties])),
        np.concatenate([system.most, np.zeros(2 * len(counted))]),
    )


def least_across(system: System, crossing: Crossing, release: int) -> Callable[[Numbers], Numbers]:
    """Return what finds the filling of a crossing's counts in which a sum of them by factors is least.

    The people of the crossing are its only unknowns, and each count has its bounds: less than half of the work of the
    same program over `crossed`.
    """
    summed = sums(system, crossing, release)
    also = sparse.csr_array(system.rows @ summed)
    also.eliminate_zeros()
    # What only says that parts come to their whole says nothing of sums.
    telling = np.flatnonzero(np.diff(also.indptr))
    within = LinearConstraint(
        sparse.vstack([summed, also[telling]]),
        np.concatenate([system.lower, np.full(len(telling), -np.inf)]),
        np.concatenate([system.upper, system.most[telling]]),
    )

    def least(factors: Numbers) -> Numbers:
        found = milp(summed.T @ factors, constraints=within, bounds=Bounds(0, np.inf))
        if found.x is None:
            raise DisclosureError(CONTRADICTION)
        return np.asarray(summed @ found.x, dtype=float)

    return least


@dataclass(frozen=True, slots=True)
class Leak:
    """A withheld count that a crossing narrows down too far, and to what."""

    crossing: Crossing
    question: Question
    range: Range


class Across:
    """What the crossings of the newest release tell. What was found to be safe stays so when more is withheld."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self._release = len(releases) - 1
        self._fillings = {one: Fillings() for one in crossings(releases[-1])} if releases else {}

    def leaks(self, system: System, asked: Sequence[Question]) -> Iterator[Leak]:
        """Yield the leaks among what is asked of the newest release's counts; of changes nothing is found out."""
        asked = [
            one for one in asked if one.since is None and system.terms[one.unknown].release == self._release
        ]
        if not asked or not self._fillings:
            return
        capped, _ = bounded(system)
        lower, upper = narrowed(capped)
        tight, places = replace(capped, lower=lower, upper=upper), self._places(system)
        for crossing, fillings in self._fillings.items():
            unknowns = _unknowns(crossing, places, system)
            inside = set(unknowns.tolist())
            here = [one for one in asked if one.unknown in inside and not fillings.show(one)]
            if not here:
                continue
            near = cut(tight, unknowns)
            solve = least_across(near, crossing, self._release)
            part = Part(near, here, [one.within(unknowns) for one in here], fillings, solve=solve)
            part.search()
            for one, found in zip(here, part.ranges(math.inf), strict=True):
                if not found.is_safe:
                    yield Leak(crossing, one, found)

    def around(self, system: System, leak: Leak, hops: int | None) -> tuple[System, Question]:
        """Return a leak's crossing with what so many rows lead to from its counts, and the question in its place there;
        with all there is where that is None."""
        unknowns = np.arange(len(system.terms))
        if hops is not None:
            unknowns = around(system, _unknowns(leak.crossing, self._places(system), system), hops)
        return crossed(cut(system, unknowns), leak.crossing, self._release), leak.question.within(unknowns)

    def _places(self, system: System) -> Mapping[Names, Sequence[int]]:
        """Return the places of the release's counts, by what names these have conditions on."""
        found = defaultdict(list)
        for place, term in enumerate(system.terms):
            if term.release == self._release:
                found[tuple(name for name, _ in term.cell.conditions)].append(place)
        return found


def _unknowns(crossing: Crossing, places: Mapping[Names, Sequence[int]], system: System) -> Indices:
    """Return the places of all counts that a crossing relates."""
    some = (names for size in range(3) for names in combinations(crossing.names, size))
    return np.array(
        sorted(
            place
            for names in some
            for place in places.get(names, ())
            if crossing.counts(system.terms[place].cell)
        )
    )


def _pairs(release: Release) -> Mapping[Names, Sequence[Cell]]:
    """Return the counts of two names each, by these."""
    found = defaultdict(list)
    for cell in release.counts:
        if len(cell.conditions) == 2:
            found[tuple(name for name, _ in cell.conditions)].append(cell)
    return found


def _splits(release: Release, pairs: Mapping[Names, Sequence[Cell]]) -> Mapping[str, Sequence[Split]]:
    """Return how each name splits everybody: by all its values, or by each of several that somebody can have at once.

    Names that do not count people who took part (rounds of a repeat, how interviews ended) are none of them.
    """
    of_people: set[str] = set()
    is_anybody: set[str] = set()
    exclusive: defaultdict[str, set[str]] = defaultdict(set)
    for relation in release.relations:
        single = [one.conditions[0] for one in relation.parts if len(one.conditions) == 1]
        names = {name for name, _ in single}
        if relation.whole == EVERYBODY:
            of_people |= names
        if relation.how is Parts.ONE and relation.whole in (
            EVERYBODY,
            *(Cell.of((one, ANSWERED)) for one in names),
        ):
            for name, value in single:
                exclusive[name].add(value)
            if relation.whole == EVERYBODY and _are_all(names, single, relation):
                is_anybody |= names
    values: defaultdict[str, set[str]] = defaultdict(set)
    for cells in pairs.values():
        for cell in cells:
            for name, value in cell.conditions:
                values[name].add(value)
    splits = {
        name: _split(given - {ANSWERED, NOT_STATED}, exclusive[name], name in is_anybody)
        for name, given in values.items()
        if name in of_people
    }
    # Where all speak one language, that tells nobody from anybody.
    return {name: tuple(one for one in those if len(one) > 1) for name, those in splits.items()}


def _are_all(names: set[str], single: Sequence[tuple[str, str]], relation: Relation) -> bool:
    """Return whether a relation says that everybody has a value of one name."""
    return (
        len(names) == 1
        and len(single) == len(relation.parts)
        and all(value != NOT_STATED for _, value in single)
    )


def _split(values: set[str], exclusive: set[str], is_anybody: bool) -> Iterator[Split]:
    """Yield the splits of a name; where everybody has a value, there is no kind of those who have none."""
    none, other = Kind(NOT_STATED, frozenset({NOT_STATED})), Kind(ANSWERED, frozenset({ANSWERED}))
    if values <= exclusive:
        kinds = [Kind(value, frozenset({value, ANSWERED})) for value in sorted(values)]
        # Answers that are in no table with another name are one kind.
        is_all = kinds and exclusive <= values | {NOT_STATED, ANSWERED}
        yield (*kinds, *([] if is_all else [other]), *([] if is_anybody and is_all else [none]))
    else:
        for value in sorted(values):
            yield Kind(value, frozenset({value, ANSWERED})), other, none
