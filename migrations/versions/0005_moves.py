"""One-time codes by which a person goes on with an interview on another channel."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "moves",
        sa.Column("interview_id", key, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_moves_interview_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", name="pk_moves"),
        sa.UniqueConstraint("code", name="uq_moves_code"),
        sqlite_with_rowid=False,
    )
    op.add_column("contacts", sa.Column("moved", sa.Text()))


def downgrade() -> None:
    op.drop_column("contacts", "moved")
    op.drop_table("moves")
