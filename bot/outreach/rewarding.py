"""The rewards' worker: sets money aside for who completed an interview, and has each paid once.

The ledger is written before anybody is asked to pay, and no transaction is open meanwhile. Whatever happens in between,
the reward is tried again under its own key, and the receiver pays a key once.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from bot import metrics
from bot.channels import Address
from bot.channels.sending import Deferred, Delivery, Unclear
from bot.core.money import written_money
from bot.errors import VaultError
from bot.outreach.rewards import after_paying, without_number
from bot.store.database import Database
from bot.store.failures import name_of
from bot.store.outreach.rewards.budget import owed_after, reserve_rewards
from bot.store.outreach.rewards.paying import claim_rewards, settle_rewards
from bot.store.outreach.rewards.records import RewardAttempt, RewardState, Running, SettledReward
from bot.store.outreach.rewards.terms import running_rewards
from bot.store.vault import AddressPepper, AddressSeal

log = logging.getLogger(__name__)

POLL_S = 20.0
"""How long the worker rests when nothing is due: nobody counts the seconds until a reward."""

LEASE = timedelta(minutes=10)
"""How long a reward may be in hand; far longer than a receiver is waited for."""

AT_ONCE = 8
"""Rewards that whoever pays is asked for at a time: they take a while for each, and a kill leaves so many unclear."""

_encode = msgspec.json.Encoder().encode


class Payer(Protocol):
    """Whoever hands a signed message over to a webhook; `bot.digests.webhooks.Hooks` is one."""

    async def send(self, to: Address, secret: str, message_id: str, at: datetime, body: bytes) -> Delivery:
        """Hand it over once, and tell by what is returned what came of it."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What rewards need beside the store: the vault's keys, who pays, the time, and chance."""

    seal: AddressSeal
    pepper: AddressPepper
    payer: Payer
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random
    key: Callable[[], str] = lambda: f"reward_{secrets.token_hex(16)}"


class RewardWorker:
    """Has rewards paid. However many workers there are on one database, each reward is in the hands of one."""

    def __init__(self, engine: Database, around: Surroundings) -> None:
        self._engine = engine
        self._around = around
        self._stopping = asyncio.Event()
        self._told: set[str] = set()

    async def run(self) -> None:
        """Work until `stop`; then return, once what is in hand is settled."""
        is_halted = False
        try:
            while not self._stopping.is_set():
                try:
                    await self.turn()
                    is_halted = False
                except Exception as error:
                    # The database is away, most likely. It is tried for as long as that takes, and told once.
                    if not is_halted:
                        log.error("rewards came to a halt: %s", name_of(error))
                    is_halted = True
                await self._rest()
        finally:
            await self._around.payer.close()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stopping.set()

    async def turn(self) -> None:
        """Set aside what is owed, then have paid what is due."""
        for one in await running_rewards(self._engine):
            await self._reserve(one)
            await self._pay(one)

    async def _reserve(self, one: Running) -> None:
        """Look at each completed interview once, from the first: some complete long after others that began later."""
        around, last = self._around, 0
        while not self._stopping.is_set():
            page = await owed_after(self._engine, one.consultation, last)
            if not page:
                return
            last = page[-1].interview
            payees = {owed: self._payee(one.consultation, owed.address_sealed) for owed in page}
            done = await reserve_rewards(self._engine, one.consultation, around.now(), payees, around.key)
            if done is None:
                return
            if done.refused:
                metrics.rewarded("refused", done.refused)
                if one.consultation not in self._told:
                    log.warning(
                        "the budget for rewards of %s is spent: people who completed get none",
                        one.consultation,
                    )
                self._told.add(one.consultation)
            elif done.reserved:
                self._told.discard(one.consultation)

    def _payee(self, consultation: str, sealed: str) -> str:
        return self._around.pepper.sign(f"reward {consultation}", self._around.seal.open(sealed).reveal())

    async def _pay(self, one: Running) -> None:
        """Have rewards paid until none is due.

        The first alone, then several at once; what came back while the last ones were written down is written down
        together. Whoever pays and gives no clear answer is left alone until the next turn: others wait for theirs.
        """
        in_hand: set[asyncio.Task[SettledReward]] = set()
        most, goes_on = 1, True
        try:
            while True:
                if goes_on and not self._stopping.is_set():
                    room = most - len(in_hand)
                    now = self._around.now()
                    attempts = await claim_rewards(self._engine, one.consultation, now, LEASE, room)
                    in_hand |= {asyncio.create_task(self._attempt(one, attempt)) for attempt in attempts}
                    goes_on = len(attempts) == room
                if not in_hand:
                    return
                done, in_hand = await asyncio.wait(in_hand, return_when=asyncio.FIRST_COMPLETED)
                settled = [task.result() for task in done]
                await self._settle(one, settled)
                goes_on = goes_on and all(reward.is_clear for reward in settled)
                most = AT_ONCE
        finally:
            # Without a store, what comes back is lost: it counts as handed over, and is asked for again by its key.
            for task in in_hand:
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)

    async def _settle(self, one: Running, settled: Sequence[SettledReward]) -> None:
        await settle_rewards(self._engine, settled)
        for reward in settled:
            metrics.rewarded(reward.state)
            if reward.state is not RewardState.CONFIRMED:
                log.warning(
                    "reward %d of %s: %s, %s", reward.id, one.consultation, reward.state, reward.error
                )

    async def _attempt(self, one: Running, attempt: RewardAttempt) -> SettledReward:
        now, chance = self._around.now, self._around.chance
        if attempt.address_sealed is None:
            return without_number(attempt, now())
        delivery = await self._deliver(one, attempt, attempt.address_sealed)
        return after_paying(attempt, delivery, now(), chance())

    async def _deliver(self, one: Running, attempt: RewardAttempt, address_sealed: str) -> Delivery:
        around = self._around
        try:
            number = around.seal.open(address_sealed)
            secret = around.seal.open(one.secret_sealed)
        except VaultError:
            return Deferred("no sealing key")
        try:
            body = payload(attempt, number)
            return await around.payer.send(
                Address(one.terms.hook), secret.reveal(), attempt.key, around.now(), body
            )
        except Exception as error:
            # A fault of ours, maybe after it was paid.
            log.error("handing over a reward failed in a way that is not known: %s", type(error).__name__)
            return Unclear(type(error).__name__)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._stopping.wait()
        except TimeoutError:
            return


def payload(attempt: RewardAttempt, number: Address) -> bytes:
    """Return what whoever pays gets: the same bytes at each attempt, and the number, for without it nothing is paid.

    Nothing in it tells what the person answered, nor by which id their answers are published.
    """
    data = {
        "id": attempt.key,
        "consultation": attempt.consultation,
        "amount": written_money(attempt.amount),
        "currency": attempt.currency,
        "phone_number": number.reveal(),
    }
    return _encode({"type": "reward", "timestamp": attempt.reserved_at, "data": data})
