"""What a question looks like: its words, its choices or days in a list, what to send, and how to get past it."""

from datetime import date

from bot.core.interview.records import Slot
from bot.core.interview.slots import node_at
from bot.core.phrases import (
    ANOTHER,
    EARLIER_ANSWER,
    MAY_SKIP,
    REPLY_ACKNOWLEDGE,
    REPLY_AUDIO,
    REPLY_IMAGE,
    REPLY_NAME,
    REPLY_ONE,
    REPLY_PLACE,
    REPLY_RANGE,
    REPLY_RANK,
    REPLY_SEVERAL,
    SKIP,
    UNCLEAR_DATE,
)
from bot.core.prompts.buttons import buttons_of, day_number, label_of, yes_and_no
from bot.core.prompts.filling import filled, spoken_value
from bot.core.prompts.records import Prompt
from bot.core.prompts.writer import Writer
from bot.core.questionnaire import Choice, Item, ItemType
from bot.core.replies.listed_days import name_of
from bot.core.saying import example_date
from bot.core.wording import hint_of, question_of


def question(
    writer: Writer,
    slot: Slot,
    item: Item,
    offered: tuple[Choice, ...],
    days: tuple[date, ...] = (),
    *,
    again: int = 0,
    earlier: bool = False,
) -> Prompt:
    """Return the question at a slot, with the choices or the few days offered there."""
    book = writer.phrasebook
    if item.type is ItemType.REPEAT:
        asked = book.say(ANOTHER, {"label": words_at(writer, slot)})
        return Prompt(asked, yes_and_no(slot, book) if writer.form.buttons else ())
    lines = [words_at(writer, slot)]
    if (hint := hint_of(item, again)) is not None:
        lines.append(filled(writer, hint, slot))
    buttons = buttons_of(writer, slot, item, offered, days) if writer.form.buttons else ()
    if not buttons:
        lines += [
            f"{day_number(writer, day, item)}. {name_of(day, writer.ground.today, book)}" for day in days
        ]
    if offered and item.lists_choices and not buttons:
        lines += [
            f"{book.in_digits(str(number))}. {label_of(writer, choice)}"
            for number, choice in enumerate(offered, 1)
        ]
    if not buttons or item.type is ItemType.GEOPOINT:
        first = not writer.interview.answers
        lines.append(_how_to_reply(writer, item, offered, days, first=first, again=again))
    lines.append(_way_past(writer, slot, item, earlier))
    return Prompt("\n".join(line for line in lines if line), buttons)


def words_at(writer: Writer, slot: Slot) -> str:
    """Return the words alone of the question or the note at a slot."""
    item = node_at(writer.questionnaire, slot)[0].item
    label = question_of(item, short=writer.form.short)
    return filled(writer, label, slot) if label else ""


def _how_to_reply(
    writer: Writer,
    item: Item,
    offered: tuple[Choice, ...],
    days: tuple[date, ...],
    *,
    first: bool,
    again: int,
) -> str:
    """Return the line that says what to send, where the question itself does not show it.

    A numbered list explains itself after the first time: saying "send a number" each time costs a segment.
    """
    say, in_digits = writer.phrasebook.say, writer.phrasebook.in_digits
    match item.type:
        case ItemType.SELECT_ONE | ItemType.SELECT_MULTIPLE if not item.lists_choices:
            return say(REPLY_NAME)
        case ItemType.SELECT_ONE:
            return say(REPLY_ONE) if first or again else ""
        case ItemType.SELECT_MULTIPLE:
            return say(REPLY_SEVERAL)
        case ItemType.RANK:
            numbers = list(range(1, len(offered) + 1))
            return say(REPLY_RANK, {"example": in_digits(" ".join(map(str, numbers[-1:] + numbers[:-1])))})
        case ItemType.RANGE if item.range is not None:
            start, end = (in_digits(f"{one:f}") for one in (item.range.start, item.range.end))
            return say(REPLY_RANGE, {"start": start, "end": end})
        case ItemType.DATE if days:
            return say(REPLY_ONE)
        case ItemType.DATE if not again:  # what was not understood was answered with this sentence already
            example = example_date(writer.ground.today, writer.phrasebook, item.calendar)
            return say(UNCLEAR_DATE, {"example": example})
        case ItemType.ACKNOWLEDGE:
            return say(REPLY_ACKNOWLEDGE)
        case ItemType.GEOPOINT:
            return say(REPLY_PLACE)
        case ItemType.IMAGE:
            return say(REPLY_IMAGE)
        case ItemType.AUDIO:
            return say(REPLY_AUDIO)
        case _:
            return ""


def _way_past(writer: Writer, slot: Slot, item: Item, earlier: bool) -> str:
    """Return how to leave the question as it is: by keeping the earlier answer, or by skipping."""
    book = writer.phrasebook
    command = book.shown(SKIP)
    held = writer.interview.answers.get(slot)
    if earlier and held is not None:
        spoken = spoken_value(writer.questionnaire, slot, held.value, book) or held.raw
        if spoken:
            return book.say(EARLIER_ANSWER, {"answer": writer.apart(spoken), "command": command})
    return "" if item.required and item.default is None else book.say(MAY_SKIP, {"command": command})
