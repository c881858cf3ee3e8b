"""`heard assist workers`: who may help others to answer. A worker's number is shown once, and no phone ever."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from secrets import randbelow
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.offered import offered_flow
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.cli.showing import visible
from bot.errors import WorkerError

if TYPE_CHECKING:
    from bot.store.workers import ListedWorker, NewPin

workers = typer.Typer(help="Let workers help others to answer, by message or here.", no_args_is_help=True)

PIN_VALID_DAYS = 7
"""Days in which a number has to be used for the first time: one that was lost on the way is worth nothing soon."""
MAY_HELP_DAYS = 30
LONGEST_DAYS = 366
LONGEST_NAME = 60
DRAWS = 20
"""Numbers drawn before it is told that most are taken."""

NameArgument = Annotated[str, typer.Argument(help="The worker's name, for you alone: it is in no results.")]
ConsultationOption = Annotated[str, typer.Option(help="The consultation's id.")]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help=f"The last day on which they may help. Default: {MAY_HELP_DAYS} days from now.",
        show_default=False,
    ),
]
NoPinOption = Annotated[bool, typer.Option("--no-pin", help="They help here and with forms alone.")]


@workers.command()
def add(
    name: NameArgument,
    consultation: ConsultationOption,
    until: UntilOption = None,
    no_pin: NoPinOption = False,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Add a worker, and show their number, this once: only its hash is stored."""
    from bot.store.workers import add_worker

    offered_flow(consultation, flows, locales)

    async def keep(pin: "NewPin | None", ends: datetime, now: datetime) -> None:
        async with opened_database() as engine:
            await add_worker(engine, consultation, _named(name), pin, ends, now)

    _tell(name, consultation, asyncio.run(_with_pin(keep, until, no_pin=no_pin)))


@workers.command()
def renew(
    name: NameArgument,
    consultation: ConsultationOption,
    until: UntilOption = None,
    no_pin: NoPinOption = False,
) -> None:
    """Give a worker another number, as for another phone; the one before is good for nothing any more."""
    from bot.store.workers import renew_worker

    async def keep(pin: "NewPin | None", ends: datetime, _: datetime) -> None:
        async with opened_database() as engine:
            await renew_worker(engine, consultation, _named(name), pin, ends)

    _tell(name, consultation, asyncio.run(_with_pin(keep, until, no_pin=no_pin)))


@workers.command()
def revoke(name: NameArgument, consultation: ConsultationOption) -> None:
    """Have a worker help nobody any more, from their next message on. What they have helped with stays."""
    from bot.store.workers import revoke_worker

    async def keep() -> None:
        async with opened_database() as engine:
            await revoke_worker(engine, consultation, _named(name), datetime.now(UTC))

    asyncio.run(keep())
    typer.echo(f"{_named(name)} helps nobody any more.")


@workers.command(name="list")
def list_(
    consultation: Annotated[str | None, typer.Option(help="Only those of this consultation.")] = None,
) -> None:
    """List the workers, until when they may help, and how many people they have helped."""
    listed = asyncio.run(_list(consultation))
    if not listed:
        typer.echo("There are no workers. heard assist workers add makes one.")
        return
    now = datetime.now(UTC)
    console = Console(highlight=False)
    for of, theirs in groupby(sorted(listed, key=lambda one: one.consultation), lambda one: one.consultation):
        console.print(of)
        table = Table("id", "name", "until", "helped", "complete", "refused", "last", "", box=None)
        for one in theirs:
            table.add_row(
                *(str(one.id), visible(one.name), f"{one.until - timedelta(seconds=1):%Y-%m-%d}"),
                *(str(one.interviews), str(one.complete), str(one.refused)),
                *(f"{one.last_at:%Y-%m-%d}" if one.last_at else "never", _standing(one, now)),
            )
        console.print(table)


def _standing(worker: "ListedWorker", now: datetime) -> str:
    if worker.revoked_at is not None:
        return "revoked"
    if not worker.may_help(now):
        return "run out"
    if worker.in_a_chat:
        return "in a chat"
    if worker.waits_until is None:
        return "here alone"
    return "number not used yet" if now < worker.waits_until else "number run out"


async def _list(consultation: str | None) -> Sequence["ListedWorker"]:
    from bot.store.workers import list_workers

    async with opened_database() as engine:
        return await list_workers(engine, consultation)


async def _with_pin(
    keep: Callable[["NewPin | None", datetime, datetime], Awaitable[None]],
    until: datetime | None,
    *,
    no_pin: bool,
) -> str | None:
    """Return the number that was drawn and kept; None where there is to be none."""
    from bot.core.reception import PIN_DIGITS
    from bot.settings import read_settings, vault
    from bot.store.workers import NewPin, PinTaken

    now = datetime.now(UTC)
    ends = _ends(until.date() if until else None, now)
    if no_pin:
        await keep(None, ends, now)
        return None
    _, pepper = vault(read_settings())
    for _ in range(DRAWS):
        pin = f"{randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
        try:
            await keep(NewPin(pepper.hash_pin(pin), now + timedelta(days=PIN_VALID_DAYS)), ends, now)
        except PinTaken:
            continue
        return pin
    raise WorkerError("nearly all numbers are taken: revoke or renew workers who have left")


def _ends(last_day: date | None, now: datetime) -> datetime:
    day = last_day or (now + timedelta(days=MAY_HELP_DAYS)).date()
    if not now.date() <= day <= now.date() + timedelta(days=LONGEST_DAYS):
        raise WorkerError(
            "a worker may help for a day at least and a year at most: give another day with --until"
        )
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _named(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise WorkerError(f"a name has 1 to {LONGEST_NAME} letters")
    return named


def _tell(name: str, consultation: str, pin: str | None) -> None:
    if pin is None:
        typer.echo(f"{_named(name)} may help with {consultation}, here and with forms.")
        return
    typer.echo(
        f"{_named(name)} may help with {consultation}. From their own phone they send this, once:", err=True
    )
    typer.echo(f"ASSIST {pin}")
    typer.echo(
        f"It is not shown again. It works from the first phone that sends it, within {PIN_VALID_DAYS} days.",
        err=True,
    )
