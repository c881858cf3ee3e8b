"""What the caps make of a campaign, before it begins."""

from collections.abc import Mapping

import pytest

from bot.core.outreach.caps import DEFAULTS, Cap, Footing, Limits
from bot.core.outreach.outlook import Going, outlook

KENYA = {"KE": Footing.HOME}
BOTH = {"KE": Footing.HOME, "UG": Footing.ABROAD}


@pytest.mark.parametrize(
    ("allowed", "going", "forbidden", "days"),
    [
        (KENYA, {"KE": (100, 100)}, {}, {}),
        ({}, {"KE": (60, 60), "UG": (40, 40)}, {"KE": 60, "UG": 40}, {}),
        (KENYA, {"KE": (60, 60), "UG": (40, 40)}, {"UG": 40}, {}),
        # 1,000 messages a day; 100.00 a day at 0.20 a part.
        (KENYA, {"KE": (2_001, 500)}, {}, {Cap.MESSAGES_A_DAY: 3}),
        (KENYA, {"KE": (600, 1_200)}, {}, {Cap.SPEND_A_DAY: 3}),
        # Each country's parts at its own price: 1.00 in Uganda.
        (BOTH, {"KE": (250, 250), "UG": (50, 50)}, {}, {}),
        (BOTH, {"KE": (250, 250), "UG": (50, 51)}, {}, {Cap.SPEND_A_DAY: 2}),
        # Nobody at home takes up a place of those who live abroad; a person more needs a day more.
        (BOTH, {"KE": (201, 0), "UG": (201, 0)}, {}, {Cap.ABROAD_A_DAY: 3}),
        (BOTH, {"KE": (202, 0), "UG": (200, 0)}, {}, {Cap.ABROAD_A_DAY: 2}),
    ],
)
def test_what_caps_make_of_a_campaign(
    allowed: Mapping[str, Footing],
    going: Mapping[str, tuple[int, int]],
    forbidden: Mapping[str, int],
    days: Mapping[Cap, int],
) -> None:
    limits = Limits(countries=allowed, prices={"UG": 1_000_000})
    found = outlook(limits, {country: Going(*one) for country, one in going.items()})
    assert (found.forbidden, found.days) == (forbidden, days)


def test_who_has_no_number_is_neither_abroad_nor_paid_for() -> None:
    limits = Limits(countries=BOTH)
    found = outlook(limits, {"KE": Going(50, 50), "UG": Going(100, 100)}, 750)
    assert (found.forbidden, found.days) == ({}, {})
    found = outlook(limits, {"KE": Going(50, 50), "UG": Going(101, 101)}, 850)
    assert found.days == {Cap.MESSAGES_A_DAY: 2, Cap.ABROAD_A_DAY: 2}


def test_a_number_of_no_known_country_is_held_back() -> None:
    assert outlook(Limits(countries=KENYA), {"KE": Going(1, 1), "": Going(1, 1)}).forbidden == {"": 1}


@pytest.mark.parametrize(
    ("allowed", "own", "going", "home"),
    [
        # A single number that slipped in is not where its organiser works, wherever it is in the alphabet.
        ({}, None, {"KE": 1, "US": 62}, "US"),
        ({}, "US", {"KE": 62, "US": 1}, "US"),
        ({}, "UG", {"KE": 1, "US": 62}, None),
        (KENYA, None, {"KE": 60, "UG": 1}, None),
        ({}, None, {"": 60, "UG": 1}, "UG"),
        ({}, None, {}, None),
    ],
)
def test_one_works_where_one_says_or_where_most_people_are(
    allowed: Mapping[str, Footing], own: str | None, going: Mapping[str, int], home: str | None
) -> None:
    of = {country: Going(people, people) for country, people in going.items()}
    found = outlook(Limits(countries=allowed), of, own=own)
    assert found.home == home
    assert list(found.forbidden) == sorted(found.forbidden, key=lambda one: -going[one])


def test_a_cap_of_0_lets_nothing_through() -> None:
    limits = Limits(caps={**DEFAULTS, Cap.MESSAGES_A_DAY: 0}, countries=KENYA)
    assert outlook(limits, {"KE": Going(1, 1)}).days == {Cap.MESSAGES_A_DAY: None}
