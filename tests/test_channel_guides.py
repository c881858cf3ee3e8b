"""The guides of the channels tell of commands, variables, limits and errors that there are."""

import re
from pathlib import Path

import pytest
import typer

from bot.channels.twilio import LARGEST_BODY, PATH
from bot.channels.twilio_errors import CODES
from bot.channels.twilio_set_up import RETRIES
from bot.channels.whatsapp import LONGEST_TEXT, PANELS
from bot.cli import app
from bot.settings import Settings
from bot.store.outbox import WINDOW_CLOSED

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("sms", "telegram", "whatsapp")}
GUIDE = GUIDES["whatsapp"]
COMMAND = re.compile(r"(?:^ +|`)heard ((?:outbox |channels )?[a-z]+)", re.MULTILINE)


@pytest.mark.parametrize(
    "command", sorted({one for guide in GUIDES.values() for one in COMMAND.findall(guide)})
)
def test_every_command_is_there(command: str) -> None:
    found = typer.main.get_command(app)
    for word in command.split():
        assert hasattr(found, "commands")
        found = found.commands[word]


@pytest.mark.parametrize(
    ("guide", "needed"),
    [
        ("sms", {"HEARD_PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"}),
        ("telegram", {"HEARD_PUBLIC_URL", "TELEGRAM_TOKEN", "TELEGRAM_SECRET"}),
        ("whatsapp", {"HEARD_PUBLIC_URL", "TWILIO_AUTH_TOKEN", "TWILIO_CONTENT"}),
    ],
)
def test_every_variable_is_there(guide: str, needed: set[str]) -> None:
    named = set(re.findall(r"\b((?:HEARD|TWILIO|TELEGRAM)_[A-Z_]+)\b", GUIDES[guide]))
    assert named <= {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert needed <= named


@pytest.mark.parametrize("guide", ["sms", "whatsapp"])
def test_every_error_is_there(guide: str) -> None:
    codes = {int(code) for code in re.findall(r"`(\d{5})`", GUIDES[guide])}
    # Twilio's example of a short code has five digits too.
    assert codes - {24680} <= CODES.keys()
    assert len(codes) >= 6


def test_a_closed_window_is_told_by_its_name() -> None:
    assert f"`{WINDOW_CLOSED}`" in GUIDE


def test_the_limits_are_those_that_hold() -> None:
    longest = {panel.opens: (panel.buttons, panel.label) for panel in PANELS.values()}
    assert longest == {False: (3, 20), True: (10, 24)}
    for said in (
        "up to 3 choices, each of up to 20",
        "up to 10 choices, each of up to 24",
        f"{LONGEST_TEXT:,} letters together",
        f"up to {LARGEST_BODY:,} letters",
        f"https://heard.example.org{PATH}`",
    ):
        assert said in GUIDE


def test_the_address_for_twilio_is_what_is_set() -> None:
    assert f"https://heard.example.org{PATH}{RETRIES}\n" in GUIDES["sms"]


def test_each_guide_is_found() -> None:
    for page in ("README.md", "docs/operating.md"):
        text = (DOCS.parent / page).read_text(encoding="utf-8")
        assert [name for name in GUIDES if f"{name}.md)" not in text] == []
