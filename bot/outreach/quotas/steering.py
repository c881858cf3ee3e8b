"""How quotas steer invitations and reminders: who comes now, who is held back, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Cell
from bot.outreach.quotas.standing import CellStanding, Standing

FULL, ENOUGH = "quota full ({})", "enough are invited for now ({})"
_ROUNDING = 1e-9
"""What is left of a place by rounding alone: five times a fifth is not quite one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose turn it is to be written to, and what is known of them."""

    id: int
    turn: int
    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True)
class Steered:
    """The ids of candidates in the order in which they are to be written to, and why the others are not."""

    order: Sequence[int]
    held: Sequence[tuple[int, str]]


def steer(standing: Standing, candidates: Sequence[Candidate]) -> Steered:
    """Return who is invited next: by their turn, as long as their cells want more than are on the way.

    Of whom it is not known in which cell they are, none is held back but by the total.
    """
    room = {cell: one.room for cell, one in standing.cells.items() if one.target is not None}
    order: list[int] = []
    held: list[tuple[int, str]] = []
    for one in sorted(candidates, key=lambda candidate: (candidate.turn, candidate.id)):
        cells = [cell for cell in standing.cells_of(one.profile) if cell.target is not None]
        against = next((cell for cell in cells if room[cell.cell] < _ROUNDING), None)
        if against is not None:
            held.append((one.id, why_held(against)))
            continue
        order.append(one.id)
        for cell in cells:
            room[cell.cell] -= expected(standing, cell)
    return Steered(order, held)


def against_writing(standing: Standing, profile: Profile) -> str | None:
    """Return why nothing more is written to somebody who was invited, or has paused; None where it is.

    Whoever is in progress has a place of their own until they lose it: of them it is not to be asked.
    """
    full = next((cell for cell in standing.cells_of(profile) if cell.is_full), None)
    return None if full is None else why_held(full)


def why_held(cell: CellStanding) -> str:
    """Return the reason as an operator reads it; the same as long as it holds, by which whoever is held is found."""
    return (FULL if cell.is_full else ENOUGH).format(_called(cell.cell))


def is_reason(reason: str) -> bool:
    """Return whether it is because of a quota that somebody is held."""
    return any(reason.startswith(one.partition("{")[0]) for one in (FULL, ENOUGH))


def room_by_reason(standing: Standing) -> Mapping[str, int]:
    """Return how many more invitations there is room for, by each reason for which somebody may be held now."""
    return {
        reason.format(_called(cell)): ceil(one.room / expected(standing, one)) if one.room >= _ROUNDING else 0
        for cell, one in standing.cells.items()
        if one.target is not None
        for reason in (FULL, ENOUGH)
    }


def _called(cell: Cell) -> str:
    return cell.quota if cell.name == cell.quota else f"{cell.quota}: {cell.name}"


def expected(standing: Standing, cell: CellStanding) -> float:
    """Return how many completed interviews of a cell one more invitation to somebody in it is expected to bring."""
    return cell.rate if cell.is_aimed else standing.overall_rate
