"""The carrier: what Twilio and the networks behind it do, well and badly, and a record of all of it.

Heard's own client of Twilio speaks to it, the whole of `bot.channels.twilio_rest`; only the bytes do not cross a
socket, which would take most of the time. What is checked afterwards is this record alone, so it says nothing that
Heard told it of itself.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from itertools import count
from typing import Any

from requests import Session
from requests.exceptions import ConnectTimeout, ReadTimeout
from twilio.http import HttpClient
from twilio.http.response import Response

from bot.channels import twilio_rest
from tests.campaign.people import Habit, Person


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
    """It is taken, and no answer comes."""
    lost_request: float = 0.003
    no_connection: float = 0.001
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

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> Response:
        """Answer a request to Twilio's Messages resource."""
        del url, named
        if method.upper() == "GET":
            return self._listed(str((params or {})["To"]))
        assert data is not None
        return self._create({name: str(value) for name, value in data.items()})

    def _drawn(self, number: str) -> random.Random:
        """Return chance of the next request about a number: threads come in no order, what befalls each is drawn."""
        self._asked[number] += 1
        return random.Random(f"{self.seed} {number} {self._asked[number]}")

    def _create(self, form: Mapping[str, str]) -> Response:
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
            return Response(500, "broken")
        if (lot := lot - faults.lost_request) < 0:
            self.went_wrong["lost request"] += 1
            raise ReadTimeout
        if (lot := lot - faults.no_connection) < 0:
            self.went_wrong["no connection"] += 1
            raise ConnectTimeout
        one = Taken(f"SM{next(self._numbers):032x}", self.now(), to, form["From"], form["Body"])
        self.taken.append(one)
        self._to[to].append(one)
        self.tell(one)
        if (lot := lot - faults.broken_but_taken) < 0:
            self.went_wrong["broken but taken"] += 1
            return Response(500, "broken")
        if (lot := lot - faults.lost_answer) < 0:
            self.went_wrong["lost answer"] += 1
            raise ReadTimeout
        return Response(201, json.dumps(_told(one)))

    def _listed(self, to: str) -> Response:
        if self._drawn(to).random() < self.faults.broken_list:
            self.went_wrong["broken list"] += 1
            return Response(503, "broken")
        found = [_told(one) for one in reversed(self._to[to])]
        page = {"messages": found, "page": 0, "page_size": 1000, "next_page_uri": None}
        return Response(200, json.dumps(page))

    def _refuse(self, status: int, code: int) -> Response:
        self.went_wrong[str(code)] += 1
        more = f"https://www.twilio.com/docs/errors/{code}"
        return Response(
            status, json.dumps({"code": code, "message": "no", "more_info": more, "status": status})
        )


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


@contextmanager
def spoken_to(carrier: Carrier) -> Iterator[None]:
    """Have Twilio's client send its requests to a carrier, by no socket."""

    class Wire(HttpClient):  # type: ignore[misc]
        def __init__(self, **named: Any) -> None:
            del named
            super().__init__(logger=None, is_async=False)
            self.session = Session()

        def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Response:
            return carrier.request(method, url, *arguments, **named)

    real = twilio_rest.TwilioHttpClient
    twilio_rest.TwilioHttpClient = Wire
    try:
        yield
    finally:
        twilio_rest.TwilioHttpClient = real
