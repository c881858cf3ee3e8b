"""WhatsApp through the whole application, in both directions, against Twilio on loopback; on each database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import build
from bot.channels import Channel
from bot.channels.sending import Template
from bot.channels.twilio_rest import TwilioRest, make_client
from bot.channels.whatsapp_set_up import make_templates, written
from bot.core.prompts.records import OPENS_BUTTON, Button
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import LEASE, Drain
from bot.outbox.outcome import ASKED_AFTER
from bot.settings import read_settings
from bot.store import tables
from bot.store.database import writer
from bot.store.letters import requeue
from bot.store.outbox import claim
from bot.store.reading import interviews
from bot.store.sending import OutboundStatus
from bot.wiring import sender_lines
from bot.working import build_work
from tests.support import webhooks
from tests.support.fake_twilio import ACCOUNT, TOKEN, Breaks, Refuses
from tests.support.fake_twilio_content import FakeContent, Phone, Shown, fake_content
from tests.support.intake import NOON, PEPPER, SEALING_KEY, stored
from tests.support.letters import SEAL, SENDER, contact, letter, put
from tests.support.served import served

ROOT = Path(__file__).parents[1]
VILLAGE = """
consultation: village
title: The village
languages: [en]
keywords: {en: [VILLAGE]}
consent: The office asks 5 short questions. You may stop any time.
items:
  - name: water
    type: select_one
    label: Where is your water from?
    choices:
      - {name: well, label: A well}
      - {name: tap, label: A tap}
      - {name: rain, label: Rain}
      - {name: river, label: A river}
  - {name: road, type: select_one, label: Is the road good?,
     choices: [{name: good, label: In every season}, {name: bad, label: When it is dry}]}
  - name: needs
    type: select_multiple
    label: What is needed?
    choices: [{name: light, label: Light}, {name: school, label: A school}]
  - {name: place, type: geopoint, label: Where do you live?}
  - {name: ready, type: acknowledge, label: One more question.}
  - {name: wish, type: text, label: What do you wish?}
thanks: Thank you.
"""
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(hours=24)


@pytest.fixture
async def twilio() -> AsyncIterator[FakeContent]:
    async with fake_content() as fake:
        yield fake


async def made(twilio: FakeContent) -> str:
    """Make the templates as `heard channels whatsapp` does, and return the setting."""
    client = make_client(ACCOUNT, TOKEN, twilio.url)
    return written(await asyncio.to_thread(make_templates, client))


Serve = Callable[..., Any]


@pytest.fixture
def serve(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    engine: AsyncEngine,
    database_url: str,
    twilio: FakeContent,
) -> Serve:
    """Serve the village, with what sends from the outbox; `content` is the setting."""
    (tmp_path / "village.yaml").write_text(VILLAGE)
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_FLOWS": str(tmp_path),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "HEARD_PUBLIC_URL": webhooks.PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": f"whatsapp:{SENDER}",
        "TWILIO_API_URL": twilio.url,
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("bot.outbox.POLL_S", 0.01)

    @asynccontextmanager
    async def serving(content: str) -> AsyncIterator[httpx.AsyncClient]:
        monkeypatch.setenv("TWILIO_CONTENT", content)
        settings = read_settings()
        async with served(build(settings)) as web:
            # On SQLite the server itself sends; on PostgreSQL `heard work` does.
            if engine.dialect.name == "sqlite":
                yield web
                return
            work = build_work(settings, engine)
            working = asyncio.create_task(work.run())
            yield web
            work.stop()
            await working

    return serving


async def answers(engine: AsyncEngine) -> dict[str, str]:
    (held,) = [one async for one in interviews(engine, "village")]
    return {one.slot: one.value for one in held.answers if one.relevant}


async def states(engine: AsyncEngine) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in await stored(engine, "outbound", "status", "error")]


async def test_a_whole_interview_with_buttons(serve: Serve, engine: AsyncEngine, twilio: FakeContent) -> None:
    async with serve(await made(twilio)) as web:
        ada = Phone(twilio, web)
        consent = "The office asks 5 short questions. You may stop any time."
        assert await ada.says("village") == Shown(consent, {"Yes": ":consent=yes", "No": ":consent=no"})
        water = await ada.presses("Yes")
        assert water == Shown(
            "Where is your water from?",
            {"A well": "water=well", "A tap": "water=tap", "Rain": "water=rain", "A river": "water=river"},
            opens="Choose",
        )
        road = await ada.presses("A river")
        assert list(road.buttons) == ["In every season", "When it is dry"]
        needs = await ada.presses("When it is dry")
        assert needs == Shown("What is needed?\n1. Light\n2. A school\nSend all your numbers, like 1 3.")
        assert (await ada.says("1 2")).text.startswith("Where do you live?")
        ready = await ada.says("", Latitude="6.524379", Longitude="3.379206")
        assert ready == Shown("One more question.", {"OK": "ready=OK"})
        assert await ada.presses("OK") == Shown("What do you wish?")
        assert await ada.says("A bridge") == Shown("Thank you.")
    (held,) = [one async for one in interviews(engine, "village")]
    assert (held.channel, held.ending) == ("whatsapp", "complete")
    assert await answers(engine) == {
        "water": "river",
        "road": "bad",
        "needs": "light school",
        "place": "6.52 3.38 0 0",
        "ready": "OK",
        "wish": "A bridge",
    }
    # What has no buttons went in the answers.
    assert ["ContentSid" in form and "Body" not in form for form in twilio.forms] == [True] * 4
    assert {(form["To"], form["From"]) for form in twilio.forms} == {
        (f"whatsapp:{webhooks.NUMBER}", f"whatsapp:{SENDER}")
    }


async def test_a_whole_interview_in_plain_text(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent
) -> None:
    async with serve("") as web:
        ada = Phone(twilio, web)
        for text in ("VILLAGE", "1", "4", "2", "1 2"):
            shown = await ada.says(text)
            assert shown.buttons == {}
        for text in ("6.52 3.38", "OK", "A bridge"):
            shown = await ada.says(text)
    assert shown == Shown("Thank you.")
    found = await answers(engine)
    assert (found["water"], found["road"], found["needs"], found["wish"]) == (
        "river",
        "bad",
        "light school",
        "A bridge",
    )
    assert twilio.requests == 0


async def test_what_is_typed_counts_as_much_as_what_is_pressed(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent
) -> None:
    async with serve(await made(twilio)) as web:
        ada = Phone(twilio, web)
        await ada.says("VILLAGE")
        await ada.says("yes")
        await ada.says("a river")
        await ada.says("2")
    assert await answers(engine) == {"water": "river", "road": "bad"}


async def test_a_button_of_an_earlier_question_is_never_an_answer_to_this_one(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent
) -> None:
    async with serve(await made(twilio)) as web:
        ada = Phone(twilio, web)
        await ada.says("VILLAGE")
        water = await ada.presses("Yes")
        road = await ada.presses("A well")
        again = await ada.presses("Rain", water)
        assert again.text == "That button is for an earlier question.\nIs the road good?"
        assert again.buttons == road.buttons
        assert await answers(engine) == {"water": "well"}
        await ada.presses("In every season", road)
    assert await answers(engine) == {"water": "well", "road": "good"}


async def test_only_the_sets_that_there_are_templates_for_are_used(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent
) -> None:
    quick = [one for one in (await made(twilio)).split(",") if one.startswith("quick-reply-2")]
    async with serve(",".join(quick)) as web:
        ada = Phone(twilio, web)
        await ada.says("VILLAGE")
        assert await ada.presses("Yes") == Shown(
            "Where is your water from?\n1. A well\n2. A tap\n3. Rain\n4. A river\nSend a number."
        )
        assert len((await ada.says("4")).buttons) == 2
    assert await answers(engine) == {"water": "river"}


async def test_a_second_delivery_changes_and_sends_nothing(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent
) -> None:
    async with serve(await made(twilio)) as web:
        ada = Phone(twilio, web)
        await ada.says("VILLAGE", sid="SM" + "a" * 32)
        assert await ada.delivers("VILLAGE", sid="SM" + "a" * 32) == []
        await ada.presses("Yes")
    assert len(twilio.forms) == 2
    assert await states(engine) == [("sent", None)] * 2


async def test_who_writes_faster_than_the_outbox_sends_gets_the_last_question_alone(
    serve: Serve, engine: AsyncEngine, twilio: FakeContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def late(*arguments: Any) -> Any:
        await over.wait()
        return await claim(*arguments)

    monkeypatch.setattr("bot.store.outbox.claim", late)
    async with serve(await made(twilio)) as web:
        ada, ben = Phone(twilio, web), Phone(twilio, web, "+447700900123")
        for text in ("VILLAGE", "yes"):
            assert await ben.delivers(text) == []
        for text in ("VILLAGE", "yes", "1"):
            assert await ada.delivers(text) == []
        (needs,) = await ada.delivers("2")
        assert needs.startswith("What is needed?")
        now = datetime.now(UTC)
        taken = [one.text for _ in range(4) for one in await claim(engine, SENDER, now, 10)]
        assert taken == ["Where is your water from?"]
        over.set()
    states_of = {status for status, _ in await states(engine)}
    assert states_of == {"expired", "sending", "replied"}
    assert twilio.forms == []


async def test_stop_is_confirmed_once(serve: Serve, engine: AsyncEngine, twilio: FakeContent) -> None:
    """Twilio answers STOP on WhatsApp only where an operator has set up Advanced Opt-Out; then it says so."""
    async with serve(await made(twilio)) as web:
        ada, ben = Phone(twilio, web), Phone(twilio, web, "+447700900123")
        await ada.says("VILLAGE")
        await ben.says("VILLAGE")
        sent = len(twilio.forms)
        (confirmed,) = await ada.delivers("STOP")
        assert "START" in confirmed
        assert await ben.delivers("STOP", OptOutType="STOP") == []
        assert await ada.delivers("STOP") == []
        assert await ben.delivers("Yes", ButtonPayload=":consent=yes") == []
    assert len(twilio.forms) == sent
    assert None not in [row[0] for row in await stored(engine, "contacts", "opted_out_at")]


# --- what becomes of a question with buttons


OPENS = Button("Choose", OPENS_BUTTON)
FUELS = (Button("Gas", "fuel=gas"), Button("Wood", "fuel=wood"))


class Clock:
    """The time as the test says it is."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def drain(engine: AsyncEngine, twilio: FakeContent, clock: Clock) -> AsyncIterator[Drain]:
    contents = dict(one.split("=") for one in (await made(twilio)).split(","))
    provider = TwilioRest(ACCOUNT, TOKEN, twilio.url, contents=contents)

    async def no_rest(_: float) -> bool:
        return False

    yield Drain(
        engine, SenderLine(SENDER, provider, 10_000.0), Surroundings(SEAL, clock, lambda: 0.0), no_rest
    )
    await provider.close()


async def person(engine: AsyncEngine, number: int = 1, last_inbound_at: datetime | None = NOON) -> int:
    return await contact(engine, number, Channel.WHATSAPP, last_inbound_at=last_inbound_at)


@pytest.mark.parametrize(
    ("buttons", "shown"),
    [
        pytest.param(FUELS, Shown("With what?", {"Gas": "fuel=gas", "Wood": "fuel=wood"}), id="quick reply"),
        pytest.param(
            (OPENS, *FUELS),
            Shown("With what?", {"Gas": "fuel=gas", "Wood": "fuel=wood"}, "Choose"),
            id="list",
        ),
        pytest.param(
            tuple(Button(str(one), f"q={one}") for one in range(4)),
            Shown("With what?\n- 0\n- 1\n- 2\n- 3"),
            id="a set that is no more",
        ),
    ],
)
async def test_what_is_sent(
    engine: AsyncEngine, twilio: FakeContent, drain: Drain, buttons: tuple[Button, ...], shown: Shown
) -> None:
    await put(engine, letter(await person(engine), "With what?", buttons=buttons))
    await drain.turn()
    assert twilio.shown() == shown


async def test_a_question_loses_its_buttons_where_twilio_has_lost_the_template(
    engine: AsyncEngine, twilio: FakeContent, drain: Drain, caplog: pytest.LogCaptureFixture
) -> None:
    twilio.contents.clear()
    await put(engine, *[letter(await person(engine, one), "With what?", buttons=FUELS) for one in range(3)])
    await drain.turn()
    assert [twilio.shown(place) for place in range(3)] == [Shown("With what?\n- Gas\n- Wood")] * 3
    assert await states(engine) == [("sent", None)] * 3
    assert [one.levelname for one in caplog.records if one.name == "bot.channels.twilio_rest"] == ["ERROR"]


@pytest.mark.parametrize(
    ("behaviour", "later"),
    [
        pytest.param(Refuses(429, 20429), 10 * SECOND, id="too fast"),
        pytest.param(Refuses(429, 63018), 2 * 60 * SECOND, id="WhatsApp's limit"),
        pytest.param(Breaks(takes=True), ASKED_AFTER + LEASE, id="breaks after it was taken"),
        pytest.param(Breaks(takes=False), ASKED_AFTER + LEASE, id="breaks before it was taken"),
    ],
)
async def test_a_fault_loses_and_doubles_nothing(
    engine: AsyncEngine,
    twilio: FakeContent,
    drain: Drain,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: Refuses | Breaks,
    later: timedelta,
) -> None:
    await put(engine, letter(await person(engine), "With {{what}}?", buttons=FUELS))
    twilio.next.append(behaviour)
    await drain.turn()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for turn in range(1, 5):
        clock.now = NOON + turn * later
        monkeypatch.setattr("bot.outbox.drain._clock", lambda: began + (clock.now - NOON).total_seconds())
        await drain.turn()
    assert [form["ContentVariables"].count("With") for form in twilio.forms] == [1]
    assert await states(engine) == [("sent", None)]


@pytest.mark.parametrize(
    ("senders", "rates"),
    [
        pytest.param("whatsapp:+12025550100", {"+12025550100": 10.0}, id="WhatsApp alone"),
        pytest.param("+12025550100", {"+12025550100": 2.0}, id="SMS alone"),
        pytest.param("+12025550100,whatsapp:+12025550100", {"+12025550100": 2.0}, id="a number for both"),
    ],
)
def test_each_sender_has_its_rate(
    monkeypatch: pytest.MonkeyPatch, senders: str, rates: dict[str, float]
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("TWILIO_FROM", senders)
    monkeypatch.setenv("HEARD_SMS_PER_SECOND", "2")
    assert {one.name: one.per_second for one in sender_lines(read_settings())} == rates


async def test_whatsapp_does_not_wait_as_long_as_sms_of_the_same_number(
    engine: AsyncEngine, twilio: FakeContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outbox.drain._clock", lambda: 0.0)
    rests: list[float] = []

    async def rest(seconds: float) -> bool:
        rests.append(seconds)
        return False

    for one in range(2):
        await put(engine, letter(await person(engine, one)))
    for one in range(2, 4):
        await put(engine, letter(await contact(engine, one, Channel.SMS), segments=2))
    line = SenderLine(SENDER, TwilioRest(ACCOUNT, TOKEN, twilio.url), 4.0)
    await Drain(engine, line, Surroundings(SEAL, lambda: NOON), rest).turn()
    assert rests == pytest.approx([0, 0.1, 0.2, 0.7])


# --- the day within which somebody may be written to freely

AGAIN = Template("HX" + "f" * 32, {"1": "the village"})


@pytest.mark.parametrize(
    ("last", "after", "expected"),
    [
        pytest.param(NOON, DAY - SECOND, ("sent", None), id="just within"),
        pytest.param(NOON, DAY, ("failed", "window closed"), id="just after"),
        pytest.param(None, timedelta(), ("failed", "window closed"), id="never wrote"),
    ],
)
async def test_words_of_our_own_go_within_a_day_alone(
    engine: AsyncEngine,
    twilio: FakeContent,
    drain: Drain,
    clock: Clock,
    last: datetime | None,
    after: timedelta,
    expected: tuple[str, str | None],
) -> None:
    await put(engine, letter(await person(engine, last_inbound_at=last)))
    sms = await contact(engine, 2, Channel.SMS)
    await put(engine, letter(sms, "by SMS"))
    clock.now = NOON + after
    await drain.turn()
    clock.now += 30 * DAY
    assert not await drain.turn()
    assert await states(engine) == [expected, ("sent", None)]
    assert len(twilio.forms) == (2 if expected[0] == "sent" else 1)


async def test_a_template_goes_when_the_day_is_over(
    engine: AsyncEngine, twilio: FakeContent, drain: Drain, clock: Clock
) -> None:
    text = {"body": "Hello. You began {{1}} with us. Write to go on."}
    twilio.contents[AGAIN.id] = {"sid": AGAIN.id, "variables": {}, "types": {"twilio/text": text}}
    await put(
        engine,
        letter(await person(engine, 1), "Shall we go on?", template=AGAIN),
        letter(await person(engine, 2, NOON + HOUR), "Shall we go on?", template=AGAIN),
    )
    clock.now = NOON + DAY
    await drain.turn()
    texts = {form["To"][-1]: twilio.shown(place).text for place, form in enumerate(twilio.forms)}
    assert texts == {"1": "Hello. You began the village with us. Write to go on.", "2": "Shall we go on?"}


async def test_a_template_that_twilio_has_lost_is_a_dead_letter(
    engine: AsyncEngine, twilio: FakeContent, drain: Drain, clock: Clock
) -> None:
    await put(engine, letter(await person(engine), "Shall we go on?", buttons=FUELS, template=AGAIN))
    clock.now = NOON + DAY
    await drain.turn()
    assert await states(engine) == [("failed", "21655")]
    assert twilio.requests == 1


async def test_what_was_closed_goes_once_they_have_written_again(
    engine: AsyncEngine, twilio: FakeContent, drain: Drain, clock: Clock
) -> None:
    await put(engine, letter(await person(engine)))
    clock.now = NOON + DAY
    await drain.turn()
    assert await requeue(engine, OutboundStatus.FAILED, None, clock.now) == 1
    async with writer(engine).begin() as connection:
        await connection.execute(update(tables.contacts).values(last_inbound_at=clock.now))
    await drain.turn()
    assert await states(engine) == [("sent", None)]


# --- what Twilio says later


@pytest.mark.parametrize(
    ("error", "is_told", "is_out"),
    [
        pytest.param("63016", True, False, id="outside of the day"),
        pytest.param("63014", False, True, id="blocked us"),
        pytest.param("63024", False, False, id="not on WhatsApp"),
    ],
)
async def test_what_did_not_arrive_says_why(
    serve: Serve,
    engine: AsyncEngine,
    twilio: FakeContent,
    caplog: pytest.LogCaptureFixture,
    error: str,
    is_told: bool,
    is_out: bool,
) -> None:
    async with serve(await made(twilio)) as web:
        await Phone(twilio, web).says("VILLAGE")
        sid = twilio.taken[-1]["sid"]
        fields = {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": error}
        body, headers = webhooks.signed(fields, f"{webhooks.PUBLIC_URL}/webhooks/twilio/status")
        response = await web.post("/webhooks/twilio/status", content=body, headers=headers)
        assert response.status_code == 204
    assert await states(engine) == [("undelivered", error)]
    assert bool([one for one in caplog.records if error in one.getMessage()]) is is_told
    ((since,),) = await stored(engine, "contacts", "opted_out_at")
    assert (since is not None) is is_out
