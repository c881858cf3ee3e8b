"""`heard migrate` as an operator runs it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import SettingsError
from tests.support.databases import HEAD


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "var" / "heard.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return file


def run(*arguments: str) -> str:
    return CliRunner().invoke(app, ["migrate", *arguments], catch_exceptions=False).output


def test_forward_and_back(database: Path) -> None:
    assert run() == f"The database went from no tables to revision {HEAD}.\n"
    assert database.exists()
    assert run() == f"The database is at revision {HEAD} already.\n"
    assert run("--to", "base") == f"The database went from revision {HEAD} to no tables.\n"
    assert run("--to", "0001") == "The database went from no tables to revision 0001.\n"


def test_an_unknown_revision_is_told(database: Path) -> None:
    with pytest.raises(SettingsError, match="cannot migrate to nowhere"):
        run("--to", "nowhere")
