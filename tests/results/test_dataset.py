"""From whole talks by SMS to a table, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.groups import RESPONDENT
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import Flow, check_files
from bot.flowfiles.versions import document_of, version_of
from bot.results.codebook import codebook
from bot.results.dataset import Dataset
from bot.results.estimate import estimate
from bot.results.frame import whole
from tests.support.answers import BEGAN, dataset_of, talk
from tests.support.consultations import questionnaire

HERE = Path(__file__).parent
GARDEN = check_files([HERE / "garden.yaml"], HERE).flows["garden"]
WHOLE = ["GARDEN", "1", "4", "2.5", "1 2 3", "3 1 2", "7", "clay", "yes", "2", "skip", "no", "2026-03-01"]
TALKS = [
    [*WHOLE, "6.5244, 3.3792", "=1+1"],
    ["GARDEN", "1", "skip", "2", "9", "skip", "2", "when it rained", "skip", "skip"],
    ["GARDEN", "1", "4", "1,5", "1", "back", "back", "back", "1", "back", "stop"],
    ["GARDEN", "2"],
    ["GARDEN", "1", "3", "1"],
]


@pytest.fixture
async def dataset(engine: AsyncEngine) -> Dataset:
    await talk(engine, [GARDEN], TALKS)
    return await dataset_of(engine, [GARDEN.questionnaire], with_status=True)


async def table(dataset: Dataset) -> list[dict[str, object]]:
    return [dict(zip(dataset.header, row, strict=True)) async for row in dataset.rows()]


async def test_a_complete_interview(dataset: Dataset) -> None:
    row = (await table(dataset))[0]
    answers = {name: value for name, value in row.items() if name not in RESPONDENT and "/status" not in name}
    assert answers == {
        "people": 4,
        "hours": Decimal("2.5"),
        "grows": "maize beans kale",
        "grows/maize": 1,
        "grows/beans": 1,
        "grows/kale": 1,
        "first": "kale maize beans",
        "first/maize": 2,
        "first/beans": 3,
        "first/kale": 1,
        "size[1]": Decimal(7),
        "soil[1]": "clay",
        "size[2]": Decimal(2),
        "soil[2]": None,
        "sown": date(2026, 3, 1),
        "sown/as_written": None,
        "where": "6.52 3.38 0 0",
        "where/latitude": Decimal("6.52"),
        "where/longitude": Decimal("3.38"),
        "wish": "=1+1",
    }


async def test_who_they_are_is_a_random_number_and_no_more(dataset: Dataset) -> None:
    rows = await table(dataset)
    assert len({row["respondent"] for row in rows}) == len(TALKS)
    assert all(len(str(row["respondent"])) == 32 for row in rows)
    assert "2025550" not in str(rows)


async def test_what_became_of_each(dataset: Dataset) -> None:
    rows = await table(dataset)
    assert [(row["disposition"], row["aapor_code"]) for row in rows] == [
        ("complete", "1.1"),
        ("complete", "1.1"),
        ("break_off", "2.12"),
        ("refused", "2.11"),
        ("break_off", "2.12"),
    ]
    assert rows[0]["started_at"] == BEGAN


async def test_each_missing_answer_says_why(dataset: Dataset) -> None:
    rows = await table(dataset)
    asked = ("people", "hours", "grows", "size[1]", "sown", "where")
    assert [[row[f"{name}/status"] for name in asked] for row in rows] == [
        ["answered"] * 6,
        ["skipped", "not_asked", "answered", "answered", "not_understood", "skipped"],
        ["answered", "not_asked", "answered", "not_reached", "not_reached", "not_reached"],
        ["not_reached", "not_asked", "not_reached", "not_reached", "not_reached", "not_reached"],
        ["answered", "answered", "not_reached", "not_reached", "not_reached", "not_reached"],
    ]


async def test_what_was_not_understood_is_kept_as_written(dataset: Dataset) -> None:
    rows = await table(dataset)
    assert [row["sown/as_written"] for row in rows] == [None, "when it rained", None, None, None]
    assert rows[1]["sown"] is None


async def test_an_answer_that_is_not_relevant_any_more_is_left_out(dataset: Dataset) -> None:
    row = (await table(dataset))[2]
    assert (row["people"], row["hours"]) == (1, None)


async def test_the_codebook_has_an_entry_for_each_column(dataset: Dataset) -> None:
    entries = {entry.variable: entry for entry in codebook(dataset)}
    assert tuple(entries) == dataset.header
    assert entries["hours"].asked_when == "${people} > 1"
    assert entries["grows"].values == "maize = Maize; beans = Beans; kale = Kale"
    assert entries["first/kale"].question == "What first? — Kale"
    assert "Not safe to publish" in entries["wish"].note
    assert "Not safe to publish" in entries["sown/as_written"].note


async def test_what_it_comes_to(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], TALKS)
    dataset = await dataset_of(engine, [GARDEN.questionnaire], with_status=True)
    results = estimate(await whole(dataset), dataset.newest, dataset.columns, at=dataset.at)
    turnout = results.participation.turnout
    assert (turnout.started, turnout.consented) == (5, 4)
    assert {one.disposition: one.count for one in turnout.outcomes} == {
        "complete": 2,
        "break_off": 2,
        "refused": 1,
    }
    grows, people = results.item("grows"), results.item("people")
    assert {one.name: one.taken.count for one in grows.choices} == {"maize": 2, "beans": 2, "kale": 1}
    assert (grows.base.answered, grows.base.missing) == (3, {"left": 1})
    assert (people.base.answered, people.base.missing) == (3, {"skipped": 1})
    assert people.numbers is not None
    assert (people.numbers.mean.value, people.numbers.median.value) == (8 / 3, 3)
    assert (people.numbers.least, people.numbers.most) == (1, 4)
    best = results.item("first").ranking[0]
    assert (best.name, best.first.count) == ("kale", 1)
    assert results.item("size").base.answered == 3
    assert results.item("sown").base.missing["not_understood"] == 1
    assert results.item("hours").base.missing["not_asked"] == 2


def version(of: Questionnaire, mark: str) -> Flow:
    """Return a questionnaire as a published version of its own."""
    document = document_of({"mark": mark}, {}, ())
    return replace(GARDEN, questionnaire=replace(of, version=version_of(document)), document=document)


async def test_versions_come_together_by_name(engine: AsyncEngine) -> None:
    heading = "consultation: garden\nkeywords: {en: [GARDEN]}"
    old = version(
        questionnaire(
            "- {name: age, type: text, label: Age}\n- {name: gone, type: text, label: Gone}", heading
        ),
        "1",
    )
    new = version(
        questionnaire(
            "- {name: age, type: integer, label: Age}\n- {name: wish, type: text, label: Wish}", heading
        ),
        "2",
    )
    await talk(engine, [old], [["GARDEN", "1", "about forty", "one"]])
    await talk(engine, [new], [["GARDEN", "1", "40", "two"]], at=BEGAN + timedelta(days=1), first_phone=1)
    dataset = await dataset_of(engine, [new.questionnaire, old.questionnaire])
    name = f"age@{old.questionnaire.version}"
    assert dataset.header[len(RESPONDENT) :] == ("age", name, "wish", "gone")
    assert [row[len(RESPONDENT) :] for row in [row async for row in dataset.rows()]] == [
        (None, "about forty", None, "one"),
        (40, None, "two", None),
    ]
