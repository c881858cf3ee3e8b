"""The limits against harm: how many messages a person, a day, a border and a purse are kept to.

A message that nobody asked for is sent only while it stays within every cap. A reply counts, and is held by one cap
alone, which is so high that only a machine reaches it: who writes is answered. Days are those of UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.core.money import read_money

HELD = "cap: "
"""How the error of a message begins that a cap keeps back."""


class Cap(StrEnum):
    """What is limited."""

    PERSON_A_DAY = "person-a-day"
    """Messages to one person on one day, replies among them."""
    PERSON_IN_ALL = "person-in-all"
    """Messages to one person, ever, that they did not ask for: who talked with us much is no less welcome for it."""
    MESSAGES_A_DAY = "messages-a-day"
    """Messages that leave from the outbox on one day, to everybody together."""
    ABROAD_A_DAY = "abroad-a-day"
    """Messages from the outbox on one day to countries in which the organiser does not work."""
    SPEND_A_DAY = "spend-a-day"
    """Money on one day: the parts of all messages, replies among them, at their price."""
    REPLIES_A_PERSON = "replies-a-person-a-day"
    """Replies to one person on one day: two machines that answer each other stop there."""

    @property
    def is_money(self) -> bool:
        return self is Cap.SPEND_A_DAY


class Subject(StrEnum):
    """What else is set by hand, and weighs on what the caps let through."""

    PRICE = "price"
    COUNTRY = "country"


class Footing(StrEnum):
    """How an organiser stands to a country."""

    HOME = "home"
    """They work there."""
    ABROAD = "abroad"
    """They write to people there, and `Cap.ABROAD_A_DAY` holds."""
    FORBIDDEN = "forbidden"


DEFAULTS: Mapping[Cap, int] = {
    Cap.PERSON_A_DAY: 3,
    Cap.PERSON_IN_ALL: 12,
    Cap.MESSAGES_A_DAY: 1_000,
    # As many as GOV.UK Notify allows a service a day, against fraud by numbers that pay their owner.
    Cap.ABROAD_A_DAY: 100,
    Cap.SPEND_A_DAY: 100_000_000,
    Cap.REPLIES_A_PERSON: 300,
}
"""What holds until somebody sets it otherwise. Money is in millionths."""

DEFAULT_PRICE = 200_000
"""Millionths for a part of a message where no price was set: rather too much than too little."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody set, as it is kept: never changed or deleted afterwards.

    `subject` is a `Cap` or a `Subject`; `value` a number, an amount or a `Footing`, as written. A price without a
    `country` is for all countries that have none of their own.
    """

    subject: str
    value: str
    by: str
    reason: str
    at: datetime
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds now: every cap, the price of a part by country, and how the organiser stands to countries."""

    caps: Mapping[Cap, int] = field(default_factory=lambda: DEFAULTS)
    prices: Mapping[str | None, int] = field(default_factory=dict)
    countries: Mapping[str, Footing] = field(default_factory=dict)

    def price(self, country: str | None) -> int:
        """Return the millionths that a part costs to a country."""
        own = self.prices.get(country)
        return self.prices.get(None, DEFAULT_PRICE) if own is None else own

    @property
    def least_price(self) -> int:
        return min([self.price(None), *self.prices.values()])

    def footing(self, country: str | None) -> Footing:
        return self.countries.get(country or "", Footing.FORBIDDEN)


def in_force(changes: Iterable[Change]) -> Limits:
    """Return what holds after changes, which come in their order."""
    caps = dict(DEFAULTS)
    prices: dict[str | None, int] = {}
    countries: dict[str, Footing] = {}
    for one in changes:
        if one.subject == Subject.PRICE:
            prices[one.country] = _number(one)
        elif one.subject == Subject.COUNTRY:
            countries[one.country or ""] = Footing(one.value)
        else:
            caps[Cap(one.subject)] = _number(one)
    return Limits(caps, prices, countries)


def read_value(subject: str, written: str) -> int | None:
    """Return what a cap or a price comes to, money in millionths; None where that is no value for it."""
    if subject == Subject.PRICE or Cap(subject).is_money:
        return read_money(written)
    plain = written.strip().replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 9 else None


def _number(change: Change) -> int:
    value = read_value(change.subject, change.value)
    if value is None:
        # Never taken for no limit.
        raise ValueError(f"the stored value of {change.subject} is none")
    return value


def day_of(at: datetime) -> date:
    """Return the day that a moment is counted to."""
    return at.astimezone(UTC).date()


def begins(day: date) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), UTC)


def next_day(at: datetime) -> datetime:
    """Return the first moment of the day after: when daily caps open again."""
    return begins(day_of(at) + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Request:
    """A message that is about to be handed over.

    `country` is where its number is from, None where that cannot be told; `parts` what is paid for, None on a channel
    without phone numbers, which has neither borders nor a price. `counted_on` is the day that it was counted to when it
    was tried before.
    """

    id: int
    contact_id: int
    is_reply: bool
    country: str | None
    parts: int | None
    counted_on: date | None = None

    @property
    def is_numbered(self) -> bool:
        return self.parts is not None


@dataclass(frozen=True, slots=True)
class Totals:
    """What one day has come to: messages from the outbox, those abroad, and millionths spent with all replies."""

    messages: int = 0
    abroad: int = 0
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """What one person got: today in all and as replies, and ever without having asked."""

    messages: int = 0
    replies: int = 0
    unprompted: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Why a message is not sent: a cap, or a country that nobody has allowed (None where it cannot be told)."""

    cap: Cap | Subject
    country: str | None = None

    @property
    def code(self) -> str:
        """Return what is kept as the message's error, and told to operators."""
        named = f" {self.country or 'unknown'}" if self.cap is Subject.COUNTRY else ""
        return f"{HELD}{self.cap}{named}"


@dataclass(frozen=True, slots=True)
class Grant:
    """What became of requests, and all counts after it. `counted` are those that were counted by it.

    `is_closed` says that a cap for everybody is reached, so that nothing that nobody asked for can leave today.
    """

    totals: Totals
    people: Mapping[int, Person]
    granted: frozenset[int]
    counted: frozenset[int]
    held: Mapping[int, Held]
    is_closed: bool


def grant(
    limits: Limits, today: date, totals: Totals, people: Mapping[int, Person], requests: Sequence[Request]
) -> Grant:
    """Return which messages may be handed over today, taken one after the other.

    A message is counted once a day however often it is tried; on another day it counts again, except to what a person
    got in all.
    """
    counts = dict(people)
    counted: set[int] = set()
    held: dict[int, Held] = {}
    for one in requests:
        person = counts.get(one.contact_id, Person())
        why = _why_not(limits, today, totals, person, one)
        if why is not None:
            held[one.id] = why
        elif one.counted_on != today:
            counted.add(one.id)
            totals = _with(totals, limits, one)
            counts[one.contact_id] = Person(
                person.messages + 1,
                person.replies + one.is_reply,
                person.unprompted + (not one.is_reply and one.counted_on is None),
            )
    granted = frozenset(one.id for one in requests) - held.keys()
    return Grant(totals, counts, granted, frozenset(counted), held, _is_closed(limits, totals, held.values()))


def _why_not(limits: Limits, today: date, totals: Totals, person: Person, one: Request) -> Held | None:
    if one.is_reply:
        is_over = one.counted_on != today and person.replies >= limits.caps[Cap.REPLIES_A_PERSON]
        return Held(Cap.REPLIES_A_PERSON) if is_over else None
    if one.is_numbered and limits.footing(one.country) is Footing.FORBIDDEN:
        return Held(Subject.COUNTRY, one.country)
    if one.counted_on == today:
        return None
    after = _with(totals, limits, one)
    reached = {
        Cap.PERSON_IN_ALL: person.unprompted + (one.counted_on is None),
        Cap.PERSON_A_DAY: person.messages + 1,
        # A message at home is no matter of those abroad, however many replies went there.
        Cap.ABROAD_A_DAY: after.abroad if after.abroad > totals.abroad else 0,
        Cap.MESSAGES_A_DAY: after.messages,
        Cap.SPEND_A_DAY: after.spent if after.spent > totals.spent else 0,
    }
    return next((Held(cap) for cap, count in reached.items() if count > limits.caps[cap]), None)


def _with(totals: Totals, limits: Limits, one: Request) -> Totals:
    """Return a day with a message more."""
    if one.parts is None:
        return replace(totals, messages=totals.messages + 1)
    is_abroad = limits.footing(one.country) is not Footing.HOME
    cost = one.parts * limits.price(one.country)
    return Totals(totals.messages + 1, totals.abroad + is_abroad, totals.spent + cost)


def _is_closed(limits: Limits, totals: Totals, held: Iterable[Held]) -> bool:
    caps = {one.cap for one in held}
    if Cap.MESSAGES_A_DAY in caps:
        return True
    # Where a dearer message did not fit, a cheaper one may.
    return Cap.SPEND_A_DAY in caps and totals.spent + limits.least_price > limits.caps[Cap.SPEND_A_DAY]


def room(limits: Limits, totals: Totals) -> int:
    """Return how many messages of one part nobody asked for may still leave today, at the lowest price."""
    left = limits.caps[Cap.MESSAGES_A_DAY] - totals.messages
    money = limits.caps[Cap.SPEND_A_DAY] - totals.spent
    return max(0, min(left, money // limits.least_price if limits.least_price else left))
