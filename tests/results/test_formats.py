"""Files as others read them: every cell comes back as it was, and none of them is run."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ExportError
from bot.results.cells import FORMULA_STARTS, harmless, plain
from bot.results.codebook import HEADER, Entry
from bot.results.dataset import Row
from bot.results.formats.csv import write_codebook, write_csv
from bot.results.formats.json import write_json
from bot.results.formats.xlsx import MOST_COLUMNS, write_xlsx
from bot.results.layout import Value

ENTRY = Entry("age", "whole number", "How old?", "", "", "")
VALUES: Row = (
    "maize",
    -5,
    Decimal("1.10"),
    date(2026, 3, 1),
    time(14, 30),
    datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
    None,
    "=1+1",
)
NAMES = ("text", "integer", "decimal", "date", "time", "moment", "none", "formula")


async def rows(*listed: Row) -> AsyncIterator[Row]:
    for row in listed:
        yield row


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+1 202 555 0100", "'+1 202 555 0100"),
        ("-2 hours", "'-2 hours"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (Decimal("1E+3"), "1000"),
        (None, ""),
        (date(2026, 3, 1), "2026-03-01"),
        (time(7, 5), "07:05"),
        (datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "2026-03-01T09:05Z"),
    ],
)
def test_no_text_is_run_and_every_number_is_one(value: Value, text: str) -> None:
    assert harmless(value) == text


@given(st.text())
def test_no_text_at_all(words: str) -> None:
    shown = harmless(words)
    assert not shown.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS)
    assert shown.removeprefix("'") == words.removeprefix("'") or shown == words


TABLE = st.lists(st.tuples(st.text(), st.none() | st.integers(-(10**15), 10**15)), max_size=4)


@given(TABLE)
async def test_csv_comes_back(listed: Sequence[tuple[str, int | None]]) -> None:
    output = io.StringIO()
    await write_csv(output, ("words", "number"), rows(*listed))
    read = list(csv.reader(io.StringIO(output.getvalue(), newline="")))
    assert read == [["words", "number"], *([harmless(words), plain(number)] for words, number in listed)]


@given(TABLE)
async def test_json_comes_back(listed: Sequence[tuple[str, int | None]]) -> None:
    output = io.StringIO()
    await write_json(output, {"title": "T"}, ("words", "number"), [ENTRY], rows(*listed))
    read = json.loads(output.getvalue())
    assert read["about"] == {"title": "T"}
    assert read["codebook"] == [dict(zip(HEADER, ENTRY.cells, strict=True))]
    assert read["respondents"] == [{"words": words, "number": number} for words, number in listed]


async def test_json_keeps_every_digit() -> None:
    output = io.StringIO()
    await write_json(output, {}, NAMES, [], rows(VALUES))
    assert '"decimal": 1.10' in output.getvalue()
    (read,) = json.loads(output.getvalue())["respondents"]
    assert (read["date"], read["time"], read["moment"]) == ("2026-03-01", "14:30", "2026-03-01T09:05Z")


def test_a_codebook_in_csv() -> None:
    output = io.StringIO()
    write_codebook(output, [ENTRY])
    assert list(csv.reader(io.StringIO(output.getvalue()))) == [list(HEADER), list(ENTRY.cells)]


async def test_xlsx_comes_back_with_types_and_without_formulas(tmp_path: Path) -> None:
    file = tmp_path / "answers.xlsx"
    await write_xlsx(file, {"title": "=T"}, NAMES, [ENTRY], rows(VALUES, ("{=1}", *[None] * 7)))
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["answers", "codebook", "about"]
    sheet = book["answers"]
    assert sheet.freeze_panes == "B2"
    header, first, second = sheet.iter_rows(values_only=True)
    assert header == NAMES
    assert first == (
        *("maize", -5, 1.1, datetime(2026, 3, 1), time(14, 30), datetime(2026, 3, 1, 9, 5), None, "=1+1"),
    )
    assert second[0] == "{=1}"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert book["about"]["B1"].data_type == "s"


async def test_xlsx_says_when_a_sheet_is_too_small(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="export as csv or json"):
        await write_xlsx(tmp_path / "wide.xlsx", {}, ["a"] * (MOST_COLUMNS + 1), [], rows())
