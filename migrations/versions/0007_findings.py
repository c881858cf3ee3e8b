"""Findings of consultations, what was answered to them, and who was told of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("interviews", sa.Column("report_back", sa.Boolean()))
    op.create_table(
        "findings",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_consultation", "findings", ["consultation"])
    op.create_table(
        "finding_changes",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("finding_id", key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.Date()),
        sa.Column("reason", sa.Text()),
        sa.Column("referred_to", sa.Text()),
        sa.Column("done_on", sa.Date()),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name="fk_finding_changes_finding_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_finding_changes"),
        sa.UniqueConstraint("finding_id", "number", name="uq_finding_changes_finding_id_number"),
    )
    op.create_table(
        "finding_words",
        sa.Column("change_id", key, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["finding_changes.id"], name="fk_finding_words_change_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("change_id", "language", name="pk_finding_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        sa.Column("change_id", key, nullable=False),
        sa.Column("interview_id", key, nullable=False),
        sa.Column("outbound_id", key),
        sa.Column("language", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["finding_changes.id"], name="fk_notices_change_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_notices_interview_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name="fk_notices_outbound_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("change_id", "interview_id", name="pk_notices"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notices_interview_id", "notices", ["interview_id"])
    op.create_index("ix_notices_outbound_id", "notices", ["outbound_id"])


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("finding_words")
    op.drop_table("finding_changes")
    op.drop_table("findings")
    op.drop_column("interviews", "report_back")
