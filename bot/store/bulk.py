"""Many interviews written at once, without contacts: each a copy of one that was held, moved in time.

SQLite takes them in long transactions, PostgreSQL by COPY. Neither has more than a block of copies in memory.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import tables
from bot.store.database import synchronous, writer
from bot.store.moulds import ANSWER_COLUMNS, INTERVIEW_COLUMNS, Held, Lines, Rows
from bot.store.rows import respondent_id

_BLOCK = 2_000
"""Interviews whose rows are in memory, and that one statement writes."""
_STATEMENTS = 10
"""Statements in a transaction on SQLite. Each commit writes the index of respondents anew, whose ids are random; a
longer transaction would keep the lock from a server that writes beside us."""
_INDEX_IN_MEMORY_KIB = 65_536
"""SQLite's page cache while we write: room for the index of a million respondents."""
_MOULDS = 1_000
"""Interviews whose moulds are kept. Copies of one come close together, for an interview keeps its hour."""

Copy = tuple[Held, int]
"""An interview to be copied, and by how many seconds the copy is later than it."""
Told = Callable[[int], object]
"""Takes how many more interviews are stored for good."""


async def write_copies(engine: AsyncEngine, copies: Iterable[Copy], told: Told) -> None:
    """Store copies in the order given, under new respondent ids and with no contact.

    Their versions are published already. What was told stays, also where it is broken off.
    """
    if engine.dialect.name == "sqlite":
        await asyncio.to_thread(_write_rows, engine, iter(copies), told)
    else:
        await _write_lines(engine, iter(copies), told)


_Mould = TypeVar("_Mould")


class _Moulds(Generic[_Mould]):
    """The moulds of the interviews at hand, each made once."""

    def __init__(self, make: Callable[[Held], _Mould]) -> None:
        self._make = make
        self._made: dict[int, tuple[Held, _Mould]] = {}

    def of(self, held: Held) -> _Mould:
        # By identity: to compare two interviews takes longer than to store one. It is held on to, so that no other
        # has its id.
        made = self._made.get(id(held))
        if made is None:
            if len(self._made) >= _MOULDS:
                self._made.clear()
            made = self._made[id(held)] = (held, self._make(held))
        return made[1]


# --- SQLite


def _write_rows(engine: AsyncEngine, copies: Iterator[Copy], told: Told) -> None:
    twin = synchronous(engine)
    moulds = _Moulds(Rows)
    try:
        with twin.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101  it is connected
            # Outside of a transaction, as the second has to be: what an answer belongs to is written just before it.
            driver.execute(f"PRAGMA cache_size = -{_INDEX_IN_MEMORY_KIB}")
            driver.execute("PRAGMA foreign_keys = OFF")
            while stored := _transaction(connection, moulds, copies):
                told(stored)
    finally:
        twin.dispose()


def _transaction(connection: Connection, moulds: _Moulds[Rows], copies: Iterator[Copy]) -> int:
    """Store the next copies in one transaction; return how many."""
    stored = 0
    # Drawn before the lock is taken, which a server beside us wants too.
    block = list(islice(copies, _BLOCK))
    if not block:
        return 0
    with connection.begin():
        following = (connection.execute(_HIGHEST).scalar_one() or 0) + 1
        for _ in range(_STATEMENTS):
            _insert(connection, moulds, block, following + stored)
            stored += len(block)
            block = list(islice(copies, _BLOCK)) if stored < _BLOCK * _STATEMENTS else []
            if not block:
                break
    return stored


def _insert(connection: Connection, moulds: _Moulds[Rows], block: Sequence[Copy], first: int) -> None:
    interviews: list[tuple[object, ...]] = []
    answers: list[tuple[object, ...]] = []
    for number, (held, later) in enumerate(block, first):
        interview, given = moulds.of(held).fill(number, respondent_id(), later)
        interviews.append(interview)
        answers.extend(given)
    connection.exec_driver_sql(_insertion("interviews", INTERVIEW_COLUMNS), interviews)
    if answers:
        connection.exec_driver_sql(_insertion("answers", ANSWER_COLUMNS), answers)


_HIGHEST = select(func.max(tables.interviews.c.id))


def _insertion(table: str, columns: Sequence[str]) -> str:
    # In the driver's own words: SQLAlchemy's insertion would look at every value of ten million rows.
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 (names of our own)


# --- PostgreSQL


async def _write_lines(engine: AsyncEngine, copies: Iterator[Copy], told: Told) -> None:
    moulds = _Moulds(Lines)
    while block := list(islice(copies, _BLOCK)):
        async with writer(engine).begin() as connection:
            await _copy(connection, moulds, block)
        told(len(block))
    async with writer(engine).begin() as connection:
        # Who reads next would be planned for as if the tables were empty, until the server looks for itself.
        await connection.exec_driver_sql("ANALYZE interviews, answers")


async def _copy(connection: AsyncConnection, moulds: _Moulds[Lines], block: Sequence[Copy]) -> None:
    # Ids of the table's own sequence: a server that writes meanwhile is never given the same. It has to come first,
    # for the driver's own COPY begins no transaction.
    ids = (await connection.execute(_NEW_IDS, {"wanted": len(block)})).scalars()
    interviews, answers = BytesIO(), BytesIO()
    for id_, (held, later) in zip(ids, block, strict=True):
        interview, given = moulds.of(held).fill(id_, respondent_id(), later)
        interviews.write(interview.encode())
        answers.write(given.encode())
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101  it has executed a statement just now
    for table, columns, lines in (
        ("interviews", INTERVIEW_COLUMNS, interviews),
        ("answers", ANSWER_COLUMNS, answers),
    ):
        lines.seek(0)
        await driver.copy_to_table(table, source=lines, columns=columns, format="text")


_NEW_IDS = select(func.nextval(func.pg_get_serial_sequence("interviews", "id"))).select_from(
    func.generate_series(1, bindparam("wanted"))
)
