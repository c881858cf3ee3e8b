"""The rewards' worker: sets money aside for who completed an interview, and has each paid once.

The ledger is written before anybody is asked to pay, and no transaction is open meanwhile. Whatever happens in between,
the reward is tried again under its own key, and the receiver pays a key once.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable
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
from bot.store.outreach.rewards.paying import claim_reward, settle_reward
from bot.store.outreach.rewards.records import RewardAttempt, RewardState, Running
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
        # However many are paid at once, they hold one connection: the others are for who answers people.
        self._storing = asyncio.Lock()
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
            # The first alone: whoever pays and is not well is asked once, not by all at a time.
            if await self._pay(one):
                await self._pay_many(one)

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

    async def _pay_many(self, one: Running) -> None:
        """Have rewards paid, several at once, until none is due or one is not clear; then settle what is in hand."""
        ends = asyncio.Event()

        async def pay_in_turn() -> None:
            while not ends.is_set():
                try:
                    goes_on = await self._pay(one)
                except BaseException:
                    ends.set()
                    raise
                if not goes_on:
                    ends.set()

        ended = await asyncio.gather(*(pay_in_turn() for _ in range(AT_ONCE)), return_exceptions=True)
        # Only now that none is in hand any more: the next turn would begin beside it.
        for fault in ended:
            if fault is not None:
                raise fault

    async def _pay(self, one: Running) -> bool:
        """Have the reward paid that is due longest; return whether to go on with the next.

        Whoever pays and gives no clear answer is left alone until the next turn: others are waiting for theirs.
        """
        if self._stopping.is_set():
            return False
        async with self._storing:
            attempt = await claim_reward(self._engine, one.consultation, self._around.now(), LEASE)
        if attempt is None:
            return False
        settled = (
            without_number(attempt, self._around.now())
            if attempt.address_sealed is None
            else after_paying(
                attempt,
                await self._deliver(one, attempt, attempt.address_sealed),
                self._around.now(),
                self._around.chance(),
            )
        )
        async with self._storing:
            await settle_reward(self._engine, settled)
        metrics.rewarded(settled.state)
        if settled.state is not RewardState.CONFIRMED:
            log.warning("reward %d of %s: %s, %s", settled.id, one.consultation, settled.state, settled.error)
        return settled.state not in (RewardState.RESERVED, RewardState.SENT)

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
