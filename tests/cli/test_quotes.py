"""`heard quotes`, as a reviewer and a translator meet it."""

import asyncio
import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.flowfiles.folder import Flow, check_files
from tests.results.test_dataset import GARDEN, WHOLE
from tests.support.answers import talk
from tests.support.databases import Databases, opened

ROOT = Path(__file__).parents[2]
WISHES = ["=water for Ada's goats", "call 0712 345 678, my name is Ada", "0712345678", "shade"]


def to_last(wish: str) -> list[str]:
    return [*WHOLE, "skip", wish]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return stored(tmp_path, monkeypatch, GARDEN, [to_last(wish) for wish in WISHES])


def stored(folder: Path, monkeypatch: pytest.MonkeyPatch, flow: Flow, talks: list[list[str]]) -> str:
    async def fill() -> str:
        url = await Databases("sqlite", str(folder)).migrated()
        async with opened(url) as engine:
            await talk(engine, [flow], talks)
        return url

    url = asyncio.run(fill())
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("HEARD_LOCALES", str(ROOT / "locales"))
    return url


def heard(*arguments: str, answers: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, ["quotes", *arguments], input=answers, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_reviewer_decides_one_at_a_time(database: str) -> None:
    typed = ["e", "nothing", "e", "Ada", "t", "fr", "de l'eau, 0712345678", "x", "a", "r", "s"]
    shown = heard("review", "garden", "--item", "wish", answers="\n".join(["Bola", *typed, ""]))
    assert "call [phone], my name is [name]" in shown
    assert "0712" not in shown.replace("eau, 0712345678", "")
    assert "That does not stand there." in shown
    assert "Type one of the letters." in shown
    assert "2 decided, 1 left." in shown
    listed = heard("list", "garden", "--item", "wish")
    assert "=water for […]'s goats" in listed
    assert "fr: de l'eau, [phone]" in listed or "fr: de l'eau, [number]" in listed
    assert "approved by Bola" in listed
    assert [line.split() for line in listed.splitlines()[1:2]] == [["wish", "en", "1", "1", "1"]]
    again = heard("review", "garden", "--item", "wish", "--reviewer", "Bola", answers="q\n")
    assert "1 of 1" in again
    assert "shade" in again


def test_what_says_nothing_any_more_cannot_be_approved(database: str) -> None:
    typed = ["s", "s", "e", "shade", "a", "q"]
    shown = heard("review", "garden", "--item", "wish", "--reviewer", "Bola", answers="\n".join([*typed, ""]))
    assert "Nothing is left that says something." in shown
    assert "0 decided, 3 left." in shown


def test_that_nothing_is_to_be_read_is_said_with_the_reason(database: str) -> None:
    heard("review", "garden", "--reviewer", "Bola", "--item", "wish", answers="a\na\nr\n")
    told = heard("review", "garden", "--reviewer", "Bola", "--item", "wish")
    assert told == "Nothing to read. All 3 are decided.\n"
    other = ["--language", "fr"]
    for command in (["list", "garden", *other], ["review", "garden", "--reviewer", "Bola", *other]):
        assert "but none of this item or in this language." in " ".join(heard(*command).split())


CLOSED = """
consultation: closed
title: A closed question
languages: [en]
keywords: {en: [CLOSED]}
consent: May we ask you?
items: [{name: age, type: integer, label: How old are you?}]
"""
NUMBERS = ["0712345678" if said == "clay" else said for said in WHOLE]


@pytest.mark.parametrize(
    ("consultation", "messages", "why"),
    [
        ("closed", ["CLOSED", "1", "30"], "the consultation has no item of type text."),
        ("garden", ["GARDEN", "2"], "Nobody has answered in their own words yet."),
        (
            "garden",
            [*NUMBERS, "skip", "0712345678"],
            "Answers there are: 2 of which nothing is left once they are redacted.",
        ),
    ],
    ids=["none asked", "none answered", "nothing left"],
)
def test_why_there_is_nothing_to_quote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, consultation: str, messages: list[str], why: str
) -> None:
    (tmp_path / "closed.yaml").write_text(CLOSED)
    flow = check_files([tmp_path / "closed.yaml"], tmp_path).flows["closed"]
    stored(tmp_path, monkeypatch, {"closed": flow, "garden": GARDEN}[consultation], [messages])
    for command in (["list"], ["review", "--reviewer", "Bola"]):
        assert " ".join(heard(*command, consultation).split()).endswith(why)


def sheet(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        return list(csv.DictReader(opened_file))


def filled(file: Path, rows: list[dict[str, str]], delimiter: str = ",") -> str:
    with file.open("w", encoding="utf-8", newline="") as opened_file:
        writer = csv.DictWriter(
            opened_file, list(dict.fromkeys(k for row in rows for k in row)), delimiter=delimiter
        )
        writer.writeheader()
        writer.writerows(rows)
    return str(file)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_goes_out_and_comes_back(database: str, tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "quotes.csv"
    assert heard("export", "garden", str(file), "--item", "wish") == f"3 answers written to {file}.\n"
    rows = sheet(file)
    assert [row["words"] for row in rows] == [
        "'=water for Ada's goats",
        "call [phone], my name is [name]",
        "shade",
    ]
    rows[0] |= {
        "words": "'=water for […]'s goats",
        "decision": "Approve",
        "reviewer": "Bola",
        "translation fr": "de l'eau",
    }
    rows[1] |= {"decision": "reject", "reviewer": "Bola"}
    written = filled(file, rows, delimiter)
    assert heard("import", "garden", written) == "2 decisions taken in.\n"
    listed = heard("list", "garden", "--item", "wish")
    assert "=water for […]'s goats\n   fr: de l'eau\n" in listed
    assert heard("import", "garden", written) == "0 decisions taken in.\n"
    heard("export", "garden", str(file), "--item", "wish")
    assert [(row["decision"], row["reviewer"]) for row in sheet(file)] == [
        ("approve", "Bola"),
        ("reject", "Bola"),
        ("", ""),
    ]


def test_every_fault_of_a_spreadsheet_is_told_and_nothing_taken_in(database: str, tmp_path: Path) -> None:
    file = tmp_path / "quotes.csv"
    heard("export", "garden", str(file), "--item", "wish")
    good = {"decision": "approve", "reviewer": "Bola"}
    rows = sheet(file)
    faulty = [
        rows[2] | good,
        rows[2] | good,
        rows[0] | good | {"words": "water for everybody"},
        rows[0] | good | {"respondent": "nobody"},
        rows[0] | good | {"decision": "perhaps"},
        rows[0] | {"decision": "approve"},
        rows[1] | good | {"words": "call 0712 345 678, my name is Ada"},
    ]
    told = heard("import", "garden", filled(file, faulty), code=1)
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "line 3, respondent",
        "line 4, words",
        "line 5, respondent",
        "line 6, decision",
        "line 7, reviewer",
        "line 8, words",
        "Nothing was taken in.",
    ]
    assert [line.split()[2:] for line in heard("list", "garden", "--item", "wish").splitlines()[1:2]] == [
        ["0", "0", "3"]
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"respondent,slot\n1,2\n", "There is no column words, decision, reviewer."),
        (b"\xff\xfe", "not UTF-8"),
        (b"", "There is no column"),
    ],
)
def test_a_file_that_is_something_else(database: str, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "quotes.csv"
    file.write_bytes(content)
    assert said in heard("import", "garden", str(file), code=1)
