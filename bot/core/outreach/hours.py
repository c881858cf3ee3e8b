"""When people may be written to, by the clock where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS_AHEAD = 400
"""How far ahead an hour is looked for: a file that allows none within a year allows none at all."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day, the days of a week (Monday is 0) and the dates without a message.

    `opens` is before `closes`: nobody is written to at midnight.
    """

    opens: time = time(9)
    closes: time = time(19)
    days: frozenset[int] = frozenset(range(7))
    excluded: frozenset[date] = frozenset()

    def closing(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the hours end that a moment is in, in UTC; None where nobody may be written to at that moment."""
        there = at.astimezone(zone)
        is_open = self._has(there.date()) and self.opens <= there.time() < self.closes
        return _moment(there.date(), self.closes, zone) if is_open else None

    def opening(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first moment, `at` or later, at which somebody may be written to; None where there is none."""
        if self.closing(at, zone) is not None:
            return at.astimezone(UTC)
        there = at.astimezone(zone)
        for ahead in range(MOST_DAYS_AHEAD):
            day = there.date() + timedelta(days=ahead)
            opens = _moment(day, self.opens, zone)
            if self._has(day) and opens >= at:
                return opens
        return None

    def closing_in_all(self, at: datetime, zones: Sequence[ZoneInfo]) -> datetime | None:
        """Return when the hours end of the first of several zones, in UTC; None where one of them is closed.

        For a person who may be in any of them: their number does not tell in which.
        """
        closings = [self.closing(at, zone) for zone in zones]
        known = [one for one in closings if one is not None]
        return min(known) if known and len(known) == len(closings) else None

    def opening_in_all(self, at: datetime, zones: Sequence[ZoneInfo]) -> datetime | None:
        """Return the first moment, `at` or later, that is open in every one of several zones; None where none is."""
        last = at + timedelta(days=MOST_DAYS_AHEAD)
        moment = at.astimezone(UTC)
        while zones and moment <= last:
            openings = [self.opening(moment, zone) for zone in zones]
            known = [one for one in openings if one is not None]
            if len(known) < len(openings):
                return None
            # No moment before the latest of them is open in all.
            if max(known) == moment:
                return moment
            moment = max(known)
        return None

    def _has(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.excluded


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
