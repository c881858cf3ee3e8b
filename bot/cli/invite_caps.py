"""What the limits against harm make of a campaign: beside its plan, and while it runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from bot.core.outreach.outlook import Outlook, outlook
from bot.outreach.caps import told_of_held
from bot.store.database import Database
from bot.store.outreach.caps import limits_now

if TYPE_CHECKING:
    from bot.outreach.plan import Plan


async def outlook_of(engine: Database, plan: "Plan", own: str | None) -> Outlook:
    """Return what the caps that hold now make of a plan; `own` is the organiser's country, where it is said."""
    return outlook(await limits_now(engine), plan.going, own=own)


def show_held(console: Console, held: Mapping[str, int]) -> None:
    """Print how many messages stay in the outbox by which limit, with what to do; `held` is by their error."""
    for said, what_to_do in told_of_held(held):
        console.print(f"{said}.\n→ {what_to_do}", soft_wrap=True)
