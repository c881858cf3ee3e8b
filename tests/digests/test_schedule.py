"""When digests come: where their reader is, whatever clocks do there."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import next_after, period_of, zone_of
from bot.errors import DigestError
from bot.store.subscribing import Every, Schedule

DAILY = Schedule(Every.DAY, time(8), "Africa/Lagos")


@pytest.mark.parametrize(
    ("schedule", "moment", "due"),
    [
        (DAILY, "2026-03-02T06:59", "2026-03-02T07:00"),
        (DAILY, "2026-03-02T07:00", "2026-03-03T07:00"),
        (Schedule(Every.WEEK, time(8), "Africa/Lagos", 0), "2026-03-02T07:00", "2026-03-09T07:00"),
        (Schedule(Every.WEEK, time(8), "Africa/Lagos", 6), "2026-03-02T07:00", "2026-03-08T07:00"),
        # West of UTC the day there begins later, east of it earlier.
        (Schedule(Every.WEEK, time(22), "America/Bogota", 0), "2026-03-02T12:00", "2026-03-03T03:00"),
        (Schedule(Every.WEEK, time(1), "Asia/Manila", 1), "2026-03-02T12:00", "2026-03-02T17:00"),
        # The night in which 02:30 does not come; and the one in which 01:30 comes twice.
        (Schedule(Every.DAY, time(2, 30), "Europe/Paris"), "2026-03-28T12:00", "2026-03-29T01:30"),
        (Schedule(Every.DAY, time(1, 30), "Europe/London"), "2026-10-24T12:00", "2026-10-25T00:30"),
        (Schedule(Every.DAY, time(1, 30), "Europe/London"), "2026-10-25T00:30", "2026-10-26T01:30"),
    ],
)
def test_the_next_time(schedule: Schedule, moment: str, due: str) -> None:
    at = datetime.fromisoformat(f"{moment}+00:00")
    assert next_after(schedule, at) == datetime.fromisoformat(f"{due}+00:00")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    st.times(),
    st.sampled_from(["Africa/Lagos", "Europe/Paris", "America/Bogota", "Australia/Lord_Howe", "UTC"]),
    st.sampled_from(Every),
    st.integers(0, 6),
)
def test_each_period_has_one(moment: datetime, at: time, zone: str, every: Every, weekday: int) -> None:
    schedule = Schedule(every, at.replace(tzinfo=None, second=0, microsecond=0), zone, weekday)
    first = next_after(schedule, moment)
    second = next_after(schedule, first)
    assert moment < first < second
    assert first - moment <= timedelta(days=8 if every is Every.WEEK else 2)
    assert period_of(schedule, first) < period_of(schedule, second)


def test_a_zone_that_there_is_not() -> None:
    for name in ("Lagos", "../etc/passwd", ""):
        with pytest.raises(DigestError, match="knows no time zone"):
            zone_of(name)
