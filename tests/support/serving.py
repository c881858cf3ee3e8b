"""`heard serve` in processes of its own, and connections that stay open to one of them."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.crashes.server import environment, free_port
from tests.support.webhooks import form, signed

WITHIN_S = 60


async def until(is_so: Callable[[], bool]) -> None:
    """Return when something that another process does is done."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.02)


class Response(NamedTuple):
    status: int
    body: bytes


class Connection:
    """One connection over loopback; requests on it go to the process that accepted it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.port: int = writer.get_extra_info("sockname")[1]

    async def get(self, path: str) -> Response:
        await self.send(f"GET {path} HTTP/1.1\r\nHost: heard\r\n\r\n".encode())
        return await self.response()

    async def say(self, phone: str, text: str, sid: str) -> Response:
        await self.send_message(phone, text, sid)
        return await self.response()

    async def send_message(self, phone: str, text: str, sid: str) -> None:
        body, headers = signed(form(text, sid, From=phone))
        lines = [f"{name}: {value}" for name, value in headers.items()]
        head = [
            "POST /webhooks/twilio HTTP/1.1",
            "Host: heard",
            *lines,
            f"Content-Length: {len(body)}",
            "",
            "",
        ]
        await self.send("\r\n".join(head).encode() + body)

    async def send(self, request: bytes) -> None:
        self._writer.write(request)
        await self._writer.drain()

    async def response(self) -> Response:
        """Return the next response; IncompleteReadError or ConnectionError where the server hung up instead."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return Response(int(head.split()[1]), await self._reader.readexactly(length))

    async def ended(self) -> bool:
        """Return whether the server closes the connection without another word."""
        return await self._reader.read() == b""

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


class Server:
    """A server and its processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self._log = process, port, log
        self._connections: list[Connection] = []

    @property
    def log(self) -> str:
        return self._log.read_text()

    def workers(self) -> set[int]:
        """Return the ids of the processes that `--processes` started."""
        found = set()
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                # Python's own helper for what processes share is a child too.
                if "spawn_main" in " ".join(child.cmdline()):
                    found.add(child.pid)
        return found

    async def connect(self) -> Connection:
        connection = Connection(*await asyncio.open_connection("127.0.0.1", self.port))
        self._connections.append(connection)
        return connection

    async def hang_up(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            await connection.close()

    async def one_each(self, processes: int) -> Mapping[int, Connection]:
        """Return a connection to each of so many processes, by process; all of them answer by then."""
        found: dict[int, Connection] = {}
        async with asyncio.timeout(WITHIN_S):
            while len(found) < processes:
                connection = await self.connect()
                if (await connection.get("/ready")).status == 200 and (
                    pid := self._taken_by(connection)
                ) not in found:
                    found[pid] = connection
                else:
                    await connection.close()
        return found

    def _taken_by(self, connection: Connection) -> int:
        for pid in self.workers():
            for one in psutil.Process(pid).net_connections("tcp"):
                if one.raddr and one.raddr.port == connection.port:
                    return pid
        raise AssertionError("no process has this connection")

    async def until_ready(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            while True:
                assert self.process.poll() is None, self.log
                try:
                    connection = await self.connect()
                    status = (await connection.get("/ready")).status
                    await connection.close()
                except (OSError, asyncio.IncompleteReadError):
                    status = None
                if status == 200:
                    return
                await asyncio.sleep(0.02)

    async def until_refused(self) -> None:
        """Return when nobody listens any more."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                try:
                    await (await self.connect()).close()
                except OSError:
                    return
                await asyncio.sleep(0.02)

    async def until_received(self, count: int) -> None:
        """Return when so many messages have reached a transaction, of all processes together."""
        sample = b'heard_messages_received_total{channel="sms"} '
        async with asyncio.timeout(WITHIN_S):
            while True:
                connection = await self.connect()
                lines = (await connection.get("/metrics")).body.splitlines()
                await connection.close()
                if (
                    sum(float(line.removeprefix(sample)) for line in lines if line.startswith(sample))
                    >= count
                ):
                    return
                await asyncio.sleep(0.02)

    def tell(self, order: signal.Signals) -> None:
        self.process.send_signal(order)

    async def exit_code(self) -> int:
        return await asyncio.to_thread(self.process.wait, WITHIN_S)


@asynccontextmanager
async def heard(database_url: str, folder: Path, *arguments: str, **variables: str) -> AsyncIterator[Server]:
    """Yield `heard serve` with these arguments, ready; what is left of it is killed when the block ends."""
    port, log = free_port(), folder / "server.log"
    command = [
        sys.executable,
        "-m",
        "bot.cli",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        *arguments,
    ]
    process = _begun(command, folder, {**environment(database_url), **variables}, log)
    server = Server(process, port, log)
    left = [psutil.Process(process.pid)]
    try:
        await server.until_ready()
        left += psutil.Process(process.pid).children(recursive=True)
        yield server
    finally:
        await server.hang_up()
        for one in left:
            if one.is_running():
                one.kill()
        await asyncio.to_thread(process.wait)


def _begun(
    command: list[str], folder: Path, variables: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    with log.open("ab") as opened:
        return subprocess.Popen(command, cwd=folder, env=variables, stdout=opened, stderr=opened)
