"""An event loop whose clock goes on by itself when nothing is left to do, and waits for the database and for threads.

A day passes in the time that its work takes. What is counted as under way is every statement of SQLAlchemy's and
whatever runs in a thread: the provider's client, and the way in on SQLite.

Processes are killed here too. What a database has been asked is done, as it would be by a server whose client is gone;
nothing of what would have come after it is.
"""

import asyncio
import selectors
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import engine, result


class _Time(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Waits for what is under way alone: where the loop would sleep, its clock goes on instead."""

    now = 0.0
    under_way = 0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if self.under_way:
            return super().select(None)
        self.now += timeout
        return super().select(0)


class Killed(BaseException):
    """What a process meets that is killed: nobody handles it."""


class SimulatedLoop(asyncio.SelectorEventLoop):
    """The loop. `on_work` is called before each piece of work that it waits for, in the loop's thread."""

    def __init__(self) -> None:
        self._own = _Time()
        self.on_work: Callable[[], None] = lambda: None
        self._threads = ThreadPoolExecutor(4)
        self._asking: set[asyncio.Task[Any]] = set()
        self._spared: Collection[asyncio.Task[Any]] | None = None
        super().__init__(self._own)

    def time(self) -> float:
        return self._own.now

    def begin(self) -> None:
        """Have the clock stand still until `end`."""
        self._own.under_way += 1
        self.on_work()

    def end(self) -> None:
        self._own.under_way -= 1

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        self.begin()
        work = (executor or self._threads).submit(func, *args)
        # Before the clock goes on, so that whoever waits knows of it in the moment in which it was done.
        done = asyncio.wrap_future(work, loop=self)
        # When the thread is done, and not when whoever waited for it is killed: what it has begun to send is sent in
        # this moment, and not in the one in which the next process starts.
        work.add_done_callback(lambda _: self.call_soon_threadsafe(self.end))
        return done

    async def kill(self, spared: Collection["asyncio.Task[Any]"]) -> None:
        """End every task but these and the caller's; return when nothing of them is left."""
        self._spared = {*spared, asyncio.current_task(self)}
        cancelled: set[asyncio.Task[Any]] = set()
        try:
            while doomed := {one for one in asyncio.all_tasks(self) if one not in self._spared}:
                for one in doomed - self._asking - cancelled:
                    if not _closes(one):
                        one.cancel()
                        cancelled.add(one)
                done, _ = await asyncio.wait(doomed, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    # Asked, so that nobody is told of it.
                    _ = one.cancelled() or one.exception()
        finally:
            self._spared = None

    async def ask(self, spawn: Callable[..., Any], function: Any, *arguments: Any, **named: Any) -> Any:
        """Ask a database something, unless the process is killed; and come to know nothing if it is meanwhile."""
        task = asyncio.current_task(self)
        assert task is not None
        name = getattr(function, "__name__", "")
        # A block that an exception leaves rolls back; one that comes to its end commits.
        ends = name in _ENDS or (name == "__exit__" and arguments[0] is not None)
        self.begin()
        self._asking.add(task)
        try:
            self._die(task, ends)
            answer = await spawn(function, *arguments, **named)
            # A connection that was opened has to be in somebody's hands to be closed.
            self._die(task, ends or name in _OPENS)
            return answer
        finally:
            self._asking.discard(task)
            self.end()

    def _die(self, task: "asyncio.Task[Any]", is_last: bool) -> None:
        if self._spared is not None and task not in self._spared and not is_last:
            raise Killed


def _closes(task: "asyncio.Task[Any]") -> bool:
    """Return whether a task does nothing but give a connection back: SQLAlchemy does so in one of its own."""
    return getattr(task.get_coro(), "__qualname__", "") == "AsyncConnection.close"


_ENDS = frozenset({"rollback", "close", "dispose", "getattr"})
_OPENS = frozenset({"connect", "raw_connection", "execution_options"})


@contextmanager
def statements_counted() -> Iterator[None]:
    """Have the loop's clock stand still while a database is asked anything."""
    spawn = engine.greenlet_spawn

    async def counted(*arguments: Any, **named: Any) -> Any:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, SimulatedLoop):
            return await spawn(*arguments, **named)
        return await loop.ask(spawn, *arguments, **named)

    # Results that come a page at a time ask by a name of their own.
    for module in (engine, result):
        module.greenlet_spawn = counted
    try:
        yield
    finally:
        for module in (engine, result):
            module.greenlet_spawn = spawn
