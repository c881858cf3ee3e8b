"""Interviews in columns say just what they say a row at a time, on both databases."""

import sys
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.groups import COLUMNS
from bot.flowfiles.folder import Flow
from bot.results.dataset import Dataset
from bot.results.frame import STATUS, frames, whole
from tests.results.test_dataset import GARDEN, TALKS, WHOLE, version
from tests.support.answers import BEGAN, dataset_of, talk
from tests.support.consultations import questionnaire

MORE = [
    [
        "GARDEN",
        "1",
        "I don't know",
        "1",
        "2",
        "7",
        "clay",
        "no",
        "rather not say",
        "2026-03-01",
        "skip",
        "skip",
    ],
    ["GARDEN", "1", "3", "stop"],
    ["GARDEN"],
    [*WHOLE[:9], "3", "sand", "yes", "4", "loam", "2026-02-28"],
    [*WHOLE, "skip", "=2+2", "restart", "1", "1", "2"],
    ["GARDEN", "1", "many", "lots", "loads", "1 3"],
]


def comparable(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


async def in_rows(dataset: Dataset) -> list[Mapping[str, object]]:
    return [dict(zip(dataset.header, map(comparable, row), strict=True)) async for row in dataset.rows()]


async def in_columns(dataset: Dataset) -> list[Mapping[str, object]]:
    frame = await whole(dataset)
    return frame.select(dataset.header).to_dicts()


@pytest.mark.parametrize("after_days", [1, 8])
async def test_the_same_in_rows_and_in_columns(engine: AsyncEngine, after_days: int) -> None:
    await talk(engine, [GARDEN], [*TALKS, *MORE])
    dataset = await dataset_of(engine, [GARDEN.questionnaire], with_status=True, after_days=after_days)
    for column, row in zip(await in_columns(dataset), await in_rows(dataset), strict=True):
        assert column == row


async def test_reading_wants_no_library_that_only_tests_install(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests bring PyArrow, which Heard runs without: half of what ADBC offers would fail there alone."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("adbc_driver_manager.dbapi._has_pyarrow", False)
    await talk(engine, [GARDEN], TALKS[:1])
    assert len(await whole(await dataset_of(engine, [GARDEN.questionnaire]))) == 1


async def test_the_same_where_versions_differ(engine: AsyncEngine) -> None:
    old, new = two_versions()
    await talk(engine, [old], [["GARDEN", "1", "about forty", "red"], ["GARDEN", "1", "old"]])
    await talk(
        engine, [new], [["GARDEN", "1", "40", "2", "two"]], at=BEGAN + timedelta(days=1), first_phone=2
    )
    dataset = await dataset_of(engine, [new.questionnaire, old.questionnaire], with_status=True)
    columns = await in_columns(dataset)
    assert columns == await in_rows(dataset)
    assert [row["colour"] for row in columns] == ["red", None, "blue"]
    frame = await whole(dataset)
    assert frame.schema["colour"] == pl.Enum(["green", "blue", "red"])


def two_versions() -> tuple[Flow, Flow]:
    heading = "consultation: garden\nkeywords: {en: [GARDEN]}"
    colours = "- {name: colour, type: select_one, label: Colour, choices: ["
    old = questionnaire(
        f"- {{name: age, type: text, label: Age}}\n{colours}{{name: red, label: Red}}, {{name: blue, label: Blue}}]}}",
        heading,
    )
    new = questionnaire(
        "- {name: age, type: integer, label: Age}\n"
        f"{colours}{{name: green, label: Green}}, {{name: blue, label: Blue}}]}}\n"
        "- {name: wish, type: text, label: Wish}",
        heading,
    )
    return version(old, "1"), version(new, "2")


async def test_each_column_has_the_type_of_its_item(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], TALKS)
    schema = (await whole(await dataset_of(engine, [GARDEN.questionnaire], with_status=True))).schema
    assert (schema["people"], schema["hours"], schema["size[1]"]) == (pl.Int64, pl.Float64, pl.Float64)
    assert (schema["sown"], schema["grows/maize"], schema["wish"]) == (pl.Date, pl.Int8, pl.String)
    assert (schema["people/status"], schema["people/tries"]) == (pl.Enum(STATUS), pl.Int8)


async def test_where_people_left_and_how_long_it_took(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], TALKS)
    frame = await whole(await dataset_of(engine, [GARDEN.questionnaire], with_status=True))
    assert frame["left_at"].to_list() == [None, None, "size[1]", None, "grows"]
    assert frame["seconds"].to_list() == [14 * 60, 9 * 60, 10 * 60, 60, None]
    assert frame["started_at"].to_list() == [BEGAN] * 5


async def test_replies_that_were_not_understood_are_counted(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [["GARDEN", "1", "many", "3", "2"]])
    frame = await whole(await dataset_of(engine, [GARDEN.questionnaire], with_status=True))
    assert frame["people/tries"].to_list() == [1]
    assert frame["grows/tries"].to_list() == [None]


async def test_nobody_has_answered(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [])
    dataset = await dataset_of(engine, [GARDEN.questionnaire], with_status=True)
    frame = await whole(dataset)
    assert frame.height == 0
    assert set(dataset.header) <= set(frame.columns)


async def test_page_after_page(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.columns.PAGE", 2)
    await talk(engine, [GARDEN], [*TALKS, *MORE])
    dataset = await dataset_of(engine, [GARDEN.questionnaire], with_status=True)
    parts = list((await frames(dataset))())
    assert [part.height for part in parts] == [2, 2, 2, 2, 2, 1]
    assert pl.concat(parts).select(dataset.header).to_dicts() == await in_rows(dataset)


async def test_no_item_can_be_called_as_a_column_of_respondents(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], TALKS[:1])
    dataset = await dataset_of(engine, [GARDEN.questionnaire])
    slots = {column.slot for column in dataset.columns}
    names = {name for name in (await whole(dataset)).columns if "/" not in name}
    assert names - slots == COLUMNS
