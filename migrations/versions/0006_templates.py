"""Templates of a provider's, for those who may not be written to freely."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("outbound", sa.Column("template", sa.Text()))


def downgrade() -> None:
    op.drop_column("outbound", "template")
