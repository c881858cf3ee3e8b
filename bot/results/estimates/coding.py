"""Columns as whole numbers, so that counting them is one pass of NumPy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.groups import (
    ASSISTED,
    ASSISTED_OR_NOT,
    OCCURRING,
    Category,
    categories_of,
    grouping_of,
)
from bot.core.questionnaire import Questionnaire, Text

Codes = NDArray[np.intp]
"""A number a row: 0 where there is none, else 1 + the place of its name."""
Floats = NDArray[np.float64]


def codes(series: pl.Series, names: Sequence[str]) -> Codes:
    """Return a column's codes among `names`; what is not among them counts as none."""
    dtype = series.dtype
    if not isinstance(dtype, pl.Enum) or list(dtype.categories) != list(names):
        series = series.cast(pl.String).cast(pl.Enum(names), strict=False)
    # The physical numbers of an Enum start at 0; none of them may be taken for a missing one.
    return series.to_physical().cast(pl.Int64).fill_null(-1).to_numpy() + 1


def names_in(series: pl.Series) -> tuple[str, ...]:
    """Return the names that occur, the most frequent first."""
    counted = series.drop_nulls().value_counts().select(pl.col(series.name).cast(pl.String), "count")
    return tuple(counted.sort(["count", series.name], descending=[True, False])[series.name])


@dataclass(frozen=True, slots=True)
class Variable:
    """A group variable of a frame, coded. Code 0 is who did not say."""

    name: str
    label: Text | None
    categories: tuple[Category, ...]
    codes: Codes

    @property
    def size(self) -> int:
        """Return how many codes there are, that of no category included."""
        return len(self.categories) + 1

    def counts(self) -> NDArray[np.intp]:
        return np.bincount(self.codes, minlength=self.size)


def variable_of(frame: pl.DataFrame, questionnaire: Questionnaire, name: str) -> Variable:
    """Return a group variable of a frame.

    Raises:
        KeyError: the consultation has no group variable of that name.
    """
    if name in OCCURRING:
        names = names_in(frame[name])
        return Variable(name, None, tuple(map(Category, names)), codes(frame[name], names))
    if name == ASSISTED:
        kinds = tuple(map(Category, ASSISTED_OR_NOT))
        return Variable(name, None, kinds, codes(frame[name], ASSISTED_OR_NOT))
    grouping = grouping_of(questionnaire, name)
    if grouping is None:
        raise KeyError(name)
    label = questionnaire.item(name).label
    categories = categories_of(questionnaire, grouping)
    if name not in frame.columns:
        return Variable(name, label, categories, np.zeros(frame.height, np.intp))
    if not grouping.bands:
        return Variable(name, label, categories, codes(frame[name], [one.name for one in categories]))
    values = frame[name]
    banded = np.digitize(values.fill_null(0).to_numpy(), grouping.bands) + 1
    return Variable(name, label, categories, np.where(values.is_null().to_numpy(), 0, banded))


def has_helped(frame: pl.DataFrame) -> bool:
    """Return whether anybody in a frame was helped to answer."""
    return bool((frame[ASSISTED].cast(pl.String) == ASSISTED_OR_NOT[0]).any())


def variables_of(
    frame: pl.DataFrame, questionnaire: Questionnaire, names: Iterable[str]
) -> tuple[Variable, ...]:
    return tuple(variable_of(frame, questionnaire, name) for name in names)


def cross(groups: Codes, size: int, values: Codes, width: int, weights: Floats | None = None) -> Floats:
    """Return a table of how many rows (or what weight) have each value in each group: (size, width)."""
    counted = np.bincount(groups * width + values, weights, minlength=size * width)
    return counted.astype(np.float64).reshape(size, width)
