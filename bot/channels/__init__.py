"""What all channels share: the message that comes in, and an address that nobody sees by accident."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import final

from bot.core.prompts.records import SMS, TELEGRAM, Form, Prompt


class Channel(StrEnum):
    """How a person reaches Heard."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"
    PAGE = "page"
    """The chat page of demo mode."""
    PAPER = "paper"
    """A form that was filled in by hand and typed in. Nothing is ever sent there."""


@final
class Address:
    """Where a person is reached on a channel: an E.164 number, a chat id.

    It never shows in a log line, an error or a format string: only `reveal()` gives it, so every use is found by
    searching for that word.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Address(...)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Carriage:
    """How a channel carries what is said: how it is shown, and what the answer to a webhook can hold.

    `longest` is how many UTF-16 code units one message may have, `in_answer` how many messages travel in the answer to
    the message before; None for no such limit. What does not travel so waits in the outbox; where `buttons_wait`, so
    does what has buttons.

    `window` is for how long after their message a person may be written to freely, `per_second` how many messages a
    second one sender sends, where that is not for the operator to say. `is_phone` says that people are reached by their
    phone number: a message there has a price and a country. Where `is_paced`, messages that come faster than anybody
    writes are held; see `bot.core.pacing`.
    """

    form: Form
    longest: int | None = None
    in_answer: int | None = None
    buttons_wait: bool = False
    window: timedelta | None = None
    per_second: float | None = None
    is_phone: bool = False
    is_paced: bool = True

    def waits(self, place: int, prompt: Prompt) -> bool:
        """Return whether a prompt has to be sent by the outbox, that is in this place, from 0, of an answer."""
        is_over = self.in_answer is not None and place >= self.in_answer
        return is_over or (self.buttons_wait and bool(prompt.buttons))

    def may_write(self, last_inbound: datetime | None, now: datetime) -> bool:
        """Return whether somebody whose last message came then may be written to freely."""
        return self.window is None or (last_inbound is not None and now - last_inbound < self.window)


CARRIAGES: Mapping[Channel, Carriage] = {
    Channel.SMS: Carriage(SMS, is_phone=True),
    # TwiML has no buttons (https://www.twilio.com/docs/messaging/twiml/message). The window is WhatsApp's
    # (https://www.twilio.com/docs/api/errors/63016), the rate what Twilio gives unless one asks for more
    # (https://www.twilio.com/docs/whatsapp/best-practices-and-faqs).
    Channel.WHATSAPP: Carriage(
        SMS, buttons_wait=True, window=timedelta(hours=24), per_second=10.0, is_phone=True
    ),
    # https://core.telegram.org/bots/api: one method call in the answer, a text of 1 to 4096 characters.
    Channel.TELEGRAM: Carriage(TELEGRAM, longest=4_096, in_answer=1),
    # Whoever may run commands here floods nobody, and may well have lines typed in by a program.
    Channel.TERMINAL: Carriage(SMS, is_paced=False),
    Channel.PAGE: Carriage(SMS),
    Channel.PAPER: Carriage(SMS),
}


@dataclass(frozen=True, slots=True)
class Shared:
    """A place, picture or sound that came with a message. `kind` is the item type that it answers."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a person, in the same shape from every channel.

    `provider_id` is unique within the channel: a second delivery has the same one. `button` is the data of a
    pressed button, else None. `answered_by_carrier` says that the carrier has already replied to this message
    (STOP ...) and that a reply of ours would be a second one or would fail. `to` is which of ours they wrote to: a
    number, a bot.

    `reference` is the provider's name for the message within the talk; where it `corrects`, of the one whose text it
    replaces. `joins` is the consultation that a link named, `source` what the link says of where it stood. `leaves`
    says that the person has blocked us. `hints` are the languages that their phone or app suggests, likeliest first.
    """

    channel: Channel
    address: Address
    provider_id: str
    at: datetime
    text: str = field(default="", repr=False)
    button: str | None = field(default=None, repr=False)
    shared: tuple[Shared, ...] = ()
    answered_by_carrier: bool = False
    to: str | None = None
    reference: str | None = None
    corrects: bool = False
    joins: str | None = None
    source: str | None = None
    leaves: bool = False
    hints: tuple[str, ...] = ()
    look: Form | None = None
    """How the reply will be shown, where that is not the channel's own way: the chat page can look like either."""

    @property
    def form(self) -> Form:
        """Return how the reply to this message can be shown."""
        return self.look or CARRIAGES[self.channel].form
