"""Quotes: a quote is a cell of one person, and the fewer could have said it, the more it tells who did."""

from collections.abc import Iterable
from enum import StrEnum

from bot.results.disclosure.records import EVERYBODY, Cell, Release


class Naming(StrEnum):
    """How a quote may be shown."""

    WITH_GROUP = "with_group"
    WITHOUT_GROUP = "without_group"
    WITHHELD = "withheld"


def quote_naming(release: Release, group: Cell | None = None, evident: Iterable[Cell] = ()) -> Naming:
    """Return how a quote may be shown that would stand with the name of a group.

    A group is named when its count is shown, so when it has at least as many people as the threshold. `evident` are
    the groups that the quote tells by itself: its language, where the words stand in the original. Where one of those
    is too small, no quote is shown; a translation alone may be. Two groups named together are a smaller group: give it
    as the cell of both, and have that cell in the release.
    """
    if not release.is_shown(EVERYBODY, *evident):
        return Naming.WITHHELD
    return Naming.WITH_GROUP if group is not None and release.is_shown(group) else Naming.WITHOUT_GROUP
