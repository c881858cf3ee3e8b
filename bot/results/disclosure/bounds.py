"""How far a withheld count can be narrowed down, by linear programming over everything that is published together.

That a count is safe is proved by fillings: whole numbers in all cells, which fit all that is published, and between
which the count differs by enough. One filling serves many counts, so a few programs are enough for thousands. What no
filling shows to be safe gets its exact least and most, in programs of its own. Both are proofs: a solution that is not
in whole numbers is never taken for a filling, and where the least and most of linear programming leave it open, whole
numbers are asked for.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bot.errors import DisclosureError
from bot.results.disclosure.programs import (
    CONTRADICTION,
    HOPS,
    TOLERANCE,
    Solution,
    apart,
    around,
    around_fixed,
    bounded,
    cut,
    least,
)
from bot.results.disclosure.system import Indices, Numbers, System, narrowed

FEW = 60
"""So few questions are looked at one by one."""
SIZES = (100, 600, 2_500)
"""How many counts may hang together where changes to a filling are looked for, one after the other."""
FRUITLESS = 2
"""After so many pairs of programs that show nothing new, what is left is looked at one by one."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to find out: the value of one unknown, or how much it has grown since another (`since`).

    It is safe when at least `values` values are possible, or when it is known to be no less than `small`: then it is no
    small number of people.
    """

    unknown: int
    since: int | None
    values: int
    small: int

    def of(self, filling: Numbers) -> float:
        return float(filling[self.unknown] - (0.0 if self.since is None else filling[self.since]))

    def factors(self, length: int) -> Numbers:
        """Return the factors that make the sum of all unknowns what is asked for."""
        factors = np.zeros(length)
        factors[self.unknown] = 1.0
        if self.since is not None:
            factors[self.since] -= 1.0
        return factors

    @property
    def unknowns(self) -> Indices:
        return np.array([self.unknown] if self.since is None else [self.unknown, self.since])

    def within(self, unknowns: Indices) -> "Question":
        """Return the same question in a system of some of the unknowns alone, in their places there."""
        since = None if self.since is None else int(np.searchsorted(unknowns, self.since))
        return replace(self, unknown=int(np.searchsorted(unknowns, self.unknown)), since=since)

    def is_safe(self, low: float, high: float) -> bool:
        return high - low >= self.values - 1 or low >= self.small


@dataclass(frozen=True, slots=True)
class Range:
    """The least and most that is possible; `high` is None without bound.

    Where not exact, it was only looked at until it was shown to be safe: more is possible than is told here.
    """

    low: int
    high: int | None
    is_exact: bool
    is_safe: bool


@dataclass(slots=True)
class Fillings:
    """The least and most of each question in the fillings found so far, which stay when more is withheld."""

    low: dict[Question, float] = field(default_factory=dict)
    high: dict[Question, float] = field(default_factory=dict)

    def take(self, question: Question, value: float) -> None:
        self.low[question] = min(value, self.low.get(question, value))
        self.high[question] = max(value, self.high.get(question, value))

    def show(self, question: Question) -> bool:
        """Return whether they differ by enough."""
        low = self.low.get(question)
        return low is not None and self.high[question] - low >= question.values - 1


def ranges(
    system: System,
    questions: Sequence[Question],
    fillings: Fillings,
    base: Numbers | None = None,
    *,
    exact: bool = False,
    roughly: bool = False,
) -> list[Range]:
    """Return the range of each question, in their order; what fillings are found is added to those at hand.

    With `base`, a filling, most questions are answered by changes to it that are looked for in small parts of the
    tables, while all else stays; only what is left takes programs over everything. Where it is enough to know that
    something leaks, and not how much (`roughly`), the rows around it mostly tell.

    Raises:
        DisclosureError: nothing fits what is published.
    """
    capped, endless = bounded(system)
    lower, upper = narrowed(capped)
    if (lower > upper).any():
        raise DisclosureError(CONTRADICTION)
    tight = replace(capped, lower=lower, upper=upper)
    found: dict[Question, Range] = {}
    if base is not None:
        search_near(tight, questions, fillings, base)
    ties = [(one.unknown, one.since) for one in questions if one.since is not None]
    for unknowns, asked in _shared(questions, apart(tight, ties)):
        near = None if base is None else base[unknowns]
        part = Part(cut(tight, unknowns), asked, [one.within(unknowns) for one in asked], fillings, near)
        if base is None:
            part.search()
        found |= dict(zip(asked, part.ranges(endless, exact=exact, roughly=roughly), strict=True))
    return [found[one] for one in questions]


def search_near(system: System, questions: Sequence[Question], fillings: Fillings, base: Numbers) -> None:
    """Look for fillings that differ from one in few places: in parts of the tables, small ones first.

    Counts that link many others (who took part, who is in a group) stay as they are, and the tables fall apart.
    """
    for one in questions:
        if not fillings.show(one):
            fillings.take(one, one.of(base))
    degree = np.diff(system.rows.tocsc().indptr)
    for one in questions:
        if one.since is not None:
            degree[[one.unknown, one.since]] = degree[[one.unknown, one.since]].max()
    for most in SIZES:
        open_ = [one for one in questions if not fillings.show(one) and _outside(one, system) is None]
        if len(open_) <= FEW:
            break
        free, groups = _falling_apart(system, questions, degree, base, most)
        for unknowns, asked in _shared([one for one in open_ if free[one.unknown]], groups):
            here = around_fixed(system, unknowns, base)
            Part(here, asked, [one.within(unknowns) for one in asked], fillings).search()


def _falling_apart(
    system: System, questions: Sequence[Question], degree: Indices, base: Numbers, most: int
) -> tuple[NDArray[np.bool_], list[Indices]]:
    """Return which unknowns are free, and groups of them: as many as can be without a group of more than `most`."""
    ties = [(one.unknown, one.since) for one in questions if one.since is not None]
    for bound in sorted(set(degree.tolist()), reverse=True):
        free = degree <= bound
        fixed = replace(
            system,
            lower=np.where(free, system.lower, base),
            upper=np.where(free, system.upper, base),
        )
        groups = [one[free[one]] for one in apart(fixed, ties, free)]
        if max(map(len, groups)) <= most:
            break
    return free, groups


def _shared(
    questions: Sequence[Question], groups: Sequence[Indices]
) -> Iterator[tuple[Indices, list[Question]]]:
    """Yield the groups of unknowns that something is asked of, with what is asked."""
    group_of = {int(unknown): number for number, group in enumerate(groups) for unknown in group}
    asked: dict[int, list[Question]] = {}
    for one in questions:
        asked.setdefault(group_of[one.unknown], []).append(one)
    yield from ((groups[number], those) for number, those in asked.items())


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Unknowns that nothing links to the others, and what is asked of them: as it was, and in their own places.

    `solve` is another way to the filling in which a sum of counts is least; such fillings may hold parts of people.
    """

    system: System
    asked: Sequence[Question]
    local: Sequence[Question]
    fillings: Fillings
    base: Numbers | None = None
    solve: Callable[[Numbers], Numbers] | None = None

    def search(self) -> None:
        """Look for fillings that show what is asked to be safe, for many questions at once."""
        fruitless = turn = 0
        open_ = self._open()
        while open_ and fruitless < FRUITLESS:
            # All up, then every other one, then every other two: what shares a row cannot all be high in one filling.
            factors = np.zeros(len(self.system.terms))
            for rank, one in enumerate(open_):
                sign = 1.0 if turn == 0 or (rank >> (turn - 1) % 8) & 1 else -1.0
                factors += sign * one.factors(len(factors))
            for direction in (factors, -factors):
                self.take(self._least(direction))
            left = self._open()
            fruitless = 0 if len(left) < len(open_) else fruitless + 1
            open_, turn = left, turn + 1

    def _open(self) -> list[Question]:
        """Return what neither the fillings nor the bounds of single rows decide."""
        return [
            here
            for there, here in zip(self.asked, self.local, strict=True)
            if not self.fillings.show(there) and _outside(here, self.system) is None
        ]

    def _least(self, factors: Numbers) -> Solution:
        if self.solve is None:
            return least(self.system, factors)
        return Solution(self.solve(factors), np.empty(0, dtype=np.int64))

    def take(self, solution: Solution) -> None:
        filling = solution.filling
        if self.solve is None:
            filling = filling.round()
            if (np.abs(solution.filling - filling) >= TOLERANCE).any() or not self.system.holds(filling):
                return
        for there, here in zip(self.asked, self.local, strict=True):
            if not self.fillings.show(there):
                self.fillings.take(there, here.of(filling))

    def ranges(self, endless: float, *, exact: bool = False, roughly: bool = False) -> Iterator[Range]:
        """Yield the range of each question; unsafe ones are exact, but for some where a rough answer is enough."""
        for there, here in zip(self.asked, self.local, strict=True):
            if not exact and self.fillings.show(there):
                low, high = self.fillings.low[there], self.fillings.high[there]
                yield _range(low, high, endless, is_exact=False, is_safe=True)
            elif not exact and (
                _outside(here, self.system) or (roughly and _outside(here, self.system) is False)
            ):
                low, high = _between(here, self.system.lower, self.system.upper)
                yield _range(low, high, endless, is_exact=False, is_safe=here.is_safe(low, high))
            elif not exact and (near := self._nearby(there, here, roughly=roughly)) is not None:
                yield near
            else:
                low, high = self._exactly(there, here)
                yield _range(low, high, endless, is_exact=True, is_safe=here.is_safe(low, high))

    def _nearby(self, there: Question, here: Question, *, roughly: bool) -> Range | None:
        """Return the range by the rows around a question alone, where these decide; unsafe ones are as they bound it.

        What may be anything far away bounds it no tighter than the truth; what stays as it is there, no wider.
        """
        nearest = HOPS[:2] if roughly else ()
        for hops in nearest if self.base is None else HOPS:
            unknowns = around(self.system, here.unknowns, hops)
            asked = here.within(unknowns)
            loose = cut(self.system, unknowns)
            low, high = (asked.of(end.filling) for end in _ends(loose, asked))
            if not asked.is_safe(_up(low), _down(high)):
                return Range(int(_up(low)), int(_down(high)), is_exact=False, is_safe=False)
            if self.base is not None:
                tight = around_fixed(self.system, unknowns, self.base)
                part = Part(tight, [there], [asked], self.fillings)
                for whole in (False, True):
                    ends = _ends(tight, asked, whole=whole)
                    for end in ends:
                        part.take(end)
                    if self.fillings.show(there):
                        found = self.fillings
                        low, high = found.low[there], found.high[there]
                        return Range(int(low), int(high), is_exact=False, is_safe=True)
                    low, high = (asked.of(end.filling) for end in ends)
                    if not asked.is_safe(_up(low), _down(high)):
                        break
        return None

    def _exactly(self, there: Question, here: Question) -> tuple[float, float]:
        factors = here.factors(len(self.system.terms))
        ends = [self._least(direction) for direction in (factors, -factors)]
        for end in ends:
            self.take(end)
        low, high = (here.of(end.filling) for end in ends)
        if self.solve is None and here.is_safe(_up(low), _down(high)) and not self.fillings.show(there):
            ends = _ends(self.system, here, whole=True)
            low, high = (here.of(end.filling.round()) for end in ends)
        return _up(low), _down(high)


def _outside(question: Question, system: System) -> bool | None:
    """Return whether it is safe by the bounds of single rows; None where they leave it open."""
    low, high = _between(question, system.lower, system.upper)
    if low >= question.small:
        return True
    return None if question.is_safe(low, high) else False


def _ends(system: System, question: Question, *, whole: bool = False) -> list[Solution]:
    factors = question.factors(len(system.terms))
    return [least(system, direction, whole=whole) for direction in (factors, -factors)]


def _between(question: Question, lower: Numbers, upper: Numbers) -> tuple[float, float]:
    """Return the bounds of what is asked that follow from those of its unknowns."""
    if question.since is None:
        return float(lower[question.unknown]), float(upper[question.unknown])
    return (
        float(lower[question.unknown] - upper[question.since]),
        float(upper[question.unknown] - lower[question.since]),
    )


def _up(value: float) -> float:
    return math.ceil(value - TOLERANCE)


def _down(value: float) -> float:
    return math.floor(value + TOLERANCE)


def _range(low: float, high: float, endless: float, *, is_exact: bool, is_safe: bool) -> Range:
    return Range(int(low), None if high >= endless else int(high), is_exact, is_safe)
