"""What `heard caps` will make of a campaign, beside its plan."""

from collections import Counter
from typing import TYPE_CHECKING

from bot.core.outreach.outlook import Outlook, outlook
from bot.store.database import Database
from bot.store.outreach.caps import limits_now
from bot.store.outreach.standing import Standing, standings

if TYPE_CHECKING:
    from bot.outreach.plan import Plan


async def outlook_of(engine: Database, plan: "Plan") -> Outlook:
    """Return what the caps that hold now make of a plan."""
    countries: Counter[str] = Counter()
    for group in await standings(engine, plan.consultation):
        if group.standing is Standing.READY:
            countries[group.country] += group.people
    return outlook(await limits_now(engine), plan.people, plan.parts, countries)
