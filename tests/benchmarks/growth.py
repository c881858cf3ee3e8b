"""Whether a message costs the same however many interviews are stored.

One interview is held by webhooks; then its rows are copied by SQL, each copy with a contact, ids and a hash of its own.
"""

import asyncio
import sqlite3
import statistics
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.benchmarks.figures import Figure
from tests.benchmarks.load import Order
from tests.benchmarks.servers import STORES, Settings, heard, load, serving, store
from tests.support.databases import opened

FEW = 1_000
MOST_GROWTH = 0.15
AT_ONCE = 50_000
INTERVIEWS = 2_000
RUNS = 3
STRANGERS = 500_000_000
"""The number of the first interview of the load itself."""

NUMBERS = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM s WHERE n < :high - 1) "
    "SELECT n FROM s)",
    "postgresql": "generate_series(CAST(:low AS bigint), CAST(:high AS bigint) - 1)",
}
HASHES = {
    "sqlite": "lower(hex(randomblob(32)))",
    "postgresql": "encode(sha256(convert_to(CAST(n AS text), 'UTF8')), 'hex')",
}


def measure(folder: Path, many: int) -> list[Figure]:
    figures = []
    for name in STORES:
        (folder / name).mkdir()
        with store(name, folder / name) as settings:
            with serving(heard(), settings, "/health") as server:
                load(settings, Order(server.port, 1, 1, first=STRANGERS - 1))
            asyncio.run(fill(settings["DATABASE_URL"], 1, FEW))
            few = _rate(settings, 1)
            asyncio.run(fill(settings["DATABASE_URL"], FEW, many))
            growth = few / _rate(settings, 2) - 1
        figures.append(
            Figure(
                f"{name}: a message's cost with {many:,} stored interviews, against {FEW:,}",
                f"{growth:+.0%}",
                f"+{MOST_GROWTH:.0%}",
                growth <= MOST_GROWTH,
            )
        )
    return figures


def _rate(settings: Settings, number: int) -> float:
    with serving(heard(), settings, "/health") as server:
        first = STRANGERS + number * 10_000_000
        load(settings, Order(server.port, 64, 300, first=first))
        runs = [
            load(settings, Order(server.port, 64, INTERVIEWS, first=first + run * 100_000))
            for run in range(1, RUNS + 1)
        ]
    return statistics.median(one.rate for one in runs)


async def fill(database_url: str, stored: int, wanted: int) -> None:
    """Copy the first interview until so many are stored; `stored` of them are there already."""
    async with opened(database_url) as engine:
        for low in range(stored, wanted, AT_ONCE):
            async with engine.begin() as connection:
                await connection.run_sync(_copy, low, min(low + AT_ONCE, wanted))
        await _settle(engine)


async def _settle(engine: AsyncEngine) -> None:
    """Do what a database does by itself in quiet hours; here there are none."""
    if engine.dialect.name == "sqlite":
        # Outside of any transaction, which our engine begins for every statement.
        with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as plain:
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(text("CHECKPOINT"))


def _copy(connection: Connection, low: int, high: int) -> None:
    """Insert copies `low` to `high` of everything that belongs to the first contact.

    Ids count on from the highest, in blocks: the k-th row of the first contact becomes k-th in each copy's block.
    """
    dialect = connection.dialect.name
    numbers, unique = NUMBERS[dialect], HASHES[dialect]
    # Where load came between, the copies' numbers and ids are no longer the same.
    first = _highest(connection, "contacts") + 1
    interviews = _highest(connection, "interviews") + 1
    inbound = _highest(connection, "inbound") + 1
    length = int(connection.execute(text("SELECT count(*) FROM inbound WHERE contact_id = 1")).scalar_one())
    given = {
        "low": low,
        "high": high,
        "first": first,
        "interviews": interviews,
        "inbound": inbound,
        "length": length,
    }

    named = "copies" if dialect == "sqlite" else "copies(n)"

    def insert(table: str, columns: str, chosen: str, source: str) -> None:
        identity = "OVERRIDING SYSTEM VALUE " if dialect == "postgresql" and columns.startswith("id,") else ""
        statement = (
            f"INSERT INTO {table} ({columns}) {identity}SELECT {chosen} FROM {numbers} AS {named}, {source}"
        )
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        connection.execute(text(statement), used)

    contact = "CAST(:first AS bigint) + n - :low"
    interview = "CAST(:interviews AS bigint) + n - :low"
    block = (
        "CAST(:inbound AS bigint) + (n - :low) * :length - (SELECT min(id) FROM inbound WHERE contact_id = 1)"
    )
    insert(
        "contacts",
        "id, channel, address_hash, address_sealed, language, current_consultation, created_at, last_inbound_at",
        f"{contact}, channel, {unique}, address_sealed, language, current_consultation, created_at, last_inbound_at",
        "contacts AS source WHERE source.id = 1",
    )
    kept = (
        "consultation, version, channel, language, state, stage, ending, "
        "started_at, updated_at, consented_at, ended_at"
    )
    insert(
        "interviews",
        f"id, contact_id, respondent_id, {kept}",
        f"{interview}, {contact}, {unique}, {kept}",
        "interviews AS source WHERE source.id = 1",
    )
    kept = "slot, item, value, raw, status, language, relevant, tries, answered_at, version"
    insert(
        "answers",
        f"interview_id, {kept}",
        f"{interview}, {kept}",
        "answers AS source WHERE source.interview_id = 1",
    )
    insert(
        "inbound",
        "id, channel, provider_id, contact_id, body, consultation, received_at",
        f"{block} + source.id, channel, 'copy' || CAST(n AS text) || '-' || CAST(source.id AS text), {contact}, body, "
        "consultation, received_at",
        "inbound AS source WHERE source.contact_id = 1",
    )
    insert(
        "outbound",
        "in_reply_to, position, contact_id, body, language, segments, status, created_at",
        f"{block} + in_reply_to, position, {contact}, body, language, segments, status, created_at",
        "outbound AS source WHERE source.contact_id = 1",
    )
    if dialect == "postgresql":
        for table in ("contacts", "interviews", "inbound"):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"))


def _highest(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT max(id) FROM {table}")).scalar_one())
