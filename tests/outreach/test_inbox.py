"""The inbox with a real intake on both databases: queue, look, answer, close, who may, and the audit of all of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy.exc
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.auditing import Act, Entry, broken_at
from bot.core.reception import Attention, consultations, receive
from bot.core.safeguarding import Urgency
from bot.errors import InboxError
from bot.intake import Intake
from bot.outreach.inbox import (
    Visitor,
    admit,
    answer,
    cannot_write,
    checked_reason,
    close,
    compose,
    is_revealing,
    look,
    reveal,
)
from bot.results.words.quotes import read_candidates
from bot.store import tables
from bot.store.auditing import audit, note
from bot.store.database import writer
from bot.store.inbox import Case, Closing, case, cases, reach, waiting
from bot.store.inbox_people import ALL, register, registered, revoke
from bot.store.inbox_tables import inbox_audit
from bot.store.outbox import claim
from bot.store.vault import AddressSeal
from bot.store.versions import Publication, publish
from tests.support.care import GO_ON, KEPT, SAFE_AND_ON, SAFEGUARD, TRIAL
from tests.support.intake import NOON, SEALING_KEY, intake_on, message, phone, stored

LOCALES = Path(__file__).parents[2] / "locales"
OURS = "+12025550100"
REASON = "first look, urgent"
NEXT_DAY = NOON + timedelta(days=1)
AT_WISH = ("TRIAL", "1", "1")
DOCUMENT = (
    '{"definition": {"consultation": "trial", "title": "A trial", "languages": ["en"], "keywords": {"en": ["TRIAL"]},'
    ' "consent": "May we ask?", "items": [{"name": "source", "type": "select_one", "or_other": true, "label": "From?",'
    ' "choices": [{"name": "well", "label": "Well"}, {"name": "man", "label": "Man"}]},'
    ' {"name": "wish", "type": "text", "label": "What should be better?"},'
    ' {"name": "age", "type": "integer", "label": "How old are you?"},'
    ' {"name": "last", "type": "text", "label": "Anything else?"}]}, "translations": {"en": []}}'
)


@asynccontextmanager
async def attended(engine: AsyncEngine) -> AsyncIterator[Intake]:
    await publish(engine, [Publication(TRIAL.version, TRIAL.id, DOCUMENT)], NOON)
    known = {"consultations": consultations([TRIAL]), "decide": receive}
    async with intake_on(engine, **known) as intake:
        yield intake


async def say(intake: Intake, person: int, *lines: str, first: int = 0, **fields: Any) -> list[str]:
    replies = [
        await intake.receive(message(person, line, f"p{person}-{n}", n, to=OURS, **fields))
        for n, line in enumerate(lines, first)
    ]
    return ["\n".join(prompt.text for prompt in reply) for reply in replies]


async def let_in(
    engine: AsyncEngine, name: str = "Ada", consultation: str = ALL, *, lead: bool = False
) -> str:
    """Register somebody, and return their token."""
    expires = NOON + timedelta(days=30)
    return (await register(engine, name, consultation, lead, expires, NOON, "root (operator)"))[1]


async def visit(
    engine: AsyncEngine, of: Case, act: Act, at: datetime = NEXT_DAY, *, lead: bool = False
) -> Visitor:
    return await admit(engine, await let_in(engine, lead=lead), "Ada", of, act, at)


async def only(engine: AsyncEngine) -> Case:
    [one] = await cases(engine)
    return one


async def test_what_is_for_a_person_waits_in_the_transaction_that_stores_it(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me", "continue", "30")
        await say(intake, 2, *AT_WISH, "talk to a person", "my card is gone", "and my book")
        await say(intake, 3, "he will kill me")
        await say(intake, 4, *AT_WISH, "a road")
    found = await cases(engine)
    assert [(one.urgency, one.consultation, one.language, one.is_unread) for one in found] == [
        # Of a first message nothing tells the language, where only one is on offer.
        (Urgency.URGENT, "trial", None, True),
        (Urgency.SENSITIVE, "trial", "en", True),
        (Urgency.ASKED, "trial", "en", True),
    ]
    assert found[0].due_at - found[0].opened_at == SAFEGUARD.urgent_within
    assert found[1].due_at - found[1].opened_at == SAFEGUARD.within
    said = await stored(engine, "inbox_messages", "case_id", "slot", "has_words")
    assert len([row for row in said if row[0] == found[2].id]) == 3
    assert [row[1] for row in said if row[0] == found[1].id] == ["wish"]
    assert await cases(engine, "another") == []
    assert await cases(engine, closed=True) == []


async def test_nothing_runs_for_a_message_that_is_for_nobody(engine: AsyncEngine) -> None:
    statements: list[str] = []
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH)
        heard_on = [engine.sync_engine]
        if (inner := getattr(intake._writing, "_engine", None)) is not None:
            heard_on.append(getattr(inner, "sync_engine", inner))
        for one in heard_on:
            event.listen(one, "before_cursor_execute", lambda c, cu, sql, p, x, m: statements.append(sql))
        await say(intake, 1, "a road", first=5)
        assert statements
        assert not [sql for sql in statements if "inbox_" in sql]
        await say(intake, 1, "person", first=6)
        assert [sql for sql in statements if "inbox_" in sql]


async def test_who_writes_again_raises_their_case_and_keeps_its_place(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "person", "it is about my card")
        before = await only(engine)
        await say(intake, 1, "he will kill me", first=10)
        after = await only(engine)
        assert (before.urgency, after.urgency) == (Urgency.ASKED, Urgency.URGENT)
        assert after.id == before.id
        assert after.due_at == NOON + timedelta(minutes=10) + SAFEGUARD.urgent_within
        await say(intake, 1, "please", first=20)
        assert (await only(engine)).due_at == after.due_at
        assert (await only(engine)).urgency is Urgency.URGENT


async def test_a_second_delivery_opens_no_second_case(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        first = await say(intake, 1, "he will kill me")
        assert await say(intake, 1, "he will kill me") == first
    assert len(await cases(engine)) == 1
    assert len(await stored(engine, "inbox_messages", "id")) == 1


async def test_however_fast_somebody_writes_a_person_reads_it(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        said = await say(intake, 1, *(["he will kill me"] * 8), at=NOON)
    assert said[-1] == ""
    assert len(await stored(engine, "inbox_messages", "id")) == 8


async def test_a_look_is_written_down_before_anything_is_shown(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me, says Mercy")
    of = await only(engine)
    thread = await look(engine, await visit(engine, of, Act.LOOKED), of, "  first   look, sensitive ")
    assert [(one.outbound, one.text, one.slot) for one in thread] == [
        (False, "he beats me, says Mercy", "wish")
    ]
    assert "Mercy" not in repr(thread)
    assert not (await only(engine)).is_unread
    lines = await audit(engine)
    assert [(one.entry.who, one.entry.act, one.entry.subject) for one in lines][1:] == [
        ("Ada", Act.LOOKED, of.id)
    ]
    assert lines[-1].entry.detail == "first look, sensitive"
    assert broken_at(lines) is None
    written = repr(await stored(engine, "inbox_audit", "who", "detail", "consultation"))
    assert "Mercy" not in written
    assert "2025550" not in written


async def test_without_its_line_nothing_is_shown(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, "he will kill me")
    of = await only(engine)
    visitor = await visit(engine, of, Act.LOOKED)
    async with writer(engine).begin() as connection:
        await connection.execute(text("ALTER TABLE inbox_audit RENAME TO away"))
    with pytest.raises(sqlalchemy.exc.SQLAlchemyError):
        await look(engine, visitor, of, REASON)


@pytest.mark.parametrize(
    "reason", ["", "why not", "x" * 400, "call +44 7700 900123 now", "write to a@b.example"]
)
async def test_a_reason_is_one(reason: str) -> None:
    with pytest.raises(InboxError):
        checked_reason(reason)


async def test_who_may_look(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, "he will kill me")
    of = await only(engine)
    good, other = await let_in(engine, "Ada"), await let_in(engine, "Bola", "another")
    assert (await admit(engine, good, "ada", of, Act.LOOKED, NEXT_DAY)).person.name == "Ada"
    tried = [
        (good, "Bola", Act.LOOKED, NEXT_DAY, "another name"),
        (other, "Bola", Act.LOOKED, NEXT_DAY, "not registered for trial"),
        (good, "Ada", Act.REVEALED, NEXT_DAY, "only a safeguarding lead"),
        (good, "Ada", Act.LOOKED, NOON + timedelta(days=31), "lets nobody in"),
        ("heard_inbox_guessed", "Ada", Act.CLOSED, NEXT_DAY, "lets nobody in"),
        ("", "Ada", Act.ANSWERED, NEXT_DAY, "lets nobody in"),
    ]
    for secret, name, act, at, why in tried:
        with pytest.raises(InboxError, match=why):
            await admit(engine, secret, name, of, act, at)
    [first, _] = await registered(engine)
    await revoke(engine, first.id, NEXT_DAY, "root (operator)")
    with pytest.raises(InboxError, match="lets nobody in"):
        await admit(engine, good, "Ada", of, Act.LOOKED, NEXT_DAY)
    with pytest.raises(InboxError, match="nobody of number"):
        await revoke(engine, first.id, NEXT_DAY, "root (operator)")
    for name in ("", "+44 7700 900123", "x" * 61):
        with pytest.raises(InboxError, match="say who you are"):
            await admit(engine, good, name, of, Act.LOOKED, NEXT_DAY)
    refused = [one.entry for one in await audit(engine) if one.entry.act is Act.REFUSED]
    assert [(one.who, one.detail) for one in refused] == [
        *((name, act.value) for _, name, act, _, _ in tried),
        ("Ada", "looked"),
    ]
    assert good not in repr(await stored(engine, "inbox_people", "token_hash"))


async def test_an_answer_leaves_from_whom_they_wrote_to_and_the_reply_comes_back(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me", "continue")
        of = await only(engine)
        visitor = await visit(engine, of, Act.ANSWERED)
        to = await reach(engine, of.id)
        letter = await compose(engine, of, to, " Can you talk now? ", LOCALES, {OURS}, NEXT_DAY)
        assert letter.text == f"Can you talk now?\n{GO_ON}"
        await answer(engine, visitor, of, letter)
        [attempt] = await claim(engine, OURS, NEXT_DAY, 5)
        assert (attempt.text, attempt.channel) == (letter.text, "sms")
        # What they write back is for the thread, and no answer to the question that they have before them.
        assert await say(intake, 1, "yes, at 40", first=2_000) == [""]
        assert await say(intake, 1, "continue", "41", first=2_001) == ["How old are you?", "Anything else?"]
    thread = await look(engine, visitor, of, REASON)
    assert [(one.outbound, one.text) for one in thread] == [
        (False, "he beats me"),
        (True, letter.text),
        (False, "yes, at 40"),
    ]
    assert thread[1].status == "sending"
    assert [row[0] for row in await stored(engine, "answers", "value")] == ["41", "well", "he beats me"]


async def test_what_cannot_be_sent_is_told_and_not_queued(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "person")
    of = await only(engine)
    to = await reach(engine, of.id)
    assert cannot_write(to, {OURS}, NEXT_DAY) is None
    assert "nothing is sent from" in str(cannot_write(to, {"+12025550199"}, NEXT_DAY))
    for said in ("", "   ", "x" * 1_001):
        with pytest.raises(InboxError, match="1 to 1000 letters"):
            await compose(engine, of, to, said, LOCALES, {OURS}, NEXT_DAY)
    async with attended(engine) as intake:
        await say(intake, 1, "stop", first=50)
    to = await reach(engine, of.id)
    with pytest.raises(InboxError, match="they sent STOP"):
        await compose(engine, of, to, "Hello", LOCALES, {OURS}, NEXT_DAY)
    assert await close(engine, await visit(engine, of, Act.CLOSED), of, Closing.ANSWERED, LOCALES, {OURS})
    assert {row[0] for row in await stored(engine, "outbound", "status")} == {"replied"}


async def test_a_day_after_their_message_whatsapp_is_closed(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "person", channel=Channel.WHATSAPP)
    of = await only(engine)
    to = await reach(engine, of.id)
    assert cannot_write(to, {OURS}, NOON + timedelta(hours=23)) is None
    assert "WhatsApp" in str(cannot_write(to, {OURS}, NOON + timedelta(hours=25)))
    visitor = await visit(engine, of, Act.CLOSED, NOON + timedelta(hours=25))
    told = await close(engine, visitor, of, Closing.REFERRED, LOCALES, {OURS})
    assert told is not None
    assert "WhatsApp" in told


async def test_closing_asks_the_question_that_waited(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "person", "my card is gone")
        of = await only(engine)
        visitor = await visit(engine, of, Act.CLOSED)
        assert await close(engine, visitor, of, Closing.REFERRED, LOCALES, {OURS}) is None
        [attempt] = await claim(engine, OURS, NEXT_DAY, 5)
        assert attempt.text == "What should be better?"
        assert await cases(engine) == []
        [closed] = await cases(engine, closed=True)
        assert closed.outcome == "referred"
        with pytest.raises(InboxError, match="closed already"):
            await close(engine, visitor, of, Closing.ANSWERED, LOCALES, {OURS})
        assert await say(intake, 1, "a road", first=2_000) == ["How old are you?"]
        # Who asks again has a case of their own.
        await say(intake, 1, "person", first=2_010)
        assert (await only(engine)).id > of.id
    acts = [one.entry.act for one in await audit(engine)]
    assert acts == [Act.REGISTERED, Act.CLOSED]


@pytest.mark.parametrize(
    ("first", "urgency"),
    [
        ("he will kill me", Urgency.URGENT),
        ("he beats me", Urgency.SENSITIVE),
        ("talk to a person", Urgency.ASKED),
    ],
)
async def test_all_that_an_invited_person_writes_after_first_words_for_a_person_is_in_their_case(
    engine: AsyncEngine, first: str, urgency: Urgency
) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, "hello")
        invited = update(tables.contacts).values(language="en", current_consultation="trial")
        async with writer(engine).begin() as connection:
            await connection.execute(invited)
        told = await say(intake, 1, first, "please", "yes", "he has a knife", first=1)
        assert told == [SAFE_AND_ON, KEPT, "", ""]
        of = await only(engine)
        assert of.urgency is urgency
        said = await look(engine, await visit(engine, of, Act.LOOKED), of, REASON)
        assert [one.text for one in said] == [first, "please", "yes", "he has a knife"]
        # Nothing of it is an answer; when the case is closed, the introduction is sent that has waited for it.
        assert (
            await close(engine, await visit(engine, of, Act.CLOSED), of, Closing.ANSWERED, LOCALES, {OURS})
            is None
        )
        [attempt] = await claim(engine, OURS, NEXT_DAY, 5)
        assert attempt.text.startswith("May we ask")
        assert await stored(engine, "interviews", "consented_at") == [(None,)]


async def test_who_went_on_meanwhile_is_asked_nothing_twice(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me", "continue")
        of = await only(engine)
        why = await close(engine, await visit(engine, of, Act.CLOSED), of, Closing.ANSWERED, LOCALES, {OURS})
        assert why is not None
        assert "gone on" in why
        assert await claim(engine, OURS, NEXT_DAY, 5) == []


async def test_an_answer_to_a_closed_case_is_not_sent(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "person")
    of = await only(engine)
    visitor = await visit(engine, of, Act.ANSWERED)
    letter = await compose(engine, of, await reach(engine, of.id), "Hello", LOCALES, {OURS}, NEXT_DAY)
    await close(engine, visitor, of, Closing.MISTAKEN, LOCALES, set())
    with pytest.raises(InboxError, match="closed meanwhile"):
        await answer(engine, visitor, of, letter)
    assert await claim(engine, OURS, NEXT_DAY, 5) == []
    assert [one.entry.act for one in await audit(engine)] == [Act.REGISTERED, Act.CLOSED]


async def test_only_a_lead_is_shown_the_address(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, "he will kill me")
    of = await only(engine)
    visitor = await visit(engine, of, Act.REVEALED, lead=True)
    address = await reveal(engine, visitor, of, "she is in danger tonight", AddressSeal(SEALING_KEY))
    assert address == phone(1)
    assert (await audit(engine))[-1].entry.act is Act.REVEALED


async def test_what_nobody_looked_at_in_time_is_counted(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, "he will kill me")
        await say(intake, 2, *AT_WISH, "person")
    assert (await waiting(engine, NOON)).counts() == {"open": 2, "overdue": 0, "overdue_urgent": 0}
    assert (await waiting(engine, NEXT_DAY)).counts() == {"open": 2, "overdue": 1, "overdue_urgent": 1}
    late = await waiting(engine, NOON + timedelta(days=5), {"silent"})
    assert (late.overdue, late.overdue_urgent, late.unattended) == (2, 1, ("silent", "trial"))
    urgent = (await cases(engine))[0]
    await look(engine, await visit(engine, urgent, Act.LOOKED), urgent, REASON)
    assert (await waiting(engine, NOON + timedelta(days=2))).overdue_urgent == 0
    assert (await waiting(engine, NOON, {"silent"})).unattended == ()
    assert (await waiting(engine, NOON + timedelta(days=31))).unattended == ("trial",)


async def test_erasing_somebody_leaves_no_word_of_theirs(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me")
    of = await only(engine)
    visitor = await visit(engine, of, Act.ANSWERED)
    letter = await compose(engine, of, await reach(engine, of.id), "Hello", LOCALES, {OURS}, NEXT_DAY)
    await answer(engine, visitor, of, letter)
    async with writer(engine).begin() as connection:
        await connection.execute(delete(tables.contacts))
    for table in ("inbox_cases", "inbox_messages", "inbound", "outbound"):
        assert await stored(engine, table, "id") == []
    assert broken_at(await audit(engine)) is None
    with pytest.raises(InboxError, match="erased"):
        await case(engine, of.id)


async def test_words_of_harm_are_never_offered_as_quotes(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        await say(intake, 1, *AT_WISH, "he beats me", "continue", "30", "a good road")
        await say(intake, 2, *AT_WISH, "the drought beats me", "continue", "30", "more trees")
    offered = [one.said.words.text for one in await read_candidates(engine, [TRIAL])]
    assert offered == ["a good road", "more trees"]
    for of, outcome in zip(await cases(engine), (Closing.ANSWERED, Closing.MISTAKEN), strict=True):
        await close(engine, await visit(engine, of, Act.CLOSED), of, outcome, LOCALES, set())
    offered = [one.said.words.text for one in await read_candidates(engine, [TRIAL])]
    assert offered == ["a good road", "more trees", "the drought beats me"]


async def test_the_audit_is_a_chain_however_many_write_at_once(engine: AsyncEngine) -> None:
    entries = [Entry(NOON, f"Person {chr(65 + n)}", Act.LOOKED, "trial", n, REASON) for n in range(12)]
    await asyncio.gather(*(note(engine, entry) for entry in entries))
    lines = await audit(engine)
    assert [one.number for one in lines] == list(range(1, 13))
    assert broken_at(lines) is None
    assert {one.entry.who for one in lines} == {one.who for one in entries}


async def test_the_audit_takes_no_change(engine: AsyncEngine) -> None:
    await note(engine, Entry(NOON, "Ada", Act.LOOKED, "trial", 1, REASON))
    for statement in (
        update(inbox_audit).values(who="nobody"),
        delete(inbox_audit),
    ):
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="append only"):
            async with writer(engine).begin() as connection:
                await connection.execute(statement)
    assert (await audit(engine))[0].entry == Entry(NOON, "Ada", Act.LOOKED, "trial", 1, REASON)


async def test_a_changed_line_is_found_whoever_changed_the_schema_first(engine: AsyncEngine) -> None:
    for who in ("Ada", "Bola", "Chidi"):
        await note(engine, Entry(NOON, who, Act.LOOKED, "trial", 1, REASON))
    async with writer(engine).begin() as connection:
        on = " ON inbox_audit" if engine.dialect.name == "postgresql" else ""
        names = ["inbox_audit_kept"] if on else ["inbox_audit_kept", "inbox_audit_unchanged"]
        for name in names:
            await connection.execute(text(f"DROP TRIGGER {name}{on}"))
        await connection.execute(update(inbox_audit).where(inbox_audit.c.number == 2).values(who="Ada"))
    assert broken_at(await audit(engine)) == 2


@pytest.mark.parametrize(
    ("said", "language", "tells"),
    [
        ("Can you talk now? Send YES.", "en", False),
        ("Are you safe from your husband who beats me", "en", True),
        ("Call the violence line", "sw", True),
        ("Piga simu ya ukatili", "sw", True),
        ("Unaweza kuongea sasa?", "sw", False),
        ("hello", None, False),
        ("about the rape", "tlh", True),
    ],
)
def test_an_answer_that_tells_others_what_it_is_about_is_noticed(
    said: str, language: str | None, tells: bool
) -> None:
    assert is_revealing(said, language) is tells


async def test_attention_is_read_as_it_is_stored(engine: AsyncEngine) -> None:
    async with attended(engine) as intake:
        for number, lines in enumerate(
            [("person",), (*AT_WISH, "he beats me"), (*AT_WISH[:2], "he will kill me")]
        ):
            await say(intake, number, *lines)
    rows = [row[0] for row in await stored(engine, "contacts", "attention")]
    assert rows == [Attention.ASKED, Attention.WAITS_UNSEEN, Attention.WAITS]
    async with engine.connect() as connection:
        held = (await connection.execute(select(tables.outbound.c.body))).scalars()
        assert SAFE_AND_ON in set(held)
