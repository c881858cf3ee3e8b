"""How somebody sends an answer: by its number or in words, by a button, in their own digits and order of a date."""

import random
from datetime import date

from bot.core.interview.records import Slot
from bot.core.interview.route import YES
from bot.core.phrases import Phrasebook
from bot.core.prompts.records import Form
from bot.core.questionnaire import ItemType
from bot.core.saying import said_date
from bot.demo_data.choosing import Question
from bot.demo_data.words import Voice

PRESSES = 0.9
"""Share of answers to a question with buttons that are pressed."""
BY_NUMBER = 0.75
"""Share of written answers to a list that are the number there."""
OWN_DIGITS = 0.4

Sent = tuple[str, str | None]
"""What is written, and the data of the button that is pressed instead."""


def send(
    slot: Slot,
    question: Question,
    value: str,
    form: Form,
    book: Phrasebook,
    voice: Voice,
    drawn: random.Random,
    *,
    plainly: bool,
) -> Sent:
    """Return how an answer's value is sent; `plainly`, as somebody does who was not understood before."""
    item = question.item
    has_buttons = item.type is ItemType.REPEAT or (
        item.type in (ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE) and item.lists_choices
    )
    if value and form.buttons and has_buttons and drawn.random() < PRESSES:
        return "", f"{slot}={value}"
    if item.type is ItemType.REPEAT:
        return ("1" if value == YES else "2"), None
    if item.type.has_choices:
        return _listed(question, value, book.language, drawn, plainly=plainly), None
    match item.type:
        case ItemType.DATE if not plainly:
            return _dated(value, book, drawn), None
        case ItemType.INTEGER | ItemType.DECIMAL | ItemType.RANGE if drawn.random() < OWN_DIGITS:
            return value.translate(str.maketrans("0123456789", voice.digits)), None
        case ItemType.GEOPOINT:
            return ", ".join(value.split()[:2]), None
        case ItemType.ACKNOWLEDGE:
            return "OK", None
    return value, None


def _listed(question: Question, value: str, language: str, drawn: random.Random, *, plainly: bool) -> str:
    places = {choice.name: place for place, choice in enumerate(question.offered, 1)}
    item = question.item
    names = value.split()
    in_numbers = plainly or item.type is ItemType.RANK or drawn.random() < BY_NUMBER
    if item.lists_choices and in_numbers:
        return drawn.choice((" ", ", ")).join(str(places[name]) for name in names)
    labels = {choice.name: choice.label.into(language) for choice in item.choices}
    return ", ".join(labels[name] for name in names)


def _dated(value: str, book: Phrasebook, drawn: random.Random) -> str:
    day = date.fromisoformat(value)
    parts = {"d": f"{day.day}", "m": f"{day.month}", "y": f"{day.year}"}
    in_digits = "/".join(parts[one] for one in book.date_order)
    return drawn.choice((value, said_date(value, book), in_digits))
