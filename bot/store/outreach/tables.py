"""The tables of outreach, beside those of `bot.store.tables` and in the same database."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
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
    # The turn of the last of the sample, until somebody has looked.
    Column("until_turn", BigInteger),
    # What was confirmed, as JSON; see `bot.core.outreach.campaigns.Terms`.
    Column("terms", Text, nullable=False),
    # Why it is in its state, for who looks after it.
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("consultation", "number"),
)

# One for a person and consultation, ever: the recipient is that person in that consultation. One that was never sent,
# of a campaign that was cancelled, goes over to the next.
invitations = Table(
    "invitations",
    metadata,
    Column("recipient_id", Key, ForeignKey("recipients.id", ondelete="CASCADE"), primary_key=True),
    Column("campaign_id", Key, ForeignKey("campaigns.id", ondelete="CASCADE"), nullable=False),
    # Where in the campaign's list stands from which sender it goes, and by which clocks.
    Column("lane", Integer, nullable=False),
    # Its turn in the campaign, drawn by the campaign's seed: the first of them are the sample.
    Column("turn", BigInteger, nullable=False),
    Column("wording", Text, nullable=False),
    Column("state", Text, nullable=False),
    # While it waits, not before then. Once it is sent, when to see whether a reminder is due; without a value, never.
    Column("due_at", Moment),
    Column("outbound_id", Key, ForeignKey("outbound.id", ondelete="SET NULL"), index=True),
    Column("invited_at", Moment),
    Column("reason", Text),
    sqlite_with_rowid=False,
)
Index(
    "ix_invitations_campaign_id_state_lane_turn",
    *(invitations.c[name] for name in ("campaign_id", "state", "lane", "turn")),
)


def is_sent() -> ColumnElement[bool]:
    """Return the condition that an invitation is sent, written as its index has it, without a parameter."""
    return invitations.c.state == literal_column("'sent'", Text)


Index(
    "ix_invitations_sent",
    invitations.c.campaign_id,
    invitations.c.due_at,
    sqlite_where=is_sent(),
    postgresql_where=is_sent(),
)

# Whether people of a consultation are reminded, and in which words: what was confirmed, as JSON; see
# `bot.core.outreach.reminding.ReminderTerms`.
reminding = Table(
    "reminding",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("terms", Text, nullable=False),
    Column("reason", Text),
    Column("changed_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# A code that somebody may pass on, and who came by it: who knows whom, by interviews alone. It is kept no longer than
# its organiser needs it; see `bot.store.outreach.referral`.
coupons = Table(
    "coupons",
    metadata,
    Column("id", Key, Identity(), primary_key=True),
    # HMAC of the code with the pepper: the code itself stands nowhere.
    Column("code_hash", Text, nullable=False, unique=True),
    Column("issuer_id", Key, ForeignKey("interviews.id", ondelete="CASCADE"), nullable=False, index=True),
    # Of who comes by it.
    Column("wave", Integer, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("recruit_id", Key, ForeignKey("interviews.id", ondelete="SET NULL"), unique=True),
    # It is used even where nothing is left of who came by it.
    Column("used_at", Moment),
)

# What is left of chains of referrals when who recruited whom was forgotten: sums, as JSON.
referrals_closed = Table(
    "referrals_closed",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column("closed_at", Moment, nullable=False),
    Column("chains", Text, nullable=False),
    sqlite_with_rowid=False,
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
