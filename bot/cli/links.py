"""`heard links`: every word and link by which people come to a consultation, for each source."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.joining import addresses_of, offered
from bot.cli.options import FlowsOption, LocalesOption


def links(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[
        str, typer.Option(help="Write a CSV instead of a table: a file, or - for standard output.")
    ] = "",
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
    shown = [place for place, _ in enumerate(headings) if any(row[place] for row in rows)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place in shown:
        table.add_column(headings[place], overflow="fold")
    for row in rows:
        table.add_row(*(Text(row[place] or "-") for place in shown))
    console.print(table)
    if addresses.telegram is None:
        console.print("Name your bot under poster: telegram: in the outreach file to have its links.")
    if addresses.number is None and addresses.whatsapp is None:
        console.print("Give a number under poster: number: in the outreach file, or set TWILIO_FROM.")
