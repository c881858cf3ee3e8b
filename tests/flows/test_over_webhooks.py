"""Whole interviews of every shipped consultation: signed webhooks in, and the same answers out of the export."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from bot.app import build
from bot.flowfiles.transcripts import Transcript, parse
from bot.settings import read_settings
from tests.support.commands import heard
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.served import served
from tests.support.webhooks import NUMBER, PUBLIC_URL, TOKEN, form, signed

ROOT = Path(__file__).parents[2]
WANTS = "report back"
SHOWN = re.compile(r"^\s*(\d+)\. (.+)$", re.MULTILINE)


def read(name: str) -> Transcript:
    transcript = parse((ROOT / "flows" / name).read_text(encoding="utf-8"))
    assert isinstance(transcript, Transcript), transcript
    return transcript


WHOLE = [
    path.name
    for path in sorted((ROOT / "flows").glob("*.txt"))
    if "= ended: complete" in path.read_text(encoding="utf-8") and read(path.name).channel == "sms"
]


def test_there_is_one_of_each() -> None:
    assert {name.partition(".")[0] for name in WHOLE} == {
        file.stem for file in (ROOT / "flows").glob("*.yaml")
    }


@pytest.mark.parametrize("name", WHOLE)
def test_what_was_said_by_sms_comes_out(
    name: str, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = {
        "DATABASE_URL": database_url,
        "HEARD_PUBLIC_URL": PUBLIC_URL,
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    transcript = read(name)
    asyncio.run(hold(transcript))
    file = tmp_path / "answers.json"
    told = heard("export", transcript.consultation, "--format", "json", "--output", str(file), **environment)
    assert told.returncode == 0, told.stderr
    (respondent,) = json.loads(file.read_text(encoding="utf-8"))["respondents"]
    assert respondent["disposition"] == "complete"
    answers = answers_in(transcript)
    assert {slot: as_written(respondent.get(slot)) for slot in answers} == answers
    assert NUMBER.removeprefix("+1") not in json.dumps(respondent)
    wanted = [
        line.removeprefix(f"{WANTS}: ") for turn in transcript.turns for line in turn.stored if WANTS in line
    ]
    counted = {("yes",): "1 yes, 0 no", ("no",): "0 yes, 1 no"}.get(tuple(wanted))
    told = heard("results", transcript.consultation, **environment).stdout
    assert ("Want to be told" in told) == bool(wanted)
    assert counted is None or f"Want to be told what came of it: {counted}, 0 did not say." in told


async def hold(transcript: Transcript) -> None:
    """Send every message as the transcript's person would who reads the menus that they are shown."""
    async with served(build(read_settings())) as web:
        written = shown = ""
        for number, turn in enumerate(transcript.turns):
            shown = await send(web, renumbered(turn.said, written, shown), number)
            written = "\n".join(turn.replies)


async def send(web: httpx.AsyncClient, text: str, number: int) -> str:
    body, headers = signed(form(text, sid=f"SM{number:032x}"))
    response = await web.post("/webhooks/twilio", content=body, headers=headers)
    assert response.status_code == 200
    return "\n".join(message.text or "" for message in ElementTree.fromstring(response.content))


def renumbered(said: str, written: str, shown: str) -> str:
    """Return a reply by numbers for a menu that has the same choices in another order, as chance has it."""
    names = dict(SHOWN.findall(written))
    numbers = {choice: number for number, choice in SHOWN.findall(shown)}
    return re.sub(r"\d+", lambda found: numbers.get(names.get(found[0], ""), found[0]), said)


def answers_in(transcript: Transcript) -> dict[str, str]:
    """Return what counts at the end by slot, as the transcript says it."""
    stored = (line.partition(": ") for turn in transcript.turns for line in turn.stored if ": " in line)
    # Whether there is one more training is no answer of its own: the answers about it say so.
    answers = {
        slot: worth
        for slot, _, worth in stored
        if slot not in ("language", "ended", WANTS) and not slot.startswith("trainings[")
    }
    return {
        slot: "" if worth.startswith("(") or worth.endswith("no longer counts") else worth
        for slot, worth in answers.items()
    }


def as_written(value: Any) -> str:
    return "" if value is None else str(value)
