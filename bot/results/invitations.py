"""Who was invited to a consultation, as its results tell it."""

from bot.results.records.participation import Invited, Unheard
from bot.store.database import Database
from bot.store.outreach.invited import count_invited


async def invited_to(engine: Database, consultation: str) -> Invited | None:
    """Return how many people were invited, and what became of those who never began; None where nobody was."""
    counts = await count_invited(engine, consultation)
    if not counts:
        return None
    unheard = tuple((one, counts[one]) for one in Unheard if one in counts)
    return Invited(sum(counts.values()), unheard)
