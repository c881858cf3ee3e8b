"""`heard results`: what people answered, in the terminal."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from bot.cli.opened import opened_dataset
from bot.cli.population import read_margins
from bot.core.questionnaire import Questionnaire
from bot.errors import ResultsError

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
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or before."),
    ] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Only interviews on this channel.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only interviews in this language.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Only people of a group, like: gender=woman or age=18-24.")
    ] = None,
    only: Annotated[
        Literal["all", "consented", "complete", "complete_or_partial"],
        typer.Option(help="Only interviews that came so far."),
    ] = "all",
) -> None:
    """Estimate the answers to each question. What people wrote in their own words is counted, and not shown.

    These are figures of those who took part, not of the people they live among. docs/results.md says what each means.
    """
    from bot.cli.shown_results import show
    from bot.results.selection import Completeness, Selection

    asked = Selection(
        since=since.date() if since else None,
        until=until.date() if until else None,
        channels=tuple(channel or ()),
        languages=tuple(language or ()),
        where=_where(where or ()),
        completeness=Completeness(only),
    )
    console = Console(highlight=False)
    made, questionnaire = asyncio.run(_results(consultation, tuple(by or ()), population, asked))
    show(console, questionnaire, made)


def _where(written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups that are let through; the same one twice means either of two categories."""
    found: dict[str, tuple[str, ...]] = {}
    for one in written:
        name, sign, category = one.partition("=")
        if not sign:
            raise ResultsError(f"--where {one}: write a group and its category, like: gender=woman")
        found[name] = (*found.get(name, ()), category)
    return found


async def _results(
    consultation: str, by: Sequence[str], population: Path | None, asked: "Selection"
) -> tuple["Results", Questionnaire]:
    from bot.results.estimate import estimate
    from bot.results.frame import whole

    async with opened_dataset(consultation, with_status=True, with_words=False) as dataset:
        _check_groups(dataset.newest, by, asked)
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


def _check_groups(questionnaire: Questionnaire, by: Sequence[str], asked: "Selection") -> None:
    from bot.core.groups import categories_of, grouping_of, variables

    known = variables(questionnaire)
    for name in (*by, *asked.where):
        if name not in known:
            hint = "" if questionnaire.groups else "; name items under groups: in the consultation's file"
            raise ResultsError(f"there is no group '{name}'. There are: {', '.join(known)}{hint}")
    for name, wanted in asked.where.items():
        grouping = grouping_of(questionnaire, name)
        names = [one.name for one in categories_of(questionnaire, grouping)] if grouping else list(wanted)
        for one in wanted:
            if one not in names:
                raise ResultsError(f"'{name}' has no '{one}'. It has: {', '.join(names)}")
