"""Rewards: the ledger, what was confirmed of them, and the secrets that sign them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reward_secrets",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("consultation", name="pk_reward_secrets"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reward_changes",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("document", sa.Text()),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reward_changes"),
    )
    op.create_index("ix_reward_changes_consultation", "reward_changes", ["consultation"])
    op.create_table(
        "rewards",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("interview_id", key),
        sa.Column("contact_id", key),
        sa.Column("payee", sa.Text()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_started_at", moment),
        sa.Column("due_at", moment),
        sa.Column("reserved_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_rewards_interview_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_rewards_contact_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rewards"),
        sa.UniqueConstraint("interview_id", name="uq_rewards_interview_id"),
        sa.UniqueConstraint("key", name="uq_rewards_key"),
        sa.UniqueConstraint("consultation", "payee", name="uq_rewards_consultation_payee"),
    )
    op.create_index("ix_rewards_contact_id", "rewards", ["contact_id"])
    op.create_index("ix_rewards_consultation_due_at", "rewards", ["consultation", "due_at"])
    op.create_index(
        "ix_interviews_complete",
        "interviews",
        ["consultation", "id"],
        sqlite_where=sa.text("ending = 'complete'"),
        postgresql_where=sa.text("ending = 'complete'"),
    )


def downgrade() -> None:
    op.drop_index("ix_interviews_complete", "interviews")
    for table in ("rewards", "reward_changes", "reward_secrets"):
        op.drop_table(table)
