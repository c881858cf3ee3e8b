"""The tables of helped answers: workers, their sessions, and which interviews are of somebody who was helped."""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    exists,
)

from bot.store.tables import Key, Moment, interviews, metadata

# Who may help others to answer. `contacts.worker_id` says in which chats they do.
workers = Table(
    "workers",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    # For the organiser alone: it stands in no export and in no results.
    Column("name", Text, nullable=False),
    # Keyed with a secret that is outside of the database; without a value for who types in forms and has no chat.
    Column("pin_hash", Text, unique=True),
    Column("pin_expires_at", Moment),
    Column("pin_taken_at", Moment),
    # The chat that took it.
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="SET NULL"), index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    UniqueConstraint("consultation", "name"),
    # Their interviews say who helped by this number; it is never another's.
    sqlite_autoincrement=True,
)

wrong_pins = Table(
    "wrong_pins",
    metadata,
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

helping_sessions = Table(
    "helping_sessions",
    metadata,
    # Drawn, and not counted up: it is known before the session is stored.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("worker_id", Key, ForeignKey("workers.id"), nullable=False, index=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("person", Integer, nullable=False),
    Column("language", Text),
    Column("asks", Text),
    Column("begun_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("ix_helping_sessions_contact_id", "contact_id"),
)
_on = helping_sessions.c.ended_at.is_(None)
Index(
    "uq_helping_sessions_on",
    helping_sessions.c.contact_id,
    unique=True,
    sqlite_where=_on,
    postgresql_where=_on,
)

# An interview of somebody who was helped has no contact: nothing leads from it to a phone, and nothing is sent later.
helped_interviews = Table(
    "helped_interviews",
    metadata,
    Column("interview_id", Key, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("worker_id", Key, ForeignKey("workers.id"), nullable=False, index=True),
    Column("session_id", BigInteger, ForeignKey("helping_sessions.id", ondelete="SET NULL")),
    Column("person", Integer),
    # Each person of a session once, whatever comes twice and however many processes there are.
    UniqueConstraint("session_id", "person"),
)


def is_assisted() -> ColumnElement[bool]:
    """Return whether somebody helped with the interview of a row."""
    return exists().where(helped_interviews.c.interview_id == interviews.c.id)


paper_forms = Table(
    "paper_forms",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column("form", Text, primary_key=True),
    Column(
        "interview_id",
        Key,
        ForeignKey("interviews.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("digest", Text, nullable=False),
    Column("imported_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
