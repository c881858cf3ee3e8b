"""Moving an interview to another channel, through the intake into both databases."""

import asyncio
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel, InboundMessage, Shared
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations, receive
from bot.intake import Intake
from bot.store import reading
from bot.store.versions import Publication, publish
from tests.support.consultations import questionnaire
from tests.support.databases import opened
from tests.support.intake import NOON, intake_on, message, stored

WATER = """
- {name: source, type: select_one, label: Where from, choices: [{name: well, label: Well}, {name: tank, label: Tank}]}
- {name: picture, type: image, label: A picture, required: false}
- {name: wish, type: text, label: Your wish}
"""
OFFERED = questionnaire(WATER, "move: Go on in Telegram.")
ASKED = "Where from\n1. Well\n2. Tank\nSend a number."
UNKNOWN = "This code does not work, or not any more. For a new one, send MOVE where you began."
MOVED_ON = "You went on in another app. To come back here, send MOVE there, then the code here."
PICTURE = "a-picture"


class Person:
    """Somebody with a phone and a Telegram chat, and what they have been answered last."""

    def __init__(self, intake: Intake, number: int, minute: int = 0) -> None:
        self.intake = intake
        self.number = number
        self.ids = count(1_000 * number)
        self.minute = minute

    async def texts(self, text: str, **fields: Any) -> str:
        return await self._says(message(self.number, text, f"S{next(self.ids)}", self.minute, **fields))

    async def chats(self, text: str, **fields: Any) -> str:
        return await self._says(self.by_chat(text, **fields))

    def by_chat(self, text: str, **fields: Any) -> InboundMessage:
        given = {
            "channel": Channel.TELEGRAM,
            "address": Address(f"77{self.number}"),
            "to": "ExampleBot",
            **fields,
        }
        return message(self.number, text, f"T{next(self.ids)}", self.minute, **given)

    async def _says(self, said: InboundMessage) -> str:
        return "\n".join(prompt.text for prompt in await self.intake.receive(said))


def wired(*offered: Questionnaire, **more: Any) -> dict[str, Any]:
    seeds = count(4839_2715_6034)
    return {"consultations": consultations(offered), "decide": receive, "seed": lambda: next(seeds), **more}


async def published(engine: AsyncEngine, *offered: Questionnaire) -> None:
    await publish(
        engine, [Publication(one.version, one.id, f"{one.version} in a file") for one in offered], NOON
    )


async def code_for(person: Person, by: str = "texts") -> str:
    """Return the code that a person is given."""
    said = await getattr(person, by)("MOVE")
    where, told, once = said.splitlines()
    assert (where, once) == ("Go on in Telegram.", "It works once, for 15 minutes. Tell it to nobody.")
    return told.removeprefix("Send this code there: ")


async def held(engine: AsyncEngine) -> list[tuple[str, dict[str, str]]]:
    """Return of every interview where it began, and its answers."""
    return [
        (one.channel, {answer.slot: answer.value for answer in one.answers})
        async for one in reading.interviews(engine, "trial")
    ]


async def channels_of_interviews(engine: AsyncEngine) -> list[str | None]:
    """Return on which channel each interview goes on."""
    channels = dict(await stored(engine, "contacts", "id", "channel"))
    return [channels[contact] for (contact,) in await stored(engine, "interviews", "contact_id")]


async def test_an_interview_goes_on_in_telegram(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        assert await ada.texts("1") == ASKED
        picture = (Shared("image", PICTURE),)
        await ada.texts("well")
        await ada.texts("", shared=picture)
        code = await code_for(ada)
        assert await ada.chats(code) == "Welcome back.\n\nYour wish"
        assert await channels_of_interviews(engine) == ["telegram"]
        assert await stored(engine, "moves", "code") == []
        assert await stored(engine, "contacts", "channel", "moved") == [("sms", "trial"), ("telegram", None)]
        # Their picture is theirs there too: it goes when they are forgotten.
        channels = dict(await stored(engine, "contacts", "id", "channel"))
        assert [channels[one] for (one,) in await stored(engine, "media", "contact_id")] == ["telegram"]
        assert await ada.texts("a tap") == MOVED_ON
        assert await ada.texts("trial") == MOVED_ON
        assert await ada.texts(code) == UNKNOWN
        assert (await ada.chats("a tap")).startswith("That was the last question.")
    assert await held(engine) == [("sms", {"source": "well", "picture": PICTURE, "wish": "a tap"})]


async def test_a_code_works_once_and_for_one(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada, eve = Person(intake, 1), Person(intake, 2)
        await ada.texts("trial")
        await ada.texts("1")
        code = await code_for(ada)
        assert (await ada.chats(code)).startswith("Welcome back.")
        assert await eve.chats(code) == UNKNOWN
    assert [where for where, _ in await held(engine)] == ["sms"]


async def test_the_newest_code_alone_works(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        older, newer = await code_for(ada), await code_for(ada)
        assert older != newer
        assert await ada.chats(older) == UNKNOWN
        assert (await ada.chats(newer)).startswith("May we ask you")


@pytest.mark.parametrize(("minutes", "works"), [(15, True), (16, False)])
async def test_a_code_gets_old(engine: AsyncEngine, minutes: int, works: bool) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        code = await code_for(ada)
        ada.minute = minutes
        assert (await ada.chats(code) != UNKNOWN) is works


async def test_a_code_is_worth_nothing_after_stop(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        code = await code_for(ada)
        await ada.texts("STOP")
        assert await ada.chats(code) == UNKNOWN


async def test_what_was_begun_there_gives_way(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        await ada.texts("1")
        await ada.chats("trial")
        assert (await ada.chats(await code_for(ada))).startswith("Welcome back.")
    assert await held(engine) == [("sms", {})]


async def test_there_and_back(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        await ada.texts("1")
        await ada.chats(await code_for(ada))
        await ada.chats("tank")
        said = (await ada.chats("MOVE")).splitlines()
        code = next(line for line in said if line.startswith("Send this code"))
        assert (await ada.texts(code)).startswith("Welcome back.")
        assert await stored(engine, "contacts", "channel", "moved") == [("sms", None), ("telegram", "trial")]
        assert await ada.chats("hello") == MOVED_ON
    assert await held(engine) == [("sms", {"source": "tank"})]
    assert await channels_of_interviews(engine) == ["sms"]


async def test_one_batch_with_everything(engine: AsyncEngine) -> None:
    """The last SMS, the first words in Telegram, the code and an answer there come together."""
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        await ada.texts("1")
        code = await code_for(ada)
        replies = await asyncio.gather(
            ada.texts("well"),
            ada.chats("trial"),
            ada.chats(code),
            ada.chats("skip"),
            Person(intake, 2).chats(code),
            ada.texts("hello"),
            ada.chats("a tap"),
        )
    assert replies[2].startswith("Welcome back.")
    assert "A picture" in replies[2]
    assert (replies[3], replies[4], replies[5]) == ("Your wish", UNKNOWN, MOVED_ON)
    assert await held(engine) == [("sms", {"source": "well", "picture": "", "wish": "a tap"})]
    assert await channels_of_interviews(engine) == ["telegram"]


async def test_a_second_delivery_changes_nothing(engine: AsyncEngine) -> None:
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada = Person(intake, 1)
        await ada.texts("trial")
        code = await code_for(ada)
        said = ada.by_chat(code)
        first = await intake.receive(said)
        assert await intake.receive(said) == first
    assert await channels_of_interviews(engine) == ["telegram"]


async def test_two_processes_and_one_code(engine: AsyncEngine, database_url: str) -> None:
    await published(engine, OFFERED)
    async with (
        opened(database_url) as second,
        intake_on(engine, **wired(OFFERED)) as intake,
        intake_on(second, **wired(OFFERED)) as other,
    ):
        ada = Person(intake, 1)
        await ada.texts("trial")
        code = await code_for(ada)
        replies = await asyncio.gather(
            ada.chats(code), Person(other, 2).chats(code), ada.texts("1"), Person(other, 3).chats(code)
        )
    assert sorted(one == UNKNOWN for one in (replies[0], replies[1], replies[3])) == [False, True, True]
    assert len(await held(engine)) == 1
    assert await channels_of_interviews(engine) == ["telegram"]


async def test_an_older_version_is_rebuilt_for_who_brings_it(database_url: str) -> None:
    newer = replace(questionnaire(WATER, "move: Elsewhere."), version="trial-2")
    async with opened(database_url) as engine:
        await published(engine, OFFERED)
        async with intake_on(engine, **wired(OFFERED)) as intake:
            ada = Person(intake, 1)
            await ada.texts("trial")
            code = await code_for(ada)
    async with opened(database_url) as engine:
        await published(engine, newer)
        async with intake_on(engine, **wired(newer, rebuild=lambda document: OFFERED)) as intake:
            assert (await Person(intake, 1).chats(code)).startswith("May we ask you")


async def test_guessing_is_held_back(engine: AsyncEngine) -> None:
    """Thirty codes a minute and no more: with a million million of them, nobody finds one that is in use."""
    await published(engine, OFFERED)
    async with intake_on(engine, **wired(OFFERED)) as intake:
        ada, eve = Person(intake, 1), Person(intake, 2)
        await ada.texts("trial")
        code = await code_for(ada)
        for n in range(40):
            await eve.chats(f"{n:04d} 9999 9999")
        assert await eve.chats(code) == ""
    assert await channels_of_interviews(engine) == ["sms"]
