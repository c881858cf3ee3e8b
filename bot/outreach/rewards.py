"""What becomes of a reward after an attempt to have it paid: pure, so that every case stands in one table of tests."""

from collections.abc import Iterator
from datetime import datetime

from bot.channels.sending import Accepted, Deferred, Delivery, Refused
from bot.core.retrying import MOST_ATTEMPTS, wait_after
from bot.store.outreach.rewards.records import NO_BUDGET, Overview, RewardAttempt, RewardState, SettledReward

PAID_ALREADY = frozenset({"409"})
"""Conflict: the receiver has this key already, and has paid it."""

NEVER_PAID = frozenset({"400", "410", "422"})
"""The receiver has understood, and will not pay: a number that no airtime can be sent to, most likely."""

NOT_HANDED_OVER = frozenset(
    {
        *("name not known", "ConnectError", "ConnectTimeout", "PoolTimeout", "address", "no sealing key"),
        *("401", "402", "403", "404", "405", "429"),
    }
)
"""Nothing was paid, and it may be later: nobody was reached, or they let nothing in."""

ERASED = "erased"
"""The error of a reward whose person was erased before it was paid: there is no number to pay to."""


def after_paying(attempt: RewardAttempt, delivery: Delivery, now: datetime, chance: float) -> SettledReward:
    """Return what becomes of a reward that was handed over, or could not be; `chance` is drawn from [0, 1).

    Whatever is not known to be unpaid stays as it is, with its money set aside. So does what may have been paid by an
    earlier attempt, whatever is said of this one.
    """
    code = delivery.code if isinstance(delivery, Deferred | Refused) else None
    if isinstance(delivery, Accepted) or code in PAID_ALREADY:
        return SettledReward(attempt.id, attempt.started_at, RewardState.CONFIRMED, now)
    error = code or "unclear"
    later = now + wait_after(attempt.number, chance)
    if attempt.was_sent or (code not in NEVER_PAID and code not in NOT_HANDED_OVER):
        # A receiver may forget keys after a day: from then on a person decides.
        is_over = attempt.number >= MOST_ATTEMPTS or code in NEVER_PAID
        due_at = None if is_over else later
        return SettledReward(attempt.id, attempt.started_at, RewardState.SENT, now, error, due_at)
    if code in NEVER_PAID:
        return SettledReward(attempt.id, attempt.started_at, RewardState.FAILED, now, error)
    return SettledReward(attempt.id, attempt.started_at, RewardState.RESERVED, now, error, later)


def without_number(attempt: RewardAttempt, now: datetime) -> SettledReward:
    """Return what becomes of a reward whose person was erased since."""
    state = RewardState.SENT if attempt.was_sent else RewardState.REFUSED
    return SettledReward(attempt.id, attempt.started_at, state, now, ERASED)


def told(consultation: str, found: Overview) -> Iterator[tuple[str, str]]:
    """Yield in sentences what an operator has to look at, with what to do about it; nothing where all is well."""
    unpaid = sum(one.count for one in found.tallies if one.error == NO_BUDGET)
    failed = sum(one.stuck for one in found.tallies if one.state is RewardState.FAILED)
    unclear = sum(one.stuck for one in found.tallies if one.state is RewardState.SENT)
    retry = f"heard rewards retry {consultation}"
    if unpaid:
        yield (
            f"the budget for rewards of {consultation} is spent, and {unpaid:,} get none",
            f"Raise it in the outreach file, then: heard rewards start {consultation}, and {retry}",
        )
    if failed:
        yield (
            f"{failed:,} rewards of {consultation} will not be paid, says whoever pays",
            f"To try again: {retry}",
        )
    if unclear:
        yield (
            f"{unclear:,} rewards of {consultation} may have been paid, and are not tried any more",
            f"Ask whoever pays what they know of them, then: {retry} --unclear",
        )
