"""Receipts on each database: forward only, before or after their message, once or many times."""

import asyncio
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.receipts import RANKS, Receipt
from bot.channels.twilio_errors import SENT_AGAIN_AFTER
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import claim, settle
from bot.store.receipts import store_receipts
from bot.store.sending import OutboundStatus, Settled
from tests.support.intake import NOON, intake_on, message, stored
from tests.support.letters import SENDER, contact, letter, put

HOUR = timedelta(hours=1)


async def store(engine: AsyncEngine, *receipts: Receipt) -> None:
    for receipt in receipts:
        async with writer(engine).begin() as connection:
            await connection.run_sync(store_receipts, [receipt])


def receipt(status: str, error: str | None = None, sid: str = "SM1", **reply: object) -> Receipt:
    return Receipt("twilio", sid, status, NOON, error, **reply)  # type: ignore[arg-type]


async def sent(engine: AsyncEngine, sid: str = "SM1") -> None:
    await put(engine, letter(await contact(engine, 1)))
    (taken,) = await claim(engine, SENDER, NOON, 1)
    await settle(engine, [Settled(taken.id, NOON, OutboundStatus.SENT, NOON, provider_id=sid)])


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])), ids="-".join)
async def test_whatever_the_order_what_is_known_never_goes_back(
    engine: AsyncEngine, order: tuple[str, ...]
) -> None:
    await sent(engine)
    await store(engine, *map(receipt, order), *map(receipt, order))
    assert await stored(engine, "receipts", "provider_id", "status") == [("SM1", "delivered")]
    assert await stored(engine, "outbound", "status", "error") == [("delivered", None)]


async def test_what_could_not_be_brought_there_says_why(engine: AsyncEngine) -> None:
    await sent(engine)
    await store(engine, receipt("undelivered", "30005"), receipt("sent"))
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "30005")]
    assert await stored(engine, "contacts", "opted_out_at") == [(None,)]


async def test_who_has_opted_out_at_the_provider_is_left_in_peace(engine: AsyncEngine) -> None:
    await sent(engine)
    await store(engine, receipt("failed", "21610"))
    assert await stored(engine, "contacts", "opted_out_at") == [(NOON,)]


async def test_a_receipt_that_comes_again_ends_no_second_beginning(engine: AsyncEngine) -> None:
    await sent(engine)
    await store(engine, receipt("failed", "21610"))
    async with writer(engine).begin() as connection:
        await connection.execute(tables.contacts.update().values(opted_out_at=None))
    await store(engine, receipt("failed", "21610"))
    assert await stored(engine, "contacts", "opted_out_at") == [(None,)]


async def test_who_has_written_since_is_taken_at_their_word(engine: AsyncEngine) -> None:
    await sent(engine)
    async with writer(engine).begin() as connection:
        await connection.execute(tables.contacts.update().values(last_inbound_at=NOON + HOUR))
    await store(engine, receipt("failed", "21610"))
    assert await stored(engine, "contacts", "opted_out_at") == [(None,)]
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "21610")]


async def test_a_receipt_that_was_faster_than_the_answer_is_followed(engine: AsyncEngine) -> None:
    await store(engine, receipt("sent"), receipt("delivered"), receipt("delivered", sid="SM2"))
    await sent(engine)
    assert await stored(engine, "outbound", "status", "settled_at") == [("delivered", NOON)]


async def test_an_opt_out_that_was_faster_than_the_answer_is_obeyed(engine: AsyncEngine) -> None:
    await store(engine, receipt("undelivered", "21610"))
    await sent(engine)
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "21610")]
    assert await stored(engine, "contacts", "opted_out_at") == [(NOON,)]


@pytest.mark.parametrize("code", ["30003", "30001"])
async def test_a_phone_that_is_off_is_tried_once_more(engine: AsyncEngine, code: str) -> None:
    await sent(engine)
    await store(engine, receipt("undelivered", code), receipt("undelivered", code))
    due_at = NOON + SENT_AGAIN_AFTER
    assert await stored(engine, "outbound", "status", "due_at", "attempts") == [("queued", due_at, 1)]
    assert await claim(engine, SENDER, NOON, 1) == []
    (taken,) = await claim(engine, SENDER, due_at, 1)
    await settle(engine, [Settled(taken.id, due_at, OutboundStatus.SENT, due_at, provider_id="SM2")])
    await store(engine, receipt("read"), receipt("undelivered", code, sid="SM2"))
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", code)]


@pytest.mark.parametrize("code", ["30004", "30005", "30006", "30007", "12345", None])
async def test_what_would_fare_no_better_is_not_sent_again(engine: AsyncEngine, code: str | None) -> None:
    await sent(engine)
    await store(engine, receipt("undelivered", code))
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", code)]


async def test_a_reply_in_an_answer_is_not_sent_again(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "SMin"))
    await store(engine, receipt("undelivered", "30003", in_reply_to="SMin", position=0))
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "30003")]


async def test_receipts_and_answers_at_once_find_each_other(engine: AsyncEngine) -> None:
    """Each in a transaction of its own, all under way together: no message is left without its receipt."""
    people = [await contact(engine, person) for person in range(20)]
    await put(engine, *map(letter, people))
    taken = await claim(engine, SENDER, NOON, 20)
    answers = [Settled(one.id, NOON, OutboundStatus.SENT, NOON, provider_id=f"SM{one.id}") for one in taken]
    tasks = [
        work
        for one in answers
        for work in (settle(engine, [one]), store(engine, receipt("delivered", sid=one.provider_id or "")))
    ]
    await asyncio.gather(*tasks)
    assert await stored(engine, "outbound", "status") == [("delivered",)] * 20


async def test_a_receipt_without_its_message_is_kept(engine: AsyncEngine) -> None:
    await store(engine, receipt("delivered", sid="SM9"), receipt("something_new", sid="SM8"))
    assert await stored(engine, "receipts", "provider_id", "status") == [
        ("SM8", "something_new"),
        ("SM9", "delivered"),
    ]


async def test_a_reply_in_an_answer_gets_its_name_from_its_receipt(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "SMin1"))
        await intake.receive(message(1, "hello", "SMin2"))
    for position in (1, 0):
        which = {"in_reply_to": "SMin2", "position": position}
        await store(engine, receipt("sent", sid=f"SM{position}", **which))
        await store(engine, receipt("delivered", sid=f"SM{position}", **which))
    await store(engine, receipt("delivered", sid="SMx", in_reply_to="SMnone", position=0))
    assert await stored(engine, "outbound", "provider_id", "status") == [
        (None, "replied"),
        ("SM0", "delivered"),
        ("SM1", "delivered"),
    ]


async def test_a_batch_is_as_good_as_one_by_one(engine: AsyncEngine) -> None:
    await sent(engine)
    batch = [receipt(status) for status in ("delivered", "sent", "queued")]
    async with writer(engine).begin() as connection:
        await connection.run_sync(store_receipts, batch)
    assert await stored(engine, "outbound", "status") == [("delivered",)]


def test_ranks_only_rise_to_an_end() -> None:
    assert RANKS["queued"] < RANKS["sending"] < RANKS["sent"] < RANKS["delivered"] < RANKS["read"]
    assert RANKS["delivered"] == RANKS["undelivered"] == RANKS["failed"]
