"""Who is turned away, where the organiser demands it: whoever answers that they are in a cell that is full.

An interview holds its place from that answer on, until it ends otherwise than complete. So two who answer at once are
not both let into the last place.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.interview.records import Ending, Interview
from bot.core.outreach.quotas.records import Cell, Quota, Quotas, Source, Variable


@dataclass(frozen=True, slots=True)
class Full:
    """The quotas that turn people away, and the cells of theirs that take nobody more."""

    quotas: tuple[Quota, ...] = ()
    cells: frozenset[Cell] = frozenset()


NOT_FULL = Full()


def full(quotas: Quotas, held: Mapping[Cell, int]) -> Full:
    """Return which cells are full, where so many interviews hold a place in each."""
    cells = (cell for quota in quotas.quotas for cell in quota.cells())
    targets = {one.name: one for one in quotas.quotas}
    reached = (
        cell
        for cell in cells
        if (target := targets[cell.quota].target(cell)) is not None and held.get(cell, 0) >= target
    )
    return Full(quotas.quotas, frozenset(reached))


def turns_away(known: Full, before: Interview, after: Interview) -> bool:
    """Return whether an answer that an event brought puts the person into a cell that is full."""
    if after.ending not in HOLDS:
        return False
    for quota in known.quotas:
        now = _cell(quota, after)
        if now in known.cells and now != _cell(quota, before) and _has_answered(quota, before, after):
            return True
    return False


def places_changed(quotas: Quotas, before: Interview | None, after: Interview) -> Counter[Cell]:
    """Return by how many the places change that are held in each cell, when an interview moves."""
    changed = Counter(_held(quotas, after))
    changed.subtract(Counter(_held(quotas, before)) if before else {})
    return changed


HOLDS = (None, Ending.COMPLETE)
"""How an interview has ended that holds a place: not yet, or with everything answered."""


def _held(quotas: Quotas, interview: Interview) -> Iterator[Cell]:
    if interview.ending not in HOLDS:
        return
    for quota in quotas.quotas:
        cell = _cell(quota, interview)
        if cell is not None:
            yield cell


def _cell(quota: Quota, interview: Interview) -> Cell | None:
    """Return the cell that somebody's own answers put them into; None where they have not all been given."""
    found = [one.category(_value(one, interview)) for one in quota.variables]
    categories = tuple(one for one in found if one is not None)
    return Cell(quota.name, categories) if len(categories) == len(found) else None


def _value(variable: Variable, interview: Interview) -> str | None:
    if variable.source is Source.LANGUAGE:
        return interview.language
    answer = interview.answers.get(variable.name)
    return answer.value if answer is not None and answer.relevant else None


def _has_answered(quota: Quota, before: Interview, after: Interview) -> bool:
    """Return whether it is an answer that decided: who changes their language is not turned away for it."""
    items = (one for one in quota.variables if one.source is Source.ITEM)
    return any(_value(one, before) != _value(one, after) for one in items)
