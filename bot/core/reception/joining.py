"""Which consultation a message asks to join."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.folding import fold
from bot.core.interview.answering import read_at
from bot.core.interview.records import Interview, Stage
from bot.core.interview.slots import node_at
from bot.core.outreach.coupons import is_coupon, read_coupon
from bot.core.outreach.sources import source_in
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Incoming
from bot.core.replies import Read

JOIN_BUTTON = ":join="
"""How the data of a button begins that joins, before a keyword."""

_TAKEN = "\0"
"""Stands where a keyword stood, so that the words around it do not make another one."""
MOST_WORDS_AROUND_KEYWORD = 4
"""A message as short as "hello WATER please" joins; a longer one only mentions the word."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What a message asks to join: a consultation's id, the language that the keyword told, and what led there."""

    consultation: str
    language: str | None = None
    source: str | None = None


def asked_to_join(known: Consultations, current: Interview | None, incoming: Incoming) -> Joining | None:
    """Return what a message asks to join, or None where it is something else.

    In the middle of an interview only a whole message counts, and not one that answers the question at hand: a choice
    may be called as another consultation's keyword is.
    """
    if incoming.joins is not None and incoming.joins in known.offered:
        return _by_link(known, incoming.joins, incoming.source)
    if incoming.button is not None and incoming.button.startswith(JOIN_BUTTON):
        return _exactly(known, fold(incoming.button.removeprefix(JOIN_BUTTON)))
    if incoming.button is not None or not incoming.text:
        return None
    said = fold(incoming.text)
    coupon = incoming.coupon
    is_open = current is None or current.stage is not Stage.ITEMS
    if coupon is not None and is_open and coupon.consultation in known.offered and is_coupon(incoming.text):
        return Joining(coupon.consultation)
    exact = _exactly(known, said)
    if current is None or current.stage is Stage.ENDED:
        return exact or _by_words(known, said.split())
    if exact is None or names_a_choice(known, current, incoming):
        return None
    return exact


def _exactly(known: Consultations, said: str) -> Joining | None:
    """Return what a keyword joins, where the whole of what was said is one."""
    found = known.keywords.get(said)
    return Joining(*found) if found else None


def _by_words(known: Consultations, words: Sequence[str]) -> Joining | None:
    """Return what the one keyword among few words joins, with the source that the others name."""
    if len(words) > MOST_WORDS_AROUND_KEYWORD:
        return None
    others, found = list(words), set[tuple[str, str | None]]()
    # A keyword of several words first: in "ROAD TANK please" nobody asks for the consultation called TANK.
    for size in range(len(words), 0, -1):
        for start in range(len(others) - size, -1, -1):
            keyword = " ".join(others[start : start + size])
            if keyword in known.keywords:
                found.add(known.keywords[keyword])
                others[start : start + size] = [_TAKEN]
    if len(found) != 1:
        return None
    consultation, language = found.pop()
    return Joining(
        consultation, language, _source(known, consultation, [one for one in others if one != _TAKEN])
    )


def _by_link(known: Consultations, consultation: str, said: str | None) -> Joining:
    """Return what a link joins. Where the file lists sources, only those count: anybody can make a link."""
    outreach = known.offered[consultation].outreach
    listed = outreach is not None and bool(outreach.sources)
    if said is None or read_coupon(said) is not None:
        return Joining(consultation)
    source = _source(known, consultation, fold(said).split()) if listed else said
    return Joining(consultation, None, source)


def _source(known: Consultations, consultation: str, words: Sequence[str]) -> str | None:
    outreach = known.offered[consultation].outreach
    found = source_in(outreach.sources, words) if outreach else None
    return found.name if found else None


def names_a_choice(known: Consultations, current: Interview, incoming: Incoming) -> bool:
    """Return whether a text names a choice of the question at hand."""
    if current.stage is not Stage.ITEMS or current.menu is not None or current.at is None:
        return False
    questionnaire = known.of(current)
    if not node_at(questionnaire, current.at)[0].item.type.has_choices:
        return False
    return isinstance(read_at(questionnaire, current, current.at, incoming.text, incoming.at), Read)
