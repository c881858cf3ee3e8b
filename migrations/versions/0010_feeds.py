"""Tokens for the API, names of feeds, and digests with who gets them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text()),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("last_used_at", moment),
        sa.Column("revoked_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    op.create_table(
        "feeds",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("named_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", name="pk_feeds"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("target_hash", sa.Text(), nullable=False),
        sa.Column("target_sealed", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.Text()),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint(
            "consultation", "carrier", "target_hash", name="uq_subscriptions_consultation_carrier_target_hash"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_due_at", "subscriptions", ["due_at"])
    op.create_table(
        "digests",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("subscription_id", key, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", moment),
        sa.Column("attempt_started_at", moment),
        sa.Column("settled_at", moment),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name="fk_digests_subscription_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("message_id", name="uq_digests_message_id"),
        sa.UniqueConstraint("subscription_id", "period", name="uq_digests_subscription_id_period"),
    )
    op.create_index("ix_digests_status_due_at", "digests", ["status", "due_at"])


def downgrade() -> None:
    op.drop_table("digests")
    op.drop_table("subscriptions")
    op.drop_table("feeds")
    op.drop_table("api_tokens")
