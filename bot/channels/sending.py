"""What all channels share on the way out: a message to a person, and what its provider makes of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels import Address, Channel
from bot.core.prompts.records import Button


@dataclass(frozen=True, slots=True)
class Template:
    """A wording that the provider keeps, by its id there, and what fills its places."""

    id: str
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a person. `sender` is ours: the number, the service or the bot that it comes from.

    Where it has a `template`, that is sent, and `text` is only what it comes to.
    """

    channel: Channel
    sender: str
    to: Address
    text: str = field(repr=False)
    buttons: tuple[Button, ...] = field(default=(), repr=False)
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message and calls it `provider_id`."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never take it. `code` is the provider's own; `opted_out` that the person asked for silence."""

    code: str
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Deferred:
    """The provider has certainly not taken it, and may later.

    `pause_s` is for how long nothing should be sent from the same sender, None where only this message waits.
    """

    code: str
    pause_s: float | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may have been taken: the answer never came, or does not say. Sending it again could be the second time."""

    code: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The provider was asked, and never got it."""


Delivery = Accepted | Refused | Deferred | Unclear


class Provider(Protocol):
    """Who carries messages to people."""

    async def send(self, message: OutboundMessage) -> Delivery:
        """Hand over a message, once; whatever goes wrong is told by what is returned."""
        ...

    async def find(
        self, message: OutboundMessage, since: datetime, known: Collection[str]
    ) -> Accepted | Absent | Unclear:
        """Return whether a message was taken at `since` or later; Unclear where the provider cannot say.

        `known` are the ids of other messages to the same person, which may have the same words.
        """
        ...

    async def close(self) -> None:
        """Close what connections there are."""
        ...
