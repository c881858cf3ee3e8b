"""`heard outbox`: what waits to be sent, what is stuck and why, and sending it again."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.opened import opened_database

if TYPE_CHECKING:
    from bot.store.sending import OpenLetter

outbox = typer.Typer(help="See what waits to be sent, and what could not be.", no_args_is_help=True)


class Stuck(StrEnum):
    """Messages that nothing happens to any more by itself, or only slowly."""

    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNDELIVERED = "undelivered"


MEANINGS = {
    "queued": "wait until they are due",
    "sending": "are in a worker's hands",
    "uncertain": "may have been sent; the provider will be asked",
    "failed": "will not be sent: they were refused, or came too late for WhatsApp",
    "undelivered": "were sent and did not arrive",
}
MostOption = Annotated[int, typer.Option("--most", min=1, help="How many to list.")]


@outbox.command(name="list")
def list_(
    state: Annotated[Stuck, typer.Option(help="Which messages.")] = Stuck.FAILED, most: MostOption = 50
) -> None:
    """Count what is in the outbox, and list what is stuck, the oldest first. Neither words nor numbers show."""
    counts, letters = asyncio.run(_look(state, most))
    for name, meaning in MEANINGS.items():
        typer.echo(f"{counts[name]:>9,} {name:<11} {meaning}")
    if not letters:
        return
    table = Table("id", "sender", "attempts", "provider's error", "since (UTC)", box=None, pad_edge=False)
    for one in letters:
        since = one.created_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(str(one.id), one.sender or "(reply)", str(one.attempts), one.error or "", since)
    Console().print("", table)
    if counts[state] > len(letters):
        typer.echo(f"... and {counts[state] - len(letters):,} more.")
    errors = sorted({one.error for one in letters if one.error})
    for told in filter(None, map(_told, errors)):
        typer.echo(told)
    typer.echo("\nTo have them sent again: heard outbox requeue ID..., or --all.")


@outbox.command()
def requeue(
    ids: Annotated[
        list[int] | None, typer.Argument(help="Which messages, as listed.", metavar="[ID]...")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All of that state.")] = False,
    state: Annotated[Stuck, typer.Option(help="Of which state they are.")] = Stuck.FAILED,
) -> None:
    """Have messages sent again. What is uncertain may then reach people a second time."""
    if bool(ids) == all_:
        raise typer.BadParameter("name messages, or say --all")
    count = asyncio.run(_requeue(state, None if all_ else ids))
    typer.echo(f"{count:,} {'message' if count == 1 else 'messages'} will be sent again.")
    if ids and count < len(ids):
        typer.echo(f"{len(ids) - count:,} of them were not {state.value}, and stay as they are.")


@outbox.command()
def hold() -> None:
    """Set aside all that waits, after a back-up was restored: it may have been sent since that was made."""
    count = asyncio.run(_hold())
    typer.echo(f"{count:,} {'message is' if count == 1 else 'messages are'} set aside.")
    if count:
        typer.echo("To see them: heard outbox list. To have them sent: heard outbox requeue ID..., or --all.")


def _told(error: str) -> str | None:
    """Return what an error means, where that is known."""
    from bot.channels.twilio_errors import code_of
    from bot.core.outreach.caps import HELD
    from bot.outreach.caps import remedy
    from bot.store.outbox import WINDOW_CLOSED

    if error.startswith(HELD):
        return f"{error} means: {remedy(error)}"
    if error == WINDOW_CLOSED:
        return f"{error} means: WhatsApp allows free text for a day after the person's last message alone."
    known = code_of(error)
    return f"{error} means: {known.words}." if known else None


async def _look(state: Stuck, most: int) -> tuple[dict[str, int], Sequence["OpenLetter"]]:
    from bot.store.letters import count_open, open_letters
    from bot.store.sending import OutboundStatus

    async with opened_database() as engine:
        return dict(await count_open(engine)), await open_letters(engine, OutboundStatus(state), most)


async def _requeue(state: Stuck, ids: Sequence[int] | None) -> int:
    from bot.store.letters import requeue
    from bot.store.sending import OutboundStatus

    async with opened_database() as engine:
        return await requeue(engine, OutboundStatus(state), ids, datetime.now(UTC))


async def _hold() -> int:
    from bot.store.letters import hold

    async with opened_database() as engine:
        return await hold(engine, datetime.now(UTC))
