"""docs/operating.md tells operators of what there is, and of nothing else."""

import re
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.metrics import exposition
from bot.settings import Settings
from tests.support.metrics import names

GUIDE = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_variable_is_explained() -> None:
    rows = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert named == {str(field.validation_alias) for field in Settings.model_fields.values()}


# At the start of a line or of a quotation: a database, a user and a folder are called heard too.
COMMANDS = sorted(set(re.findall(r"(?:^    |`|bin/)heard ((?:outbox )?[a-z-]+)", GUIDE, re.MULTILINE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_there(command: str) -> None:
    found = typer.main.get_command(app)
    for word in command.split():
        assert hasattr(found, "commands")
        found = found.commands[word]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(heard_[a-z_]+)", GUIDE))))
def test_every_metric_is_there(name: str) -> None:
    assert name in names(exposition({"failed": 0}, {"open": 0}).decode())
