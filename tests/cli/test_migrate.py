"""`heard migrate` as an operator runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import SettingsError


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "var" / "heard.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return file


def run(*arguments: str) -> str:
    return CliRunner().invoke(app, ["migrate", *arguments], catch_exceptions=False).output


def test_forward_and_back(database: Path) -> None:
    assert run() == "The database went from no tables to revision 0004.\n"
    assert database.exists()
    assert run() == "The database is at revision 0004 already.\n"
    assert run("--to", "base") == "The database went from revision 0004 to no tables.\n"
    assert run("--to", "0001") == "The database went from no tables to revision 0001.\n"


def test_an_unknown_revision_is_told(database: Path) -> None:
    with pytest.raises(SettingsError, match="cannot migrate to nowhere"):
        run("--to", "nowhere")
