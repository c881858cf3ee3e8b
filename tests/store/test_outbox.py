"""The outbox's transactions, on each database."""

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.prompts.records import Button
from bot.store.letters import count_open, open_letters, requeue
from bot.store.outbox import claim, enqueue, interrupt, provider_ids, settle, sole_drain, uncertain
from bot.store.sending import OutboundStatus, Priority, Settled
from tests.support.databases import opened
from tests.support.intake import NOON, stored
from tests.support.letters import SEAL, SENDER, contact, letter, number, put

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALL = 100


async def texts(
    engine: AsyncEngine, most: int = ALL, at: timedelta = timedelta(), sender: str = SENDER
) -> list[str]:
    return [one.text for one in await claim(engine, sender, NOON + at, most)]


async def statuses(engine: AsyncEngine) -> list[str]:
    return [row[0] for row in await stored(engine, "outbound", "status")]


async def test_the_urgent_first_then_the_earlier_due(engine: AsyncEngine) -> None:
    people = [await contact(engine, person) for person in range(5)]
    await put(
        engine,
        letter(people[0], "invitation", priority=Priority.INVITATION, due_at=NOON - MINUTE),
        letter(people[1], "later reply", due_at=NOON - SECOND),
        letter(people[2], "reminder", priority=Priority.REMINDER, due_at=NOON - MINUTE),
        letter(people[3], "earlier reply", due_at=NOON - MINUTE),
        letter(people[4], "not due yet", due_at=NOON + SECOND),
    )
    assert await texts(engine, most=3) == ["earlier reply", "later reply", "reminder"]
    assert await texts(engine) == ["invitation"]
    assert await texts(engine) == []
    assert await texts(engine, at=SECOND) == ["not due yet"]


async def test_what_is_taken_in_hand_is_whole(engine: AsyncEngine) -> None:
    person = await contact(engine, 7)
    buttons = (Button("Yes", "consent=1"),)
    await put(engine, letter(person, "Ọ dị mma? 🔥", buttons=buttons, segments=2, language="ig"))
    (taken,) = await claim(engine, SENDER, NOON, ALL)
    assert (taken.number, taken.started_at, taken.contact_id, taken.channel) == (1, NOON, person, "sms")
    assert (taken.text, taken.buttons, taken.segments) == ("Ọ dị mma? 🔥", buttons, 2)
    assert SEAL.open(taken.address_sealed).reveal() == number(7)
    assert number(7) not in repr(taken)
    assert "mma" not in repr(taken)


async def test_a_sender_takes_its_own_messages(engine: AsyncEngine) -> None:
    await put(engine, letter(await contact(engine, 1)))
    assert await texts(engine, sender="+12025550101") == []


async def test_one_persons_messages_come_in_order(engine: AsyncEngine) -> None:
    one, other = await contact(engine, 1), await contact(engine, 2)
    await put(
        engine,
        letter(one, "part 1"),
        letter(one, "part 2"),
        letter(other, "to another"),
        letter(one, "an invitation", priority=Priority.INVITATION),
    )
    first = await claim(engine, SENDER, NOON, ALL)
    assert [each.text for each in first] == ["part 1", "to another", "an invitation"]
    assert await texts(engine) == []
    later = Settled(first[0].id, NOON, OutboundStatus.QUEUED, NOON, due_at=NOON + MINUTE)
    await settle(engine, [later])
    assert await texts(engine) == []
    assert await texts(engine, at=MINUTE) == ["part 1"]
    await settle(engine, [Settled(first[0].id, NOON + MINUTE, OutboundStatus.FAILED, NOON + MINUTE)])
    assert await texts(engine, at=MINUTE) == ["part 2"]


async def test_what_must_not_be_sent_any_more_is_closed(engine: AsyncEngine) -> None:
    silent = await contact(engine, 1, opted_out_at=NOON)
    other = await contact(engine, 2)
    await put(
        engine,
        letter(silent, "unwanted"),
        letter(other, "too late", expires_at=NOON + MINUTE),
        letter(other, "in time", expires_at=NOON + 3 * MINUTE),
    )
    assert await texts(engine, at=2 * MINUTE) == []
    assert await texts(engine, at=2 * MINUTE) == ["in time"]
    assert await statuses(engine) == ["canceled", "expired", "sending"]


async def test_an_attempt_is_settled_once(engine: AsyncEngine) -> None:
    await put(engine, letter(await contact(engine, 1)))
    (taken,) = await claim(engine, SENDER, NOON, ALL)
    await settle(engine, [Settled(taken.id, NOON, OutboundStatus.SENT, NOON, provider_id="SM1")])
    await settle(engine, [Settled(taken.id, NOON, OutboundStatus.FAILED, NOON, error="late")])
    assert await stored(engine, "outbound", "status", "provider_id", "error", "attempts") == [
        ("sent", "SM1", None, 1)
    ]
    assert await provider_ids(engine, taken.contact_id) == {"SM1"}


async def test_who_lost_an_attempt_cannot_settle_it(engine: AsyncEngine) -> None:
    await put(engine, letter(await contact(engine, 1)))
    (lost,) = await claim(engine, SENDER, NOON, ALL)
    await settle(engine, [Settled(lost.id, NOON, OutboundStatus.QUEUED, NOON, due_at=NOON)])
    (taken,) = await claim(engine, SENDER, NOON + SECOND, ALL)
    await settle(engine, [Settled(lost.id, lost.started_at, OutboundStatus.FAILED, NOON)])
    assert await statuses(engine) == ["sending"]
    assert taken.number == 2


async def test_what_was_not_really_tried_does_not_count(engine: AsyncEngine) -> None:
    await put(engine, letter(await contact(engine, 1)))
    for _ in range(3):
        (taken,) = await claim(engine, SENDER, NOON, ALL)
        assert taken.number == 1
        returned = Settled(taken.id, NOON, OutboundStatus.QUEUED, NOON, due_at=NOON, counts=False)
        await settle(engine, [returned])


async def test_what_a_dead_worker_had_in_hand_is_uncertain(engine: AsyncEngine) -> None:
    await put(engine, letter(await contact(engine, 1), "left"), letter(await contact(engine, 2), "at work"))
    await claim(engine, SENDER, NOON, 1)
    await claim(engine, SENDER, NOON + MINUTE, 1)
    now = NOON + 2 * MINUTE
    assert await interrupt(engine, SENDER, now, timedelta(seconds=90), now + MINUTE) == 1
    assert await statuses(engine) == ["uncertain", "sending"]
    assert await uncertain(engine, SENDER, now, ALL) == []
    (left,) = await uncertain(engine, SENDER, now + MINUTE, ALL)
    assert (left.text, left.started_at, left.number) == ("left", NOON, 1)
    await settle(engine, [Settled(left.id, NOON, OutboundStatus.SENT, now, provider_id="SM1")])
    assert await statuses(engine) == ["sent", "sending"]


async def test_whoever_the_provider_says_has_opted_out_is_left_in_peace(engine: AsyncEngine) -> None:
    one, other = await contact(engine, 1), await contact(engine, 2, opted_out_at=NOON - MINUTE)
    del other
    await put(engine, letter(one, "first"), letter(one, "second"))
    (taken,) = await claim(engine, SENDER, NOON, ALL)
    refused = Settled(taken.id, NOON, OutboundStatus.FAILED, NOON + SECOND, error="21610", opted_out=True)
    await settle(engine, [refused])
    assert await stored(engine, "contacts", "opted_out_at") == [(NOON + SECOND,), (NOON - MINUTE,)]
    assert await texts(engine, at=MINUTE) == []
    assert await statuses(engine) == ["failed", "canceled"]


async def test_an_operator_sees_what_is_stuck_and_sends_it_again(engine: AsyncEngine) -> None:
    for person in range(3):
        await put(engine, letter(await contact(engine, person), f"to {person}"))
    taken = await claim(engine, SENDER, NOON, ALL)
    failed = [Settled(one.id, NOON, OutboundStatus.FAILED, NOON, error="30005") for one in taken[:2]]
    await settle(engine, failed)
    assert await count_open(engine) == {
        "queued": 0,
        "sending": 1,
        "uncertain": 0,
        "failed": 2,
        "undelivered": 0,
    }
    dead = await open_letters(engine, OutboundStatus.FAILED, ALL)
    assert [(one.status, one.sender, one.attempts, one.error) for one in dead] == [
        ("failed", SENDER, 1, "30005")
    ] * 2
    assert await requeue(engine, OutboundStatus.FAILED, [dead[1].id], NOON + MINUTE) == 1
    assert await texts(engine, at=SECOND) == []
    (again,) = await claim(engine, SENDER, NOON + MINUTE, ALL)
    assert (again.text, again.number) == ("to 1", 1)
    assert await requeue(engine, OutboundStatus.FAILED, None, NOON) == 1


async def test_nothing_to_do_does_nothing(engine: AsyncEngine) -> None:
    assert await enqueue(engine, [], NOON) == 0
    await settle(engine, [])
    assert await claim(engine, SENDER, NOON, ALL) == []


async def test_two_at_once_take_each_message_once(engine: AsyncEngine) -> None:
    letters = [letter(await contact(engine, person), str(person)) for person in range(40)]
    await put(engine, *letters)
    taken = await asyncio.gather(*(claim(engine, SENDER, NOON, 10) for _ in range(4)))
    # On PostgreSQL each skips what another has locked, and may come away with less; never with the same.
    seen = [one.text for each in taken for one in each]
    assert len(seen) == len(set(seen))
    rest = await claim(engine, SENDER, NOON, ALL)
    assert sorted([*seen, *(one.text for one in rest)], key=int) == [str(person) for person in range(40)]


async def test_one_process_drains_a_sender(database_url: str) -> None:
    async with opened(database_url) as engine, opened(database_url) as another:
        async with sole_drain(engine, SENDER) as is_ours:
            assert is_ours
            async with sole_drain(another, SENDER) as is_theirs, sole_drain(another, "+12025550101") as free:
                # SQLite has one process that serves, and no lock.
                assert is_theirs is (engine.dialect.name == "sqlite")
                assert free
        async with sole_drain(another, SENDER) as is_theirs:
            assert is_theirs
