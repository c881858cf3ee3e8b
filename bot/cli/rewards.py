"""`heard rewards`: what people get who complete an interview, started, watched and stopped by hand."""

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from bot.cli.faults import problems_told
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.cli.showing import visible
from bot.core.money import shown_money
from bot.core.outreach.rewards import Rewards
from bot.errors import FlowsError, RewardsError

if TYPE_CHECKING:
    from bot.store.outreach.rewards.records import Overview, RewardState, Tally

rewards = typer.Typer(
    help="Give people something who completed an interview; see docs/outreach.md.", no_args_is_help=True
)

ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]
AsOption = Annotated[str, typer.Option("--as", metavar="NAME", help="Who decides it; kept with the change.")]

MEANINGS: Mapping[str, str] = {
    "confirmed": "paid",
    "reserved": "set aside, and not paid yet",
    "sent": "handed over, and not known to be paid",
    "failed": "not paid, and will not be, says whoever pays",
    "refused": "not handed over",
}


@rewards.command()
def secret(consultation: ConsultationArgument) -> None:
    """Make a new secret to sign rewards with, in place of the one before, and show it, this once."""
    made = asyncio.run(_secret(consultation))
    typer.echo("The secret by which whoever pays knows that it is from you; it is not shown again:", err=True)
    typer.echo(made)


@rewards.command()
@problems_told()
def start(
    consultation: ConsultationArgument,
    by: AsOption,
    yes: Annotated[
        int | None,
        typer.Option("--yes", help="Start, with so many rewards at once: the number that you were shown."),
    ] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Show what the outreach file gives to how many; with --yes and their number, start. Nothing else pays."""
    terms, consented = _terms(consultation, flows, locales)
    if not by.strip():
        raise RewardsError("say with --as who decides it")
    before = asyncio.run(_overview(consultation))
    others = {one.currency for one in before.tallies} - {terms.currency}
    if others:
        raise RewardsError(
            f"the ledger of {consultation} is in {', '.join(sorted(others))}; a budget is in one currency"
        )
    host = urlsplit(terms.hook).hostname
    typer.echo(
        f"To each who completes: {_money(terms.amount, terms)}. Paid by {host}, which gets their phone number."
    )
    typer.echo("That is a disclosure, which the consent has to name, in every language. It says:")
    for text in consented:
        typer.echo(f"  {visible(text)}")
    typer.echo(f"Budget: {_money(terms.budget, terms)}, of which {_money(before.taken, terms)} are taken.")
    told = "has" if before.waiting == 1 else "have"
    typer.echo(
        f"{_people(before.waiting)} {told} completed already: {_money(before.waiting * terms.amount, terms)}."
    )
    if before.numberless:
        typer.echo(f"{_people(before.numberless)} completed without a phone number, and cannot get any.")
    if yes is None:
        typer.echo(
            f"To start it: heard rewards start {consultation} --as {shlex.quote(by.strip())} --yes {before.waiting}"
        )
        return
    if yes != before.waiting:
        raise RewardsError(f"it would be {before.waiting} at once, not {yes}; nothing was started")
    if not asyncio.run(_change(consultation, terms, by.strip())):
        raise RewardsError(f"there is no secret to sign them with: heard rewards secret {consultation}")
    typer.echo("Started. heard rewards status tells how it goes.")


@rewards.command()
def stop(consultation: ConsultationArgument, by: AsOption) -> None:
    """Hand over no more rewards. What is set aside stays so until they are started again."""
    asyncio.run(_change(consultation, None, by.strip()))
    typer.echo("Stopped. What is in hand at this moment is settled; nothing else is handed over.")


@rewards.command()
def status(consultation: ConsultationArgument) -> None:
    """Show how many rewards are paid, set aside, unclear or refused, and what is left of the budget."""
    _show(consultation, asyncio.run(_overview(consultation)))


@rewards.command()
def retry(
    consultation: ConsultationArgument,
    unclear: Annotated[
        bool,
        typer.Option(
            "--unclear",
            help="Those too that may have been paid. Whoever pays must still know their keys, or pays twice.",
        ),
    ] = False,
) -> None:
    """Try again what failed, and what the budget had no money for. Each keeps its key."""
    counts = asyncio.run(_retry(consultation, unclear))
    for state, count in counts.items():
        if count:
            typer.echo(f"{count:,} {state}: tried again.")
    if not any(counts.values()):
        typer.echo("There is nothing to try again: heard rewards status tells why.")


def _show(consultation: str, found: "Overview") -> None:
    from bot.outreach.rewards import told

    terms = found.terms
    if found.changed_at is None:
        typer.echo(f"{consultation} gives no rewards: heard rewards start begins it.")
        return
    since = f"{found.changed_at:%Y-%m-%d %H:%M} UTC, by {found.changed_by}"
    if terms is None:
        typer.echo(f"Stopped since {since}.")
    else:
        typer.echo(f"{_money(terms.amount, terms)} each, since {since}.")
        left = terms.budget - found.taken
        typer.echo(f"Budget: {_money(terms.budget, terms)}; {_money(left, terms)} left.")
    for state, meaning in MEANINGS.items():
        for one in found.tallies:
            if one.state == state:
                typer.echo(_line(one, meaning))
    if found.waiting:
        typer.echo(f"{found.waiting:>9,} completed, and not in the ledger yet")
    if found.numberless:
        typer.echo(f"{found.numberless:>9,} completed without a phone number: nothing can be paid to them")
    for said, remedy in told(consultation, found):
        typer.echo(f"\n{said[0].upper()}{said[1:]}.\n→ {remedy}")


def _line(one: "Tally", meaning: str) -> str:
    why = f" ({one.error})" if one.error else ""
    amount = "" if one.state == "refused" else f"; {shown_money(one.amount)} {one.currency}"
    return f"{one.count:>9,} {one.state:<9} {meaning}{why}{amount}"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _money(millionths: int, terms: Rewards) -> str:
    return f"{shown_money(max(0, millionths))} {terms.currency}"


def _terms(consultation: str, flows: Path, locales: Path) -> tuple[Rewards, Sequence[str]]:
    """Return what is given, and the texts that people consent to, as the consultation's author wrote them."""
    from bot.flowfiles.folder import load_flows
    from bot.flowfiles.outreach import outreach_file, read_outreach

    flow = load_flows(flows, locales).flows.get(consultation)
    if flow is None:
        raise RewardsError(f"there is no consultation '{consultation}' in {flows}")
    file = outreach_file(flow.file.parent, consultation)
    if not file.is_file():
        raise RewardsError(f"there is no {file}, in which rewards would stand; see docs/outreach.md")
    read = read_outreach(file, flow.questionnaire)
    if isinstance(read, tuple):
        raise FlowsError(read)
    if read.rewards is None:
        raise RewardsError(f"{file} says nothing of rewards; see docs/outreach.md")
    asked = flow.questionnaire.consent
    return read.rewards, [text.source for text in (asked.ask, asked.sms_ask) if text]


async def _secret(consultation: str) -> str:
    from bot.channels import Address
    from bot.digests.webhooks import new_secret
    from bot.settings import read_settings, vault
    from bot.store.outreach.rewards.terms import keep_secret

    seal, _ = vault(read_settings())
    made = new_secret()
    async with opened_database() as engine:
        await keep_secret(engine, consultation, seal.seal(Address(made)), datetime.now(UTC))
    return made


async def _change(consultation: str, terms: Rewards | None, by: str) -> bool:
    from bot.store.outreach.rewards.terms import change_rewards

    async with opened_database() as engine:
        return await change_rewards(engine, consultation, terms, by, datetime.now(UTC))


async def _overview(consultation: str) -> "Overview":
    from bot.store.outreach.rewards.standing import overview

    async with opened_database() as engine:
        return await overview(engine, consultation)


async def _retry(consultation: str, unclear: bool) -> "Mapping[RewardState, int]":
    from bot.store.outreach.rewards.budget import retry_rewards

    async with opened_database() as engine:
        return await retry_rewards(engine, consultation, datetime.now(UTC), unclear=unclear)
