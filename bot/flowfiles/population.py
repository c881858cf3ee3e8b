"""What a population is like: the margins of a census, from the CSV beside a consultation's file.

`flows/<consultation>.population.csv` has a row a category, with the columns variable, category, share, source, year.
Who did not say what they are is in no census: "prefer not to say" and its like have no row.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from math import isfinite
from pathlib import Path

from bot.core.groups import ASSISTED, OCCURRING, categories_of, grouping_of
from bot.core.problems import Problem, nearest
from bot.core.questionnaire import Questionnaire

HEADER = ("variable", "category", "share", "source", "year")
SUFFIX = ".population.csv"
TOLERANCE = 0.005
"""How far shares may be from adding up: published ones are rounded."""
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Margin:
    """The shares of a variable's categories in the population; together 1."""

    variable: str
    shares: Mapping[str, float]
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Population:
    """All margins of a consultation's population."""

    margins: tuple[Margin, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file. `share` is None where it is no number, which has been told."""

    line: int
    variable: str
    category: str
    share: float | None
    source: str
    year: int | None


def beside(flow: Path) -> Path:
    """Return where the population of a consultation file stands."""
    return flow.with_name(f"{flow.stem}{SUFFIX}")


def read_population(file: Path, questionnaire: Questionnaire) -> Population | tuple[Problem, ...]:
    """Return the population that a file holds, or every problem in it, with its line and its column."""
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text."
        return (Problem("not-utf8", (), message, "Save it as CSV UTF-8.", file=str(file)),)
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    return parse_population(text, questionnaire, str(file))


def parse_population(
    text: str, questionnaire: Questionnaire, file: str = ""
) -> Population | tuple[Problem, ...]:
    """Return the population that a CSV describes, or every problem in it."""
    return _Reader(questionnaire, file, []).read(text)


@dataclass(frozen=True, slots=True)
class _Reader:
    questionnaire: Questionnaire
    file: str
    problems: list[Problem]

    def read(self, text: str) -> Population | tuple[Problem, ...]:
        # Spreadsheets of much of the world save CSV with semicolons, since the comma stands in their numbers.
        first = text.partition("\n")[0]
        table = csv.DictReader(StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
        header = [name.strip().lower() for name in table.fieldnames or ()]
        missing = [name for name in HEADER if name not in header]
        if missing:
            wanted = f"Begin it with: {','.join(HEADER)}"
            self._report("population-columns", 1, "", f"There is no column {', '.join(missing)}.", wanted)
            return tuple(self.problems)
        table.fieldnames = header
        rows = [self._row(table.line_num, row) for row in table if any(map(_stripped, row.values()))]
        by_variable: dict[str, list[_Row]] = {}
        for row in rows:
            by_variable.setdefault(row.variable, []).append(row)
        if not rows:
            self._report("population-columns", 1, "", "There is no row below the heading.", "Add the shares.")
        margins = [self._margin(variable, held) for variable, held in by_variable.items()]
        return tuple(self.problems) or Population(tuple(one for one in margins if one is not None))

    def _row(self, line: int, cells: Mapping[str, str]) -> _Row:
        variable, category, share, source, year = (_stripped(cells.get(name)) for name in HEADER)
        number = _number(share)
        if number is None or not 0 <= number <= 100:
            told = f"'{share}' is not a share."
            self._report("population-share", line, "share", told, "Write a number, like 0.51 or 51.")
            number = None
        if not source:
            remedy = "Name it, so that a reader can look: Census 2019, table 2.3."
            self._report("population-source", line, "source", "There is no source.", remedy)
        if not (year.isdecimal() and len(year) == 4):
            self._report("population-source", line, "year", f"'{year}' is not a year.", "Write one: 2019.")
        return _Row(line, variable, category, number, source, int(year) if year.isdecimal() else None)

    def _margin(self, variable: str, rows: Sequence[_Row]) -> Margin | None:
        grouping = grouping_of(self.questionnaire, variable)
        if grouping is None:
            self._unknown_variable(rows[0].line, variable)
            return None
        known = [one.name for one in categories_of(self.questionnaire, grouping)]
        seen: set[str] = set()
        for row in rows:
            if row.category not in known:
                self._unknown_category(row, known)
            elif row.category in seen:
                message = f"'{row.category}' of {variable} stands twice."
                self._report("population-category", row.line, "category", message, "Take one out.")
            seen.add(row.category)
        for one in self._differing(rows):
            message = f"{variable} has more than one source or year."
            remedy = "Shares that are compared have to be of one count. Write the same in each row."
            self._report("population-source", one.line, "source", message, remedy)
        shares = [row.share for row in rows if row.share is not None]
        if len(shares) < len(rows):
            return None
        whole = sum(shares)
        scale = next((one for one in (1.0, 100.0) if abs(whole - one) <= TOLERANCE * one), None)
        if scale is None:
            message = f"The shares of {variable} add up to {whole:g}."
            remedy = "Write those of all its categories, so that they add up to 1, or to 100."
            self._report("population-sum", rows[0].line, "share", message, remedy)
            return None
        # Rounded shares are brought to add up, so that weights have one total for every variable.
        exact = {row.category: share / whole for row, share in zip(rows, shares, strict=True)}
        return Margin(variable, exact, rows[0].source, rows[0].year or 0)

    def _differing(self, rows: Sequence[_Row]) -> Iterator[_Row]:
        first = rows[0]
        return (row for row in rows if (row.source, row.year) != (first.source, first.year) and row.source)

    def _unknown_variable(self, line: int, variable: str) -> None:
        names = [one.name for one in self.questionnaire.groups]
        meant = nearest(variable, names)
        message = f"'{variable}' is not among the groups of the consultation."
        if variable in (*OCCURRING, ASSISTED):
            message = f"A census knows no {variable} of an interview."
            meant = None
        listed = (
            f"Write one of: {', '.join(names)}." if names else "Name it under groups: in the consultation."
        )
        self._report("population-variable", line, "variable", message, f"Write {meant}." if meant else listed)

    def _unknown_category(self, row: _Row, known: Sequence[str]) -> None:
        meant = nearest(row.category, known)
        message = f"{row.variable} has no category '{row.category}'."
        remedy = f"Write {meant}." if meant else f"Write one of: {', '.join(known)}."
        self._report("population-category", row.line, "category", message, remedy)

    def _report(self, code: str, line: int, column: str, message: str, remedy: str) -> None:
        path = (column,) if column else ()
        self.problems.append(Problem(code, path, message, remedy, file=self.file, line=line))


def _stripped(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _number(text: str) -> float | None:
    try:
        number = float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None
