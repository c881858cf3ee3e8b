"""Whom reminders would reach, on each database: everybody who is silent is in one count."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.interview.records import Ending
from bot.core.outreach.records import Outreach, Reminders
from bot.core.outreach.reminding import Kind
from bot.core.phrases import ENGLISH
from bot.core.questionnaire import Text
from bot.errors import InviteError
from bot.outreach.reminder_plan import Standing, prepare, terms_of
from bot.outreach.reminding import Against
from tests.outreach.test_reminding import TERMS, invited
from tests.support.campaigns import begins, contact_of, recipient
from tests.support.cases import close_case, open_case
from tests.support.consultations import questionnaire
from tests.support.intake import NOON
from tests.support.letters import SENDER, contact

TRIAL = replace(
    questionnaire("- {name: age, type: integer, label: How old are you?}"),
    languages=("en", "sw"),
    phrasebooks={"en": ENGLISH, "sw": replace(ENGLISH, language="sw")},
)
SEXES = ("woman", "man", "woman")
OURS = Outreach(
    "trial",
    reminders=Reminders(
        2,
        timedelta(days=3),
        Text("outreach.reminders.invited", "Still time.", {"sw": "Bado."}),
        None,
        Text("outreach.reminders.last", "No more."),
    ),
    signed=Text("outreach.sending.signed", "Office", {"sw": "Ofisi"}),
)


def test_what_is_confirmed_is_what_the_file_says_in_each_language() -> None:
    terms = terms_of(OURS, TRIAL)
    assert terms.said == {
        Kind.INVITED: {
            "en": "Office: Still time. For no more messages, send STOP.",
            "sw": "Ofisi: Bado. For no more messages, send STOP.",
        },
        Kind.LAST: {"en": "Office: No more. For no more messages, send STOP."},
    }
    assert (terms.most, terms.after, terms.expires_after, terms.clock) == (
        2,
        timedelta(days=3),
        timedelta(days=14),
        None,
    )
    assert terms_of(OURS, replace(TRIAL, clock=ZoneInfo("Africa/Nairobi"))).clock == "Africa/Nairobi"
    with pytest.raises(InviteError, match=r"write them into trial\.outreach\.yaml"):
        terms_of(replace(OURS, reminders=None), TRIAL)


async def test_everybody_who_is_silent_is_in_one_count(engine: AsyncEngine) -> None:
    silent, heard, swahili = [
        await recipient(engine, person, language="sw" if person == 2 else "en") for person in range(3)
    ]
    await invited(engine, silent, heard, swahili, at=NOON)
    await begins(engine, await contact_of(engine, heard), ending=Ending.COMPLETE)
    for person, channel in ((3, Channel.SMS), (4, Channel.WHATSAPP), (5, Channel.TELEGRAM)):
        await begins(engine, await contact(engine, person, channel, sender=SENDER), at_slot="tap")
    old = await contact(engine, 6, sender=SENDER)
    await begins(engine, old, at=NOON - timedelta(days=15), at_slot="tap")
    asked, answered = [await contact(engine, person, sender=SENDER) for person in (7, 8)]
    for one in (asked, answered):
        await begins(engine, one, at_slot="tap")
    await open_case(engine, asked)
    await close_case(engine, await open_case(engine, answered), NOON)

    def place(channel: Channel, sealed: str) -> str | None:
        return None if channel is Channel.TELEGRAM else "Africa/Nairobi"

    plan = await prepare(engine, "trial", TERMS, place, NOON + timedelta(days=3))
    assert plan.groups == {
        (Kind.INVITED, "en", Standing.NOW): 1,
        (Kind.INVITED, "sw", Standing.NO_WORDS): 1,
        (Kind.PAUSED, "en", Standing.NOW): 3,
        (Kind.PAUSED, "en", Standing.ATTENDED): 1,
        (Kind.PAUSED, "en", Standing.CLOSED): 1,
        (Kind.PAUSED, "en", Standing.NO_PLACE): 1,
    }
    assert plan.people == 4
    early = await prepare(engine, "trial", TERMS, place, NOON + timedelta(days=1))
    assert early.groups[Kind.INVITED, "en", Standing.LATER] == 1
    late = await prepare(engine, "trial", TERMS, place, NOON + timedelta(days=30))
    assert late.people == 0


async def test_whose_quota_is_full_is_told_apart_until_the_last_word(engine: AsyncEngine) -> None:
    async def women_are_enough(consultation: str, at: datetime) -> Against:
        assert (consultation, at.tzinfo) == ("trial", NOON.tzinfo)
        return lambda one, _: "full" if one.attributes.get("gender") == "woman" else None

    listed = [await recipient(engine, one, attributes={"gender": said}) for one, said in enumerate(SEXES)]
    await invited(engine, *listed, at=NOON)
    for days, found in (
        (3, {Standing.NOW: 1, Standing.FULL: 2}),
        (1, {Standing.LATER: 1, Standing.FULL: 2}),
        (14, {Standing.NOW: 3}),
    ):
        plan = await prepare(
            engine,
            "trial",
            TERMS,
            lambda channel, sealed: None,
            NOON + timedelta(days=days),
            women_are_enough,
        )
        assert {standing: count for (_, _, standing), count in plan.groups.items()} == found
        assert plan.people == found.get(Standing.NOW, 0) + found.get(Standing.LATER, 0)
