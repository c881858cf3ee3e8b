"""`heard inbox`: messages that a person is to read and answer; see docs/inbox.md."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.inbox_people import people
from bot.cli.opened import opened_database
from bot.cli.showing import told
from bot.core.auditing import Act
from bot.errors import InboxError

if TYPE_CHECKING:
    from bot.core.auditing import Line
    from bot.outreach.inbox import Visitor
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.store.inbox import Case, Said

inbox = typer.Typer(help="Read and answer what people wrote who need a person.", no_args_is_help=True)
inbox.add_typer(people, name="people")

TOKEN = "HEARD_INBOX_TOKEN"  # noqa: S105 (the name of a variable)
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The case's number, as listed.")]
NameOption = Annotated[str, typer.Option("--as", help="Your name, as you were registered.")]
ReasonOption = Annotated[
    str, typer.Option(prompt="Why do you look", help="Kept in the audit for good: no names, no numbers.")
]
STYLES = {"urgent": "bold red", "sensitive": "yellow", "asked": ""}


@inbox.command(name="list")
def list_(
    consultation: Annotated[str | None, typer.Option(help="Only those of this consultation.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are done with.")] = False,
) -> None:
    """List what waits for a person: the urgent first. Neither words nor numbers are shown."""
    asyncio.run(_list(consultation, closed, Console(highlight=False)))


async def _list(consultation: str | None, closed: bool, console: Console) -> None:
    from bot.store.inbox import cases

    async with opened_database() as engine:
        found = await cases(engine, consultation, closed=closed)
    if not found:
        console.print("Nothing waits for a person." if not closed else "No case was closed yet.")
        return
    now = datetime.now(UTC)
    headings = ("case", "how", "consultation", "language", "since", "last wrote", "")
    table = Table(*headings, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for one in found:
        table.add_row(
            str(one.id),
            Text(one.urgency, style=STYLES[one.urgency]),
            one.consultation,
            one.language or "-",
            age(now - one.opened_at),
            age(now - one.written_at),
            _state(one, now),
        )
    console.print(table)


def _state(case: "Case", now: datetime) -> Text:
    if case.closed_at is not None:
        return Text(case.outcome or "")
    if case.is_overdue(now):
        return Text(f"not looked at, overdue by {age(now - case.due_at)}", style="bold red")
    return Text("not looked at" if case.is_unread else "looked at")


def age(since: timedelta) -> str:
    """Return how long something is ago, as people say it: `5 min`, `3 h`, `2 d`."""
    minutes = max(0, int(since.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


@inbox.command()
def show(number: NumberArgument, name: NameOption, reason: ReasonOption) -> None:
    """Show what somebody wrote and what was answered. That you looked, and why, is written down first."""
    asyncio.run(_show(number, name, reason, Console(highlight=False)))


async def _show(number: int, name: str, reason: str, console: Console) -> None:
    from bot.outreach.inbox import look, through
    from bot.store.inbox import reach

    async with _admitted(number, name, Act.LOOKED) as at:
        thread = await look(at.engine, at.visitor, at.case, reason)
        helper = (await reach(at.engine, number)).worker
        console.print(
            Text.assemble(
                (f"Case {at.case.id}", "bold"),
                f"  {at.case.urgency}, {at.case.consultation}, {at.case.language or 'no language chosen'}",
            )
        )
        if helper is not None:
            console.print(Text(f"To reach them: {through(told(helper))}.", style="dim"))
        for one in thread:
            _print_said(console, one)


def _print_said(console: Console, one: "Said") -> None:
    who = f"answered ({one.status})" if one.outbound else "wrote"
    about = f", in answer to {one.slot}" if one.slot else ""
    console.print(Text(f"{one.at:%Y-%m-%d %H:%M} UTC  {who}{about}", style="dim"))
    words = told(one.text) if one.has_words else "(a picture, a sound or a place, without words)"
    console.print(Padding(Text(words), (0, 0, 0, 3), expand=False))


@inbox.command()
def answer(
    number: NumberArgument,
    name: NameOption,
    file: Annotated[
        str | None, typer.Option(help="The text, in a file; - is standard input. Else you are asked.")
    ] = None,
    sure: Annotated[
        bool,
        typer.Option("--sure", help="Send it though it tells others who read the phone what it is about."),
    ] = False,
) -> None:
    """Answer: sent by SMS or chat, from the number or bot that they wrote to.

    Whoever holds the phone may read it: say nothing of what they wrote. What they write back comes to the same case.
    """
    asyncio.run(_answer(number, name, file, sure))


async def _answer(number: int, name: str, file: str | None, sure: bool) -> None:
    from bot.outreach.inbox import answer, cannot_write, compose, is_revealing
    from bot.store.inbox import reach
    from bot.wiring import sender_names

    async with _admitted(number, name, Act.ANSWERED) as at:
        senders = sender_names(at.settings)
        to = await reach(at.engine, number)
        # Before anybody takes the trouble to write.
        if why := cannot_write(to, senders, at.visitor.at):
            call = "" if to.worker else f"; a lead can call them (heard inbox reveal {number})"
            raise InboxError(f"{why}. Nothing was sent{call}")
        text = _text(file)
        if not sure and is_revealing(text, to.language):
            raise InboxError(
                "this tells whoever else reads the phone what they wrote about: say it so that it may be about "
                "anything, or send it with --sure. Nothing was sent"
            )
        letter = await compose(at.engine, at.case, to, text, at.settings.locales, senders, at.visitor.at)
        await answer(at.engine, at.visitor, at.case, letter)
    cost = f", {letter.segments} SMS" if letter.segments and to.channel == "sms" else ""
    typer.echo(f"Queued for case {number}{cost}. heard inbox show tells whether it arrived.")


def _text(file: str | None) -> str:
    if file is None:
        return str(typer.prompt("Your answer"))
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read: {type(error).__name__}") from None


@inbox.command(name="close")
def close_(
    number: NumberArgument,
    name: NameOption,
    outcome: Annotated[str, typer.Option(help="answered, referred or mistaken.")],
) -> None:
    """Close a case. Where its person's questions wait for that, the next one is asked again."""
    asyncio.run(_close(number, name, outcome))


async def _close(number: int, name: str, outcome: str) -> None:
    from bot.outreach.inbox import close
    from bot.store.inbox import Closing
    from bot.wiring import sender_names

    if outcome not in list(Closing):
        raise typer.BadParameter(f"it is one of: {', '.join(Closing)}", param_hint="--outcome")
    async with _admitted(number, name, Act.CLOSED) as at:
        why = await close(
            at.engine,
            at.visitor,
            at.case,
            Closing(outcome),
            at.settings.locales,
            sender_names(at.settings),
        )
    typer.echo(f"Case {number} is closed: {outcome}.")
    typer.echo(f"No question is asked: {why}." if why else "The question that waited is asked again.")


@inbox.command()
def reveal(number: NumberArgument, name: NameOption, reason: ReasonOption) -> None:
    """Show where somebody is reached: for a lead alone, in an emergency. It is written down first."""
    asyncio.run(_reveal(number, name, reason))


async def _reveal(number: int, name: str, reason: str) -> None:
    from bot.outreach.inbox import reveal
    from bot.settings import sealing
    from bot.store.vault import AddressSeal

    async with _admitted(number, name, Act.REVEALED) as at:
        seal = AddressSeal(sealing(at.settings).get_secret_value())
        address = await reveal(at.engine, at.visitor, at.case, reason, seal)
    typer.echo(address.reveal())


@inbox.command()
def audit(
    verify: Annotated[
        bool, typer.Option("--verify", help="See whether any line was changed or is gone.")
    ] = False,
    known: Annotated[
        str | None, typer.Option(help="With --verify: a hash noted earlier, which must still be there.")
    ] = None,
    case: Annotated[int | None, typer.Option(help="Only the lines about this case.")] = None,
) -> None:
    """Show who looked at what, and why.

    Note the last hash elsewhere now and then: by it, an audit is found out that was shortened.
    """
    from bot.core.auditing import broken_at
    from bot.store.auditing import audit

    async def read() -> "Sequence[Line]":
        async with opened_database() as engine:
            return await audit(engine)

    lines = asyncio.run(read())
    if not verify:
        _print_lines([one for one in lines if case is None or one.entry.subject == case])
        return
    if (broken := broken_at(lines)) is not None:
        raise InboxError(f"line {broken} of the audit was changed, or the one before it is gone")
    if known is not None and known not in {line.hash for line in lines}:
        raise InboxError("the hash that you noted is not in the audit any more: lines are gone")
    told = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    typer.echo(f"{told}, each as it was written and in its place.")
    if lines:
        typer.echo(f"The last hash is {lines[-1].hash}")


def _print_lines(lines: "Sequence[Line]") -> None:
    table = Table(
        "line", "when (UTC)", "who", "did", "number", "consultation", "why", box=None, pad_edge=False
    )
    table.columns[1].no_wrap = True
    acted_on_people = (Act.REGISTERED, Act.REVOKED)
    for line in lines:
        entry = line.entry
        kind = "person" if entry.act in acted_on_people else "case"
        subject = f"{kind} {entry.subject}" if entry.subject is not None else ""
        when = f"{entry.at:%Y-%m-%d %H:%M}"
        cells = (
            str(line.number),
            when,
            entry.who,
            entry.act,
            subject,
            entry.consultation or "",
            entry.detail,
        )
        table.add_row(*(Text(told(cell)) for cell in cells))
    Console(highlight=False).print(table)


@dataclass(frozen=True, slots=True)
class _Admitted:
    settings: "Settings"
    engine: "Database"
    case: "Case"
    visitor: "Visitor"


@asynccontextmanager
async def _admitted(number: int, name: str, act: Act) -> AsyncGenerator[_Admitted]:
    """Open the inbox for one act of somebody who may do it.

    Raises:
        InboxError: they may not, or there is no such case.
    """
    from bot.outreach.inbox import admit
    from bot.settings import read_settings
    from bot.store.inbox import case

    secret = os.environ.get(TOKEN) or typer.prompt("Your token", hide_input=True, err=True)
    settings = read_settings()
    async with opened_database() as engine:
        of = await case(engine, number)
        yield _Admitted(
            settings, engine, of, await admit(engine, secret.strip(), name, of, act, datetime.now(UTC))
        )
