"""Fetching what people sent from whoever keeps it for us, a few files at a time.

No transaction is open meanwhile. A worker that dies leaves what it had in hand to the next one, after a lease.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import metrics
from bot.channels import Channel
from bot.channels.media import Denied, Fetched, Fetching, Later, Limit, MediaSource
from bot.media.files import Folder
from bot.media.outcome import after_failing
from bot.media.pictures import Unusable
from bot.store.database import Database
from bot.store.failures import name_of
from bot.store.fetching import Fetch, Kept, MediaStatus
from bot.store.media import claim_media, settle_media

log = logging.getLogger(__name__)

POLL_S = 2.0
AT_ONCE = 4

SECONDS = 90.0
"""How long one file may take to come."""

LEASE = timedelta(minutes=10)
"""How long one may be in hand: far longer than it may take to come and to be drawn anew behind three others."""

LARGEST: Mapping[Channel, int] = {
    # https://www.twilio.com/docs/messaging/api/media-resource
    Channel.SMS: 5_000_000,
    Channel.WHATSAPP: 5_000_000,
    # https://core.telegram.org/bots/api#getfile
    Channel.TELEGRAM: 20_000_000,
}
"""By channel, the bytes that one file may have."""


class Fetcher:
    """Fetches what waits. Of the workers on one PostgreSQL, however many, each takes what no other has in hand."""

    def __init__(
        self,
        engine: Database,
        folder: Folder,
        sources: Mapping[Channel, MediaSource],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        seconds: float = SECONDS,
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._sources = sources
        self._now = now
        self._chance = chance
        self._seconds = seconds
        self._stopping = asyncio.Event()
        # One picture at a time has its pixels in memory.
        self._drawing = asyncio.Lock()

    async def run(self) -> None:
        """Fetch until `stop`; then return, once what is in hand is settled."""
        try:
            await self._keep_fetching()
        finally:
            for source in set(self._sources.values()):
                await source.close()

    async def _keep_fetching(self) -> None:
        is_halted = False
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and await self.turn():
                    pass
                is_halted = False
            except Exception as error:
                # The database is away, most likely. It is tried for as long as that takes, and told once.
                if not is_halted:
                    log.error("fetching pictures and sounds came to a halt: %s", name_of(error))
                is_halted = True
            await self._rest()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stopping.set()

    async def turn(self) -> bool:
        """Fetch a few files that are due; return whether there may be more at once."""
        fetches = await claim_media(self._engine, list(self._sources), self._now(), LEASE, AT_ONCE)
        # All of them to their end, before one that failed is told of.
        for failed in await asyncio.gather(*map(self._take, fetches), return_exceptions=True):
            if failed is not None:
                raise failed
        return bool(fetches)

    async def _take(self, fetch: Fetch) -> None:
        with self._folder.part(fetch.stem, fetch.number) as part:
            fetching = await self._fetch(fetch, part)
            kept = await self._keep(fetch, fetching, part)
        metrics.fetched(kept.status, kept.error)
        became = await settle_media(self._engine, kept)
        if became is MediaStatus.DELETED:
            await asyncio.to_thread(self._folder.delete, [fetch.stem])

    async def _fetch(self, fetch: Fetch, part: Path) -> Fetching:
        channel = Channel(fetch.channel)
        try:
            with part.open("wb") as opened:
                limit = Limit(LARGEST[channel], self._seconds)
                return await self._sources[channel].fetch(fetch.reference, opened, limit)
        except OSError as error:
            log.error("a picture or sound could not be written: %s", error.strerror)
            return Later("disk")
        except Exception as error:
            # A fault of ours. Tried again, it may be mended by then.
            log.error("fetching failed in a way that is not known: %s", type(error).__name__)
            return Later(type(error).__name__)

    async def _keep(self, fetch: Fetch, fetching: Fetching, part: Path) -> Kept:
        failed: Denied | Later
        if isinstance(fetching, Fetched):
            try:
                async with self._drawing:
                    file, kind, size = await asyncio.to_thread(
                        self._folder.keep, part, fetch.stem, fetch.kind
                    )
                return Kept(
                    fetch,
                    MediaStatus.STORED,
                    self._now(),
                    file=file,
                    content_type=kind.content_type,
                    size=size,
                )
            except Unusable as error:
                failed = Denied(error.code)
            except OSError as error:
                log.error("a picture or sound could not be stored: %s", error.strerror)
                failed = Later("disk")
        else:
            failed = fetching
        return after_failing(fetch, failed, self._now(), self._chance())

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._stopping.wait()
        except TimeoutError:
            return
