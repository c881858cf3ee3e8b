"""Phones in a closed loop over loopback: each sends its next message when the reply to the last has come.

Run as a process of its own on a core of its own: `python -m tests.benchmarks.load PORT CONNECTIONS INTERVIEWS OFFSET`.
Prints one JSON object: messages, seconds, and the latencies' median and 99th percentile in milliseconds.
"""

import asyncio
import json
import os
import sys
import time
from typing import cast
from urllib.parse import urlencode

import uvloop
from twilio.request_validator import RequestValidator

MESSAGES = ("MARKET", "1", "2", "15", "1 3", "more shade for the women who sell")
"""One interview with `flows/market.yaml`."""

Request = bytes


def requests(port: int, interview: int) -> list[Request]:
    """Return the signed requests of one interview by a phone of its own, ready to be written to a socket."""
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
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
        body = urlencode(form).encode()
        head = (
            f"POST /webhooks/twilio HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {validator.compute_signature(url, form)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        built.append(head.encode() + body)
    return built


class Phones(asyncio.Protocol):
    """One connection: the phones behind it send their interviews one after the other."""

    def __init__(
        self, interviews: list[list[Request]], latencies: list[float], done: asyncio.Future[None]
    ) -> None:
        self.waiting = [request for interview in reversed(interviews) for request in reversed(interview)]
        self.latencies = latencies
        self.done = done
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport is none of asyncio's own classes.
        self.transport = cast(asyncio.Transport, transport)
        self.send()

    def send(self) -> None:
        if not self.waiting:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.sent_at = time.perf_counter()
        self.transport.write(self.waiting.pop())

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode()))
            return
        self.latencies.append(time.perf_counter() - self.sent_at)
        self.received = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


async def run(port: int, connections: int, interviews: int, offset: int) -> dict[str, float]:
    work = [requests(port, offset + number) for number in range(interviews)]
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    finished = []
    began = time.perf_counter()
    for number in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        finished.append(done)
        share = work[number::connections]
        await loop.create_connection(
            lambda share=share, done=done: Phones(share, latencies, done), "127.0.0.1", port
        )
    await asyncio.gather(*finished)
    seconds = time.perf_counter() - began
    latencies.sort()
    return {
        "messages": len(latencies),
        "seconds": seconds,
        "rate": len(latencies) / seconds,
        "median_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[len(latencies) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    port, connections, interviews, offset = map(int, sys.argv[1:5])
    sys.stdout.write(json.dumps(uvloop.run(run(port, connections, interviews, offset))))
