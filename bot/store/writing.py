"""Writing transactions for the way in, where every crossing between threads counts.

SQLite works in a thread. Its asynchronous driver crosses over to that four times a statement, which costs more than
most statements do; here a thread of its own runs whole functions over a synchronous connection instead. On
PostgreSQL the same functions run over the asynchronous one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import synchronous, writer

P = ParamSpec("P")
T = TypeVar("T")


TRANSACTION_S = 10.0
"""Seconds that a transaction on PostgreSQL may take before it is given up and its connection closed.

The driver's own limit is for one statement, and long enough for an export; a batch makes eight. Every message in a
batch, and each that waits behind it, is due an answer before the provider hangs up (`bot.intake.waiting`): 12 seconds
after it came. On SQLite the same 10 seconds are the busy timeout: what makes a transaction wait there is the lock.
"""


class Transaction(Protocol):
    """A transaction that functions can be run in; SQLAlchemy's own `AsyncConnection` is one."""

    async def run_sync(
        self, fn: Callable[Concatenate[Connection, P], T], *arg: P.args, **kw: P.kwargs
    ) -> T: ...


class Writing(Protocol):
    """Where transactions that write begin. One that is left by an exception leaves nothing behind."""

    def begin(self) -> AbstractAsyncContextManager[Transaction]: ...

    async def close(self) -> None: ...


def writing(engine: AsyncEngine) -> Writing:
    """Return where to begin writing transactions on the engine's database; to be closed."""
    if engine.dialect.name == "sqlite":
        return _OnThread(synchronous(engine))
    return _OnLoop(writer(engine))


class _OnLoop:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """Begin a transaction that ends with TimeoutError where it takes too long, connecting included."""
        async with asyncio.timeout(TRANSACTION_S), self._engine.begin() as transaction:
            yield transaction

    async def close(self) -> None:
        """Leave the connections to the engine, which is not ours."""


class _OnThread:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="heard-writing")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        transaction = _ThreadTransaction(self._thread, self._engine.begin())
        try:
            yield transaction
        except BaseException as error:
            await transaction.end(error)
            raise
        await transaction.end(None)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()


class _ThreadTransaction:
    """Begins with the first function that runs in it, for that saves a crossing."""

    def __init__(self, thread: ThreadPoolExecutor, begun: AbstractContextManager[Connection]) -> None:
        self._thread = thread
        self._begun = begun
        self._connection: Connection | None = None

    async def run_sync(self, fn: Callable[Concatenate[Connection, P], T], *arg: P.args, **kw: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: fn(self._entered(), *arg, **kw)
        )

    async def end(self, error: BaseException | None) -> None:
        """Commit, or roll back after an error."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._leave, error)

    def _entered(self) -> Connection:
        if self._connection is None:
            self._connection = self._begun.__enter__()
        return self._connection

    def _leave(self, error: BaseException | None) -> None:
        if self._connection is None:
            return
        if error is None:
            self._begun.__exit__(None, None, None)
        else:
            self._begun.__exit__(type(error), error, error.__traceback__)
