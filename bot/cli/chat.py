"""`heard chat`: hold a consultation in the terminal, as an SMS or a Telegram user would see it."""

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.channels.terminal import Shown, Terminal
from bot.cli.options import FlowsOption, LocalesOption
from bot.core.problems import nearest
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations
from bot.errors import FlowsError, UnknownConsultation
from bot.flowfiles.folder import Flow, check_files, flow_files
from bot.flowfiles.transcripts import FORMS, Transcript, Turn, parse, play, written
from bot.intake import Intake
from bot.language.detection import DEFAULT, open_detector


class Look(StrEnum):
    SMS = "sms"
    TELEGRAM = "telegram"


def chat(
    flow: Annotated[
        str | None,
        typer.Argument(help="A consultation's id or file. Not needed with --replay.", show_default=False),
    ] = None,
    look: Annotated[Look, typer.Option("--channel", help="Whose view of the talk.")] = Look.SMS,
    record: Annotated[
        Path | None, typer.Option(help="Write the talk to this file, as a transcript.", show_default=False)
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(
            help="Say the '> ' lines of this transcript again, and write it anew.", show_default=False
        ),
    ] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Hold a consultation here, with what each message would cost. Nothing is kept but what --record writes.

    An empty line or Ctrl-D ends the talk.
    """
    if replay is not None:
        _write_anew(replay, flows, locales)
        return
    if flow is None:
        raise typer.BadParameter("say which consultation, like: heard chat service-feedback")
    chosen = _chosen(flow, flows, locales)
    said = asyncio.run(_hold(chosen, look))
    if record is not None and said:
        transcript = Transcript(chosen.questionnaire.id, look, turns=tuple(map(Turn, said)))
        known = consultations([chosen.questionnaire], detect=open_detector(DEFAULT).rank)
        record.write_text(written(play(known, transcript)), encoding="utf-8")
        Console(stderr=True).print(f"Written to {record}.")


def _chosen(name: str, flows: Path, locales: Path) -> Flow:
    """Return the consultation of an id or a file; what is wrong with others does not matter here."""
    file = Path(name)
    files = [file] if file.suffix else [one for one in flow_files(flows) if one.stem == name]
    if not files:
        known = [one.stem for one in flow_files(flows)]
        meant = nearest(name, known)
        raise UnknownConsultation(
            f"there is no consultation '{name}'{f'; is it {meant}?' if meant else ''} There are: {', '.join(known)}"
        )
    checked = check_files(files, locales)
    if checked.errors:
        raise FlowsError(checked.errors)
    return next(iter(checked.flows.values()))


def _write_anew(file: Path, flows: Path, locales: Path) -> None:
    transcript = parse(file.read_text(encoding="utf-8"))
    if isinstance(transcript, tuple):
        raise FlowsError(transcript)
    beside = file.parent / f"{transcript.consultation}.yaml"
    chosen = _chosen(str(beside) if beside.exists() else transcript.consultation, flows, locales)
    file.write_text(
        written(play(consultations([chosen.questionnaire], detect=open_detector(DEFAULT).rank), transcript)),
        encoding="utf-8",
    )


async def _hold(flow: Flow, look: Look) -> list[str]:
    """Return what the person said in a talk on this terminal."""
    console = Console(highlight=False)
    terminal = Terminal(FORMS[look])
    _introduce(console, flow.questionnaire)
    said: list[str] = []
    async with _intake(flow) as intake:
        while line := await asyncio.to_thread(ask, console):
            said.append(line)
            prompts = await intake.receive(terminal.message(line, datetime.now(UTC)))
            for one in terminal.show(prompts):
                shown(console, one)
    return said


def _introduce(console: Console, questionnaire: Questionnaire) -> None:
    words = ", ".join(word for listed in questionnaire.keywords.values() for word in listed[:1])
    console.print(Text(questionnaire.title.source, style="bold"))
    console.print(Text(f"Begin with: {words}. An empty line ends the talk.\n", style="dim"))


def ask(console: Console) -> str:
    """Return the next line that is typed, "" at the end."""
    try:
        line = console.input(Text("> ", style="bold green") if sys.stdin.isatty() else "")
    except EOFError:
        return ""
    if not sys.stdin.isatty():
        console.print(Text(f"> {line}", style="bold green"))
    return line


def shown(console: Console, said: Shown) -> None:
    """Print a prompt, with what it would cost where that is counted."""
    console.print(Padding(Text(said.text), (0, 0, 0, 2)))
    if said.buttons:
        console.print(
            Padding(Text("  ".join(f"[{label}]" for label in said.buttons), style="cyan"), (0, 0, 0, 2))
        )
    if said.cost is not None:
        cost = said.cost
        told = f"{cost.segments} SMS: {cost.units} of {cost.per_segment * cost.segments} ({cost.encoding})"
        console.print(Padding(Text(told, style="dim"), (0, 0, 0, 2)))
    console.print()


@asynccontextmanager
async def _intake(flow: Flow) -> AsyncIterator[Intake]:
    """Open an intake on a database of its own that goes when the talk ends."""
    from cryptography.fernet import Fernet

    from bot.channels.twilio import segments
    from bot.store.database import connect
    from bot.store.migrating import migrate
    from bot.store.vault import AddressPepper, AddressSeal
    from bot.store.versions import Publication, publish

    with tempfile.TemporaryDirectory(prefix="heard-chat-") as folder:
        engine = connect(f"sqlite:///{folder}/chat.db")
        await migrate(engine)
        one = flow.questionnaire
        await publish(engine, [Publication(one.version, one.id, flow.document)], datetime.now(UTC))
        intake = Intake(
            engine,
            consultations([one], detect=open_detector(DEFAULT).rank),
            pepper=AddressPepper(secrets.token_hex(16)),
            seal=AddressSeal(Fernet.generate_key().decode()),
            segments=segments,
            rebuild=_no_older_version,
            seed=lambda: 1,
        )
        try:
            yield intake
        finally:
            await intake.close()
            await engine.dispose()


def _no_older_version(_: str) -> Questionnaire:
    raise AssertionError("a new database holds no older version")
