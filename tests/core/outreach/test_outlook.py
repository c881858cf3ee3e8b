"""What the caps make of a campaign, before it begins."""

from collections.abc import Mapping

import pytest

from bot.core.outreach.caps import DEFAULTS, Cap, Footing, Limits
from bot.core.outreach.outlook import outlook

KENYA = {"KE": Footing.HOME}
BOTH = {"KE": Footing.HOME, "UG": Footing.ABROAD}


@pytest.mark.parametrize(
    ("allowed", "people", "parts", "countries", "forbidden", "days"),
    [
        (KENYA, 100, 100, {"KE": 100}, (), {}),
        ({}, 100, 100, {"KE": 60, "UG": 40}, ("KE", "UG"), {}),
        (KENYA, 100, 100, {"KE": 60, "UG": 40}, ("UG",), {}),
        # 1,000 messages a day; 100.00 a day at 0.20 a part.
        (KENYA, 2_001, 500, {"KE": 2_001}, (), {Cap.MESSAGES_A_DAY: 3}),
        (KENYA, 600, 1_200, {"KE": 600}, (), {Cap.SPEND_A_DAY: 3}),
        # A half of those who are drawn from the list live abroad; a person more needs a day more.
        (BOTH, 402, 402, {"KE": 500, "UG": 500}, (), {Cap.ABROAD_A_DAY: 3}),
        (BOTH, 400, 400, {"KE": 500, "UG": 500}, (), {Cap.ABROAD_A_DAY: 2}),
    ],
)
def test_what_caps_make_of_a_campaign(
    allowed: Mapping[str, Footing],
    people: int,
    parts: int,
    countries: Mapping[str, int],
    forbidden: tuple[str, ...],
    days: Mapping[Cap, int],
) -> None:
    found = outlook(Limits(countries=allowed), people, parts, countries)
    assert (found.forbidden, found.days) == (forbidden, days)


def test_who_has_no_number_is_neither_abroad_nor_paid_for() -> None:
    found = outlook(Limits(countries=BOTH), 900, 150, {"KE": 50, "UG": 100}, numbered=150)
    assert (found.forbidden, found.days) == ((), {})
    found = outlook(Limits(countries=BOTH), 1_001, 151, {"KE": 50, "UG": 101}, numbered=151)
    assert found.days == {Cap.MESSAGES_A_DAY: 2, Cap.ABROAD_A_DAY: 2}


def test_a_number_of_no_known_country_is_held_back() -> None:
    assert outlook(Limits(countries=KENYA), 2, 2, {"KE": 1, "": 1}).forbidden == ("",)


def test_a_cap_of_0_lets_nothing_through() -> None:
    limits = Limits(caps={**DEFAULTS, Cap.MESSAGES_A_DAY: 0}, countries=KENYA)
    assert outlook(limits, 1, 1, {"KE": 1}).days == {Cap.MESSAGES_A_DAY: None}
