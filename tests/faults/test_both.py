"""Faults that every store knows: a message that cannot be stored, and a clock that goes backwards."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.twilio import Twilio, segments
from bot.intake import Intake
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.versions import Publication, publish
from bot.web import application
from tests.crashes.killing import shipped
from tests.faults.talking import PHONE, WORDS, Talk, logged, private, refused, talking
from tests.support.intake import NOON, PEPPER, SEALING_KEY, no_rebuilding, stored
from tests.support.served import served
from tests.support.webhooks import PUBLIC_URL, TOKEN

REFUSES = {
    "sqlite": [
        f"CREATE TRIGGER refuses BEFORE INSERT ON inbound WHEN NEW.body = '{WORDS}' "
        f"BEGIN SELECT RAISE(ABORT, 'cannot store {WORDS}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a fault' USING ERRCODE = '22000', DETAIL = NEW.body; END $$",
        f"CREATE TRIGGER refuses BEFORE INSERT ON inbound FOR EACH ROW WHEN (NEW.body = '{WORDS}') "
        "EXECUTE FUNCTION refuses()",
    ],
}
ACCEPTS = {"sqlite": "DROP TRIGGER refuses", "postgresql": "DROP TRIGGER refuses ON inbound"}


async def test_a_message_that_cannot_be_stored_spoils_no_other(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = [f"+1202555016{number}" for number in range(8)]
    async with talking(database_url) as (talk, engine):
        await talk.begin()
        async with engine.begin() as connection:
            for statement in REFUSES[engine.dialect.name]:
                await connection.exec_driver_sql(statement)
        failed = await talk.count('heard_messages_refused_total{reason="failed"}')
        said = [talk.say("ENERGY", phone) for phone in others]
        responses = await asyncio.gather(*said[:4], talk.say(WORDS), *said[4:])
        assert [one.status_code for one in responses] == [200] * 4 + [503] + [200] * 4
        assert refused(responses[4])
        assert await talk.count('heard_messages_refused_total{reason="failed"}') == failed + 1
        await talk.check(engine)
        async with engine.begin() as connection:
            await connection.exec_driver_sql(ACCEPTS[engine.dialect.name])
        poisoned = next(sid for sid, one in talk.sent.items() if one.form["Body"] == WORDS)
        assert (await talk.again(poisoned)).status_code == 200
        await talk.check(engine)
    assert "a message was not taken in" in logged(caplog)
    assert private(logged(caplog)) == []


async def test_a_clock_that_goes_backwards(engine: AsyncEngine) -> None:
    known = shipped()
    await publish(engine, [Publication(one.version, one.id, "{}") for one in known.versions.values()], NOON)
    intake = Intake(
        engine,
        known,
        pepper=AddressPepper(PEPPER),
        seal=AddressSeal(SEALING_KEY),
        segments=segments,
        rebuild=no_rebuilding,
    )
    moments = [
        NOON,
        NOON + timedelta(minutes=1),
        NOON - timedelta(days=400),
        NOON - timedelta(days=399),
        NOON,
    ]
    clock = iter(moments)

    def now() -> datetime:
        return next(clock)

    async def unready() -> Sequence[str]:
        return ()

    async with served(application(intake, [Twilio(TOKEN, PUBLIC_URL)], unready, now=now)) as web:
        talk = Talk(web)
        await talk.begin()
        assert (await talk.say(WORDS)).status_code == 200
    await intake.close()
    await talk.check(engine)
    assert [at for (at,) in await stored(engine, "inbound", "received_at")] == moments
    assert [one.phone for one in talk.sent.values()] == [PHONE] * len(moments)
