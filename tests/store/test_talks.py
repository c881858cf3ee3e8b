"""A talk is read back as it went, and nobody else's with it."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel
from bot.core.prompts.records import Button
from bot.store.outbox import claim, settle
from bot.store.sending import OutboundStatus, Settled
from bot.store.talks import SaidMessage, read_talk
from bot.store.turns import Sender
from bot.store.vault import AddressPepper
from tests.support.intake import NOON, PEPPER, intake_on, message, phone, stored
from tests.support.letters import SENDER, letter, put

HOUR = timedelta(hours=1)


def sender(address: Address) -> Sender:
    return Sender(Channel.SMS, AddressPepper(PEPPER).hash(Channel.SMS, address))


async def test_talk_in_its_order(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        for number, (who, text) in enumerate([(1, "JOIN"), (2, "JOIN"), (1, "7"), (2, "8"), (1, "STOP")]):
            await intake.receive(message(who, text, f"SM{number}"))
    talk = await read_talk(engine, sender(phone(1)))
    assert [(one.outbound, one.text) for one in talk] == [
        (False, "JOIN"),
        (True, "welcome"),
        (False, "7"),
        (True, "7 after 0"),
        (True, "next?"),
        (False, "STOP"),
    ]
    assert talk[0] == SaidMessage(outbound=False, text="JOIN")
    assert talk[1] == SaidMessage(True, "welcome", "en", (Button("Yes", "consent=1"),))
    assert await read_talk(engine, sender(phone(1)), most=3) == talk[3:]


async def test_what_was_sent_of_our_own_accord_stands_where_it_was_sent(engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "SM1", at=NOON))
        ((person,),) = await stored(engine, "contacts", "id")
        await put(
            engine, letter(person, "Still time", due_at=NOON), letter(person, "Not yet", due_at=NOON + HOUR)
        )
        (taken,) = await claim(engine, SENDER, NOON + HOUR / 2, 1)
        assert "Still time" not in [one.text for one in await read_talk(engine, sender(phone(1)))]
        await settle(
            engine, [Settled(taken.id, taken.started_at, OutboundStatus.SENT, NOON + HOUR / 2, "SM9")]
        )
        await intake.receive(message(1, "7", "SM2", at=NOON + HOUR))
    talk = await read_talk(engine, sender(phone(1)))
    assert [one.text for one in talk] == ["JOIN", "welcome", "Still time", "7", "7 after 0", "next?"]


async def test_somebody_new_has_no_talk(engine: AsyncEngine) -> None:
    assert await read_talk(engine, sender(phone(3))) == ()


def test_words_do_not_show() -> None:
    assert "private" not in repr(SaidMessage(False, "private"))
