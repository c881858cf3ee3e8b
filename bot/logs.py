"""What a process tells its operator: a JSON object a line, or plain lines where somebody sits at a terminal.

A line says what happened and to which request and message, never who wrote or what: ids of ours and of the provider,
counts, names of rules. An exception's own text is never shown, for it may quote what a person wrote.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any, TextIO

import msgspec

_SAFE_ID = re.compile(rb"(?!.*[0-9]{7})[0-9A-Za-z._-]{1,64}")
"""What a request may call itself in the log: on one line, and without what may be somebody's number."""
_FACTS = "heard_facts"
_encode = msgspec.json.Encoder().encode


class Request:
    """The request that is being answered, as its log lines name it.

    Its id is made only when a line is written, which happens to few requests.
    """

    __slots__ = ("_headers", "_id", "message")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._headers = headers
        self._id: str | None = None
        self.message: str | None = None
        """The provider's id of the message in it, once that is known."""

    @property
    def id(self) -> str:
        """Return the X-Request-Id that a proxy has given it, where that is safe to show, else a random id."""
        if self._id is None:
            given = next((value for name, value in self._headers if name == b"x-request-id"), b"")
            self._id = given.decode() if _SAFE_ID.fullmatch(given) else secrets.token_hex(8)
        return self._id


current: ContextVar[Request | None] = ContextVar("heard_request", default=None)
"""The request that lines written now belong to."""


def facts(**values: str | float | None) -> Mapping[str, Any]:
    """Return the `extra` of a log call: what the line tells beside its sentence, by name.

    Ids, counts and names of ours alone; the caller answers for there being no text or number of a person in it.
    """
    return {_FACTS: values}


def configure(stream: TextIO | None = None) -> None:
    """Write every log line to `stream` (standard error): ours and the server's from INFO, libraries' from WARNING."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Plain() if stream.isatty() else Structured())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bot", "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO)


class Structured(logging.Formatter):
    """A JSON object a line: time, level, logger, event, then request and message ids and what else is told."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_told(record),
        }
        return _encode(line).decode()


class Plain(logging.Formatter):
    """The same for people: `21:18:49 WARNING bot.web: a webhook was refused (request=3f..)`."""

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        told = _told(record)
        failure = told.pop("error", None)
        names = " ".join(f"{name}={value}" for name, value in told.items())
        line = f"{at} {record.levelname} {record.name}: {record.getMessage()}" + (
            f" ({names})" if names else ""
        )
        return line if failure is None else f"{line}\n  {failure}"


def _told(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = {}
    request = current.get()
    if request is not None:
        told["request"] = request.id
        if request.message is not None:
            told["message"] = request.message
    told.update(record.__dict__.get(_FACTS, {}))
    if record.exc_info and record.exc_info[1] is not None:
        told["error"] = _places(record.exc_info[1])
    return told


def _places(error: BaseException) -> str:
    """Return an error's kind and where it went through, innermost last, without its words."""
    frames = " > ".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in extract_tb(error.__traceback__)
    )
    return f"{type(error).__name__} at {frames}" if frames else type(error).__name__


class Sparing:
    """Log lines of one kind, of which there may be thousands a second: one at once, then one in a while with a count.

    An outage, a flood or a forger must not fill the disk that answers are stored on.
    """

    def __init__(
        self, log: logging.Logger, every_s: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._every_s = every_s
        self._clock = clock
        self._told_at: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def tell(self, kind: str, level: int, event: str) -> None:
        """Log an event, or count it where one of its kind has been told in the last while. Kinds are few, and ours."""
        now = self._clock()
        told_at = self._told_at.get(kind)
        if told_at is not None and now - told_at < self._every_s:
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return
        self._told_at[kind] = now
        untold = self._untold.pop(kind, 0)
        self._log.log(level, "%s", event, extra=facts(untold_before=untold) if untold else None)


class Spell:
    """Something that begins and ends, like an outage: a line at each, however much happens in between."""

    def __init__(
        self, log: logging.Logger, began: str, ended: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log = log
        self._began = began
        self._ended = ended
        self._clock = clock
        self._since: float | None = None
        self._messages = 0

    def count(self, messages: int, reason: str) -> None:
        """Count messages that it cost; the first ones begin it."""
        if self._since is None:
            self._since = self._clock()
            self._log.error(self._began, extra=facts(reason=reason))
        self._messages += messages

    def end(self) -> None:
        """End it, where it is on."""
        if self._since is None:
            return
        seconds = round(self._clock() - self._since, 1)
        self._log.warning(self._ended, extra=facts(seconds=seconds, messages=self._messages))
        self._since, self._messages = None, 0
