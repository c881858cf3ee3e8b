"""The language of each digest; those that exist are in English."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | Sequence[str] | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A digest that waits is written in a shape that is read no more; the next one tells what it told.
GIVEN_UP = (
    "UPDATE digests SET status = 'failed', error = 'the next digest tells it', due_at = NULL "
    "WHERE status = 'queued'"
)


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("language", sa.Text(), nullable=False, server_default="en"))
    op.execute(GIVEN_UP)


def downgrade() -> None:
    op.execute(GIVEN_UP)
    op.drop_column("subscriptions", "language")
