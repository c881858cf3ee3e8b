"""An index of what did not arrive, which operators count and list."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    undelivered = sa.text("status = 'undelivered'")
    op.create_index(
        "ix_outbound_undelivered",
        "outbound",
        ["id"],
        sqlite_where=undelivered,
        postgresql_where=undelivered,
    )


def downgrade() -> None:
    op.drop_index("ix_outbound_undelivered", "outbound")
