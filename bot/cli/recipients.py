"""`heard recipients`: whom a consultation may write to, from an organiser's spreadsheet."""

import asyncio
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.faults import problems_told
from bot.cli.offered import offered_flow
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.errors import RecipientsError

recipients = typer.Typer(
    help="Say whom a consultation may write to, from a spreadsheet; see docs/outreach.md.",
    no_args_is_help=True,
)


class On(StrEnum):
    """Channels on which somebody can be written to who has not written first."""

    SMS = "sms"
    WHATSAPP = "whatsapp"


class Order(StrEnum):
    """Which of day and month comes first."""

    DMY = "dmy"
    MDY = "mdy"


ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]
FileArgument = Annotated[Path, typer.Argument(help="A CSV, XLSX, XLS or ODS; - for what comes from a pipe.")]
CountryOption = Annotated[
    str | None,
    typer.Option(help="Whose numbers are written without a country code, like KE. Default: sending.country."),
]
EncodingOption = Annotated[
    str | None, typer.Option(help="The CSV's encoding, where it is taken for another.")
]
DelimiterOption = Annotated[
    str | None, typer.Option(help="The sign between a CSV's cells, where it is not found out.")
]
SheetOption = Annotated[str | None, typer.Option(help="The sheet of a workbook that holds the list.")]
SkipOption = Annotated[bool, typer.Option("--skip-bad", help="Pass over rows with problems.")]
ProblemsOption = Annotated[
    Path | None, typer.Option("--problems", help="Write every problem into a CSV. It holds no numbers.")
]


@recipients.command("import")
@problems_told()
def import_(
    consultation: ConsultationArgument,
    file: FileArgument,
    country: CountryOption = None,
    only_countries: Annotated[
        str | None, typer.Option(help="Take numbers of these countries alone, like KE,UG.")
    ] = None,
    channel: Annotated[On, typer.Option(help="Where they are written to.")] = On.SMS,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help='Which column holds what, like: phone="Mobile no.". Also: language, time zone, '
            "consent source, consent date."
        ),
    ] = None,
    drop: Annotated[list[str] | None, typer.Option(help="A column that is not read, by its name.")] = None,
    consent_source: Annotated[
        str | None, typer.Option(help="How everybody on the list agreed, where no column says it.")
    ] = None,
    consent_date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="When everybody agreed, where no column says it."),
    ] = None,
    dates: Annotated[
        Order | None, typer.Option(help="The order of day and month in dates like 03/04/2026.")
    ] = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_bad: SkipOption = False,
    problems: ProblemsOption = None,
    check: Annotated[bool, typer.Option("--check", help="Only read the list, and store nothing.")] = False,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Store the people of a list who agreed to be written to. Nobody is written to yet.

    Where rows have problems, all of them are told and nothing is stored. The same list again changes nothing; with
    changed rows, it changes those.
    """
    from bot.channels import Channel
    from bot.cli.recipients_import import Asked, import_list
    from bot.outreach.recipients.rows import DateOrder
    from bot.outreach.recipients.sheets import Making

    flow = offered_flow(consultation, flows, locales)
    asked = Asked(
        file=file,
        making=Making(flow.questionnaire.languages, encoding, delimiter, sheet),
        channel=Channel(channel),
        country=country,
        only_countries=only_countries,
        columns=column or (),
        dropped=drop or (),
        dates=DateOrder(dates) if dates else None,
        consent_source=consent_source,
        consented_on=consent_date.date() if consent_date else None,
        skip_bad=skip_bad,
        problems=problems,
        check=check,
    )
    asyncio.run(import_list(flow, asked))


@recipients.command()
def remove(
    consultation: ConsultationArgument,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A list of numbers, as for import; - for what comes from a pipe.", show_default=False
        ),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Take out everybody who is in no campaign, instead of a list.")
    ] = False,
    yes: Annotated[int | None, typer.Option(help="With --all: how many there are, as it tells.")] = None,
    country: CountryOption = None,
    column: Annotated[
        list[str] | None, typer.Option(help='Where the numbers stand, like: phone="Mobile no.".')
    ] = None,
    sheet: SheetOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_bad: SkipOption = False,
    problems: ProblemsOption = None,
    flows: FlowsOption = Path("flows"),
) -> None:
    """Take people out of the recipients: those of a list, or all who are in no campaign.

    Of people who withdrew and are in a campaign already, nobody is written to any more. Who was never written to, and
    never wrote, is not known to Heard afterwards.
    """
    if (file is not None) == everybody:
        raise typer.BadParameter("name a list, or say --all")
    if file is None:
        asyncio.run(_remove_all(consultation, yes))
        return
    from bot.cli.recipients_import import Asked, remove_list
    from bot.outreach.recipients.sheets import Making

    making = Making((), encoding, delimiter, sheet)
    asked = Asked(file, making, country=country, columns=column or (), skip_bad=skip_bad, problems=problems)
    asyncio.run(remove_list(consultation, asked, flows))


async def _remove_all(consultation: str, yes: int | None) -> None:
    from bot.store.outreach.recipients import PAGE
    from bot.store.outreach.removing import remove_uninvited, uninvited

    async with opened_database() as engine:
        people = await uninvited(engine, consultation)
        if yes != people:
            typer.echo(f"{people:,} recipients of {consultation} are in no campaign.")
            if yes is not None:
                raise RecipientsError(f"there are {people:,} and not {yes:,}: nobody was taken out")
            typer.echo(f"To take them out: heard recipients remove {consultation} --all --yes {people}")
            return
        removed = sum([more async for more in remove_uninvited(engine, consultation, PAGE)])
    typer.echo(f"{removed:,} taken out of the recipients of {consultation}.")


@recipients.command()
def status(consultation: ConsultationArgument) -> None:
    """Count a consultation's recipients by how they stand, language and country. Nobody's number shows."""
    from bot.cli.recipients_told import show_standings
    from bot.store.outreach.standing import standings

    async def look() -> None:
        async with opened_database() as engine:
            groups = await standings(engine, consultation)
        if not groups:
            raise RecipientsError(f"{consultation} has no recipients; heard recipients import adds some")
        show_standings(Console(highlight=False), groups)

    asyncio.run(look())


@recipients.command("list")
def list_() -> None:
    """List the consultations that have recipients, and how many each has."""
    from bot.store.outreach.standing import recipient_counts

    async def look() -> None:
        async with opened_database() as engine:
            counts = await recipient_counts(engine)
        for name, number in counts.items():
            typer.echo(f"{number:>11,}  {name}")
        if not counts:
            typer.echo("There are no recipients. heard recipients import adds some.")

    asyncio.run(look())
