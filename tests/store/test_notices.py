"""Telling people what came of it, on each database: who is told, and that nobody is twice."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.findings import Finding, Told
from bot.errors import FindingsError
from bot.store import results_tables, tables
from bot.store.database import writer
from bot.store.findings import change, finding, set_words
from bot.store.notices import Wording, audience, numbers, tell
from bot.store.outbox import claim, settle
from bot.store.sending import OutboundStatus, Priority, Settled
from tests.store.test_findings import ACCEPTED
from tests.support.databases import opened
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER, letter, put
from tests.support.respondents import WORDS, erase, messages, registered, respondent

BOT = "telegram:123456789"
OURS = {SENDER, BOT}
HOUR = timedelta(hours=1)
WORDINGS = [
    *(Wording("sms", language, WORDS[language], 1) for language in WORDS),
    *(Wording("telegram", language, WORDS[language], None) for language in WORDS),
    *(Wording("whatsapp", language, WORDS[language], None) for language in WORDS),
]


async def told(
    engine: AsyncEngine, of: Finding, senders: Collection[str] = OURS, most: int = 1_000, page: int = 2
) -> int:
    wordings = [one for one in WORDINGS if one.language in of.now.languages]
    queued = tell(engine, of, wordings, senders, NOON, due_at=NOON + HOUR, most=most, page=page)
    return sum([more async for more in queued])


async def standings(engine: AsyncEngine, of: Finding) -> dict[str, int]:
    groups = await audience(engine, of, OURS, NOON + HOUR)
    return {f"{one.standing}: {one.channel} {one.language}": one.people for one in groups}


async def test_who_asked_to_be_told_is_in_their_language_on_their_channel(engine: AsyncEngine) -> None:
    people = [
        await respondent(engine, 1),
        await respondent(engine, 2, "sw"),
        await respondent(engine, 3, "sw", Channel.TELEGRAM, sender=BOT),
        await respondent(engine, 4, "en", Channel.WHATSAPP),
    ]
    await respondent(engine, 5, report_back=False)
    await respondent(engine, 6, report_back=None)
    of = await registered(engine)
    assert await standings(engine, of) == {
        "ready: sms en": 1,
        "ready: sms sw": 1,
        "ready: telegram sw": 1,
        "ready: whatsapp en": 1,
    }
    assert await told(engine, of) == 4
    rows = await stored(
        engine,
        "outbound",
        "contact_id",
        "body",
        "language",
        "segments",
        "sender",
        "priority",
        "due_at",
        "position",
    )
    due = NOON + HOUR
    notice = int(Priority.NOTICE)
    assert sorted(rows) == [
        (people[0], WORDS["en"], "en", 1, SENDER, notice, due, 0),
        (people[1], WORDS["sw"], "sw", 1, SENDER, notice, due, 0),
        (people[2], WORDS["sw"], "sw", None, BOT, notice, due, 0),
        (people[3], WORDS["en"], "en", None, SENDER, notice, due, 0),
    ]


async def test_numbers_are_those_of_who_is_ready_and_has_one(engine: AsyncEngine) -> None:
    for number in (1, 2, 3):
        await respondent(engine, number)
    await respondent(engine, 4, "sw", Channel.WHATSAPP)
    await respondent(engine, 5, "sw", Channel.TELEGRAM, sender=BOT)
    await respondent(engine, 6, opted_out_at=NOON)
    await respondent(engine, 7, report_back=False)
    of = await registered(engine)
    pages = [page async for page in numbers(engine, of, WORDINGS, OURS, NOON + HOUR, page=2)]
    assert [(parts, len(page)) for parts, page in pages] == [(1, 2), (1, 1), (1, 1)]
    contacts = dict(await stored(engine, "contacts", "address_sealed", "channel"))
    assert [contacts[one] for _, page in pages for one in page] == ["sms", "sms", "sms", "whatsapp"]
    assert len({one for _, page in pages for one in page}) == 4


async def test_who_cannot_be_told_is_not_and_is_counted(engine: AsyncEngine) -> None:
    day = timedelta(days=1)
    await respondent(engine, 1, opted_out_at=NOON)
    await respondent(engine, 2, "fr")
    await respondent(engine, 3, None)
    await respondent(engine, 4, channel=Channel.WHATSAPP, last_inbound_at=NOON + HOUR - day)
    await respondent(engine, 5, sender=None)
    await respondent(engine, 6, sender="+12025550199")
    gone, back = await respondent(engine, 7), await respondent(engine, 8, last_inbound_at=NOON + 2 * HOUR)
    for person in (gone, back):
        await put(engine, letter(person))
    for one in await claim(engine, SENDER, NOON, 10):
        failed = Settled(one.id, NOON, OutboundStatus.UNDELIVERED, NOON + HOUR, error="30005")
        await settle(engine, [failed])
    await erase(engine, await respondent(engine, 9))
    await respondent(engine, 11, consultation="another")
    of = await registered(engine)
    assert await standings(engine, of) == {
        "opted out: sms en": 1,
        "no words: sms fr": 1,
        "no words: sms None": 1,
        "closed: whatsapp en": 1,
        "no sender: sms en": 2,
        "gone: sms en": 1,
        "ready: sms en": 1,
    }
    assert await told(engine, of) == 1
    assert [row[0] for row in (await messages(engine))[2:]] == [back]
    assert await told(engine, of, senders=()) == 0


async def test_nobody_is_told_twice_of_a_change_and_of_the_next_one_they_are(engine: AsyncEngine) -> None:
    for person in range(5):
        await respondent(engine, person)
    of = await registered(engine)
    assert await told(engine, of) == 5
    assert await told(engine, of) == 0
    assert await standings(engine, of) == {"told: sms en": 5}
    await change(engine, of, ACCEPTED, WORDS)
    with pytest.raises(FindingsError, match="changed by somebody else"):
        await told(engine, of)
    assert await told(engine, await finding(engine, of.id)) == 5
    assert len(await messages(engine)) == 10


async def test_after_a_crash_the_rest_are_told(engine: AsyncEngine, database_url: str) -> None:
    people = [await respondent(engine, person) for person in range(5)]
    of = await registered(engine)
    async with aclosing(tell(engine, of, WORDINGS, OURS, NOON, due_at=NOON, most=5, page=2)) as queued:
        assert await anext(queued) == 2
    assert await standings(engine, of) == {"told: sms en": 2, "ready: sms en": 3}
    async with opened(database_url) as again:
        assert await told(again, of) == 3
    assert [row[0] for row in await messages(engine)] == people


async def test_a_page_that_cannot_be_finished_leaves_nothing_behind(engine: AsyncEngine) -> None:
    """A crash between a message and the note of who had it: one of the two alone would be a second one, or none."""
    people = [await respondent(engine, person) for person in range(2)]
    of = await registered(engine)
    async with full(engine):
        with pytest.raises(IntegrityError):
            await told(engine, of)
    assert await messages(engine) == []
    assert await told(engine, of) == 2
    assert [row[0] for row in await messages(engine)] == people


@asynccontextmanager
async def full(engine: AsyncEngine) -> AsyncIterator[None]:
    """Have the store take no notice of the second interview until the block ends."""
    second = (await stored(engine, "interviews", "id"))[1][0]
    if engine.dialect.name == "sqlite":
        refusal = f"SELECT RAISE(ABORT, 'full') WHERE NEW.interview_id = {second}"
        made = f"CREATE TRIGGER is_full BEFORE INSERT ON notices BEGIN {refusal}; END"
        unmade = "DROP TRIGGER is_full"
    else:
        made = f"ALTER TABLE notices ADD CONSTRAINT is_full CHECK (interview_id <> {second})"
        unmade = "ALTER TABLE notices DROP CONSTRAINT is_full"
    async with writer(engine).begin() as connection:
        await connection.exec_driver_sql(made)
    yield
    async with writer(engine).begin() as connection:
        await connection.exec_driver_sql(unmade)


async def test_the_store_itself_allows_one_notice_a_person(engine: AsyncEngine) -> None:
    await respondent(engine, 1)
    await told(engine, await registered(engine))
    (row,) = await stored(engine, "notices", "change_id", "interview_id", "language")
    again = dict(zip(("change_id", "interview_id", "language"), row, strict=True))
    with pytest.raises(IntegrityError):
        async with writer(engine).begin() as connection:
            await connection.execute(insert(results_tables.notices).values(again))


async def test_two_who_tell_at_once_tell_each_person_once(engine: AsyncEngine, database_url: str) -> None:
    people = [await respondent(engine, person) for person in range(20)]
    of = await registered(engine)
    async with opened(database_url) as another:
        counts = await asyncio.gather(*(told(one, of, page=3) for one in (engine, another)))
    assert sum(counts) == 20
    assert sorted(row[0] for row in await messages(engine)) == people


async def test_no_more_are_told_than_was_agreed(engine: AsyncEngine) -> None:
    for person in range(5):
        await respondent(engine, person, "en" if person < 3 else "sw")
    of = await registered(engine)
    assert await told(engine, of, most=4) == 4
    assert await told(engine, of) == 1


async def test_words_that_came_later_reach_those_who_had_none(engine: AsyncEngine) -> None:
    await respondent(engine, 1)
    await respondent(engine, 2, "sw")
    of = await registered(engine, {"en": WORDS["en"]})
    assert await told(engine, of) == 1
    with pytest.raises(FindingsError, match="in en already"):
        await set_words(engine, of, {"en": "Something else."})
    await set_words(engine, of, {"en": WORDS["en"], "sw": WORDS["sw"]})
    assert await told(engine, await finding(engine, of.id)) == 1


async def test_how_the_messages_fare_is_counted_and_survives_erasure(engine: AsyncEngine) -> None:
    people = [await respondent(engine, person) for person in range(5)]
    of = await registered(engine)
    await told(engine, of)
    taken = await claim(engine, SENDER, NOON + HOUR, 10)
    fates = (
        OutboundStatus.SENT,
        OutboundStatus.DELIVERED,
        OutboundStatus.UNDELIVERED,
        OutboundStatus.FAILED,
        OutboundStatus.SENDING,
    )
    results = [Settled(one.id, one.started_at, fate, NOON) for one, fate in zip(taken, fates, strict=True)]
    await settle(engine, results)
    assert (await finding(engine, of.id)).told == Told(people=5, sent=1, delivered=1, failed=2)
    await erase(engine, people[1])
    assert (await finding(engine, of.id)).told == Told(people=5, sent=1, delivered=0, failed=2)
    assert await told(engine, of) == 0


async def test_who_says_stop_before_it_is_sent_gets_nothing(engine: AsyncEngine) -> None:
    person = await respondent(engine, 1)
    await told(engine, await registered(engine))
    async with writer(engine).begin() as connection:
        await connection.execute(tables.contacts.update().values(opted_out_at=NOON))
    assert await claim(engine, SENDER, NOON + HOUR, 10) == []
    assert await messages(engine) == [(person, WORDS["en"], "canceled")]
