"""Letters of invitations and what became of them: seen, and taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, null, or_, select, update

from bot.core.outreach.campaigns import InvitationState
from bot.core.outreach.caps import HELD
from bot.store import tables
from bot.store.outreach.tables import campaigns, invitations, recipients
from bot.store.sending import OutboundStatus, Priority

_invitation, _recipient = invitations.c, recipients.c
_interview, _out = tables.interviews.c, tables.outbound.c

LETTER_GONE = "its message is not there any more"
_TAKEN = (OutboundStatus.SENT, OutboundStatus.DELIVERED, OutboundStatus.UNDELIVERED)
_CLOSED = (OutboundStatus.EXPIRED, OutboundStatus.CANCELED)


def withdraw(connection: Connection, campaign_id: int, at: datetime) -> None:
    """Take back the letters of a campaign that no worker has in hand, and let their invitations wait again.

    Reminders of its invitations too; what is said to people who have begun does not hang on how they came.
    """
    letters = select(_invitation.outbound_id).where(
        _invitation.campaign_id == campaign_id,
        _invitation.state == InvitationState.QUEUED,
        _invitation.outbound_id.is_not(None),
    )
    _close(connection, letters, at)
    _keep_back(connection, campaign_id, at)
    follow_letters(connection, campaign_id)
    of_it = exists().where(
        _recipient.contact_id == _out.contact_id,
        _invitation.recipient_id == _recipient.id,
        _invitation.campaign_id == campaign_id,
    )
    # Asked of the few reminders that wait, and not of a million invitations.
    waiting = [tables.is_now(OutboundStatus.QUEUED), _out.priority == int(Priority.REMINDER)]
    has_begun = exists().where(
        _interview.contact_id == _out.contact_id,
        _interview.consultation
        == select(campaigns.c.consultation).where(campaigns.c.id == campaign_id).scalar_subquery(),
    )
    _close(connection, select(_out.id).where(*waiting, of_it, ~has_begun), at)


def _keep_back(connection: Connection, campaign_id: int, at: datetime) -> None:
    """Have letters that came back, and would be sent once more, stay what they are: they are not written anew."""
    of_it = exists().where(
        _recipient.contact_id == _out.contact_id,
        _invitation.recipient_id == _recipient.id,
        _invitation.campaign_id == campaign_id,
        _invitation.outbound_id == _out.id,
    )
    connection.execute(
        update(tables.outbound)
        .where(
            tables.is_now(OutboundStatus.QUEUED),
            _out.priority == int(Priority.INVITATION),
            _out.provider_id.is_not(None),
            of_it,
        )
        .values(status=OutboundStatus.UNDELIVERED, settled_at=at)
    )


def withdraw_from_begun(connection: Connection, campaign_id: int, at: datetime) -> None:
    """Take back letters to people who have begun the interview since they were put in the outbox."""
    letters = (
        select(_invitation.outbound_id)
        .join_from(invitations, recipients, _recipient.id == _invitation.recipient_id)
        .join(
            tables.interviews,
            and_(
                _interview.contact_id == _recipient.contact_id,
                _interview.consultation == _recipient.consultation,
            ),
        )
        .where(
            _invitation.campaign_id == campaign_id,
            _invitation.state == InvitationState.QUEUED,
            _invitation.outbound_id.is_not(None),
        )
    )
    _close(connection, letters, at)


def withdraw_capped(connection: Connection, campaign_id: int, at: datetime) -> None:
    """Take back letters that a cap against harm holds, and have their invitations wait for as long as it does.

    Left in the outbox, all of a country that nobody has allowed would come to lie there; and once it is allowed, they
    would go out past quotas that were full meanwhile.
    """
    letters = (
        select(_invitation.outbound_id)
        .join_from(invitations, tables.outbound, _out.id == _invitation.outbound_id)
        .where(
            _invitation.campaign_id == campaign_id,
            _invitation.state == InvitationState.QUEUED,
            _is_capped(),
        )
    )
    _close(connection, letters, at)


def withdraw_letters(connection: Connection, letters: Sequence[int], at: datetime) -> None:
    """Take back such of these letters as no worker has in hand."""
    _close(connection, letters, at)


def _is_capped() -> ColumnElement[bool]:
    return and_(_out.error.startswith(HELD), _out.provider_id.is_(None))


def _close(connection: Connection, letters: Select[Any] | Sequence[int], at: datetime) -> None:
    connection.execute(
        update(tables.outbound)
        .where(_out.id.in_(letters), _out.status == OutboundStatus.QUEUED)
        .values(status=closed_as(), settled_at=at)
    )


def closed_as() -> ColumnElement[str]:
    """Return what a queued letter is once it is taken back: what has been sent before did not arrive, and stays so."""
    return case(
        (_out.provider_id.is_(None), OutboundStatus.CANCELED.value), else_=OutboundStatus.UNDELIVERED.value
    )


def follow_letters(connection: Connection, campaign_id: int) -> None:
    """Have a campaign's invitations follow their letters: sent, failed, or waiting again where nothing was sent.

    What a provider took once, and was then told not to have arrived, is never written anew: it may have.
    """
    queued = and_(_invitation.campaign_id == campaign_id, _invitation.state == InvitationState.QUEUED)
    is_back = and_(_out.status.in_(_CLOSED), _out.provider_id.is_(None))
    is_capped = and_(is_back, _is_capped())
    is_taken = _out.status.in_(_TAKEN)
    moment = func.coalesce(_out.attempt_started_at, _out.settled_at, type_=_out.settled_at.type)
    connection.execute(
        update(invitations)
        .where(
            queued,
            _invitation.outbound_id == _out.id,
            or_(is_taken, _out.status.in_([*_CLOSED, OutboundStatus.FAILED])),
        )
        .values(
            state=case(
                (is_back, InvitationState.WAITING),
                (is_taken, InvitationState.SENT),
                else_=InvitationState.FAILED,
            ),
            outbound_id=case((is_back, null()), else_=_out.id),
            invited_at=case((is_taken, moment), else_=null()),
            due_at=case((is_capped, _out.due_at), (is_taken, moment), else_=null()),
            reason=case((and_(or_(is_back, is_taken), ~is_capped), null()), else_=_out.error),
        )
    )
    connection.execute(
        update(invitations)
        .where(queued, _invitation.outbound_id.is_(None))
        .values(state=InvitationState.FAILED, reason=LETTER_GONE)
    )
