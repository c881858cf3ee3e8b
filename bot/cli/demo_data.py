"""`heard demo-data`: interviews made up for trying results, reports and benchmarks."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.offered import offered_flow
from bot.cli.options import FlowsOption, LocalesOption

if TYPE_CHECKING:
    from rich.progress import Progress

    from bot.demo_data import Crowd
    from bot.flowfiles.folder import Flow
    from bot.store.moulds import Held

HELD = 4_000
"""Interviews that are held at most; more are copied from them."""


def demo_data(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    interviews: Annotated[
        int, typer.Option("--interviews", min=1, help="How many interviews to make up.")
    ] = 1_000,
    seed: Annotated[int, typer.Option(help="The same seed and number make the same interviews.")] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day before which they were held, over six weeks. Default: today.",
            show_default=False,
        ),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Also where the consultation has interviews already.")
    ] = False,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Make up interviews of a consultation, to try results and reports with. They are nobody's answers.

    They go into the database of DATABASE_URL, and cannot be told from real ones afterwards: use a database of its own.
    No contacts are made, so nobody can be written to. Same seed, number and day: same answers.
    """
    day = (until or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    asyncio.run(_make(offered_flow(consultation, flows, locales), interviews, seed, day, add=add))


async def _make(flow: "Flow", wanted: int, seed: int, until: datetime, *, add: bool) -> None:
    from bot.demo_data import VOICES, Crowd, copies
    from bot.errors import DemoDataError
    from bot.settings import read_settings
    from bot.store.bulk import write_copies
    from bot.store.database import connect
    from bot.store.reading import count
    from bot.store.schema import require_head
    from bot.store.versions import Publication, publish

    questionnaire = flow.questionnaire
    engine = connect(read_settings().database_url.get_secret_value())
    try:
        await require_head(engine)
        stored = await count(engine, questionnaire.id)
        if stored and not add:
            raise DemoDataError(
                f"{questionnaire.id} has {stored:,} interviews in this database already, and made-up ones could not be "
                "told from them. Use another database, or --add where these are made up too."
            )
        if unvoiced := [one for one in questionnaire.languages if one not in VOICES]:
            typer.echo(
                f"There are no sentences in {', '.join(unvoiced)}: own words there are in English.", err=True
            )
        crowd = Crowd(questionnaire, seed, until)
        with _progress() as progress:
            held = _hold(crowd, min(wanted, HELD), progress)
            published = Publication(questionnaire.version, questionnaire.id, flow.document)
            await publish(engine, [published], datetime.now(UTC))
            task = progress.add_task("Writing", total=wanted)
            await write_copies(engine, copies(crowd, held, wanted), lambda more: progress.advance(task, more))
    finally:
        await engine.dispose()
    typer.echo(
        f"{wanted:,} made-up interviews of {questionnaire.id}, "
        f"from {crowd.since:%Y-%m-%d} to {until:%Y-%m-%d}, by seed {seed}."
    )


def _hold(crowd: "Crowd", wanted: int, progress: "Progress") -> "Sequence[Held]":
    from bot.demo_data import hold, people

    return [hold(crowd, one) for one in progress.track(people(crowd, wanted), wanted, description="Talking")]


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
