"""What an organiser asks for, as the list spells it."""

from collections.abc import Mapping

import pytest

from bot.core.outreach.attributes import Unlisted, as_listed

LISTED = {
    "region": {"North": 5, "NORTH": 9, "south": 2, "Île": 1},
    "age_group": {"<18": 1, "18+": 2, "18-24": 3},
    "mark": {"?": 1, "!": 1},
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {}),
        ({"Region": "north"}, {"region": ("NORTH", "North")}),
        ({"region": " ile "}, {"region": ("Île",)}),
        ({"Age group": "18+"}, {"age_group": ("18+",)}),
        ({"age group": "18 - 24", "REGION": "South"}, {"age_group": ("18-24",), "region": ("south",)}),
        ({"mark": "?"}, {"mark": ("?",)}),
        ({"regoin": "north"}, Unlisted("regoin", None, ("age_group", "mark", "region"))),
        ({"region": "nroth"}, Unlisted("region", "nroth", ("NORTH", "south", "Île"))),
        ({"age_group": "18"}, Unlisted("age_group", "18", ("18-24", "18+", "<18"))),
    ],
)
def test_spellings(wanted: Mapping[str, str], found: Mapping[str, tuple[str, ...]] | Unlisted) -> None:
    assert as_listed(wanted, LISTED) == found


def test_a_list_that_says_nothing_of_people() -> None:
    assert as_listed({"region": "north"}, {}) == Unlisted("region", None, ())
