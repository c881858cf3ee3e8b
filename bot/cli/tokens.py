"""`heard tokens`: who may read results and answers over the API, until when."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opened import opened_database
from bot.errors import TokenError

if TYPE_CHECKING:
    from bot.store.tokens import NewToken, Token

tokens = typer.Typer(
    help="Let policy teams read results over the API; see docs/api.md.", no_args_is_help=True
)

ALL = "all"
LONGEST_DAYS = 366


@tokens.command()
def create(
    consultation: Annotated[str, typer.Option(help="The consultation's id, or all.")],
    scopes: Annotated[str, typer.Option(help="results, answers, answers:words; commas between.")],
    expires: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it is good; a year at most.")
    ],
    holder: Annotated[str, typer.Option("--for", help="Who gets it, so that you know later.")],
) -> None:
    """Make a token and show it, this once: only its hash is stored."""
    made = asyncio.run(_create(consultation, scopes, expires.date(), holder))
    typer.echo(f"Token {made.id}, for {holder}. It is not shown again:", err=True)
    typer.echo(made.secret)


@tokens.command(name="list")
def list_() -> None:
    """List every token: who has it, what it reads, until when, and when it was used last."""
    listed = asyncio.run(_list())
    if not listed:
        typer.echo("There are no tokens. heard tokens create makes one.")
        return
    table = Table("id", "for", "consultation", "scopes", "until", "last used", "", box=None, pad_edge=False)
    now = datetime.now(UTC)
    for one in listed:
        table.add_row(
            str(one.id),
            one.holder,
            one.consultation or ALL,
            ", ".join(sorted(one.scopes)),
            f"{one.expires_at - timedelta(seconds=1):%Y-%m-%d}",
            f"{one.last_used_at:%Y-%m-%d %H}h" if one.last_used_at else "never",
            "" if one.is_good(now) else "revoked" if one.revoked_at else "run out",
        )
    Console(highlight=False).print(table)


@tokens.command()
def revoke(
    token: Annotated[int, typer.Argument(metavar="ID", help="The token's number, as listed.")],
) -> None:
    """Have a token be good for nothing any more, from the next request on."""
    asyncio.run(_revoke(token))
    typer.echo(f"Token {token} is revoked.")


async def _create(consultation: str, scopes: str, until: date, holder: str) -> "NewToken":
    from bot.store.reading import consultations
    from bot.store.tokens import TokenScope, create_token

    wanted = {one.strip() for one in scopes.split(",") if one.strip()}
    if unknown := wanted - set(TokenScope):
        raise TokenError(
            f"there is no scope {', '.join(sorted(unknown))}; there are: {', '.join(TokenScope)}"
        )
    if not wanted:
        raise TokenError(f"say what it may read: {', '.join(TokenScope)}")
    if TokenScope.WORDS in wanted and TokenScope.ANSWERS not in wanted:
        raise TokenError(f"{TokenScope.WORDS} adds to {TokenScope.ANSWERS}: name both")
    now = datetime.now(UTC)
    if not now.date() <= until <= now.date() + timedelta(days=LONGEST_DAYS):
        raise TokenError(
            "a token is good for a day at least and a year at most: give another day with --expires"
        )
    if not holder.strip():
        raise TokenError("say who gets it, with --for: you will want to know when you list them")
    async with opened_database() as engine:
        if consultation != ALL and consultation not in (known := await consultations(engine)):
            there = f"there are: {', '.join(known)}, and {ALL}" if known else "none was offered here yet"
            raise TokenError(f"there is no consultation '{consultation}'; {there}")
        ends = datetime.combine(until + timedelta(days=1), time(), UTC)
        return await create_token(
            engine,
            None if consultation == ALL else consultation,
            [TokenScope(one) for one in wanted],
            holder,
            ends,
            now,
        )


async def _list() -> Sequence["Token"]:
    from bot.store.tokens import tokens

    async with opened_database() as engine:
        return await tokens(engine)


async def _revoke(token: int) -> None:
    from bot.store.tokens import revoke_token

    async with opened_database() as engine:
        await revoke_token(engine, token, datetime.now(UTC))
