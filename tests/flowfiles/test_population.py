"""A population file is read whole, or everything that is wrong in it is told."""

from pathlib import Path

import pytest

from bot.flowfiles.population import Population, parse_population, read_population
from tests.support.frames import VILLAGE

GOOD = """\
variable,category,share,source,year
gender,woman,0.51,"Census, table 2",2019
gender,man,0.49,"Census, table 2",2019
age,<18,0,Census,2019
age,18-39,58.1,Census,2019
age,40+,41.9,Census,2019
"""


def test_a_good_file() -> None:
    read = parse_population(GOOD, VILLAGE)
    assert isinstance(read, Population)
    gender, age = read.margins
    assert (gender.variable, gender.source, gender.year) == ("gender", "Census, table 2", 2019)
    assert gender.shares == pytest.approx({"woman": 0.51, "man": 0.49})
    assert age.shares == pytest.approx({"<18": 0, "18-39": 0.581, "40+": 0.419})


def test_as_a_spreadsheet_elsewhere_saves_it(tmp_path: Path) -> None:
    file = tmp_path / "village.population.csv"
    rows = (
        "Variable;Category;Share;Source;Year",
        "gender;woman;50,5%;C;2019",
        "gender;man;49,5%;C;2019",
        "",
        ";;;;",
    )
    file.write_text("\r\n".join(rows), encoding="utf-8-sig", newline="")
    read = read_population(file, VILLAGE)
    assert isinstance(read, Population)
    assert read.margins[0].shares["woman"] == pytest.approx(0.505)


def test_shares_that_are_rounded_are_brought_to_add_up() -> None:
    thirds = "".join(f"gender,{name},0.333,C,2019\n" for name in ("woman", "man", "unsaid"))
    read = parse_population(HEAD + thirds, VILLAGE)
    assert isinstance(read, Population)
    assert sum(read.margins[0].shares.values()) == pytest.approx(1, abs=1e-12)


HEAD = "variable,category,share,source,year\n"
WOMAN, MAN = "gender,woman,0.5,C,2019\n", "gender,man,0.5,C,2019\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("population-columns", 1, "")]),
        (HEAD, [("population-columns", 1, "")]),
        ("variable,category,share\n", [("population-columns", 1, "")]),
        (HEAD + "gendr,woman,0.5,C,2019\n", [("population-variable", 2, "variable")]),
        (HEAD + "language,en,1,C,2019\n", [("population-variable", 2, "variable")]),
        (HEAD + "cooks,wood,1,C,2019\n", [("population-variable", 2, "variable")]),
        (HEAD + WOMAN + "gender,men,0.5,C,2019\n", [("population-category", 3, "category")]),
        (HEAD + WOMAN + MAN.replace("man", "woman"), [("population-category", 3, "category")]),
        (HEAD + WOMAN, [("population-sum", 2, "share")]),
        (HEAD + WOMAN + MAN.replace("0.5", "half"), [("population-share", 3, "share")]),
        (HEAD + WOMAN + MAN.replace("0.5", "nan"), [("population-share", 3, "share")]),
        (HEAD + WOMAN.replace("0.5", "-1") + MAN, [("population-share", 2, "share")]),
        (
            HEAD + WOMAN + MAN.replace("2019", "last"),
            [("population-source", 3, "year"), ("population-source", 3, "source")],
        ),
        (HEAD + WOMAN + MAN.replace("C,", ","), [("population-source", 3, "source")]),
        (HEAD + WOMAN + MAN.replace("2019", "2009"), [("population-source", 3, "source")]),
        (
            HEAD + "gendr,woman,x,C,2019\ngender,men,1,,19\n",
            [
                ("population-share", 2, "share"),
                ("population-variable", 2, "variable"),
                ("population-source", 3, "source"),
                ("population-source", 3, "year"),
                ("population-category", 3, "category"),
            ],
        ),
    ],
)
def test_everything_that_is_wrong(text: str, expected: list[tuple[str, int, str]]) -> None:
    problems = parse_population(text, VILLAGE, "village.population.csv")
    assert isinstance(problems, tuple)
    told = [(one.code, one.line, one.place) for one in problems]
    assert sorted(told) == sorted(expected)
    assert all(one.remedy and one.file == "village.population.csv" for one in problems)


def test_the_nearest_name_is_told() -> None:
    problems = parse_population(HEAD + WOMAN + "gender,men,0.5,C,2019\n", VILLAGE)
    assert isinstance(problems, tuple)
    assert problems[0].remedy == "Write man."


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing = read_population(tmp_path / "none.population.csv", VILLAGE)
    assert isinstance(missing, tuple)
    assert missing[0].code == "unreadable-file"
    latin = tmp_path / "latin.population.csv"
    latin.write_bytes(GOOD.replace("Census", "Décompte").encode("latin-1"))
    told = read_population(latin, VILLAGE)
    assert isinstance(told, tuple)
    assert told[0].code == "not-utf8"
