"""One sender within the caps against harm: what it has in hand is counted before it is handed over."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot import metrics
from bot.channels import CARRIAGES, Channel
from bot.core.outreach.caps import Held, day_of, next_day
from bot.errors import VaultError
from bot.store.database import Database
from bot.store.outreach import caps
from bot.store.outreach.countries import Countries
from bot.store.sending import Attempt
from bot.store.vault import AddressSeal

log = logging.getLogger(__name__)

COUNTED_AFTER = timedelta(minutes=1)
"""How long after a message was first seen all before it are stored: no transaction lives longer."""


class WithinCaps:
    """Reserves what one sender hands over. It remembers for how long nothing that nobody asked for can leave."""

    def __init__(self, engine: Database, seal: AddressSeal) -> None:
        self._engine = engine
        self._closed_until: datetime | None = None
        self._closed_at_change = 0
        self._seen: tuple[datetime, int] | None = None
        self._countries = Countries(seal)
        self._told: set[tuple[str, date]] = set()

    async def is_closed(self, now: datetime) -> bool:
        """Return whether a cap for everybody is reached: then replies alone are to be taken in hand.

        So what waits stays as it is, however much it is, and goes on the next day or once somebody allows more.
        """
        if self._closed_until is None:
            return False
        is_open = now >= self._closed_until or self._closed_at_change != await caps.newest_change(
            self._engine
        )
        if is_open:
            self._closed_until = None
        return not is_open

    async def grant(self, attempts: Sequence[Attempt], now: datetime) -> Sequence[Attempt]:
        """Count messages in hand, and return those that may be handed over today; the others are in the queue again.

        An address that no key opens is not counted, and returned: its message cannot be handed over.
        """
        await self._count_replies(now)
        opened: list[Attempt] = []
        countries: dict[int, str | None] = {}
        for one in attempts:
            try:
                if CARRIAGES[Channel(one.channel)].is_phone:
                    countries[one.contact_id] = self._countries.of(one.contact_id, one.address_sealed)
            except VaultError:
                continue
            opened.append(one)
        # Before the caps are read: a change after this is not lost.
        newest = await caps.newest_change(self._engine)
        granted = await caps.reserve(self._engine, opened, countries, now, self._countries.if_known)
        if granted.is_closed:
            self._closed_until, self._closed_at_change = next_day(now), newest
        for held in granted.held.values():
            self._tell(held, now)
        return [one for one in attempts if one.id not in granted.held]

    async def _count_replies(self, now: datetime) -> None:
        if self._seen is None:
            self._seen = now, await caps.newest_message(self._engine)
        seen_at, newest = self._seen
        if now - seen_at >= COUNTED_AFTER:
            await caps.count_replies(self._engine, newest, self._countries.if_known)
            self._seen = now, await caps.newest_message(self._engine)

    def _tell(self, held: Held, now: datetime) -> None:
        metrics.held_back(held.cap)
        told = held.code, day_of(now)
        if told in self._told:
            return
        self._told = {one for one in self._told if one[1] == day_of(now)} | {told}
        if held.country is not None:
            log.warning("messages to %s wait, for nobody has allowed that country: heard caps", held.country)
        else:
            log.warning("messages are held back by the cap %s: heard caps tells more", held.cap)
