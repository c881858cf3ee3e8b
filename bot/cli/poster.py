"""`heard poster`: posters that say how to take part, a PDF a language."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.joining import addresses_of, offered, readable, source_named, told_unheard
from bot.cli.options import FlowsOption, LocalesOption
from bot.errors import FlowsError, PosterError


def poster(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[
        Path, typer.Option(help="The folder to write into, or the file where there is one language.")
    ] = Path(),
    language: Annotated[
        list[str] | None, typer.Option(help="The language. Default: all of the consultation's.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="Where it will hang: the name of a source in the outreach file.")
    ] = "",
    size: Annotated[Literal["a3", "a4", "a5"], typer.Option(help="The size of the paper.")] = "a4",
    strips: Annotated[bool, typer.Option("--strips", help="With strips at the foot to tear off.")] = False,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Make posters: the word and the number to send it to, links, and codes for a phone's camera.

    A poster of a source has its code, so that results say how many came by it.
    """
    from bot.language.catalogues import load_sentences
    from bot.outreach.posters.drawing import Size, Wall, write_poster
    from bot.outreach.posters.links import link_to
    from bot.outreach.posters.phrases import PHRASES
    from bot.settings import read_settings

    questionnaire = offered(consultation, flows, locales)
    place = source_named(questionnaire, source) if source else None
    wanted = tuple(language or questionnaire.languages)
    for one in wanted:
        if one not in questionnaire.languages:
            raise PosterError(
                f"the consultation is not in '{one}'. It is in: {', '.join(questionnaire.languages)}"
            )
    is_file = output.suffix.lower() == ".pdf"
    if is_file and len(wanted) > 1:
        raise PosterError(
            f"{output} is one file, and there are {len(wanted)} languages: name one, or a folder"
        )
    settings = read_settings()
    addresses = addresses_of(questionnaire, settings)
    for line in told_unheard(addresses, settings):
        typer.echo(line, err=True)
    for one in wanted:
        try:
            sentences = dict(load_sentences(locales, one, "poster", PHRASES))
        except FlowsError as fault:
            first = fault.problems[0]
            raise PosterError(f"no poster is made in '{one}'. {first.message} {first.remedy}") from None
        wall = Wall(
            questionnaire,
            link_to(questionnaire, addresses, one, place),
            addresses,
            questionnaire.phrasebook(one),
            sentences,
            readable(addresses.number),
            readable(addresses.whatsapp),
        )
        made = write_poster(wall, Size(size), strips=strips)
        named = ".".join(filter(None, (consultation, one, place.name if place else "", "pdf")))
        file = output if is_file else output / named
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made)
        except OSError as error:
            raise PosterError(f"{file} cannot be written: {error.strerror}") from None
        typer.echo(str(file))
