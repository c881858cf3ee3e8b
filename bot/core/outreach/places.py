"""The clocks of the places where somebody may be."""

from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=1_024)
def zones_of(names: str) -> tuple[ZoneInfo, ...]:
    """Return the clocks of a `time_zone` column: names of the IANA database, with blanks between.

    Raises:
        ZoneInfoNotFoundError: one of them is none.
    """
    return tuple(ZoneInfo(name) for name in names.split())
