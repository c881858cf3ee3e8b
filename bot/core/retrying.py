"""When what failed is tried again: at growing, uneven distances."""

from datetime import timedelta

MOST_ATTEMPTS = 8
"""Attempts before something is a dead letter: by then it has been tried for about a day."""

FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 6 * 3600.0
_FACTOR = 4


def wait_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many attempts; `chance` is drawn from [0, 1).

    The distances grow fourfold, so that an outage of hours costs few attempts. Each is drawn from its upper half:
    messages that failed together do not all come back together.
    """
    # Of many attempts none is worth a number with thousands of digits.
    ceiling = min(LONGEST_WAIT_S, FIRST_WAIT_S * _FACTOR ** min(attempts - 1, 20))
    return timedelta(seconds=ceiling * (0.5 + chance / 2))
