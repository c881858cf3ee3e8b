"""Who may be invited, campaigns, invitations and reminders."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("consent_source", sa.Text(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_recipients_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recipients"),
        sa.UniqueConstraint("consultation", "contact_id", name="uq_recipients_consultation_contact_id"),
    )
    op.create_index("ix_recipients_contact_id", "recipients", ["contact_id"])
    op.create_table(
        "campaigns",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("sample", sa.Integer()),
        sa.Column("until_turn", sa.BigInteger()),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.UniqueConstraint("consultation", "number", name="uq_campaigns_consultation_number"),
    )
    op.create_table(
        "invitations",
        sa.Column("recipient_id", key, nullable=False),
        sa.Column("campaign_id", key, nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", moment),
        sa.Column("outbound_id", key),
        sa.Column("invited_at", moment),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="fk_invitations_recipient_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_invitations_campaign_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name="fk_invitations_outbound_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("recipient_id", name="pk_invitations"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitations_outbound_id", "invitations", ["outbound_id"])
    op.create_index(
        "ix_invitations_campaign_id_state_lane_turn", "invitations", ["campaign_id", "state", "lane", "turn"]
    )
    is_sent = sa.text("state = 'sent'")
    op.create_index(
        "ix_invitations_sent",
        "invitations",
        ["campaign_id", "due_at"],
        sqlite_where=is_sent,
        postgresql_where=is_sent,
    )
    op.create_table(
        "reminding",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("consultation", name="pk_reminding"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reminders",
        sa.Column("contact_id", key, nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outbound_id", key),
        sa.Column("reminded_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_reminders_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name="fk_reminders_outbound_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("contact_id", "consultation", "number", name="pk_reminders"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reminders_outbound_id", "reminders", ["outbound_id"])


def downgrade() -> None:
    for table in ("reminders", "reminding", "invitations", "campaigns", "recipients"):
        op.drop_table(table)
