"""`heard languages`: what translators need of the catalogues, and what the catalogues still lack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.faults import problems_told
from bot.cli.options import DetectorOption, FlowsOption, LocalesOption
from bot.core.spoken import SURE
from bot.errors import FlowsError
from bot.language.detection import DEFAULT, open_detector
from bot.language.detection.naming import plain

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

    from bot.core.problems import Problem

languages = typer.Typer(help="Make, update and review the catalogues of translations.", no_args_is_help=True)


@languages.command()
@problems_told()
def extract(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Write a template (.pot) of the bot's words, reports, posters and each consultation, for translation tools."""
    from bot.language.templates import written

    locales.mkdir(parents=True, exist_ok=True)
    for template, _ in _templates(flows, locales):
        path = locales / f"{template.domain}.pot"
        path.write_bytes(written(template))
        typer.echo(f"{path}: {sum(1 for message in template if message.id)} texts")


@languages.command()
@problems_told()
def update(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Bring every catalogue up to date, and make those that are missing.

    A text whose source wording changed loses its translation: it would be asked as if it were the question. What
    translators and their tools wrote besides (comments, marks, headers, what is obsolete) stays.
    """
    from bot.language.pofiles import catalogue_path, read_catalogue
    from bot.language.templates import new_catalogue, progress, written
    from bot.language.updating import updated

    for template, wanted in _templates(flows, locales):
        for language in wanted:
            path = catalogue_path(locales, language, template.domain or "")
            if path.exists():
                read_catalogue(path)  # says where it is broken
                content = path.read_bytes()
            else:
                content = written(new_catalogue(template, language, datetime.now(UTC)))
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(updated(template, content))
            typer.echo(f"{path}: {progress(template, read_catalogue(path)).missing} to translate")


@languages.command()
@problems_told()
def status(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Show how far each catalogue has come, what is wrong in it, and who has reviewed it as a native speaker.

    Ends with 1 where a text is not translated. What heard check finds in a language is told below the table.
    """
    from bot.language.pofiles import catalogue_path, read_catalogue
    from bot.language.reviews import review_of
    from bot.language.templates import progress

    table = Table(title="Translations")
    table.add_column("catalogue", no_wrap=True, min_width=16)
    table.add_column("language")
    for heading in ("done", "missing", "fuzzy", "to mend"):
        table.add_column(heading, justify="right")
    table.add_column("review")
    complete, found = True, _found(flows, locales)
    for template, wanted in _templates(flows, locales):
        for language in wanted:
            path = catalogue_path(locales, language, template.domain or "")
            catalogue = read_catalogue(path) if path.exists() else None
            state = progress(template, catalogue)
            review = review_of(catalogue.header_comment) if catalogue else None
            counts = (state.translated, state.missing, state.fuzzy, len(found.get(path, ())))
            table.add_row(
                template.domain,
                language,
                *map(str, counts),
                escape(f"{review.by}, {review.on}") if review else "not yet",
                style="" if state.is_complete else "bold yellow",
            )
            complete = complete and state.is_complete
    console = Console()
    console.print(table)
    for path, problems in found.items():
        for problem in problems:
            place = f"{path}:{problem.line}" if problem.file == str(path) else f"{path} ({problem.place})"
            told = f"{place}: {problem.message} {problem.remedy}"
            console.print(told, markup=False, highlight=False, soft_wrap=True)
    if not complete:
        raise typer.Exit(1)


@languages.command(name="compile")
@problems_told()
def compile_(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Write a .mo file beside each catalogue, for tools that want them; Heard itself reads the .po files.

    A catalogue with a fault that keeps it from being used is not compiled, and ends the command with 1.
    """
    from babel.messages.mofile import write_mo

    from bot.core.problems import Severity
    from bot.language.pofiles import catalogue_path, read_catalogue

    refused, found = False, _found(flows, locales)
    for template, wanted in _templates(flows, locales):
        for language in wanted:
            path = catalogue_path(locales, language, template.domain or "")
            if not path.exists():
                continue
            faults = [one for one in found.get(path, ()) if one.severity is Severity.ERROR]
            if faults:
                refused = True
                for one in faults:
                    typer.echo(f"{path}: {one.message} {one.remedy}", err=True)
                continue
            compiled = path.with_suffix(".mo")
            with compiled.open("wb") as file:
                write_mo(file, read_catalogue(path))
            typer.echo(str(compiled))
    if refused:
        raise typer.Exit(1)


@languages.command()
def detect(
    among: Annotated[str, typer.Option(help="The languages to choose among, with commas between: en,sw,am.")],
    file: Annotated[typer.FileText, typer.Argument(help="A text a line; - is standard input.")],
    at_least: Annotated[float, typer.Option(help="A guess less probable than this is none.")] = SURE,
    detector: DetectorOption = DEFAULT,
) -> None:
    """Tell the language of each line of a file and how probable it is, or `-` where that is not clear."""
    chosen = open_detector(detector)
    offered = [language.strip() for language in among.split(",") if language.strip()]
    unknown = [language for language in offered if plain(language) not in chosen.languages]
    if unknown:
        raise typer.BadParameter(f"{detector} does not know {', '.join(unknown)}", param_hint="--among")
    for line in file:
        ranked = chosen.rank(line, offered)
        language, probability = ranked[0] if ranked else ("-", 0.0)
        typer.echo(f"{language if probability >= at_least else '-'}\t{probability:.3f}")


def _templates(flows: Path, locales: Path) -> Iterator[tuple["Catalog", list[str]]]:
    """Yield each template with the languages it is to be translated into."""
    from bot.digests import phrases as digests
    from bot.language.templates import bot_template, consultation_template, phrase_template
    from bot.outreach.posters import phrases as posters
    from bot.results.report import phrases

    now = datetime.now(UTC)
    spoken = _languages(flows)
    known = {path.parts[-3].replace("_", "-") for path in locales.glob("*/LC_MESSAGES/bot.po")}
    everywhere = sorted(known.union(*spoken.values()) - {"en"})
    yield bot_template(now), everywhere
    yield phrase_template("report", Path(phrases.__file__), now), everywhere
    yield phrase_template("digest", Path(digests.__file__), now), everywhere
    yield phrase_template("poster", Path(posters.__file__), now), everywhere
    for path, offered in spoken.items():
        yield consultation_template(path, now), offered[1:]


def _found(flows: Path, locales: Path) -> dict[Path, list["Problem"]]:
    """Return what is wrong in each catalogue, but for texts that are only not translated."""
    from bot.flowfiles.folder import LACKS, LEFT_OUT, bots_problems, check_files, flow_files
    from bot.language.pofiles import catalogue_path

    problems = dict.fromkeys(check_files(flow_files(flows), locales).problems)
    for file in sorted(locales.glob("*/LC_MESSAGES/bot.po")):  # also of languages that nothing is offered in
        problems |= dict.fromkeys(bots_problems(locales, file.parts[-3].replace("_", "-")))
    found: dict[Path, list[Problem]] = {}
    for problem in problems:
        if problem.language and problem.code not in {*LACKS, LEFT_OUT, "missing-translation"}:
            file = Path(problem.file)
            path = file if file.suffix == ".po" else catalogue_path(locales, problem.language, file.stem)
            if path.exists():
                found.setdefault(path, []).append(problem)
    return found


def _languages(flows: Path) -> dict[Path, list[str]]:
    """Return the languages of each consultation file; FlowsError where one cannot be read."""
    from bot.flowfiles.folder import flow_files
    from bot.flowfiles.reading import Source, read

    spoken, problems = {}, []
    for path in flow_files(flows):
        source = read(path.read_bytes())
        if isinstance(source, Source):
            listed = source.mapping.get("languages")
            # What is wrong with the list is for `heard check` to say.
            spoken[path] = [str(language) for language in listed] if isinstance(listed, list) else []
        else:
            problems += [replace(problem, file=str(path)) for problem in source]
    if problems:
        raise FlowsError(problems)
    return spoken
