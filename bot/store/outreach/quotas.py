"""How many people are in the cells of quotas, counted by the database: nobody's answers leave it one by one.

Rows come grouped by what is known of people; which cell that is, `bot.core.outreach.quotas.counting` tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Ending
from bot.core.outreach.attributes import attribute_name
from bot.core.outreach.campaigns import InvitationState
from bot.core.outreach.quotas.counting import Profile, count_cells
from bot.core.outreach.quotas.records import Cell, Quotas, Source
from bot.store import tables
from bot.store.database import snapshot
from bot.store.outreach.invitations import is_free
from bot.store.outreach.tables import invitations, recipients

_interview, _answer, _contact = tables.interviews.c, tables.answers.c, tables.contacts.c
_recipient, _invitation = recipients.c, invitations.c


@dataclass(frozen=True, slots=True)
class Interviewed:
    """So many interviews of people with one profile: complete, or in progress and holding a place.

    `invited` says that the organiser had invited them.
    """

    profile: Profile
    complete: bool
    invited: bool
    count: int


class Outcome(StrEnum):
    """What has come of an invitation."""

    COMPLETE = "complete"
    BEGUN = "begun"
    SILENT = "silent"
    WAITING = "waiting"
    """Its turn has not come yet."""


@dataclass(frozen=True, slots=True)
class Invited:
    """So many invited people of one profile, by what was known of them before they answered.

    `recent` says that they were invited so lately, if they were yet, that most who will answer have not.
    """

    profile: Profile
    outcome: Outcome
    recent: bool
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All of one moment of the database."""

    interviewed: tuple[Interviewed, ...]
    invited: tuple[Invited, ...]


async def count_people(engine: AsyncEngine, consultation: str, quotas: Quotas, now: datetime) -> Counts:
    """Return how many interviews are complete or hold a place, and what came of the invitations.

    An interview in progress holds its place until `reserved_for` after its last message.
    """
    columns = _Columns(quotas, engine.dialect.name)
    since = now - quotas.reserved_for
    async with snapshot(engine).connect() as connection:
        interviewed = (await connection.execute(columns.interviewed(consultation, since))).all()
        invited = (await connection.execute(columns.invited(consultation, since))).all()
    return Counts(
        tuple(
            Interviewed(columns.profile(row), bool(row.complete), bool(row.invited), row.count)
            for row in interviewed
        ),
        tuple(
            Invited(columns.profile(row), Outcome(row.outcome), bool(row.recent), row.count)
            for row in invited
        ),
    )


async def count_places(
    engine: AsyncEngine, demanded: Mapping[str, Quotas], now: datetime, begun: Callable[[], object]
) -> Mapping[str, Mapping[Cell, int]]:
    """Return how many interviews hold a place in each cell by their own answers, by consultation.

    `begun` is called when the moment is fixed that is counted: what is committed after that is not in it.
    """
    held: dict[str, Mapping[Cell, int]] = {}
    async with snapshot(engine).connect() as connection:
        # SQLite fixes what a transaction sees at its first reading, not where it begins.
        await connection.execute(select(tables.versions.c.version).limit(1))
        begun()
        for consultation, quotas in demanded.items():
            columns = _Columns(quotas, engine.dialect.name)
            rows = await connection.execute(columns.answered(consultation, now - quotas.reserved_for))
            held[consultation] = count_cells(quotas, ((columns.profile(row), row.count) for row in rows))
    return held


_COMING = (InvitationState.WAITING, InvitationState.QUEUED)
"""The states of an invitation that is still to be sent, by a campaign that is not cancelled."""


class _Columns:
    """What is selected of people, for the variables of some quotas."""

    def __init__(self, quotas: Quotas, dialect: str) -> None:
        variables = quotas.variables()
        self._items = [one.name for one in variables if one.source is Source.ITEM]
        listed = (one.name for one in variables if one.source in (Source.ITEM, Source.ATTRIBUTE))
        self._keys = [attribute_name(one) for one in listed]
        self._by_channel = any(one.source is Source.CHANNEL for one in variables)
        self._dialect = dialect
        self._answers = [tables.answers.alias(f"answer_{place}") for place in range(len(self._items))]

    def interviewed(self, consultation: str, since: datetime) -> Select[Any]:
        people = (
            self._with_answers(
                select(
                    *self._answered(),
                    *self._listed(),
                    _interview.language,
                    _interview.channel,
                    _interview.ending.is_not(None).label("complete"),
                    _invitation.recipient_id.is_not(None).label("invited"),
                )
            )
            .outerjoin(recipients, is_theirs())
            .outerjoin(
                invitations,
                and_(_invitation.recipient_id == _recipient.id, _invitation.invited_at.is_not(None)),
            )
        )
        return _grouped(people.where(_interview.consultation == consultation, _holds(since)))

    def answered(self, consultation: str, since: datetime) -> Select[Any]:
        people = self._with_answers(select(*self._answered(), _interview.language))
        return _grouped(people.where(_interview.consultation == consultation, _holds(since)))

    def invited(self, consultation: str, since: datetime) -> Select[Any]:
        outcome = case(
            (_invitation.state == "waiting", Outcome.WAITING.value),
            (_interview.ending == Ending.COMPLETE.value, Outcome.COMPLETE.value),
            (_interview.id.is_not(None), Outcome.BEGUN.value),
            else_=Outcome.SILENT.value,
        )
        people = (
            select(
                *self._listed(),
                _recipient.language,
                *self._channel(),
                outcome.label("outcome"),
                or_(_invitation.invited_at >= since, _invitation.invited_at.is_(None)).label("recent"),
            )
            .join_from(invitations, recipients, _invitation.recipient_id == _recipient.id)
            .outerjoin(tables.interviews, is_theirs())
        )
        return _grouped(
            people.where(
                _recipient.consultation == consultation,
                or_(_invitation.invited_at.is_not(None), _invitation.state.in_(_COMING)),
                ~is_free(),
            )
        )

    def _channel(self) -> list[ColumnElement[Any]]:
        # Looked up only where a quota is by it: to go to each person of a list takes as long as all the rest.
        channel = select(_contact.channel).where(_contact.id == _recipient.contact_id).scalar_subquery()
        return [channel.label("channel")] if self._by_channel else []

    def profile(self, row: Row[Any]) -> Profile:
        found = row._mapping
        return Profile(
            {name: found.get(f"item_{place}") for place, name in enumerate(self._items)},
            {key: found.get(f"attribute_{place}") for place, key in enumerate(self._keys)},
            found.get("language"),
            found.get("channel"),
        )

    def _answered(self) -> list[ColumnElement[Any]]:
        return [one.c.value.label(f"item_{place}") for place, one in enumerate(self._answers)]

    def _with_answers(self, query: Select[Any]) -> Select[Any]:
        query = query.select_from(tables.interviews)
        for name, given in zip(self._items, self._answers, strict=True):
            query = query.outerjoin(
                given, and_(given.c.interview_id == _interview.id, given.c.slot == name, given.c.relevant)
            )
        return query

    def _listed(self) -> list[ColumnElement[Any]]:
        return [self._attribute(key).label(f"attribute_{place}") for place, key in enumerate(self._keys)]

    def _attribute(self, key: str) -> ColumnElement[Any]:
        if self._dialect == "sqlite":
            return func.json_extract(_recipient.attributes, f'$."{key}"', type_=Text)
        listed: ColumnElement[Any] = cast(_recipient.attributes, JSONB)[key].astext
        return listed


def _grouped(people: Select[Any]) -> Select[Any]:
    """Return how many rows there are of each kind.

    From a subquery: PostgreSQL does not see that an expression with a parameter is the one that is grouped by.
    """
    kinds = people.subquery("people")
    return select(*kinds.c, func.count().label("count")).group_by(*kinds.c)


def is_theirs() -> ColumnElement[bool]:
    """Return the condition that an interview is that of a recipient."""
    return and_(
        _interview.contact_id == _recipient.contact_id, _interview.consultation == _recipient.consultation
    )


def _holds(since: datetime) -> ColumnElement[bool]:
    """Return the condition that an interview is complete, or in progress and not given up."""
    in_progress = and_(_interview.ending.is_(None), _interview.updated_at >= since)
    return or_(_interview.ending == Ending.COMPLETE.value, in_progress)
