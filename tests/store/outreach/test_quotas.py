"""How many people are in the cells of quotas, as each database counts them."""

from contextlib import aclosing
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.counting import count_cells
from bot.core.outreach.quotas.records import Quotas
from bot.core.outreach.records import Outreach
from bot.store.outreach.batches import pages_of_candidates
from bot.store.outreach.invitable import listed
from bot.store.outreach.quotas import Outcome, count_people, count_places
from tests.support.consultations import questionnaire
from tests.support.intake import NOON
from tests.support.letters import lose
from tests.support.recruited import interview, recipient

TRIAL = questionnaire(
    """
    - name: gender
      type: select_one
      label: What are you?
      choices: [{name: woman, label: Woman}, {name: man, label: Man}]
    - {name: age, type: integer, label: How old are you?}
    """,
    "groups: [{name: age, bands: [18, 40]}]",
)
HOUR = timedelta(hours=1)


def quotas(*by: Any, **section: Any) -> Quotas:
    cells = [{"by": one, "targets": "population"} for one in by]
    read = define_outreach({"quotas": {"total": 100, "cells": cells, **section}}, TRIAL)
    assert isinstance(read, Outreach), read
    assert read.quotas is not None
    return read.quotas


async def cells(engine: AsyncEngine, counted: Quotas, *, complete: bool) -> dict[str, int]:
    found = await count_people(engine, "trial", counted, NOON)
    people = [(one.profile, one.count) for one in found.interviewed if one.complete is complete]
    return {cell.name: count for cell, count in count_cells(counted, people).items()}


async def test_completes_count_by_answers_and_those_in_progress_hold_a_place(engine: AsyncEngine) -> None:
    counted = quotas("gender", ["gender", "age"])
    for person, answers in enumerate(
        [{"gender": "woman", "age": "30"}, {"gender": "woman", "age": "17"}, {"gender": "man"}]
    ):
        _, contact_id = await recipient(engine, person)
        await interview(engine, contact_id, answers)
    _, contact_id = await recipient(engine, 10)
    await interview(engine, contact_id, {"gender": "man"}, ending=None, updated_at=NOON - 23 * HOUR)
    assert await cells(engine, counted, complete=True) == {
        **{"everybody": 3, "woman": 2, "man": 1},
        **{"woman, 18-39": 1, "woman, <18": 1},
    }
    assert await cells(engine, counted, complete=False) == {"everybody": 1, "man": 1}


async def test_a_place_is_given_back_by_silence_and_by_every_other_end(engine: AsyncEngine) -> None:
    counted = quotas("gender")
    for person, (ending, ago) in enumerate(
        [
            (None, 25 * HOUR),
            ("stopped", HOUR),
            ("left", HOUR),
            ("refused", HOUR),
            ("screened_out", HOUR),
            ("not_eligible", HOUR),
        ]
    ):
        _, contact_id = await recipient(engine, person)
        await interview(engine, contact_id, {"gender": "woman"}, ending=ending, updated_at=NOON - ago)
    assert await cells(engine, counted, complete=True) == {}
    assert await cells(engine, counted, complete=False) == {}
    longer = quotas("gender", reserve_hours=26)
    assert await cells(engine, longer, complete=False) == {"everybody": 1, "woman": 1}


async def test_who_has_not_answered_yet_counts_by_the_list(engine: AsyncEngine) -> None:
    counted = quotas("gender", "age", "district", attributes={"district": ["North", "South"]})
    people = [
        ({"gender": "Woman", "age": "44", "district": "north"}, {}),
        ({"gender": "Woman", "age": "44"}, {"gender": "man", "age": "20"}),
        ({"gender": "unknown", "other": 'a "quoted" text'}, {}),
    ]
    for person, (said, answers) in enumerate(people):
        _, contact_id = await recipient(engine, person, said)
        await interview(engine, contact_id, answers, ending=None)
    # Nobody who is known any more: their own answers alone.
    await interview(engine, None, {"gender": "woman"}, ending=None)
    assert await cells(engine, counted, complete=False) == {
        **{"everybody": 4, "woman": 2, "man": 1},
        **{"40+": 1, "18-39": 1, "North": 1},
    }


async def test_what_came_of_invitations_is_counted_by_the_list(engine: AsyncEngine) -> None:
    counted = quotas("gender", "channel", "language")
    old, recent = NOON - 30 * HOUR, NOON - HOUR
    for person, (invited_at, state, ending) in enumerate(
        [
            (old, None, "complete"),
            (old, None, ...),
            (recent, None, None),
            (recent, None, ...),
            (None, "waiting", ...),
            (None, "queued", ...),
            (None, "held", ...),
            (None, None, ...),
        ]
    ):
        _, contact_id = await recipient(engine, person, {"gender": "woman"}, None, invited_at, state)
        if ending is not ...:
            await interview(engine, contact_id, {"gender": "man"}, ending)
    found = await count_people(engine, "trial", counted, NOON)
    told = {(one.outcome, one.recent): one.count for one in found.invited}
    assert told == {
        (Outcome.COMPLETE, False): 1,
        (Outcome.SILENT, False): 1,
        (Outcome.BEGUN, True): 1,
        (Outcome.SILENT, True): 2,
        (Outcome.WAITING, True): 1,
    }
    profile = found.invited[0].profile
    assert [profile.category(one) for one in counted.variables()] == ["woman", "sms", None]
    assert {(one.complete, one.invited) for one in found.interviewed} == {(True, True), (False, True)}


async def test_places_are_counted_by_answers_alone(engine: AsyncEngine) -> None:
    counted = quotas("gender")
    _, listed = await recipient(engine, 1, {"gender": "man"})
    await interview(engine, listed, ending=None)
    _, answered = await recipient(engine, 2, {"gender": "man"})
    await interview(engine, answered, {"gender": "woman"}, ending=None)
    begun: list[bool] = []
    places = await count_places(
        engine, {"trial": counted, "other": counted}, NOON, lambda: begun.append(True)
    )
    assert {cell.name: count for cell, count in places["trial"].items()} == {"everybody": 2, "woman": 1}
    assert places["other"] == {}
    assert begun == [True]


async def test_candidates_are_those_who_may_still_be_invited(engine: AsyncEngine) -> None:
    first, _ = await recipient(engine, 1, {"gender": "man"})
    await recipient(engine, 2, opted_out_at=NOON)
    await recipient(engine, 3, invited_at=NOON)
    await recipient(engine, 4, state="waiting")
    _, joined = await recipient(engine, 5)
    await interview(engine, joined, ending=None)
    last, back = await recipient(engine, 6, language=None, last_inbound_at=NOON)
    await recipient(engine, 7, channel=Channel.WHATSAPP)
    await recipient(engine, 8, moved="other trial")
    _, gone = await recipient(engine, 9)
    await lose(engine, gone)
    await lose(engine, back, NOON - HOUR)
    async with aclosing(pages_of_candidates(engine, "trial")) as pages:
        found = sorted([tuple(row) async for page in pages for row in page])
    assert found == [(first, '{"gender": "man"}', "en", "sms"), (last, "{}", None, "sms")]
    # Those and no others are invited by the plan, which looks at each of them.
    async with aclosing(listed(engine, "trial", {})) as pages:
        assert sorted([row.recipient_id async for page in pages for row in page if row.against is None]) == [
            first,
            last,
        ]
