"""A dataset for Stata (.dta, version 14 and newer): labels, and missing answers as .a to .g, which say why."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from bot.results.about import NOT_SAFE
from bot.results.formats.missing import REASONS, is_coded, places, status_of, values
from bot.results.formats.names import accepted
from bot.results.formats.whole import words
from bot.results.variables import Kind, Variable

MOST_CELLS = 10_000_000
"""Respondents times columns that are written: pyreadstat takes a whole table, some 100 bytes a cell in memory."""
LONGEST_TEXT = 2_000_000
LONGEST_NAME, LONGEST_LABEL = 32, 80
"""Letters (Stata's `help limits`)."""
UNKNOWN = "z"
"""The letter where an answer is missing and nothing says why: another version asked this otherwise."""
RESERVED = frozenset(
    {
        *("byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with"),
        *(f"str{length}" for length in range(1, 2046)),
    }
)
_LARGEST_LONG = 2_147_483_620
"""Larger whole numbers are missing values to Stata's long."""


def write_dta(
    file: Path, about: Mapping[str, str], variables: Sequence[Variable], frame: pl.DataFrame, language: str
) -> None:
    """Write the file; `frame` has a column of status beside every question, whether that is a variable or not."""
    names = accepted([one.name for one in variables], LONGEST_NAME, RESERVED)
    columns: list[pl.Series] = []
    labels: dict[str, dict[Any, str]] = {}
    letters: dict[str, list[str]] = {}
    for variable in variables:
        name = names[variable.name]
        columns.append(_column(variable, frame).alias(name))
        # pyreadstat looks for the letters in the column, and fails where there is nothing in it.
        has_letters = is_coded(variable) and not frame.is_empty()
        if said := _said(variable, language, with_letters=has_letters):
            labels[name] = said
        if has_letters:
            letters[name] = [*(reason.letter for reason in REASONS), UNKNOWN]
    pyreadstat.write_dta(
        pl.DataFrame(columns),
        file,
        file_label=f"{NOT_SAFE} {about['title']}"[:LONGEST_LABEL],
        column_labels={names[one.name]: _label(one, names[one.name], language) for one in variables},
        version=14,
        variable_value_labels=labels,
        missing_user_values=letters,
    )


def _column(variable: Variable, frame: pl.DataFrame) -> pl.Series:
    answers = frame[variable.name]
    match variable.kind:
        case Kind.TEXT | Kind.SEVERAL:
            # Stata knows no missing text but the empty one.
            return words(answers, LONGEST_TEXT, "Stata").fill_null("")
        case Kind.MOMENT:
            return answers.dt.replace_time_zone(None)
        case Kind.DATE | Kind.TIME:
            return answers
    numbers = values(variable, frame)
    if variable.kind is not Kind.NUMBER and not (numbers.abs() > _LARGEST_LONG).any():
        numbers = numbers.cast(pl.Int32)
    if not is_coded(variable) or numbers.is_empty():
        return numbers
    letters = {reason.status: reason.letter for reason in REASONS}
    told = status_of(variable, frame).cast(pl.String).replace_strict(letters, default=UNKNOWN)
    # pyreadstat takes numbers and letters in one column, as objects.
    both = [letter if number is None else number for number, letter in zip(numbers, told, strict=True)]
    return pl.Series(both, dtype=pl.Object)


def _said(variable: Variable, language: str, *, with_letters: bool) -> dict[Any, str]:
    """Return what the numbers and letters of a variable mean."""
    named = variable.labels(language)
    said: dict[Any, str] = {}
    if variable.kind is Kind.CATEGORY:
        said |= {place: named[name] for name, place in places(variable).items()}
    if variable.kind is Kind.FLAG:
        said |= {0: "Not chosen", 1: "Chosen"}
    if with_letters:
        said |= {reason.letter: reason.label for reason in REASONS}
    return said


def _label(variable: Variable, name: str, language: str) -> str:
    said = variable.label(language)
    return (said if name == variable.name else f"{variable.name}: {said}")[:LONGEST_LABEL]
