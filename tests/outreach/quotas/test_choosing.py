"""Batches chosen from stored people: explained, kept, and the same again from the same seed."""

import json
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.quotas.records import Adaptive, Quota, Quotas, Source, Variable
from bot.outreach.quotas.choosing import Chosen, choose, choose_again, recall, remember
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.batches import KeptBatch, batches_of, keep_batch
from bot.store.outreach.tables import recipients
from tests.support.intake import NOON
from tests.support.letters import lose
from tests.support.recruited import interview, invite, people

GENDER = Variable("gender", Source.ITEM, ("woman", "man"))


def quotas(woman: int, man: int, **limits: Any) -> Quotas:
    return Quotas((Quota((GENDER,), {("woman",): woman, ("man",): man}),), adaptive=Adaptive(**limits))


async def kept(engine: AsyncEngine, chosen: Chosen, campaign_id: int | None = None) -> KeptBatch:
    await keep_batch(
        engine,
        "trial",
        campaign_id=campaign_id,
        seed=chosen.seed,
        chosen_at=chosen.at,
        size=chosen.batch.size,
        last_recipient=chosen.last_recipient,
        digest=chosen.digest,
        document=remember(chosen),
    )
    return (await batches_of(engine, "trial"))[-1]


async def listed(engine: AsyncEngine, women: int, men: int) -> list[int]:
    return await people(engine, [{"gender": "Woman"}] * women + [{"gender": "man"}] * men)


async def test_a_batch_is_chosen_where_people_are_missing_and_the_same_again(engine: AsyncEngine) -> None:
    await listed(engine, 60, 60)
    await interview(engine, None, {"gender": "man"})
    wanted = quotas(40, 11, batch=50, least_share=0.1)
    chosen = await choose(engine, "trial", wanted, 7, NOON)
    assert {one.cell.name: one.invited for one in chosen.batch.explained} == {"woman": 40, "man": 10}
    assert len(chosen.recipients) == 50
    assert (await choose(engine, "trial", wanted, 7, NOON)).digest == chosen.digest
    assert (await choose(engine, "trial", wanted, 8, NOON)).digest != chosen.digest
    again = await choose_again(engine, await kept(engine, chosen))
    assert (again.same_numbers, again.same_people) == (True, True)


async def test_whoever_there_are_no_words_for_takes_up_no_place(engine: AsyncEngine) -> None:
    first, second, *_ = await listed(engine, 8, 0)
    async with writer(engine).begin() as connection:
        change = update(recipients).values(language="fr")
        await connection.execute(change.where(recipients.c.id.in_([first, second])))
        # Who chose a language themselves is written to in that one.
        theirs = select(recipients.c.contact_id).where(recipients.c.id == second).scalar_subquery()
        spoken = update(tables.contacts).values(language="sw").where(tables.contacts.c.id == theirs)
        await connection.execute(spoken)
    wanted = quotas(40, 40)
    chosen = await choose(engine, "trial", wanted, 7, NOON, spoken=["sw", "en"])
    assert len(chosen.recipients) == 7
    assert first not in chosen.recipients
    again = await choose_again(engine, await kept(engine, chosen))
    assert (again.same_numbers, again.same_people) == (True, True)
    assert first in (await choose(engine, "trial", wanted, 7, NOON)).recipients


async def test_limits_that_left_places_in_the_batch_do_so_again(engine: AsyncEngine) -> None:
    await listed(engine, 60, 0)
    chosen = await choose(engine, "trial", quotas(40, 40, batch=50, most_share=0.5), 7, NOON, most=40)
    assert len(chosen.recipients) == 20
    again = await choose_again(engine, await kept(engine, chosen))
    assert (again.same_numbers, again.same_people) == (True, True)


async def test_who_is_invited_is_chosen_no_more_and_the_batch_is_still_the_same_again(
    engine: AsyncEngine,
) -> None:
    await listed(engine, 60, 60)
    wanted = quotas(40, 40, batch=30)
    first = await choose(engine, "trial", wanted, 7, NOON)
    campaign_id = await invite(engine, first.recipients.tolist(), NOON)
    held = await kept(engine, first, campaign_id)
    second = await choose(engine, "trial", wanted, 7, NOON)
    assert not set(first.recipients.tolist()) & set(second.recipients.tolist())
    # Of those invited some have answered, one has opted out, and somebody who was not chosen has joined since.
    async with writer(engine).begin() as connection:
        for one in first.recipients.tolist()[:3]:
            await connection.execute(
                update(tables.contacts)
                .where(tables.contacts.c.id == one)
                .values(opted_out_at=NOON.replace(hour=14))
            )
    await interview(engine, int(first.recipients[5]), {"gender": "man"}, updated_at=NOON.replace(hour=15))
    await interview(engine, int(second.recipients[0]), {"gender": "man"}, updated_at=NOON.replace(hour=15))
    again = await choose_again(engine, held)
    assert (again.same_numbers, again.same_people) == (True, True)


async def test_whose_number_is_gone_since_was_there_to_be_chosen(engine: AsyncEngine) -> None:
    await listed(engine, 60, 60)
    await lose(engine, 1)
    chosen = await choose(engine, "trial", quotas(400, 400), 7, NOON)
    assert len(chosen.recipients) == 119
    await lose(engine, int(chosen.recipients[0]), NOON.replace(hour=14))
    again = await choose_again(engine, await kept(engine, chosen))
    assert (again.same_numbers, again.same_people) == (True, True)


async def test_who_is_erased_leaves_the_others_as_they_were(engine: AsyncEngine) -> None:
    await listed(engine, 60, 60)
    chosen = await choose(engine, "trial", quotas(40, 40, batch=30), 7, NOON)
    held = await kept(engine, chosen)
    gone = int(chosen.recipients[0])
    async with writer(engine).begin() as connection:
        await connection.execute(delete(tables.contacts).where(tables.contacts.c.id == gone))
    again = await choose_again(engine, held)
    assert (again.same_numbers, again.same_people) == (True, False)
    assert set(chosen.recipients.tolist()) - set(again.recipients.tolist()) == {gone}
    assert len(again.recipients) == 30


async def test_what_is_kept_says_nothing_of_any_one_person(engine: AsyncEngine) -> None:
    await people(engine, [{"gender": "woman", "village": "Kibera"}, {"gender": "other"}])
    chosen = await choose(engine, "trial", quotas(40, 40), 7, NOON)
    document = remember(chosen)
    assert "Kibera" not in document
    assert "recipient" not in document
    known = recall(document)
    assert (known.standing, known.kinds) == (chosen.standing, chosen.kinds)
    assert known.allotted == chosen.batch.allotted
    assert sorted(one["count"] for one in json.loads(document)["kinds"]) == [1, 1]


async def test_of_nobody_nothing_is_chosen(engine: AsyncEngine) -> None:
    chosen = await choose(engine, "trial", quotas(40, 40), 7, NOON)
    assert (len(chosen.recipients), chosen.batch.why) == (0, "nobody is left who may be invited")
