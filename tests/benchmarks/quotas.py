"""How long it takes to count quotas, and to choose the next batch of invitations from a long list of recipients."""

import asyncio
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.quotas.records import Adaptive, Quota, Quotas, Source, Variable
from bot.outreach.quotas.choosing import choose, choose_again, remember
from bot.outreach.quotas.standing import standing
from bot.store.database import connect, writer
from bot.store.migrating import migrate
from bot.store.outreach.batches import KeptBatch
from bot.store.outreach.quotas import count_people
from tests.benchmarks.figures import Figure

INVITED, JOINED = 50_000, 10_000
BATCH = 10_000
GONE_IN = 40
"""Of so many on the list, two cannot be reached any more."""
SECONDS, SECONDS_COUNTED = 5.0, 5.0
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
GENDER = Variable("gender", Source.ITEM, ("woman", "man"))
AGE = Variable("age", Source.ITEM, ("<18", "18-24", "25-39", "40-59", "60+"), (18, 25, 40, 60))
DISTRICT = Variable("district", Source.ATTRIBUTE, tuple(f"d{number}" for number in range(17)))


def measure(folder: Path, people: int = 1_000_000) -> Sequence[Figure]:
    """Measure on an SQLite file in a folder."""
    return asyncio.run(_measure(folder, people))


async def _measure(folder: Path, people: int) -> Sequence[Figure]:
    engine = connect(f"sqlite:///{folder / 'quotas.db'}")
    await migrate(engine)
    await _fill(engine, people)
    quotas = _quotas()
    began = time.perf_counter()
    counts = await count_people(engine, "trial", quotas, NOW)
    stand = standing(quotas, counts)
    counted = time.perf_counter() - began
    before = _resident_mb()
    began, worked = time.perf_counter(), time.process_time()
    chosen = await choose(engine, "trial", quotas, 7, NOW, spoken=["en", "fr"])
    took, worked = time.perf_counter() - began, time.process_time() - worked
    more = _resident_mb() - before
    kept = KeptBatch(
        *("trial", 1, None, 7, NOW, chosen.batch.size, chosen.last_recipient, chosen.digest, remember(chosen))
    )
    again = await choose_again(engine, kept)
    await engine.dispose()
    cells = len(stand.cells)
    return [
        Figure(
            f"counting {cells} cells: {JOINED:,} interviews, {INVITED:,} invited",
            f"{counted:.2f} s",
            f"<= {SECONDS_COUNTED:.0f} s",
            counted <= SECONDS_COUNTED,
        ),
        Figure(
            f"the next {chosen.batch.size:,} of {people:,} recipients",
            f"{worked:.2f} s",
            f"<= {SECONDS:.0f} s",
            worked <= SECONDS and chosen.batch.size == len(chosen.recipients) == BATCH,
        ),
        Figure("the same, by the clock, with what else the machine does", f"{took:.2f} s"),
        Figure("kinds of people, alike in every cell", f"{len(chosen.kinds):,}"),
        Figure("memory while choosing", f"{more:.0f} MB more"),
        Figure("chosen again from its seed", "the same list", "the same", again.same_people),
    ]


def _quotas() -> Quotas:
    crossed = {(one, other): 200 for one in AGE.categories for other in DISTRICT.categories}
    return Quotas(
        (
            Quota((GENDER,), {("woman",): 9_000, ("man",): 9_000}),
            Quota((AGE, DISTRICT), crossed),
            Quota((DISTRICT,), {(one,): 1_000 for one in DISTRICT.categories}),
        ),
        total=18_000,
        adaptive=Adaptive(batch=BATCH),
    )


async def _fill(engine: AsyncEngine, people: int) -> None:
    """Store recipients of whom the first are invited, and of these the first have answered, women more than men."""
    numbers = f"WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {people})"
    long_ago = (NOW - timedelta(days=3)).isoformat(timespec="microseconds")
    statements = [
        f"""{numbers} INSERT INTO contacts (id, channel, address_hash, address_sealed, created_at)
        SELECT i, 'sms', hex(randomblob(32)), hex(randomblob(60)), :at FROM s""",
        f"""{numbers} INSERT INTO recipients (id, consultation, contact_id, language, country, time_zone, attributes,
            consent_source, consented_on, added_at)
        SELECT i, 'trial', i, CASE WHEN i % 3 THEN 'en' ELSE 'fr' END, 'KE', 'Africa/Nairobi',
            '{{"gender":"' || CASE WHEN i % 2 THEN 'woman' ELSE 'man' END || '","age":"' || (15 + i % 60)
            || '","district":"d' || (i % 17) || '"}}', 'register', '2026-01-01', :at FROM s""",
        "INSERT INTO versions (version, consultation, document, published_at) VALUES ('v', 'trial', '{}', :at)",
        """INSERT INTO campaigns (id, consultation, number, state, seed, terms, created_at, changed_at)
        VALUES (1, 'trial', 1, 'running', 7, '{}', :at, :at)""",
        """INSERT INTO invitations (recipient_id, campaign_id, lane, turn, wording, state, due_at,
            invited_at)
        SELECT id, 1, 0, id, 'plain', 'sent', :at, :at FROM recipients WHERE id <= :invited""",
        """INSERT INTO interviews (id, contact_id, consultation, version, respondent_id, channel, language, state,
            stage, ending, started_at, updated_at)
        SELECT id, id, 'trial', 'v', 'r' || id, 'sms', 'en', '{}', 'ended', 'complete', :at, :at
        FROM recipients WHERE id <= :joined""",
        """INSERT INTO outbound (contact_id, position, body, status, error, settled_at, created_at)
        SELECT id, 0, '', CASE WHEN id % 2 THEN 'failed' ELSE 'undelivered' END, '30005', :at, :at
        FROM recipients WHERE id % :gone < 2""",
        """INSERT INTO answers (interview_id, slot, item, value, raw, status, relevant, tries, answered_at, version)
        SELECT id, 'gender', 'gender', CASE WHEN id % 5 THEN 'woman' ELSE 'man' END, '', 'answered', 1, 0, :at, 'v'
        FROM interviews""",
        """INSERT INTO answers (interview_id, slot, item, value, raw, status, relevant, tries, answered_at, version)
        SELECT id, 'age', 'age', 15 + id % 60, '', 'answered', 1, 0, :at, 'v' FROM interviews""",
    ]
    async with writer(engine).begin() as connection:
        for statement in statements:
            wanted = {"at": long_ago, "invited": INVITED, "joined": JOINED, "gone": GONE_IN}
            used = {name: value for name, value in wanted.items() if f":{name}" in statement}
            await connection.execute(text(statement), used)


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
