"""`heard serve --processes` over a real PostgreSQL: what comes to two processes at the same moment, and their ends."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest
from sqlalchemy import text

from bot.core.reception import consultations
from bot.flowfiles.folder import load_flows
from tests.crashes.consistency import inconsistencies
from tests.crashes.phones import Message
from tests.crashes.server import ROOT, environment
from tests.support.databases import Databases, opened, postgresql_server
from tests.support.intake import stored
from tests.support.serving import WITHIN_S, Connection, Response, heard, until
from tests.support.webhooks import form

QUESTIONS = 8
LISTED = "\n".join(
    f"  - {{name: q{number}, type: text, label: Question {number}?}}" for number in range(QUESTIONS)
)
FLOW = f"""
consultation: market
title: The market
languages: [en]
keywords: {{en: [MARKET]}}
consent: The town asks {QUESTIONS} questions.
items:
{LISTED}
thanks: Thank you.
"""
PHONES = [f"+1202555010{number}" for number in range(4)]


@pytest.fixture(scope="module")
def server_address() -> Iterator[str]:
    with postgresql_server() as address:
        yield address


@pytest.fixture
async def address(server_address: str) -> str:
    return await Databases("postgresql", server_address).migrated()


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "market.yaml").write_text(FLOW)
    return folder


def said(response: Response) -> str:
    assert response.status == 200
    return "\n".join(message.text or "" for message in ElementTree.fromstring(response.body))


class Talk:
    """What phones say to two processes, kept to be compared with what is stored."""

    def __init__(self, connections: list[Connection], chance: random.Random) -> None:
        self.connections, self.chance = connections, chance
        self.sent: dict[str, Message] = {}

    def new(self, phone: str, words: str) -> str:
        sid = f"SM{len(self.sent):032x}"
        self.sent[sid] = Message(phone, form(words, sid, From=phone))
        return sid

    async def say(self, *sids: str) -> list[str]:
        """Return the answers to messages that are sent at the same moment, each to another process."""
        connections = self.chance.sample(self.connections, len(sids))
        for connection, sid in zip(connections, sids, strict=True):
            message = self.sent[sid]
            await connection.send_message(message.phone, message.form["Body"], sid)
        responses = [await connection.response() for connection in connections]
        for sid, response in zip(sids, responses, strict=True):
            self.sent[sid].answers.add(response.body)
        return [said(response) for response in responses]


async def test_messages_that_come_to_two_processes_at_once(address: str, tmp_path: Path, flows: Path) -> None:
    chance = random.Random(20_261_123)
    async with heard(address, tmp_path, "--processes", "2", HEARD_FLOWS=str(flows)) as server:
        talk = Talk(list((await server.one_each(2)).values()), chance)
        asked: dict[str, list[str]] = {}
        for phone in PHONES:
            # The very first: neither process knows this person yet.
            sid = talk.new(phone, "MARKET")
            (first, second) = await talk.say(sid, sid)
            assert first == second == f"The town asks {QUESTIONS} questions.\nSend 1 to start, 2 to say no."
            asked[phone] = await talk.say(talk.new(phone, "1"))
        for number in range(QUESTIONS // 2):
            for phone in chance.sample(PHONES, len(PHONES)):
                sids = [talk.new(phone, f"{word} {number}") for word in ("here", "there")]
                asked[phone] += await talk.say(*sids)
                again = chance.choice(sids)
                assert len(set(await talk.say(again, again))) == 1
        expected = {*(f"Question {number}?" for number in range(QUESTIONS)), "Thank you."}
        for phone in PHONES:
            assert len(asked[phone]) == QUESTIONS + 1
            assert set(asked[phone]) == expected
        # Answers come out in one order; which of two comes first is nobody's promise.
        async with opened(address) as engine:
            known = consultations(load_flows(flows, ROOT / "locales").questionnaires)
            assert [
                one for one in await inconsistencies(engine, talk.sent, known) if "order" not in one
            ] == []
            answers = await stored(engine, "answers", "interview_id", "raw")
            assert len(answers) == len(PHONES) * QUESTIONS == len(set(answers))
        server.tell(signal.SIGTERM)
        assert await server.exit_code() == 0


async def test_all_of_it_ends_and_answers_what_it_has_in_hand(
    address: str, tmp_path: Path, flows: Path
) -> None:
    async with heard(address, tmp_path, "--processes", "2", HEARD_FLOWS=str(flows)) as server:
        connections = list((await server.one_each(2)).values())
        for phone, connection in zip(PHONES, connections, strict=False):
            assert (await connection.say(phone, "MARKET", f"SM1{phone[-1]:0>31}")).status == 200
        workers = server.workers()
        async with opened(address) as engine:
            async with engine.begin() as holding:
                await holding.execute(text("SELECT id FROM contacts FOR UPDATE"))
                for phone, connection in zip(PHONES, connections, strict=False):
                    await connection.send_message(phone, "1", f"SM2{phone[-1]:0>31}")
                await server.until_received(4)
                server.tell(signal.SIGTERM)
                await server.until_refused()
            assert [said(await one.response()) for one in connections] == ["Question 0?"] * 2
            assert await server.exit_code() == 0
            assert len(await stored(engine, "inbound", "id")) == 4
        assert not [pid for pid in workers if psutil.pid_exists(pid)]
    assert "Traceback" not in server.log


async def test_a_process_that_dies_is_replaced(address: str, tmp_path: Path, flows: Path) -> None:
    async with heard(address, tmp_path, "--processes", "2", HEARD_FLOWS=str(flows)) as server:
        before = await server.one_each(2)
        dead, alive = before
        folder = Path(psutil.Process(dead).environ()["PROMETHEUS_MULTIPROC_DIR"])
        assert (folder / f"gauge_livesum_{dead}.db").exists()
        await before[dead].say(PHONES[0], "MARKET", f"SM{1:032}")
        os.kill(dead, signal.SIGKILL)
        assert await before[dead].ended()
        await until(lambda: dead not in server.workers() and len(server.workers()) == 2)
        after = await server.one_each(2)
        await until(lambda: not (folder / f"gauge_livesum_{dead}.db").exists())
        assert alive in after
        (new,) = after.keys() - before.keys()
        assert said(await after[new].say(PHONES[0], "1", f"SM{2:032}")) == "Question 0?"
        # What the dead one counted still counts.
        await server.until_received(2)
        server.tell(signal.SIGTERM)
        assert await server.exit_code() == 0
    await until(lambda: not folder.exists())


async def test_without_the_process_that_started_them_they_end_too(
    address: str, tmp_path: Path, flows: Path
) -> None:
    async with heard(address, tmp_path, "--processes", "2", HEARD_FLOWS=str(flows)) as server:
        workers = [psutil.Process(pid) for pid in await server.one_each(2)]
        server.tell(signal.SIGKILL)
        await asyncio.to_thread(psutil.wait_procs, workers, WITHIN_S)
        assert not [one for one in workers if one.is_running()]


async def test_a_broken_file_keeps_nobody_from_being_served(
    address: str, tmp_path: Path, flows: Path
) -> None:
    async with heard(address, tmp_path, "--processes", "2", HEARD_FLOWS=str(flows)) as server:
        before = await server.one_each(2)
        (flows / "market.yaml").write_text("consultation: [")
        server.tell(signal.SIGHUP)
        await until(lambda: "keeping worker" in server.log)
        assert set(await server.one_each(2)) == set(before)
        assert "a process cannot start: 1 problem(s) in the consultation files" in server.log
        assert "Traceback" not in server.log


def refused(folder: Path, *arguments: str, database_url: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "bot.cli", "serve", *arguments],
        check=False,
        cwd=folder,
        env=environment(database_url),
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
    )
    assert finished.returncode != 0
    assert "Traceback" not in finished.stderr
    return " ".join(finished.stderr.split())


def test_on_sqlite_it_says_why_not(tmp_path: Path) -> None:
    told = refused(tmp_path, "--processes", "2", database_url=f"sqlite:///{tmp_path}/heard.db")
    assert "--processes is for PostgreSQL: an SQLite file takes one writer at a time" in told


def test_for_trials_one_process_is_enough(tmp_path: Path) -> None:
    told = refused(tmp_path, "--demo", "--processes", "2", database_url=f"sqlite:///{tmp_path}/heard.db")
    assert "--demo is for trials" in told
    assert list(tmp_path.iterdir()) == []
