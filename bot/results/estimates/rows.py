"""The interviews whose answers count, and the columns of each item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bot.core.questionnaire import Item, Questionnaire
from bot.results.estimates.coding import Floats, Variable
from bot.results.layout import Column, Part
from bot.results.records.notices import Notice, NoticeCode


@dataclass(frozen=True, slots=True)
class Rows:
    """Interviews with consent: their columns, the groups they are in, and their weights (mean 1; None unweighted)."""

    frame: pl.DataFrame
    variables: tuple[Variable, ...]
    weights: Floats | None = None

    @property
    def everybody(self) -> Variable:
        return Variable("", None, (), np.zeros(self.frame.height, np.intp))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the newest version with its columns, one a round."""

    item: Item
    slots: tuple[Column, ...]
    repeated: bool

    def series(self, frame: pl.DataFrame, suffix: str = "") -> Iterator[pl.Series]:
        """Yield the column of each round; `suffix` is that of a part: `/status`, `/water`."""
        return (frame[f"{column.name}{suffix}"] for column in self.slots)


def asked_items(questionnaire: Questionnaire, columns: Sequence[Column]) -> tuple[Asked, ...]:
    """Return the questions of the newest version, in its order.

    What older versions asked otherwise, or alone, is no answer to any of these.
    """
    held: dict[str, list[Column]] = {}
    for column in columns:
        if column.part is Part.VALUE and is_newest(questionnaire, column):
            held.setdefault(column.item.name, []).append(column)
    return tuple(
        Asked(node.item, tuple(held.get(node.item.name, ())), bool(node.repeats))
        for node in questionnaire.nodes
        if node.item.type.is_asked and not node.closes and node.item.name in held
    )


def is_newest(questionnaire: Questionnaire, column: Column) -> bool:
    name = column.item.name
    return name in questionnaire.positions and questionnaire.item(name).type is column.item.type


def left_out(questionnaire: Questionnaire, columns: Sequence[Column]) -> Iterator[Notice]:
    """Yield what older versions asked and no figure shows."""
    names = dict.fromkeys(
        column.item.name
        for column in columns
        if column.part is Part.VALUE and column.item.type.is_asked and not is_newest(questionnaire, column)
    )
    for name in names:
        changed = name in questionnaire.positions
        yield Notice(NoticeCode.TYPE_CHANGED if changed else NoticeCode.ONLY_OLDER, {"item": name})
