"""Hours where somebody may be in any of several places: only what is allowed in all of them is allowed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.outreach.hours import MOST_DAYS_AHEAD, Hours


@lru_cache(maxsize=1_024)
def zones_of(names: str) -> tuple[ZoneInfo, ...]:
    """Return the clocks of a `time_zone` column: names of the IANA database, with blanks between.

    Raises:
        ZoneInfoNotFoundError: one of them is none.
    """
    return tuple(ZoneInfo(name) for name in names.split())


def closing(hours: Hours, at: datetime, zones: Sequence[ZoneInfo]) -> datetime | None:
    """Return when the hours end first that a moment is in, everywhere; None where it is outside them somewhere.

    Of no place at all nothing is known: nobody is written to.
    """
    ends = [hours.closing(at, zone) for zone in zones]
    return min((end for end in ends if end is not None), default=None) if None not in ends else None


def opening(hours: Hours, at: datetime, zones: Sequence[ZoneInfo]) -> datetime | None:
    """Return the first moment, `at` or later, that is within the hours everywhere; None where there is none."""
    moment, latest = at, at + timedelta(days=MOST_DAYS_AHEAD)
    while zones and moment <= latest:
        if closing(hours, moment, zones) is not None:
            return moment
        opens = [hours.opening(moment, zone) for zone in zones]
        following = max((one for one in opens if one is not None), default=None)
        if following is None or None in opens:
            return None
        # Where it is open everywhere else by then, but just closing here, the next opening here is looked for.
        moment = following if following > moment else moment + timedelta(minutes=1)
    return None
