"""`heard quotas`: how many of which people were heard, how many more to invite, and where the next invitations go."""

import asyncio
import csv
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console

from bot.cli.faults import problems_told
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.errors import QuotasError

if TYPE_CHECKING:
    from bot.core.outreach.quotas.records import Quotas
    from bot.core.questionnaire import Questionnaire
    from bot.outreach.quotas.told import BatchLine, Line
    from bot.store.database import Database

LEAST_WATCH_S = 1


class Format(StrEnum):
    """How quotas are told."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


@problems_told()
def quotas(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    watch: Annotated[
        int | None, typer.Option(min=LEAST_WATCH_S, help="Show it again every so many seconds, until Ctrl-C.")
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="text, or json or csv for programs.")
    ] = Format.TEXT,
    plan: Annotated[
        bool, typer.Option("--next", help="Instead: whom the next batch of invitations would go to, and why.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="With --next: draw with this seed, and get the same list again.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Instead: choose this batch again, and say if it is the same.")
    ] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Show where quotas stand: target, reached, in progress, invited, still to invite at this rate.

    Quotas stand in the .outreach.yaml beside the consultation; docs/outreach.md says how they are written and counted.
    """
    if plan and batch is not None:
        raise typer.BadParameter("choose one of --next and --batch", param_hint="--batch")
    if watch is not None and (plan or batch is not None or output is not Format.TEXT):
        raise typer.BadParameter("it goes with the table alone", param_hint="--watch")
    try:
        if batch is not None:
            same = asyncio.run(_again(consultation, batch, output))
            raise typer.Exit(not same)
        questionnaire = _questionnaire(consultation, flows, locales)
        held = _quotas(questionnaire, flows)
        if plan:
            drawn = seed if seed is not None else secrets.randbits(32)
            asyncio.run(_plan(questionnaire, held, drawn, output))
        else:
            asyncio.run(_show(consultation, held, output, watch))
    except KeyboardInterrupt:
        raise typer.Exit() from None


def _questionnaire(consultation: str, flows: Path, locales: Path) -> "Questionnaire":
    from bot.core.problems import nearest
    from bot.flowfiles.folder import load_flows

    known = load_flows(flows, locales).flows
    if consultation not in known:
        meant = nearest(consultation, known)
        hint = f"; is it {meant}?" if meant else f". There are: {', '.join(sorted(known)) or 'none'}"
        raise QuotasError(f"there is no consultation '{consultation}' in {flows}{hint}")
    return known[consultation].questionnaire


def _quotas(questionnaire: "Questionnaire", flows: Path) -> "Quotas":
    from bot.flowfiles.outreach import outreach_file

    outreach = questionnaire.outreach
    if outreach is None or outreach.quotas is None:
        file = outreach_file(flows, questionnaire.id)
        raise QuotasError(f"there are no quotas: write quotas: in {file}; docs/outreach.md says how")
    return outreach.quotas


async def _show(consultation: str, held: "Quotas", output: Format, watch: int | None) -> None:
    from rich.live import Live

    from bot.cli.quotas_listed import told_unlisted
    from bot.cli.quotas_shown import standing_table

    console = Console(highlight=False)
    async with opened_database() as engine:
        listed = await _lines(engine, consultation, held)
        if output is not Format.TEXT:
            _write(listed, output)
        elif watch is None:
            console.print(standing_table(listed))
            if unlisted := await told_unlisted(engine, consultation, held):
                console.print(f"\n{unlisted}", soft_wrap=True)
        else:
            with Live(standing_table(listed), console=console, auto_refresh=False) as live:
                while True:
                    await asyncio.sleep(watch)
                    live.update(standing_table(await _lines(engine, consultation, held)), refresh=True)


async def _lines(engine: "Database", consultation: str, held: "Quotas") -> Sequence["Line"]:
    from bot.outreach.quotas.standing import standing
    from bot.outreach.quotas.told import lines
    from bot.store.outreach.quotas import count_people

    return list(lines(standing(held, await count_people(engine, consultation, held, datetime.now(UTC)))))


async def _plan(questionnaire: "Questionnaire", held: "Quotas", seed: int, output: Format) -> None:
    from bot.cli.quotas_listed import told_unlisted
    from bot.cli.quotas_shown import batch_table
    from bot.outreach.plan import said_in, spoken_in
    from bot.outreach.quotas.choosing import choose
    from bot.outreach.quotas.told import batch_lines

    outreach = questionnaire.outreach
    # Before there is an invitation, it is not known in which languages there will be words.
    spoken = spoken_in(said_in(outreach, questionnaire)) if outreach and outreach.invitation else None
    now = datetime.now(UTC)
    async with opened_database() as engine:
        with Console(stderr=True).status("Choosing"):
            chosen = await choose(engine, questionnaire.id, held, seed, now, spoken=spoken)
        unlisted = await told_unlisted(engine, questionnaire.id, held)
    listed = list(batch_lines(chosen.batch))
    if output is not Format.TEXT:
        _write(listed, output)
        return
    console = Console(highlight=False)
    console.print(batch_table(listed))
    if unlisted:
        console.print(f"\n{unlisted}", soft_wrap=True)
    console.print(f"\n{chosen.batch.size:,} people: {chosen.batch.why}. Nobody is invited by this.")
    console.print(f"Seed {seed}, list {chosen.digest[:16]}.")


async def _again(consultation: str, number: int, output: Format) -> bool:
    """Print a batch chosen again; return whether its list is the same."""
    from bot.cli.quotas_shown import batch_table
    from bot.outreach.quotas.choosing import choose_again
    from bot.outreach.quotas.told import batch_lines
    from bot.store.outreach.batches import batches_of

    async with opened_database() as engine:
        kept = {one.number: one for one in await batches_of(engine, consultation)}
        if number not in kept:
            there = ", ".join(map(str, kept)) or "none"
            raise QuotasError(f"there is no batch {number} of {consultation}; there are: {there}")
        with Console(stderr=True).status("Choosing again"):
            again = await choose_again(engine, kept[number])
    listed = list(batch_lines(again.batch))
    if output is not Format.TEXT:
        _write(listed, output)
        return again.same_people
    console = Console(highlight=False)
    console.print(batch_table(listed))
    of = kept[number]
    console.print(
        f"\nBatch {number} of {of.chosen_at:%Y-%m-%d %H:%M} UTC, {of.size:,} people, seed {of.seed}."
    )
    if again.same_people:
        console.print(f"Chosen again, it is the same list ({of.digest[:16]}).")
    else:
        console.print(
            "Chosen again, the numbers are the same, and the list is not: people have been erased or taken off the "
            "list since, have come back after an opt-out, or speak another language now."
        )
    return again.same_people


Told = TypeVar("Told", "Line", "BatchLine")


def _write(listed: Sequence[Told], output: Format) -> None:
    rows = [asdict(one) for one in listed]
    if output is Format.JSON:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    writer = csv.DictWriter(
        sys.stdout, [one.name for one in fields(listed[0])] if listed else [], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
