"""Heard's processes in the simulation: wired as the composition root wires them, with the time of the simulation."""

import asyncio
import random
from collections.abc import Callable, Collection
from datetime import datetime

from bot.channels import Channel
from bot.channels.places import time_zones_of
from bot.channels.senders import read_senders
from bot.channels.twilio import segments
from bot.channels.twilio_rest import TwilioRest
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations
from bot.intake import Intake
from bot.intake.receipts import Receipts
from bot.outbox import SenderLine, Worker
from bot.outbox import Surroundings as Sending
from bot.outreach.inviting import Inviter
from bot.outreach.inviting import Surroundings as Inviting
from bot.outreach.quotas.recruiting import Recruiting
from bot.outreach.reminding import Questionnaires, Reminders
from bot.outreach.reminding import Surroundings as Reminding
from bot.store.database import connect
from bot.store.vault import AddressPepper, AddressSeal
from tests.campaign.clock import SimulatedLoop
from tests.campaign.consultation import Consultation
from tests.campaign.people import COUNTRIES
from tests.support.fake_twilio import ACCOUNT, TOKEN
from tests.support.intake import PEPPER, SEALING_KEY

SENDERS = read_senders(",".join(f"{one.code}:{one.sender}" for one in COUNTRIES))
SEAL = AddressSeal(SEALING_KEY)


def place(channel: Channel, sealed: str) -> str | None:
    """Return the clocks of a sealed number."""
    return time_zones_of(SEAL.open(sealed).reveal()) if channel is Channel.SMS else None


class Serving:
    """What one start of Heard holds: the way in, the receipts, and all that works beside."""

    def __init__(
        self,
        url: str,
        held: Consultation,
        carrier_url: str,
        rate: float,
        now: Callable[[], datetime],
        drawn: random.Random,
    ) -> None:
        self._engine = connect(url)
        known = consultations([held.questionnaire])
        self.intake = Intake(
            self._engine,
            known,
            pepper=AddressPepper(PEPPER),
            seal=SEAL,
            segments=segments,
            rebuild=_no_other_version,
            seed=lambda: drawn.getrandbits(48),
        )
        self.receipts = Receipts(self._engine)
        receipts = "https://heard.example/webhooks/twilio/status"
        twilio = TwilioRest(ACCOUNT, TOKEN, carrier_url, status_callback=receipts)
        lines = [SenderLine(one.name, twilio, rate) for one in SENDERS]
        worker = Worker(self._engine, lines, Sending(SEAL, now, drawn.random))
        recruiting = Recruiting(self._engine, lambda _: held.outreach.quotas, asyncio.get_running_loop().time)
        around = Reminding(worker.rates, place, now, recruiting.against_reminding)
        self._all = (
            worker,
            Inviter(self._engine, Inviting(worker.rates, recruiting.steering, now)),
            Reminders(self._engine, Questionnaires(self._engine, held.locales), around),
        )
        self._tasks = [asyncio.create_task(one.run()) for one in self._all]

    async def die(self, others: Collection["asyncio.Task[object]"]) -> None:
        """End at once, as a process that is killed: what is not committed is gone. `others` are not its tasks."""
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        await loop.kill(others)
        for one in self._tasks:
            _ = one.cancelled() or one.exception()
        # The threads and connections that a process takes with it.
        await self.intake.close()
        await self.receipts.close()
        await self._engine.dispose()

    async def stop(self) -> None:
        """End as by a signal, once what is in hand is settled."""
        for one in self._all:
            one.stop()
        await asyncio.gather(*self._tasks)
        await self.intake.close()
        await self.receipts.close()
        await self._engine.dispose()


def _no_other_version(document: str) -> Questionnaire:
    raise AssertionError("there is one version here")
