"""The choices that one person is offered, in the order they see them, and the days, where they are few."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.core.interview.slots import Rounds
from bot.core.interview.values import Ground
from bot.core.questionnaire import Choice, Node
from bot.core.replies.listed_days import MOST_LISTED


def offered_choices(ground: Ground, node: Node, rounds: Rounds) -> tuple[Choice, ...]:
    """Return a select's choices that its filter lets through, in this interview's own order if randomised.

    The order follows from the interview's seed and the item's name alone, so that the numbers a person sees mean
    the same in every reprompt, on every channel and after any silence.
    """
    item = node.item
    choices = item.choices
    if item.choice_filter is not None:
        scope = ground.scope(node, rounds)
        choices = tuple(
            choice
            for choice in choices
            if item.choice_filter.truth(replace(scope, columns={"name": choice.name, **choice.columns}))
        )
    if item.randomize:
        moving = [choice for choice in choices if not choice.stays_last]
        # Not for secrets: the order must be the same whenever it is worked out again.
        random.Random(f"{ground.seed}:{item.name}").shuffle(moving)  # noqa: S311
        choices = (*moving, *(choice for choice in choices if choice.stays_last))
    return choices


_AROUND = 31
"""How many days before and after today may be among the few that a date is asked with."""
_BEYOND = (_AROUND + 1, 45, 60, 91, 182, 365, 730, 3_653, 18_262)
"""Where it is looked whether a condition lets days through that are farther away: then it leaves more than a few."""


def offered_days(ground: Ground, node: Node, rounds: Rounds) -> tuple[date, ...]:
    """Return the days that a date's constraint leaves, the latest first, where they are a week's at most.

    A reply to a question like "on which day did you last fetch water?" is one of a few; one like "when were you born?"
    would be lost in a list, and has none.
    """
    constraint = node.item.constraint
    if constraint is None:
        return ()
    found = []
    for away in _looked_at():
        day = ground.today + timedelta(days=away)
        if not constraint.truth(ground.scope(node, rounds, day.isoformat())):
            continue
        found.append(day)
        if abs(away) > _AROUND or len(found) > MOST_LISTED:
            return ()
    return tuple(sorted(found, reverse=True))


def _looked_at() -> Iterator[int]:
    """Yield how far from today it is looked: what ends the search soonest, first."""
    yield from range(-MOST_LISTED, MOST_LISTED + 1)
    for away in _BEYOND:
        yield from (-away, away)
    for away in range(MOST_LISTED + 1, _AROUND + 1):
        yield from (-away, away)
