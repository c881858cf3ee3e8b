"""`heard check`: everything that is wrong with consultation files, for whoever wrote them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.options import LocalesOption
from bot.core.problems import Problem, Severity
from bot.core.reception import consultations
from bot.flowfiles.folder import Flow, Flows, check_files, flow_files
from bot.flowfiles.transcripts import differences, parse, play

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


def check(
    places: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: flows/", show_default=False)
    ] = None,
    locales: LocalesOption = Path("locales"),
    output: Annotated[str, typer.Option("--format", help="text, or json for programs.")] = "text",
) -> None:
    """Tell every problem of consultation files: where it is, what is wrong, what to write instead.

    Transcripts beside a file (household-energy.*.txt beside household-energy.yaml) are held again, and must still go
    as they are written. Ends with 1 where there is an error.
    """
    files = [file for place in places or [Path("flows")] for file in flow_files(place)]
    checked = check_files(files, locales)
    talks = [talk for flow in checked.flows.values() for talk in transcripts_beside(flow)]
    problems = (*checked.problems, *transcript_problems(checked, talks))
    if output == "json":
        typer.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False, soft_wrap=False)
        _print_problems(console, problems)
        _print_summary(console, files, talks, problems)
    raise typer.Exit(any(problem.severity is Severity.ERROR for problem in problems) or not files)


def transcripts_beside(flow: Flow) -> tuple[Path, ...]:
    """Return the transcripts that an organiser keeps beside a consultation's file."""
    return tuple(sorted(flow.file.parent.glob(f"{flow.file.stem}.*.txt")))


def transcript_problems(checked: Flows, talks: Iterable[Path]) -> Iterable[Problem]:
    """Yield where a transcript cannot be read, or goes another way than it is written."""
    known = consultations(checked.questionnaires)
    for file in talks:
        transcript = parse(file.read_text(encoding="utf-8"))
        if isinstance(transcript, tuple):
            found = transcript
        elif transcript.consultation not in known.offered:
            found = (
                Problem(
                    "transcript-heading",
                    (),
                    f"There is no consultation '{transcript.consultation}'.",
                    f"Write one of: {', '.join(known.offered)}.",
                    line=1,
                ),
            )
        else:
            found = differences(transcript, play(known, transcript))
        for problem in found:
            yield Problem(
                problem.code, (), problem.message, problem.remedy, problem.severity, str(file), problem.line
            )


def _print_problems(console: Console, problems: Sequence[Problem]) -> None:
    ordered = sorted(problems, key=lambda problem: (problem.file, problem.line or 0))
    for file, group in groupby(ordered, key=lambda problem: problem.file):
        console.print(Text(file, style="bold underline"))
        for problem in group:
            line = f"line {problem.line}" if problem.line else "the whole file"
            where = f"  {problem.place}" if problem.place else ""
            console.print(Text.assemble("  ", (line, "bold"), (where, "dim"), (f"  ({problem.code})", "dim")))
            console.print(Padding(Text(problem.message, style=STYLES[problem.severity]), (0, 0, 0, 4)))
            console.print(Padding(Text(f"→ {problem.remedy}"), (0, 0, 0, 4)))
        console.print()


def _print_summary(
    console: Console, files: Sequence[Path], talks: Sequence[Path], problems: Sequence[Problem]
) -> None:
    if not files:
        console.print(Text("There is no consultation file (*.yaml) here.", style="bold red"))
        return
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    checked = f"{_count(len(files), 'consultation')} and {_count(len(talks), 'transcript')} checked"
    found = f"{_count(errors, 'problem')}, {_count(warnings, 'warning')}"
    console.print(Text(f"{checked}: {found}.", style="bold red" if errors else "bold green"))


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
