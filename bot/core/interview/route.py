"""The way through a questionnaire: which slots an interview passes, and where it stops to ask."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from bot.core.interview.offered import offered_choices
from bot.core.interview.records import Answer, AnswerStatus, Interview, Slot
from bot.core.interview.slots import Rounds, node_at, slot_of
from bot.core.interview.values import Ground
from bot.core.limits import LIMITS
from bot.core.questionnaire import Item, ItemType, Node, Questionnaire

YES, NO = "yes", "no"
"""What the slot of a repeat's "one more?" holds."""


@dataclass(frozen=True, slots=True)
class Station:
    """One slot on the way that is relevant: a leaf, or the "one more?" at the closing of a repeat."""

    slot: Slot
    node: Node
    rounds: Rounds


@dataclass(frozen=True, slots=True)
class Route:
    """Where a walk came to: the answers as they stand now, the notes passed, and the slot to ask (None: the end)."""

    answers: dict[Slot, Answer]
    notes: tuple[Slot, ...]
    at: Slot | None


def stations(ground: Ground, start: Slot | None = None) -> Iterator[Station]:
    """Yield the relevant slots in the order they are asked, from the first or from just after `start`.

    The answers of `ground` are read when a slot is reached, so whoever fills one in between two steps is seen.
    Ends after `LIMITS.places_in_one_turn` places at the latest, so that no nest of repeats can hold a reply up.
    """
    nodes = ground.questionnaire.nodes
    position, rounds = _beginning(ground.questionnaire, start)
    for _ in range(LIMITS.places_in_one_turn):
        if position >= len(nodes):
            return
        node = nodes[position]
        item = node.item
        if item.type is ItemType.REPEAT and node.closes:
            station = Station(slot_of(item.name, rounds), node, rounds)
            if _asks_one_more(node, rounds):
                yield station
            position, rounds = _after_round(ground, station)
        elif not node.closes and item.relevant and not item.relevant.truth(ground.scope(node, rounds)):
            position = node.partner + 1
        elif item.type is ItemType.REPEAT:
            enters = item.repeat_count is None or _rounds_wanted(ground, node, rounds) > 0
            position, rounds = (position + 1, (*rounds, 1)) if enters else (node.partner + 1, rounds)
        else:
            if item.type is not ItemType.GROUP:
                yield Station(slot_of(item.name, rounds), node, rounds)
            position += 1


def advance(ground: Ground, interview: Interview, after: Slot | None) -> Route:
    """Return where the interview goes from a slot just answered (None: from its beginning).

    Calculations on the way are worked out, notes gathered; slots already answered are passed.
    """
    answers = dict(interview.answers)
    live = replace(ground, answers=answers)
    notes: list[Slot] = []
    for station in stations(live, after):
        if station.node.item.type is ItemType.NOTE:
            notes.append(station.slot)
        elif not _settle(live, answers, station, recheck=False):
            return Route(answers, tuple(notes), station.slot)
        elif _is_asked(station):
            notes.clear()
    return Route(answers, tuple(notes), None)


def revise(ground: Ground, interview: Interview) -> Route:
    """Return where the interview goes after an earlier answer changed.

    The whole way is walked again: what is not on it any more loses its relevance, what came back regains it, and an
    answer that its own constraint or choices do not allow any more is asked again. Of the notes only those just
    before the question are given, since the person has read the others.
    """
    answers = dict(interview.answers)
    live = replace(ground, answers=answers)
    passed: set[Slot] = set()
    notes: list[Slot] = []
    first_open: Slot | None = None
    for station in stations(live):
        passed.add(station.slot)
        if station.node.item.type is ItemType.NOTE:
            if first_open is None:
                notes.append(station.slot)
        elif not _settle(live, answers, station, recheck=True):
            first_open = first_open or station.slot
        elif first_open is None and _is_asked(station):
            notes.clear()
    for slot, answer in answers.items():
        if slot not in passed and answer.relevant:
            answers[slot] = replace(answer, relevant=False)
    return Route(answers, tuple(notes), first_open)


def asked_before(ground: Ground, slot: Slot | None) -> Slot | None:
    """Return the last slot on the way to `slot` that the person was asked, or None where it is the first."""
    before: Slot | None = None
    for station in stations(ground):
        if station.slot == slot:
            return before
        if _is_asked(station):
            before = station.slot
    return before


def applicable(ground: Ground) -> Iterator[Station]:
    """Yield the slots that the interview was asked or would still be asked, as its answers stand."""
    return (station for station in stations(ground) if _is_asked(station))


def _is_asked(station: Station) -> bool:
    return station.node.closes or station.node.item.type.is_asked


def _settle(ground: Ground, answers: dict[Slot, Answer], station: Station, *, recheck: bool) -> bool:
    """Return whether a slot needs no question; works out calculations and revives answers on the way."""
    item = station.node.item
    held = answers.get(station.slot)
    if item.type is ItemType.CALCULATE and item.calculation is not None:
        before = held.value if held is not None else ""
        value = item.calculation.text(ground.scope(station.node, station.rounds, before))
        if held is None or held.value != value or not held.relevant:
            answers[station.slot] = Answer(value, AnswerStatus.CALCULATED, ground.now, None)
        return True
    if held is None:
        return False
    if (recheck or not held.relevant) and not _still_fits(ground, station, held):
        answers[station.slot] = replace(held, relevant=False)
        return False
    if not held.relevant:
        answers[station.slot] = replace(held, relevant=True)
    return True


def _still_fits(ground: Ground, station: Station, held: Answer) -> bool:
    """Return whether an answer is still allowed, now that others changed. An empty one asks nothing of anybody."""
    item = station.node.item
    if not held.value:
        return True
    if item.choice_filter is not None:
        names = {choice.name for choice in offered_choices(ground, station.node, station.rounds)}
        if not names.issuperset(held.value.split()):
            return False
    return item.constraint is None or item.constraint.truth(
        ground.scope(station.node, station.rounds, held.value)
    )


def _beginning(questionnaire: Questionnaire, start: Slot | None) -> tuple[int, Rounds]:
    if start is None:
        return 0, ()
    node, rounds = node_at(questionnaire, start)
    return (node.position if node.closes else node.position + 1), rounds


def _asks_one_more(closing: Node, rounds: Rounds) -> bool:
    return closing.item.repeat_count is None and rounds[-1] < _most_rounds(closing.item)


def _after_round(ground: Ground, station: Station) -> tuple[int, Rounds]:
    """Return where the end of a round leads: into the next round, or out of the repeat."""
    closing, rounds = station.node, station.rounds
    opening = ground.questionnaire.nodes[closing.partner]
    if _asks_one_more(closing, rounds):
        answer = ground.answers.get(station.slot)
        more = answer is not None and answer.value == YES
    else:
        more = rounds[-1] < _rounds_wanted(ground, opening, rounds[:-1])
    if more:
        return opening.position + 1, (*rounds[:-1], rounds[-1] + 1)
    return closing.position + 1, rounds[:-1]


def _most_rounds(item: Item) -> int:
    return min(item.repeat_max, LIMITS.repeats)


def _rounds_wanted(ground: Ground, opening: Node, rounds: Rounds) -> int:
    """Return the rounds that `repeat_count` comes to: what is no number is none, whatever is too many is the cap."""
    if opening.item.repeat_count is None:
        return 0
    text = opening.item.repeat_count.text(ground.scope(opening, rounds))
    try:
        wanted = Decimal(text)
    except InvalidOperation:
        return 0
    if wanted.is_nan() or wanted < 1:
        return 0
    return int(min(wanted, Decimal(_most_rounds(opening.item))))
