"""A host of pictures and sounds on loopback, that speaks HTTP byte by byte so that it can break wherever it likes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from tests.support.fake_twilio import ACCOUNT

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Asked:
    """One request: its path, and its headers by their names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass
class MediaHost:
    """What it was asked, and how it answers the next requests; then it answers `usual`."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    next: deque[Answer] = field(default_factory=deque)
    usual: Answer | None = None
    written: int = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.splitlines()
            headers = dict(line.split(": ", 1) for line in lines if line)
            self.asked.append(Asked(first.split()[1], {name.lower(): one for name, one in headers.items()}))
            answer = self.next.popleft() if self.next else self.usual
            assert answer is not None, "asked more often than was expected"
            await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def says(status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> Answer:
    """Answer with this; `length` is what it says of the body's length, -1 for nothing."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        told = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} Said", "Connection: close"]
        lines += [f"Content-Length: {told}"] if told >= 0 else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        await writer.drain()

    return answer


def gives(body: bytes, content_type: str, **more: int) -> Answer:
    return says(200, body, Content_Type=content_type, **more)  # type: ignore[arg-type]


def gives_without_end(host: MediaHost, content_type: str) -> Answer:
    """Answer with one piece after the other for as long as anybody reads."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 Said\r\nContent-Type: {content_type}\r\n\r\n".encode())
        while True:
            writer.write(bytes(50_000))
            await writer.drain()
            host.written += 50_000

    return answer


def is_silent(until: asyncio.Event, began: asyncio.Event | None = None) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        if began is not None:
            began.set()
        await until.wait()

    return answer


@asynccontextmanager
async def media_host() -> AsyncIterator[MediaHost]:
    """Serve it on a port of its own until the block ends."""
    host = MediaHost()
    server = await asyncio.start_server(host.take, "127.0.0.1", 0)
    host.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield host


def media_url(number: int = 1) -> str:
    """Return one of the addresses that Twilio gives in its webhooks."""
    return (
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{number:032x}/Media/ME{number:032x}"
    )


def photo(size: tuple[int, int] = (40, 30), **saved: object) -> bytes:
    """Return a photo as a phone sends it: with the place, the time and the device it was made with."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x0112] = "Maker of phones", "2026:03:02 12:00:00", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 31.0, 28.0), 3: "E", 4: (3.0, 22.0, 45.0)})
    output = BytesIO()
    Image.new("RGB", size, (200, 80, 20)).save(
        output, **{"format": "JPEG", "exif": exif, "comment": b"at home", **saved}
    )
    return output.getvalue()
