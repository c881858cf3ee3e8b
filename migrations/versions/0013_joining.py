"""Where people learnt of a consultation, codes that they pass on, and who came by one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("interviews", sa.Column("source", sa.Text()))
    # The state of an interview held it before, as JSON.
    said = (
        "json_extract(state, '$.source')"
        if op.get_bind().dialect.name == "sqlite"
        else "state::json->>'source'"
    )
    op.execute(f"UPDATE interviews SET source = {said}")  # noqa: S608 (both are written above)
    op.add_column("interviews", sa.Column("wave", sa.Integer()))
    op.create_table(
        "coupons",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("issuer_id", key, nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("recruit_id", key),
        sa.Column("used_at", moment),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["interviews.id"], name="fk_coupons_issuer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recruit_id"], ["interviews.id"], name="fk_coupons_recruit_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_coupons"),
        sa.UniqueConstraint("code_hash", name="uq_coupons_code_hash"),
        sa.UniqueConstraint("recruit_id", name="uq_coupons_recruit_id"),
    )
    op.create_index("ix_coupons_issuer_id", "coupons", ["issuer_id"])
    op.create_table(
        "referrals_closed",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("chains", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", name="pk_referrals_closed"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("referrals_closed")
    op.drop_table("coupons")
    op.drop_column("interviews", "wave")
    op.drop_column("interviews", "source")
