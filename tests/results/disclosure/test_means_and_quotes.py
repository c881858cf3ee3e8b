"""Means and quotes: what goes with a count that is withheld; and the examples in docstrings."""

import doctest
import importlib
from collections.abc import Mapping

import pytest

from bot.results.disclosure import (
    EVERYBODY,
    Cell,
    Naming,
    Numbers,
    Rule,
    is_safe,
    quote_naming,
    withheld_means,
)
from bot.results.disclosure.records import Release

TEN = [3, 4, 2, 5, 3, 4, 6, 2, 3, 4]


@pytest.mark.parametrize(
    ("values", "safe"),
    [
        pytest.param(TEN, True, id="ten alike enough"),
        pytest.param(TEN[:9], False, id="nine"),
        pytest.param([], False, id="nobody"),
        pytest.param([0.1] * 10, False, id="all the same"),
        pytest.param([0] * 20, False, id="all nothing"),
        pytest.param([0] * 11 + [900], False, id="one has it all"),
        pytest.param([0] * 10 + [900, 880], False, id="the second could work out the first"),
        pytest.param([0] * 10 + [900, 880, 90], True, id="but not where a third has a tenth"),
        pytest.param([1] * 11 + [-900], False, id="a debt tells as much"),
    ],
)
def test_a_mean(values: list[float], safe: bool) -> None:
    assert is_safe(Numbers.of(values), Rule()) is safe


def test_numbers_of_two_groups_add_up() -> None:
    assert Numbers.of([1, 7]) + Numbers.of([5, 6, 2]) == Numbers.of([1, 7, 5, 6, 2])


@pytest.mark.parametrize(
    ("groups", "withheld"),
    [
        pytest.param({"a": TEN, "b": TEN * 2}, set(), id="none is small"),
        pytest.param({"a": TEN[:4], "b": TEN}, {"a", "b"}, id="one small of two takes the other"),
        pytest.param({"a": TEN[:4], "b": TEN[:8], "c": TEN}, {"a", "b"}, id="two small ones hide each other"),
        pytest.param({"a": TEN[:4], "b": TEN[:5], "c": TEN}, {"a", "b", "c"}, id="two too small ones do not"),
        pytest.param({"a": TEN, "b": [], "c": TEN}, set(), id="who gave none has none"),
    ],
)
def test_means_of_groups(groups: Mapping[str, list[float]], withheld: set[str]) -> None:
    assert withheld_means({name: Numbers.of(those) for name, those in groups.items()}, Rule()) == withheld


def test_a_mean_goes_with_its_count() -> None:
    groups = {name: Numbers.of(TEN) for name in "abc"}
    assert withheld_means(groups, Rule(), also=["b"], overall=False) == {"b"}
    assert withheld_means(groups, Rule(), also=["b"]) == {"a", "b"}


SOMALI, SWAHILI = Cell.of(("language", "so")), Cell.of(("language", "sw"))


@pytest.mark.parametrize(
    ("counts", "group", "evident", "naming"),
    [
        ((100, 20, 80), SWAHILI, [SWAHILI], Naming.WITH_GROUP),
        ((100, None, 80), SOMALI, [], Naming.WITHOUT_GROUP),
        ((100, None, 80), None, [SOMALI], Naming.WITHHELD),
        ((100, None, 80), None, [], Naming.WITHOUT_GROUP),
        ((None, None, None), None, [], Naming.WITHHELD),
    ],
)
def test_quotes(
    counts: tuple[int | None, ...], group: Cell | None, evident: list[Cell], naming: Naming
) -> None:
    release = Release("now", Rule(), (), dict(zip((EVERYBODY, SOMALI, SWAHILI), counts, strict=True)))
    assert quote_naming(release, group, evident) is naming
    unheard_of = Cell.of(("language", "am"))
    assert quote_naming(release, unheard_of) is not Naming.WITH_GROUP


@pytest.mark.parametrize("name", ["records", "means", "since"])
def test_the_examples_in_docstrings(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(f"bot.results.disclosure.{name}"))
    assert tried.attempted
    assert not tried.failed
