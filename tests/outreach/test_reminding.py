"""The reminders' worker on each database: who is reminded of what, how often, and who is left in peace."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.channels.receipts import Receipt
from bot.core.interview.records import Answer, AnswerStatus, Ending, Interview
from bot.core.outreach.campaigns import Campaign, Fate, Step
from bot.core.outreach.hours import Hours
from bot.core.outreach.reminding import Kind, ReminderTerms, RemindingState
from bot.core.questionnaire import Questionnaire
from bot.core.safeguarding import Urgency
from bot.outreach.reminding import (
    Against,
    AgainstFor,
    Questionnaires,
    Reminders,
    Surroundings,
    nothing_against,
)
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import claim, settle
from bot.store.outreach.campaigns import campaigns_of, count_fates, move_campaign
from bot.store.outreach.feeding import LINGERS, feed
from bot.store.outreach.invitations import follow
from bot.store.outreach.reminders import (
    Reminder,
    Reminding,
    move_reminding,
    remind,
    set_reminding,
)
from bot.store.outreach.silent import silent_invited
from bot.store.receipts import store_receipts
from bot.store.rows import interview_row, read_interview
from bot.store.sending import OutboundStatus, Priority, Settled
from tests.support.campaigns import begins, campaign, contact_of, recipient
from tests.support.cases import close_case, open_case
from tests.support.consultations import questionnaire
from tests.support.databases import opened
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER, contact

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SAID = {
    Kind.INVITED: {"en": "Still time. STOP ends it."},
    Kind.PAUSED: {"en": "Shall we go on? STOP ends it."},
    Kind.LAST: {"en": "We write no more. STOP ends it."},
}
TERMS = ReminderTerms(Hours(time(0), time(23, 59)), 2, 3 * DAY, 14 * DAY, SAID)
TRIAL = questionnaire(
    """
    - {name: tap, type: select_one, label: Is there a tap, choices: [
        {name: yes, label: There is}, {name: no, label: There is none}]}
    - {name: wish, type: text, label: Your wish}
    """
)


class One(Questionnaires):
    """Has every interview be of one questionnaire."""

    def __init__(self, held: Questionnaire | None = TRIAL) -> None:
        self.held = held

    async def of(self, interview: Interview) -> Questionnaire | None:
        del interview
        return self.held


async def reminded(
    engine: AsyncEngine,
    at: datetime,
    rates: Mapping[str, float] | None = None,
    place: str | None = "Africa/Nairobi",
    held: Questionnaire | None = TRIAL,
    against: AgainstFor = nothing_against,
) -> int:
    around = Surroundings(
        {SENDER: 10.0} if rates is None else rates,
        lambda channel, sealed: place if channel is Channel.SMS else None,
        lambda: at,
        against,
    )
    return await Reminders(engine, One(held), around).turn()


async def begun(engine: AsyncEngine, terms: ReminderTerms = TERMS) -> None:
    await set_reminding(engine, Reminding("trial", RemindingState.RUNNING, terms), NOON)


async def sent(engine: AsyncEngine, at: datetime, status: OutboundStatus = OutboundStatus.SENT) -> list[str]:
    """Send what is due, as a worker does; return the texts."""
    taken = await claim(engine, SENDER, at, 100)
    named = status is OutboundStatus.SENT
    await settle(
        engine,
        [Settled(one.id, one.started_at, status, at, f"SM{one.id}" if named else None) for one in taken],
    )
    return [one.text for one in taken]


async def invited(engine: AsyncEngine, *people: int, at: datetime = NOON) -> Campaign:
    """Invite recipients and have the messages sent."""
    of = await campaign(engine, *people)
    await feed(engine, of.id, SENDER, at, 1_000)
    await sent(engine, at)
    await follow(engine, of.id, at)
    return of


async def letters(engine: AsyncEngine) -> list[str]:
    """Return what has become of each reminder's message."""
    rows = await stored(engine, "outbound", "status", "priority")
    return [status for status, priority in rows if priority == int(Priority.REMINDER)]


async def fates(engine: AsyncEngine, of: Campaign) -> dict[str, int]:
    (now,) = [one for one in await campaigns_of(engine, of.consultation) if one.id == of.id]
    return {fate.value: count for fate, count in (await count_fates(engine, now)).items() if count}


async def answers(engine: AsyncEngine, interview_id: int, **given: str) -> None:
    """Have an interview hold answers."""
    async with writer(engine).begin() as connection:
        interviews = tables.interviews.c
        query = select(interviews.state).where(interviews.id == interview_id)
        held = read_interview(await connection.scalar(query))
        said = {one: Answer(value, AnswerStatus.ANSWERED, NOON, "en") for one, value in given.items()}
        written = interview_row(replace(held, answers=said), None)["state"]
        await connection.execute(
            update(tables.interviews).where(tables.interviews.c.id == interview_id).values(state=written)
        )


async def change(engine: AsyncEngine, contact_id: int, **values: Any) -> None:
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(tables.contacts).where(tables.contacts.c.id == contact_id).values(values)
        )


async def test_who_was_invited_is_reminded_then_told_the_last_word_and_then_left_alone(
    engine: AsyncEngine,
) -> None:
    person = await recipient(engine, 1)
    of = await invited(engine, person)
    await begun(engine)
    heard = []
    for day in range(40):
        at = NOON + day * DAY
        await reminded(engine, at)
        heard += [(day, text) for text in await sent(engine, at)]
    assert heard == [(3, "Still time. STOP ends it."), (14, "We write no more. STOP ends it.")]
    rows = await stored(engine, "reminders", "consultation", "number", "kind", "reminded_at")
    assert rows == [
        ("trial", 1, "invited", NOON + 3 * DAY),
        ("trial", 2, "last", NOON + 14 * DAY),
    ]
    letters = await stored(engine, "outbound", "priority", "sender", "language", "segments")
    assert letters[1:] == [(1, SENDER, "en", 1)] * 2
    assert await fates(engine, of) == {"expired": 1}
    # A reply opens it again: their talk is still about that.
    assert (await stored(engine, "contacts", "current_consultation"))[0] == ("trial",)


async def test_who_left_off_is_asked_their_question_again(engine: AsyncEngine) -> None:
    person = await contact(engine, 1, sender=SENDER)
    await begins(engine, person, at_slot="tap")
    await begun(engine)
    assert await reminded(engine, NOON + 2 * DAY) == 0
    assert await reminded(engine, NOON + 3 * DAY) == 1
    (text,) = await sent(engine, NOON + 3 * DAY)
    assert text.startswith("Shall we go on? STOP ends it.\nIs there a tap")
    assert await reminded(engine, NOON + 6 * DAY) == 0
    assert await reminded(engine, NOON + 14 * DAY) == 1
    assert await sent(engine, NOON + 14 * DAY) == ["We write no more. STOP ends it."]
    assert await reminded(engine, NOON + 15 * DAY) == 0


def against(full: str) -> AgainstFor:
    """Return quotas of which one cell is full: those who say, or of whom it is known, that they have a tap, or none."""

    async def of(consultation: str, at: datetime) -> Against:
        assert (consultation, at.tzinfo) == ("trial", NOON.tzinfo)
        return lambda one, _: "full" if full in (one.attributes.get("tap"), one.answers.get("tap")) else None

    return of


async def test_a_full_quota_has_others_reminded_until_there_is_room(engine: AsyncEngine) -> None:
    await invited(
        engine,
        await recipient(engine, 1, attributes={"tap": "yes"}),
        await recipient(engine, 2, attributes={"tap": "no"}),
    )
    person = await contact(engine, 3, sender=SENDER)
    interview = await begins(engine, person, at_slot="tap")
    await answers(engine, interview, tap="yes")
    await begun(engine)
    assert await reminded(engine, NOON + 3 * DAY, against=against("yes")) == 1
    assert await reminded(engine, NOON + 4 * DAY, against=against("yes")) == 0
    assert await reminded(engine, NOON + 5 * DAY, against=against("no")) == 2


async def test_what_is_kept_in_the_outbox_is_taken_back_when_a_quota_is_full(engine: AsyncEngine) -> None:
    people = [await recipient(engine, one, attributes={"tap": tap}) for one, tap in enumerate(("yes", "no"))]
    await invited(engine, *people)
    for person, tap in enumerate(("yes", "no"), start=3):
        interview = await begins(engine, await contact(engine, person, sender=SENDER), at_slot="tap")
        await answers(engine, interview, tap=tap)
    await begun(engine)
    at = NOON + 3 * DAY
    assert await reminded(engine, at) == 4
    # The provider is away; a quota is full meanwhile.
    assert await reminded(engine, at + LINGERS / 2, against=against("yes")) == 0
    assert await letters(engine) == ["queued"] * 4
    assert await reminded(engine, at + LINGERS, against=against("yes")) == 0
    assert sorted(await letters(engine)) == ["canceled"] * 2 + ["queued"] * 2
    assert len(await sent(engine, at + 2 * LINGERS)) == 2
    # Nobody is short of a reminder by that: when there is room, they have theirs.
    assert await reminded(engine, at + DAY) == 2


async def test_the_next_is_so_many_days_after_the_one_before_went_out(engine: AsyncEngine) -> None:
    await invited(engine, await recipient(engine, 1))
    await begun(engine, replace(TERMS, most=3))
    at = NOON + 3 * DAY
    assert await reminded(engine, at) == 1
    # The provider was away for hours.
    assert len(await sent(engine, at + 6 * HOUR)) == 1
    assert await reminded(engine, at + 3 * DAY + 5 * HOUR) == 0
    assert await reminded(engine, at + 3 * DAY + 6 * HOUR) == 1


async def test_the_last_word_is_not_taken_back(engine: AsyncEngine) -> None:
    await invited(engine, await recipient(engine, 1, attributes={"tap": "yes"}))
    await begun(engine, replace(TERMS, most=1))
    at = NOON + TERMS.expires_after
    assert await reminded(engine, at) == 1
    assert await reminded(engine, at + LINGERS, against=against("yes")) == 0
    assert await letters(engine) == ["queued"]


@pytest.mark.parametrize("consultation", ["trial", "another"])
async def test_whom_a_person_answers_is_not_reminded_until_a_while_after(
    engine: AsyncEngine, consultation: str
) -> None:
    listed = await recipient(engine, 1)
    await invited(engine, listed)
    paused = await contact(engine, 2, sender=SENDER)
    await begins(engine, paused, at_slot="tap")
    await begun(engine)
    cases = [
        await open_case(engine, one, consultation, urgency)
        for one, urgency in ((await contact_of(engine, listed), Urgency.ASKED), (paused, Urgency.URGENT))
    ]
    for day in (3, 5, 14):  # when they would be reminded, and hear the last word
        assert await reminded(engine, NOON + day * DAY) == 0
    for one in cases:
        await close_case(engine, one, NOON + 14 * DAY)
    # Closing a case asks the question that waited: reminding of it at once would ask it twice.
    assert await reminded(engine, NOON + 17 * DAY - HOUR) == 0
    assert await reminded(engine, NOON + 17 * DAY) == 2
    assert await sent(engine, NOON + 17 * DAY) == ["We write no more. STOP ends it."] * 2


async def test_who_asks_for_a_person_while_it_is_written_gets_no_reminder(engine: AsyncEngine) -> None:
    listed = await recipient(engine, 1)
    of = await invited(engine, listed)
    await begun(engine)
    (one,) = await silent_invited(engine, of, NOON + 3 * DAY, 10, NOON)
    assert not one.is_attended
    await open_case(engine, one.contact_id, at=NOON + 3 * DAY)
    due = Reminder(
        *(one.contact_id, 1, Kind.INVITED, one.silence.since, SENDER, "Still time.", 1, "en", NOON + 4 * DAY),
        recipient_id=one.recipient_id,
    )
    assert await remind(engine, "trial", [due], (), NOON + 3 * DAY) == 0
    assert await stored(engine, "reminders", "number") == []


@pytest.mark.parametrize(
    "why",
    [
        "stopped",
        "elsewhere",
        "erased",
        "no sender",
        "whatsapp",
        "telegram",
        "complete",
        "not agreed",
        "older version",
        "no place",
    ],
)
async def test_who_must_not_be_reminded_is_not(engine: AsyncEngine, why: str) -> None:
    channel = {"whatsapp": Channel.WHATSAPP, "telegram": Channel.TELEGRAM}.get(why, Channel.SMS)
    person = await contact(engine, 1, channel, sender=None if why == "no sender" else SENDER)
    ending = {"complete": Ending.COMPLETE, "not agreed": Ending.REFUSED}.get(why)
    interview = await begins(engine, person, ending=ending, at_slot="tap")
    if why == "stopped":
        await change(engine, person, opted_out_at=NOON)
    if why == "elsewhere":
        await change(engine, person, current_consultation="another")
    if why == "erased":
        async with writer(engine).begin() as connection:
            await connection.execute(tables.contacts.delete())
    await begun(engine)
    held = None if why == "older version" else TRIAL
    place = None if why == "no place" else "Africa/Nairobi"
    for day in (3, 6, 14, 15):
        assert await reminded(engine, NOON + day * DAY, held=held, place=place) == 0
    assert interview
    assert await stored(engine, "reminders", "number") == []


async def test_a_consultations_own_clock_serves_where_no_number_tells(engine: AsyncEngine) -> None:
    person = await contact(engine, 1, Channel.TELEGRAM, sender=SENDER)
    await begins(engine, person, at_slot="tap")
    await begun(engine, replace(TERMS, clock="Africa/Nairobi"))
    assert await reminded(engine, NOON + 3 * DAY) == 1
    buttons = (await stored(engine, "outbound", "buttons"))[0][0]
    assert "There is none" in buttons


async def test_who_was_invited_and_has_said_something_is_not_reminded_of_the_invitation(
    engine: AsyncEngine,
) -> None:
    people = [await recipient(engine, number) for number in range(5)]
    of = await invited(engine, *people)
    ids = [await contact_of(engine, one) for one in people]
    await begins(engine, ids[0], ending=Ending.REFUSED)
    await change(engine, ids[1], opted_out_at=NOON)
    await change(engine, ids[2], moved="trial")
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(tables.outbound).where(tables.outbound.c.contact_id == ids[3]).values(status="undelivered")
        )
    await begun(engine)
    assert await reminded(engine, NOON + 3 * DAY) == 1
    assert [row[0] for row in await stored(engine, "reminders", "contact_id")] == [ids[4]]
    assert await fates(engine, of) == {"refused": 1, "opted out": 1, "failed": 1, "sent": 2}


async def test_at_night_nothing_is_said_and_what_was_too_late_is_said_in_the_morning(
    engine: AsyncEngine,
) -> None:
    person = await recipient(engine, 1)
    await invited(engine, person)
    await begun(engine, replace(TERMS, hours=Hours()))
    # Ten at night in Nairobi, three days later.
    assert await reminded(engine, NOON + 3 * DAY + 7 * HOUR) == 0
    morning = NOON.replace(hour=6, minute=0, second=1) + 4 * DAY
    assert await reminded(engine, morning) == 1
    # The sender rests all day: in the evening the reminder is worth nothing, and was none.
    assert await sent(engine, morning + 11 * HOUR) == []
    assert await reminded(engine, morning + 11 * HOUR) == 0
    assert await reminded(engine, morning + DAY) == 1
    assert await sent(engine, morning + DAY) == ["Still time. STOP ends it."]
    assert await stored(engine, "reminders", "number", "kind") == [(1, "invited"), (2, "invited")]
    # That one counts, the other does not: the last word is still to be said.
    assert await reminded(engine, NOON + 14 * DAY) == 1


async def test_who_writes_before_it_is_sent_gets_no_reminder(engine: AsyncEngine) -> None:
    person = await contact(engine, 1, sender=SENDER)
    await begins(engine, person, at_slot="tap")
    await begun(engine)
    at = NOON + 3 * DAY
    assert await reminded(engine, at) == 1
    written = at + timedelta(seconds=1)
    await change(engine, person, last_inbound_at=written)
    async with writer(engine).begin() as connection:
        await connection.execute(update(tables.interviews).values(updated_at=written))
    assert await reminded(engine, written) == 0
    assert "Shall we go on" not in "".join(await sent(engine, at + timedelta(seconds=1)))


async def test_a_reminder_that_came_back_is_not_sent_once_more_to_who_has_written(
    engine: AsyncEngine,
) -> None:
    person = await contact(engine, 1, sender=SENDER)
    await begins(engine, person, at_slot="tap")
    await begun(engine)
    at = NOON + 3 * DAY
    assert await reminded(engine, at) == 1
    (one,) = await claim(engine, SENDER, at, 9)
    await settle(engine, [Settled(one.id, one.started_at, OutboundStatus.SENT, at, "SM1")])
    async with writer(engine).begin() as connection:
        off = Receipt("twilio", "SM1", "undelivered", at, "30003")
        await connection.run_sync(store_receipts, [off])
    assert await stored(engine, "outbound", "status") == [("queued",)]
    written = at + timedelta(seconds=1)
    await change(engine, person, last_inbound_at=written)
    async with writer(engine).begin() as connection:
        await connection.execute(update(tables.interviews).values(updated_at=written))
    assert await reminded(engine, written) == 0
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "30003")]


async def test_reminding_is_paused_and_campaigns_are_and_what_waits_is_taken_back(
    engine: AsyncEngine,
) -> None:
    silent, other = await recipient(engine, 1), await contact(engine, 2, sender=SENDER)
    of = await invited(engine, silent)
    await begins(engine, other, at_slot="tap")
    await begun(engine)
    at = NOON + 3 * DAY
    assert await reminded(engine, at) == 2
    await move_campaign(engine, of, Step.PAUSE, at)
    assert len(await claim(engine, SENDER, at, 10)) == 1
    assert await reminded(engine, at + HOUR) == 0
    await move_campaign(engine, of, Step.RESUME, at + HOUR)
    await follow(engine, of.id, at + HOUR)
    assert await reminded(engine, at + DAY) == 1
    await move_reminding(engine, "trial", RemindingState.PAUSED, at, "by hand")
    assert await claim(engine, SENDER, at + DAY, 10) == []
    assert await reminded(engine, at + 2 * DAY) == 0
    await move_reminding(engine, "trial", RemindingState.RUNNING, at, None)
    assert await reminded(engine, at + 2 * DAY) == 1


async def test_no_more_than_the_sender_has_time_for_waits_in_the_outbox(engine: AsyncEngine) -> None:
    people = [await recipient(engine, number) for number in range(6)]
    await invited(engine, *people)
    for number in range(6, 12):
        await begins(engine, await contact(engine, number, sender=SENDER), at_slot="tap")
    await begun(engine)
    at, slow = NOON + 3 * DAY, {SENDER: 4 / 15}
    assert await reminded(engine, at, slow) == 4
    assert await reminded(engine, at, slow) == 0
    heard = 0
    for minute in range(20):
        moment = at + minute * timedelta(minutes=1)
        heard += len(await sent(engine, moment))
        await reminded(engine, moment, slow)
    assert heard == 12
    assert await reminded(engine, at, {}) == 0


async def test_without_reminders_invitations_expire_in_silence(engine: AsyncEngine) -> None:
    of = await invited(engine, await recipient(engine, 1))
    assert await reminded(engine, NOON + 13 * DAY) == 0
    assert await fates(engine, of) == {"sent": 1}
    assert await reminded(engine, NOON + 15 * DAY) == 0
    assert await fates(engine, of) == {"expired": 1}
    assert Fate.EXPIRED in await count_fates(engine, of)


async def test_who_was_invited_before_reminding_began_is_reminded_too(engine: AsyncEngine) -> None:
    await invited(engine, await recipient(engine, 1))
    assert await reminded(engine, NOON + DAY) == 0
    await begun(engine)
    assert await reminded(engine, NOON + 3 * DAY) == 1
    # Other terms hold at once.
    await sent(engine, NOON + 3 * DAY)
    assert await reminded(engine, NOON + 4 * DAY) == 0
    terms = replace(TERMS, most=3, after=DAY)
    await set_reminding(engine, Reminding("trial", RemindingState.RUNNING, terms), NOON + 4 * DAY)
    assert await reminded(engine, NOON + 4 * DAY) == 1


async def test_two_workers_remind_each_person_once(engine: AsyncEngine, database_url: str) -> None:
    people = [await recipient(engine, number) for number in range(10)]
    await invited(engine, *people)
    for number in range(10, 20):
        await begins(engine, await contact(engine, number, sender=SENDER), at_slot="tap")
    await begun(engine)
    async with opened(database_url) as another:
        counts = await asyncio.gather(*(reminded(one, NOON + 3 * DAY) for one in (engine, another, engine)))
    assert sum(counts) == 20
    rows = await stored(engine, "reminders", "contact_id", "number")
    assert len({contact_id for contact_id, _ in rows}) == len(rows) == 20


async def test_a_version_is_rebuilt_from_the_store_once(engine: AsyncEngine) -> None:
    held = Questionnaires(engine, Path("locales"))
    interview = Interview("trial", "nowhere", 1, NOON, NOON)
    assert await held.of(interview) is None
