"""What `quotas:` may say, every fault of one that does not, and targets that follow from a population."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Channel
from bot.core.outreach.attributes import attribute_name
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.definition import CHANNELS
from bot.core.outreach.quotas.records import Adaptive, Cell, Quotas
from bot.core.outreach.quotas.targets import settle
from bot.core.outreach.records import Outreach
from tests.support.consultations import questionnaire

TRIAL = questionnaire(
    """
    - {name: age, type: integer, label: How old are you?, eligible: . >= 18}
    - name: gender
      type: select_one
      label: What are you?
      choices: [{name: woman, label: Woman}, {name: man, label: Man}, {name: private, label: I keep it to me}]
    - {name: cows, type: integer, label: How many cows?}
    - name: each
      type: repeat
      repeat_max: 3
      label: One more?
      items:
        - {name: kind, type: select_one, label: Kind?, choices: [{name: a, label: A}, {name: b, label: B}]}
    """,
    "groups: [gender, {name: age, bands: [18, 40]}]",
)
GENDERS = {"woman": 100, "man": 100, "private": "open"}
AGES = {"<18": 0, "18-39": 100, "40+": 100}


def quotas(**section: Any) -> Quotas:
    read = define_outreach({"quotas": section}, TRIAL)
    assert isinstance(read, Outreach), read
    assert read.quotas is not None
    return read.quotas


def test_a_whole_section_is_read() -> None:
    read = quotas(
        total=300,
        reserve_hours=12,
        attributes={"district": ["north", "south"]},
        cells=[
            {"by": "gender", "targets": GENDERS, "full": "turn_away"},
            {
                "by": ["district", {"name": "cows", "bands": [1, 5]}],
                "targets": {"north": {"<1": 10, "1-4": 10, "5+": 1}, "south": "open"},
            },
            {"by": ["language"], "targets": {"en": 300}},
        ],
        adaptive={"batch": 500, "least_share": 0.2},
    )
    assert read.reserved_for == timedelta(hours=12)
    assert read.adaptive == Adaptive(batch=500, least_share=0.2)
    everybody, gender, crossed, language = read.all()
    assert [everybody.target(one) for one in everybody.cells()] == [300]
    assert {one: gender.target(one) for one in gender.cells()} == {
        Cell("gender", ("woman",)): 100,
        Cell("gender", ("man",)): 100,
        Cell("gender", ("private",)): None,
    }
    assert crossed.name == "district, cows"
    assert [crossed.target(one) for one in crossed.cells()] == [10, 10, 1, None, None, None]
    assert language.target(Cell("language", ("en",))) == 300
    assert [one.name for one in read.turning_away().all()] == ["gender"]


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        ({"cells": [{"by": "gendre", "targets": GENDERS}]}, "quota-variable", "by[0]"),
        ({"cells": [{"by": "district", "targets": {"north": 1}}]}, "quota-variable", "by[0]"),
        ({"cells": [{"by": "kind", "targets": {"a": 1, "b": 1}}]}, "group-not-suitable", "by[0]"),
        ({"cells": [{"by": "cows", "targets": {"1": 1}}]}, "group-bands", "by[0]"),
        ({"cells": [{"by": "gender"}]}, "quota-targets", "targets"),
        ({"cells": [{"by": "gender", "targets": 5}]}, "quota-targets", "targets"),
        ({"cells": [{"by": "gender", "targets": {"woman": 1, "private": 1}}]}, "quota-targets", "targets"),
        ({"cells": [{"by": "gender", "targets": {**GENDERS, "man": -1}}]}, "quota-targets", "targets.man"),
        ({"cells": [{"by": "gender", "targets": {**GENDERS, "men": 1}}]}, "quota-category", "targets.men"),
        ({"cells": [{"by": ["gender", "language"], "targets": GENDERS}]}, "quota-targets", "targets.woman"),
        ({"cells": [{"by": "gender", "targets": "population"}]}, "quota-targets", "targets"),
        ({"cells": [{"by": "age", "targets": {**AGES, "<18": 5}}]}, "quota-unreachable", "targets.<18"),
        ({"total": 150, "cells": [{"by": "age", "targets": AGES}]}, "quota-above-total", "targets"),
        ({"cells": [{"by": ["gender", "gender"], "targets": {}}]}, "quota-twice", "by"),
        ({"cells": [{"by": [], "targets": {}}]}, "out-of-bounds", "by"),
        (
            {
                "cells": [
                    {
                        "by": "channel",
                        "targets": {"sms": 1, "whatsapp": 1, "telegram": 1},
                        "full": "turn_away",
                    }
                ]
            },
            "quota-turns-away",
            "full",
        ),
        ({"cells": [{"by": "gender", "targets": GENDERS, "full": "stop"}]}, "wrong-value", "full"),
        ({"cells": [{"by": "gender", "target": GENDERS}]}, "unknown-key", "target"),
    ],
)
def test_faults_are_told_at_their_place(given: dict[str, Any], code: str, place: str) -> None:
    found = define_outreach({"quotas": given}, TRIAL)
    assert isinstance(found, tuple)
    told = {(problem.code, problem.place.removeprefix("quotas.cells[0].")) for problem in found}
    assert (code, place) in told
    assert len(told) <= 2
    assert all(problem.remedy for problem in found)


def test_every_fault_is_told_at_once() -> None:
    found = define_outreach(
        {
            "sending": {"country": "KE", "signed": "The water office"},
            "invitation": {"wordings": [{"name": "a", "text": "A"}, {"name": "a", "text": "B"}]},
            "quotas": {
                "attributes": {"gender": ["w", "m"]},
                "cells": [
                    {"by": "gender", "targets": {"woman": "many", "other": 1}},
                    {"by": "gender", "targets": "population"},
                    {"by": "nothing", "targets": {}},
                ],
            },
        },
        TRIAL,
    )
    assert isinstance(found, tuple)
    assert {problem.code for problem in found} == {
        *("duplicate-name", "quota-variable", "quota-targets", "quota-category", "quota-twice")
    }


def test_an_attribute_is_called_as_in_the_list() -> None:
    read = quotas(
        attributes={"Age group": ["young", "old"]},
        cells=[{"by": "Age Group", "targets": {"young": 5, "old": "open"}}],
    )
    (by_age,) = read.all()
    assert by_age.name == "age_group"
    assert Profile(attributes={attribute_name("AGE GROUP"): "Young"}).cell(by_age) == Cell(
        "age_group", ("young",)
    )
    found = define_outreach(
        {
            "quotas": {
                "attributes": {"Age group": ["a"], "age_group": ["a"], "Gender": ["woman"]},
                "cells": [{"by": name, "targets": {"a": 1}} for name in ("Age group", "age_group")],
            }
        },
        TRIAL,
    )
    assert isinstance(found, tuple)
    assert [(problem.code, problem.path[1:3]) for problem in found] == [
        ("quota-twice", ("attributes", "age_group")),
        ("quota-variable", ("attributes", "Gender")),
        ("quota-twice", ("cells", 1)),
    ]


def test_what_is_crossed_too_often_is_told() -> None:
    listed = {f"a{number}": [f"c{each}" for each in range(40)] for number in range(5)}
    cells = [{"by": list(listed)[:2], "targets": {}}, {"by": list(listed), "targets": {}}]
    found = define_outreach({"quotas": {"attributes": listed, "cells": cells}}, TRIAL)
    assert isinstance(found, tuple)
    assert [problem.code for problem in found] == ["quota-too-large", "quota-too-large"]


def test_a_misspelt_name_is_told_with_the_right_one() -> None:
    found = define_outreach({"quotas": {"cells": [{"by": "gendre", "targets": {}}]}}, TRIAL)
    assert isinstance(found, tuple)
    assert [problem.remedy for problem in found] == ["Write gender."]


def test_channels_are_those_that_people_are_reached_on() -> None:
    assert set(CHANNELS) == set(Channel) - {Channel.TERMINAL, Channel.PAGE, Channel.PAPER}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("age", "17", "<18"),
        ("age", "18", "18-39"),
        ("age", "39", "18-39"),
        ("age", "40", "40+"),
        ("age", "forty", None),
        ("gender", "woman", "woman"),
        ("gender", "Woman", None),
        ("gender", "", None),
        ("gender", None, None),
    ],
)
def test_an_answer_falls_into_a_category(name: str, value: str | None, expected: str | None) -> None:
    read = quotas(cells=[{"by": "age", "targets": AGES}, {"by": "gender", "targets": GENDERS}])
    variables = {one.name: one for one in read.variables()}
    assert variables[name].category(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("44", "40+"), (" 18-39 ", "18-39"), ("40+", "40+"), ("old", None), ("", None)]
)
def test_a_list_tells_a_band_or_a_number(value: str, expected: str | None) -> None:
    (age,) = quotas(cells=[{"by": "age", "targets": AGES}]).variables()
    assert age.category_of_attribute(value) == expected


OF_POPULATION = {
    "total": 1000,
    "cells": [{"by": "gender", "targets": "population"}, {"by": ["gender", "age"], "targets": "population"}],
}
SHARES = {"gender": {"woman": 0.51, "man": 0.49}, "age": {"18-39": 0.6, "40+": 0.4}}


def test_targets_follow_from_the_population() -> None:
    settled = settle(quotas(**OF_POPULATION), SHARES, TRIAL)
    assert isinstance(settled, Quotas)
    gender, crossed = settled.quotas
    assert gender.targets == {("woman",): 510, ("man",): 490}
    assert crossed.targets == {
        ("woman", "18-39"): 306,
        ("woman", "40+"): 204,
        ("man", "18-39"): 294,
        ("man", "40+"): 196,
    }


@pytest.mark.parametrize(
    ("shares", "codes"),
    [
        ({}, ["quota-population"] * 3),
        ({"gender": SHARES["gender"]}, ["quota-population"]),
        ({**SHARES, "age": {"15-24": 0.5, "25+": 0.5}}, ["quota-population"]),
        ({**SHARES, "age": {"<18": 0.5, "18-39": 0.3, "40+": 0.2}}, ["quota-unreachable"]),
    ],
)
def test_what_the_population_does_not_tell_is_told(shares: Any, codes: list[str]) -> None:
    found = settle(quotas(**OF_POPULATION), shares, TRIAL)
    assert isinstance(found, tuple)
    assert [problem.code for problem in found] == codes


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=2), st.integers(1, 5000))
def test_targets_of_a_population_add_up_to_the_total(parts: list[float], total: int) -> None:
    shares = {
        "gender": dict(zip(("woman", "man"), (one / sum(parts) for one in parts), strict=True)),
        "age": SHARES["age"],
    }
    settled = settle(quotas(**{**OF_POPULATION, "total": total}), shares, TRIAL)
    assert isinstance(settled, Quotas)
    for one in settled.quotas:
        assert one.targets is not None
        assert sum(one.targets.values()) == total
