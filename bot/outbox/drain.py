"""Draining one sender: a handful of messages in hand at a time, each handed over at its moment, then settled."""

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot import metrics
from bot.channels import CARRIAGES, Channel
from bot.channels.sending import Accepted, Deferred, Delivery, OutboundMessage, Provider, Unclear
from bot.core.outreach.caps import day_of
from bot.errors import VaultError
from bot.outbox.caps import WithinCaps
from bot.outbox.outcome import ASKED_AFTER, after_asking, after_sending, released
from bot.outbox.pace import starts
from bot.store import outbox
from bot.store.database import Database
from bot.store.sending import Attempt, Priority, Settled
from bot.store.vault import AddressSeal

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a message may be in hand; far longer than a provider is waited for and a batch takes."""

MOST_IN_HAND = 50
"""Messages taken at once, at most: so many may have to be asked about after a crash."""

LONGEST_GROWN_PAUSE_S = 600.0
"""How long a sender rests at most, unless its provider asks for more."""

MOST_ASKED = 20
_NO_KEY = Deferred("no sealing key", pause_s=60)


@dataclass(frozen=True, slots=True)
class SenderLine:
    """One of our senders, its provider, and how many units it sends a second: SMS segments, or messages."""

    name: str
    provider: Provider
    per_second: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What draining needs beside the store: the vault's keys, the time, and chance."""

    seal: AddressSeal
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random


class Drain:
    """One sender's messages on their way out. It remembers when the sender may send again."""

    def __init__(
        self,
        engine: Database,
        line: SenderLine,
        around: Surroundings,
        rest: Callable[[float], Awaitable[bool]],
    ) -> None:
        """Take a sender; `rest` waits for so many seconds and returns whether to stop."""
        self._engine = engine
        self._line = line
        self._around = around
        self._rest = rest
        self._free_at = 0.0
        self._rests_until = 0.0
        self._pauses = 0
        self._caps = WithinCaps(engine, around.seal)

    async def turn(self) -> bool:
        """Ask about what is uncertain, then send what is due; return whether there may be more at once."""
        await self._ask()
        if self._rests_until > _clock():
            return False
        # About a second's worth: what is in hand cannot be overtaken by a reply that is more urgent.
        most = max(1, min(MOST_IN_HAND, math.floor(self._line.per_second)))
        now = self._around.now()
        lowest = Priority.REPLY if await self._caps.is_closed(now) else Priority.NOTICE
        attempts = await outbox.claim(self._engine, self._line.name, now, most, lowest)
        if attempts:
            granted = await self._caps.grant(attempts, now)
            await outbox.settle(self._engine, await self._send(granted, day_of(now)))
        return bool(attempts)

    async def _send(self, attempts: Sequence[Attempt], day: date) -> Sequence[Settled]:
        """Hand messages over that may go on one day; what another day comes to first is counted to that one.

        What comes too late goes back, and is closed when it is its turn again.
        """
        costs = [self._cost(attempt) for attempt in attempts]
        times, self._free_at = starts(costs, self._line.per_second, max(self._free_at, _clock()))
        under_way: list[asyncio.Task[Settled]] = []
        kept: list[Settled] = []
        for attempt, at in zip(attempts, times, strict=True):
            is_stopping = await self._rest(at - _clock())
            now = self._around.now()
            # It was in time when it was taken in hand; whoever it is for may be asleep by its turn.
            is_late = attempt.expires_at is not None and attempt.expires_at <= now
            if is_stopping or is_late or self._rests_until > _clock() or day_of(now) != day:
                kept.append(released(attempt, now))
            else:
                under_way.append(asyncio.create_task(self._hand_over(attempt)))
        return [*kept, *await asyncio.gather(*under_way)]

    def _cost(self, attempt: Attempt) -> float:
        """Return how many of the sender's units a message takes up; a channel may have a rate of its own."""
        own = CARRIAGES[Channel(attempt.channel)].per_second
        return self._line.per_second / own if own else attempt.segments or 1

    async def _hand_over(self, attempt: Attempt) -> Settled:
        delivery = await self._deliver(attempt)
        metrics.delivered(type(delivery).__name__.lower(), getattr(delivery, "code", None))
        if isinstance(delivery, Accepted):
            self._pauses = 0
        if isinstance(delivery, Deferred) and delivery.pause_s is not None:
            delivery = self._pause(delivery.code, delivery.pause_s)
        return after_sending(attempt, delivery, self._around.now(), self._around.chance())

    async def _deliver(self, attempt: Attempt) -> Delivery:
        try:
            message = self._message(attempt)
        except VaultError:
            return _NO_KEY
        try:
            return await self._line.provider.send(message)
        except Exception as error:
            # A fault of ours, maybe after the message went out: it is looked for before it is sent again.
            log.error("sending failed in a way that is not known: %s", type(error).__name__)
            return Unclear(type(error).__name__)

    def _pause(self, code: str, pause_s: float) -> Deferred:
        """Have the sender rest as long as the provider asks, and longer each time that it asks in a row."""
        if self._rests_until < _clock():
            # The first refusal of those in hand; the others are about the same moment.
            self._pauses += 1
            growing = min(LONGEST_GROWN_PAUSE_S, pause_s * 2 ** min(self._pauses - 1, 10))
            pause_s = max(pause_s, growing) * (1 + self._around.chance() / 10)
            self._rests_until = _clock() + pause_s
            log.warning("sender %s rests for %d s: %s", self._line.name, pause_s, code)
        return Deferred(code, self._rests_until - _clock())

    async def _ask(self) -> None:
        """Settle what may have been sent already, by asking the provider."""
        now = self._around.now()
        left = await outbox.interrupt(self._engine, self._line.name, now, LEASE, now + ASKED_AFTER)
        if left:
            log.warning("%d messages were in the hands of a worker that is gone", left)
        unsure = await outbox.uncertain(self._engine, self._line.name, now, MOST_ASKED)
        await outbox.settle(self._engine, [await self._found(attempt) for attempt in unsure])

    async def _found(self, attempt: Attempt) -> Settled:
        known = await outbox.provider_ids(self._engine, attempt.contact_id)
        try:
            found = await self._line.provider.find(self._message(attempt), attempt.started_at, known)
        except Exception as error:
            found = Unclear(type(error).__name__)
        return after_asking(attempt, found, self._around.now(), self._around.chance())

    def _message(self, attempt: Attempt) -> OutboundMessage:
        address = self._around.seal.open(attempt.address_sealed)
        return OutboundMessage(
            Channel(attempt.channel),
            self._line.name,
            address,
            attempt.text,
            attempt.buttons,
            attempt.template,
        )


def _clock() -> float:
    return asyncio.get_running_loop().time()
