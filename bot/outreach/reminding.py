"""The reminders' worker: people who were invited and are silent, and people who left off in the middle.

Like the inviter it puts no more into the outbox than each sender sends in a few seconds. All that decides is in
`bot.core.outreach.reminding`; what is written is in `bot.store.outreach.reminders`, and looks once more before it is.

Somebody who left off is asked their question again, in the same message: their next words are taken for the answer, so
they have to see it; and a message that only says "shall we go on?" would cost them one more in each direction.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels import CARRIAGES, Channel
from bot.channels.twilio import segments
from bot.core.interview.asking import awaited
from bot.core.interview.records import Interview
from bot.core.outreach.campaigns import REMINDS, Campaign
from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.reminding import (
    GRACE,
    NOBODY,
    Kind,
    Over,
    Remind,
    ReminderTerms,
    RemindingState,
    Wait,
    next_step,
)
from bot.core.phrases import Phrasebook
from bot.core.prompts.records import Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire
from bot.core.segments import plain_punctuation
from bot.errors import FlowsError
from bot.flowfiles.folder import rebuild
from bot.outreach.inviting import AHEAD_S
from bot.store.database import Database
from bot.store.failures import name_of
from bot.store.outreach.campaigns import campaigns_in
from bot.store.outreach.feeding import LINGERS
from bot.store.outreach.reminders import (
    Later,
    Reminder,
    Reminding,
    remind,
    remindings,
)
from bot.store.outreach.reminders_waiting import (
    reminders_waiting,
    take_back_answered,
    take_back_unwanted,
)
from bot.store.outreach.silent import (
    Invited,
    Paused,
    may_be_written_to,
    silent_invited,
    silent_paused,
)
from bot.store.reading import documents

log = logging.getLogger(__name__)

POLL_S = 10.0
"""How long the worker rests between two turns; shorter than what it puts into the outbox lasts."""

PAGE = 500
STRETCHES = 4
"""Stretches of interviews that a turn goes through: at 5,000 in each, a million in ten minutes or so."""

AGAIN = timedelta(hours=1)
"""When to look again at somebody whose sender is not there."""

Place = Callable[[Channel, str], str | None]
"""Returns the clocks of a channel's sealed address, as a `time_zone` column has them; None where nothing tells."""


Against = Callable[[Profile, datetime | None], str | None]
"""Returns why somebody is not reminded now, as a quota that is full; None where they are. The moment is since when they
have been silent in the midst of their interview, None where they have not begun."""
AgainstFor = Callable[[str, datetime], Awaitable[Against]]
"""Returns what quotas say against reminding people of a consultation at a moment."""


async def nothing_against(consultation: str, at: datetime) -> Against:
    """Return that nobody is passed over."""
    del consultation, at
    return lambda profile, paused_since: None


class Questionnaires:
    """Versions of consultations, each rebuilt from the store when somebody has to be asked a question of it."""

    def __init__(self, engine: Database, locales: Path) -> None:
        self._engine = engine
        self._locales = locales
        self._books: dict[str, Phrasebook] = {}
        self._held: dict[str, Questionnaire | None] = {}

    async def of(self, interview: Interview) -> Questionnaire | None:
        """Return the version that an interview began on; None where this release cannot hold it any more."""
        if interview.version not in self._held:
            document = (await documents(self._engine, interview.consultation)).get(interview.version)
            held = await asyncio.to_thread(self._rebuilt, document) if document else None
            self._held[interview.version] = held
        return self._held[interview.version]

    def _rebuilt(self, document: str) -> Questionnaire | None:
        try:
            held = rebuild(document, self._locales, self._books)
        except FlowsError:
            return None
        # Of a language, one book serves every version.
        self._books.update(held.phrasebooks)
        return held


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reminding needs beside the store. `rates` are SMS parts a second, by the name of each sender of ours."""

    rates: Mapping[str, float]
    place: Place
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    against: AgainstFor = nothing_against


class Reminders:
    """Reminds. However many there are on one database, each reminder is written by one of them."""

    def __init__(self, engine: Database, questionnaires: Questionnaires, around: Surroundings) -> None:
        self._engine = engine
        self._questionnaires = questionnaires
        self._around = around
        self._stopping = asyncio.Event()
        self._reached: dict[str, int] = {}

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
                    log.error("reminding came to a halt: %s", name_of(error))
                is_halted = True
            await self._rest()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stopping.set()

    async def turn(self) -> int:
        """Look at whom something is due for; return how many are reminded."""
        now, reminded = self._around.now(), 0
        await take_back_answered(self._engine, now)
        held = {one.consultation: one for one in await remindings(self._engine)}
        running = [one for one in held.values() if one.state is RemindingState.RUNNING]
        for reminding in running:
            against = await self._around.against(reminding.consultation, now)
            await take_back_unwanted(self._engine, reminding.consultation, against, now - LINGERS, now)
        room = await self._room()
        for campaign in await campaigns_in(self._engine, REMINDS):
            terms = held.get(campaign.consultation)
            if terms is None or terms.state is RemindingState.RUNNING:
                reminded += await self._invited(campaign, terms, room, now)
        for reminding in running:
            reminded += await self._paused(reminding, room, now)
        return reminded

    async def _room(self) -> dict[str, float]:
        waiting = await reminders_waiting(self._engine)
        return {
            sender: rate * AHEAD_S - waiting.get(sender, 0.0) for sender, rate in self._around.rates.items()
        }

    # --- who was invited

    async def _invited(
        self, campaign: Campaign, reminding: Reminding | None, room: dict[str, float], now: datetime
    ) -> int:
        terms = reminding.terms if reminding else replace(NOBODY, expires_after=campaign.terms.expires_after)
        against = await self._around.against(campaign.consultation, now)
        reminded = 0
        while not self._stopping.is_set():
            people = await silent_invited(self._engine, campaign, now, PAGE, now - terms.after)
            decided = [(one, self._after(terms, one, room, now, against)) for one in people]
            wanted = [one for _, one in decided if isinstance(one, Reminder)]
            later = [one for _, one in decided if isinstance(one, Later)]
            reminded += await remind(
                self._engine, campaign.consultation, wanted, later, now, campaign_id=campaign.id
            )
            # Whoever is left as they were would be read again at once.
            if len(people) < PAGE or not later:
                return reminded
        return reminded

    def _after(
        self, terms: ReminderTerms, one: Invited, room: dict[str, float], now: datetime, against: Against
    ) -> Reminder | Later | None:
        """Return what becomes of somebody who was invited; None where their sender has no time for it now."""
        if one.is_over:
            return Later(one.recipient_id, None)
        if one.is_on_its_way:
            return Later(one.recipient_id, now + AGAIN)
        match next_step(terms, one.silence, now):
            case Wait(until):
                return Later(one.recipient_id, until)
            case Over(has_expired):
                return Later(one.recipient_id, None, has_expired)
            case Remind(kind, text, expires_at) if not _is_passed_over(one, kind, against):
                pass
            case Remind():
                # Whoever is not wanted now may be later, when others break off or their case is closed.
                return Later(one.recipient_id, now + AGAIN)
        if one.sender is None or one.sender not in room:
            return Later(one.recipient_id, now + AGAIN)
        parts = segments(Channel.SMS, text) or 1
        if not _take(room, one.sender, parts):
            return None
        return Reminder(
            one.contact_id,
            one.next_number,
            kind,
            one.silence.since,
            one.sender,
            text,
            parts,
            one.silence.language,
            expires_at,
            recipient_id=one.recipient_id,
        )

    # --- who left off in the middle

    async def _paused(self, reminding: Reminding, room: dict[str, float], now: datetime) -> int:
        terms, reminded = reminding.terms, 0
        since, until = now - terms.expires_after - GRACE, now - terms.after
        against = await self._around.against(reminding.consultation, now)
        for _ in range(STRETCHES):
            after = self._reached.get(reminding.consultation, 0)
            people, reached = await silent_paused(
                self._engine, reminding.consultation, since, until, after, until
            )
            wanted = []
            for one in people:
                asked = await self._asked(terms, one, now, against)
                if asked is None or asked.sender not in room:
                    continue
                if _take(room, asked.sender, asked.segments or 1):
                    wanted.append(asked)
                else:
                    # Gone through again, from here: who was reminded is not due any more.
                    reached = after
            reminded += await remind(self._engine, reminding.consultation, wanted, (), now)
            self._reached[reminding.consultation] = reached or 0
            if reached is None or reached == after or self._stopping.is_set():
                break
        return reminded

    async def _asked(
        self, terms: ReminderTerms, one: Paused, now: datetime, against: Against
    ) -> Reminder | None:
        """Return the reminder of somebody who left off, with their question again; None where none is due."""
        if one.sender is None or not may_be_written_to(one, now):
            return None
        zones = one.silence.time_zones or self._around.place(one.channel, one.address_sealed) or terms.clock
        step = next_step(terms, replace(one.silence, time_zones=zones), now)
        if not isinstance(step, Remind) or _is_passed_over(one, step.kind, against):
            return None
        questionnaire = await self._questionnaires.of(one.interview)
        if questionnaire is None:
            return None
        prompt = _prompt(questionnaire, one, step, now)
        return Reminder(
            one.contact_id,
            one.next_number,
            step.kind,
            one.silence.since,
            one.sender,
            prompt.text,
            segments(one.channel, prompt.text),
            one.silence.language,
            step.expires_at,
            buttons=prompt.buttons,
            interview_id=one.interview_id,
        )

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._stopping.wait()
        except TimeoutError:
            return


def _is_passed_over(one: Invited | Paused, kind: Kind, against: Against) -> bool:
    """Return whether somebody gets no reminder now: a person answers them, or their quota is full.

    The last word is said whatever quotas say, but it too would be out of place amid what somebody is told by a person.
    """
    return one.is_attended or (kind is not Kind.LAST and against(one.profile, one.paused_since) is not None)


def _take(room: dict[str, float], sender: str, units: float) -> bool:
    """Take up a sender's time, where it has any."""
    if room[sender] <= 0:
        return False
    room[sender] -= units
    return True


def _prompt(questionnaire: Questionnaire, one: Paused, step: Remind, now: datetime) -> Prompt:
    """Return a reminder as one message: its words, then the question that the next reply is taken for.

    The last word asks nothing: it says that nothing more comes.
    """
    form = CARRIAGES[one.channel].form
    asked: tuple[Prompt, ...] = ()
    if step.kind is not Kind.LAST:
        asked = render(questionnaire, one.interview, awaited(questionnaire, one.interview), form, now)
    text = "\n".join([step.text, *(prompt.text for prompt in asked)])
    buttons = asked[0].buttons if asked else ()
    return Prompt(plain_punctuation(text) if form.short else text, buttons)
