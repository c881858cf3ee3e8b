"""Receipts on their way into the store: like messages, those that come together share a transaction."""

import asyncio

from bot.channels.receipts import Receipt
from bot.errors import MessageFailed
from bot.intake.failures import failed
from bot.store.database import Database
from bot.store.receipts import store_receipts
from bot.store.writing import writing

MOST_AT_ONCE = 256
MOST_WAITING = 4_096


class Receipts:
    """Takes in receipts."""

    def __init__(self, engine: Database) -> None:
        self._writing = writing(engine)
        self._waiting: list[tuple[Receipt, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def take(self, receipt: Receipt) -> None:
        """Return once a receipt is stored.

        Raises:
            MessageFailed: it is not, and the provider has to send it again.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise MessageFailed("too many receipts are waiting")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((receipt, stored))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        await stored

    async def close(self) -> None:
        """Return when all that came in is stored."""
        if self._storing is not None:
            await self._storing
        await self._writing.close()

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                fault = await self._store([receipt for receipt, _ in batch])
                for _, stored in batch:
                    if stored.done():
                        continue
                    if fault is None:
                        stored.set_result(None)
                    else:
                        stored.set_exception(fault)
        finally:
            self._storing = None

    async def _store(self, receipts: list[Receipt]) -> MessageFailed | None:
        fault: MessageFailed | None = None
        # Twice, for what passes: a provider may not send a receipt again that was answered with an error.
        for _ in range(2):
            try:
                async with self._writing.begin() as transaction:
                    await transaction.run_sync(store_receipts, receipts)
            except Exception as error:
                fault = failed(error)
            else:
                return None
        return fault
