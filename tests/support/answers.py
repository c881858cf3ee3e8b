"""A store filled by real talks, for results."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel, InboundMessage, Shared
from bot.channels.twilio import segments
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations
from bot.flowfiles.folder import Flow
from bot.intake import Intake
from bot.results.dataset import Dataset, read_dataset
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.versions import Publication, publish
from tests.support.intake import no_rebuilding

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def talk(
    engine: AsyncEngine,
    flows: Sequence[Flow],
    talks: Sequence[Sequence[str | Shared]],
    *,
    at: datetime = BEGAN,
    first_phone: int = 0,
) -> None:
    """Hold talks by SMS, each on a phone of its own, with consultations published at `at`."""
    await publish(
        engine,
        [Publication(one.questionnaire.version, one.questionnaire.id, one.document) for one in flows],
        at,
    )
    intake = Intake(
        engine,
        consultations([one.questionnaire for one in flows]),
        pepper=AddressPepper("a pepper for tests alone"),
        seal=AddressSeal(Fernet.generate_key().decode()),
        segments=segments,
        rebuild=no_rebuilding,
        seed=lambda: 1,
    )
    for phone, messages in enumerate(talks, first_phone):
        for number, said in enumerate(messages):
            await intake.receive(
                InboundMessage(
                    channel=Channel.SMS,
                    address=Address(f"+120255501{phone:02d}"),
                    provider_id=f"{at:%j}-{phone}-{number}",
                    at=at + timedelta(minutes=number),
                    text=said if isinstance(said, str) else "",
                    shared=(said,) if isinstance(said, Shared) else (),
                )
            )
    await intake.close()


async def dataset_of(
    engine: AsyncEngine, versions: Sequence[Questionnaire], *, with_status: bool = False, after_days: int = 8
) -> Dataset:
    """Return the answers as they stand some days after the talks began."""
    at = BEGAN + timedelta(days=after_days)
    return await read_dataset(engine, versions[0].id, versions, at, with_status=with_status)
