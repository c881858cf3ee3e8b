"""`heard caps`: the limits against harm, what today has come to, and setting them by hand."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opened import opened_database
from bot.core.money import shown_money
from bot.core.outreach.caps import (
    DEFAULT_PRICE,
    Cap,
    Change,
    Footing,
    Limits,
    Subject,
    read_value,
)
from bot.errors import CapsError

if TYPE_CHECKING:
    from bot.store.outreach.caps import Standing

caps = typer.Typer(
    help="See the limits against harm, and set them by hand; see docs/outreach.md.",
    invoke_without_command=True,
)

AsOption = Annotated[str, typer.Option("--as", metavar="NAME", help="Who decides it; kept with the change.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept with the change.")]
CountryArgument = Annotated[str, typer.Argument(help="Two letters, like UG (ISO 3166).")]


@caps.callback()
def show(context: typer.Context) -> None:
    """Show each cap, what today has come to, and who set it."""
    if context.invoked_subcommand is None:
        show_standing(Console(highlight=False), asyncio.run(_standing()), datetime.now(UTC))


@caps.command(name="set")
def set_(
    name: Annotated[Cap, typer.Argument(help="Which cap.")],
    value: Annotated[str, typer.Argument(help="A number; of spend-a-day, an amount of your own money.")],
    by: AsOption,
    reason: ReasonOption,
) -> None:
    """Set a cap. It holds at once, also for what is held now."""
    number = _value(name, value)
    before = asyncio.run(_standing()).limits.caps[name]
    _change(Change(name, value.strip().replace(",", ""), by, reason, datetime.now(UTC)))
    typer.echo(f"{name} is {_shown(name, number)}; it was {_shown(name, before)}.")


@caps.command()
def price(
    value: Annotated[str, typer.Argument(help="What a part of a message costs, in your own money.")],
    by: AsOption,
    reason: ReasonOption,
    country: Annotated[
        str | None, typer.Option(help="Where: two letters. Without, everywhere else.", show_default=False)
    ] = None,
) -> None:
    """Say what a part of a message costs, by which spend-a-day is counted."""
    number = _value(Subject.PRICE, value)
    where = None if country is None else _country(country)
    _change(Change(Subject.PRICE, value.strip(), by, reason, datetime.now(UTC), where))
    typer.echo(f"A part costs {shown_money(number)}{f' to {where}' if where else ''}.")


@caps.command(name="allow-country")
def allow_country(
    country: CountryArgument,
    by: AsOption,
    home: Annotated[
        bool, typer.Option("--home", help="You work there: abroad-a-day does not hold for it.")
    ] = False,
    reason: ReasonOption = "",
) -> None:
    """Allow messages that nobody asked for to the numbers of a country."""
    code = _country(country)
    footing = Footing.HOME if home else Footing.ABROAD
    _change(Change(Subject.COUNTRY, footing, by, reason, datetime.now(UTC), code))
    told = "you work there" if home else "abroad-a-day holds for it; with --home it does not"
    typer.echo(f"{code} is allowed: {told}.")


@caps.command(name="forbid-country")
def forbid_country(country: CountryArgument, by: AsOption, reason: ReasonOption = "") -> None:
    """Allow no such messages to a country any more. Who writes from there is answered."""
    code = _country(country)
    _change(Change(Subject.COUNTRY, Footing.FORBIDDEN, by, reason, datetime.now(UTC), code))
    typer.echo(f"{code} is not allowed.")


@caps.command()
def log() -> None:
    """Show all that was ever set, by whom and why, the newest last."""
    changes = asyncio.run(_standing()).changes
    if not changes:
        typer.echo("Nothing was set yet: what holds is what Heard comes with.")
        return
    table = Table("when (UTC)", "what", "value", "by", "reason", box=None, pad_edge=False)
    for one in changes:
        what = f"{one.subject} {one.country}" if one.country else one.subject
        table.add_row(f"{one.at:%Y-%m-%d %H:%M}", what, one.value, one.by, one.reason)
    Console(highlight=False).print(table)


def show_standing(console: Console, standing: "Standing", now: datetime) -> None:
    """Print the caps, prices and countries, and what is held by which of them."""
    from bot.outreach.caps import told, used_of

    limits = standing.limits
    set_by = {one.subject: one for one in standing.changes}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("cap")
    for heading in ("today", "limit"):
        table.add_column(heading, justify="right")
    table.add_column("set by")
    for cap in Cap:
        used = used_of(cap, standing.totals)
        last = set_by.get(cap)
        table.add_row(
            cap,
            "-" if used is None else _shown(cap, used),
            _shown(cap, limits.caps[cap]),
            f"{last.by}, {last.at:%Y-%m-%d}" if last else "Heard",
        )
    console.print(table)
    console.print()
    for line in (*_prices(limits), *_countries(limits)):
        console.print(line, soft_wrap=True)
    found = list(told(standing, now))
    for said, what_to_do in found:
        console.print(f"\n{said[0].upper()}{said[1:]}.\n→ {what_to_do}", soft_wrap=True)
    if not found:
        console.print("Nothing is held back.")


def _prices(limits: Limits) -> list[str]:
    listed = [f"{country} {shown_money(price)}" for country, price in sorted(_own(limits).items())]
    if None in limits.prices:
        return [f"A part costs {shown_money(limits.price(None))}{'; ' if listed else ''}{', '.join(listed)}."]
    assumed = f"A part is taken to cost {shown_money(DEFAULT_PRICE)}: heard caps price sets what yours costs."
    return [assumed, *([f"But: {', '.join(listed)}."] if listed else [])]


def _own(limits: Limits) -> dict[str, int]:
    return {country: price for country, price in limits.prices.items() if country is not None}


def _countries(limits: Limits) -> list[str]:
    at_home = sorted(one for one, footing in limits.countries.items() if footing is Footing.HOME)
    abroad = sorted(one for one, footing in limits.countries.items() if footing is Footing.ABROAD)
    if not at_home and not abroad:
        return ["No country is allowed: only who writes is answered. heard caps allow-country allows one."]
    return [
        f"Your own countries: {', '.join(at_home) or 'none'}. Others that are allowed: {', '.join(abroad) or 'none'}."
    ]


def _shown(cap: Cap, number: int) -> str:
    return shown_money(number) if cap.is_money else f"{number:,}"


def _value(subject: str, written: str) -> int:
    number = read_value(subject, written)
    if number is None:
        is_amount = subject == Subject.PRICE or Cap(subject).is_money
        wanted = "an amount like 0.045, with a point and no sign" if is_amount else "a whole number like 5000"
        raise CapsError(f"{subject} has to be {wanted}")
    return number


def _country(written: str) -> str:
    import phonenumbers

    code = written.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise CapsError(
            f"'{written}' is no country with phone numbers of its own; write two letters, like UG (ISO 3166)"
        )
    return code


def _change(new: Change) -> None:
    if not new.by.strip():
        raise CapsError("say with --as who decides it")
    if not new.reason.strip() and new.subject != Subject.COUNTRY:
        raise CapsError("say with --reason why")
    kept = replace(new, by=new.by.strip(), reason=new.reason.strip())
    released = asyncio.run(_keep(kept))
    if released:
        typer.echo(f"{released:,} held {'message is' if released == 1 else 'messages are'} tried again now.")


async def _keep(new: Change) -> int:
    from bot.store.outreach.caps import change

    async with opened_database() as engine:
        return await change(engine, new)


async def _standing() -> "Standing":
    from bot.settings import read_settings
    from bot.store.outreach.caps import standing
    from bot.store.outreach.countries import Countries
    from bot.store.vault import AddressSeal

    keys = read_settings().sealing_keys
    countries = Countries(AddressSeal(keys.get_secret_value()) if keys else None)
    async with opened_database() as engine:
        return await standing(engine, datetime.now(UTC), countries.if_known)
