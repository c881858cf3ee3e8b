"""The caps against harm: what was set, what each day and person came to, and messages that were counted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cap_changes",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("country", sa.Text()),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cap_changes"),
    )
    op.create_table(
        "cap_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("abroad", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_cap_days"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cap_people",
        sa.Column("contact_id", key, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("unprompted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_cap_people_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name="pk_cap_people"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cap_counting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_to", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_cap_counting_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_cap_counting"),
    )
    op.add_column("outbound", sa.Column("counted_on", sa.Date()))
    # What was said before there were caps is not of this day, but for a few hours.
    op.execute("INSERT INTO cap_counting SELECT 1, COALESCE(MAX(id), 0) FROM outbound")


def downgrade() -> None:
    op.drop_column("outbound", "counted_on")
    for table in ("cap_counting", "cap_people", "cap_days", "cap_changes"):
        op.drop_table(table)
