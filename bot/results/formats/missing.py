"""Why an answer is missing, as numbers and letters that statistical packages leave out of their sums."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bot.core.interview.records import AnswerStatus
from bot.results.dataset import NOT_ASKED, NOT_REACHED
from bot.results.layout import Part
from bot.results.variables import STATUSES, Kind, Variable


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer: SPSS's code, and the letter of Stata's extended missing value."""

    status: str
    code: int
    letter: str

    @property
    def label(self) -> str:
        return STATUSES[self.status]


REASONS = (
    Reason(AnswerStatus.REFUSED.value, -99, "a"),
    Reason(AnswerStatus.DONT_KNOW.value, -98, "b"),
    Reason(AnswerStatus.SKIPPED.value, -97, "c"),
    Reason(AnswerStatus.NOT_UNDERSTOOD.value, -96, "d"),
    Reason(AnswerStatus.GIVEN_UP.value, -95, "e"),
    Reason(NOT_ASKED, -94, "f"),
    Reason(NOT_REACHED, -93, "g"),
)
NUMERIC = frozenset({Kind.CATEGORY, Kind.FLAG, Kind.PLACE, Kind.WHOLE, Kind.NUMBER})
"""Kinds that are numbers in a statistical package, in which a reason can stand in an answer's place."""


def is_coded(variable: Variable) -> bool:
    """Return whether a variable's reasons stand in the place of its answers."""
    column = variable.column
    return (
        variable.kind in NUMERIC
        and column is not None
        and column.item.type.is_asked
        and column.part is not Part.STATUS
    )


def status_of(variable: Variable, frame: pl.DataFrame) -> pl.Series:
    """Return what became of a coded variable's question, null where it is not known."""
    # The name of the value's own column is what those of its choices and its status begin with.
    is_value = variable.column is not None and variable.column.part is Part.VALUE
    name = variable.name if is_value else variable.name.rpartition("/")[0]
    return frame[f"{name}/status"]


def places(variable: Variable) -> Mapping[str, int]:
    """Return the number of each category, from 1 in their order."""
    return {name: place for place, name in enumerate(variable.categories, 1)}


def values(variable: Variable, frame: pl.DataFrame) -> pl.Series:
    """Return a variable's answers as numbers: of a category its place, from 1."""
    answers = frame[variable.name]
    if variable.kind is not Kind.CATEGORY:
        return answers.cast(pl.Float64)
    return answers.cast(pl.String).replace_strict(places(variable), return_dtype=pl.Float64)


def codes(answers: pl.Series) -> Mapping[str, int]:
    """Return a code for each status that no answer has: -99 to -93, or -9999 to -9993 where one is among those.

    Somebody may well have answered -95.
    """
    digits = 2
    while True:
        more = 10**digits - 100
        last, first = (REASONS[end].code - more for end in (-1, 0))
        if not answers.is_between(first, last).any():
            return {reason.status: reason.code - more for reason in REASONS}
        digits += 2
