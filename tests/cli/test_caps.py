"""`heard caps`, as an operator meets it."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.core.outreach.caps import Cap
from bot.errors import CapsError
from bot.outbox import SenderLine, Surroundings
from bot.outbox.drain import Drain
from bot.store.sending import Priority
from tests.outbox.test_caps import Post, no_rest
from tests.support.databases import Databases, opened
from tests.support.intake import NOON, SEALING_KEY
from tests.support.letters import SEAL, SENDER, contact, letter, put


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database in which two messages that nobody asked for are held, for nobody has allowed their country."""

    async def make() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            for person in range(2):
                await put(engine, letter(await contact(engine, person), priority=Priority.NOTICE))
            around = Surroundings(SEAL, lambda: NOON)
            await Drain(engine, SenderLine(SENDER, Post(), 1_000.0), around, no_rest).turn()
        return url

    url = asyncio.run(make())
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("HEARD_SEALING_KEYS", SEALING_KEY)
    return Path(url.removeprefix("sqlite:///"))


def heard(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["caps", *arguments], catch_exceptions=False)


def words(result: Result) -> str:
    return " ".join(result.output.split())


def test_what_holds_and_what_is_held(file: Path) -> None:
    shown = words(heard())
    for cap in Cap:
        assert cap in shown
    assert "messages-a-day 0 1,000 Heard" in shown
    assert "A part is taken to cost 0.20" in shown
    assert "No country is allowed" in shown
    assert "2 messages are held by country GB. → To have them sent: heard caps allow-country GB" in shown


def test_what_is_set_is_kept_with_who_and_why(file: Path) -> None:
    options = ("--as", "Amina", "--reason", "The launch")
    assert "is 5,000; it was 1,000" in heard("set", "messages-a-day", "5,000", *options).output
    assert "is 250.00; it was 100.00" in heard("set", "spend-a-day", "250", *options).output
    assert "costs 0.045 to KE" in heard("price", "0.045", "--country", "ke", *options).output
    assert (
        "2 held messages are tried again now."
        in heard("allow-country", "gb", "--home", "--as", "Amina").output
    )
    heard("allow-country", "UG", "--as", "Amina")
    heard("allow-country", "TZ", "--as", "Amina")
    heard("forbid-country", "TZ", "--as", "Bintou", "--reason", "Enough")
    shown = words(heard())
    assert "messages-a-day 0 5,000 Amina" in shown
    assert "spend-a-day 0.00 250.00 Amina" in shown
    assert "KE 0.045" in shown
    assert "Your own countries: GB. Others that are allowed: UG." in shown
    log = words(heard("log"))
    assert "messages-a-day 5000 Amina The launch" in log
    assert "country TZ abroad Amina" in log
    assert "country TZ forbidden Bintou Enough" in log
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM cap_changes").fetchone() == (7,)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "messages-a-day", "lots"), "a whole number like 5000"),
        (("set", "messages-a-day", "1.5"), "a whole number like 5000"),
        (("set", "spend-a-day", "1,5"), "an amount like 0.045"),
        (("price", "free"), "an amount like 0.045"),
        (("price", "1", "--country", "Kenya"), "two letters"),
    ],
)
def test_what_cannot_be_set(file: Path, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(CapsError, match=told):
        heard(*arguments[:2], *arguments[2:], "--as", "Amina", "--reason", "Why")
    assert "Nothing was set yet" in heard("log").output


def test_nobody_raises_a_cap_without_a_name_and_a_reason(file: Path) -> None:
    assert heard("set", "messages-a-day", "5000").exit_code == 2
    assert heard("set", "messages-a-day", "5000", "--as", "Amina").exit_code == 2
    with pytest.raises(CapsError, match="who decides"):
        heard("set", "messages-a-day", "5000", "--as", " ", "--reason", "Why")
    with pytest.raises(CapsError, match="why"):
        heard("set", "messages-a-day", "5000", "--as", "Amina", "--reason", " ")
    with pytest.raises(CapsError, match="no country"):
        heard("allow-country", "XX", "--as", "Amina")
    assert "Nothing was set yet" in heard("log").output


def test_no_environment_raises_a_cap(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = heard().output
    for cap in Cap:
        monkeypatch.setenv(f"HEARD_{cap.upper().replace('-', '_')}", "999999")
    assert heard().output == before


def test_doctor_tells_what_is_held(file: Path) -> None:
    told = CliRunner().invoke(app, ["doctor"]).output
    assert "2 messages are held by country GB" in told
    assert "heard caps allow-country GB --as NAME" in told
