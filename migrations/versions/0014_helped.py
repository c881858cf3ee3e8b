"""Workers who help others to answer, their sessions, and which interviews were helped or came on paper."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("worker_id", key))
    op.create_table(
        "workers",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text()),
        sa.Column("pin_expires_at", moment),
        sa.Column("pin_taken_at", moment),
        sa.Column("contact_id", key),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_workers_contact_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.UniqueConstraint("consultation", "name", name="uq_workers_consultation_name"),
        sa.UniqueConstraint("pin_hash", name="uq_workers_pin_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_workers_contact_id", "workers", ["contact_id"])
    op.create_table(
        "wrong_pins",
        sa.Column("contact_id", key, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_wrong_pins_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", name="pk_wrong_pins"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "helping_sessions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("worker_id", key, nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("asks", sa.Text()),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_helping_sessions_worker_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_helping_sessions_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_helping_sessions"),
    )
    op.create_index("ix_helping_sessions_worker_id", "helping_sessions", ["worker_id"])
    op.create_index("ix_helping_sessions_contact_id", "helping_sessions", ["contact_id"])
    op.create_index(
        "uq_helping_sessions_on",
        "helping_sessions",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "helped_interviews",
        sa.Column("interview_id", key, nullable=False),
        sa.Column("worker_id", key, nullable=False),
        sa.Column("session_id", sa.BigInteger()),
        sa.Column("person", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_helped_interviews_interview_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_helped_interviews_worker_id"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["helping_sessions.id"],
            name="fk_helped_interviews_session_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("interview_id", name="pk_helped_interviews"),
        sa.UniqueConstraint("session_id", "person", name="uq_helped_interviews_session_id_person"),
    )
    op.create_index("ix_helped_interviews_worker_id", "helped_interviews", ["worker_id"])
    op.create_table(
        "paper_forms",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("interview_id", key, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("imported_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_paper_forms_interview_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consultation", "form", name="pk_paper_forms"),
        sa.UniqueConstraint("interview_id", name="uq_paper_forms_interview_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("paper_forms", "helped_interviews", "helping_sessions", "wrong_pins", "workers"):
        op.drop_table(table)
    op.drop_column("contacts", "worker_id")
