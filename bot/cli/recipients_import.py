"""Taking a list of recipients in, or out: read and checked whole, then stored a page at a time."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import phonenumbers
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.channels import Channel
from bot.channels.senders import Sender, countries_of
from bot.cli.opened import opened_database
from bot.cli.recipients_told import Found, found_in, tell_countries, tell_outside, tell_taken
from bot.core.outreach.hours import Hours
from bot.core.problems import Problem
from bot.core.spoken import language_words
from bot.errors import FlowsError, RecipientsError, SheetError
from bot.flowfiles.folder import Flow
from bot.flowfiles.outreach import outreach_file, read_outreach, sending_country
from bot.outreach.recipients.checking import Waiting, check
from bot.outreach.recipients.columns import Columns, Field, phone_column, read_columns
from bot.outreach.recipients.faults import fault
from bot.outreach.recipients.numbers import Number, read_number
from bot.outreach.recipients.rows import OTHER, DateOrder, Reader, Rules, source_fault
from bot.outreach.recipients.sheets import Making, Sheet, open_sheet, piped
from bot.settings import read_settings, vault
from bot.store.outreach.recipients import PAGE, TakenIn, take_in
from bot.store.outreach.removing import Removed, remove

ANYWHERE = timedelta(hours=14)
"""How far the clocks of the first places to see a day are ahead of UTC."""
PIPE = Path("-")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organiser says of a list, in the words of the command."""

    file: Path
    making: Making
    channel: Channel = Channel.SMS
    country: str | None = None
    only_countries: str | None = None
    columns: Sequence[str] = ()
    dropped: Sequence[str] = ()
    dates: DateOrder | None = None
    consent_source: str | None = None
    consented_on: date | None = None
    skip_bad: bool = False
    problems: Path | None = None
    check: bool = False


async def import_list(flow: Flow, asked: Asked) -> None:
    """Store the people of a list; say what is wrong with it, and end with 1, where something is."""
    settings, now = read_settings(), datetime.now(UTC)
    seal, pepper = vault(settings)
    rules = _rules(flow, asked, settings.senders, now)
    async with opened_database() as engine:
        with TemporaryFile() as file:
            waiting, bad = Waiting(file), 0
            with found_in(asked.problems) as found, _caught(found), _opened(asked.file) as opened:
                sheet = open_sheet(opened, asked.making)
                reader = Reader(_columns(sheet, asked), rules, pepper, seal)
                bad = _check(reader, sheet, waiting, found)
            _tell(found, asked)
            if asked.check:
                typer.echo(f"Read as {sheet.told}. {waiting.people:,} people could be stored. Nothing was.")
                _tell_of(flow, waiting, rules)
                return
            taken, channels = TakenIn(), (asked.channel, OTHER[asked.channel])
            with _progress() as progress:
                task = progress.add_task("Storing", total=waiting.people, count="")
                async for page in take_in(engine, flow.questionnaire.id, channels, waiting.pages(), now):
                    taken += page
                    progress.update(task, completed=taken.people, count=f"{taken.people:,} people")
    typer.echo(f"Read as {sheet.told}.")
    tell_taken(flow.questionnaire.id, taken, bad)
    _tell_of(flow, waiting, rules)
    if not settings.senders:
        typer.echo("TWILIO_FROM is not set, so that it was not checked which countries can be written to.")


def _tell_of(flow: Flow, waiting: Waiting, rules: Rules) -> None:
    """Say what is to be looked at in a list that is right as far as can be told."""
    tell_countries(waiting.countries, rules.country)
    outreach = flow.questionnaire.outreach
    if outreach is not None and outreach.quotas is not None:
        tell_outside(outreach.quotas, flow.questionnaire, waiting.values)


def _check(reader: Reader, sheet: Sheet, waiting: Waiting, found: Found) -> int:
    """Return how many rows have problems."""
    rows = 0
    with _progress() as progress:
        task = progress.add_task("Reading", total=1.0, count="")

        def told(more: int) -> None:
            nonlocal rows
            rows += more
            progress.update(task, completed=sheet.read(), count=f"{rows:,} rows")

        return check(reader, sheet.rows, waiting, found.add, told)


async def remove_list(consultation: str, asked: Asked, flows: Path) -> None:
    """Take the people of a list out of the recipients; none, where a number cannot be read.

    What was understood when it was taken in is understood here too: without a country of their own, numbers are of the
    country that the outreach file names.
    """
    country = _country(asked.country or sending_country(outreach_file(flows, consultation)))
    _, pepper = vault(read_settings())
    places: list[tuple[str, str]] = []
    with found_in(asked.problems) as found, _caught(found), _opened(asked.file) as opened:
        sheet = open_sheet(opened, asked.making)
        place = phone_column(sheet.heading, dict(_pairs(asked.columns)).get(Field.PHONE))
        if isinstance(place, Problem):
            raise SheetError([place])
        for row, cells in sheet.rows:
            number = read_number(cells[place].strip() if place < len(cells) else "", country)
            if isinstance(number, Number):
                places += [(channel, pepper.hash(channel, number.address)) for channel in OTHER]
            # What takes no messages cannot have been taken in.
            elif number not in ("recipient-landline", "recipient-special"):
                found.add(fault(number, Field.PHONE, row))
    _tell(found, asked)
    removed = Removed()
    async with opened_database() as engine:
        pages = (places[start : start + PAGE] for start in range(0, len(places), PAGE))
        async for page in remove(engine, consultation, pages, datetime.now(UTC)):
            removed += page
    typer.echo(f"{removed.removed:,} taken out of the recipients of {consultation}.")
    if removed.opted_out:
        typer.echo(
            f"{removed.opted_out:,} are in a campaign. They stay, so that nobody invites them again, and are opted "
            "out: nothing is sent to them any more."
        )


@contextmanager
def _caught(found: Found) -> Iterator[None]:
    """Add what keeps a file from being read to what is found in it."""
    try:
        yield
    except SheetError as error:
        for problem in error.problems:
            found.add(problem)


def _tell(found: Found, asked: Asked) -> None:
    """Say what was found wrong, and end with 1 unless it can be passed over."""
    if not found.counts:
        return
    console = Console(highlight=False, stderr=True)
    if asked.skip_bad and not found.of_the_file:
        found.sum_up(console)
        return
    found.show(console, "standard input" if asked.file == PIPE else str(asked.file))
    count = found.counts.total()
    told = f"{count:,} problem{'' if count == 1 else 's'}. Nothing was stored or changed."
    console.print(told, style="bold red")
    if not found.of_the_file:
        console.print("Mend the list, or pass over these rows: --skip-bad")
    raise typer.Exit(1)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file == PIPE:
        yield piped(sys.stdin.buffer)
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise RecipientsError(f"{file} cannot be read: {error.strerror}") from None
    with opened:
        yield opened


def _rules(flow: Flow, asked: Asked, senders: Sequence[Sender], now: datetime) -> Rules:
    questionnaire = flow.questionnaire
    file = outreach_file(flow.file.parent, flow.file.stem)
    outreach = read_outreach(file, questionnaire) if file.exists() else None
    if isinstance(outreach, tuple):
        raise FlowsError(outreach)
    latest = (now + ANYWHERE).date()
    if asked.consent_source is not None and source_fault(asked.consent_source):
        raise RecipientsError("--consent-source has to say in some words how people agreed to be written to")
    if asked.consented_on is not None and asked.consented_on > latest:
        raise RecipientsError("--consent-date is yet to come")
    reached = countries_of(senders, asked.channel) if senders else None
    only = _countries(asked.only_countries)
    return Rules(
        asked.channel,
        language_words(questionnaire),
        outreach.hours if outreach else Hours(),
        now,
        latest,
        _country(asked.country) or (outreach.country if outreach else None),
        only if reached is None else reached if only is None else reached & only,
        asked.dates,
        asked.consent_source,
        asked.consented_on,
    )


def _country(written: str | None) -> str | None:
    if written is None:
        return None
    country = written.strip().upper()
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise RecipientsError(f"'{written}' is no country: write its two letters, like KE")
    return country


def _countries(written: str | None) -> frozenset[str] | None:
    found = (_country(one) for one in written.split(",")) if written else ()
    return frozenset(one for one in found if one is not None) or None


def _columns(sheet: Sheet, asked: Asked) -> Columns:
    given = {
        Field.CONSENT_SOURCE: asked.consent_source is not None,
        Field.CONSENT_DATE: asked.consented_on is not None,
    }
    said = [field for field, is_said in given.items() if is_said]
    columns = read_columns(sheet.heading, dict(_pairs(asked.columns)), asked.dropped, said)
    if isinstance(columns, tuple):
        raise SheetError(columns)
    return columns


def _pairs(columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields and columns of `phone=Mobile no.`."""
    for one in columns:
        field, sign, heading = one.partition("=")
        if not (sign and heading.strip()):
            raise RecipientsError(f'--column {one!r} is not like phone="Mobile no."')
        known = next((each for each in Field if each == field.strip().casefold().replace("_", " ")), field)
        yield known, heading


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
