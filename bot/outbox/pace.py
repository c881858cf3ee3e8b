"""When messages go: at the rate of their sender, and after a failure at growing, uneven distances."""

from collections.abc import Sequence
from datetime import timedelta

MOST_ATTEMPTS = 8
"""Attempts before a message is a dead letter: by then it has been tried for about a day."""

FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 6 * 3600.0
_FACTOR = 4


def wait_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after so many attempts; `chance` is drawn from [0, 1).

    The distances grow fourfold, so that an outage of hours costs few attempts. Each is drawn from its upper half:
    messages that failed together do not all come back together.
    """
    ceiling = min(LONGEST_WAIT_S, FIRST_WAIT_S * _FACTOR ** (attempts - 1))
    return timedelta(seconds=ceiling * (0.5 + chance / 2))


def starts(costs: Sequence[float], rate: float, free_at: float) -> tuple[list[float], float]:
    """Return the times at which messages of these costs start at `rate` units a second, and when the next may.

    `free_at` is when the first may start, by any clock in seconds. A message of three SMS segments takes up the
    sender for as long as three messages of one.
    """
    times = []
    for cost in costs:
        times.append(free_at)
        free_at += cost / rate
    return times, free_at
