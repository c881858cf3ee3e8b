"""The choices that one person is offered, in the order they see them."""

import random
from dataclasses import replace

from bot.core.interview.slots import Rounds
from bot.core.interview.values import Ground
from bot.core.questionnaire import Choice, Node


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
