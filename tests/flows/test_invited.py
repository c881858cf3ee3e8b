"""From the list to the answer: invited, answered over the webhook, reminded; by the commands, on each database."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.app import build
from bot.cli import app
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.outreach.inviting import Inviter
from bot.outreach.inviting import Surroundings as InvitingSurroundings
from bot.outreach.reminding import Questionnaires, Reminders
from bot.outreach.reminding import Surroundings as RemindingSurroundings
from bot.settings import read_settings
from bot.wiring import sender_lines
from tests.flows.test_told_what_came_of_it import CATALOGUE, OURS, folder, say
from tests.support.campaigns import recipient
from tests.support.databases import opened
from tests.support.fake_twilio import FakeTwilio, fake_twilio
from tests.support.intake import stored
from tests.support.letters import SEAL, number
from tests.support.served import served

__all__ = ["folder"]

OUTREACH = """
sending: {signed: Water office, hours: "00:00-23:59"}
invitation:
  wordings: [{name: plain, text: Tell us about your well.}]
reminders: {most: 2, after_days: 3, invited: Still time., paused: Shall we go on?}
"""
SAID = {
    "outreach.sending.signed": ("Water office", "Ofisi ya maji"),
    "outreach.invitation.plain.text": ("Tell us about your well.", "Tuambie kuhusu kisima."),
    "outreach.reminders.invited": ("Still time.", "Bado kuna nafasi."),
    "outreach.reminders.paused": ("Shall we go on?", "Tuendelee?"),
}
SILENT, GREETS, REFUSES, STOPS, LEAVES_OFF = (number(person) for person in range(5))


def heard(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "150"}).invoke(app, arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return " ".join(result.output.split())


async def listed(database_url: str) -> None:
    async with served(build(read_settings())):
        pass
    async with opened(database_url) as engine:
        for person in range(5):
            await recipient(engine, person, "well", language="sw")


async def work(database_url: str, monkeypatch: pytest.MonkeyPatch, at: datetime) -> FakeTwilio:
    """Have the workers invite, remind and send what is due at a moment; return Twilio afterwards."""
    async with opened(database_url) as engine, fake_twilio() as twilio:
        monkeypatch.setenv("TWILIO_API_URL", twilio.url)
        (line,) = sender_lines(read_settings())
        rates = {line.name: 1_000.0}
        inviter = Inviter(engine, InvitingSurroundings(rates, now=lambda: at))
        around = RemindingSurroundings(rates, lambda channel, sealed: None, lambda: at)
        reminders = Reminders(engine, Questionnaires(engine, read_settings().locales), around)
        await inviter.turn()
        await reminders.turn()
        await drained(engine, SenderLine(line.name, line.provider, 1_000.0), at)
        await inviter.turn()
        await line.provider.close()
        return twilio


async def drained(engine: AsyncEngine, line: SenderLine, at: datetime) -> None:
    async def no_rest(seconds: float) -> bool:
        return False

    sending = Drain(engine, line, Surroundings(SEAL, lambda: at), no_rest)
    while await sending.turn():
        pass


async def answer() -> None:
    async with served(build(read_settings())) as web:
        asked = "Ofisi ya maji inauliza swali moja. Unaweza kuacha wakati wowote."
        assert asked in await say(web, GREETS, "nani?")
        assert asked in await say(web, LEAVES_OFF, "NDIYO")
        assert await say(web, GREETS, *("nani?", "1", "Chimbeni")) == (
            "Asante.\nTukuambie matokeo yake? Tuma 1 kwa ndiyo, 2 kwa hapana."
        )
        assert await say(web, LEAVES_OFF, "NDIYO", "1") == "Nini kifanyike kuhusu kisima?"
        assert await say(web, REFUSES, "hapana") == "Sawa. Asante. Hatutakuuliza chochote."
        assert (await say(web, STOPS, "acha")).startswith("Hutapokea ujumbe tena.")


def test_from_the_list_to_the_answer(
    folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "well.outreach.yaml").write_text(OUTREACH)
    entries = [
        f'\nmsgctxt "{context}"\nmsgid "{source}"\nmsgstr "{said}"\n'
        for context, (source, said) in SAID.items()
    ]
    (folder / "locales/sw/LC_MESSAGES/well.po").write_text(CATALOGUE + "".join(entries))
    asyncio.run(listed(database_url))
    assert "5 people can be invited to well." in heard("invite", "well")
    assert "Campaign 1 is running." in heard("invite", "well", "--yes", "5")
    # No message goes to a country that nobody has allowed.
    heard("caps", "allow-country", "GB", "--home", "--as", "amina")
    now = datetime.now(UTC)
    twilio = asyncio.run(work(database_url, monkeypatch, now))
    invitation = "Ofisi ya maji: Tuambie kuhusu kisima. Usipotaka ujumbe tena, tuma ACHA."
    assert {(one["to"], one["from"], one["body"]) for one in twilio.taken} == {
        (who, OURS, invitation) for who in (SILENT, GREETS, REFUSES, STOPS, LEAVES_OFF)
    }
    assert len(twilio.taken) == 5
    monkeypatch.setenv("TWILIO_API_URL", "http://127.0.0.1:9")
    asyncio.run(answer())
    status = heard("invite", "status", "well")
    assert "Campaign 1: done everybody is invited or left out" in status
    assert "1 sent 2 answered 1 refused 1 opted out 5 in all" in status
    assert "2 people of well will be reminded." in heard("remind", "well")
    assert "the 2 people of today, and whoever falls silent later" in heard("remind", "well", "--yes", "2")
    assert asyncio.run(work(database_url, monkeypatch, now + timedelta(days=2))).taken == []
    twilio = asyncio.run(work(database_url, monkeypatch, now + timedelta(days=3, minutes=1)))
    stop = "Usipotaka ujumbe tena, tuma ACHA."
    assert {one["to"]: one["body"] for one in twilio.taken} == {
        SILENT: f"Ofisi ya maji: Bado kuna nafasi. {stop}",
        LEAVES_OFF: f"Ofisi ya maji: Tuendelee? {stop}\nNini kifanyike kuhusu kisima?",
    }
    assert "1 invited, sent 1 paused, sent" in heard("remind", "status", "well")
    states = asyncio.run(interviews(database_url))
    assert sorted(states) == [("ended", "complete"), ("ended", "refused"), ("items", None)]
    assert "Reminding for well is paused." in heard("remind", "pause", "well")
    said = heard("invite", "status", "well") + heard("remind", "status", "well")
    assert number(0)[1:] not in said


async def interviews(database_url: str) -> list[tuple[str, str | None]]:
    async with opened(database_url) as engine:
        return [tuple(row) for row in await stored(engine, "interviews", "stage", "ending")]
