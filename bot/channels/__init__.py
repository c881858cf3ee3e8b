"""What all channels share: the message that comes in, and an address that nobody sees by accident."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import final

from bot.core.prompts import SMS, TELEGRAM, Form


class Channel(StrEnum):
    """How a person reaches Heard."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"
    PAGE = "page"
    """The chat page of demo mode."""


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


FORMS: Mapping[Channel, Form] = {
    Channel.SMS: SMS,
    Channel.WHATSAPP: SMS,
    Channel.TELEGRAM: TELEGRAM,
    Channel.TERMINAL: SMS,
    Channel.PAGE: SMS,
}
"""How each channel shows what is said."""


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
    (STOP ...) and that a reply of ours would be a second one or would fail.
    """

    channel: Channel
    address: Address
    provider_id: str
    at: datetime
    text: str = field(default="", repr=False)
    button: str | None = field(default=None, repr=False)
    shared: tuple[Shared, ...] = ()
    answered_by_carrier: bool = False
    look: Form | None = None
    """How the reply will be shown, where that is not the channel's own way: the chat page can look like either."""

    @property
    def form(self) -> Form:
        """Return how the reply to this message can be shown."""
        return self.look or FORMS[self.channel]
