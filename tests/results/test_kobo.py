"""The columns of KoboToolbox, and a sheet for each repeat."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from bot.errors import ExportError
from bot.results.dataset import Dataset
from tests.results.test_dataset import GARDEN, version
from tests.results.test_exports import held
from tests.support.answers import dataset_of, talk
from tests.support.consultations import questionnaire
from tests.support.databases import Databases, opened
from tests.support.exports import TALKS, exported

SUBMISSION = ("_submission__id", "_submission__uuid", "_submission__submission_time")


@pytest.fixture
async def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Dataset]:
    (tmp_path / "store").mkdir()
    async with opened(await Databases("sqlite", str(tmp_path / "store")).migrated()) as engine:
        yield await held(engine, monkeypatch, TALKS)


async def sheets(dataset: Dataset, file: Path) -> dict[str, list[dict[str, object]]]:
    book = openpyxl.load_workbook(await exported(dataset, file, "xlsx", shape="kobo"))
    read = {}
    for name in book.sheetnames:
        header, *rows = book[name].iter_rows(values_only=True)
        read[name] = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    return read


def column(rows: Sequence[dict[str, object]], name: str) -> list[object]:
    return [row[name] for row in rows]


async def test_groups_and_choices_stand_in_the_header(dataset: Dataset, tmp_path: Path) -> None:
    rows = (await sheets(dataset, tmp_path / "a.xlsx"))["harvest"]
    assert [name for name in rows[0] if not name.endswith("/as_written")] == [
        *("start", "end", "home/kind", "home/people", "home/share", "home/needs"),
        *("home/needs/water", "home/needs/seed", "home/needs/road", "first"),
        *("wakes", "sown", "where", "_where_latitude", "_where_longitude", "heads", "read", "wish"),
        *("_id", "_uuid", "_submission_time", "__version__"),
        *("_channel", "_language", "_assisted", "_came_by", "_disposition", "_aapor_code", "_index"),
    ]
    first = rows[0]
    assert (first["home/kind"], first["home/needs"], first["home/needs/seed"]) == ("market", "water road", 0)
    assert (first["first"], first["_index"], first["_where_latitude"]) == ("seed water", 1, -6.52)
    assert first["_id"] == first["_uuid"]
    assert column(rows, "_index") == [1, 2, 3, 4, 5, 6]
    # What goes on was submitted, as far as it is, with its last message.
    assert rows[3]["end"] is None
    assert rows[3]["_submission_time"] == datetime(2026, 3, 2, 9, 3)


async def test_each_repeat_has_a_sheet_that_leads_to_its_parent(dataset: Dataset, tmp_path: Path) -> None:
    read = await sheets(dataset, tmp_path / "a.xlsx")
    assert list(read) == ["harvest", "plot", "tool", "codebook", "about"]
    plots, tools = read["plot"], read["tool"]
    assert list(plots[0]) == ["plot/soil", "_index", "_parent_table_name", "_parent_index", *SUBMISSION]
    assert column(plots, "plot/soil") == ["=1+1", 'a "q", and\nmore', "'=2", None]
    assert column(plots, "_parent_index") == [1, 1, 2, 3]
    assert column(plots, "_index") == [1, 2, 3, 4]
    assert set(column(plots, "_parent_table_name")) == {"harvest"}
    assert next(iter(tools[0])) == "plot/tool/cost"
    assert column(tools, "plot/tool/cost") == [3, 5, None, 1, None]
    assert column(tools, "_parent_index") == [1, 1, 2, 3, 4]
    assert set(column(tools, "_parent_table_name")) == {"plot"}
    ids = column(read["harvest"], "_id")
    assert column(tools, "_submission__id") == [ids[place] for place in (0, 0, 0, 1, 2)]
    described = column(read["codebook"], "variable")
    assert {"home/kind", "plot/soil", "plot/tool/cost", "_id", "end"} <= set(described)
    assert len(described) == len(set(described))


async def test_a_csv_has_no_room_for_repeats(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="--format xlsx"):
        await exported(dataset, tmp_path / "a.csv", "csv", shape="kobo")
    assert not (tmp_path / "a.csv").exists()


async def test_an_item_of_another_type_stands_beside(tmp_path: Path) -> None:
    heading = "consultation: garden\nkeywords: {en: [GARDEN]}"
    old = version(questionnaire("- {name: age, type: text, label: Age}", heading), "1")
    new = version(
        questionnaire(
            "- {name: home, type: group, label: H, items: [{name: age, type: integer, label: Age}]}", heading
        ),
        "2",
    )
    async with opened(await Databases("sqlite", str(tmp_path)).migrated()) as engine:
        await talk(engine, [old], [["GARDEN", "1", "forty"]])
        await talk(engine, [new], [["GARDEN", "1", "40"]], first_phone=1)
        dataset = await dataset_of(engine, [new.questionnaire, old.questionnaire], with_status=True)
        file = await exported(dataset, tmp_path / "a.csv", "csv", shape="kobo")
    header, *_ = file.read_text("utf-8-sig").splitlines()
    assert header.split(",")[2:4] == ["home/age", f"age@{old.questionnaire.version}"]


async def test_the_garden(tmp_path: Path) -> None:
    async with opened(await Databases("sqlite", str(tmp_path)).migrated()) as engine:
        await talk(engine, [GARDEN], [])
        dataset = await dataset_of(engine, [GARDEN.questionnaire], with_status=True)
        read = await sheets(dataset, tmp_path / "a.xlsx")
    assert (read["garden"], read["plot"]) == ([], [])
