"""An even draw brought to what quotas lack, by iterative proportional fitting, and rounded to people by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.outreach.quotas.records import Cell
from bot.outreach.quotas.standing import Standing

_ROUNDS = 60
"""Rakings: cells within a percent of what they lack after some ten, but where that cannot be."""

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


Members = NDArray[np.intp]
"""The places of some kinds among all."""
NOBODY: Members = np.empty(0, dtype=np.intp)


def members_of(cells: Sequence[Cell | None]) -> dict[Cell, Members]:
    """Return which kinds are in each cell of a quota, by the cell that each is in."""
    places: dict[Cell, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell is not None:
            places.setdefault(cell, []).append(place)
    return {cell: np.array(found, dtype=np.intp) for cell, found in places.items()}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a quota wants of a batch: how many of the kinds in each of its cells, and of those in none that is known."""

    numbers: Floats
    members: Sequence[Members]


class Raking:
    """Brings an even draw to what each quota lacks, within the limits.

    `kinds` are the cells that each kind of people is in, one a quota, None where it is not known; `counts` are how many
    there are of each.
    """

    def __init__(
        self, standing: Standing, kinds: Sequence[tuple[Cell | None, ...]], counts: Floats, size: int
    ) -> None:
        self._counts = counts
        self._size = size
        self._even = counts / counts.sum() * size
        self._least = self._even * standing.quotas.adaptive.least_share
        self._most = standing.quotas.adaptive.most_share * size
        self._wanted: list[_Wanted] = []
        self._cells: list[Members] = []
        for place, quota in enumerate(standing.quotas.all()):
            members = members_of([kind[place] for kind in kinds])
            self._cells += members.values() if quota.variables else ()
            aimed = [one for one in standing.of(quota) if one.target is not None and one.is_aimed]
            if quota.variables and any(one.gap for one in aimed):
                unknown = np.array(
                    [at for at, kind in enumerate(kinds) if kind[place] is None], dtype=np.intp
                )
                self._wanted.append(
                    self._of(
                        np.array([one.gap / one.rate for one in aimed]),
                        [members.get(one.cell, NOBODY) for one in aimed],
                        unknown,
                        members,
                    )
                )

    def _of(
        self,
        needed: Floats,
        aimed: Sequence[Members],
        unknown: Members,
        members: Mapping[Cell, Members],
    ) -> _Wanted:
        """Share out the batch among cells by what they need; what is left goes to those that take as many as come.

        Whose cell is not known keep the chance of an even draw, for they may be just those who are missing.
        """
        least = np.array([float(self._least[one].sum()) for one in aimed])
        most = np.minimum([float(self._counts[one].sum()) for one in aimed], self._most)
        even = float(self._even[unknown].sum())
        known_least = sum(float(self._least[one].sum()) for one in members.values())
        room = self._size - even - (known_least - float(least.sum()))
        whole = min(room, float(np.minimum(needed, most).sum()))
        return _Wanted(np.append(_shared_out(whole, needed, least, most), even), [*aimed, unknown])

    def expected(self) -> Floats:
        """Return how many of each kind are to be invited, as they come to on average."""
        drawn: Floats = self._even.copy()
        for _ in range(_ROUNDS):
            for wanted in self._wanted:
                for number, one in zip(wanted.numbers, wanted.members, strict=True):
                    before = float(drawn[one].sum())
                    if before > 0:
                        drawn[one] *= number / before
            drawn = self._bounded(drawn)
        return drawn

    def _bounded(self, drawn: Floats) -> Floats:
        """Return a draw of the size, within what each kind gets at least and has at most, and the share of a cell."""
        extra: Floats = np.maximum(drawn - self._least, 0.0)
        room = self._size - float(self._least.sum())
        extra *= room / max(float(extra.sum()), 1e-12)
        drawn = np.array(np.minimum(self._least + extra, self._counts), dtype=np.float64)
        for one in self._cells:
            before = float(drawn[one].sum())
            if before > self._most:
                drawn[one] *= self._most / before
        return drawn


def _shared_out(whole: float, lacking: Floats, least: Floats, most: Floats) -> Floats:
    """Return a whole shared out by what is lacking, each part between its least and its most."""
    parts: Floats = np.minimum(least, most)
    is_open = (lacking > 0) & (parts < most)
    for _ in range(len(lacking) + 1):
        left = whole - float(parts[~is_open].sum())
        if not is_open.any():
            break
        shares = left * lacking * is_open / float(lacking[is_open].sum())
        low, high = is_open & (shares < parts), is_open & (shares > most)
        parts = np.where(is_open & ~low, np.minimum(np.maximum(shares, parts), most), parts)
        if not (low.any() or high.any()):
            break
        is_open &= ~(high if high.any() else low)
    return parts


def rounded(expected: Floats, counts: Floats, seed: int) -> NDArray[np.int64]:
    """Return whole numbers that are on average what is expected, and together within one of its sum."""
    # Of our own, for NumPy may draw otherwise in another version (NEP 19).
    drawn = hashed(np.arange(len(expected) + 1, dtype=np.int64), ~seed)
    order, start = np.argsort(drawn[1:], kind="stable"), float(drawn[0]) / 2**64
    steps = np.floor(np.concatenate(([0.0], np.cumsum(expected[order]))) + start)
    whole = np.empty(len(expected), dtype=np.int64)
    whole[order] = np.diff(steps).astype(np.int64)
    return np.minimum(whole, counts.astype(np.int64))


def hashed(ids: Ids, seed: int) -> NDArray[np.uint64]:
    """Return a random number for each id and seed (SplitMix64, Steele, Lea and Flood 2014), the same ever after."""
    state = ids.astype(np.uint64) + _mixed(np.array([seed % 2**64], dtype=np.uint64))[0]
    return _mixed(state * np.uint64(0x9E3779B97F4A7C15))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
