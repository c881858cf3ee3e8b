"""asyncpg against psycopg on the intake's own transaction, without HTTP: the same engine, statements and batches."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.channels import Address, Channel, InboundMessage
from bot.channels.twilio import segments
from bot.core.reception import consultations
from bot.flowfiles.folder import load_flows
from bot.intake import Intake
from bot.store.database import _plan_for_lookups
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.versions import Publication, publish
from tests.benchmarks.figures import Figure
from tests.benchmarks.load import MESSAGES
from tests.benchmarks.servers import CORES, store
from tests.support.intake import no_rebuilding

DRIVERS = ("asyncpg", "psycopg")
PHONES = 64
ROUNDS = 40
"""Interviews of each phone's place, one after the other."""
RUNS = 3


def measure(folder: Path) -> list[Figure]:
    rates: dict[str, list[float]] = {driver: [] for driver in DRIVERS}
    with store("PostgreSQL", folder, CORES) as settings:
        # In turns, so that whatever else the machine does meets both.
        for run in range(RUNS):
            for number, driver in enumerate(DRIVERS):
                first = (run * len(DRIVERS) + number) * PHONES * (ROUNDS + 1)
                rates[driver].append(uvloop.run(_rate(settings, driver, first)))
    return [
        Figure(
            f"intake over {driver}",
            f"{statistics.median(found):,.0f} messages/s ({min(found):,.0f} to {max(found):,.0f})",
        )
        for driver, found in rates.items()
    ]


async def _rate(settings: dict[str, str], driver: str, first: int) -> float:
    url = make_url(settings["DATABASE_URL"]).set(drivername=f"postgresql+{driver}")
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _plan_for_lookups)
    flows = load_flows(Path(settings["HEARD_FLOWS"]), Path(settings["HEARD_LOCALES"]))
    await publish(
        engine,
        [
            Publication(one.questionnaire.version, one.questionnaire.id, one.document)
            for one in flows.flows.values()
        ],
        datetime.now(UTC),
    )
    intake = Intake(
        engine,
        consultations(flows.questionnaires),
        pepper=AddressPepper(settings["HEARD_ADDRESS_PEPPER"]),
        seal=AddressSeal(settings["HEARD_SEALING_KEYS"]),
        segments=segments,
        rebuild=no_rebuilding,
    )
    # The first interviews find no statement compiled or prepared.
    await _hold(intake, range(first, first + PHONES))
    began = time.perf_counter()
    for number in range(1, ROUNDS + 1):
        await _hold(intake, range(first + number * PHONES, first + (number + 1) * PHONES))
    seconds = time.perf_counter() - began
    await intake.close()
    await engine.dispose()
    return ROUNDS * PHONES * len(MESSAGES) / seconds


async def _hold(intake: Intake, phones: Sequence[int]) -> None:
    await asyncio.gather(*(_interview(intake, phone) for phone in phones))


async def _interview(intake: Intake, phone: int) -> None:
    for number, said in enumerate(MESSAGES):
        await intake.receive(
            InboundMessage(
                channel=Channel.SMS,
                address=Address(f"+1202{phone:09d}"),
                provider_id=f"SM{phone:026d}{number:06d}",
                at=datetime.now(UTC),
                text=said,
            )
        )
