"""When messages go: at the rate of their sender."""

from collections.abc import Sequence


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
