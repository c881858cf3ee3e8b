"""What caps hold of a campaign and of reminders, counted on each database."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.caps import Cap, Held, Subject
from bot.core.outreach.reminding import Kind
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.capped import capped_invitations, capped_reminders
from bot.store.outreach.feeding import feed
from bot.store.outreach.reminders import Reminder, remind
from tests.outreach.test_reminding import begun, invited
from tests.support.campaigns import campaign, recipient
from tests.support.intake import NOON
from tests.support.letters import SENDER, contact, letter, put

UGANDA, A_DAY = Held(Subject.COUNTRY, "UG").code, Held(Cap.MESSAGES_A_DAY).code


async def test_what_caps_hold_is_counted_by_what_holds_it(engine: AsyncEngine) -> None:
    people = [await recipient(engine, person) for person in range(5)]
    of = await campaign(engine, *people)
    await feed(engine, of.id, SENDER, NOON, 10)
    await put(engine, letter(await contact(engine, 5)))  # of no campaign
    errors = [UGANDA, UGANDA, A_DAY, "the sender's queue was full", None, UGANDA]
    async with writer(engine).begin() as connection:
        for number, error in enumerate(errors, 1):
            await connection.execute(
                update(tables.outbound).where(tables.outbound.c.id == number).values(error=error)
            )
    assert await capped_invitations(engine, of.id) == {UGANDA: 2, A_DAY: 1}
    assert await capped_reminders(engine, "trial") == {}


async def test_reminders_that_caps_hold_are_counted(engine: AsyncEngine) -> None:
    listed = await recipient(engine, 1)
    of = await invited(engine, listed)
    await begun(engine)
    due = Reminder(
        *(1, 1, Kind.INVITED, NOON, SENDER, "Still time.", 1, "en", NOON + timedelta(days=4)),
        recipient_id=listed,
    )
    assert await remind(engine, "trial", [due], (), NOON + timedelta(days=3)) == 1
    async with writer(engine).begin() as connection:
        await connection.execute(update(tables.outbound).values(error=A_DAY))
    assert await capped_reminders(engine, "trial") == {A_DAY: 1}
    assert await capped_reminders(engine, "another") == {}
    assert await capped_invitations(engine, of.id) == {}  # it was sent
