"""Whether the database answers, and what waits in it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.filesize import decimal

from bot.checkup.findings import Finding, Mark, how_many
from bot.errors import SettingsError
from bot.flowfiles.outreach import OUTREACH_SUFFIX
from bot.flowfiles.reading import Source, read
from bot.outreach.caps import told as told_of_caps
from bot.outreach.rewards import told as told_of_rewards
from bot.settings import REMEDIES, Settings
from bot.store.condition import Condition, examine
from bot.store.database import Database, connect, reach
from bot.store.failures import name_of
from bot.store.inbox import waiting
from bot.store.letters import count_open, count_waiting
from bot.store.outreach.caps import standing
from bot.store.outreach.countries import Countries
from bot.store.outreach.rewards.standing import overview
from bot.store.outreach.rewards.terms import running_rewards
from bot.store.schema import NOT_MIGRATED
from bot.store.vault import AddressSeal
from bot.wiring import sender_names

LEAST_FREE = 100_000_000
"""Bytes on the disk below which answers may soon not be stored any more."""


async def of_database(settings: Settings, file: Path | None) -> AsyncIterator[Finding | Condition]:
    """Yield what there is to say of the database, and its condition where it has told that."""
    group = "Database"
    engine = connect(settings.database_url.get_secret_value())
    try:
        await reach(engine)
        condition = await examine(engine)
        yield condition
        kind = "SQLite" if file else "PostgreSQL"
        yield Finding(
            group, Mark.OK, f"{kind} {condition.version} answers; it holds {decimal(condition.size)}"
        )
        if file is not None:
            yield _of_disk(group, file, condition.size)
        if not condition.is_migrated:
            yield Finding(group, Mark.PROBLEM, NOT_MIGRATED.partition(":")[0], "Run: heard migrate")
            return
        yield Finding(group, Mark.OK, "its tables are those of this version of Heard")
        async for finding in _of_outbox(engine, settings):
            yield finding
        async for finding in _of_caps(engine, settings):
            yield finding
        async for finding in _of_rewards(engine):
            yield finding
        async for finding in _of_inbox(engine, settings):
            yield finding
    except SettingsError as error:
        yield Finding(group, Mark.PROBLEM, str(error), "Check DATABASE_URL, and that the database runs.")
    except Exception as error:
        # Whatever the driver raises: what else there is to say is worth more than its traceback.
        told = f"it does not answer as a database of Heard's does: {name_of(error)}"
        yield Finding(
            group, Mark.PROBLEM, told, "Check DATABASE_URL, and restore the last back-up if it is damaged."
        )
    finally:
        await engine.dispose()


def _of_disk(group: str, file: Path, size: int) -> Finding:
    free = shutil.disk_usage(file.parent).free
    told = f"{decimal(free)} are free on its disk"
    if free < LEAST_FREE:
        return Finding(group, Mark.PROBLEM, told, "Make room: without any, no answer can be stored.")
    if free < 2 * size:
        return Finding(
            group, Mark.WARNING, told, "Make room: a back-up on this disk takes as much as the database."
        )
    return Finding(group, Mark.OK, told)


async def _of_outbox(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Messages to send"
    counts = await count_open(engine)
    waiting = counts["queued"] + counts["sending"]
    yield Finding(group, Mark.OK, f"{waiting:,} wait or are on their way")
    for sender, count in (await count_waiting(engine)).items():
        if sender not in sender_names(settings):
            told = f"{count:,} wait for {sender}, which nothing is sent from"
            yield Finding(group, Mark.WARNING, told, f"Add it again: {REMEDIES['TWILIO_FROM']}")
    for state, meaning in (
        ("uncertain", "may have been sent; the provider will be asked"),
        ("failed", "could not be sent, and are not tried again"),
        ("undelivered", "were sent, and did not arrive"),
    ):
        if counts[state]:
            see = f"Run: heard outbox list --state {state}"
            yield Finding(group, Mark.WARNING, f"{counts[state]:,} {meaning}", see)


async def _of_caps(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Limits against harm"
    keys, now = settings.sealing_keys, datetime.now(UTC)
    countries = Countries(AddressSeal(keys.get_secret_value()) if keys else None)
    found = list(told_of_caps(await standing(engine, now, countries.if_known), now))
    for said, remedy in found:
        yield Finding(group, Mark.WARNING, said, remedy)
    if not found:
        yield Finding(group, Mark.OK, "no message is held back; heard caps shows what holds")


async def _of_rewards(engine: Database) -> AsyncIterator[Finding]:
    group = "Rewards"
    for one in await running_rewards(engine):
        found = list(told_of_rewards(one.consultation, await overview(engine, one.consultation)))
        for said, remedy in found:
            yield Finding(group, Mark.WARNING, said, remedy)
        if not found:
            yield Finding(group, Mark.OK, f"{one.consultation}: paid as people complete")


async def _of_inbox(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Messages for a person"
    promised = {one.name.removesuffix(OUTREACH_SUFFIX) for one in _helping(settings.flows)}
    stands = await waiting(engine, datetime.now(UTC), promised)
    yield Finding(group, Mark.OK, f"{how_many(stands.open, 'case')} open")
    see = "Run: heard inbox list"
    if stands.overdue_urgent:
        told = f"{how_many(stands.overdue_urgent, 'urgent case')} that nobody has looked at in time"
        yield Finding(group, Mark.PROBLEM, told, see)
    if late := stands.overdue - stands.overdue_urgent:
        yield Finding(
            group, Mark.WARNING, f"{how_many(late, 'other case')} that nobody has looked at in time", see
        )
    for consultation in stands.unattended:
        told = f"{consultation} tells people that somebody reads what they write, and nobody may"
        remedy = f"Let somebody in: heard inbox people add NAME --consultation {consultation} --expires DAY"
        yield Finding(group, Mark.PROBLEM, told, remedy)


def _helping(flows: Path) -> Iterator[Path]:
    """Yield the outreach files that have people told of somebody who reads."""
    for file in sorted(flows.glob(f"*{OUTREACH_SUFFIX}")) if flows.is_dir() else ():
        source = read(file.read_bytes())
        if isinstance(source, Source) and source.mapping.get("help"):
            yield file
