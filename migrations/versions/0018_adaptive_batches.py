"""Batches of invitations that quotas chose."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "adaptive_batches",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign_id", key),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("chosen_at", moment, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("last_recipient", key, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_adaptive_batches_campaign_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_adaptive_batches"),
        sa.UniqueConstraint("consultation", "number", name="uq_adaptive_batches_consultation_number"),
    )
    op.create_index("ix_adaptive_batches_campaign_id", "adaptive_batches", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("adaptive_batches")
