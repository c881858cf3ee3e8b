"""People of a campaign as the inviter decides about them: those whose turn it is, and those whose letter waits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from bot.core.interview.records import Stage
from bot.core.outreach.campaigns import Campaign, InvitationState
from bot.core.outreach.choosing import Candidate
from bot.core.outreach.spoken import language_for
from bot.store import tables
from bot.store.gone import is_gone
from bot.store.inbox_tables import is_attended
from bot.store.moves import read_moved
from bot.store.outreach.tables import invitations, recipients
from bot.store.sending import OutboundStatus

_invitation, _recipient = invitations.c, recipients.c
_contact, _interview, _out = tables.contacts.c, tables.interviews.c, tables.outbound.c
_read_attributes = msgspec.json.Decoder(dict[str, str]).decode
_LAST_TURN = 2**63 - 1


def whose_turn_it_is(
    connection: Connection, campaign: Campaign, lane: int, at: datetime, most: int
) -> Iterable[Candidate]:
    """Yield the next of a lane, and hold them; whoever another process has in hand is passed over."""
    asked = {
        "campaign": campaign.id,
        "consultation": campaign.consultation,
        "lane": lane,
        "now": at,
        "most": most,
        "until": campaign.until_turn if campaign.until_turn is not None else _LAST_TURN,
    }
    for row in connection.execute(_TURNS, asked):
        yield _candidate(campaign, row)


def in_the_outbox(
    connection: Connection, campaign: Campaign, sender: str, since: datetime
) -> Iterable[tuple[int, Candidate]]:
    """Yield the ids of letters that have waited since a moment to be sent for the first time, and whose each is."""
    asked = {
        "campaign": campaign.id,
        "consultation": campaign.consultation,
        "sender": sender,
        "since": since,
    }
    for row in connection.execute(_WAITING, asked):
        yield row.outbound_id, _candidate(campaign, row)


def _candidate(campaign: Campaign, row: Any) -> Candidate:
    spoken = campaign.terms.said.get(row.wording, {})
    return Candidate(
        row.recipient_id,
        row.contact_id,
        row.turn,
        row.wording,
        row.lane,
        language_for(row.own, row.listed, spoken),
        row.time_zone,
        _read_attributes(row.attributes),
        opted_out=row.opted_out_at is not None,
        is_interviewed=row.interview is not None or campaign.consultation in read_moved(row.moved),
        is_gone=row.is_gone,
        answers_at=row.answers_at,
        is_attended=row.is_attended,
    )


# --- the statements


def _candidates(state: InvitationState) -> Select[Any]:
    another = tables.interviews.alias("another")
    answers_at = (
        select(func.max(another.c.updated_at))
        .where(
            another.c.contact_id == _contact.id,
            another.c.consultation != bindparam("consultation"),
            another.c.stage != Stage.ENDED,
        )
        .scalar_subquery()
    )
    theirs = and_(_interview.contact_id == _contact.id, _interview.consultation == bindparam("consultation"))
    return (
        select(
            _invitation.recipient_id,
            _invitation.outbound_id,
            _recipient.contact_id,
            _invitation.turn,
            _invitation.wording,
            _invitation.lane,
            _contact.language.label("own"),
            _recipient.language.label("listed"),
            _recipient.time_zone,
            _recipient.attributes,
            _contact.opted_out_at,
            _contact.moved,
            _interview.id.label("interview"),
            is_gone().label("is_gone"),
            answers_at.label("answers_at"),
            is_attended(_contact.id).label("is_attended"),
        )
        .select_from(
            invitations.join(recipients, _recipient.id == _invitation.recipient_id)
            .join(tables.contacts, _contact.id == _recipient.contact_id)
            .outerjoin(tables.interviews, theirs)
        )
        .where(_invitation.campaign_id == bindparam("campaign"), _invitation.state == state)
    )


_TURNS = (
    _candidates(InvitationState.WAITING)
    .where(
        _invitation.lane == bindparam("lane"),
        _invitation.turn <= bindparam("until", type_=_invitation.turn.type),
        or_(
            _invitation.due_at.is_(None),
            _invitation.due_at <= bindparam("now", type_=_invitation.due_at.type),
        ),
    )
    .order_by(_invitation.turn)
    .limit(bindparam("most"))
    # The contacts too: what they say at this moment is seen, or waits until their invitation stands.
    .with_for_update(of=[invitations, tables.contacts], skip_locked=True)
)

_LETTERS = select(_out.id).where(
    tables.is_now(OutboundStatus.QUEUED),
    _out.provider_id.is_(None),
    _out.sender == bindparam("sender"),
    _out.created_at <= bindparam("since", type_=_out.created_at.type),
)
_WAITING = _candidates(InvitationState.QUEUED).where(_invitation.outbound_id.in_(_LETTERS))
