"""What an operator is told of the caps against harm: which are reached, what is held, and what can be done."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.core.outreach.caps import HELD, Cap, Held, Subject, Totals, next_day
from bot.store.outreach.caps import Standing

EVERYBODYS = (Cap.MESSAGES_A_DAY, Cap.SPEND_A_DAY)
"""Caps that nothing unasked passes any more once they are reached, whoever it is for."""


def used_of(cap: Cap, totals: Totals) -> int | None:
    """Return what today has come to for a cap; None for those that each person has alone."""
    used = {
        Cap.MESSAGES_A_DAY: totals.messages,
        Cap.ABROAD_A_DAY: totals.abroad,
        Cap.SPEND_A_DAY: totals.spent,
    }
    return used.get(cap)


def told(standing: Standing, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield in sentences what is held back, with what to do about it; nothing where nothing is."""
    for cap in EVERYBODYS:
        if (used_of(cap, standing.totals) or 0) >= standing.limits.caps[cap]:
            until = f"{next_day(now):%Y-%m-%d %H:%M} UTC"
            yield (
                f"{cap} is reached: nothing that nobody asked for leaves before {until}",
                f"Wait, or raise it: heard caps set {cap} VALUE --as NAME --reason WHY",
            )
    yield from told_of_held(standing.held)
    if standing.silenced:
        replies = f"{standing.silenced:,} {'reply was' if standing.silenced == 1 else 'replies were'}"
        yield f"{replies} not sent, by {Cap.REPLIES_A_PERSON}", remedy(Held(Cap.REPLIES_A_PERSON).code)


def told_of_held(held: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield in sentences how many messages are held by what, with what to do about it; `held` is by their error."""
    for code, count in held.items():
        messages = f"{count:,} {'message is' if count == 1 else 'messages are'}"
        yield f"{messages} held by {code.removeprefix(HELD)}", remedy(code)


def remedy(code: str) -> str:
    """Return what can be done about messages that are held, by their error."""
    why, _, country = code.removeprefix(HELD).partition(" ")
    if why == Subject.COUNTRY:
        if country == "unknown":
            return "Of their numbers no country can be told. They are not sent."
        return f"To have them sent: heard caps allow-country {country} --as NAME"
    if why == Cap.REPLIES_A_PERSON:
        return "A machine may be answering ours. heard outbox list shows them; requeue has them sent."
    if why == Cap.PERSON_IN_ALL:
        return "These people had as many as one may have. A campaign that invites others needs none of them."
    return "They wait for the next day (UTC)."
