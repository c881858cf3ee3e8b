"""From `quotas:` of an outreach file to `Quotas`, or every problem in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import prod
from typing import Any

from bot.core.definition.groups import unsuitable
from bot.core.definition.shape import GroupingShape
from bot.core.folding import fold
from bot.core.groups import CHANNEL, LANGUAGE, categories_of, grouping_of
from bot.core.outreach.attributes import attribute_name
from bot.core.outreach.quotas.reaching import reachable
from bot.core.outreach.quotas.records import (
    Adaptive,
    Categories,
    Quota,
    Quotas,
    Source,
    Variable,
)
from bot.core.outreach.quotas.shape import (
    MOST_TARGET,
    OPEN,
    POPULATION,
    QuotaShape,
    QuotasShape,
    VariableShape,
)
from bot.core.places import items_with_paths
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import Grouping, Item, ItemType, Questionnaire

CHANNELS = ("sms", "whatsapp", "telegram")
"""The channels that people are reached on."""
MOST_VARIABLES = 4
MOST_CELLS = 1_000
"""Cells of one quota: with more of them, hardly any has somebody in it."""
PATH: Path = ("quotas",)

_Targets = Mapping[Categories, int]


def define_quotas(shape: QuotasShape, questionnaire: Questionnaire) -> Quotas | tuple[Problem, ...]:
    """Return what the section says, targets that follow from the population still open, or every problem in it."""
    reader = _Reader(shape, questionnaire)
    quotas = tuple(reader.quota(place, one) for place, one in enumerate(shape.cells))
    reader.check_names()
    if reader.problems:
        return tuple(reader.problems)
    adaptive = shape.adaptive
    return Quotas(
        tuple(one for one in quotas if one is not None),
        shape.total,
        timedelta(hours=shape.reserve_hours),
        Adaptive(adaptive.batch, adaptive.least_share, adaptive.most_share, adaptive.expected_rate),
    )


def total_problem(quota: Quota, total: int | None, path: Path) -> Problem | None:
    """Return the problem of targets that no total lets be reached; each person is in one cell of a quota."""
    wanted = sum((quota.targets or {}).values())
    if total is None or wanted <= total:
        return None
    message = (
        f"The cells of {quota.name} want {wanted} interviews, and 'total' is {total}: not all can be reached."
    )
    return Problem("quota-above-total", path, message, f"Lower the targets, or write total: {wanted}")


@dataclass
class _Reader:
    shape: QuotasShape
    questionnaire: Questionnaire
    problems: list[Problem] = field(default_factory=list)

    def quota(self, place: int, shape: QuotaShape) -> Quota | None:
        path: Path = (*PATH, "cells", place)
        before = len(self.problems)
        found = [self._variable(one, (*path, "by", number)) for number, one in enumerate(shape.by)]
        if len(found) > MOST_VARIABLES:
            message = f"{len(found)} variables are crossed here."
            self._report("quota-too-large", (*path, "by"), message, f"Cross at most {MOST_VARIABLES}.")
        variables = tuple(one for one in found if one is not None)
        if len({one.name for one in variables}) < len(variables):
            self._report("quota-twice", (*path, "by"), "A variable is crossed with itself.", "Take one out.")
        if len(self.problems) > before:
            return None
        if (size := prod(len(one.categories) for one in variables)) > MOST_CELLS:
            message = f"These variables make {size} cells, of which most would stay empty."
            remedy = f"Cross fewer, or with wider bands: at most {MOST_CELLS} cells."
            self._report("quota-too-large", (*path, "by"), message, remedy)
            return None
        targets = self._targets(shape, variables, path)
        quota = Quota(variables, targets, shape.full == "turn_away")
        if targets is not None and (above := total_problem(quota, self.shape.total, (*path, "targets"))):
            self.problems.append(above)
        if quota.turns_away:
            self.problems.extend(_turns_away(quota, path))
        return quota

    def check_names(self) -> None:
        """Report attributes that are something else, and quotas by the same variables: they would want two numbers."""
        others = {LANGUAGE, CHANNEL, *(one.name for one in self._items())}
        taken = set(map(attribute_name, others))
        held: set[str] = set()
        for name, categories in self.shape.attributes.items():
            path: Path = (*PATH, "attributes", name)
            stored = attribute_name(name)
            if stored in held:
                message = f"The list has one attribute '{stored}', and it stands here twice."
                self._report("quota-twice", path, message, "Take one out.")
            held.add(stored)
            if stored in taken:
                message = f"'{name}' is no attribute alone: what the list says of an item counts until it is answered."
                self._report("quota-variable", path, message, "Take it out.")
            if set(name) & set('"\\'):
                message = f"An attribute cannot be called {name}."
                self._report(
                    "quota-variable", path, message, "Call it without quotation marks, here and in the list."
                )
            if len(set(map(fold, categories))) < len(categories):
                self._report("quota-twice", path, f"A category of '{name}' stands twice.", "Take one out.")
        seen: set[frozenset[str]] = set()
        for place, one in enumerate(self.shape.cells):
            names = frozenset(
                variable.name if variable.name in others else attribute_name(variable.name)
                for variable in one.by
            )
            if names in seen:
                message = f"There is a quota by {' and '.join(sorted(names))} already."
                self._report("quota-twice", (*PATH, "cells", place), message, "Bring the two together.")
            seen.add(names)

    def _variable(self, shape: VariableShape, path: Path) -> Variable | None:
        name = shape.name
        item = next((one for one in self._items() if one.name == name), None)
        if item is None:
            return self._other_variable(name, path)
        held = grouping_of(self.questionnaire, name)
        bands = tuple(shape.bands) or (held.bands if held else ())
        grouping = Grouping(name, bands)
        by_name = {one.name: (one, place) for one, place in items_with_paths(self.questionnaire.items)}
        repeats = [place for one, place in by_name.values() if one.type is ItemType.REPEAT]
        faults = [*unsuitable(GroupingShape(name=name, bands=list(bands)), path, by_name, repeats)]
        self.problems.extend(faults)
        if faults:
            return None
        categories = tuple(one.name for one in categories_of(self.questionnaire, grouping))
        return Variable(name, Source.ITEM, categories, bands)

    def _items(self) -> Iterator[Item]:
        return (node.item for node in self.questionnaire.nodes if not node.closes)

    def _other_variable(self, name: str, path: Path) -> Variable | None:
        if name == LANGUAGE:
            return Variable(name, Source.LANGUAGE, self.questionnaire.languages)
        if name == CHANNEL:
            return Variable(name, Source.CHANNEL, CHANNELS)
        listed = {attribute_name(one): categories for one, categories in self.shape.attributes.items()}
        stored = attribute_name(name)
        if stored in listed:
            return Variable(stored, Source.ATTRIBUTE, tuple(listed[stored]))
        known = [LANGUAGE, CHANNEL, *self.shape.attributes, *(one.name for one in self._items())]
        meant = nearest(name, known)
        message = f"There is no item '{name}', and no attribute of that name."
        listing = f"Write attributes: {{{name}: [its, categories]}} below quotas:, where the recipients' list has it."
        self._report("quota-variable", path, message, f"Write {meant}." if meant else listing)
        return None

    def _targets(self, shape: QuotaShape, variables: tuple[Variable, ...], path: Path) -> _Targets | None:
        place = (*path, "targets")
        if shape.targets == POPULATION:
            if self.shape.total is None:
                message = "Targets that follow from the population are shares of a total."
                self._report("quota-targets", place, message, "Add a line below quotas: total: 2000")
            return None
        if not isinstance(shape.targets, Mapping):
            first = variables[0].categories[0]
            remedy = f"Write targets: population, or a number a category, like: {{{first}: 200}}"
            self._report("quota-targets", place, "It is not said how many are wanted.", remedy)
            return None
        found: dict[Categories, int] = {}
        self._read(shape.targets, variables, (), place, found)
        for categories, target in found.items():
            if target and not all(map(self._is_reachable, variables, categories)):
                message = f"Nobody can be in {', '.join(categories)}: such an answer ends the interview, or is refused."
                self._report("quota-unreachable", (*place, *categories), message, "Write 0.")
        return found

    def _is_reachable(self, variable: Variable, category: str) -> bool:
        return reachable(self.questionnaire, variable, category)

    def _read(
        self,
        given: object,
        variables: tuple[Variable, ...],
        above: Categories,
        path: Path,
        found: dict[Categories, int],
    ) -> None:
        """Add the targets of the categories that a mapping has, and of those below it."""
        if given == OPEN:
            return
        depth = len(above)
        if depth == len(variables):
            if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_TARGET:
                found[above] = given
            else:
                remedy = "Write a number of interviews, or 'open' for as many as come."
                self._report("quota-targets", path, f"'{given}' is no target.", remedy)
            return
        variable = variables[depth]
        if not isinstance(given, Mapping):
            example = f"{{{variable.categories[0]}: ...}}"
            message = f"The categories of {variable.name} are missing here."
            self._report("quota-targets", path, message, f"Write them below it: {example}")
            return
        for category, below in given.items():
            if category in variable.categories:
                self._read(below, variables, (*above, category), (*path, category), found)
            else:
                self._unknown_category(variable, category, (*path, str(category)))
        missing = [one for one in variable.categories if one not in given]
        if missing:
            message = f"There is no target for {', '.join(missing)}."
            remedy = f"Add it, or where as many as come are welcome: {missing[0]}: open"
            self._report("quota-targets", path, message, remedy)

    def _unknown_category(self, variable: Variable, category: Any, path: Path) -> None:
        meant = nearest(str(category), variable.categories)
        listed = f"Write one of: {', '.join(variable.categories)}."
        message = f"{variable.name} has no category '{category}'."
        self._report("quota-category", path, message, f"Write {meant}." if meant else listed)

    def _report(self, code: str, path: Path, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, path, message, remedy))


def _turns_away(quota: Quota, path: Path) -> Iterator[Problem]:
    """Yield why a quota cannot turn people away: that is decided by what they answer, when they answer it."""
    sources = {one.source for one in quota.variables}
    if not sources <= {Source.ITEM, Source.LANGUAGE} or Source.ITEM not in sources:
        message = "Only what people answer decides who is turned away, alone or crossed with their language."
        yield Problem("quota-turns-away", (*path, "full"), message, "Write full: steer, or count by items.")
