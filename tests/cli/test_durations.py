"""Durations, as people say them."""

import pytest

from bot.cli.durations import lasting


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "less than a second"),
        (1, "1 second"),
        (1.998, "2 seconds"),
        (59.6, "1 minute"),
        (285, "4 minutes 45 seconds"),
        (540, "9 minutes"),
        (599.8, "10 minutes"),
        (2_118, "35 minutes"),
        (3_599.7, "1 hour"),
        (17_046, "4 hours 44 minutes"),
        (86_390, "1 day"),
        (200_000, "2 days 8 hours"),
        (2_000_000, "23 days"),
    ],
)
def test_a_duration_is_said_in_the_units_that_say_something(seconds: float, said: str) -> None:
    assert lasting(seconds) == said
