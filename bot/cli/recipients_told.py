"""What is wrong with a list of recipients, told in the terminal and as a CSV; and how recipients stand."""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.showing import visible
from bot.cli.writing import written_whole
from bot.core.outreach.quotas.listed import Values, outside
from bot.core.outreach.quotas.records import Quotas
from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.outreach.recipients.faults import quoted
from bot.results.cells import harmless

if TYPE_CHECKING:
    from bot.store.outreach.recipients import TakenIn
    from bot.store.outreach.standing import Group

SHOWN = 20
"""Rows of each kind of problem that are shown."""
VALUES_SHOWN = 5
"""Values of an attribute that are named where they are in no category."""
FEW = 0.05
"""Share of a list below which those of a country may be there by a slip."""
COLUMNS = ("row", "column", "code", "message", "remedy")
OF_THE_FILE = "list-"
"""How the codes begin of what is wrong with a whole list, and not with a row that could be passed over."""


class Found:
    """The problems of a list: how many of each kind, and the first ones; all of them go to a file, if there is one."""

    def __init__(self, file: TextIO | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self._first: dict[str, list[Problem]] = {}
        self._rows = csv.writer(file) if file else None
        if self._rows:
            self._rows.writerow(COLUMNS)

    def add(self, problem: Problem) -> None:
        self.counts[problem.code] += 1
        first = self._first.setdefault(problem.code, [])
        if len(first) < SHOWN:
            first.append(problem)
        if self._rows:
            row = (problem.line or "", problem.place, problem.code, problem.message, problem.remedy)
            self._rows.writerow([harmless(str(cell)) for cell in row])

    @property
    def of_the_file(self) -> bool:
        """Return whether something is wrong with the whole list."""
        return any(code.startswith(OF_THE_FILE) for code in self.counts)

    def show(self, console: Console, name: str) -> None:
        """Print the first problems of each kind, those of the whole list before those of rows, the first row first."""
        console.print(Text(name, style="bold underline"), soft_wrap=True)
        for code in self._in_order():
            for told, rows in _alike(self._first[code]).items():
                _print(console, code, told, rows)
            if more := self.counts[code] - len(self._first[code]):
                console.print(_indented(Text(f"... and {_rows(more)} more with this problem.", style="dim")))
        console.print()

    def sum_up(self, console: Console) -> None:
        """Print how many problems there were of each kind, for whoever has seen them and passes over the rows."""
        console.print("Passed over (each is told without --skip-bad, and by --problems):")
        for code in self._in_order():
            first = self._first[code][0]
            console.print(f"  {self.counts[code]:>7,} {code}, the first in row {first.line or 1:,}")

    def _in_order(self) -> Sequence[str]:
        def place(code: str) -> tuple[bool, int, str]:
            return not code.startswith(OF_THE_FILE), self._first[code][0].line or 0, code

        return sorted(self._first, key=place)


@contextmanager
def found_in(file: Path | None) -> Iterator[Found]:
    """Yield what collects problems; all of them are in the file afterwards, where one is named."""
    if file is None:
        yield Found()
        return
    with written_whole(file) as part, part.open("w", encoding="utf-8-sig", newline="") as written:
        yield Found(written)


_Told = tuple[str, str, str]
"""A column, what is wrong, what helps."""


def _alike(problems: Sequence[Problem]) -> Mapping[_Told, Sequence[int]]:
    """Return the rows of problems, by what is told of them."""
    rows: dict[_Told, list[int]] = {}
    for one in problems:
        held = rows.setdefault((one.place, one.message, one.remedy), [])
        if one.line is not None:
            held.append(one.line)
    return rows


def _print(console: Console, code: str, told: _Told, rows: Sequence[int]) -> None:
    place, message, remedy = told
    where = (
        f"row{'s' * (len(rows) > 1)} {', '.join(f'{row:,}' for row in rows)}" if rows else "the whole list"
    )
    column = f"  {visible(place)}" if place else ""
    console.print(_indented(Text.assemble((where, "bold"), (f"{column}  ({code})", "dim"))))
    console.print(_indented(Text(visible(message), style="bold red"), 4))
    console.print(_indented(Text(f"→ {visible(remedy)}"), 4))


def _indented(text: Text, blanks: int = 2) -> Padding:
    return Padding(text, (0, 0, 0, blanks), expand=False)


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def tell_taken(consultation: str, taken: "TakenIn", bad: int) -> None:
    """Say what became of the people of a list."""
    typer.echo(
        f"{taken.added:,} added to the recipients of {consultation}, {taken.changed:,} changed, "
        f"{taken.unchanged:,} as they were."
    )
    left_out = (
        (bad, "with problems"),
        (taken.opted_out, "of people who sent STOP"),
        (taken.interviewed, "of people who are interviewed already"),
        (taken.elsewhere, "of recipients on the number's other channel"),
    )
    if told := [f"{number:,} {why}" for number, why in left_out if number]:
        typer.echo(f"Left out: {', '.join(told)}.")


def tell_countries(countries: Mapping[str, int], own: str | None) -> None:
    """Say how many people's numbers are of each country, where there are several, and which of them may be mistakes.

    `own` is the country whose numbers are written without its code: there are many of it, or there could be.
    """
    if len(countries) < 2:
        return
    by_people = sorted(countries, key=lambda country: (-countries[country], country))
    typer.echo(f"By country: {', '.join(f'{one} {countries[one]:,}' for one in by_people)}.")
    few = [one for one in by_people if one != own and countries[one] < FEW * sum(countries.values())]
    if few:
        typer.echo(
            f"Look at {', '.join(f'{countries[one]:,} in {one}' for one in few)}: is that right? A wrong digit makes a "
            "number one of another country."
        )


def tell_outside(quotas: Quotas, questionnaire: Questionnaire, listed: Values) -> None:
    """Say which values of a list are in no category of the quotas that count by them."""
    found = list(outside(quotas, questionnaire, listed))
    if not found:
        return
    typer.echo("Whoever has one of these is in no cell of the quotas before they answer:")
    for one in found:
        name = one.variable.name
        shown = [f"{count:,} × {_value(value)}" for value, count in islice(one.values.items(), VALUES_SHOWN)]
        if more := len(one.values) - len(shown):
            shown.append(f"and {more:,} other {'value' if more == 1 else 'values'}")
        typer.echo(f"  {name}: {', '.join(shown)}; the categories are {', '.join(one.variable.categories)}.")


def _value(written: str) -> str:
    shown = quoted(written)
    return visible(shown) if shown.startswith("'") else "a value that is not shown here"


MEANINGS = {
    "ready": "can be invited",
    "waits": "in a campaign, not written to yet",
    "invited": "written to, not answered",
    "interviewed": "joined the consultation",
    "opted out": "sent STOP",
}


def show_standings(console: Console, groups: "Collection[Group]") -> None:
    """Print how recipients stand: in all, by language and by country."""
    total: Counter[str] = Counter()
    for one in groups:
        total[one.standing.value] += one.people
    console.print(f"{total.total():,} recipients", style="bold")
    for standing, meaning in MEANINGS.items():
        console.print(f"{total[standing]:>11,}  {standing:<12} {meaning}")
    shown = [standing for standing in MEANINGS if total[standing]]
    for heading in ("language", "country", "channel"):
        counts: dict[str, Counter[str]] = {}
        for one in groups:
            name: str = getattr(one, heading) or "not known"
            counts.setdefault(name, Counter())[one.standing.value] += one.people
        table = Table(heading, box=None, pad_edge=False)
        for standing in ("all", *shown):
            table.add_column(standing, justify="right")
        for name, held in sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0])):
            table.add_row(name, f"{held.total():,}", *(f"{held[standing]:,}" for standing in shown))
        console.print("", table)
