"""The items by whose answers an organiser wants results broken down."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.core.definition.shape import GroupingShape
from bot.core.places import items_with_paths
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import Grouping, Item, ItemType

TAKEN = ("language", "channel", "came_by")
"""What results are broken down by without being asked."""


def groupings(
    shapes: Sequence[GroupingShape], items: tuple[Item, ...], problems: list[Problem]
) -> tuple[Grouping, ...]:
    """Return the groupings that can be made, adding what is wrong with the others to `problems`."""
    by_name = {item.name: (item, place) for item, place in items_with_paths(items)}
    repeats = [place for item, place in by_name.values() if item.type is ItemType.REPEAT]
    made: list[Grouping] = []
    for position, shape in enumerate(shapes):
        path: Path = ("groups", position)
        found = [*unsuitable(shape, path, by_name, repeats)]
        if shape.name in {one.name for one in made}:
            found.append(Problem("duplicate-group", path, f"'{shape.name}' stands twice.", "Take one out."))
        problems += found
        if not found:
            made.append(Grouping(shape.name, tuple(shape.bands)))
    return tuple(made)


def unsuitable(
    shape: GroupingShape, path: Path, by_name: dict[str, tuple[Item, Path]], repeats: list[Path]
) -> Iterator[Problem]:
    """Yield why people cannot be put into groups by an item. `repeats` are the paths of the repeats."""
    if shape.name not in by_name:
        yield _unknown(shape.name, path, by_name)
        return
    item, place = by_name[shape.name]
    if any(place[: len(around)] == around for around in repeats):
        message = f"'{item.name}' is within a repeat: a person may answer it several times."
        yield Problem("group-not-suitable", path, message, "Name an item that is asked once.")
    elif item.type not in (ItemType.SELECT_ONE, ItemType.INTEGER):
        message = f"'{item.name}' is of type {item.type}, which does not put people into groups."
        yield Problem("group-not-suitable", path, message, "Name a select_one, or an integer with bands.")
    elif item.type is ItemType.INTEGER and not shape.bands:
        message = f"'{item.name}' is a number, and each number would be a group of its own."
        remedy = f"Say where each band begins: {{name: {item.name}, bands: [18, 25, 40, 60]}}"
        yield Problem("group-bands", path, message, remedy)
    elif item.type is ItemType.SELECT_ONE and shape.bands:
        message = f"'{item.name}' has choices, which are its groups."
        yield Problem("group-bands", (*path, "bands"), message, "Take the bands out.")
    elif any(one >= following for one, following in pairwise(shape.bands)):
        message = "Each band has to begin above the one before."
        remedy = f"Write, for example: bands: {sorted(set(shape.bands))}"
        yield Problem("group-bands", (*path, "bands"), message, remedy)


def _unknown(name: str, path: Path, by_name: dict[str, tuple[Item, Path]]) -> Problem:
    if name in TAKEN:
        message = f"Results are broken down by {name} anyway, and there is no item '{name}'."
        return Problem("unknown-group", path, message, "Take it out.")
    meant = nearest(name, by_name)
    remedy = f"Write {meant}." if meant else "Write the name of a select_one, or of an integer with bands."
    return Problem("unknown-group", path, f"There is no item '{name}'.", remedy)
