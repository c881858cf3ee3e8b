"""What becomes of a picture or sound after an attempt: pure, so that every case stands in one table of its tests."""

from datetime import datetime, timedelta

from bot.channels.media import Denied, Later
from bot.core.retrying import MOST_ATTEMPTS, wait_after
from bot.store.fetching import Fetch, Kept, MediaStatus


def after_failing(fetch: Fetch, failed: Denied | Later, now: datetime, chance: float) -> Kept:
    """Return what becomes of what was not fetched; `chance` is drawn from [0, 1)."""
    if isinstance(failed, Denied):
        return Kept(fetch, MediaStatus.REFUSED, now, failed.code)
    if fetch.number >= min(failed.attempts or MOST_ATTEMPTS, MOST_ATTEMPTS):
        return Kept(fetch, MediaStatus.REFUSED, now, failed.code)
    wait = max(wait_after(fetch.number, chance), timedelta(seconds=failed.wait_s or 0))
    return Kept(fetch, MediaStatus.WAITING, now, failed.code, due_at=now + wait)
