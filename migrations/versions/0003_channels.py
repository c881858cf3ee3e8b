"""Delivery receipts, pictures and sounds, and by which of our numbers and messages a person is to be answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("sender", sa.Text()))
    op.add_column("contacts", sa.Column("last_message", sa.Text()))
    op.create_table(
        "receipts",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("received_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_id", name="pk_receipts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "media",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", moment),
        sa.Column("content_type", sa.Text()),
        sa.Column("size", sa.Integer()),
        sa.Column("file", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_media_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
        sa.UniqueConstraint("channel", "reference", name="uq_media_channel_reference"),
    )
    op.create_index("ix_media_contact_id", "media", ["contact_id"])
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_media_waiting", "media", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("media")
    op.drop_table("receipts")
    op.drop_column("contacts", "last_message")
    op.drop_column("contacts", "sender")
