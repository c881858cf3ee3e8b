"""`heard remind`: a plan of who would be reminded, and reminding once it is confirmed."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.faults import problems_told
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.cli.reaching import (
    PLAN,
    ConsultationArgument,
    PlanUnlessNamed,
    read_consultation,
    require_served,
)
from bot.cli.showing import isolated
from bot.errors import InviteError

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach
    from bot.core.outreach.reminding import RemindingState
    from bot.core.questionnaire import Questionnaire
    from bot.outreach.reminder_plan import ReminderPlan

remind = typer.Typer(
    cls=PlanUnlessNamed,
    help="Remind people who are silent: heard remind CONSULTATION shows the plan first.",
    no_args_is_help=True,
)
WHO = {"invited": "invited, no answer", "paused": "left off in the middle"}


@remind.command(name=PLAN)
@problems_told()
def plan_(
    consultation: ConsultationArgument,
    yes: Annotated[
        int | None,
        typer.Option(
            "--yes",
            help="Remind so many people, the number that you were shown; and whoever falls silent later.",
        ),
    ] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Show who is silent and what would be said to them; with --yes and their number, remind them from now on."""
    questionnaire, outreach = read_consultation(consultation, flows, locales)
    asyncio.run(_plan(questionnaire, outreach, yes))


@remind.command()
def status(consultation: ConsultationArgument) -> None:
    """Tell whether people are reminded, and how many reminders there were."""
    asyncio.run(_status(Console(highlight=False), consultation))


@remind.command()
def pause(consultation: ConsultationArgument) -> None:
    """Have nobody reminded any more until it is resumed. What waits in the outbox is taken back."""
    from bot.core.outreach.reminding import RemindingState

    asyncio.run(_move(consultation, RemindingState.PAUSED))


@remind.command()
def resume(consultation: ConsultationArgument) -> None:
    """Have people reminded again, in the words that were confirmed."""
    from bot.core.outreach.reminding import RemindingState

    asyncio.run(_move(consultation, RemindingState.RUNNING))


async def _plan(questionnaire: "Questionnaire", outreach: "Outreach", yes: int | None) -> None:
    from bot.core.outreach.caps import Cap
    from bot.core.outreach.reminding import RemindingState
    from bot.outreach.quotas.recruiting import Recruiting
    from bot.outreach.reminder_plan import prepare, terms_of
    from bot.settings import read_settings
    from bot.store.outreach.caps import limits_now
    from bot.store.outreach.reminders import Reminding, set_reminding
    from bot.working import placing

    console, now = Console(highlight=False), datetime.now(UTC)
    terms = terms_of(outreach, questionnaire)
    async with opened_database() as engine:
        await require_served(engine, outreach.consultation)
        against = Recruiting(engine, lambda _: outreach.quotas).against_reminding
        place = placing(read_settings())
        plan = await prepare(engine, outreach.consultation, terms, place, now, against)
        show_plan(console, outreach.consultation, plan)
        whom = _whom(plan, (await limits_now(engine)).caps[Cap.MESSAGES_A_DAY])
        if yes is None:
            console.print(
                f"\nNothing was begun. What you confirm goes on until you pause it: {whom}.\n"
                f"To confirm it: heard remind {outreach.consultation} --yes {plan.people}",
                soft_wrap=True,
            )
            return
        if yes != plan.people:
            raise InviteError(
                f"there are {plan.people:,} people to remind and not {yes:,}: nothing was begun"
            )
        await set_reminding(engine, Reminding(outreach.consultation, RemindingState.RUNNING, terms), now)
    console.print(
        f"\nReminded from now on, while heard serve or heard work runs: {whom}.\n"
        f"To end that: heard remind pause {outreach.consultation}",
        soft_wrap=True,
    )


def _whom(plan: "ReminderPlan", a_day: int) -> str:
    """Return whom a confirmation has reminded: those who were counted, and later ones too."""
    counted = {0: "nobody of today", 1: "the one person of today"}.get(
        plan.people, f"the {plan.people:,} people of today"
    )
    most = plan.terms.most
    return (
        f"{counted}, and whoever falls silent later, however many they become; at most "
        f"{most:,} {'message' if most == 1 else 'messages'} to each, and at most {a_day:,} a day to everybody "
        "together, with all other messages (heard caps)"
    )


async def _status(console: Console, consultation: str) -> None:
    from bot.cli.invite_caps import show_held
    from bot.store.outreach.capped import capped_reminders
    from bot.store.outreach.reminders import count_reminders, reminding_of

    async with opened_database() as engine:
        held = await reminding_of(engine, consultation)
        if held is None:
            raise InviteError(
                f"nobody of {consultation} is reminded yet: heard remind {consultation} shows the plan"
            )
        counts = await count_reminders(engine, consultation)
        capped = await capped_reminders(engine, consultation)
    console.print(Text(f"Reminding for {consultation} is {held.state}.", style="bold"))
    show_counts(console, counts)
    show_held(console, capped)


async def _move(consultation: str, to: "RemindingState") -> None:
    from bot.store.outreach.reminders import move_reminding

    async with opened_database() as engine:
        await move_reminding(engine, consultation, to, datetime.now(UTC), "by hand")
    typer.echo(f"Reminding for {consultation} is {to}.")


def show_counts(console: Console, counts: Mapping[tuple[str, str], int]) -> None:
    """Print how many reminders there were of each kind, by what has become of them."""
    for (kind, status_), count in sorted(counts.items()):
        console.print(f"{count:>12,} {kind}, {status_}")
    if not counts:
        console.print("Nobody had a reminder so far.")


def show_plan(console: Console, consultation: str, plan: "ReminderPlan") -> None:
    """Print who is silent and how they stand, by which rules they are reminded, and in which words."""
    from bot.outreach.reminder_plan import Standing

    terms = plan.terms
    console.print(
        f"{plan.people:,} {'person' if plan.people == 1 else 'people'} of {consultation} will be reminded."
    )
    console.print(
        f"Each at most {_times(terms.most)} in all, {terms.after.days} days apart or more, between "
        f"{terms.hours.opens:%H:%M} and {terms.hours.closes:%H:%M} where they are; nobody after "
        f"{terms.expires_after.days} days of silence.",
        soft_wrap=True,
    )
    columns = {
        Standing.NOW: "due now",
        Standing.LATER: "later",
        Standing.NO_WORDS: "no words in it",
        Standing.NO_PLACE: "clock not known",
        Standing.FULL: "quota full",
        Standing.ATTENDED: "in the inbox",
        Standing.CLOSED: "WhatsApp",
        Standing.OVER: "left in peace",
    }
    groups = sorted({(kind, language or "-") for kind, language, _ in plan.groups})
    if groups:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for heading in ("silent", "language"):
            table.add_column(heading)
        shown = [one for one in columns if any(standing is one for _, _, standing in plan.groups)]
        for one in shown:
            table.add_column(columns[one], justify="right")
        counts = Counter(
            {(kind, language or "-", one): n for (kind, language, one), n in plan.groups.items()}
        )
        for kind, language in groups:
            cells = [f"{counts[kind, language, one]:,}" for one in shown]
            table.add_row(WHO[kind], language, *cells)
        console.print()
        console.print(table)
        if Standing.FULL in shown:
            console.print(
                "Whose quota is full is reminded when there is room again; the last word is said to everybody.",
                soft_wrap=True,
            )
    for kind, said in terms.said.items():
        console.print(Text(f"\n{kind.value.capitalize()}", style="bold"))
        for language, text in said.items():
            parts = plan.parts(kind, language)
            told = f"({parts} SMS part{'' if parts == 1 else 's'}{', and the question' if kind == 'paused' else ''})"
            console.print(
                Text.assemble((f"{language}: ", "bold"), isolated(text), f" {told}"), soft_wrap=True
            )


def _times(most: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(most, f"{most} times")
