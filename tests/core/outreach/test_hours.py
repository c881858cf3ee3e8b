"""When people may be written to: the clock is that of where they are, and summer time moves it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.outreach.hours import Hours

NAIROBI, BERLIN, LAGOS = ZoneInfo("Africa/Nairobi"), ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Lagos")
USUAL = Hours(time(9), time(19))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "closes"),
    [
        (NAIROBI, "2026-11-24 05:59", None),
        (NAIROBI, "2026-11-24 06:00", "2026-11-24 16:00"),
        (NAIROBI, "2026-11-24 15:59", "2026-11-24 16:00"),
        (NAIROBI, "2026-11-24 16:00", None),
        (LAGOS, "2026-11-24 08:00", "2026-11-24 18:00"),
        # The same moment, an hour apart by the clock, before and after summer time ends.
        (BERLIN, "2026-10-24 07:00", "2026-10-24 17:00"),
        (BERLIN, "2026-10-25 07:00", None),
    ],
)
def test_hours_are_those_of_the_place(zone: ZoneInfo, at: str, closes: str | None) -> None:
    assert USUAL.closing(utc(at), zone) == (utc(closes) if closes else None)


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (USUAL, "2026-11-24 07:30", "2026-11-24 07:30"),
        (USUAL, "2026-11-24 17:00", "2026-11-25 06:00"),
        (Hours(days=frozenset({0})), "2026-11-24 07:30", "2026-11-30 06:00"),
        (Hours(excluded=frozenset({date(2026, 11, 24)})), "2026-11-24 07:30", "2026-11-25 06:00"),
        (Hours(days=frozenset()), "2026-11-24 07:30", None),
    ],
)
def test_the_next_hour_is_found(hours: Hours, at: str, opens: str | None) -> None:
    assert hours.opening(utc(at), NAIROBI) == (utc(opens) if opens else None)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    zone=st.sampled_from([NAIROBI, BERLIN, LAGOS, ZoneInfo("America/Santiago"), ZoneInfo("Asia/Kathmandu")]),
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_what_opens_is_open_and_ends_the_same_day(at: datetime, zone: ZoneInfo, days: frozenset[int]) -> None:
    hours = Hours(days=days)
    opens = hours.opening(at, zone)
    assert opens is not None
    assert at <= opens <= at + timedelta(days=8)
    closes = hours.closing(opens, zone)
    assert closes is not None
    assert opens < closes
    assert closes.astimezone(zone).date() == opens.astimezone(zone).date()


SYDNEY, PERTH = ZoneInfo("Australia/Sydney"), ZoneInfo("Australia/Perth")
KALININGRAD, KAMCHATKA = ZoneInfo("Europe/Kaliningrad"), ZoneInfo("Asia/Kamchatka")


@pytest.mark.parametrize(
    ("zones", "at", "opens", "closes"),
    [
        ([NAIROBI], "2026-11-24 05:00", "2026-11-24 06:00", "2026-11-24 16:00"),
        # Lagos opens two hours after Nairobi, which closes two hours before.
        ([NAIROBI, LAGOS], "2026-11-24 06:30", "2026-11-24 08:00", "2026-11-24 16:00"),
        ([NAIROBI, LAGOS], "2026-11-24 16:00", "2026-11-25 08:00", "2026-11-25 16:00"),
        ([SYDNEY, PERTH], "2026-11-24 00:00", "2026-11-24 01:00", "2026-11-24 08:00"),
        # Ten hours apart: when one opens at nine, the other has just closed.
        ([KALININGRAD, KAMCHATKA], "2026-11-24 07:00", None, None),
        ([], "2026-11-24 07:00", None, None),
    ],
)
def test_several_zones_are_open_where_all_are(
    zones: list[ZoneInfo], at: str, opens: str | None, closes: str | None
) -> None:
    found = USUAL.opening_in_all(utc(at), zones)
    assert found == (utc(opens) if opens else None)
    assert USUAL.closing_in_all(found or utc(at), zones) == (utc(closes) if closes else None)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    zones=st.lists(st.sampled_from([NAIROBI, BERLIN, LAGOS, SYDNEY, PERTH]), min_size=1, max_size=4),
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_the_first_common_hour_is_in_each_of_the_zones_and_none_is_before(
    at: datetime, zones: list[ZoneInfo], days: frozenset[int]
) -> None:
    hours = Hours(days=days)
    opens = hours.opening_in_all(at, zones)
    assert opens is not None or len(set(zones)) > 1
    if opens is None:
        return
    closings = [hours.closing(opens, zone) for zone in zones]
    assert None not in closings
    assert hours.closing_in_all(opens, zones) == min(filter(None, closings))
    for before in range(1, 200):
        earlier = opens - timedelta(minutes=15 * before)
        if earlier < at:
            break
        assert hours.closing_in_all(earlier, zones) is None
