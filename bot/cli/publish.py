"""`heard publish`: results that nobody is singled out by, stored for reports, feeds and the API."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.faults import problems_told
from bot.cli.opened import opened_dataset
from bot.cli.opened_words import opened_words
from bot.cli.options import FlowsOption
from bot.cli.population import read_margins
from bot.cli.selected import check_groups
from bot.cli.showing import isolated
from bot.errors import ResultsError

if TYPE_CHECKING:
    from bot.results.dataset import Dataset
    from bot.results.publication.publishing import Beside, Prepared
    from bot.results.publication.records import Publication


@problems_told()
def publish(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    threshold: Annotated[int, typer.Option(help="Counts of fewer people are not shown; 5 at least.")] = 10,
    rounding: Annotated[int, typer.Option(help="Other counts are rounded to a multiple of this.")] = 5,
    population: Annotated[
        Path | None, typer.Option(help="CSV of the population: shows who was heard, and weights answers.")
    ] = None,
    organiser: Annotated[str, typer.Option(help="Who asked, as reports name them.")] = "",
    contact: Annotated[str, typer.Option(help="How to reach them: an address, a page, a number.")] = "",
    quotes_by: Annotated[
        str | None,
        typer.Option(help="Name quotes by this group (like gender) where many enough could have said them."),
    ] = None,
    themes: Annotated[
        bool, typer.Option("--themes/--no-themes", help="Whether themes found in people's words are shown.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the summary and store nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publish without being asked.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show what was published.")] = False,
    withdraw: Annotated[
        int | None, typer.Option(metavar="N", help="Show a release no longer. Who has read it, has read it.")
    ] = None,
    flows: FlowsOption = Path("flows"),
) -> None:
    """Publish results: small counts withheld, the others rounded, and audited with all releases before.

    docs/privacy.md says what is withheld, and what that does not protect from.
    """
    console = Console(highlight=False)
    if list_:
        asyncio.run(_list(consultation, console))
    elif withdraw is not None:
        asyncio.run(_withdraw(consultation, withdraw))
        console.print(f"Release {withdraw} is withdrawn. Its number stays, and later audits count it.")
    else:
        wanted = Wanted(
            consultation, (threshold, rounding), population, (organiser, contact), flows, quotes_by, themes
        )
        asyncio.run(_publish(wanted, console, store=not dry_run, ask=not yes))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be published, as the options say it; `rule` is the threshold and the rounding."""

    consultation: str
    rule: tuple[int, int]
    population: Path | None
    organiser: tuple[str, str]
    flows: Path
    quotes_by: str | None
    themes: bool


async def _publish(wanted: Wanted, console: Console, *, store: bool, ask: bool) -> None:
    from bot.results.disclosure import Rule
    from bot.results.publication.publishing import prepare
    from bot.store.releases import audited, publish

    async with opened_dataset(wanted.consultation, with_status=True) as dataset:
        beside = await _beside(wanted, dataset)
        earlier = await audited(dataset.engine, wanted.consultation)
        with Console(stderr=True).status(f"Making figures of {dataset.size} interviews safe to publish"):
            made = await prepare(dataset, Rule(*wanted.rule), beside, earlier)
            audit = made.protected.audited()
        _show(console, made)
        audit.require()
        console.print(
            "The audit passed: what is withheld cannot be worked out, from this and all releases before."
        )
        if not store:
            console.print("Nothing was stored (--dry-run).")
        elif ask and not typer.confirm("Publish?"):
            console.print("Nothing was stored.")
        else:
            await publish(dataset.engine, made.stored, made.cells)
            console.print(f"Release {made.stored.listed.number} is published.")


async def _beside(wanted: Wanted, dataset: "Dataset") -> "Beside":
    from bot.cli.codes import frame_of
    from bot.core.groups import CHANNEL, LANGUAGE
    from bot.flowfiles.codes import codes_file
    from bot.results.publication.publishing import Beside
    from bot.results.publication.records import Organiser
    from bot.store.findings import findings

    if wanted.quotes_by is not None:
        check_groups(dataset.newest, [wanted.quotes_by])
        if wanted.quotes_by in (LANGUAGE, CHANNEL):
            raise ResultsError(
                "quotes are named by groups of people, like gender; their language they tell anyhow"
            )
    name, contact = wanted.organiser
    has_codes = codes_file(wanted.flows, wanted.consultation).is_file()
    return Beside(
        read_margins(wanted.population, dataset.newest),
        frame_of(wanted.flows, dataset.newest) if has_codes else None,
        await findings(dataset.engine, wanted.consultation),
        Organiser(name, contact) if name else None,
        wanted.quotes_by,
        wanted.themes,
    )


def _show(console: Console, made: "Prepared") -> None:
    """Tell how much is shown, and what is new since the last release."""
    release, told = made.protected.release, made.publication
    shown = {cell for cell, count in release.counts.items() if count is not None}
    console.print(f"[bold]{told.results.title.source}[/bold], release {release.name}", highlight=False)
    took_part = told.results.consented
    fewest = f"fewer than {release.rule.threshold}"
    console.print(f"{fewest if took_part is None else f'about {took_part:,}'} people took part.")
    console.print(
        f"{len(shown):,} counts are shown, rounded to {release.rule.rounding}; "
        f"{made.protected.withheld:,} are withheld ({fewest}, or what would tell of those)."
    )
    codes = [one for one in told.themes if one.label is not None]
    found = [one for one in told.themes if one.label is None]
    parts = (("quote", told.quotes), ("code", codes), ("theme", found), ("finding", told.findings))
    console.print(
        ", ".join(f"{len(many)} {name}{'' if len(many) == 1 else 's'}" for name, many in parts) + "."
    )
    _show_words(console, told)
    if made.last is None:
        console.print("Nothing was published of it before.")
        return
    before = {cell for cell, count in made.last.counts.items() if count is not None}
    lasting = made.last.counts.keys() & release.counts.keys()
    changed = sum(made.last.counts[cell] != release.counts[cell] for cell in shown & before)
    console.print(
        f"Since release {made.last.name}: {changed:,} counts have changed, {len((shown - before) & lasting):,} are "
        f"shown now and were not, {len((before - shown) & lasting):,} were and are not any more."
    )
    held = len((made.last.means or {}).keys() - (release.means or {}).keys())
    if held:
        console.print(f"{held:,} means that it told are not told again, for too few people have come since.")


def _show_words(console: Console, told: "Publication") -> None:
    """Tell what of people's words nobody has read yet, and how quotes are named."""
    named = sum(one.group is not None for one in told.quotes)
    if named:
        console.print(f"{named} of the quotes name the group of whoever said it.")
    found = [one for one in told.themes if one.label is None]
    if found:
        console.print(
            "Themes found in people's words; read them, for nobody has (--no-themes leaves them out):"
        )
    for one in found:
        where = f"{one.item}, {one.language}" if one.language else one.item
        console.print(Text(f"  {where}: {isolated(', '.join(one.words))} (about {one.said.count:,})"))


async def _list(consultation: str, console: Console) -> None:
    from bot.store.releases import releases

    async with opened_words(consultation) as opened:
        listed = await releases(opened.engine, consultation)
    if not listed:
        console.print("Nothing is published yet.")
    for one in listed:
        state = f", withdrawn {one.withdrawn_at:%Y-%m-%d}" if one.withdrawn_at else ""
        console.print(
            f"{one.number}  {one.released_at:%Y-%m-%d %H:%M} UTC  "
            f"below {one.threshold} withheld, rounded to {one.rounding}{state}"
        )


async def _withdraw(consultation: str, number: int) -> None:
    from bot.store.releases import withdraw

    async with opened_words(consultation) as opened:
        await withdraw(opened.engine, consultation, number, datetime.now(UTC))
