"""How long something took, as people say it."""

from itertools import pairwise

UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
FEW = 10
"""Of a larger unit there are so many, or the smaller one beside it says something."""


def lasting(seconds: float) -> str:
    """Return a duration in words, in the two units that say something at most.

    >>> [lasting(one) for one in (2, 285, 540, 2_118, 17_046, 200_000)]
    ['2 seconds', '4 minutes 45 seconds', '9 minutes', '35 minutes', '4 hours 44 minutes', '2 days 8 hours']
    >>> lasting(3_599.7), lasting(0.2), lasting(60)
    ('1 hour', 'less than a second', '1 minute')
    """
    if round(seconds) < 1:
        return "less than a second"
    # Rounded to what is told of it first: 59.6 minutes are an hour, not 60 minutes.
    for (_, size), (_, smaller) in pairwise(UNITS):
        if seconds >= size * FEW:
            seconds = round(seconds / size) * size
        elif seconds >= size:
            seconds = round(seconds / smaller) * smaller
    left, told = round(seconds), []
    for name, size in UNITS:
        many, left = divmod(left, size)
        if many:
            told.append(f"{many} {name}{'' if many == 1 else 's'}")
    return " ".join(told)
