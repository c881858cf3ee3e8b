"""Rewards on each database, paid by a provider over HTTP that fails in every way."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_network

import msgspec
import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.channels.sending import Delivery
from bot.core.interview.records import Ending
from bot.core.outreach.rewards import Rewards
from bot.digests.webhooks import Hooks, Reach, new_secret
from bot.metrics import REWARDS
from bot.outreach.rewarding import AT_ONCE, LEASE, Payer, RewardWorker, Surroundings
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.rewards.budget import owed_after, reserve_rewards, retry_rewards
from bot.store.outreach.rewards.paying import claim_rewards, settle_rewards
from bot.store.outreach.rewards.records import NO_BUDGET, PAID_BEFORE, Owed, RewardState, Set, SettledReward
from bot.store.outreach.rewards.standing import overview
from bot.store.outreach.rewards.terms import change_rewards, keep_secret
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.airtime import Airtime, Fault, airtime
from tests.support.completed import interview
from tests.support.databases import opened
from tests.support.intake import NOON, PEPPER, stored
from tests.support.letters import SEAL, contact, number

SECRET = new_secret()
DAY = timedelta(days=1)
HERE = Reach((ip_network("127.0.0.0/8"),))
TERMS = Rewards(50_000_000, "KES", "", 1_000_000_000)


@pytest.fixture
async def provider() -> AsyncIterator[Airtime]:
    async with airtime(SECRET) as running:
        yield running


@dataclass
class Setting:
    """What workers are made of, with a clock that the test moves."""

    engine: AsyncEngine
    provider: Airtime
    now: datetime = NOON
    timeout_s: float = 20.0
    seal: AddressSeal = SEAL
    payers: list[Payer] = field(default_factory=list)

    def worker(self, payer: Payer | None = None) -> RewardWorker:
        if payer is None:
            payer = Hooks(HERE, timeout_s=self.timeout_s)
            self.payers.append(payer)
        around = Surroundings(
            self.seal, AddressPepper(PEPPER), payer, lambda: self.now, random.Random(1).random
        )
        return RewardWorker(self.engine, around)

    async def start(self, **changed: object) -> None:
        await keep_secret(self.engine, "water", SEAL.seal(Address(SECRET)), NOON)
        terms = replace(TERMS, hook=self.provider.url, **changed)  # type: ignore[arg-type]
        assert await change_rewards(self.engine, "water", terms, "amina", self.now)

    async def work(self, days: float = 2) -> None:
        """Have a worker work for so long, by the clock of the test."""
        worker = self.worker()
        end = self.now + timedelta(days=days)
        while self.now < end:
            await worker.turn()
            self.now += timedelta(minutes=20)

    async def states(self) -> Counter[tuple[str, str | None]]:
        return Counter(tuple(row) for row in await stored(self.engine, "rewards", "state", "error"))

    async def close(self) -> None:
        for one in self.payers:
            await one.close()


@pytest.fixture
async def setting(engine: AsyncEngine, provider: Airtime) -> AsyncIterator[Setting]:
    made = Setting(engine, provider)
    yield made
    await made.close()


async def people(engine: AsyncEngine, count: int, first: int = 0) -> list[int]:
    made = [await contact(engine, first + person) for person in range(count)]
    for one in made:
        await interview(engine, one)
    return made


async def test_each_who_completed_is_paid_once(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 3)
    for place, ending in enumerate([None, *(one for one in Ending if one is not Ending.COMPLETE)], 50):
        await interview(setting.engine, await contact(setting.engine, place), ending=ending)
    await interview(setting.engine, await contact(setting.engine, 60), consultation="forests")
    chat = await contact(setting.engine, 61, Channel.TELEGRAM)
    await interview(setting.engine, chat)
    await interview(setting.engine, None)
    await setting.start()
    for _ in range(3):
        await setting.worker().turn()
    assert provider.payments == {number(person): 1 for person in range(3)}
    assert provider.requests == 3
    assert await setting.states() == {("confirmed", None): 3}
    found = await overview(setting.engine, "water")
    assert (found.taken, found.waiting, found.numberless) == (150_000_000, 0, 2)
    await people(setting.engine, 1, first=9)
    await setting.worker().turn()
    assert provider.payments[number(9)] == 1
    assert provider.requests == 4


async def test_what_is_told_to_whoever_pays(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 1)
    await setting.start()
    await setting.worker().turn()
    ((key, (body,)),) = provider.bodies.items()
    assert msgspec.json.decode(body) == {
        "type": "reward",
        "timestamp": "2026-03-02T12:00:00.250000Z",
        "data": {
            "id": key,
            "consultation": "water",
            "amount": "50.00",
            "currency": "KES",
            "phone_number": number(0),
        },
    }
    assert len(key) >= 32


async def test_nothing_is_paid_before_a_person_starts_it_or_after_one_stops_it(
    setting: Setting, provider: Airtime
) -> None:
    await people(setting.engine, 2)
    assert not await change_rewards(setting.engine, "water", TERMS, "amina", NOON), "there is no secret"
    await setting.worker().turn()
    await setting.start()
    await change_rewards(setting.engine, "water", None, "amina", NOON)
    await setting.worker().turn()
    assert provider.requests == 0
    assert await setting.states() == {}
    await setting.start()
    provider.faults = [Fault.FAILS]
    await setting.worker().turn()
    await change_rewards(setting.engine, "water", None, "amina", NOON)
    await setting.work()
    assert provider.requests == 1


async def test_the_same_number_is_paid_once_on_all_channels_and_after_erasing(
    setting: Setting, provider: Airtime
) -> None:
    sms, whatsapp = await contact(setting.engine, 1), await contact(setting.engine, 1, Channel.WHATSAPP)
    await interview(setting.engine, sms)
    await interview(setting.engine, whatsapp)
    await setting.start()
    await setting.worker().turn()
    assert await setting.states() == {("confirmed", None): 1, ("refused", PAID_BEFORE): 1}
    async with writer(setting.engine).begin() as connection:
        await connection.execute(delete(tables.contacts))
    await interview(setting.engine, await contact(setting.engine, 1))
    await setting.worker().turn()
    assert provider.payments == {number(1): 1}
    assert await setting.states() == {("confirmed", None): 1, ("refused", PAID_BEFORE): 2}


async def test_who_is_erased_before_is_not_paid_and_holds_up_nobody(
    setting: Setting, provider: Airtime
) -> None:
    gone, _ = await people(setting.engine, 2)
    await setting.start()
    provider.faults = [Fault.BUSY]
    await setting.worker().turn()
    async with writer(setting.engine).begin() as connection:
        await connection.execute(delete(tables.contacts).where(tables.contacts.c.id == gone))
    await setting.work()
    assert provider.payments == {number(1): 1}
    assert await setting.states() == {("confirmed", None): 1, ("refused", "erased"): 1}


async def test_the_budget_stops_it_and_a_person_goes_on(
    setting: Setting, provider: Airtime, caplog: pytest.LogCaptureFixture
) -> None:
    await people(setting.engine, 5)
    await setting.start(budget=149_999_999)
    with caplog.at_level(logging.WARNING):
        worker = setting.worker()
        for _ in range(2):
            await worker.turn()
        await people(setting.engine, 1, first=20)
        await worker.turn()
    assert len(provider.paid) == 2
    assert await setting.states() == {("confirmed", None): 2, ("refused", NO_BUDGET): 4}
    assert [record.getMessage() for record in caplog.records] == [
        "the budget for rewards of water is spent: people who completed get none"
    ]
    assert number(3) not in caplog.text
    assert (await retry_rewards(setting.engine, "water", NOON, unclear=False))[RewardState.REFUSED] == 0
    await setting.start(budget=250_000_000)
    assert (await retry_rewards(setting.engine, "water", NOON, unclear=False))[RewardState.REFUSED] == 3
    await setting.worker().turn()
    assert provider.payments == {number(person): 1 for person in range(5)}
    assert (await overview(setting.engine, "water")).taken == 250_000_000


async def test_what_will_not_be_paid_gives_its_money_back(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 2)
    await setting.start(budget=100_000_000)
    provider.faults = [Fault.REJECTS]
    await setting.worker().turn()
    assert await setting.states() == {("confirmed", None): 1, ("failed", "422"): 1}
    assert (await overview(setting.engine, "water")).taken == 50_000_000
    before = set(provider.bodies)
    assert (await retry_rewards(setting.engine, "water", NOON, unclear=False))[RewardState.FAILED] == 1
    await setting.worker().turn()
    assert provider.payments == {number(person): 1 for person in range(2)}
    assert set(provider.bodies) == before, "a reward has one key"


async def test_what_is_unclear_keeps_its_key_and_its_money_until_a_person_decides(
    setting: Setting, provider: Airtime
) -> None:
    await people(setting.engine, 1)
    await setting.start(budget=50_000_000)
    provider.faults = [Fault.LOSES] + [Fault.FAILS] * 50
    await setting.work(days=3)
    assert provider.requests == 8
    assert await setting.states() == {("sent", "500"): 1}
    found = await overview(setting.engine, "water")
    assert (found.taken, [one.stuck for one in found.tallies]) == (50_000_000, [1])
    assert not any((await retry_rewards(setting.engine, "water", setting.now, unclear=False)).values())
    provider.faults.clear()
    assert (await retry_rewards(setting.engine, "water", setting.now, unclear=True))[RewardState.SENT] == 1
    await setting.worker().turn()
    assert await setting.states() == {("confirmed", None): 1}
    assert provider.payments == {number(0): 1}
    assert {len(bodies) for bodies in provider.bodies.values()} == {1}, "the same bytes at each attempt"


async def test_an_answer_that_never_comes(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 1)
    await setting.start()
    provider.faults = [Fault.HANGS]
    setting.timeout_s = 0.2
    await setting.worker().turn()
    assert await setting.states() == {("sent", "ReadTimeout"): 1}
    setting.timeout_s = 20.0
    await setting.work(days=0.1)
    assert await setting.states() == {("confirmed", None): 1}
    assert provider.payments == {number(0): 1}


async def test_a_receiver_that_lets_nobody_in_holds_nothing_up_for_good(
    setting: Setting, provider: Airtime
) -> None:
    await people(setting.engine, 3)
    await setting.start()
    provider.faults = [Fault.LOCKED] * 12
    await setting.work(days=0.5)
    assert provider.payments == {number(person): 1 for person in range(3)}


async def test_without_the_key_to_an_address_nothing_is_set_aside(
    setting: Setting, provider: Airtime
) -> None:
    await people(setting.engine, 1)
    await setting.start()
    setting.seal = AddressSeal("YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcjAwMDE=")
    with suppress(Exception):
        await setting.worker().turn()
    assert await setting.states() == {}
    assert provider.requests == 0


class Dies:
    """A payer whose process is killed: before anybody is asked, or after they have paid."""

    def __init__(self, hooks: Hooks, *, after: bool) -> None:
        self._hooks = hooks
        self._after = after

    async def send(self, to: Address, secret: str, message_id: str, at: datetime, body: bytes) -> Delivery:
        if self._after:
            await self._hooks.send(to, secret, message_id, at, body)
        raise asyncio.CancelledError

    async def close(self) -> None:
        await self._hooks.close()


@pytest.mark.parametrize("after", [False, True])
async def test_a_worker_that_dies_pays_nobody_twice(setting: Setting, provider: Airtime, after: bool) -> None:
    await people(setting.engine, 1)
    await setting.start()
    hooks = Hooks(HERE)
    setting.payers.append(hooks)
    with pytest.raises(asyncio.CancelledError):
        await setting.worker(Dies(hooks, after=after)).turn()
    await setting.worker().turn()
    assert provider.requests == int(after), "it is in somebody's hands"
    setting.now += LEASE
    await setting.worker().turn()
    assert provider.payments == {number(0): 1}
    assert await setting.states() == {("confirmed", None): 1}


async def test_several_are_paid_at_once_and_each_once(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 2 * AT_ONCE + 1)
    await setting.start()
    provider.together = AT_ONCE
    provider.faults = [Fault.NONE, *[Fault.GATHERS] * 2 * AT_ONCE]
    await setting.worker().turn()
    assert provider.most_at_once == AT_ONCE
    assert provider.payments == {number(person): 1 for person in range(2 * AT_ONCE + 1)}
    assert await setting.states() == {("confirmed", None): 2 * AT_ONCE + 1}


async def test_whoever_pays_and_is_not_well_is_asked_once_a_turn(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 2 * AT_ONCE)
    await setting.start()
    provider.faults = [Fault.BUSY, Fault.FAILS]
    for turn in (1, 2):
        await setting.worker().turn()
        assert provider.requests == turn
    await setting.work(days=0.25)
    assert provider.payments == {number(person): 1 for person in range(2 * AT_ONCE)}


async def test_faults_among_those_that_are_paid_at_once(setting: Setting, provider: Airtime) -> None:
    count = 4 * AT_ONCE
    await people(setting.engine, count)
    await setting.start(budget=(count - 3) * TERMS.amount)
    provider.together = AT_ONCE - 4
    gathered = [Fault.GATHERS] * provider.together
    provider.faults = [Fault.NONE, Fault.LOSES, Fault.FAILS, Fault.REJECTS, Fault.BUSY, *gathered]
    await setting.worker().turn()
    assert provider.requests < count, "after what is not clear, nobody else is asked about"
    found = await overview(setting.engine, "water")
    assert found.taken == (count - 4) * TERMS.amount, "the one that will not be paid is free again"
    await setting.work(days=0.25)
    assert await setting.states() == {
        ("confirmed", None): count - 4,
        ("failed", "422"): 1,
        ("refused", NO_BUDGET): 3,
    }
    assert set(provider.payments.values()) == {1}
    assert len(provider.paid) == count - 4
    assert {len(bodies) for bodies in provider.bodies.values()} == {1}


@pytest.mark.parametrize("fault", [Fault.HANGS, Fault.STALLS])
async def test_a_worker_that_is_killed_with_several_in_hand_pays_nobody_twice(
    setting: Setting, provider: Airtime, fault: Fault
) -> None:
    count = 2 * AT_ONCE
    await people(setting.engine, count)
    await setting.start()
    provider.faults = [Fault.NONE, *[fault] * AT_ONCE]
    turn = asyncio.create_task(setting.worker().turn())
    await provider.asked(1 + AT_ONCE)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert await setting.states() == {
        ("confirmed", None): 1,
        ("sent", None): AT_ONCE,
        ("reserved", None): count - AT_ONCE - 1,
    }
    before = set(provider.bodies)
    await setting.worker().turn()
    assert provider.requests == count, "what was in hand is in hand until its lease is over"
    setting.now += LEASE
    await setting.worker().turn()
    assert provider.payments == {number(person): 1 for person in range(count)}
    assert await setting.states() == {("confirmed", None): count}
    assert before <= set(provider.bodies)
    assert len(provider.bodies) == count, "each kept its key"


async def test_what_another_has_in_hand_by_now_is_theirs_to_settle(setting: Setting) -> None:
    await people(setting.engine, 2)
    await setting.start()
    found = await owed_after(setting.engine, "water", 0)
    payees, keys = {one: str(one.interview) for one in found}, iter("ab")
    await reserve_rewards(setting.engine, "water", NOON, payees, lambda: next(keys))
    slow, other = await claim_rewards(setting.engine, "water", NOON, LEASE, 8)
    assert not await claim_rewards(setting.engine, "water", NOON, LEASE, 8)
    (again, _) = await claim_rewards(setting.engine, "water", NOON + LEASE, LEASE, 8)
    assert (again.id, again.key, again.number, again.was_sent) == (slow.id, slow.key, 2, True)
    both = [SettledReward(one.id, NOON, RewardState.FAILED, NOON, "422") for one in (slow, other)]
    await settle_rewards(setting.engine, both)
    assert await setting.states() == {("sent", None): 2}
    mine = SettledReward(again.id, again.started_at, RewardState.CONFIRMED, NOON + LEASE)
    await settle_rewards(setting.engine, [mine, both[1]])
    assert await setting.states() == {("sent", None): 1, ("confirmed", None): 1}


async def test_what_is_in_hand_is_settled_before_it_stops(setting: Setting, provider: Airtime) -> None:
    await people(setting.engine, 3 * AT_ONCE)
    await setting.start(budget=3 * AT_ONCE * TERMS.amount)
    provider.faults = [Fault.NONE, *[Fault.HANGS] * AT_ONCE]
    worker = setting.worker()
    running = asyncio.create_task(worker.run())
    await provider.asked(1 + AT_ONCE)
    worker.stop()
    provider.hanging.set()
    await running
    assert await setting.states() == {
        ("confirmed", None): 1 + AT_ONCE,
        ("reserved", None): 2 * AT_ONCE - 1,
    }
    assert provider.requests == 1 + AT_ONCE


async def test_each_is_looked_at_once_in_a_turn_and_who_completes_late_in_the_next(
    setting: Setting, provider: Airtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.outreach.rewards.budget.PAGE", 2)
    late = await contact(setting.engine, 50)
    goes_on = await interview(setting.engine, late, ending=None)
    await people(setting.engine, 5)
    await setting.start()
    pages, last = [], 0
    while page := await owed_after(setting.engine, "water", last):
        pages.append([one.interview for one in page])
        last = page[-1].interview
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in page] == sorted(one for page in pages for one in page)
    worker = setting.worker()
    await worker.turn()
    assert len(provider.paid) == 5
    async with writer(setting.engine).begin() as connection:
        ended = {"stage": "ended", "ending": "complete", "ended_at": NOON}
        this = tables.interviews.c.id == goes_on
        await connection.execute(update(tables.interviews).where(this).values(ended))
    await worker.turn()
    assert provider.payments[number(50)] == 1
    assert provider.requests == 6


async def test_what_became_of_people_since_they_were_found_holds(setting: Setting) -> None:
    gone, *_ = await people(setting.engine, 4)
    await setting.start()
    found = await owed_after(setting.engine, "water", 0)
    payees = {one: f"payee {one.interview}" for one in found}
    keys = iter("abcdefgh")

    async def reserve(some: Mapping[Owed, str]) -> Set | None:
        return await reserve_rewards(setting.engine, "water", NOON, some, lambda: next(keys))

    assert await reserve(dict(list(payees.items())[1:2])) == Set(reserved=1, refused=0)
    async with writer(setting.engine).begin() as connection:
        await connection.execute(delete(tables.contacts).where(tables.contacts.c.id == gone))
    assert await reserve(payees) == Set(reserved=2, refused=0)
    assert await reserve(payees) == Set(reserved=0, refused=0)
    assert await setting.states() == {("reserved", None): 3}
    await change_rewards(setting.engine, "water", None, "amina", NOON)
    assert await reserve(payees) is None


async def test_many_workers_pay_each_once(database_url: str, provider: Airtime) -> None:
    async with opened(database_url) as engine, opened(database_url) as another:
        await people(engine, 12)
        setting = Setting(engine, provider)
        await setting.start()
        workers = [setting.worker(), Setting(another, provider, payers=setting.payers).worker()]
        # On SQLite there is one process, and one worker in it.
        some = workers if engine.dialect.name == "postgresql" else workers[:1]
        await asyncio.gather(*(one.turn() for one in some))
        await setting.work(days=0.1)
        assert provider.payments == {number(person): 1 for person in range(12)}
        assert await setting.states() == {("confirmed", None): 12}
        await setting.close()


@pytest.mark.parametrize("seed", range(3))
async def test_each_completed_interview_is_paid_exactly_once_whatever_happens(
    setting: Setting, provider: Airtime, seed: int
) -> None:
    """Faults, deaths and restarts drawn by chance, while people complete: in the end each has one reward."""
    chance = random.Random(seed)
    setting.timeout_s = 0.2
    await setting.start()
    done = 0
    for _ in range(25):
        if done < 10 and chance.random() < 0.5:
            await people(setting.engine, 1, first=done)
            done += 1
        faults = [Fault.FAILS, Fault.LOSES, Fault.BUSY, Fault.LOCKED, Fault.NONE, Fault.NONE]
        provider.faults = chance.choices([*faults, Fault.HANGS], [*[3] * 6, 1], k=3)
        worker = setting.worker()
        if chance.random() < 0.3:
            worker = setting.worker(Dies(setting.payers[-1], after=chance.random() < 0.5))  # type: ignore[arg-type]
        with suppress(asyncio.CancelledError):
            await worker.turn()
        setting.now += chance.choice([timedelta(minutes=1), LEASE, timedelta(hours=3)])
    provider.faults.clear()
    setting.timeout_s = 20.0
    await retry_rewards(setting.engine, "water", setting.now, unclear=True)
    await setting.work(days=0.5)
    assert done
    assert provider.payments == {number(person): 1 for person in range(done)}
    assert await setting.states() == {("confirmed", None): done}
    assert {len(bodies) for bodies in provider.bodies.values()} == {1}
    assert len(provider.bodies) == done


def test_every_state_is_a_metric() -> None:
    assert set(REWARDS) == set(RewardState)
