"""`heard referral`: what came of codes that people passed on, and forgetting who recruited whom."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.errors import ReferralError

if TYPE_CHECKING:
    from bot.core.outreach.chains import Chains
    from bot.store.database import Database
    from bot.store.outreach.referral import Passed

referral = typer.Typer(help="See what came of codes that people passed on.", no_args_is_help=True)


@referral.command()
def show(consultation: Annotated[str, typer.Argument(help="The consultation's id.")]) -> None:
    """Tell how many codes were given and used, how long the chains are, and whether one outweighs the others."""
    chains, closed = asyncio.run(_shown(consultation))
    console = Console(highlight=False)
    _tell(console, chains)
    if closed is not None:
        console.print(f"Who recruited whom was forgotten on {closed:%Y-%m-%d}.")


@referral.command()
def close(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Keep the sums of the chains, and forget for good who recruited whom.

    Who knows whom can harm people. Weights need it no more: they are made of what each person said, and of the wave.
    """
    from bot.cli.joining import offered

    outreach = offered(consultation, flows, locales).outreach
    if outreach is not None and outreach.referral is not None and outreach.referral.coupons:
        raise ReferralError(
            f"people still get codes. Set coupons: 0 under referral: in {consultation}.outreach.yaml, and wait until "
            "the server has read it"
        )
    chains, closed = asyncio.run(_shown(consultation))
    console = Console(highlight=False)
    _tell(console, chains)
    if closed is not None:
        raise ReferralError(f"it was forgotten on {closed:%Y-%m-%d} already")
    if not yes:
        typer.confirm(
            "Codes that were not used work no more, and nobody can tell any more who recruited whom. Go on?",
            abort=True,
        )
    asyncio.run(_close(consultation))
    console.print("Forgotten. What is shown above is kept.")


async def chains_now(engine: "Database", consultation: str) -> "tuple[Chains, datetime | None]":
    """Return what a consultation's chains come to, and when who recruited whom was forgotten; None before that."""
    import msgspec

    from bot.core.outreach.chains import Chains
    from bot.store.outreach.referral import read_closed, read_passed

    closed = await read_closed(engine, consultation)
    if closed is not None:
        return msgspec.json.decode(closed[0], type=Chains), closed[1]
    return _summed(await read_passed(engine, consultation)), None


async def _shown(consultation: str) -> "tuple[Chains, datetime | None]":
    async with opened_database() as engine:
        return await chains_now(engine, consultation)


async def _close(consultation: str) -> None:
    import msgspec

    from bot.store.outreach import referral as store

    async with opened_database() as engine:
        await store.close(
            engine,
            consultation,
            lambda passed: msgspec.json.encode(_summed(passed)).decode(),
            datetime.now(UTC),
        )


def _summed(passed: "Passed") -> "Chains":
    from bot.core.outreach.chains import chains_of

    return chains_of(passed.given, ((one.recruiter_id, one.recruit_id) for one in passed.links))


def _tell(console: Console, chains: "Chains") -> None:
    console.print(f"{chains.given:,} codes were given, and {chains.recruited:,} people came by one.")
    for line in told_of(chains):
        console.print(line)


def told_of(chains: "Chains") -> list[str]:
    """Return what an organiser has to know of chains, a sentence a line."""
    if not chains.recruited:
        return []
    waves = ", ".join(f"{count:,} in wave {wave}" for wave, count in chains.waves.items())
    share = chains.largest_share or 0.0
    lines = [
        f"{chains.seeds:,} who came by themselves recruited somebody; {waves}.",
        f"The largest chain has {share:.0%} of all who were recruited.",
    ]
    if share > MUCH and chains.recruited >= FEW:
        lines.append("One chain outweighs the others: figures tell much of the acquaintances of one person.")
    if max(chains.waves) < LONG:
        lines.append(f"No chain is {LONG} waves long: figures still tell of those who began them.")
    return lines


MUCH, FEW = 0.5, 10
"""From how much of everybody one chain outweighs the others, told of no fewer people."""
LONG = 4
"""Waves after which a chain has mostly forgotten where it began (Heckathorn, Social Problems 44, 1997)."""
