"""Telegram's updates: what of them is a message from a person, and what is only a matter between us and Telegram.

The Bot API: https://core.telegram.org/bots/api. What it may add later is ignored, and answered as if it were nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import (
    Audio,
    CallbackQuery,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    Update,
    User,
    Voice,
)
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels import Address, Channel, InboundMessage, Shared
from bot.channels.telegram.keyboards import is_mark, marked, remarked
from bot.core.replies import Read
from bot.core.replies.places import read_place

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for; without a list, Telegram goes on as in the call before."""

LARGEST_FILE_BYTES = 20_000_000
"""What a bot can download (getFile)."""

_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
_COMMAND = re.compile(r"/([a-z_]{1,32})(?:@\w+)?\s*")
_UNUSABLE = Shared("other", "")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method of the Bot API."""

    method: str
    parameters: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """What an update comes to: a message to take in, or a call to answer with at once; and calls beside that.

    Calls beside are for looks alone, like taking away the hourglass on a button: whether they arrive does not matter.
    """

    message: InboundMessage | None = None
    answer: Call | None = None
    beside: tuple[Call, ...] = ()


NOTHING = Received()

SayInPrivate = Callable[[str | None], str]
"""Returns what is said to a group, in the language of who wrote there, if that is known."""


def read_update(update: Update, bot: str, at: datetime, say_in_private: SayInPrivate) -> Received:
    """Return what an update comes to. `bot` is which of our bots got it: the first part of its token."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, bot, at)
    if update.my_chat_member is not None:
        return _joined_or_left(update.my_chat_member, bot, at, say_in_private)
    message = update.message or update.edited_message
    if message is None or (message.from_user is not None and message.from_user.is_bot):
        return NOTHING
    if message.chat.type != ChatType.PRIVATE:
        return _in_a_group(message, say_in_private)
    return Received(_message(message, update, bot, at))


def _message(message: Message, update: Update, bot: str, at: datetime) -> InboundMessage:
    text = message.text or message.caption or ""
    shared = () if message.text else tuple(_shared(message))
    joins = source = None
    if start := _START.fullmatch(text):
        text = "start"
        joins, _, source = (start[1] or "").partition("_")
    elif command := _COMMAND.fullmatch(text):
        text = command[1]
    return InboundMessage(
        channel=Channel.TELEGRAM,
        address=Address(str(message.chat.id)),
        # After a week without updates Telegram numbers them anew, from anywhere: the date tells them apart.
        provider_id=f"{bot}-{update.update_id}-{int(message.date.timestamp())}",
        at=at,
        text=text,
        shared=shared,
        to=bot,
        reference=str(message.message_id),
        corrects=update.edited_message is not None,
        joins=joins or None,
        source=source or None,
        hints=_hints(message.from_user),
    )


def _hints(who: User | None) -> tuple[str, ...]:
    """Return the language of somebody's Telegram: English or French for many who would rather speak another."""
    return (who.language_code.partition("-")[0],) if who is not None and who.language_code else ()


def _shared(message: Message) -> Iterator[Shared]:
    if message.location is not None:
        # Rounded as a place that is typed: nobody's home is stored to the metre.
        place = read_place(f"{message.location.latitude:.6f}, {message.location.longitude:.6f}")
        yield Shared("geopoint", place.value) if isinstance(place, Read) else _UNUSABLE
        return
    files: list[tuple[str, PhotoSize | Voice | Audio | Document]] = [
        *(("image", one) for one in message.photo[-1:]),
        *(("audio", one) for one in (message.voice, message.audio) if one is not None),
    ]
    document = message.document
    if document is not None and (document.mime_type or "").startswith(("image/", "audio/")):
        files.append(((document.mime_type or "").partition("/")[0], document))
    for kind, file in files:
        if (file.file_size or 0) <= LARGEST_FILE_BYTES:
            yield Shared(kind, file.file_id)
            return
    if not message.caption:
        yield _UNUSABLE


def _pressed(query: CallbackQuery, bot: str, at: datetime) -> Received:
    """Return what pressing a button comes to. One that marks a choice changes its own keyboard and nothing else."""
    done = Call("answerCallbackQuery", {"callback_query_id": query.id})
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return Received(answer=done)
    place = {"chat_id": message.chat.id, "message_id": message.message_id}
    # A message that Telegram does not show us any more has lost its marks: its button is one of an earlier question.
    keyboard = message.reply_markup if isinstance(message, Message) else None
    data = query.data or ""
    if keyboard is None:
        data = ""
    elif is_mark(keyboard, data):
        new = remarked(keyboard, data).to_dict()
        return Received(answer=Call("editMessageReplyMarkup", {**place, "reply_markup": new}), beside=(done,))
    else:
        data = marked(keyboard, data)
    pressed = InboundMessage(
        channel=Channel.TELEGRAM,
        address=Address(str(message.chat.id)),
        provider_id=f"{bot}-press-{query.id}",
        at=at,
        button=data,
        to=bot,
        hints=_hints(query.from_user),
    )
    gone = (Call("editMessageReplyMarkup", place),) if keyboard is not None else ()
    return Received(pressed, beside=(done, *gone))


def _joined_or_left(
    change: ChatMemberUpdated, bot: str, at: datetime, say_in_private: SayInPrivate
) -> Received:
    status = change.new_chat_member.status
    if change.chat.type != ChatType.PRIVATE:
        added = status in (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
        can_write = change.chat.type != ChatType.CHANNEL
        return (
            _tell_group(change.chat.id, change.from_user, say_in_private) if added and can_write else NOTHING
        )
    if status != ChatMemberStatus.BANNED:
        # Who unblocks us has not asked for anything yet; START does.
        return NOTHING
    left = InboundMessage(
        channel=Channel.TELEGRAM,
        address=Address(str(change.chat.id)),
        provider_id=f"{bot}-left-{change.chat.id}-{int(change.date.timestamp())}",
        at=at,
        to=bot,
        leaves=True,
    )
    return Received(left)


def _in_a_group(message: Message, say_in_private: SayInPrivate) -> Received:
    """Answer a command in a group, so that nobody waits there for a consultation; the rest is not for us."""
    if message.chat.type == ChatType.CHANNEL or not (message.text or "").startswith("/"):
        return NOTHING
    return _tell_group(message.chat.id, message.from_user, say_in_private)


def _tell_group(chat_id: int, who: User | None, say_in_private: SayInPrivate) -> Received:
    said = say_in_private(who.language_code if who else None)
    return Received(answer=Call("sendMessage", {"chat_id": chat_id, "text": said}))
