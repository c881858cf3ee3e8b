"""Phones in a closed loop over loopback: each sends its next message when the reply to the last has come.

Run as a process of its own, so that it takes nothing from the server's core: `python -m tests.benchmarks.load ORDER`,
where ORDER is an `Order` in JSON. Prints a `Measured` in JSON.
"""

import asyncio
import hashlib
import hmac
import os
import sys
import time
from base64 import b64encode
from functools import partial
from typing import cast
from urllib.parse import urlencode

import msgspec
import uvloop

MESSAGES = ("MARKET", "1", "2", "15", "1 3", "more shade for the women who sell")
"""One interview with `flows/market.yaml`."""

Request = bytes


class Order(msgspec.Struct, frozen=True):
    """What to send: by so many phones at a time, `interviews` of them, or as many as go into `seconds`.

    `first` tells the interviews apart from those of other orders.
    """

    port: int
    phones: int
    interviews: int = 0
    seconds: float = 0.0
    first: int = 0


class Measured(msgspec.Struct, frozen=True):
    """What came of it. `by_second` is how many messages were answered in each second, `refused` how many requests
    were told to come again; a latency is from a message's first try to its answer."""

    messages: int
    seconds: float
    median_ms: float
    p99_ms: float
    refused: int
    by_second: list[int]

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


def requests(port: int, interview: int) -> list[Request]:
    """Return the signed requests of one interview by a phone of its own, ready to be written to a socket.

    Signed here as https://www.twilio.com/docs/usage/security says: Twilio's own validator takes as long for one as the
    server for all of it, and the load would wait for itself.
    """
    token = os.environ["TWILIO_AUTH_TOKEN"].encode()
    url = os.environ["HEARD_PUBLIC_URL"] + "/webhooks/twilio"
    built = []
    for number, text in enumerate(MESSAGES):
        form = {
            "MessageSid": f"SM{interview:026d}{number:06d}",
            "AccountSid": "AC" + "0" * 32,
            "From": f"+1202{interview:09d}",
            "To": "+12025550100",
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "FromCountry": "US",
        }
        signed = url + "".join(name + form[name] for name in sorted(form))
        signature = b64encode(hmac.digest(token, signed.encode(), hashlib.sha1)).decode()
        body = urlencode(form).encode()
        head = (
            f"POST /webhooks/twilio HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        built.append(head.encode() + body)
    return built


class Load:
    """What all phones share: who is next, and what was measured."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.latencies: list[float] = []
        self.by_second: list[int] = []
        self.refused = 0
        self.taken = 0
        self.began = time.perf_counter()

    @property
    def is_over(self) -> bool:
        if self.order.seconds:
            return time.perf_counter() - self.began >= self.order.seconds
        return self.taken >= self.order.interviews

    def next_interview(self) -> int | None:
        """Return the number of the next interview, or None where enough have been held."""
        if self.is_over:
            return None
        self.taken += 1
        return self.order.first + self.taken - 1

    def answered(self, sent_at: float) -> None:
        now = time.perf_counter()
        self.latencies.append(now - sent_at)
        second = int(now - self.began)
        self.by_second += [0] * (second + 1 - len(self.by_second))
        self.by_second[second] += 1

    def measured(self) -> Measured:
        seconds = time.perf_counter() - self.began
        ordered = sorted(self.latencies)
        return Measured(
            messages=len(ordered),
            seconds=seconds,
            median_ms=ordered[len(ordered) // 2] * 1000,
            p99_ms=ordered[len(ordered) * 99 // 100] * 1000,
            refused=self.refused,
            by_second=self.by_second,
        )


class Phone(asyncio.Protocol):
    """One connection: the phones behind it hold their interviews one after the other."""

    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self.load = load
        self.done = done
        self.waiting: list[Request] = []
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport is none of asyncio's own classes.
        self.transport = cast(asyncio.Transport, transport)
        self.send_next()

    def send_next(self) -> None:
        if not self.waiting:
            interview = self.load.next_interview()
            if interview is None:
                self.done.set_result(None)
                self.transport.close()
                return
            self.waiting = requests(self.load.order.port, interview)[::-1]
        self.sent_at = time.perf_counter()
        self.transport.write(self.waiting[-1])

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.received = b""
        if head.startswith(b"HTTP/1.1 503"):
            # At once, as the least patient provider would: what is refused comes back until it is taken in.
            self.load.refused += 1
            if self.load.order.seconds and self.load.is_over:
                # The time of those who are never let in is over too.
                self.waiting.clear()
                self.send_next()
            else:
                self.transport.write(self.waiting[-1])
        elif head.startswith(b"HTTP/1.1 200"):
            self.waiting.pop()
            self.load.answered(self.sent_at)
            self.send_next()
        elif not self.done.done():
            self.done.set_exception(RuntimeError(head.decode()))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


async def run(order: Order) -> Measured:
    load = Load(order)
    loop = asyncio.get_running_loop()
    finished = []
    for _ in range(order.phones):
        done: asyncio.Future[None] = loop.create_future()
        finished.append(done)
        await loop.create_connection(partial(Phone, load, done), "127.0.0.1", order.port)
    await asyncio.gather(*finished)
    return load.measured()


if __name__ == "__main__":
    ordered = msgspec.json.decode(sys.argv[1], type=Order)
    sys.stdout.write(msgspec.json.encode(uvloop.run(run(ordered))).decode())
