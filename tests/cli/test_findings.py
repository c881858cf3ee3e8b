"""How findings are told in a terminal."""

import pytest

from bot.cli.findings_shown import count_days


@pytest.mark.parametrize(("number", "said"), [(0, "0 days"), (1, "1 day"), (1.0, "1 day"), (1.5, "1.5 days")])
def test_days_are_counted_as_people_do(number: float, said: str) -> None:
    assert count_days(number) == said
