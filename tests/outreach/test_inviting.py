"""The inviter on each database: it feeds each sender for some seconds; killed whenever, it invites nobody twice."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.campaigns import Campaign, CampaignState, Lane, Step
from bot.core.outreach.choosing import ATTENDED_FOR, Hold, Steered, Steering
from bot.outreach import inviting
from bot.outreach.inviting import AHEAD_S, Inviter, Surroundings
from bot.store.outbox import claim, settle
from bot.store.outreach.campaigns import campaigns_of, count_fates, move_campaign
from bot.store.outreach.feeding import feed
from bot.store.sending import OutboundStatus, Settled
from tests.support.campaigns import NAIROBI, campaign, contact_of, recipient
from tests.support.cases import close_case, open_case
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER

OTHER = "+12025550101"


def inviter(engine: AsyncEngine, rate: float = 1.0, at: datetime = NOON, **wanted: Any) -> Inviter:
    return Inviter(engine, Surroundings({SENDER: rate}, now=lambda: at, **wanted))


async def sent(engine: AsyncEngine, at: datetime = NOON, most: int = 1_000) -> int:
    taken = await claim(engine, SENDER, at, most)
    await settle(
        engine, [Settled(one.id, one.started_at, OutboundStatus.SENT, at, f"SM{one.id}") for one in taken]
    )
    return len(taken)


async def test_a_few_seconds_worth_is_in_the_outbox_and_more_only_as_that_is_sent(
    engine: AsyncEngine,
) -> None:
    people = [await recipient(engine, person) for person in range(40)]
    await campaign(engine, *people)
    assert await inviter(engine).turn() == AHEAD_S
    assert await inviter(engine).turn() == 0
    assert await sent(engine, most=5) == 5
    assert await inviter(engine).turn() == 5
    rounds = 0
    while await sent(engine):
        await inviter(engine).turn()
        rounds += 1
    assert rounds == 3
    (of,) = await campaigns_of(engine, "trial")
    assert of.state is CampaignState.DONE
    assert len(await stored(engine, "outbound", "id")) == 40


async def test_whom_a_person_answers_is_invited_after_that(engine: AsyncEngine) -> None:
    waits, writes = people = [await recipient(engine, person) for person in range(2)]
    at_first = await open_case(engine, await contact_of(engine, waits), "another")
    await campaign(engine, *people)
    assert await inviter(engine).turn() == 1
    # The other asks for a person while their letter is kept from going out.
    then = await open_case(engine, await contact_of(engine, writes))
    later = NOON + 2 * ATTENDED_FOR
    assert await inviter(engine, at=later).turn() == 0
    assert [row[0] for row in await stored(engine, "invitations", "state")] == ["waiting", "waiting"]
    assert await sent(engine, later) == 0
    for number in (at_first, then):
        await close_case(engine, number, later)
    assert await inviter(engine, at=later + ATTENDED_FOR).turn() == 2


async def test_what_no_sender_here_sends_stays_where_it_is(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(2)]
    lanes = (Lane(SENDER, NAIROBI), Lane(OTHER, NAIROBI))
    await campaign(engine, *people, lanes=lanes, lane_of={people[1]: 1})
    assert await inviter(engine).turn() == 1
    assert [row[0] for row in await stored(engine, "invitations", "state")] == ["queued", "waiting"]


@pytest.mark.parametrize("went", [True, False])
async def test_a_letter_in_hand_when_its_campaign_is_cancelled_is_followed(
    engine: AsyncEngine, went: bool
) -> None:
    person = await recipient(engine, 1)
    of = await campaign(engine, person)
    assert await inviter(engine).turn() == 1
    (in_hand,) = await claim(engine, SENDER, NOON, 1)
    await move_campaign(engine, of, Step.CANCEL, NOON)
    became = OutboundStatus.SENT if went else OutboundStatus.CANCELED
    await settle(engine, [Settled(in_hand.id, in_hand.started_at, became, NOON, "SM1" if went else None)])
    assert await inviter(engine).turn() == 0
    assert await stored(engine, "invitations", "state") == [("sent" if went else "waiting",)]
    another = await campaign(engine, person)
    assert sum((await count_fates(engine, another)).values()) == (0 if went else 1)


async def test_quotas_steer_each_turn(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(4)]
    of = await campaign(engine, *people)
    asked: list[tuple[int, datetime]] = []

    async def steering(which: Campaign, at: datetime) -> Steering:
        asked.append((which.id, at))
        return Steering(lambda those: Steered(those[:1], [Hold(one, "full") for one in those[1:]]))

    assert await inviter(engine, steering=steering).turn() == 1
    assert asked == [(of.id, NOON)]
    assert Counter(row[0] for row in await stored(engine, "invitations", "state")) == {"queued": 1, "held": 3}


class Killed(BaseException):
    """What a process that is killed leaves: whatever was committed, and nothing else."""


def deadly(work: Callable[..., Awaitable[Any]], drawn: random.Random) -> Callable[..., Awaitable[Any]]:
    """Have a transaction be the last thing that its process does, before or after its commit, every now and then."""

    async def risked(*arguments: Any, **named: Any) -> Any:
        if drawn.random() < 0.2:
            raise Killed
        result = await work(*arguments, **named)
        if drawn.random() < 0.3:
            raise Killed
        return result

    return risked


async def test_killed_between_any_two_transactions_nobody_is_invited_twice(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = random.Random(11)
    people = [await recipient(engine, person) for person in range(30)]
    of = await campaign(engine, *people, sample=10)
    for name in ("feed", "follow"):
        monkeypatch.setattr(inviting, name, deadly(getattr(inviting, name), drawn))
    for minute in range(200):
        at = NOON + timedelta(minutes=minute)
        with suppress(Killed):
            await inviter(engine, 1.0, at).turn()
        if drawn.random() < 0.5:
            await sent(engine, at, most=drawn.randrange(1, 9))
        (now,) = await campaigns_of(engine, "trial")
        if now.state is CampaignState.LOOKING:
            assert sum((await count_fates(engine, now)).values()) == 30
            await move_campaign(engine, now, Step.RESUME, at)
        elif now.state is CampaignState.RUNNING and drawn.random() < 0.1:
            await move_campaign(engine, now, Step.PAUSE, at)
            (now,) = await campaigns_of(engine, "trial")
            await move_campaign(engine, now, Step.RESUME, at)
        if now.state is CampaignState.DONE:
            break
    assert now.state is CampaignState.DONE
    letters = await stored(engine, "outbound", "contact_id", "status")
    went = Counter(contact_id for contact_id, status in letters if status == "sent")
    assert len(went) == 30
    assert set(went.values()) == {1}
    assert of.id == now.id


async def test_what_cannot_be_finished_leaves_nothing_behind(engine: AsyncEngine) -> None:
    of = await campaign(engine, await recipient(engine, 1))

    def fails(those: Any) -> Steered:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await feed(engine, of.id, SENDER, NOON, 10, Steering(fails))
    assert await stored(engine, "outbound", "id") == []
    assert await inviter(engine).turn() == 1


async def test_a_database_that_is_away_is_told_once_and_waited_for(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(inviting, "POLL_S", 0.0)
    working, turns = inviter(engine), 0

    async def turn() -> int:
        nonlocal turns
        turns += 1
        if turns == 5:
            working.stop()
        raise OSError("away")

    monkeypatch.setattr(working, "turn", turn)
    with caplog.at_level(logging.ERROR):
        await asyncio.wait_for(working.run(), 10)
    assert turns == 5
    assert [record.getMessage() for record in caplog.records] == ["inviting came to a halt: OSError"]
