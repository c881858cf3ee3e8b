"""What an organiser's list can tell quotas of people, and what it cannot: columns that it lacks, values of no category.

Listed people of whom a quota cannot tell the cell are in none, and nobody sees why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.outreach.attributes import attribute_name
from bot.core.outreach.quotas.reaching import can_be_answered
from bot.core.outreach.quotas.records import Quotas, Source, Variable
from bot.core.questionnaire import Questionnaire

_ON_A_LIST = (Source.ITEM, Source.ATTRIBUTE)

Values = Mapping[str, Mapping[str, int]]
"""By attribute: how many people of a list have each value."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Values that are in no category of a quota's variable, with how many people have them, the commonest first."""

    variable: Variable
    values: Mapping[str, int]


def outside(quotas: Quotas, questionnaire: Questionnaire, listed: Values) -> Iterator[Outside]:
    """Yield each variable of quotas of which a list has values that are in no category of it.

    A number in a band is one that the item would take: 250 is nobody's age where the item refuses it.
    """
    for variable in _on_a_list(quotas):
        values = listed.get(attribute_name(variable.name), {})
        found = {
            value: count for value, count in values.items() if not _counts(questionnaire, variable, value)
        }
        if found:
            commonest = sorted(found, key=lambda value: (-found[value], value))
            yield Outside(variable, {value: found[value] for value in commonest})


def unlisted(quotas: Quotas, listed: Values) -> tuple[str, ...]:
    """Return the variables of quotas that a list could tell, and tells of nobody."""
    return tuple(one.name for one in _on_a_list(quotas) if attribute_name(one.name) not in listed)


def _on_a_list(quotas: Quotas) -> Iterator[Variable]:
    return (one for one in quotas.variables() if one.source in _ON_A_LIST)


def _counts(questionnaire: Questionnaire, variable: Variable, value: str) -> bool:
    if variable.category_of_attribute(value) is None:
        return False
    is_number = variable.bands and variable.category(value.strip()) is not None
    return not is_number or can_be_answered(questionnaire, variable.name, value.strip())
