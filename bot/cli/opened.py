"""What commands need of the store: the settings' database, and every version of a consultation."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.results.dataset import Dataset
    from bot.store.database import Database


@asynccontextmanager
async def opened_database() -> AsyncGenerator["Database"]:
    """Open the database of the environment.

    Raises:
        SettingsError: there is no database with Heard's tables.
    """
    from bot.settings import read_settings
    from bot.store.database import connect
    from bot.store.schema import require_head

    engine = connect(read_settings().database_url.get_secret_value())
    try:
        await require_head(engine)
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def opened_dataset(
    consultation: str, *, with_status: bool = False, with_words: bool = True
) -> AsyncGenerator["Dataset"]:
    """Open a consultation's answers in the database of the environment.

    Raises:
        SettingsError: there is no database with Heard's tables.
        UnknownConsultation: nothing of that id was ever offered from it.
    """
    from bot.results.dataset import read_dataset
    from bot.results.published import published
    from bot.settings import read_settings

    async with opened_database() as engine:
        versions = await published(engine, consultation, read_settings().locales)
        yield await read_dataset(
            engine,
            consultation,
            versions,
            datetime.now(UTC),
            with_status=with_status,
            with_words=with_words,
        )
