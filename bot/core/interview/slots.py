"""Slots: an item's name and its rounds, as one word."""

from bot.core.interview.records import Answer, AnswerStatus, Slot
from bot.core.questionnaire import ItemType, Node, Questionnaire

Rounds = tuple[int, ...]
"""The round of each repeat around a place, outermost first, counted from 1; () outside repeats."""


def slot_of(name: str, rounds: Rounds) -> Slot:
    """Return `age`, or `age[2,1]` in the first round of a repeat within the second round of another."""
    return f"{name}[{','.join(map(str, rounds))}]" if rounds else name


def place_of(slot: Slot) -> tuple[str, Rounds]:
    """Return the item's name and rounds that make up a slot."""
    name, bracket, rounds = slot.partition("[")
    return (name, tuple(int(number) for number in rounds[:-1].split(","))) if bracket else (name, ())


def node_at(questionnaire: Questionnaire, slot: Slot) -> tuple[Node, Rounds]:
    """Return the node that a slot's reply belongs to: for a repeat its closing, where "one more?" is asked."""
    name, rounds = place_of(slot)
    node = questionnaire.nodes[questionnaire.positions[name]]
    return (questionnaire.nodes[node.partner] if node.item.type is ItemType.REPEAT else node), rounds


def is_in_own_words(questionnaire: Questionnaire, slot: Slot, answer: Answer) -> bool:
    """Return whether an answer is in somebody's own words, as they were asked for."""
    if answer.status is not AnswerStatus.ANSWERED or place_of(slot)[0] not in questionnaire.positions:
        return False
    return node_at(questionnaire, slot)[0].item.type is ItemType.TEXT
