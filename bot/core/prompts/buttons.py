"""What can be pressed to answer a question, and what it is called."""

from datetime import date

from bot.core.interview.records import Slot
from bot.core.interview.route import NO, YES
from bot.core.interview.step import ACKNOWLEDGED
from bot.core.phrases import DONE, SHARE_PLACE, Phrasebook
from bot.core.phrases import NO as NO_WORDS
from bot.core.phrases import YES as YES_WORDS
from bot.core.prompts.records import SHARE_PLACE_BUTTON, SUBMITS, Button
from bot.core.prompts.writer import Writer
from bot.core.questionnaire import Choice, Item, ItemType
from bot.core.replies.listed_days import name_of, number_of
from bot.core.wording import choice_of


def yes_and_no(asked: str, book: Phrasebook) -> tuple[Button, ...]:
    """Return the two buttons of what is asked, in the first words that a language has for yes and no."""
    yes, no = book.words(YES_WORDS)[0], book.words(NO_WORDS)[0]
    return (Button(_capital(yes), f"{asked}={YES}"), Button(_capital(no), f"{asked}={NO}"))


def buttons_of(
    writer: Writer, slot: Slot, item: Item, offered: tuple[Choice, ...], days: tuple[date, ...]
) -> tuple[Button, ...]:
    """Return the buttons of a question at a slot; none where its answer is written."""
    if days:
        return tuple(Button(_day(writer, day, item), f"{slot}={day.isoformat()}") for day in days)
    if item.type is ItemType.SELECT_ONE and item.lists_choices:
        return tuple(Button(label_of(writer, choice), f"{slot}={choice.name}") for choice in offered)
    if item.type is ItemType.SELECT_MULTIPLE and item.lists_choices:
        marks = (Button(label_of(writer, choice), f"{slot}={choice.name}") for choice in offered)
        return (*marks, Button(writer.phrasebook.say(DONE), f"{slot}{SUBMITS}"))
    if item.type is ItemType.GEOPOINT:
        return (Button(writer.phrasebook.say(SHARE_PLACE), SHARE_PLACE_BUTTON),)
    if item.type is ItemType.ACKNOWLEDGE:
        return (Button(ACKNOWLEDGED, f"{slot}={ACKNOWLEDGED}"),)
    return ()


def label_of(writer: Writer, choice: Choice) -> str:
    """Return what a choice is called, in a list or on a button."""
    return choice_of(choice, short=writer.form.short).into(writer.interview.language)


def day_number(writer: Writer, day: date, item: Item) -> str:
    """Return the number by which a listed day is chosen: that of the day in its month."""
    return writer.phrasebook.in_digits(str(number_of(day, item.calendar)))


def _day(writer: Writer, day: date, item: Item) -> str:
    name = name_of(day, writer.ground.today, writer.phrasebook)
    return f"{_capital(name)} {day_number(writer, day, item)}"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
