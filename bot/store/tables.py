"""The tables. `migrations/` builds them; a test compares the two on both databases.

Two stores stand in one database. The contact vault (`contacts`) alone knows where a person is reached, and
only as a keyed hash and a sealed address. Everything else knows a contact by id, and results know a
respondent by the random id of that one consultation. Erasing a contact deletes its messages and breaks the
link from its interviews for good.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC, to the microsecond: timestamptz on PostgreSQL, a `written` text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        return written(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if isinstance(value, datetime) else None


@lru_cache(maxsize=1_024)  # one message's moment stands in five rows
def written(moment: datetime) -> str:
    """Return a moment as `2026-11-23T21:18:49.000000+00:00`.

    Always UTC and always as long, so that SQLite sorts it as text; PostgreSQL reads it as a timestamptz.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the column is written INTEGER; that is 64 bits wide there."""


def only(condition: ColumnElement[bool]) -> dict[str, Any]:
    """Return the options of an index over the rows of a condition alone."""
    return {"sqlite_where": condition, "postgresql_where": condition}


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("address_sealed", Text, nullable=False),
    Column("language", Text),
    Column("opted_out_at", Moment),
    Column("current_consultation", Text),
    Column("created_at", Moment, nullable=False),
    Column("last_inbound_at", Moment),
    Column("pace", Text),
    # Which of our numbers or bots they wrote to last: what we send them comes from there.
    Column("sender", Text),
    # The provider's name for their last message, by which an edit of it is known.
    Column("last_message", Text),
    # The consultations that they went on with on another channel, with blanks between.
    Column("moved", Text),
    # Where they stand whom a person attends to; see `bot.core.reception.records.Attention`.
    Column("attention", Text),
    # Who helps others to answer in this chat. No foreign key: a worker leads to their chat too, and a circle of two
    # tables could not be emptied.
    Column("worker_id", Key),
    UniqueConstraint("channel", "address_hash"),
    # The number of an erased contact is never given to another.
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("version", Text, primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    Index(None, "consultation"),
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="SET NULL")),
    Column("consultation", Text, nullable=False),
    Column("version", Text, ForeignKey("versions.version"), nullable=False),
    Column("respondent_id", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("language", Text),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("ending", Text),
    Column("started_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("consented_at", Moment),
    Column("ended_at", Moment),
    # Whether they want to be told what came of it; without a value where they were not asked, or have not said.
    Column("report_back", Boolean),
    # Where they learnt of it: a radio show, a clinic; see `bot.core.interview.records.Interview`.
    Column("source", Text),
    # How far along a chain of referrals they were recruited; without a value where they came by themselves.
    Column("wave", Integer),
    UniqueConstraint("contact_id", "consultation"),
    Index(None, "consultation", "id"),
)

IS_COMPLETE = interviews.c.ending == literal_column("'complete'", Text)
"""Written as the index has it, without a parameter: SQLite takes the index for the very same condition alone."""
Index("ix_interviews_complete", interviews.c.consultation, interviews.c.id, **only(IS_COMPLETE))

answers = Table(
    "answers",
    metadata,
    Column("interview_id", Key, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("item", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("language", Text),
    Column("relevant", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("version", Text, nullable=False),
    sqlite_with_rowid=False,
)

moves = Table(
    "moves",
    metadata,
    Column("interview_id", Key, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("consultation", Text),
    Column("received_at", Moment, nullable=False),
    UniqueConstraint("channel", "provider_id"),
)

outbound = Table(
    "outbound",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("in_reply_to", Key, ForeignKey("inbound.id", ondelete="CASCADE")),
    Column("position", Integer, nullable=False),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("language", Text),
    Column("buttons", Text),
    Column("segments", Integer),
    Column("status", Text, nullable=False),
    Column("provider_id", Text),
    Column("created_at", Moment, nullable=False),
    # The rest is about messages that the outbox sends; see `bot.store.outbox`.
    Column("sender", Text),
    Column("priority", Integer),
    Column("due_at", Moment),
    Column("expires_at", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("attempt_started_at", Moment),
    Column("settled_at", Moment),
    Column("error", Text),
    # What is sent in place of the body to somebody who may not be written to freely.
    Column("template", Text),
    # The day to which the caps have counted it last; see `bot.store.outreach.caps`.
    Column("counted_on", Date),
    UniqueConstraint("in_reply_to", "position"),
)
_out = outbound.c


def is_now(status: str) -> ColumnElement[bool]:
    """Return the condition that a message has a status, written as the indexes have it, without a parameter."""
    return _out.status == literal_column(f"'{status}'", Text)


# Few messages are on their way at a time: these indexes stay small however many have been sent. One a status, for
# SQLite takes such an index only where a statement has the very same condition; see `is_now`.
Index("ix_outbound_queued", _out.sender, _out.priority, _out.due_at, _out.id, **only(is_now("queued")))
Index("ix_outbound_sending", _out.sender, _out.attempt_started_at, **only(is_now("sending")))
Index("ix_outbound_uncertain", _out.sender, _out.due_at, **only(is_now("uncertain")))
Index("ix_outbound_failed", _out.id, **only(is_now("failed")))
Index("ix_outbound_undelivered", _out.id, **only(is_now("undelivered")))
Index("ix_outbound_provider_id", _out.provider_id, **only(_out.provider_id.is_not(None)))

receipts = Table(
    "receipts",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("provider_id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("error", Text),
    Column("received_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

media = Table(
    "media",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("content_type", Text),
    Column("size", Integer),
    Column("file", Text),
    Column("error", Text),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("channel", "reference"),
)
Index("ix_media_waiting", media.c.due_at, **only(media.c.status == literal_column("'waiting'", Text)))
