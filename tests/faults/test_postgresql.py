"""PostgreSQL fails in its own ways; each message is asked for again, and stored once in the end."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import database, writing
from bot.store.exchange import Exchange
from tests.faults.talking import PHONE, WORDS, logged, private, refused, talking
from tests.support.databases import Databases, PostgreSQL, opened, postgresql

UNREACHABLE = 'heard_messages_refused_total{reason="unreachable"}'
POISON = 'heard_transactions_failed_total{kind="poison"}'


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with postgresql() as started:
        yield started


@pytest.fixture
async def address(server: PostgreSQL) -> str:
    return await Databases("postgresql", server.address).migrated()


async def waits_for_a_lock(engine: AsyncEngine) -> None:
    """Return when another connection to this database waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with engine.connect() as connection, asyncio.timeout(30):
        while not (await connection.execute(text(query))).scalar_one():
            await connection.rollback()
            await asyncio.sleep(0.01)


async def test_gone_and_back(server: PostgreSQL, address: str, caplog: pytest.LogCaptureFixture) -> None:
    async with talking(address) as (talk, engine):
        await talk.begin()
        before = await talk.count(UNREACHABLE)
        server.fail()
        assert refused(await talk.say(WORDS))
        assert refused(await talk.again())
        assert (await talk.web.get("/health")).status_code == 200
        assert (await talk.web.get("/ready")).status_code == 503
        assert await talk.count(UNREACHABLE) == before + 2
        await asyncio.to_thread(server.start)
        assert (await talk.again()).status_code == 200
        assert (await talk.web.get("/ready")).status_code == 200
        await engine.dispose()
        await talk.check(engine)
    assert "the database does not serve" in logged(caplog)
    assert "the database serves again" in logged(caplog)
    assert private(logged(caplog)) == []


async def test_gone_in_the_middle_of_a_transaction(server: PostgreSQL, address: str) -> None:
    async with talking(address) as (talk, engine):
        await talk.begin()
        holding = await engine.connect()
        await holding.execute(text("SELECT id FROM contacts FOR UPDATE"))
        said = asyncio.create_task(talk.say(WORDS))
        await waits_for_a_lock(engine)
        server.fail()
        assert refused(await said)
        await asyncio.to_thread(server.start)
        await holding.invalidate()
        await holding.close()
        await engine.dispose()
        assert (await talk.again()).status_code == 200
        await talk.check(engine)


async def test_slow(address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    async with talking(address) as (talk, engine):
        await talk.begin()
        before = await talk.count(UNREACHABLE)
        monkeypatch.setattr(writing, "TRANSACTION_S", 0.2)
        async with engine.begin() as holding:
            await holding.execute(text("SELECT id FROM contacts FOR UPDATE"))
            assert refused(await talk.say(WORDS))
        assert await talk.count(UNREACHABLE) == before + 1
        monkeypatch.undo()
        assert (await talk.again()).status_code == 200
        await talk.check(engine)
    assert "the database does not serve" in logged(caplog)
    assert private(logged(caplog)) == []


async def test_takes_no_connections(server: PostgreSQL, address: str) -> None:
    """As while it starts, or where all of its connections are taken: it is there, and says no."""
    async with talking(address) as (talk, engine), opened(server.address) as other:
        await talk.begin()
        name = engine.url.database
        poison = await talk.count(POISON)
        async with other.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            ends = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"
            await connection.execute(text(ends), {"name": name})
            assert refused(await talk.say(WORDS))
            assert await talk.count(POISON) == poison
            await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        assert (await talk.again()).status_code == 200
        await engine.dispose()
        await talk.check(engine)


FAILS = """
CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '{state}', DETAIL = NEW.body; END $$;
CREATE TRIGGER fails BEFORE INSERT ON inbound FOR EACH ROW EXECUTE FUNCTION fails();
"""


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("53100", id="disk full"),
        pytest.param("53200", id="out of memory"),
        pytest.param("25006", id="a standby that only reads"),
        pytest.param("40P01", id="deadlock"),
        pytest.param("55P03", id="lock not available"),
        pytest.param("57014", id="cancelled"),
        pytest.param("58030", id="input or output fails"),
    ],
)
async def test_a_fault_of_the_server_is_not_taken_for_one_of_the_messages(
    address: str, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(address) as (talk, engine):
        await talk.begin()
        async with engine.begin() as connection:
            for statement in FAILS.format(state=state).strip().split(";\n"):
                await connection.exec_driver_sql(statement)
        poison, unreachable = await talk.count(POISON), await talk.count(UNREACHABLE)
        both = await asyncio.gather(talk.say(WORDS), talk.say("ENERGY", "+12025550144"))
        assert [refused(one) for one in both] == [True, True]
        assert await talk.count(POISON) == poison
        assert await talk.count(UNREACHABLE) == unreachable + 2
        async with engine.begin() as connection:
            await connection.exec_driver_sql("DROP TRIGGER fails ON inbound")
        for sid in list(talk.sent)[-2:]:
            assert (await talk.again(sid)).status_code == 200
        await talk.check(engine)
    assert state in logged(caplog)
    assert private(logged(caplog)) == []
    assert PHONE not in logged(caplog)


async def test_a_connection_closed_while_nobody_wrote(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a firewall or a failover leaves it: the next message is not the one that finds out."""
    monkeypatch.setattr(database, "_SURELY_OPEN_S", 0.0)
    async with talking(address) as (talk, engine):
        await talk.begin()
        async with engine.connect() as connection:
            ends = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() "
            await connection.execute(text(ends + "AND pid <> pg_backend_pid()"))
        assert (await talk.say(WORDS)).status_code == 200
        await talk.check(engine)


COPIES = (
    "INSERT INTO contacts (channel, address_hash, address_sealed, created_at) "
    "SELECT channel, address_hash || n, address_sealed, created_at FROM contacts, generate_series(1, 8000) AS n",
    "INSERT INTO interviews (contact_id, consultation, version, respondent_id, channel, state, stage, started_at, "
    "updated_at) SELECT contacts.id, consultation, version, respondent_id || contacts.id, interviews.channel, state, "
    "stage, started_at, updated_at FROM interviews, contacts WHERE contacts.id <> contact_id",
    "INSERT INTO inbound (channel, provider_id, contact_id, body, received_at) "
    "SELECT inbound.channel, provider_id || contacts.id, contacts.id, body, received_at FROM inbound, contacts "
    "WHERE contacts.id <> contact_id",
    "INSERT INTO outbound (in_reply_to, position, contact_id, body, status, created_at) "
    "SELECT id, 0, contact_id, 'Thank you.', 'replied', received_at FROM inbound "
    "WHERE id NOT IN (SELECT in_reply_to FROM outbound)",
)


async def test_what_a_batch_looks_up_is_not_read_from_end_to_end(address: str) -> None:
    """With some thousand interviews stored, which a planner left to itself reads whole for every batch."""
    statements = Exchange("postgresql")
    async with talking(address) as (talk, engine):
        await talk.begin()
        async with engine.begin() as connection:
            for statement in COPIES:
                await connection.exec_driver_sql(statement)
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("VACUUM ANALYZE")
        async with engine.connect() as connection:
            for looked_up in (statements._contacts, statements._interviews, statements._told):
                compiled = looked_up.compile(dialect=engine.dialect)
                plan = await connection.exec_driver_sql(f"EXPLAIN {compiled}", ("[]",))
                assert [line for (line,) in plan if "Seq Scan" in line] == []
