"""`heard rewards`, as an organiser meets it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import RewardsError
from bot.settings import read_settings
from bot.working import build_rewards
from tests.support.airtime import Airtime, Fault, airtime
from tests.support.completed import interview
from tests.support.databases import Databases, opened
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.letters import contact, number

WATER = """
consultation: water
title: Water
languages: [en]
keywords: {en: [WATER]}
consent: The water office asks one question. Your number goes to who sends you the airtime.
items:
  - {name: wish, type: text, label: What should be done?}
"""
REWARDS = """
rewards:
  amount: "50"
  currency: KES
  for: completed
  budget: 100
  hook: HOOK
  discloses_number: true
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def make() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            for person in range(3):
                await interview(engine, await contact(engine, person))
            await interview(engine, None)
        return url

    (tmp_path / "water.yaml").write_text(WATER)
    variables = {
        "DATABASE_URL": asyncio.run(make()),
        "HEARD_FLOWS": str(tmp_path),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "HEARD_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def say(folder: Path, hook: str = "https://pay.example/airtime", **changed: str) -> None:
    text = REWARDS.replace("HOOK", hook)
    for before, after in changed.items():
        text = text.replace(f"{before}: ", f"{before}: {after} # ")
    (folder / "water.outreach.yaml").write_text(text)


def heard(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rewards", *arguments], catch_exceptions=False)


def start(*options: str) -> Result:
    return heard("start", "water", "--as", "Amina", *options)


def test_a_person_starts_watches_and_stops_it(folder: Path) -> None:
    secret = heard("secret", "water").stdout.strip()
    assert secret.startswith("whsec_")

    async def pay(faults: list[Fault]) -> Airtime:
        async with (
            airtime(secret) as provider,
            opened(read_settings().database_url.get_secret_value()) as engine,
        ):
            provider.faults = faults
            say(folder, provider.url)
            assert "Started." in (await asyncio.to_thread(start, "--yes", "3")).output
            worker = build_rewards(read_settings(), engine)
            assert worker is not None
            await worker.turn()
            return provider

    say(folder)
    shown = start().output
    assert "To each who completes: 50.00 KES. Paid by pay.example, which gets their phone number." in shown
    # Whoever starts it reads what people agreed to: no program can tell whether it says who gets their number.
    assert "That is a disclosure, which the consent has to name" in shown
    assert "  The water office asks one question. Your number goes to who sends you the airtime.\n" in shown
    assert "Budget: 100.00 KES, of which 0.00 KES are taken." in shown
    assert "3 people have completed already: 150.00 KES." in shown
    assert "1 person completed without a phone number" in shown
    assert "--as Amina --yes 3" in shown
    assert "gives no rewards" in heard("status", "water").output
    with pytest.raises(RewardsError, match="3 at once, not 2"):
        start("--yes", "2")
    provider = asyncio.run(pay([Fault.REJECTS]))
    assert provider.payments == {number(1): 1}
    status = heard("status", "water").output
    lines = {" ".join(line.split()) for line in status.splitlines()}
    assert "Budget: 100.00 KES; 50.00 KES left." in lines
    assert "1 confirmed paid; 50.00 KES" in lines
    assert "1 failed not paid, and will not be, says whoever pays (422); 50.00 KES" in lines
    assert "1 refused not handed over (budget)" in lines
    assert "1 completed without a phone number: nothing can be paid to them" in lines
    doctor = CliRunner().invoke(app, ["doctor"]).output
    assert "the budget for rewards of water is spent, and 1 get none" in doctor
    assert number(1) not in status + shown + doctor
    assert "1 failed: tried again." in heard("retry", "water").output
    assert "nothing to try again" in heard("retry", "water").output
    assert "Stopped." in heard("stop", "water", "--as", "Bintou").output
    assert "by Bintou" in heard("status", "water").output


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "there is no secret"),
        ({"discloses_number": "false"}, None),
        ({"hook": "http://pay.example/"}, None),
    ],
)
def test_what_does_not_start(folder: Path, changed: Mapping[str, str], told: str | None) -> None:
    say(folder, **changed)
    if told:
        with pytest.raises(RewardsError, match=told):
            start("--yes", "3")
    else:
        assert start("--yes", "3").exit_code == 1
    assert "gives no rewards" in heard("status", "water").output


def test_what_is_not_there(folder: Path) -> None:
    with pytest.raises(RewardsError, match=r"there is no .*water\.outreach\.yaml"):
        start()
    (folder / "water.outreach.yaml").write_text("sending: {country: KE}\n")
    with pytest.raises(RewardsError, match="says nothing of rewards"):
        start()
    with pytest.raises(RewardsError, match="no consultation 'forests'"):
        heard("start", "forests", "--as", "Amina")
    say(folder)
    with pytest.raises(RewardsError, match="who decides"):
        heard("start", "water", "--as", " ")


def test_the_secret_is_sealed(folder: Path) -> None:
    secret = heard("secret", "water").stdout.strip()
    assert heard("secret", "water").stdout.strip() != secret
    stored = b"".join(file.read_bytes() for file in folder.glob("*.db*"))
    assert b"reward_secrets" in stored
    assert secret.encode() not in stored


def test_checking_warns_that_the_consent_has_to_say_who_gets_the_number(folder: Path) -> None:
    say(folder)
    told = CliRunner().invoke(app, ["check", str(folder), "--locales", "locales", "--format", "json"])
    assert told.exit_code == 0, told.output
    (found,) = json.loads(told.output)
    assert (found["code"], found["severity"], found["line"]) == ("number-disclosed", "warning", 8)
    assert "phone number given to pay.example." in found["message"]
    (folder / "water.outreach.yaml").write_text("sending: {country: KE}\n")
    assert (
        CliRunner().invoke(app, ["check", str(folder), "--locales", "locales", "--format", "json"]).output
        == "[]\n"
    )
