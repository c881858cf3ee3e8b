"""The measuring itself: requests that a server takes for genuine, samples that are sorted right, figures in place."""

import os
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from bot.channels.twilio import Twilio
from tests.benchmarks.figures import Figure, put, table
from tests.benchmarks.load import MESSAGES, requests
from tests.benchmarks.shares import sort

TOKEN = "0123456789abcdef0123456789abcdef"


def test_requests_are_signed_as_twilio_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setitem(os.environ, "HEARD_PUBLIC_URL", "https://heard.example")
    said = []
    for request in requests(8000, 7):
        head, _, body = request.partition(b"\r\n\r\n")
        signature = next(
            line.partition(b": ")[2] for line in head.split(b"\r\n") if line.startswith(b"X-Twilio-Signature")
        )
        fields = Twilio(TOKEN, "https://heard.example").fields(body, signature.decode())
        assert fields.text("From") == "+1202000000007"
        said.append(dict(parse_qsl(body.decode()))["Body"])
    assert tuple(said) == MESSAGES


def test_samples_are_sorted_by_where_they_are() -> None:
    app = "Runner.run (/usr/lib/python3.11/asyncio/runners.py:118);Intake._handle (/srv/bot/intake/__init__.py:228)"
    shares = sort(
        [
            f"{app};Intake._answer (/srv/bot/intake/__init__.py:250);step (/srv/bot/core/interview/step.py:40) 3",
            "Exchange.store (/srv/bot/store/exchange.py:110);execute (/v/site-packages/sqlalchemy/engine/base.py:1) 5",
            f"{app} 1",
            "run (/v/site-packages/uvicorn/server.py:86) 1",
            "Runner.run (/usr/lib/python3.11/asyncio/runners.py:118) 90",
        ]
    )
    assert {part: share for part, share in shares.items() if share} == {
        "deciding (`step`, pace, texts)": 0.3,
        "storing": 0.5,
        "queueing (the intake's own)": 0.1,
        "the rest (event loop, counting, logging)": 0.1,
    }


def test_figures_take_the_place_of_older_ones(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("Before.\n<!-- one -->\nold\n<!-- /one -->\nAfter.\n", encoding="utf-8")
    put("one", table([Figure("speed", "3", "2", True), Figure("size", "9", "8", False)]), document)
    assert document.read_text(encoding="utf-8") == (
        "Before.\n<!-- one -->\n| what | measured | limit | holds |\n| --- | --- | --- | --- |\n"
        "| speed | 3 | 2 | yes |\n| size | 9 | 8 | **no** |\n<!-- /one -->\nAfter.\n"
    )
    with pytest.raises(ValueError, match="has no place for two"):
        put("two", "", document)
