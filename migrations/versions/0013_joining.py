"""Where people learnt of a consultation, in a column of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("interviews", sa.Column("source", sa.Text()))
    # The state of an interview held it before, as JSON.
    said = (
        "json_extract(state, '$.source')"
        if op.get_bind().dialect.name == "sqlite"
        else "state::json->>'source'"
    )
    op.execute(f"UPDATE interviews SET source = {said}")  # noqa: S608 (both are written above)


def downgrade() -> None:
    op.drop_column("interviews", "source")
