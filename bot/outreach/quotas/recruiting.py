"""Quotas as the inviter and the reminders ask of them: counted now and then, and whoever was held let go when there is
room again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from bot.channels import Channel
from bot.core.outreach.campaigns import Campaign
from bot.core.outreach.choosing import BY_TURN, Candidate, Hold, Steered, Steering
from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Quotas
from bot.errors import QuotasError
from bot.outreach.quotas import steering
from bot.outreach.quotas.standing import Standing, standing
from bot.store.database import Database
from bot.store.outreach.holding import held_by_reason, let_go
from bot.store.outreach.quotas import count_people

log = logging.getLogger(__name__)

COUNTING_SHARE = 0.2
"""The share of the time that may go into counting. In between, no more can be invited than the outbox is fed for a few
seconds of."""

INVITED_ON = Channel.SMS
"""The one channel on which somebody can be written to first; see `bot.core.outreach.choosing.Reason.CHANNEL`."""

QuotasOf = Callable[[str], Quotas | None]
"""Returns the quotas of a consultation, as its file says at the moment; None where there are none. Raises QuotasError
where nobody can tell."""


_NOBODY_NOW = Steering(lambda candidates: Steered(()))


@dataclass(frozen=True, slots=True)
class _Counted:
    standing: Standing
    until: float


class Recruiting:
    """Where the quotas of every consultation stand, for whoever writes to people."""

    def __init__(self, engine: Database, quotas_of: QuotasOf, clock: Callable[[], float] = monotonic) -> None:
        self._engine = engine
        self._quotas_of = quotas_of
        self._clock = clock
        self._counted: dict[str, _Counted] = {}
        # By campaign: the count after which whoever there was room for was let go.
        self._let_go: dict[int, Standing] = {}
        # The consultations whose quotas nobody can tell at present.
        self._waiting: set[str] = set()

    async def steering(self, campaign: Campaign, at: datetime) -> Steering:
        """Return how a campaign is steered now; by its turns alone where its consultation has no quotas.

        While nobody can tell its quotas, its invitations wait, and those of others go on.
        """
        try:
            stand = await self.standing(campaign.consultation, at)
        except QuotasError as error:
            self._tell(campaign.consultation, str(error))
            return _NOBODY_NOW
        if stand is None or self._let_go.get(campaign.id) is not stand:
            await self._let_go_who_fits(campaign, stand)
        if stand is None:
            self._let_go.pop(campaign.id, None)
            return BY_TURN
        self._let_go[campaign.id] = stand
        return Steering(
            lambda candidates: _steered(stand, candidates),
            takes_back=lambda one: steering.against_writing(stand, _profile(one)) is not None,
        )

    async def _let_go_who_fits(self, campaign: Campaign, stand: Standing | None) -> None:
        """Let as many go as there is room for, and no more: all would only be held again."""
        room = steering.room_by_reason(stand) if stand else {}
        for reason, count in (await held_by_reason(self._engine, campaign.id)).items():
            # A cell that has no target any more keeps nobody; and what others hold people for is not ours.
            if steering.is_reason(reason) and (most := room.get(reason, count)):
                await let_go(self._engine, campaign.id, reason, most)

    async def against_reminding(
        self, consultation: str, at: datetime
    ) -> Callable[[Profile, datetime | None], str | None]:
        """Return what says why somebody of a consultation is not reminded now, None where they are.

        It is given since when they have been silent in the midst of their interview, which keeps them a place for as
        long as the quotas say; None for who has not begun.
        """
        try:
            stand = await self.standing(consultation, at)
        except QuotasError as error:
            unknown = str(error)
            self._tell(consultation, unknown)
            return lambda profile, paused_since: unknown
        if stand is None:
            return lambda profile, paused_since: None
        kept_since = at - stand.quotas.reserved_for

        def against(profile: Profile, paused_since: datetime | None) -> str | None:
            has_place = paused_since is not None and paused_since >= kept_since
            return None if has_place else steering.against_writing(stand, profile)

        return against

    def _tell(self, consultation: str, reason: str) -> None:
        """Log once that a consultation waits: its campaigns look as if they ran."""
        if consultation not in self._waiting:
            self._waiting.add(consultation)
            log.error("nobody is invited to %s, or reminded of it: %s", consultation, reason)

    async def standing(self, consultation: str, at: datetime) -> Standing | None:
        """Return where the quotas of a consultation stand, not much older than a count takes; None without any.

        Raises:
            QuotasError: nobody can tell its quotas.
        """
        # Files are read there, while this process may be serving.
        quotas = await asyncio.to_thread(self._quotas_of, consultation)
        self._waiting.discard(consultation)
        if quotas is None:
            self._counted.pop(consultation, None)
            return None
        held = self._counted.get(consultation)
        began = self._clock()
        if held is None or held.standing.quotas != quotas or began >= held.until:
            stand = standing(quotas, await count_people(self._engine, consultation, quotas, at))
            ended = self._clock()
            held = _Counted(stand, ended + (ended - began) / COUNTING_SHARE)
            self._counted[consultation] = held
        return held.standing


def _steered(stand: Standing, candidates: Sequence[Candidate]) -> Steered:
    by_id: Mapping[int, Candidate] = {one.recipient_id: one for one in candidates}
    found = steering.steer(
        stand,
        [steering.Candidate(one.recipient_id, one.turn, _profile(one)) for one in candidates],
    )
    return Steered(
        [by_id[one] for one in found.order], [Hold(by_id[one], reason) for one, reason in found.held]
    )


def _profile(one: Candidate) -> Profile:
    return Profile({}, one.attributes, one.language, INVITED_ON)
