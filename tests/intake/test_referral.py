"""Codes that people pass on, through the intake into both databases: given, used once, and forgotten."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.core.outreach.chains import Chains, chains_of
from bot.core.outreach.coupons import read_coupon
from bot.core.outreach.records import Outreach, Referral
from bot.core.questionnaire import Text
from bot.core.reception import consultations, receive
from bot.intake import Intake
from bot.store.outreach import referral as store
from bot.store.versions import Publication, publish
from tests.support.consultations import questionnaire
from tests.support.databases import opened
from tests.support.intake import NOON, intake_on, message, stored

ASKS = Referral(2, Text("outreach.referral.text", "Do you know others?"), timedelta(days=30))
TRIAL = replace(
    questionnaire("- {name: knows, type: integer, label: How many people do you know?}"),
    outreach=Outreach("trial", referral=ASKS),
)
OFFER = "Do you know others? To ask people you know, send SHARE."
SPENT = "That code was used or is too old. You are welcome all the same."
CONSENT = "May we ask you a few questions? Send 1 to start, 2 to say no."
CODE = re.compile("[0-9A-Z]{3}-[0-9A-Z]{4}")
ids = count()


async def say(intake: Intake, person: int, *texts: str, days: int = 0, **fields: Any) -> str:
    said = ""
    for text in texts:
        one = message(person, text, f"S{next(ids)}", days * 1_440, **fields)
        said = " ".join(prompt.text for prompt in await intake.receive(one))
    return " ".join(said.split())


async def codes_of(intake: Intake, person: int, first: str = "trial") -> list[str]:
    """Return the codes that somebody is given who answers all, having begun with some words."""
    assert (await say(intake, person, first, "1", "7")).endswith(OFFER)
    codes = CODE.findall(await say(intake, person, "share"))
    assert len(codes) == 2
    return codes


def wired(offered: Any = TRIAL) -> dict[str, Any]:
    seeds = count(4_839)
    return {"consultations": consultations([offered]), "decide": receive, "seed": lambda: next(seeds)}


async def published(engine: AsyncEngine) -> None:
    await publish(engine, [Publication(TRIAL.version, TRIAL.id, "{}")], NOON)


async def came(engine: AsyncEngine) -> Sequence[tuple[Any, ...]]:
    return await stored(engine, "interviews", "source", "wave")


async def test_codes_bring_people_in_waves(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        first, second = await codes_of(intake, 1)
        # With the keyword, alone in small letters, behind a link: each is the same.
        (third, _) = await codes_of(intake, 2, f"TRIAL {first}")
        assert await say(intake, 3, second.lower().replace("-", " ")) == CONSENT
        chat = {"channel": Channel.TELEGRAM, "address": Address("77"), "joins": "trial", "source": third}
        assert CONSENT[:20] in await say(intake, 4, "start", **chat)
        assert await came(engine) == [(None, None), ("referral", 1), ("referral", 1), ("referral", 2)]
        passed = await store.read_passed(engine, "trial")
        chains = chains_of(passed.given, ((one.recruiter_id, one.recruit_id) for one in passed.links))
        assert chains == Chains(4, 1, {1: 2, 2: 1}, 3)
        assert {one.wave for one in passed.links} == {1, 2}


async def test_a_code_is_kept_nowhere_but_in_the_message_that_gave_it(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        first, _ = await codes_of(intake, 1)
        await say(intake, 2, f"trial {first}")
        assert "trial [code]" in [body for (body,) in await stored(engine, "inbound", "body")]
        assert first not in repr(await stored(engine, "coupons", "code_hash"))
        assert first not in repr(await stored(engine, "interviews", "state"))
        assert sum(first in body for (body,) in await stored(engine, "outbound", "body")) == 1


async def test_each_is_given_once_and_works_once(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        assert "SHARE" not in await say(intake, 1, "share")  # nobody who has not answered is given any
        first, second = await codes_of(intake, 1)
        assert await say(intake, 1, "SHARE") == "You have your codes already, in an earlier message."
        # Their own, used by themselves.
        own = "This code is for somebody else. Give it to a person you know."
        assert await say(intake, 1, first) == own
        assert await say(intake, 1, f"trial {first}") == own
        assert await say(intake, 2, first) == CONSENT
        # Used, too old, never given: they are as welcome.
        assert await say(intake, 3, f"trial {first}") == f"{SPENT} {CONSENT}"
        assert await say(intake, 4, f"trial {second}", days=31) == f"{SPENT} {CONSENT}"
        assert await say(intake, 5, "trial 222-BCD2") == CONSENT  # a slip: it is no code at all
        assert await say(intake, 6, first) == f"{SPENT} {CONSENT}"
        assert await came(engine) == [(None, None), ("referral", 1), *[(None, None)] * 4]
        # Until they agree, the right one may still come; after that, they came by themselves.
        assert await say(intake, 5, second) == CONSENT
        assert (await came(engine))[4] == ("referral", 1)
        await say(intake, 3, "1")
        assert (await came(engine))[2] == (None, None)


async def test_amid_questions_it_is_an_answer(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        first, _ = await codes_of(intake, 1)
        await say(intake, 2, "trial", "1")
        await say(intake, 2, first)
        assert [used for (used,) in await stored(engine, "coupons", "used_at")] == [None, None]


async def test_two_who_send_it_at_once_are_not_both_recruited(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        first, _ = await codes_of(intake, 1)
        said = await asyncio.gather(*(say(intake, person, first) for person in (2, 3)))
        assert sorted(said) == [CONSENT, f"{SPENT} {CONSENT}"]
        assert sorted(await came(engine), key=str) == [("referral", 1), (None, None), (None, None)]


async def test_two_processes_do_not_use_it_twice(database_url: str) -> None:
    async with opened(database_url) as here, opened(database_url) as there:
        await published(here)
        async with intake_on(here, **wired()) as one, intake_on(there, **wired()) as other:
            for person in range(1, 5):
                first, _ = await codes_of(one, person)
                await asyncio.gather(say(one, 10 + person, first), say(other, 20 + person, first))
        recruited = [wave for _, wave in await came(here) if wave]
        assert recruited == [1] * 4


async def test_without_codes_to_give_nobody_is_offered_any(engine: AsyncEngine) -> None:
    await published(engine)
    over = replace(TRIAL, outreach=Outreach("trial", referral=replace(ASKS, coupons=0)))
    async with intake_on(engine, **wired()) as intake:
        first, second = await codes_of(intake, 1)
        intake.offer([over])
        assert "SHARE" not in await say(intake, 2, f"trial {first}", "1", "7")
        assert not CODE.search(await say(intake, 2, "share"))
        # Those that were given before still bring people.
        await say(intake, 3, second)
        assert [wave for _, wave in await came(engine)] == [None, 1, 1]


async def test_what_is_closed_is_forgotten(engine: AsyncEngine) -> None:
    await published(engine)
    async with intake_on(engine, **wired()) as intake:
        first, second = await codes_of(intake, 1)
        await codes_of(intake, 2, first)
        recruitments = await store.recruitments(engine, "trial")
        assert [(one.recruiter_id, one.recruit_id) for one in recruitments] == [(1, 2)]
        passed = await store.close(engine, "trial", lambda passed: str(passed.given), NOON)
        assert (passed.given, len(passed.links)) == (4, 1)
        assert await stored(engine, "coupons", "id") == []
        assert await store.read_closed(engine, "trial") == ("4", NOON)
        assert [body for (body,) in await stored(engine, "outbound", "body") if read_coupon(body)] == []
        assert not any(CODE.search(body) for (body,) in await stored(engine, "outbound", "body"))
        # What weights need is kept: in which wave each was recruited.
        assert await came(engine) == [(None, None), ("referral", 1)]
        assert await say(intake, 3, f"trial {second}") == f"{SPENT} {CONSENT}"
