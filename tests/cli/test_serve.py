"""`heard serve`, as a process of its own."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEARD = (sys.executable, "-m", "bot.cli")


def environment(**variables: str) -> dict[str, str]:
    """Return an environment with nothing of Heard's in it but these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    folders = {"HEARD_FLOWS": str(ROOT / "flows"), "HEARD_LOCALES": str(ROOT / "locales")}
    return {**kept, "PYTHONPATH": str(ROOT), **folders, **variables}


@contextmanager
def serving(folder: Path, *arguments: str, **variables: str) -> Iterator[list[str]]:
    """Yield what a server says until it serves; it ends with the block."""
    process = subprocess.Popen(
        [*HEARD, "serve", *arguments],
        cwd=folder,
        env=environment(PYTHONUNBUFFERED="1", **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line.rstrip())
            if "Uvicorn running on" in line:
                break
        yield said
    finally:
        process.terminate()
        said += process.stdout.read().splitlines()
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert "Application shutdown complete" in "\n".join(said)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        read: bytes = response.read()
        return read.decode()


def test_demo_needs_nothing_and_says_where_to_try(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, "--demo", "--port", str(port)) as said:
        assert said[:2] == [
            "Keys for trials were made in var/demo-keys.env; only you can read them.",
            f"Try a consultation: http://127.0.0.1:{port}/try   (Ctrl-C ends Heard)",
        ]
        assert "Try a consultation" in get(port, "/try")
        assert get(port, "/ready") == '{"ready":true}'
    keys = (tmp_path / "var/demo-keys.env").read_text()
    with serving(tmp_path, "--demo", PORT=str(port)) as said:
        assert said[0] == f"Try a consultation: http://127.0.0.1:{port}/try   (Ctrl-C ends Heard)"
    assert (tmp_path / "var/demo-keys.env").read_text() == keys
    assert {path.name for path in tmp_path.iterdir()} == {"var"}


def test_demo_warns_where_others_can_reach_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo", "--host", "0.0.0.0", "--port", str(free_port())) as said:
        assert [line for line in said if line.startswith("Whoever reaches this address")]


def refused(folder: Path, **variables: str) -> str:
    finished = subprocess.run(
        [*HEARD, "serve"],
        check=False,
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert "Traceback" not in finished.stderr
    return finished.stderr


KEYS = {
    "HEARD_PUBLIC_URL": "https://heard.example",
    "HEARD_SEALING_KEYS": "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3MDE=",
    "HEARD_ADDRESS_PEPPER": "a pepper of sixteen and more",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
}


def test_without_keys_it_does_not_start(tmp_path: Path) -> None:
    said = refused(tmp_path)
    assert [name for name in KEYS if f"{name}: It is missing" not in said] == []
    assert list(tmp_path.iterdir()) == []


def test_without_tables_it_does_not_start(tmp_path: Path) -> None:
    assert "run `heard migrate`" in refused(tmp_path, **KEYS)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://db.example/heard", "DATABASE_URL has to start with"),
        ("postgresql://heard:a-password@127.0.0.1:1/heard", "DATABASE_URL does not answer"),
    ],
)
def test_without_a_database_it_does_not_start(tmp_path: Path, url: str, said: str) -> None:
    told = refused(tmp_path, **KEYS, DATABASE_URL=url)
    assert said in told
    assert "a-password" not in told


def test_outside_demo_mode_it_serves_with_keys_and_without_a_chat_page(tmp_path: Path) -> None:
    subprocess.run(
        [*HEARD, "migrate"], cwd=tmp_path, env=environment(), check=True, stdout=subprocess.DEVNULL
    )
    port = free_port()
    with serving(tmp_path, "--host", "127.0.0.1", "--port", str(port), **KEYS):
        assert get(port, "/ready") == '{"ready":true}'
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(port, "/try")
