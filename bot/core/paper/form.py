"""What a form on paper asks: a column for each answer, and those that say whose form it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from bot.core.interview.records import Slot
from bot.core.interview.slots import place_of, slot_of
from bot.core.questionnaire import Item, ItemType, Node, Questionnaire

FORM, DATE, LANGUAGE, CONSENT = "form", "date", "language", "consent"
ABOUT = (FORM, DATE, LANGUAGE, CONSENT)
"""The columns that say which form it is, when and in which language it was filled in, and whether its person agreed."""

NOT_ON_PAPER = frozenset({ItemType.IMAGE, ItemType.AUDIO, ItemType.ACKNOWLEDGE})
"""What is asked and has no column: a picture cannot be typed in, and what was read needs no sign that it was."""

ROUNDS = 3
"""Rounds of a repeat that a template has columns for, unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of answers: its name is the slot that they belong to."""

    slot: Slot
    item: Item


def on_paper(questionnaire: Questionnaire) -> Questionnaire:
    """Return a consultation as it stands on paper: choices in the file's order, and nothing is offered for later."""
    plain = {node.item.name: replace(node.item, randomize=False) for node in questionnaire.nodes}
    return replace(
        questionnaire,
        nodes=tuple(replace(node, item=plain[node.item.name]) for node in questionnaire.nodes),
        report_back=False,
        move=None,
        outreach=None,
    )


def columns(questionnaire: Questionnaire, rounds: int = ROUNDS) -> tuple[Column, ...]:
    """Return the columns of a template in the order in which it is asked, those of a repeat round by round."""
    found = [
        (node, round_)
        for node in questionnaire.nodes
        if _has_column(node)
        for round_ in product(*(_rounds(questionnaire, name, rounds) for name in node.repeats))
    ]
    # As in exports: all of the first round of the outermost repeat, then all of the second.
    order = {name: place for place, name in enumerate(_outermost(questionnaire))}

    def place(one: tuple[Node, tuple[int, ...]]) -> tuple[int, tuple[int, ...], int]:
        node, round_ = one
        return (order[node.repeats[0] if node.repeats else node.item.name], round_, node.position)

    return tuple(
        Column(slot_of(node.item.name, round_), node.item) for node, round_ in sorted(found, key=place)
    )


def column_of(questionnaire: Questionnaire, heading: str) -> Column | None:
    """Return the column that a heading names, whatever its round; None where it names none."""
    try:
        name, rounds = place_of(heading)
    except ValueError:
        return None
    position = questionnaire.positions.get(name)
    node = questionnaire.nodes[position] if position is not None else None
    if node is None or not _has_column(node) or len(rounds) != len(node.repeats):
        return None
    return Column(heading, node.item) if all(one > 0 for one in rounds) else None


def goes_on(
    slots: Mapping[Slot, str], questionnaire: Questionnaire, repeat: str, rounds: tuple[int, ...]
) -> bool:
    """Return whether anything was filled in in a later round of a repeat; one in between may have been left empty."""
    for slot, text in slots.items():
        name, at = place_of(slot)
        inside = questionnaire.nodes[questionnaire.positions[name]].repeats
        if not text or repeat not in inside:
            continue
        depth = inside.index(repeat)
        if at[:depth] == rounds[:-1] and at[depth] > rounds[-1]:
            return True
    return False


def _has_column(node: Node) -> bool:
    return not node.closes and node.item.type.is_asked and node.item.type not in NOT_ON_PAPER


def _rounds(questionnaire: Questionnaire, repeat: str, rounds: int) -> range:
    return range(1, min(rounds, questionnaire.item(repeat).repeat_max or rounds) + 1)


def _outermost(questionnaire: Questionnaire) -> Iterator[str]:
    seen: dict[str, None] = {}
    for node in questionnaire.nodes:
        seen.setdefault(node.repeats[0] if node.repeats else node.item.name)
    return iter(seen)
