"""Which cells people are in, by what is known of them, and how many are in each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.outreach.attributes import attribute_name
from bot.core.outreach.quotas.records import Cell, Quota, Quotas, Source, Variable


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of people, as far as quotas count by it.

    `answers` are by item, `attributes` by `attribute_name`; what is not known is missing, empty or None.
    """

    answers: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    attributes: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    language: str | None = None
    channel: str | None = None

    def category(self, variable: Variable) -> str | None:
        """Return the category of a variable that they are known to be in; an answer outweighs the organiser's list."""
        match variable.source:
            case Source.LANGUAGE:
                return variable.category(self.language)
            case Source.CHANNEL:
                return variable.category(self.channel)
            case Source.ITEM if answer := self.answers.get(variable.name):
                return variable.category(answer)
            case Source.ITEM | Source.ATTRIBUTE:
                return variable.category_of_attribute(self.attributes.get(attribute_name(variable.name)))

    def cell(self, quota: Quota) -> Cell | None:
        """Return the cell of a quota that they are in; None where not all of it is known."""
        found = [self.category(one) for one in quota.variables]
        categories = tuple(one for one in found if one is not None)
        return Cell(quota.name, categories) if len(categories) == len(found) else None


def count_cells(quotas: Quotas, people: Iterable[tuple[Profile, int]]) -> Counter[Cell]:
    """Return how many people are in each cell; those of whom it is not known are in none."""
    counts: Counter[Cell] = Counter()
    for profile, count in people:
        for quota in quotas.all():
            cell = profile.cell(quota)
            if cell is not None:
                counts[cell] += count
    return counts
