"""Pictures and sounds that people answer with: fetched from their provider, freed of what they say of who made them,
and kept as files with random names, which results show in place of the answer.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.media.fetching import Fetcher
from bot.media.files import Folder
from bot.store.database import Database
from bot.store.media import forget_files, mark_deleted

__all__ = ["Fetcher", "Folder", "delete_media"]


async def delete_media(
    engine: Database, folder: Folder, contact_id: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> int:
    """Delete all pictures and sounds of a person, and have none fetched any more. Return how many files there were.

    Called again after a crash, it ends what it began. It comes before the contact is erased: after that, nothing says
    whose the files are.
    """
    names = await mark_deleted(engine, contact_id, now())
    deleted = folder.delete(names)
    await forget_files(engine, contact_id)
    return deleted
