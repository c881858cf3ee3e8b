"""`heard inbox people`: who may read what people wrote who need a person."""

import asyncio
import getpass
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opened import opened_database
from bot.errors import InboxError

if TYPE_CHECKING:
    from bot.store.inbox_people import Registered

people = typer.Typer(help="Who may look at the inbox.", no_args_is_help=True)

LONGEST_DAYS = 366


@people.command()
def add(
    name: Annotated[str, typer.Argument(help="Their name; they give it with each look.")],
    consultation: Annotated[str, typer.Option(help="The consultation's id, or all.")],
    expires: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="The last day on which they may look; a year at most."),
    ],
    lead: Annotated[
        bool, typer.Option("--lead", help="A safeguarding lead: they may have a phone number shown.")
    ] = False,
) -> None:
    """Let somebody in, and show their token, this once: only its hash is stored."""
    number, secret = asyncio.run(_add(name.strip(), consultation, lead, expires.date()))
    typer.echo(f"Person {number}, {name}. Give them this token; it is not shown again:", err=True)
    typer.echo(secret)


async def _add(name: str, consultation: str, lead: bool, until: date) -> tuple[int, str]:
    from bot.store.inbox_people import ALL, register
    from bot.store.reading import consultations

    if not 1 <= len(name) <= 60 or sum(map(str.isdigit, name)) > 4:
        raise InboxError("a name has 1 to 60 letters, and is no number: the audit keeps it")
    now = datetime.now(UTC)
    if not now.date() <= until <= now.date() + timedelta(days=LONGEST_DAYS):
        raise InboxError("somebody may look for a day at least and a year at most: give another day")
    async with opened_database() as engine:
        if consultation != ALL and consultation not in (known := await consultations(engine)):
            there = f"there are: {', '.join(known)}, and {ALL}" if known else "none was offered here yet"
            raise InboxError(f"there is no consultation '{consultation}'; {there}")
        ends = datetime.combine(until + timedelta(days=1), time(), UTC)
        return await register(engine, name, consultation, lead, ends, now, operator())


@people.command(name="list")
def list_() -> None:
    """List everybody who was ever let in."""
    listed = asyncio.run(_list())
    if not listed:
        typer.echo("Nobody may look at the inbox. heard inbox people add lets somebody in.")
        return
    table = Table("id", "name", "consultation", "role", "until", "", box=None, pad_edge=False)
    now = datetime.now(UTC)
    for one in listed:
        table.add_row(
            str(one.id),
            one.name,
            one.consultation,
            "lead" if one.is_lead else "answers",
            f"{one.expires_at - timedelta(seconds=1):%Y-%m-%d}",
            "" if one.is_good(now) else "revoked" if one.revoked_at else "run out",
        )
    Console(highlight=False).print(table)


async def _list() -> "Sequence[Registered]":
    from bot.store.inbox_people import registered

    async with opened_database() as engine:
        return await registered(engine)


@people.command()
def revoke(
    person: Annotated[int, typer.Argument(metavar="ID", help="The person's number, as listed.")],
) -> None:
    """Let somebody look no more, from now on."""
    asyncio.run(_revoke(person))
    typer.echo(f"Person {person} may not look any more.")


async def _revoke(person: int) -> None:
    from bot.store.inbox_people import revoke

    async with opened_database() as engine:
        await revoke(engine, person, datetime.now(UTC), operator())


def operator() -> str:
    """Return the account of this machine that a command runs under: who lets people in is who operates Heard."""
    try:
        return f"{getpass.getuser()} (operator)"
    except (KeyError, OSError):
        return "operator"
