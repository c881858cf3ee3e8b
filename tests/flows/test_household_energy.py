"""The household energy consultation is faithful to the form it is adapted from.

What differs stands here, name by name and with its reason; a test fails for whatever else does.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from bot.language.catalogues import load_translations

ROOT = Path(__file__).parents[2]
FORM = ROOT / "tests/data/household_energy_en_igbo.xlsx"

LEFT_OUT = {
    "enum_id": "nobody interviews: people answer by themselves",
    "survey_date": "each answer has its time",
    "_device_date": "checks survey_date",
    "_date_mismatch": "checks survey_date",
    "_start": "each interview has its times",
    "_end": "each interview has its times",
    "_deviceid": "would tell whose phone it is",
    "intro_note": "is the consent's own text",
    "consent": "is the consultation's consent",
    "no_thanks": "is what the consent says to those who decline",
}
ADDED = {"drivers_note": "the form's note about the ratings, which has no name there"}
NOT_REQUIRED = {"household_gps": "a place is the one answer that leads to a door"}
NEW_CONSTRAINTS = {
    "community_name": "the form has only the message",
    "improve_choice": "the form has only the hint",
}
LABELS_CORRECTED = {
    "national_grid": "National grid",
    "zamfar": "Zamfara",
    "solar": "Solar system",
    "generator": "Diesel or petrol generator",
    "kerosene_lamp": "Kerosene lamp",
}
REGIONS_ADDED = {"fct": "Nigeria's capital territory is not one of its 36 states"}
IGBO_CHANGED = {
    "selected_country": "the form has the refusal of consent here",
    "household_gps": "asks the person, not an interviewer with a tablet",
    "secondary_source": "made as short as the English",
    "selected_hours": "says that it is the grid's power",
    "rent_own": "the word for generator is corrupted in the form",
    "cost_solar_gen": "says in which money",
    "cost_fuel_mentenance": "says in which money",
    "drivers_note": "names the two ends",
    "reliability_rating": "the form's has two readings",
    "environment_rating": "plainer, as the English",
    "social_rating": "plainer, as the English",
    "satisfaction_rating": "names the two ends",
    "improve_choice": "says how many",
}

Row = Mapping[str, Any]


def rows(sheet: str) -> list[dict[str, str]]:
    """Return a sheet's rows by its headings, trimmed, without cells that are empty."""
    found = load_workbook(FORM, data_only=True)[sheet].iter_rows(values_only=True)
    headings = [str(cell).strip() if cell else "" for cell in next(found)]
    cells = ([str(cell).strip() if cell is not None else "" for cell in row] for row in found)
    named = ({h: c for h, c in zip(headings, row, strict=True) if h and c} for row in cells)
    return [row for row in named if row]


def form_items() -> dict[str, dict[str, str]]:
    """Return the form's items by name, in order; the note without a name by the one it has in the flow."""
    asked = [row for row in rows("survey") if not row["type"].startswith("end ") or "name" in row]
    return {row.get("name", "drivers_note"): row for row in asked}


def flow() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (ROOT / "flows/household-energy.yaml").read_text(encoding="utf-8")
    )
    return loaded


def flow_items(listed: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in listed:
        yield item
        yield from flow_items(item.get("items", []))


@pytest.fixture(scope="module")
def items() -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in flow_items(flow()["items"])}


FORM_ITEMS = form_items()
KEPT = {name: row for name, row in FORM_ITEMS.items() if name not in LEFT_OUT}


def squeezed(expression: str) -> str:
    return re.sub(r"[\s()]", "", expression)


def straight(wording: str) -> str:
    return wording.replace("’", "'").strip()


def test_every_item_is_there_in_the_forms_order(items: dict[str, dict[str, Any]]) -> None:
    assert list(items) == list(KEPT)
    assert set(LEFT_OUT) <= set(FORM_ITEMS)
    assert {name for name, row in FORM_ITEMS.items() if "name" not in row} == set(ADDED)


@pytest.mark.parametrize("name", KEPT)
def test_an_item_asks_what_the_form_asks(items: dict[str, dict[str, Any]], name: str) -> None:
    row, item = KEPT[name], items[name]
    kind, _, listed = row["type"].partition(" ")
    assert item["type"] == {"begin_group": "group"}.get(kind, kind)
    assert item.get("choices", "") == listed
    assert item.get("choice_filter") == row.get("choice_filter")
    if item["type"] == "range":
        assert item["range"] == {"start": 1, "end": 5, "step": 1}
        assert row["parameters"] == "start=1 step=1 end=5"


@pytest.mark.parametrize("name", [name for name, row in KEPT.items() if row["type"] != "begin_group"])
def test_an_item_is_asked_when_the_form_asks_it(items: dict[str, dict[str, Any]], name: str) -> None:
    row, item = KEPT[name], items[name]
    assert squeezed(item.get("relevant", "")) == squeezed(row.get("relevant", ""))
    if item["type"] not in ("note", "calculate"):
        required = row.get("required") == "yes" and name not in NOT_REQUIRED
        assert item.get("required", True) is required
    if name not in NEW_CONSTRAINTS:
        assert squeezed(item.get("constraint", "")) == squeezed(row.get("constraint", ""))


def test_a_group_depends_on_nothing_but_consent(items: dict[str, dict[str, Any]]) -> None:
    groups = {name: row["relevant"] for name, row in KEPT.items() if row["type"] == "begin_group"}
    assert groups == dict.fromkeys("ABCDE", "${consent}='yes'")
    assert [name for name in groups if "relevant" in items[name]] == []


@pytest.mark.parametrize("name", NEW_CONSTRAINTS)
def test_a_constraint_is_new_only_where_the_form_merely_says_it(
    items: dict[str, dict[str, Any]], name: str
) -> None:
    assert "constraint" not in KEPT[name]
    assert {"constraint_message::English", "hint::English"} & set(KEPT[name])
    assert "constraint" in items[name]


@pytest.mark.parametrize(
    "listed", sorted({item["type"].split()[-1] for item in KEPT.values() if " " in item["type"]})
)
def test_every_choice_is_there_in_the_forms_order(listed: str) -> None:
    # The formula for the names of regions means to put underscores, and misses single blanks.
    form = {row["name"].replace(" ", "_"): row for row in rows("choices") if row["list name"] == listed}
    choices = {choice["name"]: choice for choice in flow()["choice_lists"][listed]}
    assert [name for name in choices if name not in REGIONS_ADDED] == list(form)
    for name, row in form.items():
        assert choices[name].get("country") == row.get("country")
        if listed in ("country", "location", "energy_source_other"):
            assert choices[name]["label"] == LABELS_CORRECTED.get(name, row["label::English"])


def test_the_forms_igbo_is_kept_word_for_word_but_where_this_says() -> None:
    wordings = {
        context: wording
        for (context, _), wording in load_translations(ROOT / "locales", "household-energy", "ig").items()
    }
    igbo = {
        name: straight(row["label::Igbo"])
        for name, row in KEPT.items()
        if row.get("label::Igbo") and row["label::Igbo"] != row["label::English"]
    }
    changed = {name for name, label in igbo.items() if wordings[f"{name}.label"] != label}
    assert changed == set(IGBO_CHANGED)
    assert wordings["consent.refused"] == igbo["selected_country"]
