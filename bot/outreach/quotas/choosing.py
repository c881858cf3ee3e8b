"""The next batch chosen from the people in the store, written down so that it can be chosen again.

What a choice was made from is kept with its seed: how many people there were of each kind, where the quotas stood, the
limits. Chosen again, it gives the same numbers of each kind, and from the same people the same list.
"""

from collections.abc import AsyncIterable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec
import numpy as np

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Adaptive, Categories, Cell, Quota, Quotas, Variable
from bot.outreach.quotas.batch import Allotted, Batch, Kind, Places, allot, draw
from bot.outreach.quotas.raking import Ids
from bot.outreach.quotas.rates import Response
from bot.outreach.quotas.standing import CellStanding, Standing, standing
from bot.store.database import Database
from bot.store.outreach.batches import KeptBatch, Listed, pages_of_candidates
from bot.store.outreach.quotas import count_people

_MOST_TEXTS = 50_000
"""Texts of attributes that are held with their kind; a list with a birthday a person has no two the same."""

_attributes = msgspec.json.Decoder(dict[str, str | None]).decode


@dataclass(frozen=True, slots=True)
class Chosen:
    """A batch, who is in it (their recipients' ids, rising), and all that it was chosen from."""

    consultation: str
    seed: int
    at: datetime
    standing: Standing
    kinds: tuple[Kind, ...]
    most: int | None
    batch: Batch
    recipients: Ids
    last_recipient: int
    spoken: tuple[str, ...] | None = None

    @property
    def digest(self) -> str:
        """A short name of the very list: another list has another."""
        return digest(self.recipients)


async def choose(
    engine: Database,
    consultation: str,
    quotas: Quotas,
    seed: int,
    now: datetime,
    most: int | None = None,
    spoken: Collection[str] | None = None,
) -> Chosen:
    """Return the next batch, where the quotas stand now. Nothing is stored.

    `spoken` are the languages that there are words in: whoever could not be invited would take up a place. None where
    everybody could.
    """
    languages = None if spoken is None else tuple(sorted(spoken))
    stand = standing(quotas, await count_people(engine, consultation, quotas, now))
    async with aclosing(pages_of_candidates(engine, consultation, spoken=languages)) as pages:
        ids, places, kinds = await gather(stand.quotas, pages)
    batch = allot(stand, kinds, seed, most)
    drawn = draw(ids, places, batch.allotted, seed)
    last = int(ids.max(initial=0))
    return Chosen(consultation, seed, now, stand, kinds, most, batch, drawn, last, languages)


@dataclass(frozen=True, slots=True)
class Rerun:
    """A batch chosen again. `recipients` are whom it gives of the people that there are now."""

    batch: Batch
    recipients: Ids
    same_numbers: bool
    same_people: bool


async def choose_again(engine: Database, kept: KeptBatch) -> Rerun:
    """Choose a batch again from what was kept of it, and from who could be invited at that time.

    The numbers are the same always. The people are, but for whoever has been erased, has come back after an opt-out,
    was taken off the list or went on on another channel since, or whose language has changed: the next in the same draw
    stand in their places.
    """
    known = recall(kept.document)
    batch = allot(known.standing, known.kinds, kept.seed, known.most)
    async with aclosing(pages_of_candidates(engine, kept.consultation, kept, known.spoken)) as pages:
        ids, places, there = await gather(known.standing.quotas, pages)
    wanted = dict(zip((kind.cells for kind in known.kinds), batch.allotted, strict=True))
    left = [
        Allotted(min(one.invited, kind.count), one.chance)
        for kind in there
        for one in [wanted.get(kind.cells, Allotted(0, 0.0))]
    ]
    drawn = draw(ids, places, left, kept.seed)
    return Rerun(batch, drawn, batch.allotted == known.allotted, digest(drawn) == kept.digest)


def digest(recipients: Ids) -> str:
    """Return the SHA-256 of a rising list of ids, eight bytes each, the lowest first."""
    return sha256(recipients.astype("<i8").tobytes()).hexdigest()


async def gather(
    quotas: Quotas, pages: AsyncIterable[Sequence[Listed]]
) -> tuple[Ids, Places, tuple[Kind, ...]]:
    """Return everybody's id and the place of their kind, and the kinds: people alike in every cell."""
    listed = quotas.all()
    known: dict[tuple[str, str | None, str], int] = {}
    place_of: dict[tuple[Cell | None, ...], int] = {}
    ids: list[Ids] = [np.empty(0, dtype=np.int64)]
    places: list[Places] = [np.empty(0, dtype=np.int32)]
    async for page in pages:
        if len(known) > _MOST_TEXTS:
            known.clear()
        found = np.empty(len(page), dtype=np.int32)
        for row, (_, attributes, language, channel) in enumerate(page):
            key = (attributes, language, channel)
            place = known.get(key)
            if place is None:
                profile = Profile(attributes=_attributes(attributes), language=language, channel=channel)
                cells = tuple(profile.cell(quota) for quota in listed)
                place = known[key] = place_of.setdefault(cells, len(place_of))
            found[row] = place
        ids.append(np.fromiter((row[0] for row in page), np.int64, len(page)))
        places.append(found)
    met = np.concatenate(places)
    counts = np.bincount(met, minlength=len(place_of))
    # In an order of their own, not that in which the database happened to give their people.
    ordered = sorted(place_of, key=lambda cells: [cell or () for cell in cells])
    kinds = tuple(Kind(cells, int(counts[place_of[cells]])) for cells in ordered)
    moved = np.empty(len(ordered), dtype=np.int32)
    moved[[place_of[cells] for cells in ordered]] = np.arange(len(ordered), dtype=np.int32)
    return np.concatenate(ids), moved[met], kinds


# --- what is kept of a choice


@dataclass(frozen=True, slots=True)
class _KeptQuota:
    variables: tuple[Variable, ...]
    targets: tuple[tuple[Categories, int], ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A choice as JSON: all that `allot` was given, and what it gave."""

    quotas: tuple[_KeptQuota, ...]
    total: int | None
    limits: Adaptive
    cells: tuple[CellStanding, ...]
    overall: Response
    overall_rate: float
    kinds: tuple[Kind, ...]
    most: int | None
    allotted: tuple[Allotted, ...]
    spoken: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a batch was chosen from, and how many of each kind were."""

    standing: Standing
    kinds: tuple[Kind, ...]
    most: int | None
    allotted: tuple[Allotted, ...]
    spoken: tuple[str, ...] | None = None


def remember(chosen: Chosen) -> str:
    """Return what a batch was chosen from and what came of it, as JSON: counts, and nothing of any one person."""
    quotas = chosen.standing.quotas
    kept = _Kept(
        tuple(_KeptQuota(one.variables, tuple((one.targets or {}).items())) for one in quotas.quotas),
        quotas.total,
        quotas.adaptive,
        tuple(chosen.standing.cells.values()),
        chosen.standing.overall,
        chosen.standing.overall_rate,
        chosen.kinds,
        chosen.most,
        chosen.batch.allotted,
        chosen.spoken,
    )
    return msgspec.json.encode(kept).decode()


def recall(document: str) -> Recalled:
    """Return what `remember` has written."""
    kept = msgspec.json.decode(document, type=_Kept)
    quotas = Quotas(
        tuple(Quota(one.variables, dict(one.targets)) for one in kept.quotas),
        kept.total,
        adaptive=kept.limits,
    )
    cells: Mapping[Cell, CellStanding] = {one.cell: one for one in kept.cells}
    stand = Standing(quotas, cells, kept.overall, kept.overall_rate)
    return Recalled(stand, kept.kinds, kept.most, kept.allotted, kept.spoken)
