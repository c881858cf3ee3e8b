"""Fixtures for every test: a store of each kind, so that what holds on SQLite is shown on PostgreSQL too."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support.databases import Databases, opened, postgresql_server

# No test depends on speed: a machine that is busy finds no fault in one.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    """Have the collector pass over what all tests share, which is never garbage: a tenth of their time went there."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    """Makes databases, of either kind in turn."""
    if request.param == "sqlite":
        yield Databases("sqlite", str(tmp_path_factory.mktemp("sqlite")))
    else:
        with postgresql_server() as address:
            yield Databases("postgresql", address)


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """The address of a new, migrated database, which is gone after the test."""
    address = await databases.migrated()
    yield address
    await databases.drop(address)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a new, migrated database."""
    async with opened(database_url) as opened_engine:
        yield opened_engine
