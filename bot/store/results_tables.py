"""The tables of results and of what is told of them, beside those of `bot.store.tables` and in the same database."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.tables import Key, Moment, metadata

findings = Table(
    "findings",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("counted_from", Date, nullable=False),
)

finding_changes = Table(
    "finding_changes",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("finding_id", Key, ForeignKey("findings.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Date),
    Column("reason", Text),
    Column("referred_to", Text),
    Column("done_on", Date),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # Two who change a finding at once: the second is told so.
    UniqueConstraint("finding_id", "number"),
)

finding_words = Table(
    "finding_words",
    metadata,
    Column("change_id", Key, ForeignKey("finding_changes.id", ondelete="CASCADE"), primary_key=True),
    Column("language", Text, primary_key=True),
    Column("words", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Who was told of which change: by their interview, for that stays one when it goes on elsewhere, and by no contact.
notices = Table(
    "notices",
    metadata,
    Column("change_id", Key, ForeignKey("finding_changes.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "interview_id", Key, ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("outbound_id", Key, ForeignKey("outbound.id", ondelete="SET NULL"), index=True),
    Column("language", Text, nullable=False),
    sqlite_with_rowid=False,
)

quotes = Table(
    "quotes",
    metadata,
    Column("interview_id", Key, primary_key=True),
    Column("slot", Text, primary_key=True),
    # Words of somebody who is erased go with them; the interview, which is nobody's then, stays.
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("text", Text),
    Column("reviewer", Text, nullable=False),
    Column("reviewed_at", Moment, nullable=False),
    # Of the answer that was read: another moment there is another answer.
    Column("answered_at", Moment, nullable=False),
    Column("translations", Text, nullable=False),
    ForeignKeyConstraint(
        ["interview_id", "slot"], ["answers.interview_id", "answers.slot"], ondelete="CASCADE"
    ),
    sqlite_with_rowid=False,
)

releases = Table(
    "releases",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("released_at", Moment, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("rounding", Integer, nullable=False),
    # Three documents as JSON: what is shown, what its columns mean, and what later audits look at.
    Column("document", Text, nullable=False),
    Column("codebook", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("withdrawn_at", Moment),
    UniqueConstraint("consultation", "number"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    # SHA-256 of the token: 256 random bits need no salt, and the token itself is kept nowhere.
    Column("token_hash", Text, nullable=False, unique=True),
    # Without a value, it is for all of them.
    Column("consultation", Text),
    Column("scopes", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)

# By whose name and since when the entries of a feed are called: they keep it when the server gets another address.
feeds = Table(
    "feeds",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("named_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("target_hash", Text, nullable=False),
    Column("target_sealed", Text, nullable=False),
    Column("secret_sealed", Text),
    Column("every", Text, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False, index=True),
    Column("language", Text, nullable=False, server_default="en"),
    UniqueConstraint("consultation", "carrier", "target_hash"),
    # Unsubscribing leads to a number; it is never another's.
    sqlite_autoincrement=True,
)

digests = Table(
    "digests",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("subscription_id", Key, ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("period", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("attempt_started_at", Moment),
    Column("settled_at", Moment),
    Column("error", Text),
    # However many processes make digests, a subscriber has one of a period.
    UniqueConstraint("subscription_id", "period"),
    Index(None, "status", "due_at"),
)
