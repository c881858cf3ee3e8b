"""A dataset for SPSS (.sav): labels, levels of measurement, and missing answers that say why they are missing."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from bot.results.about import NOT_SAFE
from bot.results.formats.missing import REASONS, codes, is_coded, places, status_of, values
from bot.results.formats.names import accepted, within
from bot.results.formats.whole import words
from bot.results.layout import Part
from bot.results.variables import Kind, Variable

MOST_CELLS = 20_000_000
"""Respondents times columns that are written. pyreadstat takes a whole table, some 50 bytes a cell in memory."""
LONGEST_TEXT = 32_767
"""Bytes of the longest string that SPSS holds."""
LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_FILE_LABEL, NOTE_LINE = 64, 255, 120, 64, 80
"""Bytes, but for names, which are ASCII here (IBM SPSS Statistics Command Syntax Reference)."""
RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})
SHOWN: Mapping[Kind, str] = {
    Kind.MOMENT: "DATETIME17",
    Kind.TIME: "TIME5",
    Kind.WHOLE: "F12.0",
    **dict.fromkeys((Kind.CATEGORY, Kind.FLAG, Kind.PLACE), "F8.0"),
}
"""How SPSS shows what is not a number with a fraction."""


def write_sav(
    file: Path, about: Mapping[str, str], variables: Sequence[Variable], frame: pl.DataFrame, language: str
) -> None:
    """Write the file; `frame` has a column of status beside every question, whether that is a variable or not.

    Raises:
        ExportError: there is more than is written, or a text that SPSS cannot hold.
    """
    names = accepted([one.name for one in variables], LONGEST_NAME, RESERVED)
    columns: list[pl.Series] = []
    labels: dict[str, dict[int | float, str]] = {}
    missing: dict[str, list[Any]] = {}
    for variable in variables:
        name = names[variable.name]
        series, said, given = _coded(variable, frame, language)
        columns.append(series.alias(name))
        if said:
            labels[name] = {value: within(label, LONGEST_VALUE_LABEL) for value, label in said.items()}
        if given:
            missing[name] = [{"lo": min(given.values()), "hi": max(given.values())}]
    pyreadstat.write_sav(
        pl.DataFrame(columns),
        file,
        file_label=within(f"{NOT_SAFE} {about['title']}", LONGEST_FILE_LABEL),
        column_labels={names[one.name]: _label(one, names[one.name], language) for one in variables},
        note=list(_notes(about, variables, names, language)),
        row_compress=True,
        variable_value_labels=labels,
        missing_ranges=missing,
        variable_measure={names[one.name]: one.measure.value for one in variables},
        variable_format={names[one.name]: SHOWN[one.kind] for one in variables if one.kind in SHOWN},
    )


def _coded(
    variable: Variable, frame: pl.DataFrame, language: str
) -> tuple[pl.Series, Mapping[float, str], Mapping[str, int]]:
    """Return a variable's column, what its values mean, and the code of each reason for a missing answer."""
    answers = frame[variable.name]
    match variable.kind:
        case Kind.TEXT | Kind.SEVERAL:
            return words(answers, LONGEST_TEXT, "SPSS"), {}, {}
        case Kind.MOMENT:
            return answers.dt.replace_time_zone(None), {}, {}
        case Kind.DATE | Kind.TIME:
            return answers, {}, {}
    numbers = values(variable, frame)
    named = variable.labels(language)
    said: dict[float, str] = {place: named[name] for name, place in places(variable).items()}
    if variable.kind is Kind.FLAG:
        said = {0: "Not chosen", 1: "Chosen"}
    if not is_coded(variable):
        return numbers, said, {}
    given = codes(numbers)
    reasons = (
        status_of(variable, frame)
        .cast(pl.String)
        .replace_strict(given, default=None, return_dtype=pl.Float64)
    )
    told = {given[reason.status]: reason.label for reason in REASONS}
    return numbers.fill_null(reasons) if len(numbers) else numbers, said | told, given


def _label(variable: Variable, name: str, language: str) -> str:
    said = variable.label(language)
    return within(said if name == variable.name else f"{variable.name}: {said}", LONGEST_LABEL)


def _notes(
    about: Mapping[str, str], variables: Sequence[Variable], names: Mapping[str, str], language: str
) -> Iterator[str]:
    """Yield the lines of the file's document: what it is, and the syntax that makes sets of multiple responses."""
    for name, text in about.items():
        yield from _lines(f"{name}: {text}")
    for variable in variables:
        column = variable.column
        if variable.kind is not Kind.SEVERAL or column is None:
            continue
        flags = [
            names[one.name]
            for one in variables
            if one.kind is Kind.FLAG
            and one.column is not None
            and one.column.slot == column.slot
            and one.column.versions == column.versions
            and one.column.part is Part.CHOICE
        ]
        if flags:
            label = variable.label(language).replace("'", "''")
            name = names[variable.name][: LONGEST_NAME - 1]
            yield from _lines(
                f"MRSETS /MDGROUP NAME=${name} LABEL='{label}' VARIABLES={' '.join(flags)} VALUE=1."
            )


def _lines(text: str) -> Iterator[str]:
    for line in textwrap.wrap(" ".join(text.split()), NOTE_LINE // 2):
        # Letters of other scripts take up to four bytes.
        yield within(line, NOTE_LINE)
