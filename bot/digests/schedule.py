"""When digests come: at a time of day where their reader is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import DigestError
from bot.store.subscribing import Every, Schedule


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name in IANA's database.

    Raises:
        DigestError: this machine knows none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DigestError(
            f"this machine knows no time zone '{name}'; write one like Africa/Lagos, America/Bogota or UTC"
        ) from None


def next_after(schedule: Schedule, moment: datetime) -> datetime:
    """Return the first moment after another at which a digest is due, in UTC.

    A time of day that the clock leaps over comes as much later as it leaps; one that comes twice counts once.
    """
    zone = zone_of(schedule.zone)
    day = moment.astimezone(zone).date()
    while True:
        due = datetime.combine(day, schedule.at, zone).astimezone(UTC)
        if due > moment and (schedule.every is Every.DAY or day.weekday() == schedule.weekday):
            return due
        day += timedelta(days=1)


def period_of(schedule: Schedule, due_at: datetime) -> str:
    """Return what the digest due at a moment is the only one of: the day, where its reader is."""
    return due_at.astimezone(zone_of(schedule.zone)).date().isoformat()
