"""The intake on both databases: once and only once, in order, all or nothing, and nobody's fault is another's."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel, InboundMessage, Shared
from bot.core.interview.records import Ending, Interview
from bot.core.prompts.records import Button, Form, Prompt
from bot.core.reception import Consultations, Correspondent, Incoming, Outcome
from bot.errors import MessageFailed
from bot.intake import Intake
from bot.store import tables
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.databases import Databases, opened
from tests.support.intake import (
    NOON,
    PEPPER,
    SEALING_KEY,
    VERSION,
    decide,
    everything,
    intake_on,
    message,
    phone,
    stored,
    wire,
)
from tests.support.metrics import Change

WELCOME = (Prompt("welcome", (Button("Yes", "consent=1"),)),)


async def together(intake: Intake, *messages: InboundMessage) -> list[Any]:
    """Return the replies, or the failures, to messages that come at the same time."""
    return await asyncio.gather(*map(intake.receive, messages), return_exceptions=True)


async def test_a_message_leaves_its_rows(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        assert await intake.receive(message(1, "JOIN", "m1")) == WELCOME
        assert await intake.receive(message(1, "Wood", "m2", 1)) == (Prompt("Wood after 0"), Prompt("next?"))
    one, two = NOON, NOON + timedelta(minutes=1)
    hashed = AddressPepper(PEPPER).hash(Channel.SMS, phone(1))
    [(sealed,)] = await stored(engine, "contacts", "address_sealed")
    assert AddressSeal(SEALING_KEY).open(sealed) == phone(1)
    assert await stored(
        engine,
        "contacts",
        "channel",
        "address_hash",
        "language",
        "opted_out_at",
        "current_consultation",
        "created_at",
        "last_inbound_at",
    ) == [("sms", hashed, "en", None, "trial", one, two)]
    assert await stored(
        engine,
        "interviews",
        "consultation",
        "version",
        "channel",
        "language",
        "stage",
        "ending",
        "started_at",
        "updated_at",
        "consented_at",
        "ended_at",
    ) == [("trial", VERSION, "sms", "en", "items", None, one, two, None, None)]
    assert await stored(
        engine,
        "answers",
        *(
            "slot",
            "item",
            "value",
            "raw",
            "status",
            "language",
            "relevant",
            "tries",
            "answered_at",
            "version",
        ),
    ) == [("q0", "q0", "wood", "Wood", "answered", "en", True, 0, two, VERSION)]
    assert await stored(engine, "inbound", "provider_id", "body", "consultation", "received_at") == [
        ("m1", "JOIN", "trial", one),
        ("m2", "Wood", "trial", two),
    ]
    [first, second] = await stored(engine, "inbound", "id")
    assert await stored(
        engine,
        "outbound",
        *("in_reply_to", "position", "body", "language", "buttons", "segments", "status", "created_at"),
    ) == [
        (*first, 0, "welcome", "en", '[{"label":"Yes","data":"consent=1"}]', 1, "replied", one),
        (*second, 0, "Wood after 0", "en", None, 1, "replied", two),
        (*second, 1, "next?", "en", None, 1, "replied", two),
    ]


async def test_respondents_are_known_by_a_random_id(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await together(intake, message(1, "JOIN", "m1"), message(2, "JOIN", "m2"))
    [(one,), (two,)] = await stored(engine, "interviews", "respondent_id")
    assert len(one) == len(two) == 32
    assert one != two
    hashes = {row[0] for row in await stored(engine, "contacts", "address_hash")}
    assert not any(part in hashed for part in (one[:8], two[:8]) for hashed in hashes)


async def test_a_second_delivery_gets_the_same_reply_and_changes_nothing(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        first = await intake.receive(message(1, "wood", "m2", 1))
        before = await everything(engine)
        assert await intake.receive(message(1, "wood", "m2", 30)) == first
        assert await intake.receive(message(1, "JOIN", "m1", 31)) == WELCOME
        assert await everything(engine) == before


async def test_deliveries_of_one_batch_get_the_same_reply(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        assert await together(intake, *[message(1, "JOIN", "m1")] * 3) == [WELCOME] * 3
        twice = [message(1, "wood", "m2"), message(1, "two", "m3"), message(1, "wood", "m2")]
        first, second, third = await together(intake, *twice)
    assert first == third == (Prompt("wood after 0"), Prompt("next?"))
    assert second == (Prompt("two after 1"), Prompt("next?"))
    assert len(await stored(engine, "inbound", "id")) == 3


async def test_the_id_of_another_persons_message_shows_nothing_of_it(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await together(intake, message(1, "JOIN", "m1"), message(2, "JOIN", "m2"))
        later = [message(2, "JOIN", "m1"), message(1, "wood", "m3"), message(2, "clay", "m3")]
        theirs, own, same_batch = await together(intake, *later)
    assert own == (Prompt("wood after 0"), Prompt("next?"))
    assert [str(theirs), str(same_batch)] == [
        "the provider's id of this message is that of another person's"
    ] * 2


def conversations() -> list[InboundMessage]:
    """Two hundred messages of forty phones, five each, some of them delivered twice."""
    words = ["JOIN", "wood", "2", "RESTART", "clay"]
    sent = [
        message(one, "STOP" if one % 7 == 0 and turn == 4 else word, f"{one}-{turn}", turn)
        for turn, word in enumerate(words)
        for one in range(40)
    ]
    return sent + sent[::9]


async def test_concurrent_messages_end_as_a_sequence_would(databases: Databases) -> None:
    async with opened(await databases.migrated()) as engine, intake_on(engine) as intake:
        replies = await together(intake, *conversations())
        concurrent = await everything(engine)
    async with opened(await databases.migrated()) as engine, intake_on(engine) as intake:
        assert [await intake.receive(one) for one in conversations()] == replies
        assert await everything(engine) == concurrent
    assert len(concurrent["contacts"]) == 40
    assert len(concurrent["inbound"]) == 200


async def test_people_of_one_batch_see_their_own_messages_before(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        sent = [message(1, word, f"m{n}") for n, word in enumerate(("JOIN", "wood", "clay", "END"))]
        *_, last = await together(intake, *sent)
    assert last == (Prompt("END after 2"), Prompt("next?"))
    assert await stored(engine, "answers", "slot", "value") == [("q0", "wood"), ("q1", "clay")]


async def test_more_messages_than_one_batch_holds(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        sent = [message(n % 100, "JOIN", f"m{n}") for n in range(400)]
        assert await together(intake, *sent) == [WELCOME] * 400
    assert len(await stored(engine, "inbound", "id")) == 400
    assert len(await stored(engine, "contacts", "id")) == 100


async def test_a_fault_costs_only_its_own_message(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        joined, failed, other, after = await together(
            intake,
            message(1, "JOIN", "m1"),
            message(1, "BOOM", "m2"),
            message(2, "JOIN", "m3"),
            message(1, "wood", "m4"),
        )
        assert joined == other == WELCOME
        assert after == (Prompt("wood after 0"), Prompt("next?"))
        assert isinstance(failed, MessageFailed)
        assert "Fault at bot/intake/talk.py:" in str(failed)
        assert "BOOM" not in str(failed)
        with pytest.raises(MessageFailed):
            await intake.receive(message(3, "BOOM", "m5"))
    assert await stored(engine, "inbound", "provider_id") == [("m1",), ("m3",), ("m4",)]
    assert len(await stored(engine, "contacts", "id")) == 2


def decide_with_ghosts(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Decide as `decide`; GHOST begins an interview on a version that was never published, which cannot be stored."""
    if incoming.text != "GHOST":
        return decide(known, correspondent, interviews, incoming, seed, form)
    ghost = Interview("ghosts", "unpublished", seed, incoming.at, incoming.at)
    return Outcome(replace(correspondent, current="ghosts"), {"ghosts": ghost}, "ghosts", (Prompt("boo"),))


async def test_what_cannot_be_stored_costs_only_its_own_message(engine: AsyncEngine) -> None:
    change = Change()
    async with intake_on(engine, decide=decide_with_ghosts) as intake:
        sent = [message(n, "GHOST" if n == 3 else "JOIN", f"m{n}") for n in range(6)]
        replies = await together(intake, *sent)
        assert [replies[n] for n in (0, 1, 2, 4, 5)] == [WELCOME] * 5
        assert isinstance(replies[3], MessageFailed)
        assert "unpublished" not in str(replies[3])
    # All six, the later three, and the one alone.
    assert change.of("heard_transactions_failed_total", kind="poison") == 3
    assert {row[0] for row in await stored(engine, "inbound", "provider_id")} == {
        "m0",
        "m1",
        "m2",
        "m4",
        "m5",
    }


async def test_a_failed_transaction_leaves_nothing(engine: AsyncEngine) -> None:
    async with intake_on(engine, decide=decide_with_ghosts) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        before = await everything(engine)
        for text, sender in (("GHOST", 1), ("GHOST", 2)):
            with pytest.raises(MessageFailed):
                await intake.receive(message(sender, text, f"ghost-{sender}", 9))
        assert await everything(engine) == before
        assert await intake.receive(message(1, "wood", "m2")) == (Prompt("wood after 0"), Prompt("next?"))


async def test_a_database_that_does_not_serve_fails_every_message(databases: Databases) -> None:
    async with opened(await databases.empty()) as engine:
        failures = await together(wire(engine), *(message(n, "JOIN", f"m{n}") for n in range(3)))
    assert all(isinstance(one, MessageFailed) for one in failures)


async def test_conversations_go_on_after_a_restart(database_url: str) -> None:
    async with opened(database_url) as engine, intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        first = await intake.receive(message(1, "wood", "m2"))
    async with opened(database_url) as engine, intake_on(engine) as intake:
        assert await intake.receive(message(1, "wood", "m2")) == first
        assert await intake.receive(message(1, "clay", "m3")) == (Prompt("clay after 1"), Prompt("next?"))


async def test_opting_out_is_kept_until_the_person_comes_back(engine: AsyncEngine) -> None:
    async def opted_out_at() -> Any:
        return (await stored(engine, "contacts", "opted_out_at"))[0][0]

    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        assert await intake.receive(message(1, "STOP", "m2", 1)) == ()
        assert await opted_out_at() == NOON + timedelta(minutes=1)
        await together(intake, message(1, "STOP", "m3", 2), message(1, "STOP", "m4", 3))
        assert await opted_out_at() == NOON + timedelta(minutes=1)
        await intake.receive(message(1, "JOIN", "m5", 4))
        assert await opted_out_at() is None


async def test_starting_again_keeps_what_was_said_out_of_results(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        for n, word in enumerate(("JOIN", "wood", "clay", "RESTART", "gas")):
            await intake.receive(message(1, word, f"m{n}"))
    assert await stored(engine, "answers", "slot", "value", "relevant") == [
        ("q0", "gas", True),
        ("q1", "clay", False),
    ]


async def test_an_interview_ends_once(engine: AsyncEngine) -> None:
    async def ends() -> list[tuple[Any, ...]]:
        return await stored(engine, "interviews", "ending", "ended_at")

    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        await intake.receive(message(1, "END", "m2", 1))
        assert await ends() == [(Ending.COMPLETE, NOON + timedelta(minutes=1))]
        await together(intake, message(1, "thanks", "m3", 2), message(1, "bye", "m4", 3))
        assert await ends() == [(Ending.COMPLETE, NOON + timedelta(minutes=1))]


async def test_what_the_carrier_answered_gets_no_second_reply(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        stop = message(1, "JOIN", "m1", answered_by_carrier=True)
        assert await intake.receive(stop) == ()
        assert await intake.receive(stop) == ()
    assert await stored(engine, "contacts", "current_consultation") == [("trial",)]
    assert await stored(engine, "outbound", "id") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("a\0b", "ab", id="NUL"),
        pytest.param("a\ud83db", "a?b", id="lone surrogate"),
        pytest.param("ọkụ 🔥 نار", "ọkụ 🔥 نار", id="several scripts"),
        pytest.param('"},{"[\\', '"},{"[\\', id="JSON's own signs"),
        pytest.param("x" * 5_000, "x" * 1_600, id="too long"),
        pytest.param("", "", id="nothing"),
    ],
)
async def test_any_words_can_be_stored(engine: AsyncEngine, text: str, kept: str) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
        await intake.receive(message(1, text, "m2"))
    assert await stored(engine, "inbound", "body") == [("JOIN",), (kept,)]


async def test_what_is_pressed_or_shared_is_stored(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "", "m1", button="consent=1"))
        await intake.receive(message(1, "", "m2", shared=(Shared("geopoint", "6.52 3.38 0 0"),)))
    assert await stored(engine, "inbound", "body") == [("consent=1",), ("6.52 3.38 0 0",)]


async def test_two_processes_store_every_message_once(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as two:
        async with intake_on(one) as first, intake_on(two) as second:
            for turn in range(5):
                sent = [
                    message(n, "JOIN" if turn == 0 else f"w{turn}", f"{n}-{turn}", turn) for n in range(30)
                ]
                here, there = await asyncio.gather(together(first, *sent), together(second, *reversed(sent)))
                assert here == there[::-1]
        assert len(await stored(one, "contacts", "id")) == 30
        assert len(await stored(one, "inbound", "id")) == 150
        assert await stored(one, "answers", "slot") == [(f"q{n}",) for _ in range(30) for n in range(4)]


async def test_two_processes_hear_the_same_people(database_url: str) -> None:
    people, turns = range(10), range(5)
    async with opened(database_url) as one, opened(database_url) as two:
        async with intake_on(one) as first, intake_on(two) as second:
            await together(first, *(message(n, "JOIN", f"{n}") for n in people))
            for turn in turns:
                here = [message(n, f"here{turn}", f"{n}-{turn}-here") for n in people]
                there = [message(n, f"there{turn}", f"{n}-{turn}-there") for n in reversed(people)]
                await asyncio.gather(together(first, *here), together(second, *there))
        answers = await stored(one, "answers", "interview_id", "value")
    said = {f"{place}{turn}" for place in ("here", "there") for turn in turns}
    by_person = [{value for whose, value in answers if whose == who} for who in {row[0] for row in answers}]
    assert by_person == [said for _ in people]


async def test_an_older_version_is_rebuilt_once_and_known_from_then_on(engine: AsyncEngine) -> None:
    seen: list[Sequence[str]] = []
    rebuilt: list[str] = []

    def watching(known: Consultations, *rest: Any) -> Outcome:
        seen.append(sorted(known.versions))
        return decide(known, *rest)

    def rebuild(document: str) -> Any:
        rebuilt.append(document)
        return object()

    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
    newer = Consultations({}, {"version-2": object()}, {})  # type: ignore[dict-item]
    async with intake_on(engine, consultations=newer, rebuild=rebuild, decide=watching) as intake:
        await intake.receive(message(1, "wood", "m2"))
        await intake.receive(message(1, "clay", "m3"))
    assert rebuilt == ["{}"]
    assert seen == [[VERSION, "version-2"]] * 2


async def test_who_hangs_up_is_heard_all_the_same(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        asking = asyncio.create_task(intake.receive(message(1, "JOIN", "m1")))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await intake.receive(message(1, "wood", "m2")) == (Prompt("wood after 0"), Prompt("next?"))


async def test_no_number_stands_in_the_database(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await together(intake, *(message(n, "JOIN", f"m{n}") for n in range(50)))
    content = await _content(engine)
    assert b"welcome" in content
    for n in range(50):
        assert phone(n).reveal().lstrip("+").encode() not in content


async def _content(engine: AsyncEngine) -> bytes:
    """Return every byte that SQLite has in its files, or every value that PostgreSQL has in its tables."""
    if engine.dialect.name == "sqlite":
        folder = Path(str(engine.url.database))
        return b"".join(file.read_bytes() for file in folder.parent.glob(f"{folder.name}*"))
    every = [await stored(engine, name, *table.c.keys()) for name, table in tables.metadata.tables.items()]
    return repr(every).encode()
