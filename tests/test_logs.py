"""Log lines: a JSON object each, or plain ones; what they name, and what they never quote."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.logs import Plain, Request, Sparing, Spell, Structured

ROOT = Path(__file__).parents[1]
WORDS = "what only this person wrote"


class Lines(logging.Handler):
    """Keeps each line as a formatter makes it."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """A logger of its own, whose lines go nowhere else."""
    made = logging.getLogger("heard-test")
    made.setLevel(logging.DEBUG)
    made.propagate = False
    yield made
    made.handlers.clear()


def structured(log: logging.Logger) -> list[dict[str, Any]]:
    """Return the lines so far; the first call begins to keep them."""
    kept = [handler for handler in log.handlers if isinstance(handler, Lines)]
    if not kept:
        log.addHandler(Lines(Structured()))
        return []
    return [json.loads(line) for line in kept[0].lines]


def test_a_line_is_an_object(log: logging.Logger) -> None:
    structured(log)
    log.warning("%d messages\nare %s", 3, "waiting", extra=logs.facts(contact=7, rule="rate"))
    (line,) = structured(log)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "heard-test",
        "event": "3 messages\nare waiting",
        "contact": 7,
        "rule": "rate",
    }


def test_a_line_has_no_line_break(log: logging.Logger) -> None:
    handler = Lines(Structured())
    log.addHandler(handler)
    log.error("one\ntwo\r\nthree\u2028four")
    assert "\n" not in handler.lines[0]
    assert "\r" not in handler.lines[0]


def test_a_line_names_its_request_and_message(log: logging.Logger) -> None:
    structured(log)
    request = Request([(b"host", b"heard.example"), (b"x-request-id", b"7f3a-11")])
    token = logs.current.set(request)
    try:
        log.info("read")
        request.message = "SM123"
        log.info("answered")
    finally:
        logs.current.reset(token)
    log.info("after")
    assert [(line.get("request"), line.get("message")) for line in structured(log)] == [
        ("7f3a-11", None),
        ("7f3a-11", "SM123"),
        (None, None),
    ]


@pytest.mark.parametrize("given", [b"abc", b"7f3a2c1e-9d1b-4c1a-8f6e-001122aabbcc", b"A_b.c-9", b"x" * 64])
def test_a_safe_id_is_taken(given: bytes) -> None:
    assert Request([(b"x-request-id", given)]).id == given.decode()


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"x" * 65, id="long"),
        pytest.param(b"a b", id="words"),
        pytest.param(b'a"b', id="quote"),
        pytest.param(b"a\nb", id="line break"),
        pytest.param(b"a\n", id="line break at the end"),
        pytest.param(b"\xe2\x80\xa8", id="not ASCII"),
        pytest.param(b"12025550123", id="number"),
        pytest.param(b"tel-12025550123", id="number in it"),
    ],
)
def test_another_id_is_made_where_the_given_one_is_not_safe(given: bytes) -> None:
    request, other = Request([(b"x-request-id", given)]), Request()
    assert len(request.id) == len(other.id) == 16
    assert request.id == request.id != other.id


@pytest.mark.parametrize("formatter", [Structured(), Plain()], ids=["structured", "plain"])
def test_an_error_is_told_by_kind_and_place_and_never_in_its_words(
    log: logging.Logger, formatter: logging.Formatter
) -> None:
    handler = Lines(formatter)
    log.addHandler(handler)
    try:
        raise ValueError(WORDS) from KeyError(WORDS)
    except ValueError:
        log.exception("it failed")
    (line,) = handler.lines
    assert "it failed" in line
    assert "ValueError at test_logs.py:" in line
    assert WORDS not in line


def test_people_read_plain_lines(log: logging.Logger) -> None:
    handler = Lines(Plain())
    log.addHandler(handler)
    log.warning("a contact is held", extra=logs.facts(contact=7, rule="rate"))
    log.info("started")
    held, started = (line.partition(" ")[2] for line in handler.lines)
    assert held == "WARNING heard-test: a contact is held (contact=7 rule=rate)"
    assert started == "INFO heard-test: started"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "begins"), [(io.StringIO(), "{"), (Terminal(), "0123456789")])
def test_where_they_go_decides_their_form(stream: io.StringIO, begins: str) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, *(logging.getLogger(name).level for name in ("bot", "uvicorn")))
    try:
        logs.configure(stream)
        logging.getLogger("bot.web").info("ours")
        logging.getLogger("uvicorn.error").info("the server's")
        logging.getLogger("sqlalchemy").info("a library's")
    finally:
        root.handlers[:], level, *levels = before
        root.setLevel(level)
        for name, each in zip(("bot", "uvicorn"), levels, strict=True):
            logging.getLogger(name).setLevel(each)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    assert all(line[0] in begins for line in lines)


def test_a_process_writes_them_to_standard_error() -> None:
    code = "import logging, bot.logs; bot.logs.configure(); logging.getLogger('bot').info('up')"
    finished = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert finished.stdout == ""
    assert json.loads(finished.stderr)["event"] == "up"


# --- what may happen thousands of times a second


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_of_one_kind_there_is_a_line_in_a_while(log: logging.Logger) -> None:
    structured(log)
    clock = Clock()
    sparing = Sparing(log, 10.0, clock)
    for _ in range(1_000):
        sparing.tell("forged", logging.WARNING, "not signed: 100%")
        sparing.tell("other", logging.ERROR, "something else")
        clock.now += 0.009
    assert [line["event"] for line in structured(log)] == ["not signed: 100%", "something else"]
    clock.now += 10
    sparing.tell("forged", logging.WARNING, "not signed: 100%")
    clock.now += 10
    sparing.tell("forged", logging.WARNING, "not signed: 100%")
    assert [line.get("untold_before") for line in structured(log)[2:]] == [999, None]


def test_a_spell_is_told_when_it_begins_and_when_it_ends(log: logging.Logger) -> None:
    structured(log)
    clock = Clock()
    outage = Spell(log, "gone", "back", clock)
    outage.end()
    for _ in range(30):
        outage.count(20, "OSError")
        clock.now += 1
    outage.end()
    outage.end()
    outage.count(1, "TimeoutError")
    told = [
        {name: line.get(name) for name in ("event", "reason", "seconds", "messages")}
        for line in structured(log)
    ]
    assert told == [
        {"event": "gone", "reason": "OSError", "seconds": None, "messages": None},
        {"event": "back", "reason": None, "seconds": 30.0, "messages": 600},
        {"event": "gone", "reason": "TimeoutError", "seconds": None, "messages": None},
    ]
