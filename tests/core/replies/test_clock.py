"""Tables and properties: replies to time."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import UNCLEAR_TIME
from bot.core.questionnaire import ItemType
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import SWAHILI
from tests.support.replies import item, read

TIME = item(ItemType.TIME)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            (text, "14:30")
            for text in ("14:30", "14.30", "1430", "14h30", "14H30", "14:30:00", "2:30 pm", "2.30PM")
        ),
        *(
            (text, "14:30")
            for text in ("0230 pm", "2:30 p.m.", "2:30 p m", "about 14:30", "١٤:٣٠", "14：30", "14:30!")
        ),
        *((text, "07:00") for text in ("07:00", "0700", "7h", "7 h", "7am", "7 AM", "07", "7h00")),
        *(
            ("12", "12:00"),
            ("12:15", "12:15"),
            ("12am", "00:00"),
            ("12 pm", "12:00"),
            ("0:30", "00:30"),
            ("13", "13:00"),
        ),
    ],
)
def test_times(text: str, value: str) -> None:
    assert read(TIME, text) == Read(value)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("7", "07:00", "19:00"),
        ("2:30", "02:30", "14:30"),
        ("230", "02:30", "14:30"),
        ("11", "11:00", "23:00"),
    ],
)
def test_before_or_after_noon(text: str, first: str, second: str) -> None:
    assert read(TIME, text) == Ambiguous(first, second)
    assert (read(TIME, first), read(TIME, second)) == (Read(first), Read(second))


@pytest.mark.parametrize(
    "text",
    [
        "24:00",
        "25",
        "14:60",
        "13 pm",
        "0 am",
        "14:",
        "14:3",
        "noon",
        "7 or 8",
        "12345",
        "-7",
        "",
        "\ud800",
        "1" * 2000,
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert isinstance(read(TIME, text), NotRead)


def test_hours_counted_from_sunrise_are_not_read_as_the_clock() -> None:
    assert read(TIME, "saa 2 asubuhi", book=SWAHILI) == NotRead(UNCLEAR_TIME)


@given(st.times())
def test_every_time_with_two_digits_for_the_hour_reads_as_itself(moment: time) -> None:
    assert read(TIME, f"{moment:%H:%M}") == Read(f"{moment:%H:%M}")
