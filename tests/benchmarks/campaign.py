"""A whole campaign in simulated time, while everything goes wrong that can: what was done wrong, which must be nothing.

See `tests/campaign`. The carrier's record and the people's own are examined, not what Heard says of itself.
"""

import asyncio
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.campaign.run import Size, run
from tests.campaign.verdict import cells, counted, disagreements, talks_of, wrongs
from tests.support.databases import Databases


def measure(folder: Path, people: int) -> list[Figure]:
    url = asyncio.run(Databases("sqlite", str(folder)).migrated())
    size = Size(
        people=people,
        # The list is through after two days. The last places of a quota take more: who was invited for them is waited
        # for, a day, before others are; and on two of these days nobody is written to.
        days=9.6,
        poll_s=300,
        # The whole list in about two days of ten hours, of which each poll uses fifteen seconds.
        rate=max(5.0, people / 700),
        deaths_a_day=6,
        messages_a_day=people * 11 // 20,
        abroad_a_day=people * 3 // 20,
    )
    done = run(folder, url, size, seed=7)
    wrong, disagreed = list(wrongs(done)), asyncio.run(disagreements(done))
    were = counted(done)
    taken = were["taken"]
    full = [
        (target, sum(talk.person.is_complete for talk in theirs))
        for _, _, target, theirs in cells(done, talks_of(done))
        if target is not None and target < people
    ]
    return [
        Figure(
            f"{people:,} people in five countries and languages, {size.days:g} simulated days",
            f"{done.seconds['campaign']:,.0f} s",
        ),
        Figure(
            "messages that the carrier took: invitations, reminders, last words",
            f"{taken:,}: {were['invitation']:,}, {were['invited'] + were['paused']:,}, {were['last']:,}",
        ),
        Figure(
            "messages from people, of them STOP; interviews completed",
            f"{were['written by people']:,}, {were['stopped']:,}; {were['complete']:,}",
        ),
        Figure("times that Heard was killed and started again", f"{were['restarts']}"),
        Figure(
            "requests that failed: refused, broken, unanswered",
            f"{were.get('20429', 0):,}, {were.get('broken', 0) + were.get('broken but taken', 0):,}, "
            f"{were.get('lost answer', 0) + were.get('lost request', 0):,}",
        ),
        Figure(
            "messages that came back; receipts hours late, and none at all",
            f"{were['came back']:,}; {were['receipts that came after hours']:,}, "
            f"{were['receipts that never came']:,}",
        ),
        Figure(
            "written to out of hours, over a cap, after STOP, twice, or past a full quota",
            f"{len(wrong):,}",
            "0",
            not wrong,
        ),
        Figure("disagreements of our ledger with the carrier's", f"{len(disagreed):,}", "0", not disagreed),
        Figure(
            "completed of what the quotas wanted that can be filled",
            ", ".join(f"{reached} of {target}" for target, reached in full),
        ),
    ]
