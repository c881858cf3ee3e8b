"""Phones that hold whole interviews, with the provider between: it delivers a message until it is acknowledged."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.support.webhooks import form, signed

BETWEEN_TRIES_S = 0.02
"""Pause after a delivery that failed. A provider takes seconds; nothing here depends on how long it is."""
AGAIN = 0.05
"""Share of messages that are delivered a second time though they were acknowledged, or at the same time twice."""

Up = Callable[[], Awaitable[int]]
"""Returns the port once a server listens there."""


@dataclass(slots=True)
class Message:
    """One message of a phone: what was sent, and every different answer that any delivery of it got.

    `answered_at` is when the first delivery began that was answered.
    """

    phone: str
    form: dict[str, str] = field(repr=False)
    deliveries: int = 0
    answered_at: datetime | None = None
    answers: set[bytes] = field(default_factory=set, repr=False)

    @property
    def acknowledged(self) -> bool:
        return bool(self.answers)


class Phones:
    """Phones in a closed loop: each sends the next message of its script when the last was acknowledged.

    A phone holds one interview; where it ends, another phone takes its place, until `stop`.
    """

    def __init__(self, scripts: Sequence[Sequence[str]], seed: int, at_once: int = 24) -> None:
        self.messages: dict[str, Message] = {}
        self.acknowledged = 0
        self._scripts = scripts
        self._random = random.Random(seed)
        self._at_once = at_once
        self._phones = 0
        self._stopped = False
        self._reached: dict[int, list[asyncio.Future[None]]] = defaultdict(list)

    async def hold(self, up: Up) -> None:
        """Return when every phone that began has finished, after `stop`."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._interviews(up))

    def stop(self) -> None:
        self._stopped = True

    async def reach(self, more: int) -> None:
        """Return when that many more messages are acknowledged.

        Raises:
            TimeoutError: a minute passed before: the server takes nothing in any more.
        """
        reached = asyncio.get_running_loop().create_future()
        self._reached[self.acknowledged + more].append(reached)
        async with asyncio.timeout(60):
            await reached

    async def _interviews(self, up: Up) -> None:
        line = Line(up)
        try:
            while not self._stopped:
                self._phones += 1
                name = f"{self._phones:06d}"
                # Longer than any number of the United States: nobody's.
                phone = f"+12025550{name}"
                for number, text in enumerate(self._random.choice(self._scripts)):
                    sid = f"SM{name:0>26}{number:06d}"
                    await self._say(line, Message(phone, form(text, sid, From=phone)))
        finally:
            line.hang_up()

    async def _say(self, line: "Line", message: Message) -> None:
        self.messages[message.form["MessageSid"]] = message
        chance = self._random.random()
        if chance < AGAIN:
            other = Line(line.up)
            await asyncio.gather(_deliver(line, message), _deliver(other, message))
            other.hang_up()
        else:
            await _deliver(line, message)
        if chance > 1 - AGAIN:
            await _deliver(line, message)
        self.acknowledged += 1
        for reached in self._reached.pop(self.acknowledged, ()):
            reached.set_result(None)


async def _deliver(line: "Line", message: Message) -> None:
    request = _request(message.form)
    while True:
        message.deliveries += 1
        began = datetime.now(UTC)
        answer = await line.ask(request)
        if answer is not None:
            message.answers.add(answer)
            message.answered_at = message.answered_at or began
            return
        await asyncio.sleep(BETWEEN_TRIES_S)


def _request(fields: dict[str, str]) -> bytes:
    body, headers = signed(fields)
    named = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"POST /webhooks/twilio HTTP/1.1\r\n{head}\r\n".encode() + body


class Line:
    """A connection that is kept as long as it holds."""

    def __init__(self, up: Up) -> None:
        self.up = up
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> bytes | None:
        """Return the answer to a request, or None where there is none yet: the server died, or wants it again.

        Raises:
            RuntimeError: an answer that no provider would try again after.
        """
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", await self.up())
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            self.hang_up()
            return None
        if head.startswith(b"HTTP/1.1 200 "):
            return body
        if head.startswith(b"HTTP/1.1 503 "):
            return None
        raise RuntimeError(f"the server answered {head[:40]!r}")

    def hang_up(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
