"""Contacts, consultation versions, interviews and their answers, messages in and out."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("opted_out_at", moment),
        sa.Column("current_consultation", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("last_inbound_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("channel", "address_hash", name="uq_contacts_channel_address_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "versions",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_versions"),
    )
    op.create_index("ix_versions_consultation", "versions", ["consultation"])
    op.create_table(
        "interviews",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("contact_id", key),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("respondent_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text()),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("consented_at", moment),
        sa.Column("ended_at", moment),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_interviews_contact_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["version"], ["versions.version"], name="fk_interviews_version"),
        sa.PrimaryKeyConstraint("id", name="pk_interviews"),
        sa.UniqueConstraint("contact_id", "consultation", name="uq_interviews_contact_id_consultation"),
        sa.UniqueConstraint("respondent_id", name="uq_interviews_respondent_id"),
    )
    op.create_index("ix_interviews_consultation_id", "interviews", ["consultation", "id"])
    op.create_table(
        "answers",
        sa.Column("interview_id", key, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_answers_interview_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "slot", name="pk_answers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbound",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text()),
        sa.Column("received_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_inbound_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbound"),
        sa.UniqueConstraint("channel", "provider_id", name="uq_inbound_channel_provider_id"),
    )
    op.create_index("ix_inbound_contact_id", "inbound", ["contact_id"])
    op.create_table(
        "outbound",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("in_reply_to", key),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("buttons", sa.Text()),
        sa.Column("segments", sa.Integer()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["in_reply_to"], ["inbound.id"], name="fk_outbound_in_reply_to", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_outbound_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbound"),
        sa.UniqueConstraint("in_reply_to", "position", name="uq_outbound_in_reply_to_position"),
    )
    op.create_index("ix_outbound_contact_id", "outbound", ["contact_id"])


def downgrade() -> None:
    for table in ("outbound", "inbound", "answers", "interviews", "versions", "contacts"):
        op.drop_table(table)
