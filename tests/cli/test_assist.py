"""`heard assist` and `heard paper`, as an organiser and a worker meet them."""

import asyncio
import csv
import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from bot.cli import app
from bot.errors import InboxError, SettingsError, UnknownConsultation, WorkerError
from tests.support.databases import Databases
from tests.support.intake import PEPPER, SEALING_KEY

ENDS = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"
ROOT = Path(__file__).parents[2]
FLOW = """
consultation: village
title: The village
languages: [en]
keywords: {en: [VILLAGE]}
consent: May we begin?
items:
  - name: home
    type: select_one
    label: Where is your home?
    choices: [{name: hill, label: On the hill}, {name: river, label: By the river}]
  - {name: wish, type: text, label: "=What else?", required: false}
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/village.yaml").write_text(FLOW, encoding="utf-8")
    url = asyncio.run(Databases("sqlite", str(tmp_path)).migrated())
    for name, value in {
        "DATABASE_URL": url,
        "HEARD_FLOWS": str(tmp_path / "flows"),
        "HEARD_LOCALES": str(ROOT / "locales"),
        "HEARD_ADDRESS_PEPPER": PEPPER,
        "HEARD_SEALING_KEYS": SEALING_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    return Path(url.removeprefix("sqlite:///"))


def heard(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=said, catch_exceptions=False)


def add(name: str = "Amina", *options: str) -> str:
    return heard("assist", "workers", "add", name, "--consultation", "village", *options).stdout


def rows_of(database: Path, query: str) -> Sequence[tuple[object, ...]]:
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def test_a_number_is_shown_once_and_nowhere_kept(database: Path) -> None:
    pin = re.fullmatch(r"ASSIST (\d{6})\n", add())
    assert pin
    listed = heard("assist", "workers", "list").output
    assert "Amina" in listed
    assert "number not used" in " ".join(listed.split())
    assert pin[1] not in listed
    assert pin[1].encode() not in database.read_bytes()
    with pytest.raises(WorkerError, match="already"):
        add()


def test_who_is_revoked_or_not_known_holds_no_interview(database: Path) -> None:
    with pytest.raises(UnknownConsultation):
        heard("assist", "villages", "--worker", "Amina")
    with pytest.raises(WorkerError, match="no workers yet"):
        heard("assist", "village", "--worker", "Amina")
    add("Amina", "--no-pin")
    heard("assist", "workers", "revoke", "Amina", "--consultation", "village")
    with pytest.raises(WorkerError, match="may not help any more"):
        heard("assist", "village", "--worker", "Amina")
    assert re.fullmatch(
        r"ASSIST \d{6}\n", heard("assist", "workers", "renew", "Amina", "--consultation", "village").stdout
    )
    with pytest.raises(WorkerError, match="a day at least and a year at most"):
        add("Bola", "--until", "2020-01-01")


def test_it_needs_the_keys_of_the_vault(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARD_ADDRESS_PEPPER")
    with pytest.raises(SettingsError, match="HEARD_ADDRESS_PEPPER"):
        add()


def test_interviews_at_a_terminal_are_stored_and_gone_on_with(database: Path) -> None:
    add("Amina", "--no-pin")
    first = heard("assist", "village", "--worker", "Amina", said="next\nyes\n")
    assert "Where is your home?" in first.output
    again = heard("assist", "village", "--worker", "Amina", said="2\na well\nnext\nno\ndone\nnever read\n")
    assert "Where is your home?" in again.output
    assert "stopped helping" in again.output
    assert "never read" not in again.output
    assert rows_of(database, "SELECT contact_id, channel, ending FROM interviews") == [
        (None, "terminal", "complete"),
        (None, "terminal", "refused"),
    ]
    assert rows_of(database, "SELECT item, value FROM answers ORDER BY item") == [
        ("home", "river"),
        ("wish", "a well"),
    ]
    listed = " ".join(heard("assist", "workers", "list").output.split())
    assert re.search(r"Amina \S+ 2 1 1 ", listed)
    assert "here alone" in listed


# --- forms


def written(file: Path, *rows: Sequence[str], delimiter: str = ";") -> Path:
    with file.open("w", encoding="cp1252", newline="") as opened:
        csv.writer(opened, delimiter=delimiter).writerows(
            [("form", "date", "consent", "home", "wish"), *rows]
        )
    return file


def cells_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def take_in(file: Path, *options: str) -> Result:
    return heard("paper", "import", "village", str(file), "--worker", "Amina", *options)


@pytest.mark.parametrize("name", ["forms.csv", "forms.xlsx"])
def test_a_template_is_taken_in_as_it_is_with_no_form(database: Path, tmp_path: Path, name: str) -> None:
    add("Amina", "--no-pin")
    file = tmp_path / name
    assert heard("paper", "template", "village", "--output", str(file)).exit_code == 0
    if name.endswith("csv"):
        head, *remarks = cells_of(file)
        assert head == ["form", "date", "consent", "home", "wish"]
        assert remarks[0][-1] == "'=What else?"
        assert "1 or hill: On the hill; 2 or river: By the river" in remarks[1][3]
        assert "Forms taken in: 0." in take_in(file).output
    else:
        book = CalamineWorkbook.from_path(str(file))
        assert book.sheet_names == ["forms", "choices", "columns"]
        assert book.get_sheet_by_name("choices").to_python()[1:] == [
            ["home", "hill", "On the hill"],
            ["home", "river", "By the river"],
        ]
        assert "Forms taken in: 0." in take_in(file, "--sheet", "forms").output


def test_forms_are_taken_in_once(database: Path, tmp_path: Path) -> None:
    add("Amina", "--no-pin")
    file = written(
        tmp_path / "forms.csv",
        ("1", "2026-03-02", "yes", "By the river", "a café"),
        ("2", "2026-03-03", "no", "", ""),
    )
    assert "Forms that could be taken in: 2. Nothing was." in take_in(file, "--check").output
    assert rows_of(database, "SELECT count(*) FROM interviews") == [(0,)]
    assert "Forms taken in: 2." in take_in(file).output
    assert "Forms taken in: 0. Taken in before: 2." in take_in(file).output
    kept = rows_of(database, "SELECT contact_id, channel, ending, started_at, report_back FROM interviews")
    assert kept == [
        (None, "paper", "complete", "2026-03-02T12:00:00.000000+00:00", None),
        (None, "paper", "refused", "2026-03-03T12:00:00.000000+00:00", None),
    ]
    assert rows_of(database, "SELECT value FROM answers ORDER BY slot") == [("river",), ("a café",)]
    assert rows_of(database, "SELECT count(*) FROM contacts") == [(0,)]


HELP = "help: {line: 'Free line: 116', hours: From 9 to 17., urgent_within_hours: 12}\n"


def in_queue(database: Path) -> Sequence[tuple[object, ...]]:
    return rows_of(
        database,
        "SELECT urgency, c.consultation, c.language, body, slot, interview_id IS NOT NULL FROM inbox_cases c"
        " JOIN inbox_messages m ON m.case_id = c.id JOIN inbound i ON i.id = m.inbound_id ORDER BY m.id",
    )


def test_what_forms_tell_of_harm_is_told_by_row_and_put_in_the_queue(database: Path, tmp_path: Path) -> None:
    (tmp_path / "flows/village.outreach.yaml").write_text(HELP, encoding="utf-8")
    add("Amina", "--no-pin")
    file = written(
        tmp_path / "forms.csv",
        ("17", "2026-03-02", "yes", "hill", "He hits me at home, I want to die"),
        ("18", "2026-03-02", "yes", "hill", "a road"),
        ("19", "2026-03-02", "yes", "river", "he beats me"),
        ("20", "soon", "yes", "river", "I was raped"),
    )
    for options in ((), ("--check",)):
        told = " ".join(take_in(file, *options).output.split())
        assert "Somebody may be in danger: rows 2, 5. Somebody tells of harm: row 4. Speak to Amina" in told
        assert "nothing of those waits in the inbox" in told
        assert in_queue(database) == []
    told = " ".join(take_in(file, "--skip-bad").output.split())
    assert "rows 2, 5" in told
    assert "nothing of those waits in the inbox" in told
    assert "waits for a person: heard inbox list" in told
    for word in ("hits", "die", "beats", "raped"):
        assert word not in told
    assert in_queue(database) == [
        ("urgent", "village", "en", "Form 17: He hits me at home, I want to die", "wish", 1),
        ("urgent", "village", "en", "Form 19: he beats me", "wish", 1),
    ]
    assert "urgent" in heard("inbox", "list").output
    # Taken in a second time, they are not told of again: the one that was left out is.
    again = " ".join(take_in(file, "--skip-bad").output.split())
    assert "in danger: row 5. Speak" in again
    assert len(in_queue(database)) == 2


def test_where_nobody_stands_by_nothing_is_looked_for_on_paper(database: Path, tmp_path: Path) -> None:
    add("Amina", "--no-pin")
    told = take_in(written(tmp_path / "forms.csv", ("17", "2026-03-02", "yes", "hill", "I want to die")))
    assert "danger" not in told.output
    assert in_queue(database) == []


def test_what_a_workers_forms_tell_waits_with_what_is_told_in_their_chat(
    database: Path, tmp_path: Path
) -> None:
    (tmp_path / "flows/village.outreach.yaml").write_text(HELP, encoding="utf-8")
    add("Amina", "--no-pin")
    heard("assist", "village", "--worker", "Amina", said="next\nyes\n1\nhe beats me\ndone\n")
    file = written(tmp_path / "forms.csv", ("17", "2026-03-02", "yes", "hill", "I want to die"))
    assert "row 2. Speak" in " ".join(take_in(file).output.split())
    assert rows_of(database, "SELECT urgency FROM inbox_cases") == [("urgent",)]
    assert [row[3] for row in in_queue(database)] == ["he beats me", "Form 17: I want to die"]


def test_who_was_helped_without_a_chat_is_reached_through_their_worker(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (database.parent / "flows/village.outreach.yaml").write_text(HELP, encoding="utf-8")
    add("Amina", "--no-pin")
    heard("assist", "village", "--worker", "Amina", said="next\nyes\n1\nhe beats me\ndone\n")
    shown = heard("inbox", "people", "add", "Bola", "--consultation", "all", "--expires", ENDS, "--lead")
    token = re.search(r"heard_inbox_\S+", shown.output)
    assert token
    monkeypatch.setenv("HEARD_INBOX_TOKEN", token[0])
    of = ("1", "--as", "Bola")
    seen = " ".join(heard("inbox", "show", *of, "--reason", "first look").output.split())
    assert "no phone of theirs is known: speak to Amina" in seen
    with pytest.raises(InboxError, match="speak to Amina") as refused:
        heard("inbox", "answer", *of, said="Hello\n")
    assert "reveal" not in str(refused.value)
    with pytest.raises(InboxError, match="speak to Amina"):
        heard("inbox", "reveal", *of, "--reason", "first look")
    assert "revealed" not in heard("inbox", "audit").output
    closed = heard("inbox", "close", *of, "--outcome", "referred").output
    assert "no question of theirs is open" in closed


def test_nothing_of_a_file_with_problems_is_taken_in_unless_it_is_asked_for(
    database: Path, tmp_path: Path
) -> None:
    add("Amina", "--no-pin")
    take_in(written(tmp_path / "first.csv", ("1", "2026-03-02", "yes", "hill", "")))
    file = written(
        tmp_path / "forms.csv",
        ("1", "2026-03-02", "yes", "river", ""),
        ("2", "soon", "yes", "the moon", ""),
        ("3", "2026-03-02", "yes", "1", ""),
        delimiter="\t",
    )
    told = take_in(file, "--problems", str(tmp_path / "problems.csv"))
    assert told.exit_code == 1
    assert "the moon" not in told.output
    assert "--skip-bad" in told.output
    problems = cells_of(tmp_path / "problems.csv")
    assert [one[:3] for one in problems[1:]] == [
        ["2", "form", "paper-changed"],
        ["3", "date", "paper-date"],
        ["3", "home", "paper-choice"],
    ]
    assert rows_of(database, "SELECT count(*) FROM interviews") == [(1,)]
    assert "Forms taken in: 1. Left out, with problems: 2." in take_in(file, "--skip-bad").output


def test_a_file_without_its_columns_is_not_taken_in_at_all(database: Path, tmp_path: Path) -> None:
    add("Amina", "--no-pin")
    file = tmp_path / "forms.csv"
    file.write_text("form,date,home\n1,2026-03-02,hill\n", encoding="utf-8")
    told = take_in(file, "--skip-bad")
    assert told.exit_code == 1
    assert "no column 'consent'" in told.output
    assert "--skip-bad" not in told.output
