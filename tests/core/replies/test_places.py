"""Tables and properties: replies to geopoint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import UNCLEAR
from bot.core.questionnaire import ItemType
from bot.core.replies import NotRead, Read
from tests.support.replies import item, read

PLACE = item(ItemType.GEOPOINT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6.52, 3.38", "6.52 3.38 0 0"),
        ("6.5244 3.3792", "6.52 3.38 0 0"),
        ("(6.5244,3.3792)", "6.52 3.38 0 0"),
        ("6,5244; 3,3792", "6.52 3.38 0 0"),
        ("6,5244 3,3792", "6.52 3.38 0 0"),
        ("٦.٥٢ ٣.٣٨", "6.52 3.38 0 0"),
        ("-1.286389, 36.817223", "-1.29 36.82 0 0"),
        ("−1.286389, 36.817223", "-1.29 36.82 0 0"),
        ("1.286389S 36.817223E", "-1.29 36.82 0 0"),
        ("6.5° N, 3.4° W", "6.5 -3.4 0 0"),
        ("-0.001, 0.004", "0 0 0 0"),
        ("90.0, 180.0", "90 180 0 0"),
    ],
)
def test_places(text: str, value: str) -> None:
    assert read(PLACE, text) == Read(value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Lagos",
            "12, 3",
            "6.52",
            "90.01, 0.0",
            "0.0, 180.01",
            "6.5E 3.4N",
            "6.5, 3.4, 5.6",
            "- 6.5, 3.4",
            "6.5 to 3.4",
        ),
        *("6.52  " * 400, "1.5" + " " * 1500 + "x", "\ud800"),
    ],
)
def test_what_is_no_coordinate(text: str) -> None:
    assert read(PLACE, text) == NotRead(UNCLEAR)


@given(st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6))
def test_nothing_closer_than_a_hundredth_of_a_degree_is_kept(latitude: object, longitude: object) -> None:
    reading = read(PLACE, f"{latitude:f}, {longitude:f}")
    assert isinstance(reading, Read)
    kept = [number.partition(".")[2] for number in reading.value.split()]
    assert all(len(decimals) <= 2 for decimals in kept)
