"""`heard remind` as an organiser uses it: the plan, the number, and an end at any moment."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.test_invite import databases, folder, served, within
from tests.support.intake import stored

__all__ = ["databases", "folder"]


def heard(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["remind", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 1, str(result.exception)
    return result.exit_code, result.output


@pytest.fixture
def reminding(folder: Path) -> Path:
    file = folder / "flows" / "water.outreach.yaml"
    file.write_text(file.read_text() + "reminders: {most: 1, paused: Shall we go on?}\n")
    within(served)
    return folder


def test_reminding_is_begun_by_its_number_and_ended_at_any_moment(reminding: Path) -> None:
    code, said = heard("water")
    assert code == 0, said
    assert "0 people of water will be reminded." in said
    assert "Each at most once in all, 3 days apart or more, between 00:00 and 23:59" in said
    assert (
        "en: Water office: Shall we go on? For no more messages, send STOP. (1 SMS part, and the question)"
        in (" ".join(said.split()))
    )
    assert "heard remind water --yes 0" in said
    assert heard("status", "water") == (
        1,
        "nobody of water is reminded yet: heard remind water shows the plan",
    )
    assert heard("water", "--yes", "1") == (
        1,
        "there are 0 people to remind and not 1: nothing was begun",
    )
    assert within(lambda engine: stored(engine, "reminding", "state")) == []
    assert "Whoever is silent is reminded from now on" in heard("water", "--yes", "0")[1]
    assert within(lambda engine: stored(engine, "reminding", "state")) == [("running",)]
    assert heard("pause", "water") == (0, "Reminding for water is paused.\n")
    assert heard("status", "water")[1] == "Reminding for water is paused.\nNobody had a reminder so far.\n"
    assert heard("resume", "water") == (0, "Reminding for water is running.\n")


def test_without_reminders_in_the_file_nothing_is_begun(folder: Path) -> None:
    assert heard("water") == (1, "water has no reminders: write them into water.outreach.yaml")
    assert heard("pause", "water") == (
        1,
        "nobody of water is reminded yet: heard remind water shows the plan",
    )
