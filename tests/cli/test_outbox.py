"""`heard outbox` and `heard work`, as an operator meets them."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.cli import app
from bot.store.outbox import claim, settle
from bot.store.sending import OutboundStatus, Settled
from tests.support.databases import Databases, opened
from tests.support.fake_twilio import ACCOUNT, TOKEN, FakeTwilio, fake_twilio
from tests.support.intake import NOON, SEALING_KEY, stored
from tests.support.letters import SENDER, contact, letter, number, put

ROOT = Path(__file__).parents[2]


async def fill(database_url: str) -> list[int]:
    """Leave three messages refused and one waiting, and return their ids."""
    async with opened(database_url) as engine:
        for person in range(4):
            await put(engine, letter(await contact(engine, person), "Some words"))
        taken = await claim(engine, SENDER, NOON, 3)
        refused = [Settled(one.id, NOON, OutboundStatus.FAILED, NOON, error="30005") for one in taken]
        await settle(engine, refused)
        return [row[0] for row in await stored(engine, "outbound", "id")]


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    async def make() -> tuple[str, list[int]]:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        return url, await fill(url)

    url, ids = asyncio.run(make())
    monkeypatch.setenv("DATABASE_URL", url)
    return ids


def heard(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["outbox", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_operator_sees_what_is_stuck(filled: list[int]) -> None:
    lines = heard("list", "--most", "2").splitlines()
    assert [line.split()[:2] for line in lines[:5]] == [
        ["1", "queued"],
        ["0", "sending"],
        ["0", "uncertain"],
        ["3", "failed"],
        ["0", "undelivered"],
    ]
    listed = [line.split() for line in lines[7:] if line.split()[:1] in ([str(one)] for one in filled)]
    assert [line[:4] for line in listed] == [[str(one), SENDER, "1", "30005"] for one in filled[:2]]
    assert "30005 means: the number does not exist any more." in lines
    assert "... and 1 more." in lines
    assert not {number(1), "words"} & set(" ".join(lines).split())


def test_what_is_named_is_sent_again(filled: list[int]) -> None:
    assert heard("requeue", str(filled[0]), str(filled[3])) == (
        "1 message will be sent again.\n1 of them were not failed, and stay as they are.\n"
    )
    assert heard("requeue", "--all") == "2 messages will be sent again.\n"
    assert [line.split()[0] for line in heard("list").splitlines()[:5]] == ["4", "0", "0", "0", "0"]


def test_nothing_is_sent_again_by_a_slip(filled: list[int]) -> None:
    for arguments in (["requeue"], ["requeue", "1", "--all"]):
        result = CliRunner().invoke(app, ["outbox", *arguments])
        assert result.exit_code == 2
        assert "name messages, or say --all" in result.output


# --- heard work


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with fake_twilio() as fake:
        yield fake


def environment(database_url: str, **changed: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": SENDER,
        "HEARD_SMS_PER_SECOND": "1000",
        **changed,
    }


async def test_work_sends_until_it_is_told_to_stop(
    database_url: str, engine: AsyncEngine, twilio: FakeTwilio
) -> None:
    if engine.dialect.name == "sqlite":
        command = [sys.executable, "-m", "bot.cli", "work"]
        told = await asyncio.to_thread(
            subprocess.run, command, env=environment(database_url), cwd=ROOT, capture_output=True, text=True
        )
        assert told.returncode == 1
        assert "heard work is for PostgreSQL" in told.stderr
        return
    for person in range(20):
        await put(engine, letter(await contact(engine, person), due_at=datetime.now(UTC)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "work"),
        env=environment(database_url, TWILIO_API_URL=twilio.url),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        while len(twilio.taken) < 20:
            twilio.arrived.clear()
            await twilio.arrived.wait()
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
    assert process.returncode == 0
    assert f"Sending from {SENDER}.".encode() in said
    assert number(1).encode() not in said
    assert {row[0] for row in await stored(engine, "outbound", "status")} == {"sent"}
