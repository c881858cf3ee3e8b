"""The carrier: what Twilio and the networks behind it do, well and badly, and a record of all of it.

Heard's own client of Twilio speaks to it over HTTP. What is checked afterwards is this record alone, so it says nothing
that Heard told it of itself.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.campaign.people import Habit, Person

Answer = tuple[int, str] | None
"""The status and what is said; None where the connection ends without any."""


@dataclass(slots=True)
class Taken:
    """A message that the carrier took from the outbox, and what became of it on its way to the phone.

    `told` is when we acknowledged the receipt that says how it ended.
    """

    sid: str
    at: datetime
    to: str = field(repr=False)
    sender: str
    body: str = field(repr=False)
    fate: str = "sent"
    error: str | None = None
    told: datetime | None = None
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Faults:
    """The shares of requests that go wrong, each in its way."""

    slow_down: float = 0.002
    broken: float = 0.004
    broken_but_taken: float = 0.004
    lost_answer: float = 0.006
    """It is taken, and the connection ends without an answer."""
    lost_request: float = 0.004
    broken_list: float = 0.1
    """Of requests that ask what was taken."""


@dataclass
class Carrier:
    """What it has taken, of whom it has heard STOP, and how often it refused."""

    people: Mapping[str, Person]
    now: Callable[[], datetime]
    tell: Callable[[Taken], None]
    """Called in a thread with each message that is taken."""
    seed: int
    faults: Faults = Faults()
    taken: list[Taken] = field(default_factory=list)
    attempts: list[tuple[datetime, str]] = field(default_factory=list, repr=False)
    """Every request to send, whatever became of it: when, and to whom."""
    blocked: set[str] = field(default_factory=set, repr=False)
    went_wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _to: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _asked: dict[str, int] = field(default_factory=lambda: defaultdict(int), repr=False)

    def answer(self, method: str, asked: Mapping[str, str]) -> Answer:
        """Answer a request to Twilio's Messages resource, with what it asks for."""
        return self._create(asked) if method == "POST" else self._listed(asked["To"])

    def _drawn(self, number: str) -> random.Random:
        """Return chance of the next request about a number: threads come in no order, what befalls each is drawn."""
        self._asked[number] += 1
        return random.Random(f"{self.seed} {number} {self._asked[number]}")

    def _create(self, form: Mapping[str, str]) -> Answer:
        to = form["To"]
        drawn = self._drawn(to)
        self.attempts.append((self.now(), to))
        if to in self.blocked:
            return self._refuse(400, 21610)
        person = self.people[to]
        if person.habit is Habit.GONE and person.patience % 2:
            return self._refuse(400, 21614)
        lot, faults = drawn.random(), self.faults
        if (lot := lot - faults.slow_down) < 0:
            return self._refuse(429, 20429)
        if (lot := lot - faults.broken) < 0:
            self.went_wrong["broken"] += 1
            return 500, "broken"
        if (lot := lot - faults.lost_request) < 0:
            self.went_wrong["lost request"] += 1
            return None
        one = Taken(f"SM{next(self._numbers):032x}", self.now(), to, form["From"], form["Body"])
        self.taken.append(one)
        self._to[to].append(one)
        self.tell(one)
        if (lot := lot - faults.broken_but_taken) < 0:
            self.went_wrong["broken but taken"] += 1
            return 500, "broken"
        if (lot := lot - faults.lost_answer) < 0:
            self.went_wrong["lost answer"] += 1
            return None
        return 201, json.dumps(_told(one))

    def _listed(self, to: str) -> Answer:
        if self._drawn(to).random() < self.faults.broken_list:
            self.went_wrong["broken list"] += 1
            return 503, "broken"
        found = [_told(one) for one in reversed(self._to[to])]
        page = {"messages": found, "page": 0, "page_size": 1000, "next_page_uri": None}
        return 200, json.dumps(page)

    def _refuse(self, status: int, code: int) -> Answer:
        self.went_wrong[str(code)] += 1
        more = f"https://www.twilio.com/docs/errors/{code}"
        return status, json.dumps({"code": code, "message": "no", "more_info": more, "status": status})


def _told(one: Taken) -> Mapping[str, Any]:
    return {
        "sid": one.sid,
        "to": one.to,
        "from": one.sender,
        "body": one.body,
        "status": "queued",
        "direction": "outbound-api",
        "date_created": format_datetime(one.at),
    }


class _Talk(BaseHTTPRequestHandler):
    """One connection; Twilio's client keeps it open."""

    protocol_version = "HTTP/1.1"
    # An answer in one piece: in two, the second waits for the client's word that the first has come.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(dict(parse_qsl(body.decode())))

    def do_GET(self) -> None:
        self._answer(dict(parse_qsl(urlsplit(self.path).query)))

    def _answer(self, asked: Mapping[str, str]) -> None:
        answer = self.server.carrier.answer(self.command, asked)
        if answer is None:
            self.close_connection = True
            return
        status, text = answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        super().__init__(("127.0.0.1", 0), _Talk)


@contextmanager
def listening(carrier: Carrier) -> Iterator[str]:
    """Have a carrier answer at an address on loopback."""
    with _Server(carrier) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
