"""What the outbox knows of a message on its way, and how fast a person writes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

INDEXES = (
    ("ix_outbound_queued", ["sender", "priority", "due_at", "id"], "status = 'queued'"),
    ("ix_outbound_sending", ["sender", "attempt_started_at"], "status = 'sending'"),
    ("ix_outbound_uncertain", ["sender", "due_at"], "status = 'uncertain'"),
    ("ix_outbound_failed", ["id"], "status = 'failed'"),
    ("ix_outbound_provider_id", ["provider_id"], "provider_id IS NOT NULL"),
)


def upgrade() -> None:
    op.add_column("contacts", sa.Column("pace", sa.Text()))
    for column in (
        sa.Column("sender", sa.Text()),
        sa.Column("priority", sa.Integer()),
        sa.Column("due_at", moment),
        sa.Column("expires_at", moment),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempt_started_at", moment),
        sa.Column("settled_at", moment),
        sa.Column("error", sa.Text()),
    ):
        op.add_column("outbound", column)
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "outbound", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, "outbound")
    for column in (
        *("error", "settled_at", "attempt_started_at", "attempts"),
        *("expires_at", "due_at", "priority", "sender"),
    ):
        op.drop_column("outbound", column)
    op.drop_column("contacts", "pace")
