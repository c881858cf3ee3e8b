"""From a reply to a reading, by the type of the item it answers."""

import re
import unicodedata
from datetime import date

from bot.core.limits import LIMITS
from bot.core.phrases import UNCLEAR, UNCLEAR_MEDIA, Phrasebook
from bot.core.questionnaire import Choice, Item, ItemType
from bot.core.replies.choosing import read_one
from bot.core.replies.clock import read_time
from bot.core.replies.days import read_date
from bot.core.replies.listed_days import read_listed
from bot.core.replies.offers import Offer
from bot.core.replies.places import read_place
from bot.core.replies.quantities import read_decimal, read_integer, read_range
from bot.core.replies.records import NotRead, Read, Reading
from bot.core.replies.several import read_rank, read_several
from bot.core.replies.signals import says_ok

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps in a text: NUL, and halves of characters."""


def read_reply(
    item: Item,
    offered: tuple[Choice, ...],
    text: str,
    phrasebook: Phrasebook,
    language: str | None,
    today: date,
    days: tuple[date, ...] = (),
) -> Reading:
    """Return what a text says as the reply to an item.

    `offered` holds the choices in the order that this person saw them (empty for types without choices), `language`
    the person's, and `phrasebook` the bot's words in it. `today` is the day on which the person wrote, and
    `days` those that a date was asked with, where they are few.
    """
    text = _UNSTORABLE.sub("", text[: LIMITS.text_length]).strip()
    if not _can_be_seen(text):
        return NotRead(UNCLEAR)
    if item.type.has_choices:
        return _read_choices(item, Offer(offered, item.lists_choices, phrasebook, language), text)
    match item.type:
        case ItemType.INTEGER:
            return read_integer(text, phrasebook)
        case ItemType.DECIMAL:
            return read_decimal(text, phrasebook)
        case ItemType.RANGE if item.range is not None:
            return read_range(text, item.range, phrasebook)
        case ItemType.TEXT:
            return Read(unicodedata.normalize("NFC", text)[: LIMITS.text_length].rstrip())
        case ItemType.DATE if (listed := read_listed(text, days, phrasebook, item.calendar)) is not None:
            return Read(listed.isoformat())
        case ItemType.DATE:
            return read_date(text, phrasebook, today, item.calendar)
        case ItemType.TIME:
            return read_time(text, phrasebook)
        case ItemType.GEOPOINT:
            return read_place(text)
        case ItemType.IMAGE | ItemType.AUDIO:
            return NotRead(UNCLEAR_MEDIA)
        case ItemType.ACKNOWLEDGE if says_ok(text, phrasebook):
            return Read("OK")
    return NotRead(UNCLEAR)


def _read_choices(item: Item, offer: Offer, text: str) -> Reading:
    if item.type is ItemType.SELECT_MULTIPLE:
        return read_several(offer, item.choices, text)
    return read_rank(offer, text) if item.type is ItemType.RANK else read_one(offer, text)


def _can_be_seen(text: str) -> bool:
    return bool(text) and (
        text.isprintable() or any(unicodedata.category(character)[0] not in "CZ" for character in text)
    )
