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

if TYPE_CHECKING:
    from bot.results.records import Results
    from bot.results.selection import Selection


def results(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    by: Annotated[
        list[str] | None, typer.Option(help="Break down by: language, channel, or one of its groups.")
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
) -> None:
    """Estimate the answers to each question. What people wrote in their own words is counted, and not shown.

    These are figures of those who took part, not of the people they live among. docs/results.md says what each means.
    """
    from bot.cli.shown_results import show

    asked = selected(since, until, channel, language, where, only)
    console = Console(highlight=False)
    made, questionnaire = asyncio.run(_results(consultation, tuple(by or ()), population, asked))
    show(console, questionnaire, made)


async def _results(
    consultation: str, by: Sequence[str], population: Path | None, asked: "Selection"
) -> tuple["Results", Questionnaire]:
    from bot.results.estimate import estimate
    from bot.results.frame import whole

    async with opened_dataset(consultation, with_status=True, with_words=False) as dataset:
        check_groups(dataset.newest, by)
        check_selection(dataset.newest, asked)
        margins = read_margins(population, dataset.newest)
        with Console(stderr=True).status(f"Reading {dataset.size} interviews"):
            made = estimate(
                await whole(dataset),
                dataset.newest,
                dataset.columns,
                at=dataset.at,
                groups=by,
                population=margins,
                selection=asked,
            )
    return made, dataset.newest
