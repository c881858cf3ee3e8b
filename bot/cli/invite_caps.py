"""What the limits against harm make of a campaign: beside its plan, and while it runs."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from bot.core.outreach.caps import Cap
from bot.core.outreach.outlook import Outlook, outlook
from bot.outreach.caps import told_of_held
from bot.store.database import Database
from bot.store.outreach.caps import limits_now

if TYPE_CHECKING:
    from bot.outreach.plan import Plan


async def outlook_of(engine: Database, plan: "Plan") -> Outlook:
    """Return what the caps that hold now make of a plan."""
    return outlook(await limits_now(engine), plan.going)


def told(of: Outlook) -> Iterator[str]:
    """Yield what an organiser has to do or to know before the first message can leave."""
    if of.forbidden:
        yield (
            f"\nMessages to {', '.join(of.forbidden)} are held back until somebody allows that:\n"
            f'  heard caps allow-country {of.forbidden[0]} --home --as "Your name"'
        )
    for cap, days in of.days.items():
        yield (
            _nothing(cap)
            if days is None
            else f"\nThe limit {cap} spreads them over {days:,} days; see heard caps"
        )


def _nothing(cap: Cap) -> str:
    return f"\nThe limit {cap} lets nothing through; see heard caps"


def show_held(console: Console, held: Mapping[str, int]) -> None:
    """Print how many messages stay in the outbox by which limit, with what to do; `held` is by their error."""
    for said, what_to_do in told_of_held(held):
        console.print(f"{said}.\n→ {what_to_do}", soft_wrap=True)
