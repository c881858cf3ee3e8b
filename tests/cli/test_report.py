"""`heard report` on a database filled by talks."""

import asyncio
import stat
from pathlib import Path

import pytest

from bot.flowfiles.folder import check_files
from bot.store.database import connect
from bot.store.migrating import migrate
from tests.results.test_dataset import TALKS
from tests.support import commands
from tests.support.answers import talk
from tests.support.commands import ROOT, Told

GARDEN = ROOT / "tests/results"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('report')}/heard.db"

    async def fill() -> None:
        engine = connect(url)
        await migrate(engine)
        await talk(engine, [check_files([GARDEN / "garden.yaml"], GARDEN).flows["garden"]], TALKS)
        await engine.dispose()

    asyncio.run(fill())
    return url


def heard(database: str, *arguments: str) -> Told:
    return commands.heard("report", *arguments, DATABASE_URL=database, HEARD_LOCALES=str(ROOT / "locales"))


def test_a_preview_is_written_for_its_owner_alone(database: str, tmp_path: Path) -> None:
    output = tmp_path / "garden.html"
    done = heard(database, "garden", "--preview", "--output", str(output))
    assert done.returncode == 0, done.stderr
    assert "Do not publish it" in done.stderr
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    page = output.read_text("utf-8")
    assert "<h1>The school garden</h1>" in page
    assert 'class="banner"' in page
    assert "Wrote in: <strong>5</strong>" in page
    assert list(tmp_path.iterdir()) == [output]


def test_a_preview_in_another_language_and_format_on_standard_output(database: str) -> None:
    done = heard(database, "garden", "--preview", "--format", "docx", "--language", "am", "--output", "-")
    assert done.returncode == 0, done.stderr
    assert done.output.startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["garden", "--output", "-"], "add --preview"),
        (["garden", "--preview", "--language", "tlh", "--output", "-"], "there are no reports in 'tlh'"),
        (["gardn", "--preview", "--output", "-"], "there is no consultation 'gardn'; is it garden?"),
        (["garden", "--preview", "--output", "/nowhere/x.html"], "/nowhere/x.html cannot be written"),
    ],
    ids=["not safe", "language", "consultation", "place"],
)
def test_what_cannot_be_written_is_told_in_a_sentence(database: str, arguments: list[str], told: str) -> None:
    done = heard(database, *arguments)
    assert done.returncode == 1
    assert done.output == b""
    assert told in done.stderr
    assert "Traceback" not in done.stderr
