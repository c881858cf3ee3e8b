"""`heard check`: everything that is wrong with consultation files, for whoever wrote them."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from glob import escape
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.costs import print_costs
from bot.cli.options import DetectorOption, LocalesOption
from bot.cli.showing import visible
from bot.core.limits import LIMITS
from bot.core.problems import Problem, Severity
from bot.core.reception import Consultations, consultations
from bot.flowfiles.codes import read_codes
from bot.flowfiles.folder import (
    BESIDE,
    CODES_SUFFIX,
    SUFFIXES,
    Flow,
    Flows,
    check_files,
    flow_files,
)
from bot.flowfiles.outreach import OUTREACH_SUFFIX
from bot.flowfiles.population import beside as population_beside
from bot.flowfiles.population import read_population
from bot.flowfiles.transcripts import differences, parse, play
from bot.language.detection import DEFAULT, Detector, detection_faults, open_detector

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


class Format(StrEnum):
    """How problems are told."""

    TEXT = "text"
    JSON = "json"


def check(
    places: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: flows/", show_default=False)
    ] = None,
    locales: LocalesOption = Path("locales"),
    output: Annotated[Format, typer.Option("--format", help="text, or json for programs.")] = Format.TEXT,
    detector: DetectorOption = DEFAULT,
    price: Annotated[
        float | None, typer.Option(help="What a part of an SMS costs you: adds what an interview costs.")
    ] = None,
) -> None:
    """Tell every problem of consultation files: where it is, what is wrong, what to write instead.

    Transcripts beside a file (household-energy.*.txt beside household-energy.yaml) are held again, and must still go
    as they are written. What else stands beside it is checked with it: a code frame (household-energy.codes.yaml), how
    people are reached (household-energy.outreach.yaml) and the population (household-energy.population.csv). Ends with
    1 where there is an error.
    """
    # A file that is named beside its own folder is still one file.
    files = list(
        dict.fromkeys(
            file for place in places or [Path("flows")] for file in flow_files(_consultation_of(place))
        )
    )
    checked = check_files(files, locales)
    talks = [talk for flow in checked.flows.values() for talk in transcripts_beside(flow)]
    problems = sorted(
        # Quotas that follow from a population tell what is wrong with it too.
        dict.fromkeys(
            (
                *checked.problems,
                *_undetected(checked, open_detector(detector)),
                *transcript_problems(checked, talks),
                *_of_codes(checked, files),
                *_population_problems(checked),
            )
        ),
        key=lambda problem: (problem.file, problem.line or 0),
    )
    if output is Format.JSON:
        told = [{**asdict(problem), "place": problem.place} for problem in problems]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        console = Console(highlight=False)
        _print_problems(console, problems)
        print_costs(console, checked.questionnaires, price)
        _print_summary(console, files, talks, problems)
    raise typer.Exit(any(problem.severity is Severity.ERROR for problem in problems) or not files)


def _undetected(checked: Flows, detector: Detector) -> Iterator[Problem]:
    for flow in checked.flows.values():
        for problem in detection_faults(flow.questionnaire, detector):
            yield replace(problem, file=str(flow.file))


def _consultation_of(place: Path) -> Path:
    """Return the consultation's file for what stands beside it: the one cannot be checked without the other."""
    suffix = next((one for one in BESIDE if place.name.endswith(one)), None)
    return place.with_name(f"{place.name.removesuffix(suffix)}.yaml") if suffix else place


def _of_codes(checked: Flows, files: Sequence[Path]) -> Iterator[Problem]:
    """Yield what is wrong with the code frames beside the consultations, and frames of no consultation."""
    for flow in checked.flows.values():
        beside = flow.file.with_name(f"{flow.file.stem}{CODES_SUFFIX}")
        frame = read_codes(beside, flow.questionnaire) if beside.exists() else ()
        if isinstance(frame, tuple):
            yield from frame
    message = "There is no consultation '{name}' beside this code frame."
    yield from _of_nothing(files, CODES_SUFFIX, "codes-of-nothing", message)
    message = "There is no consultation '{name}' beside this outreach file."
    yield from _of_nothing(files, OUTREACH_SUFFIX, "outreach-of-nothing", message)


def _of_nothing(files: Sequence[Path], suffix: str, code: str, message: str) -> Iterator[Problem]:
    """Yield what stands beside no consultation: a misspelt name would otherwise be lost in silence."""
    stems = {file.with_suffix("") for file in files}
    for folder in sorted({file.parent for file in files}):
        for beside in sorted(folder.glob(f"*{suffix}")):
            name = beside.name.removesuffix(suffix)
            if folder / name not in stems and not any((folder / f"{name}{end}").exists() for end in SUFFIXES):
                remedy = f"Name it as a consultation's file: its-id{suffix}"
                yield Problem(code, (), message.format(name=name), remedy, file=str(beside))


def _population_problems(checked: Flows) -> Iterator[Problem]:
    for flow in checked.flows.values():
        file = population_beside(flow.file)
        found = read_population(file, flow.questionnaire) if file.exists() else ()
        yield from found if isinstance(found, tuple) else ()


def transcripts_beside(flow: Flow) -> tuple[Path, ...]:
    """Return the transcripts that an organiser keeps beside a consultation's file."""
    return tuple(sorted(flow.file.parent.glob(f"{escape(flow.file.stem)}.*.txt")))


def transcript_problems(checked: Flows, talks: Iterable[Path]) -> Iterator[Problem]:
    """Yield where a transcript cannot be read, or goes another way than it is written."""
    # Where the bot has no words for a language, that is told of its catalogue; there is nothing to play yet.
    whole = [one for one in checked.questionnaires if set(one.languages) <= set(one.phrasebooks)]
    known = consultations(whole, detect=open_detector(DEFAULT).rank)
    names = {one.id for one in checked.questionnaires}
    for file in talks:
        for problem in _of_transcript(file, known, names):
            yield replace(problem, file=str(file))


def _of_transcript(file: Path, known: Consultations, names: Collection[str]) -> tuple[Problem, ...]:
    try:
        transcript = parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return (Problem("not-utf8", (), "The transcript cannot be read as UTF-8 text.", "Save it as UTF-8."),)
    if isinstance(transcript, tuple):
        return transcript
    if transcript.consultation in known.offered:
        return differences(transcript, play(known, transcript))
    if transcript.consultation in names:
        return ()
    message = f"There is no consultation '{transcript.consultation}'."
    return (Problem("transcript-heading", (), message, f"Write one of: {', '.join(sorted(names))}.", line=1),)


def _print_problems(console: Console, problems: Iterable[Problem]) -> None:
    for file, group in groupby(problems, key=lambda problem: problem.file):
        console.print(Text(file, style="bold underline"), soft_wrap=True)
        lines = _lines(Path(file))
        for problem in group:
            _print_problem(console, problem, lines)
        console.print()


def _print_problem(console: Console, problem: Problem, lines: Sequence[str]) -> None:
    line = f"line {problem.line}" if problem.line else "the whole file"
    where = f"  {visible(problem.place)}" if problem.place else ""
    heading = Text.assemble((line, "bold"), (f"{where}  ({problem.code})", "dim"))
    console.print(_indented(heading, 2))
    if problem.line and problem.line <= len(lines):
        excerpt = visible(lines[problem.line - 1].strip())
        console.print(_indented(Text(f"| {excerpt}", style="cyan", no_wrap=True, overflow="ellipsis"), 4))
    console.print(_indented(Text(visible(problem.message), style=STYLES[problem.severity]), 4))
    console.print(_indented(Text(f"→ {visible(problem.remedy)}"), 4))


def _indented(text: Text, blanks: int) -> Padding:
    # Filled up to the width, lines would wrap again in a narrower window or an editor.
    return Padding(text, (0, 0, 0, blanks), expand=False)


def _lines(file: Path) -> Sequence[str]:
    """Return the lines that problems are shown with; none of what cannot be read or is too long to be looked at."""
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(LIMITS.file_bytes).splitlines()
    except (OSError, UnicodeDecodeError):
        return ()


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
