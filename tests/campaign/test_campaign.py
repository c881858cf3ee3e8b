"""A small campaign from its list to its last reminder on each database, while everything goes wrong that can."""

import asyncio
from pathlib import Path

from tests.campaign.run import Size, run
from tests.campaign.verdict import counted, disagreements, wrongs
from tests.support.databases import Databases

SMALL = Size(people=150, days=4.6, poll_s=2_400, rate=5, deaths_a_day=4, messages_a_day=85, abroad_a_day=25)


def test_nobody_is_written_to_who_must_not_be_and_the_ledger_is_right(
    databases: Databases, tmp_path: Path
) -> None:
    done = run(tmp_path, asyncio.run(databases.migrated()), SMALL, seed=7)
    assert list(wrongs(done)) == []
    assert asyncio.run(disagreements(done)) == []
    there_was = counted(done)
    for what in ("invitation", "invited", "paused", "last", "stopped", "started again", "complete"):
        assert there_was[what], there_was
    for what in ("came back", "receipts that came after hours", "receipts that never came", "restarts"):
        assert there_was[what], there_was
