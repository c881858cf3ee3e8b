"""The inbox: what a person is to read, who may, and an audit of who did."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("attention", sa.Text()))
    op.create_table(
        "inbox_cases",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("contact_id", key, nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("looked_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("outcome", sa.Text()),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_inbox_cases_contact_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_inbox_cases_open",
        "inbox_cases",
        ["contact_id", "consultation"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_inbox_cases_contact_id", "inbox_cases", ["contact_id"])
    op.create_table(
        "inbox_messages",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("inbound_id", key),
        sa.Column("outbound_id", key),
        sa.Column("has_words", sa.Boolean(), nullable=False),
        sa.Column("interview_id", key),
        sa.Column("slot", sa.Text()),
        sa.ForeignKeyConstraint(
            ["case_id"], ["inbox_cases.id"], name="fk_inbox_messages_case_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name="fk_inbox_messages_inbound_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name="fk_inbox_messages_outbound_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_inbox_messages_interview_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_messages"),
    )
    for column in ("case_id", "inbound_id", "outbound_id"):
        op.create_index(f"ix_inbox_messages_{column}", "inbox_messages", [column])
    op.create_index(
        "ix_inbox_messages_interview_id_slot",
        "inbox_messages",
        ["interview_id", "slot"],
        sqlite_where=sa.text("interview_id IS NOT NULL"),
        postgresql_where=sa.text("interview_id IS NOT NULL"),
    )
    op.create_table(
        "inbox_people",
        sa.Column("id", key, sa.Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_people"),
        sa.UniqueConstraint("token_hash", name="uq_inbox_people_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox_audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text()),
        sa.Column("subject", key),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_inbox_audit"),
        sa.UniqueConstraint("previous", name="uq_inbox_audit_previous"),
    )
    for name, statement in _append_only(op.get_bind().dialect.name).items():
        op.execute(sa.text(statement.format(name=name)))


def _append_only(dialect: str) -> dict[str, str]:
    """Return triggers that keep the audit from being changed, or shortened, but by who alters the schema first."""
    if dialect == "sqlite":
        kept = "CREATE TRIGGER {name} BEFORE %s ON inbox_audit BEGIN SELECT RAISE(ABORT, 'append only'); END"
        return {"inbox_audit_kept": kept % "DELETE", "inbox_audit_unchanged": kept % "UPDATE"}
    return {
        "inbox_audit_append_only": (
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append only'; END $$"
        ),
        "inbox_audit_kept": (
            "CREATE TRIGGER {name} BEFORE DELETE OR UPDATE OR TRUNCATE ON inbox_audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION inbox_audit_append_only()"
        ),
    }


def downgrade() -> None:
    for table in ("inbox_audit", "inbox_people", "inbox_messages", "inbox_cases"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(sa.text("DROP FUNCTION inbox_audit_append_only()"))
    op.drop_column("contacts", "attention")
