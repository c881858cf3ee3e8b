"""`heard inbox`, as an operator, somebody who answers and a safeguarding lead meet it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.checkup import check_up
from bot.checkup.findings import Mark
from bot.cli import app
from bot.settings import read_settings
from tests.outreach.test_inbox import AT_WISH, attended, say
from tests.support.databases import Databases, opened
from tests.support.intake import PEPPER, SEALING_KEY

ROOT = Path(__file__).parents[2]
OURS = "+12025550100"
ENDS = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
REASON = "first look, urgent"
NEEDS = """
consultation: trial
title: A trial
languages: [en]
keywords: {en: [TRIAL]}
consent: May we ask?
items:
  - {name: wish, type: text, label: What should be better?}
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    async def fill() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine, attended(engine) as intake:
            await say(intake, 1, "he will kill me, says Mercy")
            await say(intake, 2, *AT_WISH, "person", "my card is gone")
        return url

    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "trial.yaml").write_text(NEEDS)
    (flows / "trial.outreach.yaml").write_text("help: {line: 'Free line: 116', hours: From 9 to 17.}")
    for name, value in {
        "DATABASE_URL": asyncio.run(fill()),
        "HEARD_FLOWS": str(flows),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_AUTH_TOKEN": "0" * 32,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_FROM": OURS,
        "COLUMNS": "200",
    }.items():
        monkeypatch.setenv(name, value)
    return str(tmp_path)


def heard(*arguments: str, typed: str = "", token: str = "", code: int = 0) -> str:
    environment = {"HEARD_INBOX_TOKEN": token}
    result = CliRunner().invoke(app, ["inbox", *arguments], input=typed, env=environment)
    if code == 0 and result.exception is not None:
        raise result.exception
    assert (result.exit_code != 0) == (code != 0), result.output
    return result.output + (str(result.exception) if result.exception else "")


def let_in(name: str, *options: str) -> str:
    shown = heard("people", "add", name, "--consultation", "trial", "--expires", ENDS, *options)
    found = re.search(r"heard_inbox_\S+", shown)
    assert found is not None
    return found[0]


@pytest.mark.usefixtures("database")
def test_a_case_from_the_queue_to_its_end() -> None:
    listed = heard("list")
    first, second = (line.split() for line in listed.splitlines()[1:3])
    assert first[:3] == ["1", "urgent", "trial"]
    assert second[:3] == ["2", "asked", "trial"]
    assert "overdue" in listed
    for secret in ("Mercy", "card", "2025550"):
        assert secret not in listed
    token = let_in("Ada Obi")
    shown = heard("show", "1", "--as", "Ada Obi", "--reason", REASON, token=token)
    assert "he will kill me, says Mercy" in shown
    assert "2025550" not in shown
    assert "looked at" in heard("list").splitlines()[1]
    answered = heard("answer", "2", "--as", "Ada Obi", "--file", "-", typed="We look for it.\n", token=token)
    assert "Queued for case 2, 1 SMS" in answered
    assert "We look for it." in heard("show", "2", "--as", "Ada Obi", "--reason", REASON, token=token)
    closed = heard("close", "2", "--as", "Ada Obi", "--outcome", "answered", token=token)
    assert "The question that waited is asked again." in closed
    assert "No question is asked" in heard(
        "close", "1", "--as", "Ada Obi", "--outcome", "referred", token=token
    )
    assert heard("list").strip() == "Nothing waits for a person."
    assert "referred" in heard("list", "--closed")
    audit = heard("audit")
    assert [line.split()[0] for line in audit.splitlines()[1:]] == ["1", "2", "3", "4", "5", "6"]
    assert "registered" in audit
    assert audit.count("looked") == 2
    assert "Mercy" not in audit
    verified = heard("audit", "--verify")
    assert "6 lines, each as it was written" in verified
    head = verified.split()[-1]
    assert "6 lines" in heard("audit", "--verify", "--known", head)
    assert "lines are gone" in heard("audit", "--verify", "--known", "0" * 64, code=1)


@pytest.mark.usefixtures("database")
def test_a_number_is_for_a_lead_alone() -> None:
    shown = heard("reveal", "1", "--as", "Ada", "--reason", REASON, token=let_in("Ada"), code=1)
    assert "only a safeguarding lead" in shown
    assert "2025550101" not in shown
    lead = let_in("Bola", "--lead")
    assert "+12025550101" in heard("reveal", "1", "--as", "Bola", "--reason", REASON, token=lead)
    assert [word for word in ("refused", "revealed") if word in heard("audit")] == ["refused", "revealed"]
    assert "2025550101" not in heard("audit")


@pytest.mark.usefixtures("database")
def test_who_is_not_let_in_sees_nothing() -> None:
    for token in ("heard_inbox_no", ""):
        shown = heard("show", "1", "--as", "Ada", "--reason", REASON, token=token, typed="\n", code=1)
        assert "Mercy" not in shown
    token = let_in("Ada")
    assert "Mercy" in heard("show", "1", "--as", "Ada", "--reason", REASON, typed=f"{token}\n")
    assert "Person 1 may not look any more" in heard("people", "revoke", "1")
    assert "revoked" in heard("people", "list")
    assert "Mercy" not in heard("show", "1", "--as", "Ada", "--reason", REASON, token=token, code=1)


@pytest.mark.usefixtures("database")
def test_an_answer_that_would_tell_others_is_asked_about() -> None:
    token = let_in("Ada")
    said = "Are you safe from the violence?"
    held = heard("answer", "2", "--as", "Ada", typed=f"{said}\n", token=token, code=1)
    assert "whoever else reads the phone" in held
    sent = heard("answer", "2", "--as", "Ada", "--sure", typed=f"{said}\n", token=token)
    assert "Queued for case 2" in sent


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "9", "--as", "Ada", "--reason", REASON), "there is no case 9"),
        (("close", "1", "--as", "Ada", "--outcome", "done"), "answered, referred, mistaken"),
        (("answer", "1", "--as", "Ada", "--file", "/nowhere"), "cannot be read"),
        (
            ("people", "add", "Ada", "--consultation", "nothing", "--expires", ENDS),
            "there is no consultation",
        ),
        (("people", "add", "Ada", "--consultation", "all", "--expires", "2020-01-01"), "a day at least"),
        (("people", "add", "+447700900123", "--consultation", "all", "--expires", ENDS), "is no number"),
        (("people", "revoke", "7"), "nobody of number 7"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], told: str) -> None:
    token = let_in("Ada")
    assert told in " ".join(heard(*arguments, token=token, code=1).replace("│", " ").split())


async def of_inbox() -> list[tuple[Mark, str]]:
    return [
        (one.mark, one.text)
        async for one in check_up(read_settings())
        if one.group == "Messages for a person"
    ]


@pytest.mark.usefixtures("database")
def test_the_doctor_tells_of_what_nobody_looked_at_and_that_nobody_may() -> None:
    assert asyncio.run(of_inbox()) == [
        (Mark.OK, "2 cases open"),
        (Mark.PROBLEM, "1 urgent case that nobody has looked at in time"),
        (Mark.WARNING, "1 other case that nobody has looked at in time"),
        (Mark.PROBLEM, "trial tells people that somebody reads what they write, and nobody may"),
    ]
    token = let_in("Ada")
    for number in ("1", "2"):
        heard("show", number, "--as", "Ada", "--reason", REASON, token=token)
    assert asyncio.run(of_inbox()) == [(Mark.OK, "2 cases open")]
