"""Telling people what came of a finding: first who, how and at what cost; then the messages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from bot.cli.findings_shown import count_people
from bot.cli.opened import opened_database
from bot.errors import FindingsError
from bot.store.notices import Group, Standing

if TYPE_CHECKING:
    from bot.core.findings import Finding
    from bot.outbox.notices import Telling

WHY = {
    Standing.TOLD: "told already",
    Standing.OPTED_OUT: "sent STOP",
    Standing.GONE: "not to be reached any more, a message did not arrive",
    Standing.NO_WORDS: "no words yet in the language they answered in",
    Standing.CLOSED: "wrote on WhatsApp more than a day ago, and it allows nothing freely written after that",
    Standing.NO_SENDER: "wrote to a number or bot that is not in the settings any more",
}


async def tell_people(
    console: Console, finding_id: int, yes: int | None, price: float | None, at: datetime | None
) -> None:
    """Print what it comes to; where `yes` is the number of people, queue their messages.

    Raises:
        FindingsError: there is no such finding, or `yes` is not the number.
    """
    from bot.cli.outlook_shown import told
    from bot.outbox.notices import outlook_of, prepare
    from bot.settings import read_settings, sealing
    from bot.store.findings import finding
    from bot.store.notices import tell
    from bot.store.vault import AddressSeal
    from bot.wiring import sender_names

    settings = read_settings()
    senders, seal = sender_names(settings), AddressSeal(sealing(settings).get_secret_value())
    now = datetime.now(UTC)
    due_at = max(at, now) if at else now
    async with opened_database() as engine:
        of = await finding(engine, finding_id)
        telling = await prepare(engine, of, senders, due_at)
        show_telling(console, of, telling, price)
        ahead = [*told(await outlook_of(engine, of, telling, senders, due_at, seal))]
        for line in ahead if telling.people else ():
            console.print(line, soft_wrap=True)
        if yes is None:
            if telling.people:
                console.print(
                    f"\nNobody was told. To tell them: heard findings tell {of.id} --yes {telling.people}"
                )
            return
        if yes != telling.people:
            raise FindingsError(
                f"there are {telling.people:,} people to tell and not {yes:,}: nobody was told"
            )
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Queueing", total=yes)
            queued = 0
            async for more in tell(engine, of, telling.wordings, senders, now, due_at=due_at, most=yes):
                queued += more
                progress.advance(task, more)
    queue = f"{queued:,} {'message is' if queued == 1 else 'messages are'} in the outbox."
    held = " Not all of them can leave today, as told above." if ahead and queued else ""
    console.print(
        f"\n{queue}{held} To see how they fare: heard findings list {of.consultation}", soft_wrap=True
    )


def show_telling(console: Console, of: "Finding", telling: "Telling", price: float | None) -> None:
    """Print how many people are told how, at what cost, who is not and why, and the words."""
    console.print(Text.assemble((of.title, "bold"), f"  {of.now.state}"))
    console.print(f"{count_people(telling.people)} can be told.")
    if telling.ready:
        console.print()
        console.print(_table(telling, price))
    for line in _left_out(telling.left_out):
        console.print(line)
    shown = {wording.language: wording for wording in telling.wordings}
    for language, wording in sorted(shown.items()):
        console.print()
        console.print(Text.assemble((f"{language}: ", "bold"), wording.text))


def _table(telling: "Telling", price: float | None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("channel", "language"):
        table.add_column(heading)
    for heading in ("people", "SMS parts each", "parts", *(("price",) if price is not None else ())):
        table.add_column(heading, justify="right")
    for group in telling.ready:
        each = telling.wording(group).segments
        parts = group.people * (each or 0)
        cells = [f"{group.people:,}", str(each or "-"), f"{parts:,}" if each else "-"]
        table.add_row(group.channel, group.language, *cells, *_paid(parts, price))
    table.add_row("all", "", f"{telling.people:,}", "", f"{telling.parts:,}", *_paid(telling.parts, price))
    return table


def _paid(parts: int, price: float | None) -> list[str]:
    return [] if price is None else [f"{parts * price:,.2f}"]


def _left_out(groups: Sequence[Group]) -> list[str]:
    """Return a line for each reason why people are not told, with their number, and of which languages."""
    lines = []
    for standing, why in WHY.items():
        those = [group for group in groups if group.standing is standing]
        people = sum(group.people for group in those)
        if not people:
            continue
        languages = sorted({group.language or "not chosen" for group in those})
        which = f" ({', '.join(languages)})" if standing is Standing.NO_WORDS else ""
        lines.append(f"{count_people(people)}: {why}{which}.")
    return ["", *lines] if lines else []
