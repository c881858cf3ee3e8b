"""Who takes part, when, and what they lean to: all of it follows from the seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from bot.channels import Channel
from bot.core.questionnaire import Questionnaire

CHANNELS = {Channel.SMS: 0.5, Channel.TELEGRAM: 0.3, Channel.WHATSAPP: 0.2}
"""The share of people on each channel."""
LESS_OF_EACH = 0.6
"""People of each language of the file for one of the language before it."""
LINKS = (None, None, None, "radio", "poster", "clinic")
"""What the link that somebody came by says of where it stood; None for a keyword."""

WEEKS = 6
"""How long it goes on."""
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 8, 8, 8, 8, 9, 11, 13, 14, 12, 8, 4, 2)
"""How many begin in each hour of a day, against each other."""
FADES_IN_DAYS = 16
REMINDED_ON_DAY = 21
"""A second wave, as after a reminder on the radio; half as large as the first."""

Groups = tuple[tuple[str, str], ...]
"""What may make a difference to what somebody answers: kinds (`language`, an item's name), each with theirs."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is not. `seed` is what all that they do follows from.

    `content` is how well things are for them, from 0 to 1; `pace_s` the seconds in which they usually answer;
    `struggles` says that their replies are often not understood.
    """

    seed: int
    language: str
    channel: Channel
    begins: datetime
    content: float
    pace_s: float
    struggles: bool
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """A consultation, who takes part in it until a moment, and the seed that all of it follows from."""

    questionnaire: Questionnaire
    seed: int
    until: datetime
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By the name of an item for numbers, between which they lie: found once, where it is first asked."""

    @property
    def since(self) -> datetime:
        return self.until - timedelta(weeks=WEEKS)


def people(crowd: Crowd, wanted: int) -> Iterator[Person]:
    """Yield so many people, in no order; each begins on a full hour."""
    drawn = random.Random(f"{crowd.seed}:people")  # noqa: S311
    languages = crowd.questionnaire.languages
    shares = [LESS_OF_EACH**place for place in range(len(languages))]
    for _ in range(wanted):
        language = drawn.choices(languages, shares)[0]
        channel = drawn.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        lot = leaning(crowd.seed, "content", language) + leaning(crowd.seed, "content", channel)
        yield Person(
            drawn.getrandbits(48),
            language,
            channel,
            _begins(crowd, drawn),
            content=min(max(drawn.betavariate(2, 3) + 0.08 * lot, 0.02), 0.98),
            pace_s=drawn.lognormvariate(3.9 if channel is Channel.SMS else 3.3, 0.5),
            struggles=drawn.random() < (0.04 if language == languages[0] else 0.09),
            source=drawn.choice(LINKS),
        )


def _begins(crowd: Crowd, drawn: random.Random) -> datetime:
    days = range(WEEKS * 7)
    day = drawn.choices(days, _by_day())[0]
    hour = drawn.choices(range(24), HOURS)[0]
    return crowd.since + timedelta(days=day, hours=hour)


@cache
def _by_day() -> Sequence[float]:
    return [
        2 ** (-day / FADES_IN_DAYS)
        + (0.5 * 2 ** (-(day - REMINDED_ON_DAY) / FADES_IN_DAYS) if day >= REMINDED_ON_DAY else 0)
        for day in range(WEEKS * 7)
    ]


@cache
def leaning(seed: int, *of: str) -> float:
    """Return how much something is leant to, about from -2 to 2; the same whenever it is asked."""
    return random.Random(f"{seed}:{':'.join(of)}").gauss(0, 1)  # noqa: S311


@cache
def utility(seed: int, item: str, option: str, groups: Groups) -> float:
    """Return how much people of these groups like an option of an item.

    About every other kind of group makes a difference to an item, the others none: a test for differences has both to
    tell apart.
    """
    differs = (group for group in groups if leaning(seed, item, group[0]) > 0)
    return 0.8 * leaning(seed, item, option) + sum(
        0.5 * leaning(seed, item, option, *group) for group in differs
    )
