"""People who write when a quota is full: all go on, but where the organiser demands that they are turned away."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.intake
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.records import Quotas
from bot.core.outreach.records import Outreach
from bot.core.reception import consultations, receive
from bot.intake import Intake
from bot.intake.places import COUNTED_EVERY_S, Places
from bot.store.vault import AddressPepper
from bot.store.versions import Publication, publish
from bot.store.workers import NewPin, add_worker
from tests.support.consultations import questionnaire
from tests.support.intake import NOON, PEPPER, message, stored, wire

TRIAL = questionnaire(
    """
    - name: gender
      type: select_one
      label: What are you?
      choices: [{name: woman, label: Woman}, {name: man, label: Man}]
    - {name: water, type: text, label: What about the water?}
    """,
)
FULL = "Thank you. We have heard enough people like you, so we end here."


def demanded(most: int, **section: Any) -> dict[str, Quotas]:
    cell = {"by": "gender", "targets": {"woman": most, "man": "open"}, "full": "turn_away"}
    read = define_outreach({"quotas": {"cells": [cell], **section}}, TRIAL)
    assert isinstance(read, Outreach), read
    assert read.quotas is not None
    return {"trial": read.quotas.turning_away()}


async def intake(engine: AsyncEngine, **wanted: Any) -> Intake:
    await publish(engine, [Publication("trial-1", "trial", "{}")], NOON)
    known = {"decide": receive, "consultations": consultations([TRIAL]), "clock": lambda: NOON}
    return wire(engine, **{**known, **wanted})


async def say(taking: Intake, person: int, *texts: str) -> str:
    """Have a person send texts; return the last reply."""
    reply = ""
    for place, text in enumerate(texts):
        said = message(person, text, f"{person}-{text}-{place}", minutes=place)
        prompts = await taking.receive(said)
        reply = prompts[-1].text
    return reply


async def endings(engine: AsyncEngine) -> Counter[str | None]:
    return Counter(ending for (ending,) in await stored(engine, "interviews", "ending"))


async def test_by_default_nobody_is_turned_away(engine: AsyncEngine) -> None:
    taking = await intake(engine)
    replies = await asyncio.gather(
        *(say(taking, person, "TRIAL", "1", "woman", "dry") for person in range(10))
    )
    assert FULL not in replies
    assert await endings(engine) == {"complete": 10}
    await taking.close()


async def test_of_many_who_answer_at_once_no_more_are_let_in_than_are_wanted(engine: AsyncEngine) -> None:
    taking = await intake(engine, turning_away=lambda: demanded(3))
    await asyncio.gather(*(say(taking, person, "TRIAL", "1") for person in range(20)))
    replies = await asyncio.gather(
        *(say(taking, person, "woman" if person % 2 else "man", "dry") for person in range(20))
    )
    assert Counter(replies)[FULL] == 7
    assert await endings(engine) == {"complete": 13, "screened_out": 7}
    # What they said is kept, and they are told the same if they write again.
    assert len(await stored(engine, "answers", "value")) == 20 + 13
    assert FULL in [await say(taking, person, "hello") for person in range(20)]
    await taking.close()


async def test_a_place_is_given_back_by_who_stops(engine: AsyncEngine) -> None:
    taking = await intake(engine, turning_away=lambda: demanded(1))
    await say(taking, 1, "TRIAL", "1", "woman")
    assert await say(taking, 2, "TRIAL", "1", "woman") == FULL
    await say(taking, 1, "STOP")
    assert await say(taking, 3, "TRIAL", "1", "woman") != FULL
    await taking.close()


async def test_places_are_counted_anew_at_a_start(engine: AsyncEngine) -> None:
    first = await intake(engine)
    await say(first, 1, "TRIAL", "1", "woman", "dry")
    await say(first, 2, "TRIAL", "1", "woman")
    await first.close()
    for later, most, is_full in [(1, 2, True), (1, 3, False), (30, 2, False)]:
        # After a day of silence, the one in progress has no place any more.
        again = await intake(
            engine,
            turning_away=lambda most=most: demanded(most),
            clock=lambda hours=later: NOON + timedelta(hours=hours),
        )
        person = 10 + 3 * later + most
        assert (await say(again, person, "TRIAL", "1", "woman") == FULL) is is_full
        await say(again, person, "STOP")
        await again.close()


async def test_a_demand_can_come_and_go_while_serving(engine: AsyncEngine) -> None:
    demands: dict[str, Quotas] = {}
    taking = await intake(engine, turning_away=lambda: demands)
    await say(taking, 1, "TRIAL", "1", "woman", "dry")
    demands = demanded(1)
    assert await say(taking, 2, "TRIAL", "1", "woman") == FULL
    demands = {}
    assert await say(taking, 3, "TRIAL", "1", "woman") != FULL
    await taking.close()


async def test_a_count_that_goes_wrong_turns_nobody_away(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise SQLAlchemyError("a fault of ours")

    first = await intake(engine)
    await say(first, 1, "TRIAL", "1", "woman", "dry")
    await first.close()
    monkeypatch.setattr(bot.intake, "count_places", fails)
    taking = await intake(engine, turning_away=lambda: demanded(1))
    assert await say(taking, 2, "TRIAL", "1", "woman") != FULL
    # What this process sees by itself counts all the same.
    assert await say(taking, 3, "TRIAL", "1", "woman") == FULL
    await taking.close()


async def test_what_changes_while_it_is_counted_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count beside the way in: its moment is fixed before the next batch, and that batch is not lost."""
    going = asyncio.Event()
    counts = 0

    async def count(wanted: Any, begun: Any) -> dict[str, Any]:
        nonlocal counts
        counts += 1
        begun()
        if counts > 1:
            await going.wait()
        return {one: {} for one in wanted}

    places = Places(count, lambda: demanded(1))
    await places.ready()
    loop = asyncio.get_running_loop()
    late = loop.time() + COUNTED_EVERY_S
    monkeypatch.setattr(loop, "time", lambda: late)
    await places.ready()
    tally = places.tally()
    assert tally is not None
    cell = next(demanded(1)["trial"].quotas[0].cells())
    tally.changed["trial"][cell] += 1
    places.take(tally)
    monkeypatch.undo()
    going.set()
    for _ in range(10):
        await asyncio.sleep(0)
    after = places.tally()
    assert after is not None
    assert counts == 2
    assert after.known(consultations([TRIAL])).full["trial"].cells == {cell}


async def test_a_place_of_somebody_who_is_helped_is_held_at_once(engine: AsyncEngine) -> None:
    taking = await intake(engine, turning_away=lambda: demanded(1))
    pin = NewPin(AddressPepper(PEPPER).hash_pin("483920"), NOON + timedelta(days=7))
    await add_worker(engine, "trial", "Amina", pin, NOON + timedelta(days=30), NOON)
    await say(taking, 1, "assist 483920", "next", "yes", "woman", "dry")
    assert await say(taking, 2, "TRIAL", "1", "woman") == FULL
    assert FULL in await say(taking, 1, "next", "1", "1")
    assert await endings(engine) == {"complete": 1, "screened_out": 2}
    await taking.close()
