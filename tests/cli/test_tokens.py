"""`heard tokens`, as an operator meets it."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import HeardError, TokenError
from tests.api.test_api import GARDEN
from tests.support.answers import talk
from tests.support.databases import Databases, opened

UNTIL = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def make() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            await talk(engine, [GARDEN], [["GARDEN", "2"]])
        return url

    url = asyncio.run(make())
    monkeypatch.setenv("DATABASE_URL", url)
    return Path(url.removeprefix("sqlite:///"))


def heard(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["tokens", *arguments], catch_exceptions=False)


def create(**changed: str) -> Result:
    options = {"consultation": "garden", "scopes": "results", "expires": UNTIL, "for": "Ministry"} | changed
    return heard("create", *(f"--{name}={value}" for name, value in options.items()))


def test_a_token_is_shown_once_and_nowhere_kept(file: Path) -> None:
    assert "no tokens" in heard("list").output
    secret = create(scopes="results, answers").stdout.strip()
    assert secret.startswith("heard_")
    listed = heard("list").output
    assert "Ministry" in listed
    assert "answers, results" in listed
    assert UNTIL in listed
    assert "never" in listed
    assert secret not in listed
    with sqlite3.connect(file) as connection:
        assert secret not in "\n".join(connection.iterdump())
    heard("revoke", "1")
    assert "revoked" in heard("list").output
    with pytest.raises(TokenError, match="there is no token 1 that is good"):
        heard("revoke", "1")


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("scopes", "results,everything", "there is no scope everything"),
        ("scopes", ",", "say what it may read"),
        ("scopes", "answers:words", "name both"),
        ("consultation", "meadow", "there are: garden, and all"),
        ("expires", "2020-01-01", "a day at least and a year at most"),
        ("expires", "2999-01-01", "a day at least and a year at most"),
        ("for", " ", "say who gets it"),
    ],
)
def test_what_cannot_be_is_told(file: Path, option: str, value: str, told: str) -> None:
    del file
    with pytest.raises(HeardError, match=told):
        create(**{option: value})
