"""Back-ups: a copy of an SQLite database while it is in use, and the command that makes one of PostgreSQL's.

`VACUUM INTO` copies, and not SQLite's back-up interface: that one copies pages one by one, with what was erased still
in them, and in steps it begins anew whenever somebody writes in between, which on a busy server is always. Both let
everybody write meanwhile. https://www.sqlite.org/lang_vacuum.html, https://www.sqlite.org/backup.html
"""

import os
import shlex
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bot.errors import BackupError

TELLS_EVERY_S = 0.1
_BUSY_TIMEOUT_S = 10

Told = Callable[[int, int], None]
"""Takes how many bytes are copied, and about how many there will be."""


@dataclass(frozen=True, slots=True)
class BackUp:
    """A back-up that was made and checked: its bytes, and the revision of its tables."""

    size: int
    revision: str


def database_file(database_url: str) -> Path | None:
    """Return the file of an SQLite database; None of another. It need not be there."""
    url = make_url(database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def back_up(database: Path, file: Path, told: Told) -> BackUp:
    """Copy an SQLite database as it is at one moment into a new file that its owner alone can read.

    The file has its name only once the copy is whole, checked and on the disk.

    Raises:
        BackupError: the file exists, the database does not, or the copy failed or is not whole.
    """
    if not database.is_file():
        raise BackupError(f"there is no database at {database}")
    try:
        with _reserved(file) as partial:
            _copy(database, partial, told)
            revision = _check(partial)
            _keep(partial, file)
            return BackUp(file.stat().st_size, revision)
    except FileExistsError:
        raise BackupError(f"{file} exists already: give another name, for nothing is overwritten") from None
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from None
    except sqlite3.Error as error:
        raise BackupError(f"the copy failed: {error}") from None


@contextmanager
def _reserved(file: Path) -> Iterator[Path]:
    """Take the name, empty, and yield a file beside it for what is not whole yet; both are gone after a failure."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    partial = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(descriptor)
        partial = Path(name)
        yield partial
    except BaseException:
        file.unlink(missing_ok=True)
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise


def _copy(database: Path, partial: Path, told: Told) -> None:
    source = sqlite3.connect(
        # Never made where it is missing; and read-only would not do, for readers too write to a WAL's index.
        f"{database.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    with closing(source):
        pages = source.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        (expected,) = pages.fetchone()
        copying = _Copying(source, partial)
        copying.start()
        try:
            while copying.is_alive():
                copying.join(TELLS_EVERY_S)
                told(partial.stat().st_size, expected)
        finally:
            # Where somebody has pressed Ctrl-C; it does nothing to a copy that has ended.
            source.interrupt()
            copying.join()
        if copying.error is not None:
            raise copying.error


class _Copying(threading.Thread):
    """One statement, which is all that SQLite makes of it; how far it is, the growing file tells."""

    def __init__(self, source: sqlite3.Connection, partial: Path) -> None:
        super().__init__(name="back-up")
        self._source = source
        self._partial = partial
        self.error: sqlite3.Error | None = None

    def run(self) -> None:
        try:
            self._source.execute("VACUUM INTO ?", (str(self._partial),))
        except sqlite3.Error as error:
            self.error = error


def _check(copy: Path) -> str:
    """Return the revision of a copy's tables; BackupError where it is not whole."""
    uri = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupError(
                "the copy is not whole: the database itself may be damaged; run it again, and keep "
                "the last back-up that was"
            )
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        if "alembic_version" not in tables:
            raise BackupError("the database has no tables of Heard's: is DATABASE_URL the right one?")
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(revision)


def _keep(partial: Path, file: Path) -> None:
    _sync(partial, os.O_RDWR)
    partial.replace(file)
    _sync(file.parent, os.O_RDONLY)


def _sync(place: Path, flags: int) -> None:
    """Put a file or a folder on the disk: what only memory holds does not outlive a power cut."""
    descriptor = os.open(place, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def dump_command(database_url: str, file: Path) -> str:
    """Return the command line that backs up a PostgreSQL database into a file; it holds no password."""
    url = make_url(database_url)
    host = url.host or url.query.get("host")
    named = {"--host": host, "--port": url.port or url.query.get("port"), "--username": url.username}
    options = [f"{name}={value}" for name, value in named.items() if value]
    words = ["pg_dump", "--format=custom", f"--file={file}", *options, url.database or "postgres"]
    return f"umask 077; {shlex.join(words)}"
