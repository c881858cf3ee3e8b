"""`heard doctor`: what is configured, what is missing, and what to do, for whoever operates Heard."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.checkup.findings import Finding, Mark
    from bot.settings import Settings

STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}
INDENT = max(map(len, STYLES)) + 2


def doctor(
    demo: Annotated[
        bool, typer.Option("--demo", help="Look at what `heard serve --demo` would use.")
    ] = False,
) -> None:
    """Look at everything that Heard needs, and tell what to do about what is missing.

    It changes nothing, and shows neither secrets nor phone numbers. Ends with 1 where there is a problem.
    """
    from bot.checkup.findings import Mark
    from bot.errors import SettingsError
    from bot.settings import DemoSettings, Settings, read_settings

    console = Console(highlight=False)
    try:
        settings = read_settings(DemoSettings if demo else Settings)
    except SettingsError as error:
        # Without them there is nothing to look at: each variable that is wrong is told, with what to do.
        _print(console, Text(str(error), style=STYLES["problem"]))
        raise typer.Exit(1) from None
    marks = asyncio.run(_examine(console, settings, demo))
    problems, warnings = (marks[mark] for mark in (Mark.PROBLEM, Mark.WARNING))
    told = Text(f"\n{_count(problems, 'problem')}, {_count(warnings, 'warning')}.")
    told.stylize("bold red" if problems else "yellow" if warnings else "bold green")
    _print(console, told)
    raise typer.Exit(problems > 0)


async def _examine(console: Console, settings: "Settings", demo: bool) -> "Counter[Mark]":
    from bot.checkup import check_up

    marks: Counter[Mark] = Counter()
    group = ""
    async for finding in check_up(settings, demo=demo):
        if finding.group != group:
            _print(console, Text(("\n" if group else "") + finding.group, style="bold"))
            group = finding.group
        _show(console, finding)
        marks[finding.mark] += 1
    return marks


def _show(console: Console, finding: "Finding") -> None:
    lines = [(Text(finding.mark, style=STYLES[finding.mark]), Text(finding.text))]
    if finding.remedy:
        lines.append((Text(), Text(f"→ {finding.remedy}")))
    if console.is_terminal:
        grid = Table.grid()
        grid.add_column(width=INDENT)
        for mark, text in lines:
            grid.add_row(mark, text)
        console.print(Padding(grid, (0, 0, 0, 2), expand=False))
        return
    # A line each, however long it is: for mails, and for programs that look for a word.
    for mark, text in lines:
        mark.pad_right(INDENT - len(mark))
        _print(console, Text("  ") + mark + text)


def _print(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
