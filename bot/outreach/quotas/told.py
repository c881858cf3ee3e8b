"""Where quotas stand as a table tells it, for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.outreach.quotas.batch import Batch
from bot.outreach.quotas.standing import CellStanding, Standing


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of a quota; None where there is no target, or where it is not known (yet).

    `invited` is None where the list does not tell who is in the cell. `share` is of the target.
    """

    quota: str
    cell: str
    target: int | None
    reached: int
    in_progress: int
    invited: int | None
    still_to_invite: int | None
    share: float | None
    full: bool


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What a batch does for a cell. `even` is what an even draw of its size would have invited.

    `missing` is without those who are `expected` to complete, of earlier invitations.
    """

    quota: str
    cell: str
    missing: float
    rate: float
    on_the_list: int
    invited_now: int
    even: float
    why: str
    expected: float


def lines(standing: Standing) -> Iterator[Line]:
    """Yield every cell, quota by quota in the order of the file."""
    for quota in standing.quotas.all():
        for one in standing.of(quota):
            yield _line(one)


def _line(one: CellStanding) -> Line:
    return Line(
        one.cell.quota,
        one.cell.name,
        one.target,
        one.reached,
        one.held,
        one.invited if one.is_aimed else None,
        one.to_invite if one.target is not None else None,
        None if one.share is None else round(one.share, 4),
        one.is_full,
    )


def batch_lines(batch: Batch) -> Iterator[BatchLine]:
    """Yield what a batch does for every cell."""
    for one in batch.explained:
        yield BatchLine(
            one.cell.quota,
            one.cell.name,
            round(one.gap, 1),
            round(one.rate, 4),
            one.candidates,
            one.invited,
            round(one.even, 1),
            one.why,
            round(one.expected, 1),
        )
