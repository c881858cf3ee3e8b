"""As many interviews as are wanted, copied from those that were held."""

import random
from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.demo_data.people import Crowd
from bot.store.bulk import Copy
from bot.store.moulds import Held

HOUR_S = 3_600


def copies(crowd: Crowd, held: Sequence[Held], wanted: int) -> Iterator[Copy]:
    """Yield so many copies in the order in which they begin, each within an hour of the interview it is of.

    Each interview is copied as often as any other, but for one time more. So the days of answers stay those of the
    interviews, and only an hour of copies is in memory.
    """
    drawn = random.Random(f"{crowd.seed}:copies")  # noqa: S311
    times, more = divmod(wanted, len(held))
    extra = set(drawn.sample(range(len(held)), more))
    in_order = sorted(range(len(held)), key=lambda place: held[place].interview.started_at)
    for _, places in groupby(in_order, lambda place: held[place].interview.started_at):
        hour = [
            (int(drawn.random() * HOUR_S), place) for place in places for _ in range(times + (place in extra))
        ]
        for later, place in sorted(hour):
            yield held[place], later
