"""How many of those invited complete the interview: what was seen, drawn towards what all do where little was seen.

A cell's rate is a beta-binomial estimate: its own completes and invitations, with those of an average cell added. How
many are added follows from how much cells differ beyond chance (moments, Kleinman 1973, J. Am. Stat. Assoc. 68:46-54).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

LEAST_INVITED = 30
"""Invitations from which a rate is told at all; of fewer, it is not known yet."""
LEAST_RATE = 0.005
"""No rate is planned with below this: of a cell where nobody answers, everybody would be invited in vain."""
EXPECTED_COUNTS_AS = 20
"""Invitations that the organiser's expectation weighs as much as."""
_FEWEST, _MOST = 10.0, 500.0
"""Invitations of an average cell that are added to each: where cells differ much, and where chance explains it all."""

CellName = TypeVar("CellName")


@dataclass(frozen=True, slots=True)
class Response:
    """How many were invited long enough ago to have answered, and how many of them have completed the interview."""

    invited: int = 0
    complete: int = 0

    def __add__(self, other: "Response") -> "Response":
        return Response(self.invited + other.invited, self.complete + other.complete)

    @property
    def is_known(self) -> bool:
        return self.invited >= LEAST_INVITED


def overall_rate(seen: Response, expected: float) -> float:
    """Return the rate of everybody, which begins as what the organiser expects and soon is what people do."""
    rate = (seen.complete + EXPECTED_COUNTS_AS * expected) / (seen.invited + EXPECTED_COUNTS_AS)
    return max(rate, LEAST_RATE)


def cell_rates(seen: Mapping[CellName, Response], overall: float) -> dict[CellName, float]:
    """Return the rate to plan with of each cell, always above 0: a cell without invitations has that of everybody."""
    added = _added(list(seen.values()))
    return {
        cell: max((one.complete + added * overall) / (one.invited + added), LEAST_RATE)
        for cell, one in seen.items()
    }


def _added(cells: list[Response]) -> float:
    """Return how many invitations of an average cell are added to each one's own."""
    used = [one for one in cells if one.invited]
    invited, complete = sum(one.invited for one in used), sum(one.complete for one in used)
    if len(used) < 2 or not 0 < complete < invited:
        return _MOST if len(used) < 2 else _FEWEST
    mean = complete / invited
    chance = mean * (1 - mean)
    spread = sum(one.invited * (one.complete / one.invited - mean) ** 2 for one in used)
    free = len(used) - 1
    weight = invited - sum(one.invited**2 for one in used) / invited - free
    alike = (spread - chance * free) / (chance * weight) if weight > 0 else 0.0
    if alike <= 0:
        return _MOST
    return min(max(1 / alike - 1, _FEWEST), _MOST)
