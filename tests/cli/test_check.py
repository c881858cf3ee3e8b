"""`heard check` as an organiser and as a program sees it."""

import json
import shutil
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).parents[2]
GOOD = dedent(
    """\
    consultation: water
    title: Clean water
    languages: [en]
    keywords: {en: [WATER]}
    consent: May we ask you about water? Send STOP to end.
    items:
      - {name: source, type: text, label: Where do you fetch water?}
    thanks: Thank you.
    """
)
TALK = dedent(
    """\
    consultation: water

    > WATER
    < May we ask you about water? Send STOP to end.
      Send 1 to start, 2 to say no.
    = language: en
    """
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good consultation, and the working directory, so that paths are told short."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "water.yaml").write_text(GOOD)
    return tmp_path


def check(*arguments: str) -> tuple[int, str]:
    """Return the exit code of `heard check` and what it says."""
    result = CliRunner().invoke(app, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


COST = """\
water: one whole interview by SMS, every question once
language  messages  parts  UCS-2  because of  dearest
en               3      3      0  -           -

"""


def plain(told: str) -> str:
    """Return what was said without the blanks that fill lines up."""
    return "".join(f"{line.rstrip()}\n" for line in told.splitlines())


def test_a_good_folder(folder: Path) -> None:
    code, told = check()
    assert (code, plain(told)) == (
        0,
        f"{COST}1 consultation and no transcripts checked: no problems, no warnings.\n",
    )


def test_what_an_interview_costs_is_told_with_its_price(folder: Path) -> None:
    dear = GOOD.replace("Where do you fetch water?", "Where is your well?")
    (folder / "flows" / "water.yaml").write_text(
        dear.replace("Thank you.", "Merci " + "beaucoup " * 30 + "ŵ")
    )
    assert "en               3      7   0.35      1  ŵ           thanks 5\n" in plain(
        check("--price", "0.05")[1]
    )


def test_problems_are_told_with_their_lines_and_remedies(folder: Path) -> None:
    (folder / "flows" / "water.yaml").write_text(GOOD.replace("type: text", "type: txt") + "thanx: Bye.\n")
    assert check("flows") == (
        1,
        dedent(
            """\
            flows/water.yaml
              line 7  items[0].type  (unknown-type)
                | - {name: source, type: txt, label: Where do you fetch water?}
                There is no item type 'txt'.
                → Write text.
              line 9  thanx  (unknown-key)
                | thanx: Bye.
                There is no key 'thanx' here.
                → Write thanks.

            1 consultation and no transcripts checked: 2 problems, no warnings.
            """
        ),
    )


def test_no_line_is_wider_than_the_window(folder: Path) -> None:
    code, told = check(str(ROOT / "tests" / "data" / "broken"))
    paths = {line for line in told.splitlines() if line.startswith("/")}
    assert code == 1
    assert all(len(line) <= 80 for line in told.splitlines() if line not in paths)
    assert "\x1b" not in told


def test_a_file_cannot_steer_the_terminal(folder: Path) -> None:
    (folder / "flows" / "water.yaml").write_text(GOOD + '"\\e[2J": x\n')
    code, told = check()
    assert code == 1
    assert "\x1b" not in told
    assert "There is no key '\N{REPLACEMENT CHARACTER}[2J' here." in told


def test_json_for_programs(folder: Path) -> None:
    (folder / "flows" / "water.yaml").write_text(GOOD + "thanx: Bye.\n")
    code, told = check("--format", "json")
    assert code == 1
    assert json.loads(told) == [
        {
            "code": "unknown-key",
            "path": ["thanx"],
            "place": "thanx",
            "message": "There is no key 'thanx' here.",
            "remedy": "Write thanks.",
            "severity": "error",
            "file": "flows/water.yaml",
            "line": 9,
            "language": "",
        }
    ]


def test_json_of_a_good_folder_is_an_empty_list(folder: Path) -> None:
    assert check("--format", "json") == (0, "[]\n")


def test_a_file_named_twice_is_one_file(folder: Path) -> None:
    assert check("flows", "flows/water.yaml")[0] == 0


def test_a_folder_without_consultations(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert check("empty") == (1, "There is no consultation file (*.yaml) here.\n")


def test_a_file_that_is_not_there(folder: Path) -> None:
    code, told = check("flows/fire.yaml")
    assert code == 1
    assert "The file cannot be read: No such file or directory." in told


def test_a_warning_alone_is_no_failure(folder: Path) -> None:
    items = "".join(f"  - {{name: q{one}, type: text, label: What is {one}?}}\n" for one in range(12))
    (folder / "flows" / "water.yaml").write_text(GOOD.replace("items:\n", f"items:\n{items}"))
    code, told = check()
    assert code == 0
    assert told.endswith("1 consultation and no transcripts checked: no problems, 1 warning.\n")


def test_transcripts_beside_a_consultation_are_held_again(folder: Path) -> None:
    (folder / "flows" / "water.joining.txt").write_text(TALK)
    code, told = check()
    assert (code, plain(told)) == (
        0,
        f"{COST}1 consultation and 1 transcript checked: no problems, no warnings.\n",
    )


@pytest.mark.parametrize(
    ("talk", "code", "line"),
    [
        (TALK.replace("May we", "Can we").encode(), "transcript-differs", 3),
        (TALK.replace(": water", ": fire").encode(), "transcript-heading", 1),
        (TALK.replace("> WATER", ">> WATER").encode(), "transcript-line", 3),
        (b"\xff\xfe", "not-utf8", None),
    ],
)
def test_what_is_wrong_with_a_transcript(folder: Path, talk: bytes, code: str, line: int | None) -> None:
    (folder / "flows" / "water.joining.txt").write_bytes(talk)
    status, told = check("--format", "json")
    first = json.loads(told)[0]
    assert status == 1
    assert (first["file"], first["code"], first["line"]) == ("flows/water.joining.txt", code, line)


def test_transcripts_wait_until_the_bot_speaks_every_language(folder: Path) -> None:
    (folder / "flows" / "water.yaml").write_text(GOOD.replace("[en]", "[en, fr]"))
    (folder / "flows" / "water.joining.txt").write_text(TALK)
    code, told = check("--format", "json")
    assert code == 1
    assert {problem["code"] for problem in json.loads(told)} == {"catalogue-missing"}


SWAHILI = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "title"
msgid "Clean water"
msgstr "Maji safi"

msgctxt "consent.ask"
msgid "May we ask you about water? Send STOP to end."
msgstr "Tukuulize kuhusu maji? Tuma STOP kumaliza."
"""


def test_how_much_of_a_language_is_not_translated_is_told(folder: Path) -> None:
    heading = "translated_share: 0.5\nlanguages: [en, sw]"
    (folder / "flows" / "water.yaml").write_text(GOOD.replace("languages: [en]", heading))
    shutil.copytree(ROOT / "locales" / "sw", folder / "locales" / "sw")
    (folder / "locales" / "sw" / "LC_MESSAGES" / "water.po").write_text(SWAHILI)
    code, told = check()
    assert code == 0
    assert "This text is not in 'sw' yet; people get 'en' instead." in told
    rows = [line.split() for line in told.splitlines()]
    assert next(row for row in rows if row[:1] == ["language"])[-1] == "untranslated"
    assert [(row[0], row[-1]) for row in rows if row[:1] in (["en"], ["sw"])] == [("en", "0"), ("sw", "2")]


def test_the_population_beside_a_consultation_must_fit_its_groups(folder: Path) -> None:
    rows = "variable,category,share,source,year\nregion,north,0.4,Census,2019\nregion,north,x,Census,2019\n"
    (folder / "flows/water.population.csv").write_text(rows)
    code, told = check("--format", "json", "flows")
    assert code == 1
    found = [(one["code"], one["line"], one["place"], one["file"]) for one in json.loads(told)]
    assert found == [
        ("population-variable", 2, "variable", "flows/water.population.csv"),
        ("population-share", 3, "share", "flows/water.population.csv"),
    ]
