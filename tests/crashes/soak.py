"""`make soak`: the crash tests with many kills and new seeds, until SOAK_SECONDS have passed (default 600)."""

import asyncio
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.crashes.killing import survive
from tests.crashes.server import Server
from tests.crashes.test_worker import survive_killed_workers
from tests.support.databases import Databases, opened, postgresql

KILLS = 40


async def main(seconds: float, seed: int) -> int:
    console = Console()
    with postgresql() as server, tempfile.TemporaryDirectory() as folder:

        async def fail(heard: Server) -> None:
            del heard
            await asyncio.to_thread(server.fail)
            await asyncio.to_thread(server.start)

        ends = time.monotonic() + seconds
        sqlite, postgres = Databases("sqlite", folder), Databases("postgresql", server.address)
        while time.monotonic() < ends:
            for name, databases, failing in (
                ("the server, on SQLite", sqlite, {}),
                ("the server, on PostgreSQL", postgres, {}),
                ("PostgreSQL", postgres, {"fail": fail}),
            ):
                console.print(f"[bold]{name}[/] is killed {KILLS} times, SOAK_SEED={seed}")
                with tempfile.TemporaryDirectory() as logs:
                    survived = await survive(
                        await databases.migrated(), Path(logs), seed=seed, kills=KILLS, **failing
                    )
                console.print(
                    f"  {survived.messages} messages of {survived.phones} phones, {survived.redelivered} delivered "
                    f"again, {survived.from_store} of them answered from the store"
                )
                for line in survived.wrong:
                    console.print(f"  [red]{line}[/]", markup=True)
                if survived.wrong:
                    return 1
            for name, databases in (
                ("what sends, on SQLite", sqlite),
                ("what sends, on PostgreSQL", postgres),
            ):
                console.print(f"[bold]{name}[/] is killed while it sends, SOAK_SEED={seed}")
                url = await databases.migrated()
                async with opened(url) as engine:
                    await survive_killed_workers(url, engine, seed)
            seed += 1
    return 0


if __name__ == "__main__":
    chosen = int(os.environ.get("SOAK_SEED") or secrets.randbits(31))
    sys.exit(asyncio.run(main(float(os.environ.get("SOAK_SECONDS") or 600), chosen)))
