"""What it comes to to remind people of a consultation: in which words, by which rules, and how many are silent now."""

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.channels import Channel
from bot.channels.twilio import segments
from bot.core.outreach.campaigns import REMINDS
from bot.core.outreach.records import Outreach
from bot.core.outreach.reminding import (
    GRACE,
    Kind,
    Remind,
    ReminderTerms,
    Silence,
    next_kind,
    next_step,
)
from bot.core.outreach.wording import message_text
from bot.core.questionnaire import Questionnaire
from bot.errors import InviteError
from bot.outreach.reminding import Against, AgainstFor, Place, nothing_against
from bot.store.database import Database
from bot.store.outreach.campaigns import campaigns_of
from bot.store.outreach.silent import Invited, Paused, every_invited, may_be_written_to, silent_paused


class Standing(StrEnum):
    """Whether somebody who is silent will be reminded."""

    NOW = "now"
    LATER = "later"
    """When their time comes, or their hours open."""
    NO_WORDS = "no words"
    NO_PLACE = "no place"
    """Nothing tells which hour it is where they are."""
    FULL = "full"
    """Their quota is full: not until there is room again. The last word is said to them all the same."""
    ATTENDED = "attended"
    """Their case is open in the inbox: a person answers them."""
    CLOSED = "closed"
    """Their channel allows nothing freely written by then."""
    OVER = "over"
    """They have had all, or are silent for too long."""


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """How many people are silent, by what they would be reminded of, their language and how they stand."""

    terms: ReminderTerms
    groups: Mapping[tuple[Kind, str | None, Standing], int]

    @property
    def people(self) -> int:
        """How many are reminded, now or later."""
        return sum(
            count
            for (_, _, standing), count in self.groups.items()
            if standing in (Standing.NOW, Standing.LATER)
        )

    def parts(self, kind: Kind, language: str) -> int:
        """Return the SMS parts of a text; a question that follows it has more."""
        return segments(Channel.SMS, self.terms.said[kind][language]) or 1


def terms_of(outreach: Outreach, questionnaire: Questionnaire) -> ReminderTerms:
    """Return by which terms people of a consultation are reminded, as its file has them now.

    Raises:
        InviteError: the file says nothing of reminders.
    """
    wanted = outreach.reminders
    if wanted is None:
        raise InviteError(
            f"{outreach.consultation} has no reminders: write them into {outreach.consultation}.outreach.yaml"
        )
    said: dict[Kind, dict[str, str]] = {}
    for kind, words in (
        (Kind.INVITED, wanted.invited),
        (Kind.PAUSED, wanted.paused),
        (Kind.LAST, wanted.last),
    ):
        for language in questionnaire.languages if words else ():
            text = message_text(outreach, words, questionnaire.phrasebook(language)) if words else None
            if text is not None:
                said.setdefault(kind, {})[language] = text
    own = questionnaire.clock
    clock = None if str(own) == "UTC" else str(own)
    return ReminderTerms(outreach.hours, wanted.most, wanted.after, outreach.expires_after, said, clock)


async def prepare(
    engine: Database,
    consultation: str,
    terms: ReminderTerms,
    place: Place,
    now: datetime,
    against: AgainstFor = nothing_against,
) -> ReminderPlan:
    """Return how many are silent, and what would be said to them."""
    passes_over = await against(consultation, now)
    groups: Counter[tuple[Kind, str | None, Standing]] = Counter()
    for campaign in await campaigns_of(engine, consultation):
        if campaign.state not in REMINDS:
            continue
        async with aclosing(every_invited(engine, campaign, now - terms.after)) as pages:
            async for people in pages:
                groups.update(
                    _key(terms, one, one.silence, now, passes_over) for one in people if not one.is_over
                )
    reached: int | None = 0
    since = now - terms.expires_after - GRACE
    while reached is not None:
        paused, reached = await silent_paused(engine, consultation, since, now, reached, now - terms.after)
        for left in paused:
            zones = left.silence.time_zones or place(left.channel, left.address_sealed) or terms.clock
            silence = replace(left.silence, time_zones=zones)
            if may_be_written_to(left, now + terms.after):
                groups[_key(terms, left, silence, now, passes_over)] += 1
            else:
                groups[silence.kind, silence.language, Standing.CLOSED] += 1
    return ReminderPlan(terms, groups)


def _key(
    terms: ReminderTerms, one: Invited | Paused, silence: Silence, now: datetime, against: Against
) -> tuple[Kind, str | None, Standing]:
    standing = _standing(terms, silence, now)
    if standing in (Standing.NOW, Standing.LATER):
        if one.is_attended:
            standing = Standing.ATTENDED
        elif (
            next_kind(terms, silence, now) is not Kind.LAST
            and against(one.profile, one.paused_since) is not None
        ):
            standing = Standing.FULL
    return silence.kind, silence.language, standing


def _standing(terms: ReminderTerms, one: Silence, now: datetime) -> Standing:
    if all(one.language not in terms.said.get(kind, {}) for kind in (one.kind, Kind.LAST)):
        return Standing.NO_WORDS
    if one.time_zones is None:
        return Standing.NO_PLACE
    if isinstance(next_step(terms, one, now), Remind):
        return Standing.NOW
    return Standing.OVER if next_kind(terms, one, now) is None else Standing.LATER
