"""What is said beside quotas of the variables that the recipients' list does not tell."""

from typing import TYPE_CHECKING

from bot.core.outreach.quotas.listed import unlisted
from bot.store.outreach.invitable import listed_attributes

if TYPE_CHECKING:
    from bot.core.outreach.quotas.records import Quotas
    from bot.store.database import Database


async def told_unlisted(engine: "Database", consultation: str, quotas: "Quotas") -> str | None:
    """Return what to say where quotas count by what nobody on the list has; None where the list tells all, or is none.

    Without a word, every cell of such a quota is empty, as if nobody wanted to take part.
    """
    listed = await listed_attributes(engine, consultation)
    missing = unlisted(quotas, listed)
    if not missing or not listed:
        return None
    return (
        f"The list says of nobody: {', '.join(missing)}. Until people answer, they are in no cell of these quotas, and "
        f"nobody is invited or held back by them. The list has: {', '.join(sorted(listed))}."
    )
