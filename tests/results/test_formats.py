"""Files as others read them: every cell comes back as it was, and none of them is run."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ExportError
from bot.results.cells import BLANKS, FORMULA_STARTS, harmless
from bot.results.codebook import HEADER, Entry
from bot.results.formats.csv import write_codebook, write_csv
from bot.results.formats.harmless import harmless_words
from bot.results.formats.json import write_json, write_jsonl
from bot.results.formats.names import accepted, within
from bot.results.formats.xlsx import MOST_COLUMNS, write_xlsx

ENTRY = Entry("age", "whole number", "How old?", "", "", "")
PAGE = pl.DataFrame(
    {
        "text": ["maize", "{=1}"],
        "integer": [-5, None],
        "decimal": ["1.10", None],
        "date": [date(2026, 3, 1), None],
        "time": [time(14, 30), None],
        "moment": [datetime(2026, 3, 1, 9, 5, tzinfo=UTC), None],
        "none": pl.Series([None, None], dtype=pl.String()),
        "formula": ["=1+1", None],
    }
)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1 202 555 0100", "'+1 202 555 0100"),
        ("-2 hours", "'-2 hours"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u3000+", "'\u3000+"),
        ("-1.5=1", "'-1.5=1"),
        ("-5\n", "'-5\n"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
    ],
)
def test_no_text_is_run(words: str, shown: str) -> None:
    assert harmless(words) == shown
    assert in_a_page(words) == shown


def test_a_number_is_one() -> None:
    assert [in_a_page(one) for one in ("-5", "-1.50", "1000")] == ["-5", "-1.50", "1000"]


def test_a_choice_is_not_run_either() -> None:
    page = pl.DataFrame({"choice": pl.Series(["=a", "b"], dtype=pl.Enum(["=a", "b"]))})
    assert harmless_words(page)["choice"].to_list() == ["'=a", "b"]


def in_a_page(words: str, *, reversible: bool = False) -> str:
    shown: str = harmless_words(pl.DataFrame({"words": [words]}), reversible=reversible)["words"][0]
    return shown


LIKELY = st.text(st.sampled_from("'=+-@\t\r\n \u00a0\u30001.a\","), max_size=6)
WORDS = (st.text(st.characters(exclude_categories=["Cs"])) | LIKELY).filter(lambda words: words != "")


@given(WORDS)
def test_no_text_at_all(words: str) -> None:
    for shown in (harmless(words), in_a_page(words)):
        number = words.removeprefix("-").replace(".", "", 1)
        is_number = number.isascii() and number.isdigit()
        assert is_number or not shown.lstrip(BLANKS).startswith(FORMULA_STARTS)
        assert shown in (words, f"'{words}")


@given(WORDS)
def test_an_apostrophe_can_be_taken_off_again(words: str) -> None:
    shown = in_a_page(words, reversible=True)
    # As the script for R does.
    taken = shown[1:] if shown.startswith("'") and is_run(shown[1:]) else shown
    assert taken == words


def is_run(words: str) -> bool:
    return words.lstrip(f"{BLANKS}'").startswith(FORMULA_STARTS)


TABLE = st.lists(st.tuples(WORDS, st.none() | st.integers(-(10**15), 10**15)), max_size=4)


def page_of(listed: Sequence[tuple[str, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(listed, schema={"words": pl.String, "number": pl.Int64}, orient="row")


@given(TABLE)
def test_csv_comes_back(listed: Sequence[tuple[str, int | None]]) -> None:
    output = io.BytesIO()
    write_csv(output, ("words", "number"), [page_of(listed), page_of(listed)])
    read = list(csv.reader(io.StringIO(output.getvalue().decode(), newline="")))
    shown = [[in_a_page(words), "" if number is None else str(number)] for words, number in listed]
    assert read == [["words", "number"], *shown, *shown]


@given(TABLE)
def test_json_comes_back(listed: Sequence[tuple[str, int | None]]) -> None:
    output = io.BytesIO()
    write_json(output, {"title": "T"}, [ENTRY], ("words", "number"), (), [page_of(listed)])
    read = json.loads(output.getvalue())
    assert read["about"] == {"title": "T"}
    assert read["codebook"] == [dict(zip(HEADER, ENTRY.cells, strict=True))]
    assert read["respondents"] == [{"words": words, "number": number} for words, number in listed]


@given(TABLE)
def test_json_lines_come_back(listed: Sequence[tuple[str, int | None]]) -> None:
    output = io.BytesIO()
    write_jsonl(output, ("words", "number"), (), [page_of(listed)])
    lines = output.getvalue().decode().split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == [
        {"words": words, "number": number} for words, number in listed
    ]


def test_json_keeps_every_digit() -> None:
    output = io.BytesIO()
    write_jsonl(output, PAGE.columns, ["decimal"], [PAGE])
    first, second, _ = output.getvalue().decode().split("\n")
    assert '"decimal": 1.10' in first
    read = json.loads(first)
    assert (read["date"], read["time"], read["moment"]) == ("2026-03-01", "14:30", "2026-03-01T09:05Z")
    assert set(json.loads(second).values()) == {None, "{=1}"}


def test_a_codebook_in_csv() -> None:
    output = io.StringIO()
    write_codebook(output, [ENTRY])
    assert list(csv.reader(io.StringIO(output.getvalue()))) == [list(HEADER), list(ENTRY.cells)]


def test_xlsx_comes_back_with_types_and_without_formulas(tmp_path: Path) -> None:
    file = tmp_path / "answers.xlsx"
    page = PAGE.with_columns(pl.col("decimal").cast(pl.Float64))
    write_xlsx(file, {"title": "=T"}, {"data": page.columns}, [ENTRY], [{"data": page}])
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["data", "codebook", "about"]
    sheet = book["data"]
    assert sheet.freeze_panes == "B2"
    header, first, second = sheet.iter_rows(values_only=True)
    assert list(header) == page.columns
    assert first == (
        *("maize", -5, 1.1, datetime(2026, 3, 1), time(14, 30), datetime(2026, 3, 1, 9, 5), None, "=1+1"),
    )
    assert second[0] == "{=1}"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert book["about"]["B1"].data_type == "s"


def test_xlsx_says_when_a_sheet_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExportError, match="export as csv or json"):
        write_xlsx(tmp_path / "wide.xlsx", {}, {"data": ["a"] * (MOST_COLUMNS + 1)}, [], [])
    monkeypatch.setattr("bot.results.formats.xlsx.MOST_ROWS", 4)
    rows = [{"data": pl.DataFrame({"a": [1, 2]})}]
    write_xlsx(tmp_path / "full.xlsx", {}, {"data": ["a"]}, [], rows)
    with pytest.raises(ExportError, match="a sheet holds 3 rows"):
        write_xlsx(tmp_path / "long.xlsx", {}, {"data": ["a"]}, [], rows * 2)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["size[1]", "size[1,2]", "needs/water"], ["size_1", "size_1_2", "needs_water"]),
        (["a/b", "A_b", "a.b"], ["a_b", "A_b_2", "a_b_3"]),
        (["1st", "_", "год", "with"], ["v_1st", "v_", "v__2", "with_2"]),
        (["abcdefghijklm", "abcdefghijklmn"], ["abcdefghijkl", "abcdefghij_2"]),
    ],
)
def test_names_that_packages_accept(names: Sequence[str], shown: Sequence[str]) -> None:
    given_names: Mapping[str, str] = accepted(names, 12, {"with"})
    assert list(given_names.values()) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(3, 20))
def test_a_text_is_cut_between_letters(text: str, most: int) -> None:
    shown = within(text, most)
    assert len(shown.encode()) <= most
    assert shown == text or text.startswith(shown.removesuffix("…"))
