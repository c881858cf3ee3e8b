"""The tables of the inbox, beside those of `bot.store.tables` and in the same database.

What people wrote stands in `inbound` alone: here is which of it a person is to read. Erasing a contact erases all of
it but the audit, which holds no word and no number of theirs.
"""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    exists,
    or_,
)

from bot.store.tables import Key, Moment, metadata, only

inbox_cases = Table(
    "inbox_cases",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("consultation", Text, nullable=False),
    Column("language", Text),
    Column("urgency", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    # The newest of their messages, and until when somebody is to have looked.
    Column("written_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("looked_at", Moment),
    Column("closed_at", Moment),
    Column("outcome", Text),
    # The audit speaks of its number, which is never another's.
    sqlite_autoincrement=True,
)
_case = inbox_cases.c
Index(
    "uq_inbox_cases_open",
    _case.contact_id,
    _case.consultation,
    unique=True,
    **only(_case.closed_at.is_(None)),
)
Index("ix_inbox_cases_contact_id", _case.contact_id)


def is_attended(
    contact: ColumnElement[int], since: ColumnElement[datetime] | None = None
) -> ColumnElement[bool]:
    """Return the condition that a person answers somebody: a case of theirs is open, or was after a moment."""
    is_open: ColumnElement[bool] = _case.closed_at.is_(None)
    return exists().where(
        _case.contact_id == contact, is_open if since is None else or_(is_open, _case.closed_at > since)
    )


inbox_messages = Table(
    "inbox_messages",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("case_id", Key, ForeignKey("inbox_cases.id", ondelete="CASCADE"), nullable=False, index=True),
    # One of the two: what they wrote, or what was answered.
    Column("inbound_id", Key, ForeignKey("inbound.id", ondelete="CASCADE"), index=True),
    Column("outbound_id", Key, ForeignKey("outbound.id", ondelete="CASCADE"), index=True),
    Column("has_words", Boolean, nullable=False),
    # The answer that it became, where it became one.
    Column("interview_id", Key, ForeignKey("interviews.id", ondelete="CASCADE")),
    Column("slot", Text),
)
_message = inbox_messages.c
Index(
    "ix_inbox_messages_interview_id_slot",
    _message.interview_id,
    _message.slot,
    **only(_message.interview_id.is_not(None)),
)

inbox_people = Table(
    "inbox_people",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("consultation", Text, nullable=False),
    # Whether they may have the address shown.
    Column("is_lead", Boolean, nullable=False),
    # SHA-256 of 256 random bits, as of the tokens of the API.
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    sqlite_autoincrement=True,
)

inbox_audit = Table(
    "inbox_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("consultation", Text),
    # No reference: the line outlives what it is about.
    Column("subject", Key),
    Column("detail", Text, nullable=False),
    # One line follows another: of two who write at once, the second begins anew.
    Column("previous", Text, nullable=False, unique=True),
    Column("hash", Text, nullable=False),
)
