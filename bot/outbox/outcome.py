"""What becomes of a message after an attempt: pure, so that every case stands in one table of its tests."""

from datetime import datetime, timedelta

from bot.channels.sending import Absent, Accepted, Deferred, Delivery, Refused, Unclear
from bot.core.retrying import MOST_ATTEMPTS, wait_after
from bot.store.sending import Attempt, OutboundStatus, Settled

ASKED_AFTER = timedelta(minutes=1)
"""How long after a message became uncertain the provider is asked: so late that what it took is in its lists."""

ASKED_AGAIN_AFTER = timedelta(minutes=10)


def after_sending(attempt: Attempt, delivery: Delivery, now: datetime, chance: float) -> Settled:
    """Return what becomes of a message that was handed to its provider; `chance` is drawn from [0, 1)."""
    match delivery:
        case Accepted(provider_id):
            return _settled(attempt, OutboundStatus.SENT, now, provider_id=provider_id)
        case Refused(code, opted_out):
            return _settled(attempt, OutboundStatus.FAILED, now, error=code, opted_out=opted_out)
        case Deferred(code, None):
            return _later(attempt, code, now, chance)
        case Deferred(code, pause_s):
            # The sender rests, and with it all its messages: none of them has done anything wrong.
            return released(attempt, now, code, timedelta(seconds=pause_s or 0))
        case Unclear(code):
            return _settled(attempt, OutboundStatus.UNCERTAIN, now, error=code, due_at=now + ASKED_AFTER)


def after_asking(
    attempt: Attempt, found: Accepted | Absent | Unclear, now: datetime, chance: float
) -> Settled:
    """Return what becomes of a message that may have been sent, once its provider was asked."""
    match found:
        case Accepted(provider_id):
            return _settled(attempt, OutboundStatus.SENT, now, provider_id=provider_id)
        case Absent():
            return _later(attempt, "not sent", now, chance)
        case Unclear(code):
            return _settled(
                attempt, OutboundStatus.UNCERTAIN, now, error=code, due_at=now + ASKED_AGAIN_AFTER
            )


def released(
    attempt: Attempt, now: datetime, code: str | None = None, wait: timedelta = timedelta()
) -> Settled:
    """Return a message to the queue as if it had not been taken."""
    return _settled(attempt, OutboundStatus.QUEUED, now, error=code, due_at=now + wait, counts=False)


def _later(attempt: Attempt, code: str, now: datetime, chance: float) -> Settled:
    if attempt.number >= MOST_ATTEMPTS:
        return _settled(attempt, OutboundStatus.FAILED, now, error=code)
    due_at = now + wait_after(attempt.number, chance)
    return _settled(attempt, OutboundStatus.QUEUED, now, error=code, due_at=due_at)


def _settled(
    attempt: Attempt,
    status: OutboundStatus,
    at: datetime,
    *,
    provider_id: str | None = None,
    error: str | None = None,
    due_at: datetime | None = None,
    opted_out: bool = False,
    counts: bool = True,
) -> Settled:
    return Settled(attempt.id, attempt.started_at, status, at, provider_id, error, due_at, opted_out, counts)
