"""What becomes of a digest after an attempt: pure, so that every case stands in one table of its tests."""

from datetime import datetime

from bot.channels.sending import Accepted, Deferred, Delivery, Refused, Unclear
from bot.core.retrying import MOST_ATTEMPTS, wait_after
from bot.digests.webhooks import GONE
from bot.store.subscribing import DigestAttempt, DigestStatus, SettledDigest


def after_sending(attempt: DigestAttempt, delivery: Delivery, now: datetime, chance: float) -> SettledDigest:
    """Return what becomes of a digest that was handed over; `chance` is drawn from [0, 1)."""
    match delivery:
        case Accepted():
            return SettledDigest(attempt.id, attempt.started_at, DigestStatus.SENT, now)
        case Refused(code):
            # By 410 a receiver says that nobody is there any more (Standard Webhooks).
            return SettledDigest(
                attempt.id, attempt.started_at, DigestStatus.FAILED, now, code, gone=code == GONE
            )
        case Unclear(code):
            return SettledDigest(attempt.id, attempt.started_at, DigestStatus.UNCERTAIN, now, code)
        case Deferred(code):
            if attempt.number >= MOST_ATTEMPTS:
                return SettledDigest(attempt.id, attempt.started_at, DigestStatus.FAILED, now, code)
            due_at = now + wait_after(attempt.number, chance)
            return SettledDigest(attempt.id, attempt.started_at, DigestStatus.QUEUED, now, code, due_at)
