"""The one way out: due messages -> their provider -> what became of them.

Messages wait in the store. A worker takes a few in hand, hands them over at the rate of their sender, and writes
what became of each. No transaction is open meanwhile; what a worker had in hand when it died may have been sent, and
its provider is asked before it is sent again.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from bot.outbox.drain import Drain, SenderLine, Surroundings
from bot.store.database import Database
from bot.store.failures import name_of
from bot.store.outbox import sole_drain

__all__ = ["SenderLine", "Surroundings", "Worker"]

log = logging.getLogger(__name__)

POLL_S = 1.0
"""How long a worker rests when nothing is due."""


class Worker:
    """Drains senders. Of the workers on one PostgreSQL, however many, one drains a sender at a time.

    `rates` are the units a second of what it drains, by name: SMS segments, unless it sends no SMS.
    """

    def __init__(self, engine: Database, lines: Sequence[SenderLine], around: Surroundings) -> None:
        self._engine = engine
        self.rates: Mapping[str, float] = {line.name: line.per_second for line in lines}
        self._drains = {line.name: Drain(engine, line, around, self._rest) for line in lines}
        self._providers = {id(line.provider): line.provider for line in lines}
        self._stopping = asyncio.Event()

    @property
    def senders(self) -> tuple[str, ...]:
        """The names of what it drains."""
        return tuple(self._drains)

    async def run(self) -> None:
        """Drain every sender until `stop`; then return, once what is in hand is settled."""
        try:
            async with asyncio.TaskGroup() as group:
                for sender, drain in self._drains.items():
                    group.create_task(self._keep_draining(sender, drain))
        finally:
            for provider in self._providers.values():
                await provider.close()

    def stop(self) -> None:
        """Have `run` return soon. Messages in hand that were not handed over yet go back to the queue."""
        self._stopping.set()

    async def _keep_draining(self, sender: str, drain: Drain) -> None:
        is_halted = False
        while not self._stopping.is_set():
            try:
                async with sole_drain(self._engine, sender) as is_ours:
                    while is_ours and not self._stopping.is_set() and await drain.turn():
                        pass
                is_halted = False
            except Exception as error:
                # The database is away, most likely. It is tried for as long as that takes, and told once.
                if not is_halted:
                    log.error("the outbox of %s came to a halt: %s", sender, name_of(error))
                is_halted = True
            await self._rest(POLL_S)

    async def _rest(self, seconds: float) -> bool:
        """Return after so many seconds, or at once when the worker is to stop; whether it is to."""
        if seconds <= 0:
            return self._stopping.is_set()
        try:
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        except TimeoutError:
            return False
