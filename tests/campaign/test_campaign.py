"""A small campaign from its list to its last reminder on each database, while everything goes wrong that can."""

import asyncio
from pathlib import Path

from tests.campaign.run import Size, run
from tests.campaign.verdict import counted, disagreements, wrongs
from tests.support.databases import Databases

SMALL = Size(people=120, days=4.3, poll_s=3_600, rate=5, deaths_a_day=4, messages_a_day=70, abroad_a_day=20)


def test_nobody_is_written_to_who_must_not_be_and_the_ledger_is_right(
    databases: Databases, tmp_path: Path
) -> None:
    done = run(tmp_path, asyncio.run(databases.migrated()), SMALL, seed=7)
    assert list(wrongs(done)) == []
    assert asyncio.run(disagreements(done)) == []
    there_was = counted(done)
    for what in ("invitation", "invited", "last", "stopped", "complete", "restarts"):
        assert there_was[what], there_was
    for what in ("receipts that came after hours", "receipts that never came"):
        assert there_was[what], there_was
