"""Raking gives balance's weights, and is refused where weights would say too much."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from bot.core.groups import Category
from bot.core.questionnaire import Text
from bot.flowfiles.population import Margin
from bot.results.estimates.coding import Variable
from bot.results.records.notices import NoticeCode
from bot.results.weighting import collapse, design_effect, rake, weigh

RAKED = json.loads((Path(__file__).parents[1] / "data/raking.json").read_text("utf-8"))


def variable(name: str, counts: Mapping[str, int], not_stated: int = 0, *, bands: bool = False) -> Variable:
    categories = tuple(Category(one, None if bands else Text("", one)) for one in counts)
    codes = np.repeat(np.arange(len(counts) + 1), [not_stated, *counts.values()])
    return Variable(name, None, categories, np.random.default_rng(4).permutation(codes))


def margin(name: str, shares: Mapping[str, float]) -> Margin:
    return Margin(name, shares, "Census", 2019)


def test_the_weights_of_balance() -> None:
    targets = [np.array(list(shares.values())) for shares in RAKED["targets"].values()]
    codes = [
        [list(shares).index(cell[name]) + 1 for name, shares in RAKED["targets"].items()]
        for cell in RAKED["cells"]
    ]
    counts = np.array([cell["n"] for cell in RAKED["cells"]], np.float64)
    raked = rake(np.array(codes), counts, targets, bounds=None)
    assert raked.weights == pytest.approx([cell["weight"] for cell in RAKED["cells"]], abs=1e-6)
    assert design_effect(raked.weights, counts) == pytest.approx(RAKED["design_effect"], abs=1e-6)
    assert raked.gap < 1e-8


def test_one_margin_is_the_ratio_of_shares() -> None:
    told, weights = weigh([variable("sex", {"f": 40, "m": 60})], [margin("sex", {"f": 0.5, "m": 0.5})])
    assert told.applied
    assert weights is not None
    assert sorted(set(weights.round(9))) == pytest.approx([50 / 60, 50 / 40])
    assert weights.mean() == pytest.approx(1)
    assert told.design_effect == pytest.approx(0.4 * 1.25**2 + 0.6 * (5 / 6) ** 2)
    assert told.effective == pytest.approx(100 / told.design_effect)


def test_who_did_not_say_weighs_one_and_is_in_no_margin() -> None:
    sex = variable("sex", {"f": 40, "m": 60}, not_stated=20)
    told, weights = weigh([sex], [margin("sex", {"f": 0.5, "m": 0.5})])
    assert weights is not None
    assert set(weights[sex.codes == 0]) == {1.0}
    assert weights[sex.codes == 1].sum() == pytest.approx(50)
    assert (told.respondents, told.not_stated) == (120, 20)


def test_weights_are_held_within_bounds() -> None:
    counts = {"a": 485, "b": 15}
    told, weights = weigh([variable("v", counts)], [margin("v", {"a": 0.88, "b": 0.12})])
    assert weights is not None
    assert weights.max() == pytest.approx(3, abs=0.01)
    assert told.trimmed == 15
    # Three times 15 of 500 is 9%, three points short of 12%.
    assert told.gap == pytest.approx(0.03, abs=0.001)


def refused(counts: Mapping[str, int], shares: Mapping[str, float]) -> NoticeCode:
    told, weights = weigh([variable("v", counts)], [margin("v", shares)])
    assert weights is None
    assert told.refused is not None
    return told.refused.code


def test_weights_that_would_say_too_much() -> None:
    told, weights = weigh([variable("v", {"a": 485, "b": 15})], [margin("v", {"a": 0.5, "b": 0.5})])
    assert weights is None
    assert told.refused is not None
    assert told.refused.code is NoticeCode.NOT_WEIGHTED_DESIGN_EFFECT
    untrimmed = (485 * (250 / 485) ** 2 + 15 * (250 / 15) ** 2) / 500
    assert told.refused.values == {"design_effect": pytest.approx(untrimmed), "most": 3.0}


def test_refusals() -> None:
    assert refused({"a": 20, "b": 20}, {"a": 0.5, "b": 0.5}) is NoticeCode.NOT_WEIGHTED_FEW
    assert refused({"a": 60, "b": 0}, {"a": 0.5, "b": 0.5}) is NoticeCode.NOT_WEIGHTED_EMPTY
    assert refused({"a": 490, "b": 10}, {"a": 0.88, "b": 0.12}) is NoticeCode.NOT_WEIGHTED_APART


@pytest.mark.parametrize(
    ("counts", "is_ordered", "expected"),
    [
        ({1: 20, 2: 30}, False, ((1,), (2,))),
        ({1: 3, 2: 30, 3: 12}, False, ((2,), (1, 3))),
        ({1: 3, 2: 30, 3: 12}, True, ((1, 2), (3,))),
        ({1: 30, 2: 3, 3: 12}, True, ((1,), (2, 3))),
        ({1: 2, 2: 3, 3: 4}, False, ((1, 2, 3),)),
    ],
)
def test_small_categories_are_put_together(
    counts: dict[int, int], is_ordered: bool, expected: tuple[tuple[int, ...], ...]
) -> None:
    assert set(collapse(counts, is_ordered=is_ordered)) == set(expected)


def test_what_was_put_together_is_told() -> None:
    ages = variable("age", {"<18": 4, "18-39": 60, "40+": 50}, bands=True)
    told, weights = weigh([ages], [margin("age", {"<18": 0.1, "18-39": 0.5, "40+": 0.4})])
    assert [one.categories for one in told.collapsed] == [("<18", "18-39")]
    assert weights is not None
    assert weights[ages.codes < 3].sum() == pytest.approx(0.6 * 114)
