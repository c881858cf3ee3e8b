"""Weights that bring the groups of those who took part to their shares of the population.

Raking (iterative proportional fitting: Deming and Stephan, Annals of Mathematical Statistics 11, 1940) on the cells of
the variables crossed, since everybody in a cell has the same weight. What it makes is weighted to census margins, and
no more: those who took part of a group may differ from those who did not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.flowfiles.population import Margin
from bot.results.estimates.coding import Floats, Variable
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.weighting import Collapsed, Weighting

BOUNDS = (0.3, 3.0)
"""A weight is held between these, times the mean: beyond, single people would speak for too many."""
LEAST_RESPONDENTS = 50
LEAST_IN_CATEGORY = 10
"""A category of fewer is weighted together with another: a few people cannot stand for a group."""
MOST_DESIGN_EFFECT = 3.0
MOST_GAP = 0.05
"""Weights that leave a share further than this from its margin are not weights to that margin."""
SWEEPS = 1_000
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Raked:
    """The weights of cells and which of them are held at a bound, how often all margins were gone through, and the
    largest difference to a margin that is left."""

    weights: Floats
    held: NDArray[np.bool_]
    sweeps: int
    gap: float


def rake(
    cells: NDArray[np.intp],
    counts: Floats,
    targets: Sequence[Floats],
    bounds: tuple[float, float] | None = BOUNDS,
) -> Raked:
    """Return weights (mean 1 over respondents) that bring each variable to its target shares.

    `cells` has a row a cell, with its code in each variable: 0 is not stated, and takes no part in that margin.
    `counts` are the respondents of each cell, `targets` the shares of codes 1 and up. With bounds, weights beyond them
    are held at them in each sweep, and what is cut there is shared by the others.
    """
    weights = np.ones(len(counts))
    stated = (cells > 0).any(1)
    sweeps, gap, held = 0, 1.0, np.zeros(len(counts), bool)
    while sweeps < SWEEPS:
        sweeps += 1
        before = weights.copy()
        for column, target in enumerate(targets):
            codes = cells[:, column]
            totals = np.bincount(codes, weights * counts, minlength=len(target) + 1)[1:]
            factors = np.divide(target * totals.sum(), totals, out=np.ones_like(totals), where=totals > 0)
            weights *= np.concatenate(([1.0], factors))[codes]
        # Those who state nothing keep 1, so that the others have it in the mean.
        weights[stated], held[stated] = _within(weights[stated], counts[stated], bounds)
        gap = _gap(cells, counts, targets, weights)
        if np.abs(weights - before).max() < CLOSE:
            break
    return Raked(weights, held, sweeps, gap)


def _within(
    weights: Floats, counts: Floats, bounds: tuple[float, float] | None
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return weights of mean 1 within the bounds, and which are held at one: what is cut there, the others share."""
    weights = weights * counts.sum() / (weights * counts).sum() if len(weights) else weights
    held = np.zeros(len(weights), bool)
    while bounds is not None:
        beyond = ~held & ((weights < bounds[0]) | (weights > bounds[1]))
        if not beyond.any():
            break
        weights[beyond] = np.clip(weights[beyond], *bounds)
        held |= beyond
        left = counts.sum() - (weights * counts)[held].sum()
        if held.all() or left <= 0:
            break
        weights[~held] *= left / (weights * counts)[~held].sum()
    return weights, held


def _gap(cells: NDArray[np.intp], counts: Floats, targets: Sequence[Floats], weights: Floats) -> float:
    gap = 0.0
    for column, target in enumerate(targets):
        totals = np.bincount(cells[:, column], weights * counts, minlength=len(target) + 1)[1:]
        gap = max(gap, float(np.abs(totals / totals.sum() - target).max()))
    return gap


def design_effect(weights: Floats, counts: Floats) -> float:
    """Return Kish's design effect of unequal weights, n sum w^2 / (sum w)^2 (Survey Sampling, 1965, 11.7)."""
    return float(counts.sum() * (counts * weights**2).sum() / (counts * weights).sum() ** 2)


def weigh(variables: Sequence[Variable], margins: Sequence[Margin]) -> tuple[Weighting, Floats | None]:
    """Return how respondents are weighted to margins, and a weight for each; None where it is refused, and why."""
    names = tuple(margin.variable for margin in margins)
    by_name = {one.name: one for one in variables}
    prepared = [_Prepared.of(by_name[margin.variable], margin) for margin in margins]
    n = prepared[0].codes.size if prepared else 0
    missing = int(np.any([one.codes == 0 for one in prepared], axis=0).sum()) if prepared else 0
    told = Weighting(names, n, missing, collapsed=tuple(part for one in prepared for part in one.collapsed))
    if n < LEAST_RESPONDENTS:
        values = {"n": n, "least": LEAST_RESPONDENTS}
        return replace(told, refused=Notice(NoticeCode.NOT_WEIGHTED_FEW, values)), None
    for one in prepared:
        if one.empty is not None:
            empty = {"variable": one.variable, "category": one.empty}
            return replace(told, refused=Notice(NoticeCode.NOT_WEIGHTED_EMPTY, empty)), None
    sizes = tuple(len(one.target) + 1 for one in prepared)
    crossed = np.ravel_multi_index(tuple(one.codes for one in prepared), sizes)
    counted = np.bincount(crossed, minlength=int(np.prod(sizes)))
    held = np.flatnonzero(counted)
    cells, counts = np.column_stack(np.unravel_index(held, sizes)), counted[held].astype(np.float64)
    targets = [one.target for one in prepared]
    # Of weights that are not held yet: what holding them hides is what the margins ask of few people.
    needed = design_effect(rake(cells, counts, targets, None).weights, counts)
    if needed > MOST_DESIGN_EFFECT:
        much = {"design_effect": needed, "most": MOST_DESIGN_EFFECT}
        return replace(told, refused=Notice(NoticeCode.NOT_WEIGHTED_DESIGN_EFFECT, much)), None
    raked = rake(cells, counts, targets)
    effect = design_effect(raked.weights, counts)
    told = replace(
        told,
        design_effect=effect,
        effective=n / effect,
        least=float(raked.weights.min()),
        most=float(raked.weights.max()),
        trimmed=int(counts[raked.held].sum()),
        gap=raked.gap,
        sweeps=raked.sweeps,
    )
    if raked.gap > MOST_GAP:
        return replace(told, refused=Notice(NoticeCode.NOT_WEIGHTED_APART, {"gap": raked.gap})), None
    by_cell = np.zeros(counted.size)
    by_cell[held] = raked.weights
    return told, by_cell[crossed]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A variable as it is weighted: codes after collapsing, the target of each, and what stands in the way."""

    variable: str
    codes: NDArray[np.intp]
    target: Floats
    collapsed: tuple[Collapsed, ...]
    empty: str | None

    @classmethod
    def of(cls, variable: Variable, margin: Margin) -> "_Prepared":
        counted = variable.counts()
        places = [
            place for place, one in enumerate(variable.categories, 1) if margin.shares.get(one.name, 0.0) > 0
        ]
        names = {place: variable.categories[place - 1].name for place in places}
        empty = next((names[place] for place in places if not counted[place]), None)
        counts = {place: int(counted[place]) for place in places}
        # Bands are in order, and belong with their neighbours; choices are in none.
        is_ordered = all(one.label is None for one in variable.categories)
        together = collapse(counts, is_ordered=is_ordered)
        to_code = np.zeros(variable.size, np.intp)
        target = np.zeros(len(together))
        for code, members in enumerate(together):
            to_code[list(members)] = code + 1
            target[code] = sum(margin.shares[names[place]] for place in members)
        collapsed = tuple(
            Collapsed(variable.name, tuple(names[place] for place in members))
            for members in together
            if len(members) > 1
        )
        return cls(variable.name, to_code[variable.codes], target, collapsed, empty)


def collapse(
    counts: Mapping[int, int], *, is_ordered: bool, least: int = LEAST_IN_CATEGORY
) -> tuple[tuple[int, ...], ...]:
    """Return categories put together until each has enough: the smallest with its smaller neighbour, or the next
    smallest where categories have no order."""
    parts: list[tuple[int, ...]] = [(place,) for place in counts]

    def size(part: tuple[int, ...]) -> int:
        return sum(counts[place] for place in part)

    while len(parts) > 1 and size(smallest := min(parts, key=size)) < least:
        at = parts.index(smallest)
        near = [parts[place] for place in (at - 1, at + 1) if 0 <= place < len(parts)]
        other = min(near if is_ordered else [part for part in parts if part != smallest], key=size)
        merged = tuple(sorted((*smallest, *other)))
        parts = [merged if part == other else part for part in parts if part != smallest]
    return tuple(parts)
