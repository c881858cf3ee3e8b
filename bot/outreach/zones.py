"""Time zones as recipients have them: one, or those that somebody may be in, with blanks between."""

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})


@lru_cache(maxsize=10_000)
def clocks(zones: str) -> tuple[ZoneInfo, ...]:
    """Return the clocks of a `time_zone` column."""
    return tuple(map(ZoneInfo, zones.split()))


def named_zones(written: str) -> str | None:
    """Return the zones that a cell names, as the IANA database writes them; None where it has no such zone."""
    # A name of several words may have blanks for its underscores.
    if whole := _names().get("_".join(written.split()).casefold()):
        return whole
    names = [_names().get(one.casefold()) for one in written.replace(",", " ").split()]
    known = [one for one in names if one is not None]
    return " ".join(dict.fromkeys(known)) if known and len(known) == len(names) else None


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {one.casefold(): one for one in available_timezones() - _NO_PLACE}
