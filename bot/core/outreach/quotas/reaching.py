"""Whether anybody can be in a cell at all: not where the very answer ends the interview, or is refused."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Literal

from bot.core.expressions import Expression, usages
from bot.core.interview.values import Ground
from bot.core.outreach.quotas.records import Source, Variable
from bot.core.questionnaire import Questionnaire

FURTHEST = 150
"""Numbers of an open band that are tried: nobody is older, and few households are larger."""
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def reachable(questionnaire: Questionnaire, variable: Variable, category: str) -> bool:
    """Return whether somebody can answer so and go on.

    Only conditions on the answer alone are looked at: what else somebody says may decide the others.
    """
    if variable.source is not Source.ITEM:
        return True
    return any(_goes_on(questionnaire, variable.name, value) for value in _values(variable, category))


def _values(variable: Variable, category: str) -> tuple[str, ...]:
    """Return the answers that make a category: its name, or the numbers of a band."""
    if not variable.bands:
        return (category,)
    edges = (min(0, variable.bands[0] - 1), *variable.bands, max(FURTHEST, variable.bands[-1] + 1))
    spans = dict(zip(variable.categories, pairwise(edges), strict=True))
    first, following = spans[category]
    return tuple(map(str, range(first, min(following, first + FURTHEST))))


def can_be_answered(questionnaire: Questionnaire, name: str, value: str) -> bool:
    """Return whether an item takes an answer, as far as its constraint is on the answer alone."""
    return _holds(questionnaire, name, value, "constraint", True)


def _goes_on(questionnaire: Questionnaire, name: str, value: str) -> bool:
    return (
        can_be_answered(questionnaire, name, value)
        and _holds(questionnaire, name, value, "eligible", True)
        and not _holds(questionnaire, name, value, "screen_out", False)
    )


def _holds(
    questionnaire: Questionnaire,
    name: str,
    value: str,
    which: Literal["constraint", "eligible", "screen_out"],
    otherwise: bool,
) -> bool:
    node = questionnaire.nodes[questionnaire.positions[name]]
    condition: Expression | None = getattr(node.item, which)
    if condition is None or usages(condition.source):
        return otherwise
    return condition.truth(Ground(questionnaire, {}, _SOME_DAY, 0).scope(node, (), value))
