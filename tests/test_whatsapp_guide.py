"""docs/whatsapp.md tells of commands, variables, limits and errors that there are."""

import re
from pathlib import Path

import pytest
import typer

from bot.channels.twilio import LARGEST_BODY, PATH
from bot.channels.twilio_errors import CODES
from bot.channels.whatsapp import LONGEST_TEXT, PANELS
from bot.cli import app
from bot.settings import Settings
from bot.store.outbox import WINDOW_CLOSED

GUIDE = (Path(__file__).parents[1] / "docs" / "whatsapp.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"(?:^ +|`)heard ((?:outbox |channels )?[a-z]+)", GUIDE, re.MULTILINE)))
)
def test_every_command_is_there(command: str) -> None:
    found = typer.main.get_command(app)
    for word in command.split():
        assert hasattr(found, "commands")
        found = found.commands[word]


def test_every_variable_is_there() -> None:
    named = set(re.findall(r"\b((?:HEARD|TWILIO)_[A-Z_]+)\b", GUIDE))
    assert named <= {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert "TWILIO_CONTENT" in named


def test_every_error_is_there() -> None:
    codes = {int(code) for code in re.findall(r"`(\d{5})`", GUIDE)}
    assert codes <= CODES.keys()
    assert len(codes) >= 6
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
