"""The web process loads nothing that analyses: neither its own modules, nor what they bring along."""

import asyncio
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from tests.support.databases import Databases

ROOT = Path(__file__).parents[1]
HEAVY = (
    "polars",
    "scipy",
    "sklearn",
    "pandas",
    "pyarrow",
    "weasyprint",
    "docx",
    "vl_convert",
    "pyreadstat",
    "xlsxwriter",
    "alembic",
)
LATER = ("aiosmtplib",)
"""Only when the first mail is sent."""
PROGRAM = """
import asyncio, sys
from bot.app import build
from bot.settings import read_settings
app = build(read_settings())
print(*sorted(one for one in (*{heavy!r}, *{later!r}) if one in sys.modules))

async def ask(path):
    told = []
    async def receive():
        return {{"type": "http.request", "body": b""}}
    async def send(message):
        told.append(message)
    scope = {{"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
              "query_string": b"", "headers": [], "scheme": "http", "server": ("heard", 80)}}
    await app(scope, receive, send)
    return told[0]["status"]

async def everything():
    paths = ("/api/v1/openapi.json", "/api/v1/consultations", "/feeds/garden.atom", "/digests/leave")
    return [await ask(path) for path in paths]

print(*asyncio.run(everything()))
print(*sorted(one for one in {heavy!r} if one in sys.modules))
"""


def test_serving_loads_no_library_of_analysis(tmp_path: Path) -> None:
    url = asyncio.run(Databases("sqlite", str(tmp_path)).migrated())
    settings = {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": url,
        "HEARD_PUBLIC_URL": "https://heard.example",
        "HEARD_FLOWS": str(ROOT / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_SEALING_KEYS": Fernet.generate_key().decode(),
        "HEARD_ADDRESS_PEPPER": "a pepper for tests alone",
        "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
        "HEARD_SMTP_URL": "smtp://127.0.0.1:9",
        "HEARD_MAIL_FROM": "digest@heard.example",
    }
    program = PROGRAM.format(heavy=HEAVY, later=LATER)
    told = subprocess.run(
        [sys.executable, "-c", program],
        env=settings,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert told.stdout.splitlines() == ["", "200 401 404 400", ""]
