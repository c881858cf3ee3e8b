"""`heard publish` on made-up interviews."""

import asyncio

import msgspec
import pytest

from bot.results.publication.records import Publication
from bot.store.database import connect
from bot.store.releases import Stored, latest
from tests.cli.test_results import heard


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('publish')}/heard.db"
    assert heard(url, "migrate").returncode == 0
    assert heard(url, "demo-data", "service-feedback", "--interviews", "60").returncode == 0
    return url


def stored(url: str) -> Stored | None:
    async def read() -> Stored | None:
        engine = connect(url)
        try:
            return await latest(engine, "service-feedback")
        finally:
            await engine.dispose()

    return asyncio.run(read())


def test_publishes_lists_and_withdraws(database: str) -> None:
    tried = heard(database, "publish", "service-feedback", "--dry-run")
    assert "The audit passed" in tried.stdout
    assert "Nothing was stored" in tried.stdout
    assert stored(database) is None

    done = heard(database, "publish", "service-feedback", "--yes", "--organiser", "The town")
    assert done.returncode == 0, done.stderr
    assert "Release 1 is published." in done.stdout
    release = stored(database)
    assert release is not None
    told = msgspec.json.decode(release.document, type=Publication)
    assert told.protection is not None
    assert (told.protection.release, told.protection.threshold, told.protection.audited) == (1, 10, True)
    assert told.organiser is not None
    assert told.organiser.name == "The town"
    assert "below 10 withheld" in heard(database, "publish", "service-feedback", "--list").stdout

    assert heard(database, "publish", "service-feedback", "--withdraw", "1").returncode == 0
    assert "withdrawn" in heard(database, "publish", "service-feedback", "--list").stdout
    assert stored(database) is None
    again = heard(database, "publish", "service-feedback", "--withdraw", "1")
    assert (again.returncode, "was withdrawn before" in again.stderr) == (1, True)


def test_quotes_are_named_by_groups_of_people_alone(database: str) -> None:
    for variable, told in (
        ("language", "quotes are named by groups of people"),
        ("sex", "there is no group 'sex'"),
    ):
        refused = heard(database, "publish", "service-feedback", "--quotes-by", variable, "--yes")
        assert refused.returncode == 1
        assert told in refused.stderr


def test_a_rule_that_does_not_protect_is_refused(database: str) -> None:
    refused = heard(database, "publish", "service-feedback", "--threshold", "3", "--yes")
    assert refused.returncode == 1
    assert "a threshold of 3 does not protect people" in refused.stderr
