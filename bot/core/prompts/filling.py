"""Texts in which the person's own answers are repeated, as a person would say them."""

import re
from collections.abc import Mapping

from bot.core.interview.records import Slot
from bot.core.interview.slots import node_at
from bot.core.phrases import Phrasebook
from bot.core.prompts.writer import Writer
from bot.core.questionnaire import ItemType, Questionnaire, Text
from bot.core.saying import said_date, said_list

REFERENCE = re.compile(r"\$\{\s*([^\s}]+)\s*\}")
"""A reference to an answer in a text."""

_NUMBERS = frozenset((ItemType.INTEGER, ItemType.DECIMAL, ItemType.RANGE))


def filled(writer: Writer, text: Text, slot: Slot | None, given: Mapping[str, str] | None = None) -> str:
    """Return a text with each `${name}` replaced by the person's own answer, as a person would say it.

    `given` are names that stand for something else than an answer.
    """
    wording = text.into(writer.interview.language)
    if "${" not in wording:
        return wording
    of = writer.questionnaire
    node, rounds = node_at(of, slot) if slot else (of.nodes[0], ())
    lookup = writer.ground.scope(node, rounds).lookup

    def spoken(reference: re.Match[str]) -> str:
        if given and reference[1] in given:
            return given[reference[1]]
        if reference[1] not in of.positions:
            # Only a consultation under review has such a reference; the review tells of it.
            return ""
        value = lookup(reference[1])
        values = value if isinstance(value, tuple) else (value,)
        said = [spoken_value(of, reference[1], one, writer.phrasebook) for one in values]
        return writer.apart(said_list(said, writer.phrasebook))

    return REFERENCE.sub(spoken, wording)


def spoken_value(questionnaire: Questionnaire, slot: Slot, value: str, book: Phrasebook) -> str:
    """Return a value as a person would say it: choices by their labels, dates in words, numbers in their digits."""
    item = node_at(questionnaire, slot)[0].item
    if item.type is ItemType.DATE:
        return said_date(value, book, item.calendar)
    if item.type in _NUMBERS:
        return book.in_digits(value)
    if not item.type.has_choices:
        return value
    labels = {choice.name: choice.label.into(book.language) for choice in item.choices}
    return said_list([labels.get(name, name) for name in value.split()], book)
