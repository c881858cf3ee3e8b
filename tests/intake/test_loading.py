"""What tells languages is loaded beside the messages: who needs it waits, in order, and everybody else goes on."""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import Interview
from bot.core.phrases import ENGLISH
from bot.core.prompts.records import Form, Prompt
from bot.core.reception import Consultations, Correspondent, Incoming, Outcome
from bot.core.reception import consultations as joinable
from bot.core.reception import receive as decide_truly
from bot.errors import NotLoaded
from bot.intake.waiting import Bounds
from bot.language.catalogues import load_phrasebook
from bot.language.detection import once_loaded, open_detector
from bot.store.versions import Publication, publish
from tests.support.consultations import questionnaire
from tests.support.intake import NOON, VERSION, decide, intake_on, message, stored, wire
from tests.support.metrics import Change

LOCALES = Path(__file__).parents[2] / "locales"


class Model:
    """A model that takes as long to load as the test wants; without it, nothing tells what `maji` is."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()
        self.loads = 0
        self.is_loaded = False

    def load(self) -> None:
        self.loads += 1
        self.began.set()
        assert self.may_end.wait(30)
        self.is_loaded = True

    def decide(
        self,
        known: Consultations,
        correspondent: Correspondent,
        interviews: Mapping[str, Interview],
        incoming: Incoming,
        seed: int,
        form: Form,
    ) -> Outcome:
        if incoming.text == "maji" and not self.is_loaded:
            raise NotLoaded("not yet")
        return decide(known, correspondent, interviews, incoming, seed, form)


def said(replies: tuple[Prompt, ...]) -> str:
    return replies[0].text


async def begun(model: Model) -> None:
    assert await asyncio.to_thread(model.began.wait, 30)


async def test_others_go_on_while_it_loads(engine: AsyncEngine) -> None:
    model = Model()
    async with intake_on(engine, decide=model.decide, load=model.load) as intake:
        await asyncio.gather(*(intake.receive(message(who, "JOIN", f"{who}-0")) for who in (1, 2)))
        first = asyncio.create_task(intake.receive(message(1, "maji", "1-1", 1)))
        beside = asyncio.create_task(intake.receive(message(2, "one", "2-1", 1)))
        # Of the one who waits, a word that needs nothing keeps its place behind the one that does.
        after = asyncio.create_task(intake.receive(message(1, "two", "1-2", 2)))
        assert said(await beside) == "one after 0"
        await begun(model)
        assert said(await intake.receive(message(2, "three", "2-2", 3))) == "three after 1"
        again = asyncio.create_task(intake.receive(message(1, "maji", "1-1", 1)))
        assert said(await intake.receive(message(2, "four", "2-3", 4))) == "four after 2"
        assert not first.done()
        assert not after.done()
        model.may_end.set()
        assert said(await first) == said(await again) == "maji after 0"
        assert said(await after) == "two after 1"
        assert said(await intake.receive(message(1, "maji", "1-3", 5))) == "maji after 2"
    assert model.loads == 1
    assert len(await stored(engine, "answers", "slot")) == 6


async def test_whoever_waits_is_answered_before_the_intake_closes(engine: AsyncEngine) -> None:
    model, change = Model(), Change()
    await publish(engine, [Publication(VERSION, "trial", "{}")], NOON)
    intake = wire(engine, decide=model.decide, load=model.load)
    waiting = [
        asyncio.create_task(intake.receive(message(who, word, f"{who}-{word}", minute)))
        for who in (1, 2, 3)
        for minute, word in enumerate(("JOIN", "maji", "one", "two", "three"))
    ]
    await begun(model)
    closing = asyncio.create_task(intake.close())
    model.may_end.set()
    await closing
    assert [said(one.result()) for one in waiting] == [
        *("welcome", "maji after 0", "one after 1", "two after 2", "three after 3") * 3
    ]
    # A message that waited is counted once.
    assert change.of("heard_messages_received_total", channel="sms") == 15


async def test_who_waits_too_long_is_told_so_and_counted_all_the_same(engine: AsyncEngine) -> None:
    model = Model()
    bounds = Bounds(answers_within_s=0.05)
    async with intake_on(engine, decide=model.decide, load=model.load, bounds=bounds) as intake:
        joined = intake.receive(message(1, "JOIN", "1-0"))
        late = intake.receive(message(1, "maji", "1-1", 1))
        assert "takes too long" in str((await asyncio.gather(joined, late, return_exceptions=True))[1])
        model.may_end.set()
    assert len(await stored(engine, "answers", "slot")) == 1


@pytest.mark.parametrize("detector", ["py3langid", "langdetect"])
async def test_a_first_message_is_answered_in_its_language_though_nothing_is_loaded(
    engine: AsyncEngine, detector: str
) -> None:
    told = open_detector(detector)
    heading = "languages: [en, es]\nkeywords: {en: [WELL], es: [POZO]}"
    books = {"en": ENGLISH, "es": load_phrasebook(LOCALES, "es")}
    asked = questionnaire("- {name: a, type: text, label: A}", heading, books)
    known = joinable([asked], detect=once_loaded(told))
    intake = wire(engine, consultations=known, decide=decide_truly, load=told.load)
    assert not told.is_loaded
    greeting = await intake.receive(message(1, "buenos días, vivo en un pueblo pequeño", "m1"))
    assert said(greeting) == "Hola. Para participar, mande una de estas palabras: POZO"
    assert told.is_loaded
    await intake.close()
