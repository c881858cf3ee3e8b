"""What a crash could do to a store, done to one by hand: the check that follows every crash has to see it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import InboundMessage
from bot.channels.twilio import Fields, read_message, segments
from bot.intake import Intake
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.versions import Publication, publish
from tests.crashes.consistency import answered, inconsistencies
from tests.crashes.killing import shipped
from tests.crashes.phones import Message
from tests.support.intake import NOON, PEPPER, SEALING_KEY, no_rebuilding
from tests.support.webhooks import form

PHONE = "+12025550143"
TALK = ("ENERGY", "1", "1", "North")


@pytest.fixture
async def sent(engine: AsyncEngine) -> AsyncIterator[dict[str, Message]]:
    """Everything that one phone has sent, as it stands in the store."""
    known = shipped()
    versions = [Publication(one.version, one.id, "{}") for one in known.versions.values()]
    await publish(engine, versions, NOON)
    intake = Intake(
        engine,
        known,
        pepper=AddressPepper(PEPPER),
        seal=AddressSeal(SEALING_KEY),
        segments=segments,
        rebuild=no_rebuilding,
    )
    messages = {}
    for number, said in enumerate(TALK):
        fields = form(said, f"SM{number}", From=PHONE)
        read = read_message(Fields(urlencode(fields).encode()), NOON + timedelta(minutes=number))
        assert isinstance(read, InboundMessage)
        replies = await intake.receive(read)
        messages[f"SM{number}"] = Message(
            PHONE, fields, 1, NOON, {answered(read, (one.text for one in replies))}
        )
    yield messages
    await intake.close()


async def test_a_store_in_order_is_found_so(engine: AsyncEngine, sent: dict[str, Message]) -> None:
    assert await inconsistencies(engine, sent, shipped()) == []


OTHER_ORDER = "SM0 and those after it are stored in another order, or not all of them"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        pytest.param("DELETE FROM inbound WHERE provider_id = 'SM3'", "SM3 is lost", id="lost"),
        pytest.param("DELETE FROM inbound WHERE provider_id = 'SM1'", OTHER_ORDER, id="a gap"),
        pytest.param(
            "INSERT INTO inbound (channel, provider_id, contact_id, body, received_at) "
            "SELECT 'whatsapp', provider_id, contact_id, body, received_at FROM inbound WHERE provider_id = 'SM3'",
            "SM3 is stored 2 times",
            id="twice",
        ),
        pytest.param(
            "UPDATE inbound SET provider_id = 'SM9' WHERE provider_id = 'SM3'",
            "SM9 was never sent",
            id="more",
        ),
        pytest.param(
            "UPDATE inbound SET body = '2' WHERE provider_id = 'SM3'",
            "the words of SM3 are stored otherwise than sent",
            id="other words",
        ),
        pytest.param(
            "UPDATE outbound SET body = 'Hm?' WHERE in_reply_to = (SELECT min(id) FROM inbound)",
            "SM0 was answered otherwise than stored",
            id="another answer",
        ),
        pytest.param(
            "DELETE FROM outbound WHERE in_reply_to = (SELECT max(id) FROM inbound)",
            "the answer stored for SM3 is not the one that follows from the messages",
            id="no answer",
        ),
        pytest.param(
            "UPDATE contacts SET opted_out_at = last_inbound_at",
            "the contact of SM0 is not as its messages leave it",
            id="contact",
        ),
        pytest.param(
            """UPDATE interviews SET state = replace(state, '"tries":0', '"tries":1')""",
            "an interview of SM0 is not as its messages leave it",
            id="interview",
        ),
        pytest.param(
            "DELETE FROM answers",
            "an answer of SM0 is missing, or not the one in its interview",
            id="no answers",
        ),
        pytest.param(
            "UPDATE answers SET slot = slot || '_other'",
            "SM0 has an answer that its interview does not have",
            id="another answer of an interview",
        ),
    ],
)
async def test_damage_is_seen(engine: AsyncEngine, sent: dict[str, Message], damage: str, told: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(damage.replace(":0", r"\:0").replace(":1", r"\:1")))
    assert told in await inconsistencies(engine, sent, shipped())


async def test_two_answers_to_one_message_are_seen(engine: AsyncEngine, sent: dict[str, Message]) -> None:
    sent["SM2"].answers.add(b"another")
    assert "SM2 was answered in different ways" in await inconsistencies(engine, sent, shipped())
