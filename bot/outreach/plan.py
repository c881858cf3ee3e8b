"""What it comes to to invite people: who, in which words, from which sender, when and at what cost; and then doing so.

Both look at the list in the same way, so that what is shown is what is done. Nobody's number is opened for it.
"""

from array import array
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from bot.channels import Channel
from bot.channels.senders import Sender, sender_to
from bot.channels.twilio import segments
from bot.core.outreach.campaigns import Campaign, CampaignState, Lane, Terms, Words
from bot.core.outreach.choosing import Reason
from bot.core.outreach.drawing import draw
from bot.core.outreach.outlook import Going
from bot.core.outreach.places import zones_of
from bot.core.outreach.records import Outreach
from bot.core.outreach.spoken import language_for
from bot.core.outreach.wording import invitation_text
from bot.core.questionnaire import Questionnaire
from bot.errors import InviteError
from bot.store.database import Database
from bot.store.outreach.campaigns import begin_campaign, campaigns_of, open_campaign
from bot.store.outreach.invitable import PAGE, listed
from bot.store.outreach.invitations import AT_ONCE, NewInvitation, write_invitations

Said = Mapping[str, Mapping[str, Words]]
"""The wordings by name and language."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an organiser wants to invite: of those with these attributes, so many at most, by the draw of a seed.

    `where` has the spellings of each value that the list has, the commonest first (see `as_listed`). `chosen` are the
    recipients that quotas have chosen; None where everybody may be invited.
    """

    seed: int
    most: int | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: frozenset[int] | None = None

    def asked_for(self) -> Mapping[str, str]:
        """Return the attributes that people have to have, by the commonest spelling."""
        return {name: spelled[0] for name, spelled in self.where.items()}


class Group(NamedTuple):
    """People of one country who get the same words from the same sender by the same clocks."""

    language: str
    wording: str
    sender: str
    time_zones: str
    country: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What it comes to. `left_out` has the reasons, with the language where that is the reason.

    `seconds` is for how long each sender sends; `opens` when those outside the hours at the moment can be written to
    first, by their clocks, None where no hour is allowed.
    """

    consultation: str
    wanted: Wanted
    terms: Terms
    groups: Mapping[Group, int]
    left_out: Mapping[tuple[Reason, str | None], int]
    seconds: Mapping[str, float]
    opens: Mapping[str, datetime | None]

    @property
    def people(self) -> int:
        return sum(self.groups.values())

    @property
    def parts(self) -> int:
        """The parts of SMS that all invitations together cost."""
        return sum(count * self.words(group).segments for group, count in self.groups.items())

    @property
    def going(self) -> Mapping[str, Going]:
        """What goes to each country."""
        found: dict[str, Going] = {}
        for group, count in self.groups.items():
            people, parts = found.get(group.country, (0, 0))
            found[group.country] = Going(people + count, parts + count * self.words(group).segments)
        return found

    @property
    def quiet(self) -> int:
        """How many cannot be written to at the moment."""
        return sum(count for group, count in self.groups.items() if group.time_zones in self.opens)

    def words(self, group: Group) -> Words:
        return self.terms.said[group.wording][group.language]


def said_in(outreach: Outreach, questionnaire: Questionnaire) -> Said:
    """Return the wordings as they are sent, in the languages that each of them has.

    A language that lacks one has none: of two wordings that are compared, one would be read by others.

    Raises:
        InviteError: the file has no invitation.
    """
    if outreach.invitation is None:
        raise InviteError(
            f"{outreach.consultation} has no invitation: write one into {outreach.consultation}.outreach.yaml"
        )
    said: dict[str, dict[str, Words]] = {}
    for wording in outreach.invitation.wordings:
        said[wording.name] = {}
        for language in questionnaire.languages:
            text = invitation_text(outreach, wording, questionnaire.phrasebook(language))
            if text is not None:
                said[wording.name][language] = Words(text, segments(Channel.SMS, text) or 1)
    common = set.intersection(*map(set, said.values()))
    return {name: {one: words[one] for one in words if one in common} for name, words in said.items()}


def spoken_in(said: Said) -> Collection[str]:
    """Return the languages that people are invited in, which all wordings have."""
    return frozenset(next(iter(said.values())))


async def prepare(
    engine: Database,
    outreach: Outreach,
    said: Said,
    senders: Sequence[Sender],
    rates: Mapping[str, float],
    wanted: Wanted,
    now: datetime,
) -> Plan:
    """Return what it comes to to invite people; `rates` are the SMS parts a second of each sender.

    Raises:
        InviteError: an earlier campaign is not wholly written down.
    """
    for one in await campaigns_of(engine, outreach.consultation):
        if one.state is CampaignState.QUEUEING:
            raise InviteError(
                f"campaign {one.number} is being written down, or was cut off in the midst of it. In that case: heard "
                f"invite cancel {one.consultation} --campaign {one.number}"
            )
    sizes: Counter[Group] = Counter()
    left_out: Counter[tuple[Reason, str | None]] = Counter()
    drawn = _Drawn(wanted.most)
    async for page in _placed(engine, outreach.consultation, said, senders, wanted):
        for person in page:
            if isinstance(person, _LeftOut):
                left_out[person] += 1
            elif wanted.most is None:
                sizes[person.group] += 1
            else:
                drawn.add(person)
    last_turn, few = drawn.first()
    sizes += few
    lanes = tuple(dict.fromkeys(Lane(group.sender, group.time_zones) for group in sizes))
    terms = Terms(
        outreach.hours,
        said,
        lanes,
        sum(sizes.values()),
        last_turn,
        wanted.asked_for(),
        outreach.expires_after,
    )
    parts: Counter[str] = Counter()
    for group, count in sizes.items():
        parts[group.sender] += count * said[group.wording][group.language].segments
    zones = {group.time_zones for group in sizes}
    closed = {one for one in zones if outreach.hours.closing_in_all(now, zones_of(one)) is None}
    return Plan(
        outreach.consultation,
        wanted,
        terms,
        sizes,
        dict(left_out),
        {sender: count / rates[sender] for sender, count in parts.items()},
        {one: outreach.hours.opening_in_all(now, zones_of(one)) for one in closed},
    )


async def queue(
    engine: Database,
    plan: Plan,
    senders: Sequence[Sender],
    sample: int | None,
    now: datetime,
    told: Callable[[int], object] = lambda more: None,
) -> Campaign:
    """Write a plan's invitations down and have them sent; `told` takes how many more are written."""
    campaign = await begin_campaign(
        engine, plan.consultation, plan.terms, plan.wanted.seed, sample if sample != 0 else None, now
    )
    lanes = {lane: place for place, lane in enumerate(plan.terms.lanes)}
    last, left = plan.terms.last_turn, plan.people
    async for page in _placed(engine, plan.consultation, plan.terms.said, senders, plan.wanted, AT_ONCE):
        new = [
            NewInvitation(one.recipient_id, lanes[one.lane], one.turn, one.group.wording)
            for one in page
            # Whoever was listed since the plan was made is in no lane of it, or over its number.
            if isinstance(one, _Placed) and one.lane in lanes and (last is None or one.turn <= last)
        ][:left]
        written = await write_invitations(engine, campaign, new)
        left -= written
        told(written)
    return await open_campaign(engine, campaign, now)


class _LeftOut(NamedTuple):
    reason: Reason
    language: str | None


class _Placed(NamedTuple):
    recipient_id: int
    turn: int
    group: Group

    @property
    def lane(self) -> Lane:
        return _lane(self.group.sender, self.group.time_zones)


async def _placed(
    engine: Database,
    consultation: str,
    said: Said,
    senders: Sequence[Sender],
    wanted: Wanted,
    at_once: int = PAGE,
) -> AsyncGenerator[Sequence[_Placed | _LeftOut]]:
    """Yield what becomes of everybody on the list, a page at a time."""
    spoken, names = spoken_in(said), tuple(said)

    @lru_cache(maxsize=1_024)
    def sender_of(country: str, wrote_to: str | None) -> str | None:
        # Nobody is invited by a name: they could not answer.
        found = sender_to(senders, Channel.SMS, country, wrote_to, answerable=True)
        return found.name if found else None

    @lru_cache(maxsize=4_096)
    def place(
        own: str | None, said_to_be: str | None, country: str, zones: str, wrote_to: str | None
    ) -> _LeftOut | tuple[Group, ...]:
        """Return why people like this are left out, or their groups, one for each wording."""
        language, sender = language_for(own, said_to_be, spoken), sender_of(country, wrote_to)
        if language is None:
            return _LeftOut(Reason.NO_LANGUAGE, None)
        if language not in spoken:
            return _LeftOut(Reason.NO_WORDS, language)
        if sender is None:
            return _LeftOut(Reason.NO_SENDER, None)
        return tuple(Group(language, name, sender, zones, country) for name in names)

    seed, chosen = wanted.seed, wanted.chosen
    async for page in listed(engine, consultation, wanted.where, at_once):
        placed: list[_Placed | _LeftOut] = []
        for recipient_id, own, said_to_be, country, zones, wrote_to, against in page:
            if chosen is not None and recipient_id not in chosen:
                continue
            # Few kinds of people make up a list of a million: what becomes of a kind is looked up once.
            if against is not None:
                placed.append(_LeftOut(Reason(against), None))
                continue
            found = place(own, said_to_be, country, zones, wrote_to)
            if isinstance(found, _LeftOut):
                placed.append(found)
                continue
            turn, lot = draw(seed, recipient_id)
            placed.append(_Placed(recipient_id, turn, found[lot % len(found)]))
        yield placed


class _Drawn:
    """Those of whom only so many are to be invited: twelve bytes each, however many there are."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._groups: dict[Group, int] = {}
        self._turns, self._places = array("Q"), array("I")

    def add(self, person: _Placed) -> None:
        self._turns.append(person.turn)
        self._places.append(self._groups.setdefault(person.group, len(self._groups)))

    def first(self) -> tuple[int | None, Counter[Group]]:
        """Return the turn of the last who is invited, None where that is everybody; and how many of each group are."""
        last = None
        if self._most is not None and self._most < len(self._turns):
            last = nsmallest(self._most, self._turns)[-1]
        drawn = zip(self._turns, self._places, strict=True)
        counted = Counter(place for turn, place in drawn if last is None or turn <= last)
        return last, Counter(
            {group: counted[place] for group, place in self._groups.items() if counted[place]}
        )


@lru_cache(maxsize=1_024)
def _lane(sender: str, time_zones: str) -> Lane:
    return Lane(sender, time_zones)
