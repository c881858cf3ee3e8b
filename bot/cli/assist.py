"""`heard assist`: help people without a phone to answer, one after the other; and who may do so by message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from bot.cli.assist_workers import workers
from bot.cli.chat import Look, ask, shown
from bot.cli.options import FlowsOption, LocalesOption

if TYPE_CHECKING:
    from bot.channels import Address
    from bot.intake import Intake


class _HoldsByDefault(TyperGroup):
    """Takes what is no command for a consultation: `heard assist CONSULTATION` holds one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["hold", *args]
        return super().resolve_command(ctx, args)


assist = typer.Typer(
    cls=_HoldsByDefault,
    help="Help people without a phone to answer: heard assist CONSULTATION --worker NAME. See docs/outreach.md.",
    no_args_is_help=True,
)
assist.add_typer(workers, name="workers")


@assist.command()
def hold(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    worker: Annotated[str, typer.Option(help="Who asks the questions: a worker, as they were added.")],
    look: Annotated[Look, typer.Option("--channel", help="How questions are shown.")] = Look.SMS,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Hold interviews here, with one person after the other. They are stored like those of any phone.

    DONE, an empty line or Ctrl-D ends. Within an hour, the same command goes on where it was left.
    """
    asyncio.run(_hold(consultation, worker.strip(), look, flows, locales))


async def _hold(consultation: str, worker: str, look: Look, flows: Path, locales: Path) -> None:
    from bot.channels.terminal import Terminal
    from bot.core.phrases import ASSIST, ENGLISH
    from bot.flowfiles.transcripts import FORMS

    console = Console(highlight=False)
    async with _opened(consultation, worker, flows, locales) as (intake, address, is_helping):
        console.print(Text("An empty line ends. Each person is asked for consent first.\n", style="dim"))
        terminal = Terminal(FORMS[look], address)
        line = ENGLISH.shown(ASSIST)
        while line:
            prompts = await intake.receive(terminal.message(line, datetime.now(UTC)))
            for one in terminal.show(prompts):
                # Nobody pays for it here.
                shown(console, replace(one, cost=None))
            if not await is_helping():
                break
            line = await asyncio.to_thread(ask, console)


@asynccontextmanager
async def _opened(
    consultation: str, worker: str, flows: Path, locales: Path
) -> AsyncIterator[tuple["Intake", "Address", Callable[[], Awaitable[bool]]]]:
    """Open an intake on the database of the environment, and a worker's place on it, with whether they help there."""
    from bot.channels import Address, Channel
    from bot.channels.twilio import segments
    from bot.cli.offered import offered_flow
    from bot.cli.opened import opened_database
    from bot.core.reception import consultations
    from bot.flowfiles.folder import load_flows, rebuild
    from bot.intake import Intake
    from bot.language.detection import open_detector
    from bot.settings import read_settings, vault
    from bot.store.database import writer
    from bot.store.helping import open_terminal
    from bot.store.turns import Sender
    from bot.store.versions import Publication, publish
    from bot.store.workers import find_worker, is_helping

    settings = read_settings()
    seal, pepper = vault(settings)
    offered_flow(consultation, flows, locales)
    offered = load_flows(flows, locales).flows
    async with opened_database() as engine:
        now = datetime.now(UTC)
        worker_id = await find_worker(engine, consultation, worker, now)
        published = [
            Publication(one.questionnaire.version, name, one.document) for name, one in offered.items()
        ]
        await publish(engine, published, now)
        address = Address(f"worker {worker_id}")
        sender = Sender(Channel.TERMINAL, pepper.hash(Channel.TERMINAL, address))
        async with writer(engine).begin() as connection:
            await connection.run_sync(open_terminal, sender, seal.seal(address), worker_id, now)
        books = {
            language: book
            for one in offered.values()
            for language, book in one.questionnaire.phrasebooks.items()
        }
        intake = Intake(
            engine,
            consultations(
                [one.questionnaire for one in offered.values()],
                detect=open_detector(settings.detector).rank,
            ),
            pepper=pepper,
            seal=seal,
            segments=segments,
            rebuild=lambda document: rebuild(document, locales, books),
        )
        try:
            yield intake, address, lambda: is_helping(engine, worker_id, Channel.TERMINAL)
        finally:
            await intake.close()
