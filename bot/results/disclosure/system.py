"""What whoever reads the releases knows, as linear inequalities over the counts they do not show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.results.disclosure.records import Cell, Parts, Release

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]

UNBOUNDED = 1e9
"""Stands for no bound: more people than there are. Sums of it are whole numbers that a float still holds exactly."""


@dataclass(frozen=True, slots=True)
class Term:
    """One count of one release, which is one unknown of the system."""

    release: int
    cell: Cell


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Every filling `x` of the tables that fits what is published: `lower <= x <= upper` and `rows @ x <= most`.

    Unknowns are in the order of `terms`. An equation is two rows, one for each direction.
    """

    terms: tuple[Term, ...]
    lower: Numbers
    upper: Numbers
    rows: sparse.csr_array
    most: Numbers

    def holds(self, filling: Numbers) -> bool:
        """Return whether whole numbers fill the tables as they are published."""
        within = (self.lower <= filling).all() and (filling <= self.upper).all()
        return bool(within and (self.rows @ filling <= self.most).all())


Row = tuple[list[tuple[int, int]], int]
"""Unknowns with their factors, 1 or -1, and what they come to at most."""


def system_of(releases: Sequence[Release]) -> System:
    """Return the system of releases of the same consultation, the oldest first."""
    terms = tuple(Term(number, cell) for number, one in enumerate(releases) for cell in one.counts)
    place = {term: index for index, term in enumerate(terms)}
    lower, upper = _bounds(terms, releases)
    rows = [row for number in range(len(releases)) for row in _within(releases, number, place)]
    rows += [row for number in range(1, len(releases)) for row in _between(releases, number, place)]
    entries = [(number, index, factor) for number, row in enumerate(rows) for index, factor in row[0]]
    at, index, factor = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    return System(
        terms,
        lower,
        upper,
        sparse.csr_array((factor.astype(float), (at, index)), shape=(len(rows), len(terms))),
        np.array([most for _, most in rows], dtype=float),
    )


def showing(system: System, releases: Sequence[Release]) -> System:
    """Return the system of the same releases with other counts shown."""
    lower, upper = _bounds(system.terms, releases)
    return replace(system, lower=lower, upper=upper)


def known_of(system: System, counts: Mapping[Cell, int]) -> Numbers:
    """Return the true counts of the newest release in their places, and NaN for those of the releases before it."""
    newest = max((term.release for term in system.terms), default=0)
    return np.array(
        [counts[term.cell] if term.release == newest else np.nan for term in system.terms], dtype=float
    )


def _bounds(terms: Sequence[Term], releases: Sequence[Release]) -> tuple[Numbers, Numbers]:
    possible = [releases[term.release].possible(term.cell) for term in terms]
    return (
        np.array([least for least, _ in possible], dtype=float),
        np.array([UNBOUNDED if most is None else most for _, most in possible], dtype=float),
    )


def _within(releases: Sequence[Release], number: int, place: dict[Term, int]) -> Iterator[Row]:
    for relation in releases[number].relations:
        whole = place[Term(number, relation.whole)]
        parts = [place[Term(number, part)] for part in relation.parts]
        if relation.how is not Parts.ANY:
            yield [(whole, 1), *((part, -1) for part in parts)], 0
        if relation.how is Parts.ONE:
            yield [(whole, -1), *((part, 1) for part in parts)], 0
        else:
            yield from (([(part, 1), (whole, -1)], 0) for part in parts)


def _between(releases: Sequence[Release], number: int, place: dict[Term, int]) -> Iterator[Row]:
    """Yield what is known of releases that follow each other: people are added, and in parts no more than in all."""
    before, changed = number - 1, releases[number - 1].changed
    shared = releases[before].counts.keys() & releases[number].counts.keys()
    for cell in releases[number].counts:
        if cell in shared:
            yield [(place[Term(before, cell)], 1), (place[Term(number, cell)], -1)], changed
    for relation in releases[number].relations:
        if relation.how is not Parts.ONE and relation.whole in shared:
            grown = [(place[Term(before, relation.whole)], 1), (place[Term(number, relation.whole)], -1)]
            for part in relation.parts:
                if part in shared:
                    here, then = place[Term(number, part)], place[Term(before, part)]
                    yield [(here, 1), (then, -1), *grown], changed


def narrowed(system: System, rounds: int = 30) -> tuple[Numbers, Numbers]:
    """Return bounds of each unknown that follow from the rows one at a time, and so are no tighter than the truth.

    Quick, where `bot.results.disclosure.bounds` is exact: each row bounds each of its unknowns by the others' bounds.
    """
    entries = system.rows.tocoo()
    at, index, adds = entries.row, entries.col, entries.data > 0
    lower, upper = system.lower.copy(), system.upper.copy()
    for _ in range(rounds):
        least = np.where(adds, lower[index], -upper[index])
        left = system.most[at] - (np.bincount(at, least, len(system.most))[at] - least)
        tighter_upper, tighter_lower = upper.copy(), lower.copy()
        np.minimum.at(tighter_upper, index[adds], left[adds])
        np.maximum.at(tighter_lower, index[~adds], -left[~adds])
        if (tighter_upper == upper).all() and (tighter_lower == lower).all():
            break
        lower, upper = tighter_lower, tighter_upper
    return lower, upper
