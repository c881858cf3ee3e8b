"""`heard serve` in a process of its own that is killed and started again on the same port and store."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.webhooks import PUBLIC_URL, TOKEN

ROOT = Path(__file__).parents[2]
STARTS_WITHIN_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database_url,
        "HEARD_PUBLIC_URL": PUBLIC_URL,
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": SEALING_KEY,
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }


class Server:
    """One server at a time; what every one of them logged is in `log`."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "server.log"
        self._environment = environment(database_url)
        self._process: subprocess.Popen[bytes] | None = None
        self._listens = asyncio.Event()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Return when it listens."""
        process = self._process = self._begin()
        async with asyncio.timeout(STARTS_WITHIN_S):
            while not await self._answers():
                if process.poll() is not None:
                    raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
                await asyncio.sleep(0.01)
        self._listens.set()

    def _begin(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bot.cli", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    async def up(self) -> int:
        """Return the port once a server listens there."""
        await self._listens.wait()
        return self.port

    def kill(self) -> None:
        """Kill it as the kernel does: nothing that it holds is finished or told to anybody."""
        self._listens.clear()
        self.process.kill()
        self.process.wait()

    async def stop(self) -> int:
        """Return the exit code of a server that was asked to end."""
        self._listens.clear()
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait)

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True
