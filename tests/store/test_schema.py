"""The migrations: forward, back, forward again, and nothing between them and the tables."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.store.inbox_tables
import bot.store.outreach.helping_tables
import bot.store.outreach.tables
import bot.store.results_tables  # noqa: F401 - their tables are in the metadata too
from bot.errors import SettingsError
from bot.store.migrating import migrate
from bot.store.schema import ROOT, at_head, newest
from bot.store.tables import metadata
from tests.support.databases import HEAD, Databases, opened

FIRST_TABLES = {"contacts", "versions", "interviews", "answers", "inbound", "outbound"}
TABLES = FIRST_TABLES | {
    *("receipts", "media", "moves", "quotes"),
    *("findings", "finding_changes", "finding_words", "notices"),
    *("releases", "api_tokens", "feeds", "subscriptions", "digests"),
    *("reward_secrets", "reward_changes", "rewards"),
    *("cap_changes", "cap_days", "cap_people", "cap_counting"),
    *("recipients", "campaigns", "invitations", "reminding", "reminders", "adaptive_batches"),
    *("coupons", "referrals_closed"),
    *("inbox_cases", "inbox_messages", "inbox_people", "inbox_audit"),
    *("workers", "wrong_pins", "helping_sessions", "helped_interviews", "paper_forms"),
}


async def tables_of(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names())) - {"alembic_version"}


async def test_goes_forward_back_and_forward_again(databases: Databases) -> None:
    async with opened(await databases.empty()) as engine:
        assert not await at_head(engine)
        assert await migrate(engine) == (None, HEAD)
        assert await tables_of(engine) == TABLES
        assert await at_head(engine)
        assert await migrate(engine, "base") == (HEAD, None)
        assert await tables_of(engine) == set()
        assert not await at_head(engine)
        assert await migrate(engine, "0001") == (None, "0001")
        assert await migrate(engine) == ("0001", HEAD)
        assert await migrate(engine, "0001") == (HEAD, "0001")
        assert await migrate(engine) == ("0001", HEAD)
        assert await tables_of(engine) == TABLES


async def test_tables_and_migrations_do_not_drift(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_works_from_any_folder(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await databases.empty()
    monkeypatch.chdir(tmp_path)
    async with opened(url) as engine:
        await migrate(engine)
        assert await at_head(engine)
    assert os.listdir(tmp_path) == []


async def test_an_unknown_revision_changes_nothing(engine: AsyncEngine) -> None:
    with pytest.raises(SettingsError, match="cannot migrate to nowhere"):
        await migrate(engine, "nowhere")
    assert await at_head(engine)


def test_the_newest_is_the_one_that_alembic_leads_to() -> None:
    assert ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads() == [newest()]
