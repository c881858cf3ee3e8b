"""What people wrote that may be published, by whom that was read and decided."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("interview_id", key, nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reviewed_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.Column("translations", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id", "slot"],
            ["answers.interview_id", "answers.slot"],
            name="fk_quotes_interview_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_quotes_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "slot", name="pk_quotes"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_quotes_contact_id", "quotes", ["contact_id"])


def downgrade() -> None:
    op.drop_table("quotes")
