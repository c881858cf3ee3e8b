"""`heard digest`, as an operator meets it."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import HeardError
from tests.api.test_api import GARDEN, PERSON
from tests.support.answers import talk
from tests.support.databases import Databases, opened
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.mail_server import MailHost, mail_host

AMINA = "amina@ministry.example"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def make() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            await talk(engine, [GARDEN], [PERSON, ["GARDEN", "2"]])
        return url

    url = asyncio.run(make())
    settings = {
        "DATABASE_URL": url,
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "HEARD_SMTP_URL": "smtp://127.0.0.1:9",
        "HEARD_MAIL_FROM": "Heard <digest@heard.example>",
        "HEARD_WEBHOOK_NETWORKS": "127.0.0.1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return Path(url.removeprefix("sqlite:///"))


def heard(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["digest", *arguments], catch_exceptions=False)


def while_mailing(host: MailHost, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Result]) -> Result:
    """Return what a command tells while a mail server runs beside it."""

    async def both() -> Result:
        async with mail_host(host):
            monkeypatch.setenv("HEARD_SMTP_URL", f"smtp://127.0.0.1:{host.port}")
            return await asyncio.to_thread(act)

    return asyncio.run(both())


def test_somebody_subscribes_is_listed_and_leaves(file: Path) -> None:
    assert "Nobody gets digests" in heard("list").output
    told = heard("subscribe", "garden", "--email", AMINA, "--every", "day", "--zone", "Africa/Lagos")
    assert "Subscription 1: the first digest comes" in told.output
    assert "at 08:00 (Africa/Lagos)" in told.output
    listed = heard("list").output
    assert "a…@ministry.example" in listed
    assert "every day 08:00 Africa/Lagos, in en;" in listed
    assert "none yet" in listed
    assert AMINA not in listed
    assert AMINA in heard("list", "--addresses").output
    with sqlite3.connect(file) as connection:
        assert "amina" not in "\n".join(connection.iterdump())
    assert "deleted" in heard("remove", "1").output
    assert "Nobody gets digests" in heard("list").output
    with pytest.raises(HeardError, match="no subscription 1"):
        heard("remove", "1")


def test_a_webhook_has_a_secret_that_is_shown_once(file: Path) -> None:
    told = heard("subscribe", "garden", "--webhook", "http://127.0.0.1:9/hook?key=abc", "--on", "friday")
    secret = told.stdout.strip()
    assert secret.startswith("whsec_")
    listed = heard("list").output
    assert "http://127.0.0.1:9/…" in listed
    assert "every week, friday 08:00 UTC" in listed
    with sqlite3.connect(file) as connection:
        dump = "\n".join(connection.iterdump())
    assert secret not in dump
    assert "key=abc" not in dump


def test_sending_now(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del file
    host = MailHost()
    heard("subscribe", "garden", "--email", AMINA)
    told = while_mailing(host, monkeypatch, lambda: heard("send", "--now"))
    assert (told.exit_code, told.output) == (0, "Subscription 1: sent.\n")
    (got,) = host.taken
    assert got["To"] == AMINA
    assert "sent" in heard("list").output


def test_a_language_of_ones_own(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    del file
    heard("subscribe", "garden", "--email", AMINA, "--language", "fr")
    assert "08:00 UTC, in fr;" in heard("list").output
    host = MailHost()
    while_mailing(host, monkeypatch, lambda: heard("send", "--now"))
    (got,) = host.taken
    assert " : les nouveautés au " in got["Subject"]
    assert "Langue " in heard("show", "garden", "--language", "fr").output
    page = tmp_path / "digest.html"
    heard("show", "garden", "--language", "ar", "--html", str(page))
    assert '<html lang="ar" dir="rtl">' in page.read_text(encoding="utf-8")


def test_what_may_have_arrived_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del file
    heard("subscribe", "garden", "--email", AMINA)
    told = while_mailing(MailHost(hangs_up=True), monkeypatch, lambda: heard("send", "--now"))
    assert (told.exit_code, told.output) == (1, "Subscription 1: uncertain.\n")
    assert "It is not sent again; the next digest tells the same." in heard("list").output


def test_looking_at_one(file: Path, tmp_path: Path) -> None:
    del file
    shown = heard("show", "garden", "--days", "366").output
    assert shown.splitlines()[0].startswith("The school garden: what is new by ")
    assert shown.splitlines()[2] == "The school garden"
    assert "Nothing stands out." in shown
    page = tmp_path / "digest.html"
    heard("show", "garden", "--html", str(page))
    assert "<h1" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("subscribe", "meadow", "--email", AMINA), "there are: garden"),
        (("subscribe", "garden", "--email", "amina"), "not an e-mail address"),
        (("subscribe", "garden", "--email", AMINA, "--zone", "Lagos"), "knows no time zone"),
        (("subscribe", "garden", "--webhook", "https://10.0.0.1/hook"), "public addresses alone"),
        (("subscribe", "garden", "--webhook", "http://93.184.215.14/"), "public addresses alone"),
        (("subscribe", "garden", "--email", AMINA, "--language", "fra"), r"no digests in 'fra'; is it fr\?"),
        (("show", "garden", "--language", "tlh"), "There are: am, ar"),
        (("send", "--now"), "nobody is subscribed"),
        (("show", "meadow"), "there are: garden"),
    ],
)
def test_what_cannot_be_is_told(file: Path, arguments: tuple[str, ...], told: str) -> None:
    del file
    with pytest.raises(HeardError, match=told):
        heard(*arguments)


def test_nothing_is_sent_by_a_slip(file: Path) -> None:
    del file
    for arguments in (
        ["send"],
        ["subscribe", "garden"],
        ["subscribe", "garden", "--email", AMINA, "--webhook", "x"],
    ):
        assert heard(*arguments).exit_code == 2


def test_mail_needs_a_server(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del file
    monkeypatch.delenv("HEARD_SMTP_URL")
    with pytest.raises(HeardError, match="HEARD_SMTP_URL: It is missing"):
        heard("subscribe", "garden", "--email", AMINA)
    monkeypatch.delenv("HEARD_MAIL_FROM")
    with pytest.raises(HeardError, match=r"docs/digest\.md"):
        heard("subscribe", "garden", "--email", AMINA)
