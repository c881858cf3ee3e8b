"""The caps at the last moment, on each database: what is held, when it goes on, and what a crash leaves counted."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.channels.receipts import Receipt
from bot.channels.sending import Absent, Accepted, Deferred, Delivery, OutboundMessage, Unclear
from bot.channels.twilio_errors import SENT_AGAIN_AFTER
from bot.core.outreach.caps import Cap, Footing, Totals, next_day
from bot.metrics import CAPS, exposition
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.store import tables
from bot.store.database import writer
from bot.store.letters import requeue
from bot.store.outreach.caps import standing
from bot.store.outreach.countries import Countries
from bot.store.receipts import store_receipts
from bot.store.sending import OutboundStatus, Priority
from tests.support.caps import allow, set_cap, set_price
from tests.support.databases import opened
from tests.support.intake import NOON, stored
from tests.support.letters import SEAL, SENDER, contact, letter, number, put
from tests.support.metrics import Change

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = next_day(NOON)
ANOTHER = "+12025550101"


@dataclass
class Post:
    """A provider that remembers what it took and when, and can fail."""

    now: datetime = NOON
    taken: list[tuple[datetime, str, str]] = field(default_factory=list)
    next: list[Delivery] = field(default_factory=list)

    async def send(self, message: OutboundMessage) -> Delivery:
        answer = self.next.pop(0) if self.next else Accepted("")
        if isinstance(answer, Accepted):
            self.taken.append((self.now, message.to.reveal(), message.text))
            return Accepted(f"SM{len(self.taken)}")
        return answer

    async def find(
        self, message: OutboundMessage, since: datetime, known: Collection[str]
    ) -> Accepted | Absent | Unclear:
        return Absent()

    async def close(self) -> None:
        return

    def clock(self) -> datetime:
        return self.now

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text in self.taken]


async def no_rest(seconds: float) -> bool:
    return False


def drain(engine: AsyncEngine, post: Post, sender: str = SENDER, per_second: float = 10_000.0) -> Drain:
    around = Surroundings(SEAL, post.clock, lambda: 0.0)
    return Drain(engine, SenderLine(sender, post, per_second), around, no_rest)


async def drained(work: Drain) -> int:
    """Return how many turns it took until nothing more was to be done at once."""
    turns = 0
    while await work.turn():
        turns += 1
        assert turns < 100, "it goes round and round"
    return turns


async def invite(engine: AsyncEngine, count: int, first: int = 0, **fields: object) -> list[int]:
    """Put an invitation to each of so many people in the outbox; return their contacts."""
    people = [await contact(engine, first + person) for person in range(count)]
    await put(
        engine,
        *(
            letter(one, f"invitation {one}", priority=Priority.INVITATION, segments=1, **fields)
            for one in people
        ),
    )
    return people


async def totals(engine: AsyncEngine, at: datetime = NOON) -> Totals:
    return (await standing(engine, at, Countries(SEAL).if_known)).totals


async def queue(engine: AsyncEngine) -> list[tuple[str, str | None, datetime | None]]:
    return [tuple(row) for row in await stored(engine, "outbound", "status", "error", "due_at")]


async def test_a_day_ends_and_the_next_goes_on(engine: AsyncEngine, caplog: pytest.LogCaptureFixture) -> None:
    await allow(engine, "GB")
    await set_cap(engine, Cap.MESSAGES_A_DAY, "2")
    await invite(engine, 5)
    post, change = Post(), Change()
    work = drain(engine, post)
    with caplog.at_level(logging.WARNING):
        assert await drained(work) == 1
        await put(engine, letter(await contact(engine, 9), "a reply"))
        assert await drained(work) == 1
    assert len(post.taken) == 3
    assert post.texts[2] == "a reply"
    assert await totals(engine) == Totals(3, 0, 3 * 200_000)
    assert change.of("heard_caps_held_total", cap="messages-a-day") == 3
    (told,) = [record.getMessage() for record in caplog.records]
    assert "messages-a-day" in told
    assert number(3) not in caplog.text
    assert [one[1:] for one in await queue(engine) if one[0] == "queued"] == [
        ("cap: messages-a-day", MIDNIGHT)
    ] * 3
    post.now = MIDNIGHT - MINUTE
    assert await drained(work) == 0
    post.now = MIDNIGHT
    await drained(work)
    assert len(post.taken) == 5
    post.now = MIDNIGHT + DAY
    await drained(work)
    assert sorted(post.texts) == sorted(["a reply", *(f"invitation {one}" for one in range(1, 6))])


async def test_what_waits_behind_a_closed_day_is_not_touched_again_and_again(engine: AsyncEngine) -> None:
    """A worker that took all of it in hand, a few at a time, would do nothing else."""
    await allow(engine, "GB")
    await set_cap(engine, Cap.MESSAGES_A_DAY, "3")
    await invite(engine, 40)
    post = Post()
    work = drain(engine, post, per_second=5)
    assert await drained(work) == 1
    untouched = [one for one in await queue(engine) if one == ("queued", None, NOON)]
    assert (len(post.taken), len(untouched)) == (3, 35)
    # Raised by hand, it goes on at once, and to the very number.
    await set_cap(engine, Cap.MESSAGES_A_DAY, "30", NOON)
    await drained(work)
    assert len(post.taken) == 30
    # Another worker that is started meanwhile finds the same.
    assert await drained(drain(engine, post, per_second=5)) == 1
    assert len(post.taken) == 30


async def test_a_country_waits_until_it_is_allowed_and_holds_up_no_other(engine: AsyncEngine) -> None:
    await allow(engine, "US")
    await invite(engine, 3)
    american = await contact(engine, 500, address_sealed=SEAL.seal(Address("+12025550143")))
    await put(engine, letter(american, "to the US", priority=Priority.INVITATION))
    post = Post()
    work = drain(engine, post, per_second=1)
    await drained(work)
    assert post.texts == ["to the US"]
    found = await standing(engine, NOON, Countries(SEAL).if_known)
    assert found.held == {"cap: country GB": 3}
    await allow(engine, "GB", footing=Footing.ABROAD)
    await set_cap(engine, Cap.ABROAD_A_DAY, "2")
    await drained(work)
    assert len(post.taken) == 3
    assert (await standing(engine, NOON, Countries(SEAL).if_known)).held == {"cap: abroad-a-day": 1}
    assert await totals(engine) == Totals(3, 2, 3 * 200_000)
    await allow(engine, "GB", footing=Footing.FORBIDDEN)
    await drained(work)
    assert (await standing(engine, NOON, Countries(SEAL).if_known)).held == {"cap: country GB": 1}


async def test_a_person_gets_three_a_day_and_twelve_in_all(engine: AsyncEngine) -> None:
    await allow(engine, "GB")
    person = await contact(engine, 1)
    await put(engine, *(letter(person, str(one), priority=Priority.REMINDER) for one in range(14)))
    post = Post()
    work = drain(engine, post)
    for day, sent in enumerate([3, 6, 9, 12, 12, 12]):
        post.now = NOON + day * DAY
        await drained(work)
        assert len(post.taken) == sent
    assert post.texts == [str(one) for one in range(12)]
    assert (await standing(engine, post.now, Countries(SEAL).if_known)).held == {"cap: person-in-all": 1}
    await set_cap(engine, Cap.PERSON_IN_ALL, "13", post.now)
    await drained(work)
    assert len(post.taken) == 13


async def test_replies_in_answers_count_for_their_person_and_for_money(engine: AsyncEngine) -> None:
    await allow(engine, "GB")
    await set_price(engine, "0.10")
    await set_price(engine, "0.50", "GB")
    await set_cap(engine, Cap.SPEND_A_DAY, "3")
    talker, other = await invite(engine, 2)
    for segments in (1, 2, None):
        await replied(engine, talker, segments)
    await replied(engine, talker, 9, NOON - DAY)
    post = Post()
    work = drain(engine, post)
    await drained(work)
    # Three replies are what one person may get; four parts cost 2.00, and the invitation 0.50.
    assert post.texts == [f"invitation {other}"]
    assert await totals(engine) == Totals(1, 0, 2_500_000)
    # What is counted into the day by and by is counted once.
    for minutes in (2, 4, 6):
        post.now = NOON + minutes * MINUTE
        await replied(engine, other, 1, post.now)
        await work.turn()
        await put(engine, letter(await contact(engine, 10 + minutes), "a reply", due_at=post.now, segments=1))
        await work.turn()
        assert await totals(engine) == Totals(1 + minutes // 2, 0, 2_500_000 + minutes * 500_000)
    await invite(engine, 1, first=50, due_at=post.now)
    await drained(work)
    assert (await standing(engine, post.now, Countries(SEAL).if_known)).held == {
        "cap: person-a-day": 1,
        "cap: spend-a-day": 1,
    }


async def test_two_machines_that_answer_each_other_stop(engine: AsyncEngine) -> None:
    await set_cap(engine, Cap.REPLIES_A_PERSON, "4")
    machine, person = await contact(engine, 1), await contact(engine, 2)
    for _ in range(2):
        await replied(engine, machine, 1)
    await put(
        engine, *(letter(machine, f"to a machine {one}") for one in range(4)), letter(person, "to a person")
    )
    post, change = Post(), Change()
    work = drain(engine, post)
    await drained(work)
    assert sorted(post.texts) == ["to a machine 0", "to a machine 1", "to a person"]
    assert (
        sorted(one[:2] for one in await queue(engine) if one[0] == "failed")
        == [("failed", "cap: replies-a-person-a-day")] * 2
    )
    assert change.of("heard_caps_held_total", cap="replies-a-person-a-day") == 2
    assert (await standing(engine, NOON, Countries(SEAL).if_known)).silenced == 2
    # Another day, another talk.
    post.now = NOON + DAY
    await put(engine, letter(machine, "the next day", due_at=post.now))
    await drained(work)
    assert post.texts[-1] == "the next day"


async def test_a_message_counts_once_a_day_however_often_it_is_tried(engine: AsyncEngine) -> None:
    await allow(engine, "GB")
    await set_cap(engine, Cap.MESSAGES_A_DAY, "1")
    await invite(engine, 1)
    post = Post(next=[Deferred("busy"), Deferred("busy"), Unclear("HTTP 500")])
    work = drain(engine, post)
    for minutes in (0, 1, 10, 20, 60):
        post.now = NOON + minutes * MINUTE
        await drained(work)
    assert len(post.taken) == 1
    assert await totals(engine) == Totals(1, 0, 200_000)
    assert await stored(engine, "cap_people", "messages", "unprompted") == [(1, 1)]
    # Sent once more by an operator, it is another message.
    await requeue(engine, OutboundStatus.SENT, None, post.now)
    await drained(work)
    assert len(post.taken) == 1
    await set_cap(engine, Cap.MESSAGES_A_DAY, "2", post.now)
    await drained(work)
    assert len(post.taken) == 2


async def test_what_is_sent_once_more_after_it_came_back_is_another_message(engine: AsyncEngine) -> None:
    await allow(engine, "GB")
    await set_cap(engine, Cap.MESSAGES_A_DAY, "1")
    await invite(engine, 1)
    post = Post()
    work = drain(engine, post)
    await drained(work)
    off = Receipt("twilio", "SM1", "undelivered", NOON, "30003")
    async with writer(engine).begin() as connection:
        await connection.run_sync(store_receipts, [off])
    post.now = NOON + SENT_AGAIN_AFTER
    await drained(work)
    assert len(post.taken) == 1
    post.now = MIDNIGHT
    await drained(work)
    assert len(post.taken) == 2


async def test_what_a_day_has_reserved_is_not_sent_on_the_next(engine: AsyncEngine) -> None:
    await allow(engine, "GB")
    await set_cap(engine, Cap.MESSAGES_A_DAY, "1")
    await invite(engine, 2)
    post = Post(now=MIDNIGHT - MINUTE)

    async def until_midnight(seconds: float) -> bool:
        post.now = MIDNIGHT
        return False

    around = Surroundings(SEAL, post.clock, lambda: 0.0)
    late = Drain(engine, SenderLine(SENDER, post, 10_000.0), around, until_midnight)
    await late.turn()
    assert post.taken == []
    await drained(drain(engine, post))
    assert [at for at, _, _ in post.taken] == [MIDNIGHT]


async def test_what_expires_is_closed_when_it_does_though_it_is_held(engine: AsyncEngine) -> None:
    evening = NOON + 5 * HOUR
    await invite(engine, 1, expires_at=evening)
    post = Post()
    work = drain(engine, post)
    await drained(work)
    assert await queue(engine) == [("queued", "cap: country GB", evening)]
    post.now = evening
    await drained(work)
    assert (await queue(engine))[0][0] == "expired"


async def test_what_expires_while_it_awaits_its_turn_is_not_sent(engine: AsyncEngine) -> None:
    """It was in time when it was taken in hand, behind others."""
    await allow(engine, "GB")
    evening = NOON + 5 * HOUR
    await invite(engine, 2, expires_at=evening)
    post = Post(now=evening - MINUTE)

    async def until_evening(seconds: float) -> bool:
        # Whatever has had its turn is handed over first.
        await asyncio.sleep(0)
        post.now = post.now if seconds <= 0 else evening
        return False

    around = Surroundings(SEAL, post.clock, lambda: 0.0)
    late = Drain(engine, SenderLine(SENDER, post, 10_000.0), around, until_evening)
    await drained(late)
    assert [at for at, _, _ in post.taken] == [evening - MINUTE]
    assert sorted(status for status, _, _ in await queue(engine)) == ["expired", "sent"]


async def test_a_telegram_chat_has_no_border_and_no_price(engine: AsyncEngine) -> None:
    person = await contact(engine, 1, Channel.TELEGRAM, address_sealed=SEAL.seal(Address("123456789")))
    await put(engine, letter(person, "on Telegram", priority=Priority.NOTICE))
    post = Post()
    await drained(drain(engine, post))
    assert post.texts == ["on Telegram"]
    assert await totals(engine) == Totals(1, 0, 0)


async def test_many_processes_count_to_the_very_number(database_url: str) -> None:
    """Senders are drained side by side, in several processes: together they keep to the cap."""
    async with opened(database_url) as engine, opened(database_url) as another:
        await allow(engine, "GB")
        await set_cap(engine, Cap.MESSAGES_A_DAY, "37")
        await invite(engine, 30)
        await invite(engine, 30, first=100, sender=ANOTHER)
        post = Post()
        both = [drain(engine, post, SENDER, 7), drain(another, post, ANOTHER, 7)]
        await asyncio.gather(*map(drained, both))
        assert len(post.taken) == 37
        assert await totals(engine) == Totals(37, 0, 37 * 200_000)


@pytest.mark.parametrize("seed", range(2))
async def test_never_over_a_cap_whatever_happens(engine: AsyncEngine, seed: int) -> None:
    """Messages, days, faults, raises and restarts drawn by chance: the provider's own list is within every cap."""
    chance = random.Random(seed)
    await allow(engine, "GB")
    people = [await contact(engine, person) for person in range(6)]
    caps = {Cap.MESSAGES_A_DAY: 8, Cap.PERSON_A_DAY: 2, Cap.PERSON_IN_ALL: 5}
    for cap, value in caps.items():
        await set_cap(engine, cap, str(value))
    post, highest = Post(), Counter[tuple[date, Cap]]()
    work = drain(engine, post)
    for step in range(45):
        what = chance.choice(["put", "put", "turn", "turn", "turn", "later", "raise", "restart", "crash"])
        if what == "put":
            some = [
                letter(chance.choice(people), f"{step} {one}", post.now, priority=Priority.INVITATION)
                for one in range(3)
            ]
            await put(engine, *some)
        elif what == "later":
            post.now += chance.choice([MINUTE, 7 * HOUR, DAY])
        elif what == "raise":
            cap = chance.choice(list(caps))
            caps[cap] += chance.choice([-1, 1, 2])
            await set_cap(engine, cap, str(max(caps[cap], 0)), post.now)
        elif what == "restart":
            work = drain(engine, post)
        elif what == "crash":
            await crash(engine, post)
            work = drain(engine, post)
        for cap, value in caps.items():
            highest[post.now.date(), cap] = max(highest[post.now.date(), cap], value)
        if what == "turn":
            post.next = chance.choices([Accepted(""), Deferred("busy"), Unclear("500")], [4, 1, 1], k=2)
            await work.turn()
    by_day = Counter(at.date() for at, _, _ in post.taken)
    by_person = Counter((at.date(), to) for at, to, _ in post.taken)
    assert by_day
    assert all(count <= highest[day, Cap.MESSAGES_A_DAY] for day, count in by_day.items())
    assert all(count <= highest[day, Cap.PERSON_A_DAY] for (day, _), count in by_person.items())
    ever = max(value for (_, cap), value in highest.items() if cap is Cap.PERSON_IN_ALL)
    assert all(count <= ever for count in Counter(to for _, to, _ in post.taken).values())
    assert len(post.texts) == len(set(post.texts))


async def crash(engine: AsyncEngine, post: Post) -> None:
    """Have a worker die with messages in hand that were counted, and none of them handed over."""

    async def dies(seconds: float) -> bool:
        raise RuntimeError("the worker is gone")

    around = Surroundings(SEAL, post.clock, lambda: 0.0)
    with suppress(RuntimeError):
        await drained(Drain(engine, SenderLine(SENDER, post, 10_000.0), around, dies))


def test_every_cap_is_a_metric() -> None:
    assert set(CAPS) == {*Cap, "country"}
    assert "heard_caps_held_total" in exposition().decode()


async def replied(engine: AsyncEngine, person: int, segments: int | None, at: datetime = NOON) -> None:
    """Store a reply that travelled in the answer to its person's message."""
    row = {
        "position": 0,
        "contact_id": person,
        "body": "a reply in an answer",
        "segments": segments,
        "status": OutboundStatus.REPLIED,
        "created_at": at,
    }
    async with writer(engine).begin() as connection:
        await connection.execute(insert(tables.outbound).values(row))
