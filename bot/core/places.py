"""Where the parts of a questionnaire stand in its file."""

from collections.abc import Iterator

from bot.core.problems import Path
from bot.core.questionnaire import Item

SHARED_LIST = "choice_lists."
"""Before the context of a choice of a shared list: `choice_lists.yes_no.yes.label`."""


def items_with_paths(items: tuple[Item, ...], path: Path = ("items",)) -> Iterator[tuple[Item, Path]]:
    """Yield every item with its path; one that `or_other` made has the path of its select."""
    position = -1
    for item in items:
        if item.other_for is None:
            position += 1
        place = (*path, position)
        yield item, place
        yield from items_with_paths(item.children, (*place, "items"))


def choice_path(item: Item, path: Path, position: int) -> Path:
    """Return the path of an item's choice: in the shared list, where it is from one."""
    context = item.choices[position].label.context
    if context.startswith(SHARED_LIST):
        name = context.removeprefix(SHARED_LIST).rsplit(".", 2)[0]
        return ("choice_lists", name, position)
    return (*path, "choices", position)
