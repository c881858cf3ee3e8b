"""`heard links`: every word and link by which people come to a consultation, for each source."""

import csv
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.joining import addresses_of, offered
from bot.cli.options import FlowsOption, LocalesOption


def links(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[str, typer.Option(help="Write a CSV instead: a file, or - for standard output.")] = "",
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Tell what people send or follow to take part, for each source of the outreach file and each language.

    Give a radio show its own line, and results say how many came by it.
    """
    from bot.outreach.posters.links import links_of
    from bot.settings import read_settings

    questionnaire = offered(consultation, flows, locales)
    addresses = addresses_of(questionnaire, read_settings())
    found = [*links_of(questionnaire, addresses)]
    headings = ("source", "label", "language", "send", "to", "telegram", "whatsapp")
    rows = [
        (
            one.source.name if one.source else "",
            one.source.label if one.source else "",
            one.language,
            one.words,
            addresses.number or "",
            one.telegram or "",
            one.whatsapp or "",
        )
        for one in found
    ]
    if output:
        with (
            sys.stdout if output == "-" else Path(output).open("w", encoding="utf-8-sig", newline="") as file
        ):
            writer = csv.writer(file)
            writer.writerows((headings, *rows))
        return
    console = Console(highlight=False)
    for source, of_source in groupby(found, key=lambda one: one.source):
        heading = f"{source.name}  {source.label}" if source else "without a source"
        console.print(Text(heading.rstrip(), style="bold"), soft_wrap=True)
        for one in of_source:
            to = f" to {addresses.number}" if addresses.number else ""
            console.print(Text(f"  {one.language:<8}send {one.words}{to}"), soft_wrap=True)
            for link in filter(None, (one.telegram, one.whatsapp)):
                # Never folded: nobody could copy it.
                console.print(Text(f"{'':<10}{link}"), soft_wrap=True)
    if addresses.telegram is None:
        console.print("Name your bot under poster: telegram: in the outreach file to have its links.")
    if addresses.number is None and addresses.whatsapp is None:
        console.print("Give a number under poster: number: in the outreach file, or set TWILIO_FROM.")
