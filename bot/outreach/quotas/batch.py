"""The next batch of invitations: as near to an even draw as can be, while going where interviews are missing.

People are alike as far as the list tells their cells. The even draw is raked to what each quota lacks (iterative
proportional fitting, Deming and Stephan 1940), which keeps everything else as an even draw has it; a share of the
batch is drawn evenly whatever is lacking, so that in no cell that still takes people anybody's chance is zero. How many
come of each kind is rounded by systematic sampling (Madow 1949); who, is the lowest of a hash of the seed and their id.
The same seed and the same people give the same list, in any order and on any machine.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from bot.core.outreach.quotas.records import Cell, Quota
from bot.outreach.quotas.raking import Floats, Ids, Raking, hashed, members_of, rounded
from bot.outreach.quotas.standing import CellStanding, Standing

Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Kind:
    """So many people who may be invited, alike in every cell: one a quota, None where it is not known."""

    cells: tuple[Cell | None, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Allotted:
    """How many of a kind are invited, and the chance that each of them had."""

    invited: int
    chance: float


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of a cell and why; `even` is how many an even draw of the same size would have invited.

    `gap` is what is missing when those have completed who are `expected` to, of earlier invitations.
    """

    cell: Cell
    gap: float
    expected: float
    rate: float
    candidates: int
    invited: int
    even: float
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """How many of each kind are invited, in the order of the kinds, and the explanation of each cell."""

    allotted: tuple[Allotted, ...]
    explained: tuple[Explained, ...]
    why: str

    @property
    def size(self) -> int:
        return sum(one.invited for one in self.allotted)


def allot(standing: Standing, kinds: Sequence[Kind], seed: int, most: int | None = None) -> Batch:
    """Return how many of each kind are invited next; `most` at most, where that is less than the organiser's batch."""
    limits = standing.quotas.adaptive
    batch = min(limits.batch, most) if most is not None else limits.batch
    is_open = np.array(
        [not any(_is_closed(standing, cell) for cell in kind.cells) for kind in kinds], dtype=bool
    )
    counts = np.array([kind.count for kind in kinds], dtype=np.float64) * is_open
    size, why = _size(standing, kinds, counts, batch)
    if size == 0:
        none = tuple(Allotted(0, 0.0) for _ in kinds)
        return Batch(none, _explained(standing, kinds, none, 0), why)
    expected = Raking(standing, [kind.cells for kind in kinds], counts, size).expected()
    invited = rounded(expected, counts, seed)
    _hold_to_share(standing, kinds, invited, size)
    allotted = tuple(
        Allotted(int(number), float(chance / count) if count else 0.0)
        for number, chance, count in zip(invited, expected, counts, strict=True)
    )
    return Batch(allotted, _explained(standing, kinds, allotted, size), why)


def draw(ids: Ids, kinds: Places, allotted: Sequence[Allotted], seed: int) -> Ids:
    """Return the ids of who is invited, rising. `kinds` has the place of each id's kind among those allotted."""
    drawn = hashed(ids, seed)
    order = np.lexsort((ids, drawn, kinds))
    sizes = np.bincount(kinds, minlength=len(allotted))
    ends = np.cumsum(sizes)
    taken = [
        order[end - size : end - size + one.invited]
        for one, size, end in zip(allotted, sizes, ends, strict=True)
        if one.invited
    ]
    return np.sort(ids[np.concatenate(taken)]) if taken else np.empty(0, dtype=np.int64)


def _is_closed(standing: Standing, cell: Cell | None) -> bool:
    return cell is not None and standing.cells[cell].is_full


def _size(standing: Standing, kinds: Sequence[Kind], counts: Floats, batch: int) -> tuple[int, str]:
    """Return how many are invited, and why not more."""
    candidates = int(counts.sum())
    if candidates == 0:
        return 0, "nobody is left who may be invited"
    needs = [
        (quota, need)
        for place, quota in enumerate(standing.quotas.all())
        if (need := _need(standing, quota, place, kinds, counts)) is not None
    ]
    if not needs:
        return min(batch, candidates), "no quota says how many are wanted"
    # The total is a limit to what the others need, not a need beside theirs.
    whole = next((need for quota, need in needs if not quota.variables), None)
    wanted = max((need for quota, need in needs if quota.variables), default=whole or 0)
    if whole is not None:
        wanted = min(wanted, whole)
    if wanted == 0:
        return 0, "every quota is full, or enough are invited for now"
    if candidates <= min(batch, wanted):
        return candidates, "everybody who is left"
    if batch <= wanted:
        return batch, "as many as a batch has"
    return wanted, "as many as the quotas still need at these rates"


def _need(standing: Standing, quota: Quota, place: int, kinds: Sequence[Kind], counts: Floats) -> int | None:
    """Return how many invitations fill a quota, as far as there are people for it; None where it has no target."""
    cells = [one for one in standing.of(quota) if one.target is not None]
    if not cells:
        return None
    needed = {one.cell: one.gap / one.rate for one in cells}
    if not cells[0].is_aimed:
        # Those to anybody fill all of the cells at a time.
        return ceil(max(needed.values()))
    people: Counter[Cell | None] = Counter()
    for kind, count in zip(kinds, counts, strict=True):
        people[kind.cells[place]] += int(count)
    aimed = sum(min(need, people[cell]) for cell, need in needed.items())
    return ceil(min(sum(needed.values()), aimed + people[None]) - 1e-9)


def _hold_to_share(standing: Standing, kinds: Sequence[Kind], invited: NDArray[np.int64], size: int) -> None:
    """Take back what rounding gave beyond the size and the share that a cell may have, from the largest kinds."""
    most = floor(standing.quotas.adaptive.most_share * size + 1e-9)
    groups = [(np.arange(len(kinds)), size)]
    for place, quota in enumerate(standing.quotas.all()):
        if quota.variables:
            cells = members_of([kind.cells[place] for kind in kinds])
            groups += [(members, most) for members in cells.values()]
    for members, limit in groups:
        while (over := int(invited[members].sum()) - limit) > 0:
            place = members[np.argmax(invited[members])]
            invited[place] -= min(over, int(invited[place]))


def _explained(
    standing: Standing, kinds: Sequence[Kind], allotted: Sequence[Allotted], size: int
) -> tuple[Explained, ...]:
    still = [0 if any(_is_closed(standing, cell) for cell in kind.cells) else kind.count for kind in kinds]
    found: list[Explained] = []
    for place, quota in enumerate(standing.quotas.all()):
        people, able, invited = Counter[Cell](), Counter[Cell](), Counter[Cell]()
        for kind, left, one in zip(kinds, still, allotted, strict=True):
            cell = kind.cells[place]
            if cell is not None:
                people[cell] += kind.count
                able[cell] += left
                invited[cell] += one.invited
        cells = list(standing.of(quota))
        needed = {one.cell: one.gap / one.rate if one.target is not None else 0.0 for one in cells}
        on_average = sum(needed.values()) / max(sum(able[one.cell] for one in cells), 1)
        for stand in cells:
            there, now = people[stand.cell], invited[stand.cell]
            even = size * able[stand.cell] / max(sum(still), 1)
            beyond = needed[stand.cell] - on_average * able[stand.cell]
            why = _why(standing, stand, there, now, size, even, beyond)
            found.append(Explained(stand.cell, stand.gap, stand.expected, stand.rate, there, now, even, why))
    return tuple(found)


_OTHERS = "for the sake of other quotas"


def _why(
    standing: Standing,
    cell: CellStanding,
    candidates: int,
    invited: int,
    size: int,
    even: float,
    beyond: float,
) -> str:
    """Return why so many of a cell are invited; `beyond` is how many it needs more than as many people do on average.

    Two cells that miss the same are treated differently where one has fewer people, or they answer less.
    """
    limits = standing.quotas.adaptive
    if cell.is_full:
        return "full"
    if candidates == 0:
        return "nobody on the list"
    if not cell.cell.categories:
        return ""
    if cell.target is None:
        return "takes as many as come"
    if not cell.is_aimed:
        return "not on the list"
    if invited >= candidates:
        return "everybody who is left"
    if limits.most_share < 1 and size and invited >= floor(limits.most_share * size):
        return f"at most {limits.most_share:.0%} of a batch"
    if cell.gap == 0:
        return "enough on the way"
    if abs(invited - even) <= max(1.0, 0.01 * even):
        return "as drawn evenly"
    if invited > even:
        return f"raised: {'needs more of those listed than others' if beyond > 1 else _OTHERS}"
    return f"lowered: {'needs fewer of those listed than others' if beyond < -1 else _OTHERS}"
