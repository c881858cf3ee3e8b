"""`heard results`: what people answered, in the terminal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.opened import opened_dataset
from bot.cli.population import read_margins
from bot.cli.selected import (
    ChannelOption,
    LanguageOption,
    OnlyOption,
    SinceOption,
    UntilOption,
    WhereOption,
    check_groups,
    check_selection,
    selected,
)
from bot.core.questionnaire import Questionnaire
from bot.errors import ResultsError

if TYPE_CHECKING:
    import polars as pl

    from bot.results.dataset import Dataset
    from bot.results.rds import Rds
    from bot.results.records.results import Results
    from bot.results.selection import Selection


def results(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    by: Annotated[
        list[str] | None,
        typer.Option(help="Break down by: language, channel, came_by, or one of its groups."),
    ] = None,
    population: Annotated[
        Path | None, typer.Option(help="CSV of the population: shows who was heard, and weights answers.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    channel: ChannelOption = None,
    language: LanguageOption = None,
    where: WhereOption = None,
    only: OnlyOption = "all",
    rds: Annotated[
        bool,
        typer.Option(
            "--rds", help="Also weigh those who were recruited by a code by how many people they know."
        ),
    ] = False,
) -> None:
    """Estimate the answers to each question. What people wrote in their own words is counted, and not shown.

    These are figures of those who took part, not of the people they live among. docs/results.md says what each means.
    """
    from bot.cli.shown_results import show

    asked = selected(since, until, channel, language, where, only)
    console = Console(highlight=False)
    made, questionnaire, passed_on = asyncio.run(
        _results(consultation, tuple(by or ()), population, asked, rds=rds)
    )
    show(console, questionnaire, made)
    if passed_on is not None:
        from bot.cli.shown_rds import show_rds

        show_rds(console, passed_on)


async def _results(
    consultation: str, by: Sequence[str], population: Path | None, asked: "Selection", *, rds: bool
) -> tuple["Results", Questionnaire, "Rds | None"]:
    from bot.results.estimate import estimate
    from bot.results.frame import whole
    from bot.results.invitations import invited_to

    async with opened_dataset(consultation, with_status=True, with_words=False) as dataset:
        check_groups(dataset.newest, by)
        check_selection(dataset.newest, asked)
        margins = read_margins(population, dataset.newest)
        with Console(stderr=True).status(f"Reading {dataset.size} interviews"):
            frame = await whole(dataset)
            made = estimate(
                frame,
                dataset.newest,
                dataset.columns,
                at=dataset.at,
                groups=by,
                population=margins,
                selection=asked,
                invited=await invited_to(dataset.engine, consultation),
            )
            passed_on = await _passed_on(dataset, frame, asked) if rds else None
    return made, dataset.newest, passed_on


async def _passed_on(dataset: "Dataset", frame: "pl.DataFrame", asked: "Selection") -> "Rds":
    """Return what RDS-II makes of those who were recruited by a code.

    Raises:
        ResultsError: the outreach file names no item that asks for the degree.
    """
    from bot.cli.referral import chains_now
    from bot.flowfiles.outreach import outreach_file, read_outreach
    from bot.results.estimates.rows import asked_items
    from bot.results.rds import rds
    from bot.results.selecting import select
    from bot.settings import read_settings

    file = outreach_file(read_settings().flows, dataset.consultation)
    found = read_outreach(file, dataset.newest) if file.exists() else None
    outreach = found if not isinstance(found, tuple) else None
    degree = outreach.referral.degree_item if outreach and outreach.referral else None
    if degree is None:
        raise ResultsError(
            f"--rds weighs people by how many they know: name the item that asks for it in {file.name}, under "
            "referral: degree_item:"
        )
    chains, _ = await chains_now(dataset.engine, dataset.consultation)
    asked_for = asked_items(dataset.newest, dataset.columns)
    return rds(select(frame, dataset.newest, asked), asked_for, degree, chains)
