"""Where each cell of the quotas stands: wanted, reached, in progress, invited, and how many more to invite."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from bot.core.outreach.quotas.counting import Profile, count_cells
from bot.core.outreach.quotas.records import Cell, Quota, Quotas
from bot.outreach.quotas.rates import Response, cell_rates, overall_rate
from bot.store.outreach.quotas import Counts, Invited, Outcome

_KNOWN_SHARE = 0.5
"""Share of those invited whose cell the list has to tell, so that a cell can be invited for itself."""


@dataclass(frozen=True, slots=True)
class CellStanding:
    """One cell. `target` is None where as many as come are welcome.

    `rate` is the share of invitations that become a completed interview of the cell: of those to its people where
    `is_aimed`, else of those to anybody, since the list does not tell who is in it. `invited`, `outstanding` (of those
    the ones invited of late and not heard of), `coming` (whose invitation waits to be sent) and `seen`, of which the
    rate is made, are of the same people.
    """

    cell: Cell
    target: int | None
    reached: int
    held: int
    invited: int
    outstanding: int
    coming: int
    rate: float
    seen: Response
    is_aimed: bool

    @property
    def is_full(self) -> bool:
        return self.target is not None and self.reached + self.held >= self.target

    @property
    def room(self) -> float:
        """How many interviews are missing that nobody who was invited is expected to complete."""
        return self._missing(self.outstanding)

    @property
    def gap(self) -> float:
        """How many are missing when those are invited too whose invitation waits."""
        return self._missing(self.outstanding + self.coming)

    @property
    def expected(self) -> float:
        """How many completed interviews are expected of those whom an invitation has reached of late, or waits for."""
        return (self.outstanding + self.coming) * self.rate

    @property
    def to_invite(self) -> int | None:
        """How many more invitations fill the cell at this rate; None where the rate is not known yet."""
        if self.target is None or not (self.seen.is_known and self.seen.complete):
            return 0 if self.is_full else None
        return ceil(self.gap / self.rate)

    def _missing(self, expected_of: int) -> float:
        if self.target is None:
            return 0.0
        return max(self.target - self.reached - self.held - expected_of * self.rate, 0.0)

    @property
    def share(self) -> float | None:
        """The share of the target that is reached; None without one."""
        return self.reached / self.target if self.target else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Every cell of every quota, in the order of the file, and the rate of all invitations."""

    quotas: Quotas
    cells: Mapping[Cell, CellStanding]
    overall: Response
    overall_rate: float

    def of(self, quota: Quota) -> Iterable[CellStanding]:
        return (self.cells[cell] for cell in quota.cells())

    def cells_of(self, profile: Profile) -> tuple[CellStanding, ...]:
        """Return the cells that somebody is known to be in, one a quota at most."""
        found = (profile.cell(quota) for quota in self.quotas.all())
        return tuple(self.cells[cell] for cell in found if cell is not None)


def standing(quotas: Quotas, counts: Counts) -> Standing:
    """Return where settled quotas stand, by what the store has counted."""
    reached = count_cells(quotas, ((one.profile, one.count) for one in counts.interviewed if one.complete))
    held = count_cells(quotas, ((one.profile, one.count) for one in counts.interviewed if not one.complete))
    overall = sum((_response(one) for one in counts.invited), Response())
    rate = overall_rate(overall, quotas.adaptive.expected_rate)
    cells: dict[Cell, CellStanding] = {}
    for quota in quotas.all():
        seen = _seen(quota, counts)
        is_aimed = seen.known >= _KNOWN_SHARE * seen.all
        names = list(quota.cells())
        responses = {
            cell: seen.responses[cell]
            if is_aimed
            # Of anybody who was invited, as many as have turned out to be in the cell.
            else Response(seen.all, seen.complete[cell])
            for cell in names
        }
        rates = cell_rates(responses, rate) if is_aimed else _yields(responses, rate)
        for cell in names:
            cells[cell] = CellStanding(
                cell,
                quota.target(cell),
                reached[cell],
                held[cell],
                seen.invited[cell] if is_aimed else seen.all,
                seen.outstanding[cell] if is_aimed else seen.outstanding.total(),
                seen.coming[cell] if is_aimed else seen.coming.total(),
                rates[cell],
                responses[cell],
                is_aimed,
            )
    return Standing(quotas, cells, overall, rate)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What has come of the invitations of a quota. `known` is of how many, of `all`, the cell was known."""

    all: int
    known: int
    invited: Counter[Cell]
    outstanding: Counter[Cell | None]
    coming: Counter[Cell | None]
    responses: Mapping[Cell, Response]
    complete: Counter[Cell]


def _seen(quota: Quota, counts: Counts) -> _Seen:
    invited: Counter[Cell] = Counter()
    outstanding: Counter[Cell | None] = Counter()
    coming: Counter[Cell | None] = Counter()
    responses: defaultdict[Cell, Response] = defaultdict(Response)
    total = known = 0
    for one in counts.invited:
        cell = one.profile.cell(quota)
        is_sent = one.outcome is not Outcome.WAITING
        total += one.count * is_sent
        outstanding[cell] += one.count * (one.recent and one.outcome is Outcome.SILENT)
        coming[cell] += one.count * (not is_sent)
        if cell is None:
            continue
        known += one.count * is_sent
        invited[cell] += one.count * is_sent
        responses[cell] += _response(one)
    complete: Counter[Cell] = Counter()
    for other in counts.interviewed:
        cell = other.profile.cell(quota)
        if cell is not None and other.complete and other.invited:
            complete[cell] += other.count
    return _Seen(total, known, invited, outstanding, coming, responses, complete)


def _response(one: Invited) -> Response:
    """Return what a group tells of the rate: of those invited a moment ago, only the quick have answered."""
    if one.recent or one.outcome is Outcome.WAITING:
        return Response()
    return Response(one.count, one.count * (one.outcome is Outcome.COMPLETE))


def _yields(seen: Mapping[Cell, Response], overall: float) -> dict[Cell, float]:
    """Return how many of a cell complete for each who is invited; before that is known, as if all were alike."""
    return {
        cell: max(one.complete / one.invited if one.is_known else overall / len(seen), overall / 1000)
        for cell, one in seen.items()
    }
