"""Who was invited and what became of them: a response rate where everybody was, and none where others came too."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.disposition import Disposition
from bot.core.interview.records import Ending
from bot.results.invitations import invited_to
from bot.results.participation import response
from bot.results.records.figures import Share
from bot.results.records.participation import Invited, Outcome, Turnout, Unheard
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import claim, settle
from bot.store.outreach.feeding import feed
from bot.store.outreach.invitations import follow
from bot.store.sending import OutboundStatus, Settled
from tests.support.campaigns import begins, campaign, contact_of, recipient
from tests.support.intake import NOON
from tests.support.letters import SENDER

NOTHING = Share(0, 0, None, None)


def turnout(**counts: int) -> Turnout:
    outcomes = tuple(Outcome(Disposition(name), "", count) for name, count in counts.items())
    return Turnout(sum(counts.values()), 0, outcomes, NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("invited", "counts", "rate"),
    [
        # Complete and partial ones, of all but those whom it is not for.
        (
            Invited(100, ((Unheard.NOT_KNOWN, 50), (Unheard.OPTED_OUT, 10))),
            {"complete": 20, "partial": 5, "break_off": 3, "refused": 2, "not_eligible": 10},
            (25, 90),
        ),
        (Invited(10, ((Unheard.UNDELIVERED, 10),)), {}, (0, 10)),
        # Somebody came by themselves, or who was invited is not there any more.
        (Invited(100, ((Unheard.NOT_KNOWN, 90),)), {"complete": 11}, None),
        (Invited(100, ((Unheard.NOT_KNOWN, 90),)), {"complete": 9}, None),
    ],
)
def test_a_response_rate_is_told_of_a_list_alone(
    invited: Invited, counts: dict[str, int], rate: tuple[int, int] | None
) -> None:
    told = response(turnout(**counts), invited)
    assert (told.rate and (told.rate.count, told.rate.base)) == rate
    assert told.is_mixed is (rate is None)
    assert told.unheard == invited.unheard


def test_codes_are_those_of_the_standard_definitions() -> None:
    assert {one.value: one.aapor_code for one in Unheard} == {
        "opted_out": "2.11",
        "no_answer": "2.20",
        "not_known": "3.19",
        "undelivered": "3.30",
    }


async def test_what_became_of_invitations_is_counted_from_the_store(engine: AsyncEngine) -> None:
    assert await invited_to(engine, "trial") is None
    names = ["heard", "refused", "opted out", "delivered", "lost", "silent", "waiting"]
    people = {name: await recipient(engine, place) for place, name in enumerate(names)}
    of = await campaign(engine, *people.values())
    assert await invited_to(engine, "trial") is None
    async with writer(engine).begin() as connection:
        await connection.execute(
            update(tables.contacts)
            .where(tables.contacts.c.id == await contact_of(engine, people["waiting"]))
            .values(opted_out_at=NOON)
        )
    await feed(engine, of.id, SENDER, NOON, 100)
    taken = await claim(engine, SENDER, NOON, 100)
    await settle(engine, [Settled(one.id, NOON, OutboundStatus.SENT, NOON, f"SM{one.id}") for one in taken])
    await follow(engine, of.id, NOON)
    ids = {name: await contact_of(engine, one) for name, one in people.items()}
    await begins(engine, ids["heard"], ending=Ending.COMPLETE)
    await begins(engine, ids["refused"], ending=Ending.REFUSED)
    async with writer(engine).begin() as connection:
        contacts, out = tables.contacts, tables.outbound
        await connection.execute(
            update(contacts)
            .where(contacts.c.id == ids["opted out"])
            .values(opted_out_at=NOON + timedelta(hours=1))
        )
        for name, status in (("delivered", "delivered"), ("lost", "undelivered")):
            await connection.execute(update(out).where(out.c.contact_id == ids[name]).values(status=status))
    assert await invited_to(engine, "trial") == Invited(
        6,
        (
            (Unheard.OPTED_OUT, 1),
            (Unheard.NO_ANSWER, 1),
            (Unheard.NOT_KNOWN, 1),
            (Unheard.UNDELIVERED, 1),
        ),
    )
