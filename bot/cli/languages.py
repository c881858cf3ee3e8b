"""`heard languages`: what translators need of the catalogues, and what the catalogues still lack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.faults import problems_told
from bot.cli.options import DetectorOption, FlowsOption, LocalesOption
from bot.core.spoken import SURE
from bot.errors import FlowsError
from bot.language.detection import DEFAULT, open_detector
from bot.language.detection.naming import plain

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

languages = typer.Typer(help="Make, update and review the catalogues of translations.", no_args_is_help=True)


@languages.command()
@problems_told()
def extract(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Write a template (.pot) of the bot's own words and of each consultation, for translation tools."""
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

    A text whose source wording changed loses its translation: it would be asked as if it were the question.
    """
    from bot.language.pofiles import catalogue_path, read_catalogue
    from bot.language.templates import merge, new_catalogue, progress, written

    for template, wanted in _templates(flows, locales):
        for language in wanted:
            path = catalogue_path(locales, language, template.domain or "")
            if path.exists():
                catalogue = read_catalogue(path)
                merge(template, catalogue)
            else:
                catalogue = new_catalogue(template, language, datetime.now(UTC))
                path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(catalogue))
            typer.echo(f"{path}: {progress(template, catalogue).missing} to translate")


@languages.command()
@problems_told()
def status(flows: FlowsOption = Path("flows"), locales: LocalesOption = Path("locales")) -> None:
    """Show how far each catalogue has come; exit with 1 where a text is not translated."""
    from bot.language.pofiles import catalogue_path, read_catalogue
    from bot.language.templates import progress

    table = Table("catalogue", "language", title="Translations")
    for heading in ("translated", "missing", "fuzzy"):
        table.add_column(heading, justify="right")
    complete = True
    for template, wanted in _templates(flows, locales):
        for language in wanted:
            path = catalogue_path(locales, language, template.domain or "")
            state = progress(template, read_catalogue(path) if path.exists() else None)
            counts = (str(state.translated), str(state.missing), str(state.fuzzy))
            table.add_row(
                template.domain, language, *counts, style="" if state.is_complete else "bold yellow"
            )
            complete = complete and state.is_complete
    Console().print(table)
    if not complete:
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
    from bot.language.templates import bot_template, consultation_template

    now = datetime.now(UTC)
    spoken = _languages(flows)
    known = {path.parts[-3].replace("_", "-") for path in locales.glob("*/LC_MESSAGES/bot.po")}
    yield bot_template(now), sorted(known.union(*spoken.values()) - {"en"})
    for path, offered in spoken.items():
        yield consultation_template(path, now), offered[1:]


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
