"""What it comes to to invite people, on each database: the plan, and that what is done is what was shown."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.channels.senders import Sender, read_senders
from bot.core.outreach.campaigns import CampaignState, Step
from bot.core.outreach.choosing import Reason
from bot.core.outreach.drawing import turn_of
from bot.core.outreach.hours import Hours
from bot.core.outreach.records import Invitation, Outreach, Wording
from bot.core.phrases import ENGLISH
from bot.core.questionnaire import Text
from bot.errors import InviteError
from bot.outreach.plan import Group, Plan, Wanted, prepare, queue, said_in
from bot.store.outreach.campaigns import begin_campaign, count_fates, move_campaign
from tests.support.campaigns import NAIROBI, begins, campaign, contact_of, recipient
from tests.support.consultations import questionnaire
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER

SENDERS = read_senders(f"{SENDER}, GB:+12025550101, US:HEARD")
RATES = {SENDER: 2.0, "+12025550101": 1.0, "HEARD": 1.0}
TRIAL = replace(
    questionnaire("- {name: age, type: integer, label: How old are you?}"),
    languages=("en", "sw"),
    phrasebooks={"en": ENGLISH, "sw": replace(ENGLISH, language="sw")},
)
ACCRA = "Africa/Accra"


def wording(name: str, text: str, **translations: str) -> Wording:
    return Wording(name, Text(f"outreach.invitation.{name}.text", text, translations))


OURS = Outreach(
    "trial",
    Hours(),
    invitation=Invitation(
        (wording("plain", "Office: tell us. STOP ends it.", sw="Office: karibu. STOP."),), timedelta(days=9)
    ),
    signed=Text("outreach.sending.signed", "Office", {"sw": "Office"}),
)
EXPERIMENT = replace(
    OURS,
    invitation=Invitation(
        (
            wording("plain", "Office: tell us. STOP ends it.", sw="Office: karibu. STOP."),
            wording("long", "Office: " + "tell us, do. " * 13 + "STOP."),
        ),
        timedelta(days=9),
    ),
)


async def planned(engine: AsyncEngine, of: Outreach = OURS, seed: int = 7, **wanted: Any) -> Plan:
    said = said_in(of, TRIAL)
    return await prepare(engine, of, said, SENDERS, RATES, Wanted(seed, **wanted), NOON)


async def test_a_plan_counts_everybody_once(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(3)]
    await recipient(engine, 3, language="sw", country="GB", time_zone="Europe/London")
    await recipient(engine, 4, contact_sender="+12025550101", time_zone=ACCRA)
    stopped = await recipient(engine, 5, contact_opted_out_at=NOON)
    await recipient(engine, 6, language="fr")
    await recipient(engine, 7, language=None)
    await recipient(engine, 8, contact_channel=Channel.WHATSAPP)
    begun = await recipient(engine, 9)
    await begins(engine, await contact_of(engine, begun))
    await recipient(engine, 10, contact_moved="other trial")
    await recipient(engine, 11, contact_moved="trial-two")
    await recipient(engine, 12, consultation="another")
    invited = await recipient(engine, 13)
    await campaign(engine, invited)
    plan = await planned(engine)
    assert plan.groups == {
        Group("en", "plain", SENDER, NAIROBI, "KE"): 4,
        Group("sw", "plain", "+12025550101", "Europe/London", "GB"): 1,
        Group("en", "plain", "+12025550101", ACCRA, "KE"): 1,
    }
    assert plan.going == {"KE": (5, 5), "GB": (1, 1)}
    assert (plan.people, plan.parts, plan.terms.people) == (6, 6, 6)
    assert plan.left_out == {
        (Reason.OPTED_OUT, None): 1,
        (Reason.NO_WORDS, "fr"): 1,
        (Reason.NO_LANGUAGE, None): 1,
        (Reason.CHANNEL, None): 1,
        (Reason.INTERVIEWED, None): 2,
        (Reason.INVITED, None): 1,
    }
    assert plan.seconds == {SENDER: 2.0, "+12025550101": 2.0}
    assert plan.terms.expires_after == timedelta(days=9)
    assert (plan.quiet, plan.opens) == (0, {})
    assert stopped not in people


async def test_nobody_is_invited_by_a_name_or_without_a_sender(engine: AsyncEngine) -> None:
    await recipient(engine, 1, country="US")
    of = replace(OURS, hours=Hours())
    senders: tuple[Sender, ...] = read_senders("GB:+12025550101, HEARD")
    plan = await prepare(engine, of, said_in(of, TRIAL), senders, RATES, Wanted(7), NOON)
    assert (plan.people, plan.left_out) == (0, {(Reason.NO_SENDER, None): 1})


async def test_who_is_in_quiet_hours_is_told_with_the_hour(engine: AsyncEngine) -> None:
    await recipient(engine, 1)
    await recipient(engine, 2, time_zone="America/Los_Angeles")
    await recipient(engine, 3, time_zone="America/Los_Angeles America/New_York")
    plan = await planned(engine)
    # Noon in Greenwich is seven in New York and four in Los Angeles: it opens at nine there, at noon in New York.
    opens = NOON.replace(hour=17, minute=0, second=0, microsecond=0)
    assert plan.quiet == 2
    assert plan.opens == {
        "America/Los_Angeles": opens,
        "America/Los_Angeles America/New_York": opens,
    }


async def test_what_was_shown_is_what_is_invited(engine: AsyncEngine) -> None:
    for person in range(60):
        await recipient(engine, person, "trial", time_zone=NAIROBI if person % 3 else ACCRA)
    plan = await planned(engine, EXPERIMENT)
    assert {group.wording for group in plan.groups} == {"plain", "long"}
    assert plan.parts > 60
    told: list[int] = []
    of = await queue(engine, plan, SENDERS, None, NOON, told.append)
    assert (of.state, of.terms.people, sum(told)) == (CampaignState.RUNNING, 60, 60)
    rows = await stored(engine, "invitations", "recipient_id", "turn", "wording", "lane", "state")
    lanes = [lane.time_zones for lane in of.terms.lanes]
    zones = dict(await stored(engine, "recipients", "id", "time_zone"))
    assert all(
        (turn, lanes[lane], state) == (turn_of(7, one), zones[one], "waiting")
        for one, turn, _, lane, state in rows
    )
    shown = Counter({(group.wording, group.time_zones): count for group, count in plan.groups.items()})
    assert Counter((wording, zones[one]) for one, _, wording, _, _ in rows) == shown
    # Whoever is invited is none of the next plan.
    assert (await planned(engine)).left_out == {(Reason.INVITED, None): 60}


async def test_a_wording_that_lacks_a_language_takes_that_from_all(engine: AsyncEngine) -> None:
    await recipient(engine, 1, language="sw")
    assert (await planned(engine)).people == 1
    assert (await planned(engine, EXPERIMENT)).left_out == {(Reason.NO_WORDS, "sw"): 1}


async def test_only_so_many_are_drawn_by_chance_and_the_same_by_the_same_seed(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(30)]
    plan = await planned(engine, most=10)
    assert (plan.people, plan.wanted.most) == (10, 10)
    await queue(engine, plan, SENDERS, None, NOON)
    drawn = {row[0] for row in await stored(engine, "invitations", "recipient_id")}
    assert drawn == set(sorted(people, key=lambda one: turn_of(7, one))[:10])
    assert (await planned(engine, most=100)).people == 20
    assert (await planned(engine, most=20)).terms.last_turn is None


async def test_attributes_choose_who_is_invited(engine: AsyncEngine) -> None:
    await recipient(engine, 1, attributes={"region": "north", 'its "name"': "o'clock", "région": "à"})
    await recipient(engine, 2, attributes={"region": "south"})
    await recipient(engine, 3)
    assert (await planned(engine, where={"region": ("north",)})).people == 1
    assert (await planned(engine, where={'its "name"': ("o'clock",)})).people == 1
    assert (await planned(engine, where={"région": ("à",)})).people == 1
    both = await planned(engine, where={"region": ("north", "south")})
    assert (both.people, both.terms.where) == (2, {"region": "north"})
    assert (await planned(engine, where={"region": ("north",), "sex": ("f",)})).people == 0


async def test_a_campaign_that_was_cut_off_is_told_and_sends_nothing(engine: AsyncEngine) -> None:
    await recipient(engine, 1)
    plan = await planned(engine)
    begun = await begin_campaign(engine, "trial", plan.terms, 7, None, NOON)
    with pytest.raises(InviteError, match="heard invite cancel trial --campaign 1"):
        await planned(engine)
    await move_campaign(engine, begun, Step.CANCEL, NOON)
    assert (await planned(engine)).people == 1


async def test_people_who_came_onto_the_list_since_are_not_invited_unseen(engine: AsyncEngine) -> None:
    await recipient(engine, 1)
    plan = await planned(engine)
    await recipient(engine, 2)
    await recipient(engine, 3, time_zone=ACCRA)
    of = await queue(engine, plan, SENDERS, None, NOON)
    assert sum((await count_fates(engine, of)).values()) == 1


async def test_without_an_invitation_nobody_is_invited(engine: AsyncEngine) -> None:
    with pytest.raises(InviteError, match=r"write one into trial\.outreach\.yaml"):
        await planned(engine, replace(OURS, invitation=None))
