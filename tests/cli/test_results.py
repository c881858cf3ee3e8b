"""`heard results` and `heard export` on a database filled by talks."""

import asyncio
import csv
import json
import os
import subprocess
import sys
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
    url = f"sqlite:///{tmp_path_factory.mktemp('results')}/heard.db"

    async def fill() -> None:
        engine = connect(url)
        await migrate(engine)
        await talk(engine, [check_files([GARDEN / "garden.yaml"], GARDEN).flows["garden"]], TALKS)
        await engine.dispose()

    asyncio.run(fill())
    return url


def heard(database: str, *arguments: str) -> Told:
    return commands.heard(*arguments, DATABASE_URL=database, HEARD_LOCALES=str(ROOT / "locales"))


def records(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


RESULTS = """\
The school garden
5 began, 4 agreed to take part.
2 complete, 2 broke off, 1 refused.
Languages: en 5. Channels: sms 5.
Of 4 who began to answer and are done, 50% (15 to 85) completed.
Complete interviews took 12 minutes in the middle; half took 10 minutes to 13
minutes.
People took part of themselves: these are figures of them, not of all the
people. Ranges in brackets are at 95%, and of chance alone.
Only 4 agreed to take part, fewer than 30: every person more may turn a share.
Groups are not compared.
size is asked in rounds: its figures count rounds, and have no ranges.

1. How many of you?  people
   mean 2.67, median 3, from 1 to 4
   1  ███████·············     1   33%
   3  ███████·············     1   33%
   4  ███████·············     1   33%
   3 answered, 1 skipped

2. How many hours?  hours
   mean 1.75, median 1.75, from 1 to 2.5
   1    ██████████··········     1   50%
   2.5  ██████████··········     1   50%
   2 answered, 2 not asked

3. What do you grow?  grows
   Maize  █████████████·······     2   67% (21 to 94)
   Beans  █████████████·······     2   67% (21 to 94)
   Kale   ███████·············     1   33% (6 to 79)
   3 answered, 1 left here

4. What first?  first
   Kale   ████████████████████     1  100% (21 to 100) first, place 1.0
   Maize  ····················     0    0% (0 to 79) first, place 2.0
   Beans  ····················     0    0% (0 to 79) first, place 3.0
   1 answered, 3 not asked
"""


def test_results_in_the_terminal(database: str) -> None:
    told = heard(database, "results", "garden")
    assert told.returncode == 0, told.stderr
    shown = "\n".join(line.rstrip() for line in told.stdout.splitlines())
    assert shown.startswith(RESULTS)
    assert "\x1b" not in told.stdout
    assert "=1+1" not in told.stdout
    assert "clay" not in told.stdout


def test_as_a_process(database: str) -> None:
    for consultation, code in (("garden", 0), ("gardn", 1)):
        told = heard(database, "results", consultation)
        process = subprocess.run(
            [sys.executable, "-m", "bot.cli", "results", consultation],
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": database,
                "HEARD_LOCALES": str(ROOT / "locales"),
            },
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert process.returncode == told.returncode == code
        assert (process.stdout, process.stderr) == (told.output, told.errors)


def test_filters_and_groups(database: str) -> None:
    told = heard(database, "results", "garden", "--by", "channel", "--only", "complete", "--channel", "sms")
    assert told.returncode == 0, told.stderr
    assert "2 began, 2 agreed to take part." in told.stdout
    assert "by channel" in told.stdout
    assert "Too few answers to compare groups." in told.stdout


def test_nobody_is_left_by_a_filter(database: str) -> None:
    told = heard(database, "results", "garden", "--since", "2030-01-01")
    assert told.stdout.splitlines() == ["The school garden", "There are no such interviews."]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--by", "gender"],
            "there is no group 'gender'. There are: language, channel, came_by, assisted; name items under groups:",
        ),
        (["--where", "gender"], "write a group and its category, like: gender=woman"),
        (["--where", "age=18"], "there is no group 'age'"),
        (["--population", "nowhere.csv"], "The file cannot be read: No such file or directory."),
    ],
)
def test_what_is_not_there(database: str, arguments: list[str], told: str) -> None:
    refused = heard(database, "results", "garden", *arguments)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_consultation_that_is_not_there(database: str) -> None:
    told = heard(database, "results", "gardn")
    assert told.returncode == 1
    assert "there is no consultation 'gardn'; is it garden? There are: garden" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_database_that_is_empty(tmp_path: Path) -> None:
    told = heard(f"sqlite:///{tmp_path}/new.db", "results", "garden")
    assert told.returncode == 1
    assert "heard migrate" in told.stderr
    assert "Traceback" not in told.stderr


def test_csv_with_its_codebook_beside_it(database: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    told = heard(database, "export", "garden", "--output", str(file))
    assert told.returncode == 0, told.stderr
    assert "not safe to publish" in told.stderr
    rows = records(file)
    assert [row["disposition"] for row in rows] == [
        "complete",
        "complete",
        "break_off",
        "refused",
        "break_off",
    ]
    assert rows[0]["wish"] == "'=1+1"
    described = records(tmp_path / "answers.codebook.csv")
    assert [entry["variable"] for entry in described] == list(rows[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.codebook.csv", "answers.csv"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_csv_to_standard_output(database: str, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    told = heard(database, "export", "garden", "--output", "-", "--status", "--codebook", str(book))
    assert told.stderr.startswith("5 respondents written to standard output. Written for analysis")
    rows = list(csv.DictReader(told.stdout.splitlines()))
    assert rows[1]["sown/status"] == "not_understood"
    assert " written to standard output. " in told.stderr
    assert book.exists()


def test_a_codebook_for_archives_is_told_to_hold_no_answers(database: str, tmp_path: Path) -> None:
    file = tmp_path / "garden.xml"
    told = heard(database, "export", "garden", "--format", "ddi", "--output", str(file))
    assert told.stderr == (
        f"The codebook, of the answers of 5 respondents, written to {file}. No answers are in it.\n"
    )


def test_json(database: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    assert heard(database, "export", "garden", "--format", "json", "--output", str(file)).returncode == 0
    read = json.loads(file.read_text(encoding="utf-8"))
    assert read["about"]["consultation"] == "garden"
    assert read["respondents"][0]["first/kale"] == 1


def test_only_some(database: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    only = ("--since", "2026-03-02", "--until", "2026-03-02", "--channel", "sms", "--language", "en")
    chosen = (*only, "--only", "complete", "--format", "json", "--output", str(file))
    told = heard(database, "export", "garden", *chosen)
    assert "2 respondents written" in told.stderr
    read = json.loads(file.read_text(encoding="utf-8"))
    assert [row["disposition"] for row in read["respondents"]] == ["complete", "complete"]
    assert read["about"]["selection"] == (
        "begun on 2026-03-02 or later; begun on 2026-03-02 or before; channel sms; language en; complete"
    )
    told = heard(database, "export", "garden", "--since", "2026-03-03", "--output", "-")
    assert "0 respondents written" in told.stderr
    assert len(told.stdout.splitlines()) == 1


def test_only_people_of_a_group(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/heard.db"
    heard(url, "migrate")
    heard(url, "demo-data", "youth-voice", "--interviews", "60")

    def exported(*chosen: str) -> Told:
        return heard(url, "export", "youth-voice", "--format", "jsonl", "--output", "-", *chosen)

    everybody = [json.loads(line) for line in exported().stdout.splitlines()]
    told = exported("--where", "age=15-19", "--where", "age=20-24", "--where", "activity=study")
    chosen = [json.loads(line) for line in told.stdout.splitlines()]
    assert chosen == [one for one in everybody if 15 <= (one["age"] or 0) < 25 and one["activity"] == "study"]
    assert 0 < len(chosen) < len(everybody)
    assert f"{len(chosen)} respondents written" in told.stderr
    refused = exported("--where", "age=18")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "'age' has no '18'. It has: <15, 15-19, 20-24, 25-29, 30+" in refused.stderr


def test_json_lines_are_a_stream(database: str) -> None:
    told = heard(database, "export", "garden", "--format", "jsonl", "--output", "-")
    assert "5 respondents written" in told.stderr
    assert [json.loads(line)["disposition"] for line in told.stdout.splitlines()][:2] == ["complete"] * 2


@pytest.mark.parametrize(
    ("ordered", "said"),
    [
        (["--format", "xlsx", "--output", "-"], "give --output a file"),
        (["--format", "parquet", "--partitioned", "month", "--output", "-"], "give --output a file"),
        (["--format", "sav", "--shape", "kobo"], "--shape kobo is for --format csv and xlsx"),
        (["--format", "json", "--partitioned", "month"], "--partitioned is for --format parquet"),
        (["--format", "json", "--codebook", "book.csv"], "--codebook is for --format csv"),
        (["--labels", "fr"], "the consultation is not in 'fr'. It is in: en"),
        (["--format", "r", "--output", "answers.csv"], "name it like answers.R"),
        (["--shape", "kobo"], "--format xlsx has them all"),
    ],
)
def test_what_cannot_be_is_said(database: str, tmp_path: Path, ordered: list[str], said: str) -> None:
    output = [] if "--output" in ordered else ["--output", str(tmp_path / "out")]
    told = heard(database, "export", "garden", *ordered, *output)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "warning"),
    [
        *((one, "not safe to publish") for one in ("xlsx", "parquet", "sav", "dta", "r")),
        ("ddi", "No answers are in it"),
    ],
)
def test_every_other_format(database: str, tmp_path: Path, kind: str, warning: str) -> None:
    file = tmp_path / f"answers.{kind}"
    told = heard(database, "export", "garden", "--format", kind, "--output", str(file))
    assert told.returncode == 0, told.stderr
    assert "5 respondents" in told.stderr
    assert warning in told.stderr
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_place_that_cannot_be_written(database: str, tmp_path: Path) -> None:
    told = heard(database, "export", "garden", "--output", str(tmp_path / "nowhere" / "a.csv"))
    assert told.returncode == 1
    assert "cannot be written" in told.stderr
