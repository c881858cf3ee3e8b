"""Programs over the tables: the filling in which a sum of counts is least, and which counts keep it from less."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from bot.errors import DisclosureError
from bot.results.disclosure.system import UNBOUNDED, Indices, Numbers, System

TOLERANCE = 1e-6
"""How far from a whole number a solution may lie (the solver's own feasibility tolerance is 1e-7)."""

HOPS = (1, 2, 4, 8)
"""How far around a count is looked for what bounds it, in rows, before all tables are looked at."""

CONTRADICTION = "the published counts contradict each other; was a release changed afterwards?"


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A filling, and the unknowns whose own bounds keep the sum from being less."""

    filling: Numbers
    binding: Indices


def least(system: System, factors: Numbers, *, whole: bool = False) -> Solution:
    """Return the filling in which the sum of counts by factors is least, in whole numbers if asked for.

    Raises:
        DisclosureError: nothing fits what is published.
    """
    if whole:
        rows = LinearConstraint(system.rows, ub=system.most)
        bounds = Bounds(system.lower, system.upper)
        found = milp(factors, integrality=np.ones(len(factors)), bounds=bounds, constraints=rows)
    else:
        both = np.column_stack([system.lower, system.upper])
        found = linprog(factors, A_ub=system.rows, b_ub=system.most, bounds=both, method="highs")
    if found.x is None:
        raise DisclosureError(CONTRADICTION)
    if whole:
        return Solution(found.x, np.empty(0, dtype=np.int64))
    prices = np.abs(found.lower.marginals) + np.abs(found.upper.marginals)
    return Solution(found.x, np.flatnonzero(prices > TOLERANCE))


def bounded(system: System) -> tuple[System, float]:
    """Return the system with a ceiling where nothing bounds a count, and what is to be taken for "no bound".

    A bound that follows from what is shown is a sum of some of it, and so far below.
    """
    shown = system.upper[system.upper < UNBOUNDED].sum() + np.abs(system.most).sum() + 1000.0
    ceiling = np.minimum(system.upper, 4.0 * shown)
    return System(system.terms, system.lower, ceiling, system.rows, system.most), 2.0 * shown


def apart(
    system: System, ties: Sequence[tuple[int, int]], free: NDArray[np.bool_] | None = None
) -> list[Indices]:
    """Return the unknowns in groups that nothing links: no row that could be broken within the bounds, and no tie.

    What is not `free` links nothing.
    """
    linking = np.ones(len(system.terms), dtype=bool) if free is None else free
    live = system.rows[np.flatnonzero(_highest(system) > system.most)]
    # A row links its unknowns: unknowns and rows are the nodes of one graph.
    unknowns, rows = len(system.terms), live.shape[0]
    links = live.tocoo()
    kept = linking[links.col]
    tied = [pair for pair in ties if linking[list(pair)].all()]
    first = np.concatenate([links.col[kept], [one for one, _ in tied]]).astype(np.int64)
    second = np.concatenate([links.row[kept] + unknowns, [other for _, other in tied]]).astype(np.int64)
    graph = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(unknowns + rows,) * 2)
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[:unknowns], kind="stable")
    return [np.asarray(one) for one in np.split(order, np.flatnonzero(np.diff(label[order])) + 1)]


def around(system: System, start: Indices, hops: int) -> Indices:
    """Return the unknowns that so many rows lead to from the first ones."""
    touched = np.zeros(len(system.terms))
    touched[start] = 1.0
    links = abs(system.rows)
    for _ in range(hops):
        touched = np.minimum(1.0, touched + links.T @ np.minimum(1.0, links @ touched))
    return np.flatnonzero(touched)


def cut(system: System, unknowns: Indices) -> System:
    """Return the system of some unknowns alone, with the rows that speak of no other: it allows as much, or more."""
    inside = np.zeros(len(system.terms))
    inside[unknowns] = 1.0
    links = abs(system.rows)
    within = np.flatnonzero((links @ inside == links.sum(axis=1)) & (_highest(system) > system.most))
    return System(
        tuple(system.terms[one] for one in unknowns),
        system.lower[unknowns],
        system.upper[unknowns],
        system.rows[within][:, unknowns],
        system.most[within],
    )


def around_fixed(system: System, free: Indices, base: Numbers) -> System:
    """Return the system of some unknowns where all others are as in a filling: it allows as much, or less."""
    others = base.copy()
    others[free] = 0.0
    columns = system.rows[:, free]
    touching = np.flatnonzero(np.diff(columns.indptr))
    rows, left = columns[touching], (system.most - system.rows @ others)[touching]
    lower, upper = system.lower[free], system.upper[free]
    binding = np.flatnonzero(_most_of(rows, lower, upper) > left)
    return System(tuple(system.terms[one] for one in free), lower, upper, rows[binding], left[binding])


def filling_of(system: System, known: Numbers | None = None) -> Numbers:
    """Return whole numbers that fit what is published; `known` are some of them, with NaN for the others.

    Raises:
        DisclosureError: nothing fits.
    """
    lower, upper = system.lower, system.upper
    if known is not None:
        lower, upper = np.where(np.isnan(known), lower, known), np.where(np.isnan(known), upper, known)
    fixed = System(system.terms, lower, upper, system.rows, system.most)
    for whole in (False, True):
        filling = least(fixed, np.zeros(len(system.terms)), whole=whole).filling.round()
        if fixed.holds(filling):
            return filling
    raise DisclosureError(CONTRADICTION)


def _highest(system: System) -> Numbers:
    """Return the most that each row can come to within the bounds of its unknowns."""
    return _most_of(system.rows, system.lower, system.upper)


def _most_of(rows: sparse.csr_array, lower: Numbers, upper: Numbers) -> Numbers:
    return np.asarray(rows.maximum(0) @ upper + rows.minimum(0) @ lower, dtype=float)
