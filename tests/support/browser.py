"""Debian's Chromium, and a real server of the demo for it to look at."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def chromium() -> str:
    """Return where Chromium is; without it the test skips and says so, or fails where it must not skip."""
    if CHROMIUM is None:
        reason = "Chromium is not installed, so the chat page was not looked at: apt-get install chromium"
        if os.environ.get("HEARD_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return CHROMIUM


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Serve the shipped consultations in demo mode, in a process of its own; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bot.cli", "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=settings, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            told = []
            # uvicorn says so when it listens; the line is waited for, not a time.
            for line in server.stderr:
                told.append(line)
                if "Uvicorn running" in line:
                    break
            else:
                pytest.fail(f"the demo did not start:\n{''.join(told)}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
