"""Exports read back by what people read them with: the same answers, on either database, whatever was written."""

import csv
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pandas
import pyreadstat
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ExportError
from bot.results.about import NOTE
from bot.results.cells import harmless
from bot.results.dataset import Dataset
from bot.results.formats.missing import REASONS, codes
from bot.results.formats.whole import whole_table
from bot.results.variables import variables
from tests.support.answers import dataset_of, talk
from tests.support.databases import Databases, opened
from tests.support.exports import HARVEST, LONG, TALKS, answers, exported

Row = Mapping[str, object]
NUMBER = re.compile("-?[0-9]+")
"""What a calculation comes to is text, and a number that a spreadsheet may take for one."""


@pytest.fixture
async def either(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """The harvest, on each database, read in pages of two."""
    return await held(engine, monkeypatch, TALKS)


@pytest.fixture
async def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Dataset]:
    """The harvest, on SQLite."""
    (tmp_path / "store").mkdir()
    async with opened(await Databases("sqlite", str(tmp_path / "store")).migrated()) as engine:
        yield await held(engine, monkeypatch, TALKS)


@pytest.fixture
async def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Dataset]:
    """The harvest, that nobody answered."""
    (tmp_path / "store").mkdir()
    async with opened(await Databases("sqlite", str(tmp_path / "store")).migrated()) as engine:
        yield await held(engine, monkeypatch, [])


async def held(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, talks: Sequence[Sequence[str]]
) -> Dataset:
    monkeypatch.setattr("bot.store.columns.PAGE", 2)
    await talk(engine, [HARVEST], talks)
    return await dataset_of(engine, [HARVEST.questionnaire], with_status=True)


def in_text(value: object) -> str:
    """Return a value as a CSV has it."""
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%MZ")
        case time():
            return value.strftime("%H:%M")
        case str() if not NUMBER.fullmatch(value):
            return harmless(value)
        case _:
            return str(value)


def with_floats(rows: Sequence[Row]) -> list[Row]:
    return [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in rows
    ]


async def test_what_was_asked_and_said_is_all_there(dataset: Dataset) -> None:
    rows = await answers(dataset)
    assert [row["disposition"] for row in rows] == [
        *("complete", "complete", "complete", "break_off", "refused", "no_consent")
    ]
    first, second, third = rows[:3]
    assert (first["share"], first["cost[1,2]"], first["where/latitude"]) == (
        Decimal("2.5"),
        5,
        Decimal("-6.52"),
    )
    assert first["soil[2]"] == 'a "q", and\nmore'
    assert (second["soil[1]"], str(second["wish"])[:2]) == ("'=2", "\x07@")
    assert (third["people"], third["wish"]) == (-95, LONG.strip())


# --- text


async def test_csv_as_a_program_reads_it(either: Dataset, tmp_path: Path) -> None:
    file = await exported(either, tmp_path / "a.csv", "csv")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfrespondent,")
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        read = list(csv.DictReader(opened_file))
    wanted = [{name: in_text(value) for name, value in row.items()} for row in await answers(either)]
    assert read == wanted
    assert read[0]["share"] == "2.5"


async def test_csv_as_pandas_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    read = pandas.read_csv(
        await exported(dataset, tmp_path / "a.csv", "csv"), parse_dates=["started_at", "sown"]
    )
    wanted = with_floats(await answers(dataset))
    assert read["started_at"].dt.to_pydatetime().tolist() == [row["started_at"] for row in wanted]
    for name in ("people", "share", "cost[1,1]", "needs/water", "first/seed", "where/longitude"):
        assert [None if pandas.isna(one) else one for one in read[name]] == [row[name] for row in wanted], (
            name
        )
    assert read["wish"][2] == LONG.strip()
    assert read["sown"][0].date() == date(2026, 3, 1)


@pytest.mark.parametrize("kind", ["json", "jsonl"])
async def test_json_keeps_every_digit(dataset: Dataset, tmp_path: Path, kind: str) -> None:
    text = (await exported(dataset, tmp_path / "a.json", kind)).read_text("utf-8")
    if kind == "json":
        read = json.loads(text, parse_float=Decimal)["respondents"]
        assert json.loads(text)["about"]["note"] == NOTE
    else:
        read = [json.loads(line, parse_float=Decimal) for line in text.split("\n")[:-1]]
    wanted = [
        {name: in_text(value) if isinstance(value, date | time) else value for name, value in row.items()}
        for row in await answers(dataset)
    ]
    assert read == wanted


# --- the workbook


async def test_xlsx_as_openpyxl_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(await exported(dataset, tmp_path / "a.xlsx", "xlsx"))
    assert book.sheetnames == ["data", "labels", "codebook", "about"]
    header, *rows = book["data"].iter_rows(values_only=True)
    wanted = with_floats(await answers(dataset))
    assert list(header) == list(wanted[0])
    read = [dict(zip(header, row, strict=True)) for row in rows]
    for one, other in zip(read, wanted, strict=True):
        for name, value in other.items():
            shown = one[name]
            match value:
                case datetime():
                    assert shown == value.replace(tzinfo=None)
                case date():
                    assert isinstance(shown, datetime)
                    assert shown.date() == value
                case str():
                    assert openpyxl.utils.escape.unescape(str(shown)) == value, name
                case _:
                    assert shown == value, name
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert book["about"]["B7"].value == NOTE
    for sheet in (book["data"], book["labels"]):
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:{sheet.dimensions.split(':')[1]}")


async def test_labels_in_place_of_names(dataset: Dataset, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(await exported(dataset, tmp_path / "a.xlsx", "xlsx", status=True))
    header, first, *_ = book["labels"].iter_rows(values_only=True)
    said = dict(zip(header, first, strict=True))
    assert said["Where do you sell?"] == '=The "market"'
    assert said["What is missing?"] == "Water; A road"
    assert said["What first?"] == "Seed; Water"
    assert said["What first? — Seed"] == 1
    assert said["Where do you sell? — why there is no answer"] == "Answered"


# --- columns


async def test_parquet_as_duckdb_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    file = await exported(dataset, tmp_path / "a.parquet", "parquet")
    relation = duckdb.sql(f"SELECT * FROM '{file}'")
    read = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    moments = ("started_at", "ended_at")
    wanted = with_floats(await answers(dataset))
    for one, other in zip(read, wanted, strict=True):
        assert {n: v for n, v in one.items() if n not in moments} == {
            n: v for n, v in other.items() if n not in moments
        }
        assert one["started_at"].astimezone(UTC) == other["started_at"]
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert (kinds["people"], kinds["share"], kinds["sown"]) == ("BIGINT", "DOUBLE", "DATE")
    (said,) = duckdb.sql(
        f"SELECT value FROM parquet_kv_metadata('{file}') WHERE key = 'heard.codebook'"
    ).fetchall()
    assert json.loads(said[0])["people"]["question"] == "How many of you?"
    (about,) = duckdb.sql(
        f"SELECT value FROM parquet_kv_metadata('{file}') WHERE key = 'heard.about'"
    ).fetchall()
    assert json.loads(about[0])["note"] == NOTE


@pytest.mark.parametrize(
    ("by", "column", "parts"), [("month", "started_month", 1), ("language", "language", 1)]
)
async def test_a_folder_of_parquet_as_duckdb_reads_it(
    dataset: Dataset, tmp_path: Path, by: str, column: str, parts: int
) -> None:
    folder = await exported(dataset, tmp_path / "a", "parquet", partitioned=by)
    assert len(list(folder.iterdir())) == parts
    relation = duckdb.sql(
        f"SELECT respondent, people, {column} FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
    )
    wanted = await answers(dataset)
    key = {"month": lambda row: "2026-03", "language": lambda row: row["language"]}[by]
    assert sorted(map(str, relation.fetchall())) == sorted(
        str((row["respondent"], row["people"], key(row))) for row in wanted
    )
    assert {file.stat().st_mode & 0o777 for file in folder.rglob("*.parquet")} == {0o600}
    with pytest.raises(ExportError, match="is there already"):
        await exported(dataset, folder, "parquet", partitioned=by)


# --- statistical packages


async def test_sav_as_pyreadstat_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    frame, said = pyreadstat.read_sav(
        await exported(dataset, tmp_path / "a.sav", "sav"), user_missing=True, output_format="polars"
    )
    rows = await answers(dataset)
    by_code = said.variable_value_labels
    assert [by_code["kind"].get(one) for one in frame["kind"]] == [
        '=The "market"',
        "Would rather not say",
        "Nowhere",
        "By the road",
        "Not reached: the person left before",
        "Not reached: the person left before",
    ]
    # -95 was answered: the codes are longer here, and it stays an answer.
    assert frame["people"].to_list()[:4] == [4, -9998, -95, 12345678901]
    assert said.missing_ranges["people"] == [{"lo": -9999, "hi": -9993}]
    assert said.missing_ranges["share"] == [{"lo": -99, "hi": -93}]
    assert frame["share"].to_list()[:3] == [2.5, 0.1, -94]
    assert frame["needs_water"].to_list()[:3] == [1, 0, 1]
    assert frame["soil_1"].to_list()[:2] == ["=1+1", "'=2"]
    assert frame["wish"][2] == LONG.strip()
    assert frame["wakes"][0] == time(7, 30)
    assert frame["sown"][0] == date(2026, 3, 1)
    assert frame["started_at"].to_list() == [row["started_at"].replace(tzinfo=None) for row in rows]  # type: ignore[attr-defined]
    assert said.column_names_to_labels["needs_water"] == "needs/water: What is missing? — Water"
    assert {said.variable_measure[name] for name in ("kind", "first_seed", "people")} == {
        *("nominal", "ordinal", "scale")
    }
    assert said.file_label.startswith("Not safe to publish.")
    written = " ".join(said.notes)
    assert "not safe to publish" in written
    assert (
        "MRSETS /MDGROUP NAME=$needs LABEL='What is missing?' VARIABLES=needs_water needs_seed needs_road"
        in written
    )


async def test_sav_as_pandas_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    read = pandas.read_spss(await exported(dataset, tmp_path / "a.sav", "sav"))
    assert read["kind"].isna().tolist() == [False, True, False, False, True, True]
    assert read["people"].dropna().tolist() == [4, -95, 12345678901]


async def test_dta_as_pandas_reads_it(dataset: Dataset, tmp_path: Path) -> None:
    file = await exported(dataset, tmp_path / "a.dta", "dta")
    read = pandas.read_stata(file)
    assert read["kind"].tolist()[::2][:2] == ['=The "market"', "Nowhere"]
    assert read["share"].dropna().tolist() == [2.5, 0.1]
    assert read["wish"][2] == LONG.strip()
    assert read["sown"][0].date() == date(2026, 3, 1)
    with pandas.io.stata.StataReader(file, convert_dates=False, convert_categoricals=False) as reader:
        missing = reader.read(convert_missing=True)
        assert [str(one) for one in missing["kind"]] == ["2", ".a", "3", "1", ".g", ".g"]
        assert [str(one) for one in missing["share"]][:4] == ["2.5", "0.1", ".f", ".g"]
        assert reader.data_label.startswith("Not safe to publish.")
        assert reader.variable_labels()["needs_water"] == "needs/water: What is missing? — Water"
    _, said = pyreadstat.read_dta(file, user_missing=True)
    assert said.variable_value_labels["kind"]["a"] == "Would rather not say"


async def test_a_table_too_large_for_memory_is_refused(dataset: Dataset) -> None:
    with pytest.raises(ExportError, match="--format parquet or csv"):
        whole_table(variables(dataset), 1_000_000, 1_000_000, "SPSS")


def test_a_code_is_none_that_was_answered() -> None:
    import polars as pl

    assert codes(pl.Series([1.0, None]))["refused"] == -99
    assert codes(pl.Series([-94.0]))["refused"] == -9999
    assert codes(pl.Series([-94.0, -9_999.0]))["not_reached"] == -999_993
    assert len({reason.letter for reason in REASONS}) == len({reason.code for reason in REASONS}) == 7


async def test_an_r_script_and_its_data(dataset: Dataset, tmp_path: Path) -> None:
    file = await exported(dataset, tmp_path / "a.R", "r")
    text = file.read_text("utf-8")
    assert text.splitlines()[6] == f"# note: {NOTE}"
    assert (
        'levels = c("road", "market", "no"), labels = c("By the road", "=The \\"market\\"", "Nowhere")'
        in text
    )
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as data:
        rows = list(csv.DictReader(data))
    # What the script takes off again: the words stay as they were, and no spreadsheet runs them.
    assert [row["soil[1]"] for row in rows][:2] == ["'=1+1", "''=2"]


# --- everybody, nobody, and the same for all


KINDS = ["csv", "xlsx", "json", "jsonl", "parquet", "sav", "dta", "r", "ddi"]


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_has_answered(nobody: Dataset, tmp_path: Path, kind: str) -> None:
    file = await exported(nobody, tmp_path / f"a.{kind}", kind)
    assert file.stat().st_size > 0 or kind == "jsonl"
    if kind == "sav":
        assert pyreadstat.read_sav(file)[0].shape[0] == 0
    if kind == "dta":
        assert pandas.read_stata(file).shape[0] == 0
    if kind == "parquet":
        assert pandas.read_parquet(file).shape[0] == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_files_are_for_their_owner(dataset: Dataset, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    await exported(dataset, folder / f"a.{kind}", kind, status=kind != "csv")
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert not [file.name for file in folder.iterdir() if file.name.startswith(".")]
