"""The inviter: a worker beside the outbox that puts the next invitations there just before they can be sent.

A few seconds' worth for each sender, and no more: whatever an organiser, a person or a quota says next holds for
everybody who is not written to yet. Each turn first follows what became of the letters before. All that decides is in
`bot.core.outreach.choosing`, all that is written in `bot.store.outreach`; killed anywhere, it goes on where it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.outreach.campaigns import Campaign, CampaignState
from bot.core.outreach.choosing import BY_TURN, Invite, Steering
from bot.store.database import Database
from bot.store.failures import name_of
from bot.store.outreach.campaigns import campaigns_to_follow
from bot.store.outreach.feeding import MOST_READ, feed
from bot.store.outreach.invitations import follow

log = logging.getLogger(__name__)

POLL_S = 2.0
"""How long the inviter rests between two turns."""

AHEAD_S = 15.0
"""For how many seconds of a sender's time invitations are in the outbox: several polls, so that it never runs dry."""

SteeringFor = Callable[[Campaign, datetime], Awaitable[Steering]]
"""Returns how quotas steer a campaign at a moment; it may read the store, what it returns may not."""


async def by_turn_alone(campaign: Campaign, at: datetime) -> Steering:
    """Return that nobody steers: turns are as they were drawn."""
    del campaign, at
    return BY_TURN


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What inviting needs beside the store. `rates` are SMS parts a second, by the name of each sender of ours."""

    rates: Mapping[str, float]
    steering: SteeringFor = by_turn_alone
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Inviter:
    """Invites. However many there are on one database, each person is invited by one of them."""

    def __init__(self, engine: Database, around: Surroundings) -> None:
        self._engine = engine
        self._around = around
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`."""
        is_halted = False
        while not self._stopping.is_set():
            try:
                await self.turn()
                is_halted = False
            except Exception as error:
                # The database is away, most likely. It is tried for as long as that takes, and told once.
                if not is_halted:
                    log.error("inviting came to a halt: %s", name_of(error))
                is_halted = True
            await self._rest()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stopping.set()

    async def turn(self) -> int:
        """Follow every campaign that has something to follow, and feed those that run; return how many are invited."""
        invited = 0
        for campaign in await campaigns_to_follow(self._engine):
            now = self._around.now()
            followed = await follow(self._engine, campaign.id, now)
            if followed.state is CampaignState.RUNNING:
                invited += await self._feed(followed, now)
            elif followed.state is not campaign.state:
                log.info(
                    "campaign %d of %s is %s", followed.number, followed.consultation, followed.state.value
                )
        return invited

    async def _feed(self, campaign: Campaign, now: datetime) -> int:
        invited = 0
        steering = await self._around.steering(campaign, now)
        for sender in dict.fromkeys(lane.sender for lane in campaign.terms.lanes):
            # What no worker of these settings sends is not put anywhere.
            room = self._around.rates.get(sender, 0.0) * AHEAD_S
            read = MOST_READ
            while room and read >= MOST_READ and not self._stopping.is_set():
                decisions = await feed(self._engine, campaign.id, sender, now, room, steering)
                invited += sum(isinstance(one, Invite) for one in decisions)
                read = len(decisions)
        return invited

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._stopping.wait()
        except TimeoutError:
            return
