"""`heard codes`, `heard summarise` and the code frames that `heard check` looks at, as an organiser meets them."""

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.test_quotes import ROOT, database, filled, sheet
from tests.support.fake_summariser import fake_summariser

__all__ = ["database"]
GARDEN = ROOT / "tests/results/garden.yaml"
FRAME = """\
codes:
  - name: water
    label: Water
    keywords: {en: [water]}
  - name: shade
    label: Shade and trees
    keywords: {en: [shad*, tree*]}
    items: [wish]
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    folder.mkdir()
    shutil.copy(GARDEN, folder)
    (folder / "garden.codes.yaml").write_text(FRAME)
    return folder


def heard(*arguments: str, answers: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments, input=answers, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_answers_are_counted_by_code(database: str, flows: Path) -> None:
    lines = [line.split() for line in heard("codes", "count", "garden", "--flows", str(flows)).splitlines()]
    assert ["wish:", "4", "answers,", "2", "without", "a", "code"] in lines
    assert ["Water", "1", "1"] in lines
    assert ["Shade", "and", "trees", "1", "1"] in lines


def test_a_sample_is_coded_by_hand_and_compared(database: str, flows: Path, tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    assert "written" in heard("codes", "sample", "garden", str(file))
    rows = [row for row in sheet(file) if row["slot"] == "wish"]
    assert "0712" not in file.read_text()
    for row in rows:
        row["codes"] = {"shade": "shade", "'=water for Ada's goats": "water"}.get(row["words"], "none")
    told = heard("codes", "measure", "garden", filled(file, rows), "--flows", str(flows))
    assert "3 answers coded by hand." in told
    assert ["water", "1", "1", "1.00", "1.00", "to", "1.00"] in [line.split() for line in told.splitlines()]
    assert "Mean kappa: 1.00" in told
    wrong = [row | {"codes": "shad"} for row in rows]
    told = heard("codes", "measure", "garden", filled(file, wrong), "--flows", str(flows), code=1)
    assert "line 2, codes: There is no code 'shad'. Write shade." in told


def problems(*arguments: str) -> list[tuple[str, int | None, str]]:
    result = CliRunner().invoke(
        app, ["check", *arguments, "--format", "json", "--locales", str(ROOT / "locales")]
    )
    return [(one["code"], one["line"], Path(one["file"]).name) for one in json.loads(result.output)]


def test_check_looks_at_the_frame_beside_a_consultation(flows: Path) -> None:
    assert problems(str(flows)) == []
    frame = flows / "garden.codes.yaml"
    frame.write_text(FRAME.replace("keywords: {en: [water]}", "keyword: {en: [water]}"))
    for place in (flows, flows / "garden.yaml", frame):
        assert problems(str(place)) == [
            ("code-without-words", 2, "garden.codes.yaml"),
            ("unknown-key", 4, "garden.codes.yaml"),
        ]
    frame.write_text("")
    assert problems(str(flows)) == [("empty-file", 1, "garden.codes.yaml")]
    frame.rename(flows / "gardn.codes.yaml")
    assert problems(str(flows)) == [("codes-of-nothing", None, "gardn.codes.yaml")]


def says(answers: dict[str, str]) -> object:
    (one, other) = [key for key, text in answers.items() if "borehole" in text]
    cites = [{"id": one, "words": "dig a borehole"}, {"id": other, "words": "dig a borehole"}]
    return {
        "sentences": [
            {"text": "Dig a borehole, some ask.", "cites": cites},
            {"text": "All is well.", "cites": []},
        ]
    }


@pytest.fixture
def wells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.results.test_dataset import GARDEN as FLOW
    from tests.results.test_dataset import WHOLE
    from tests.support.answers import talk
    from tests.support.databases import Databases, opened

    async def fill() -> str:
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            wishes = ["dig a borehole, 0712345678", "please dig a borehole", "shade"]
            await talk(engine, [FLOW], [[*WHOLE, "skip", wish] for wish in wishes])
        return url

    monkeypatch.setenv("DATABASE_URL", asyncio.run(fill()))
    monkeypatch.setenv("HEARD_LOCALES", str(ROOT / "locales"))


def test_nothing_is_sent_unless_it_is_set_up(wells: None) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bot.cli", "summarise", "garden", "wish"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    assert "HEARD_SUMMARISER_URL: It is missing." in told.stderr


@pytest.mark.parametrize("answer", ["yes", "no", "--yes"])
def test_what_is_sent_is_shown_first(wells: None, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    async def run() -> tuple[str, list[object]]:
        async with fake_summariser() as fake:
            fake.says = says
            monkeypatch.setenv("HEARD_SUMMARISER_URL", fake.url)
            monkeypatch.setenv("HEARD_SUMMARISER_MODEL", "small")
            arguments = ["summarise", "garden", "wish", *(["--yes"] if answer == "--yes" else [])]
            typed, code = ("n\n", 1) if answer == "no" else ("y\n", 0)
            shown = await asyncio.to_thread(heard, *arguments, answers=typed, code=code)
            return shown, list(fake.received)

    shown, received = asyncio.run(run())
    assert "0712345678" not in shown
    assert ("and nothing else:" in shown) is (answer != "--yes")
    if answer == "no":
        assert received == []
        return
    assert len(received) == 1
    sent = received[0]["messages"][1]["content"]  # type: ignore[index]
    assert list(json.loads(sent)["answers"].values()) == [
        "dig a borehole, [phone]",
        "please dig a borehole",
        "shade",
    ]
    assert "Written by a machine" in shown
    assert "Dig a borehole, some ask. [A1, A2]" in shown
    assert "All is well" not in shown
    assert "1 sentence dropped: it cites fewer than two answers." in shown
