"""Invitations on each database: fed to the outbox, followed, taken back; and nobody twice, whoever dies when."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.receipts import Receipt
from bot.core.interview.records import Ending
from bot.core.outreach.campaigns import Campaign, CampaignState, Fate, Lane, Step
from bot.core.outreach.caps import Change, Footing, Held, Subject
from bot.core.outreach.choosing import Hold, Invite, Steered, Steering, Wait, by_turn
from bot.core.outreach.hours import Hours
from bot.errors import InviteError
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import claim, settle
from bot.store.outreach.campaigns import (
    campaigns_in,
    campaigns_of,
    count_by_wording,
    count_fates,
    move_campaign,
)
from bot.store.outreach.capped import capped_invitations
from bot.store.outreach.caps import change
from bot.store.outreach.feeding import feed
from bot.store.outreach.invitations import follow, release
from bot.store.outreach.standing import Standing, standings
from bot.store.outreach.tables import invitations
from bot.store.outreach.upcoming import waits_of
from bot.store.receipts import store_receipts
from bot.store.sending import OutboundStatus, Settled
from tests.support.campaigns import DAY, NAIROBI, begins, campaign, contact_of, recipient, states
from tests.support.databases import opened
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER

HOUR = timedelta(hours=1)


async def counts(engine: AsyncEngine, of: Campaign) -> dict[str, int]:
    (now,) = [one for one in await campaigns_of(engine, of.consultation) if one.id == of.id]
    return {fate.value: count for fate, count in (await count_fates(engine, now)).items() if count}


async def fed(engine: AsyncEngine, of: Campaign, at: datetime = NOON, room: float = 100) -> int:
    decided = await feed(engine, of.id, SENDER, at, room)
    return sum(isinstance(one, Invite) for one in decided)


async def sent(
    engine: AsyncEngine, status: OutboundStatus = OutboundStatus.SENT, at: datetime = NOON, **fields: Any
) -> int:
    """Send what is due, as a worker does; return how many."""
    taken = await claim(engine, SENDER, at, 100)
    provider = {"provider_id": "x"} if status is OutboundStatus.SENT else {}
    settled = [
        Settled(
            one.id,
            one.started_at,
            status,
            at,
            **{**{k: f"{v}{one.id}" for k, v in provider.items()}, **fields},
        )
        for one in taken
    ]
    await settle(engine, settled)
    return len(taken)


async def test_what_a_campaign_waits_for_is_known_by_lane(engine: AsyncEngine) -> None:
    listed = [await recipient(engine, person) for person in range(4)]
    lanes = (Lane(SENDER, NAIROBI), Lane(SENDER, "Africa/Lagos"))
    of = await campaign(engine, *listed, lanes=lanes, lane_of={listed[3]: 1})
    assert await waits_of(engine, of) == [Wait(lanes[0], None), Wait(lanes[1], None)]
    async with writer(engine).begin() as connection:
        for hours, one in enumerate(listed[:3]):
            later = update(invitations).where(invitations.c.recipient_id == one)
            await connection.execute(later.values(due_at=NOON + hours * HOUR))
    assert await waits_of(engine, of) == [Wait(lanes[0], NOON), Wait(lanes[1], None)]
    # While a sample is looked at, the others wait for something else.
    turns = sorted(await stored(engine, "invitations", "turn", "lane"))
    (of_sample,) = await waits_of(engine, replace(of, until_turn=turns[0][0]))
    assert of_sample.lane == lanes[turns[0][1]]
    await fed(engine, of, NOON + 3 * HOUR)
    assert await waits_of(engine, of) == []


async def test_who_is_invited_gets_a_letter_and_talks_about_that_from_then_on(engine: AsyncEngine) -> None:
    listed = await recipient(engine, 1, language="sw")
    own = await recipient(engine, 2, language="sw", contact_language="en", contact_current_consultation="old")
    of = await campaign(engine, listed, own)
    assert await counts(engine, of) == {"waiting": 2}
    assert await fed(engine, of) == 2
    letters = await stored(
        engine, "outbound", "contact_id", "sender", "priority", "body", "language", "segments"
    )
    assert sorted(letters) == [
        (await contact_of(engine, listed), SENDER, 2, "Karibu. STOP.", "sw", 1),
        (await contact_of(engine, own), SENDER, 2, "Come and talk. STOP ends it.", "en", 1),
    ]
    # Until 23:59 in Nairobi.
    (expires,) = {row[0] for row in await stored(engine, "outbound", "expires_at")}
    assert expires == datetime.fromisoformat("2026-03-02T20:59+00:00")
    people = await stored(engine, "contacts", "language", "current_consultation")
    assert people == [("sw", "trial"), ("en", "trial")]
    assert await counts(engine, of) == {"in the outbox": 2}
    assert await fed(engine, of) == 0
    assert await sent(engine) == 2
    assert await counts(engine, of) == {"sent": 2}
    await follow(engine, of.id, NOON)
    assert await stored(engine, "invitations", "state", "invited_at", "due_at") == [("sent", NOON, NOON)] * 2
    assert await fed(engine, of) == 0
    assert len(await stored(engine, "outbound", "id")) == 2


async def test_who_must_not_be_invited_by_then_is_not(engine: AsyncEngine) -> None:
    gone, stopped, begun, moved, talking, plain = [await recipient(engine, person) for person in range(6)]
    of = await campaign(engine, gone, stopped, begun, moved, talking, plain)
    ids = {one: await contact_of(engine, one) for one in (gone, stopped, begun, moved, talking, plain)}
    await begins(engine, ids[begun])
    await begins(engine, ids[talking], "another")
    async with writer(engine).begin() as connection:
        for person, values in ((stopped, {"opted_out_at": NOON}), (moved, {"moved": "other trial"})):
            await connection.execute(
                update(tables.contacts).where(tables.contacts.c.id == ids[person]).values(values)
            )
        lost = {
            "contact_id": ids[gone],
            "body": "x",
            "position": 0,
            "status": "undelivered",
            "error": "30005",
            "created_at": NOON - DAY,
            "settled_at": NOON - DAY,
        }
        await connection.execute(tables.outbound.insert().values(lost))
    assert await fed(engine, of) == 1
    assert await states(engine) == {
        gone: ("left_out", "number gone"),
        stopped: ("left_out", "opted out"),
        begun: ("left_out", "already interviewed"),
        moved: ("left_out", "already interviewed"),
        talking: ("waiting", None),
        plain: ("queued", None),
    }
    assert await counts(engine, of) == {"waiting": 1, "in the outbox": 1, "opted out": 1, "left out": 3}
    assert await fed(engine, of, NOON + 7 * DAY) == 1


async def test_what_did_not_go_today_waits_again_and_what_may_have_arrived_does_not(
    engine: AsyncEngine,
) -> None:
    people = [await recipient(engine, person) for person in range(3)]
    of = await campaign(engine, *people)
    assert await fed(engine, of) == 3
    # One is taken, not delivered, and to be sent again; then the evening comes for all three.
    letters = [row[0] for row in await stored(engine, "outbound", "id")]
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(tables.outbound)
            .where(tables.outbound.c.id == letters[0])
            .values(provider_id="SM1", error="30003")
        )
    assert await claim(engine, SENDER, NOON + 10 * HOUR, 10) == []
    assert await counts(engine, of) == {"waiting": 2, "failed": 1}
    await follow(engine, of.id, NOON + 10 * HOUR)
    assert Counter(state for state, _ in (await states(engine)).values()) == {"waiting": 2, "failed": 1}
    assert await fed(engine, of, NOON + DAY) == 2
    assert await sent(engine, at=NOON + DAY) == 2
    assert await counts(engine, of) == {"sent": 2, "failed": 1}


async def test_a_paused_campaign_takes_its_letters_back_at_once(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(5)]
    of = await campaign(engine, *people)
    assert await fed(engine, of) == 5
    (in_hand,) = await claim(engine, SENDER, NOON, 1)
    paused = await move_campaign(engine, of, Step.PAUSE, NOON, "to look")
    assert (paused.state, paused.reason) == (CampaignState.PAUSED, "to look")
    assert await counts(engine, of) == {"waiting": 4, "in the outbox": 1}
    assert await claim(engine, SENDER, NOON, 10) == []
    assert await fed(engine, of) == 0
    assert await campaigns_in(engine, [CampaignState.RUNNING]) == []
    await settle(engine, [Settled(in_hand.id, NOON, OutboundStatus.SENT, NOON, "SM1")])
    with pytest.raises(InviteError, match="is paused: there is nothing to pause"):
        await move_campaign(engine, of, Step.PAUSE, NOON)
    await move_campaign(engine, of, Step.RESUME, NOON)
    assert await fed(engine, of) == 4
    assert await sent(engine) == 4
    assert await counts(engine, of) == {"sent": 5}


async def test_a_cancelled_campaign_invites_nobody_any_more_and_leaves_the_rest_to_another(
    engine: AsyncEngine,
) -> None:
    people = [await recipient(engine, person) for person in range(4)]
    of = await campaign(engine, *people)
    assert await fed(engine, of, room=1) == 1
    assert await sent(engine) == 1
    await move_campaign(engine, of, Step.CANCEL, NOON)
    assert await counts(engine, of) == {"sent": 1, "cancelled": 3}
    await follow(engine, of.id, NOON)
    stand = {one.standing: one.people for one in await standings(engine, "trial")}
    assert stand == {Standing.INVITED: 1, Standing.READY: 3}
    with pytest.raises(InviteError):
        await move_campaign(engine, of, Step.RESUME, NOON)
    another = await campaign(engine, *people, seed=8)
    assert (another.number, await counts(engine, another)) == (2, {"waiting": 3})
    assert await counts(engine, of) == {"sent": 1}
    third = await campaign(engine, *people, seed=9)
    assert await counts(engine, third) == {}


async def test_a_sample_is_invited_and_looked_at_before_the_rest(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(10)]
    of = await campaign(engine, *people, sample=3)
    assert await fed(engine, of) == 3
    assert (await follow(engine, of.id, NOON)).state is CampaignState.RUNNING
    assert await sent(engine) == 3
    looking = await follow(engine, of.id, NOON)
    assert (looking.state, looking.reason) == (CampaignState.LOOKING, "its sample is invited")
    turns = sorted(await stored(engine, "invitations", "turn", "state"))
    assert [state for _, state in turns] == ["sent"] * 3 + ["waiting"] * 7
    assert await fed(engine, of) == 0
    await move_campaign(engine, of, Step.RESUME, NOON)
    assert await fed(engine, of) == 7
    assert (await follow(engine, of.id, NOON)).state is CampaignState.RUNNING
    assert await sent(engine) == 7
    assert (await follow(engine, of.id, NOON)).state is CampaignState.DONE


async def test_no_more_than_the_sender_has_time_for_is_in_the_outbox(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(10)]
    of = await campaign(engine, *people)
    assert await fed(engine, of, room=4) == 4
    assert await fed(engine, of, room=4) == 0
    await claim(engine, SENDER, NOON, 2)
    assert await fed(engine, of, room=4) == 2


async def test_lanes_whose_hours_are_closed_or_of_another_sender_are_not_looked_at(
    engine: AsyncEngine,
) -> None:
    here, there, other = [await recipient(engine, person) for person in range(3)]
    lanes = (Lane(SENDER, NAIROBI), Lane(SENDER, "America/Los_Angeles"), Lane("+12025550101", NAIROBI))
    of = await campaign(
        engine, here, there, other, lanes=lanes, hours=Hours(), lane_of={here: 0, there: 1, other: 2}
    )
    assert await fed(engine, of) == 1
    assert {one: state for one, (state, _) in (await states(engine)).items()} == {
        here: "queued",
        there: "waiting",
        other: "waiting",
    }


async def test_who_begins_by_themselves_meanwhile_is_not_invited_on_top(engine: AsyncEngine) -> None:
    person = await recipient(engine, 1)
    of = await campaign(engine, person)
    assert await fed(engine, of) == 1
    await begins(engine, await contact_of(engine, person))
    await follow(engine, of.id, NOON)
    assert await claim(engine, SENDER, NOON, 10) == []
    assert await counts(engine, of) == {"left out": 1}
    assert await fed(engine, of) == 0
    assert await states(engine) == {person: ("left_out", "already interviewed")}


async def test_fates_are_told_apart_and_add_up(engine: AsyncEngine) -> None:
    names = ["answered", "refused", "opted out", "delivered", "undelivered", "refused by provider", "sent"]
    people = {name: await recipient(engine, place) for place, name in enumerate(names)}
    of = await campaign(engine, *people.values())
    assert await fed(engine, of) == len(names)
    assert await sent(engine) == len(names)
    ids = {name: await contact_of(engine, one) for name, one in people.items()}
    await begins(engine, ids["answered"], ending=Ending.COMPLETE)
    await begins(engine, ids["refused"], ending=Ending.REFUSED)
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(tables.contacts).where(tables.contacts.c.id == ids["opted out"]).values(opted_out_at=NOON)
        )
        for name, status in (("delivered", "delivered"), ("undelivered", "undelivered")):
            await connection.execute(
                update(tables.outbound).where(tables.outbound.c.contact_id == ids[name]).values(status=status)
            )
        await connection.execute(
            update(tables.outbound)
            .where(tables.outbound.c.contact_id == ids["refused by provider"])
            .values(status="failed", error="21211")
        )
    expected = {"sent": 1, "delivered": 1, "failed": 2, "answered": 1, "refused": 1, "opted out": 1}
    assert await counts(engine, of) == expected
    await follow(engine, of.id, NOON)
    assert await counts(engine, of) == expected
    assert (await states(engine))[people["refused by provider"]] == ("failed", "21211")
    # Reached: all but the one that failed at once; begun: one, and it is complete.
    assert await count_by_wording(engine, of) == {"plain": (5, 1, 1)}


async def test_quotas_hold_people_out_of_the_way_until_they_are_released(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person, attributes={"sex": "f"}) for person in range(3)]
    of = await campaign(engine, *people)

    def full(candidates: Any) -> Steered:
        assert all(one.attributes == {"sex": "f"} for one in candidates)
        return Steered((), [Hold(one, "women: full") for one in candidates])

    decided = await feed(engine, of.id, SENDER, NOON, 10, Steering(full))
    assert len(decided) == 3
    assert await counts(engine, of) == {"held": 3}
    assert await fed(engine, of) == 0
    assert await release(engine, of, "something else") == 0
    assert await release(engine, of, "women: full") == 3
    assert await fed(engine, of) == 3


async def test_processes_side_by_side_invite_each_person_once(engine: AsyncEngine, database_url: str) -> None:
    people = [await recipient(engine, person) for person in range(40)]
    of = await campaign(engine, *people)

    async def feeds(one: AsyncEngine) -> int:
        return sum([await fed(one, of, room=1_000) for _ in range(4)])

    async with opened(database_url) as another:
        counted = await asyncio.gather(feeds(engine), feeds(another))
    assert sum(counted) == 40
    letters = Counter(row[0] for row in await stored(engine, "outbound", "contact_id"))
    assert set(letters.values()) == {1}


async def test_a_letter_that_is_gone_is_never_written_anew(engine: AsyncEngine) -> None:
    of = await campaign(engine, await recipient(engine, 1))
    assert await fed(engine, of) == 1
    async with writer(engine).begin() as connection:
        await connection.execute(delete(tables.outbound))
    await follow(engine, of.id, NOON)
    assert await counts(engine, of) == {"failed": 1}
    assert await fed(engine, of) == 0


async def test_every_invitation_has_one_fate(engine: AsyncEngine) -> None:
    of = await campaign(engine, await recipient(engine, 1))
    assert set(await count_fates(engine, of)) == set(Fate)
    assert by_turn([]).order == []


@pytest.mark.parametrize("step", [Step.PAUSE, Step.CANCEL])
async def test_what_came_back_is_not_sent_once_more_by_a_campaign_that_stands_still(
    engine: AsyncEngine, step: Step
) -> None:
    of = await campaign(engine, await recipient(engine, 1))
    await feed(engine, of.id, SENDER, NOON, 10)
    (one,) = await claim(engine, SENDER, NOON, 9)
    await settle(engine, [Settled(one.id, one.started_at, OutboundStatus.SENT, NOON, "SM1")])
    await follow(engine, of.id, NOON)
    async with writer(engine).begin() as connection:
        off = Receipt("twilio", "SM1", "undelivered", NOON, "30003")
        await connection.run_sync(store_receipts, [off])
    (now,) = await campaigns_of(engine, "trial")
    await move_campaign(engine, now, step, NOON, "by hand")
    assert await claim(engine, SENDER, NOON + timedelta(hours=2), 9) == []
    assert await stored(engine, "outbound", "status", "error") == [("undelivered", "30003")]
    assert await stored(engine, "invitations", "state") == [("sent",)]


async def test_what_was_in_hand_at_the_pause_and_went_back_to_the_queue_waits_too(
    engine: AsyncEngine,
) -> None:
    of = await campaign(engine, await recipient(engine, 1))
    await feed(engine, of.id, SENDER, NOON, 10)
    (one,) = await claim(engine, SENDER, NOON, 9)
    (now,) = await campaigns_of(engine, "trial")
    await move_campaign(engine, now, Step.PAUSE, NOON, "by hand")
    await settle(engine, [Settled(one.id, one.started_at, OutboundStatus.QUEUED, NOON, due_at=NOON)])
    assert await claim(engine, SENDER, NOON + timedelta(minutes=1), 9) == []
    assert await stored(engine, "outbound", "status") == [("canceled",)]
    await follow(engine, of.id, NOON + timedelta(minutes=2))
    assert await stored(engine, "invitations", "state") == [("waiting",)]


async def test_what_a_cap_holds_does_not_come_to_lie_in_the_outbox(engine: AsyncEngine) -> None:
    of = await campaign(engine, await recipient(engine, 1), await recipient(engine, 2))
    await feed(engine, of.id, SENDER, NOON, 1)
    (one,) = await claim(engine, SENDER, NOON, 9)
    uganda, tomorrow = Held(Subject.COUNTRY, "UG").code, NOON + timedelta(hours=12)
    held = Settled(one.id, one.started_at, OutboundStatus.QUEUED, NOON, error=uganda, due_at=tomorrow)
    await settle(engine, [held])
    assert await capped_invitations(engine, of.id) == {uganda: 1}
    await follow(engine, of.id, NOON)
    assert await stored(engine, "outbound", "status") == [("canceled",)]
    assert await capped_invitations(engine, of.id) == {uganda: 1}
    # It takes up no time of its sender, and comes back when the cap opens.
    assert await fed(engine, of, NOON + HOUR) == 1
    assert await fed(engine, of, NOON + HOUR) == 0
    assert (await counts(engine, of))["waiting"] == 1
    allowed = Change(Subject.COUNTRY, Footing.HOME, "amina", "we work there", NOON + HOUR, "UG")
    assert await change(engine, allowed) == 1
    assert await capped_invitations(engine, of.id) == {}
    assert await fed(engine, of, NOON + HOUR) == 1


async def test_what_a_cap_holds_for_the_day_is_invited_on_the_next(engine: AsyncEngine) -> None:
    of = await campaign(engine, await recipient(engine, 1))
    await feed(engine, of.id, SENDER, NOON, 10)
    (one,) = await claim(engine, SENDER, NOON, 9)
    held = Settled(one.id, one.started_at, OutboundStatus.QUEUED, NOON, error="cap: x", due_at=NOON + DAY)
    await settle(engine, [held])
    await follow(engine, of.id, NOON)
    assert await fed(engine, of, NOON + DAY - HOUR) == 0
    assert await fed(engine, of, NOON + DAY) == 1
