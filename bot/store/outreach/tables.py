"""The tables of outreach, beside those of `bot.store.tables` and in the same database."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.tables import Key, Moment, metadata

# Whom an organiser may invite to a consultation, and by what right. Who they are stands in the vault alone.
recipients = Table(
    "recipients",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("language", Text),
    # Where they are: ISO 3166, and the name of their clock in the IANA database.
    Column("country", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    # A JSON object of texts: what the organiser knows of them, for quotas. Never a name.
    Column("attributes", Text, nullable=False),
    Column("consent_source", Text, nullable=False),
    Column("consented_on", Date, nullable=False),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("consultation", "contact_id"),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    # How many are invited before it waits for somebody to look; without a value it does not wait.
    Column("sample", Integer),
    # What was confirmed, as JSON: senders, wordings and texts, hours, reminders.
    Column("document", Text, nullable=False),
    # Why it is in its state, for who looks after it.
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("consultation", "number"),
)

# One for a person and consultation, ever: the recipient is that person in that consultation.
invitations = Table(
    "invitations",
    metadata,
    Column("recipient_id", Key, ForeignKey("recipients.id", ondelete="CASCADE"), primary_key=True),
    Column("campaign_id", Key, ForeignKey("campaigns.id", ondelete="CASCADE"), nullable=False),
    # Its turn in the campaign, drawn by the campaign's seed: the first of them are the sample.
    Column("turn", Integer, nullable=False),
    Column("wording", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("outbound_id", Key, ForeignKey("outbound.id", ondelete="SET NULL"), index=True),
    Column("invited_at", Moment),
    Column("settled_at", Moment),
    Column("reason", Text),
    sqlite_with_rowid=False,
)
Index(
    "ix_invitations_campaign_id_state_due_at",
    *(invitations.c[name] for name in ("campaign_id", "state", "due_at")),
)

# Every reminder of a consultation that somebody got, however they came to it: their number is what limits them.
reminders = Table(
    "reminders",
    metadata,
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("consultation", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("outbound_id", Key, ForeignKey("outbound.id", ondelete="SET NULL"), index=True),
    Column("reminded_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# What was set of the caps against harm, by whom and why. The newest of a subject and country holds; none is changed.
cap_changes = Table(
    "cap_changes",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("country", Text),
    Column("value", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# What each day has come to: messages from the outbox, those abroad, and millionths with all replies that are counted.
cap_days = Table(
    "cap_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("messages", BigInteger, nullable=False),
    Column("abroad", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What each person got from the outbox: on their last day in all and as replies, and ever without having asked.
cap_people = Table(
    "cap_people",
    metadata,
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("replies", Integer, nullable=False),
    Column("unprompted", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# One row: up to which message the replies that travelled in answers are in `cap_days`. Whoever counts, or changes what
# is allowed, holds its lock.
cap_counting = Table(
    "cap_counting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("counted_to", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# By what the receiver of rewards knows that it is us; its row is locked by whoever sets money aside.
reward_secrets = Table(
    "reward_secrets",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column("secret_sealed", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Every start and stop of a consultation's rewards. The newest holds; none is changed.
reward_changes = Table(
    "reward_changes",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False, index=True),
    # What was confirmed, as JSON; without a value they were stopped.
    Column("document", Text),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

# The ledger: one row for each completed interview, whatever became of its reward.
rewards = Table(
    "rewards",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("interview_id", Key, ForeignKey("interviews.id", ondelete="SET NULL"), unique=True),
    Column("contact_id", Key, ForeignKey("contacts.id", ondelete="SET NULL"), index=True),
    # A keyed hash of the number within the consultation: it stays when its person is erased, so that none is paid anew.
    Column("payee", Text),
    # What the receiver knows the reward by, at each attempt.
    Column("key", Text, nullable=False, unique=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("error", Text),
    Column("attempts", Integer, nullable=False),
    Column("attempt_started_at", Moment),
    Column("due_at", Moment),
    Column("reserved_at", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("consultation", "payee"),
    Index(None, "consultation", "due_at"),
)

# Batches that quotas chose: from how many people of each kind, and with which seed, so that each can be chosen again.
adaptive_batches = Table(
    "adaptive_batches",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    Column("consultation", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("campaign_id", Key, ForeignKey("campaigns.id", ondelete="SET NULL"), index=True),
    Column("seed", BigInteger, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Column("size", Integer, nullable=False),
    Column("last_recipient", Key, nullable=False),
    # SHA-256 of the list of recipients, which their invitations are.
    Column("digest", Text, nullable=False),
    # What it was chosen from, as JSON: counts of people, and nothing of any one of them.
    Column("document", Text, nullable=False),
    UniqueConstraint("consultation", "number"),
)
