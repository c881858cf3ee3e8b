"""What a channel's webhook is made of: a request in, a message or a refusal out, and the answer to send back.

A channel that is reached by webhooks is one `Door`. What all of them need (the bounds of a body, shedding what is too
much, waiting for the intake, counting, logging) is done once, in `bot.web`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels import InboundMessage
from bot.channels.receipts import Receipt
from bot.core.prompts.records import Prompt

Headers = Iterable[tuple[bytes, bytes]]
"""As ASGI has them: names in lower case."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back to a provider, whole."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    content_type: bytes = b"text/plain; charset=utf-8"
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """A request that is turned away. `reason` is one of `bot.metrics.REASONS`; `told` is for the operator's log."""

    reason: str
    answer: Answer
    told: str


class Door(Protocol):
    """A channel's webhook."""

    @property
    def path(self) -> str:
        """The path of its requests, all of them POST."""
        ...

    def open(self, body: bytes, headers: Headers, at: datetime) -> InboundMessage | Answer | Turned:
        """Return the message in a request; or the answer at once, where it holds none that is ours to take in.

        Nothing in it is believed before it is known to come from the provider.
        """
        ...

    def answer(self, message: InboundMessage, prompts: Sequence[Prompt]) -> Answer:
        """Return the answer that carries what is said to a message."""
        ...


class ReceiptDoor(Protocol):
    """A channel's webhook for delivery receipts."""

    @property
    def receipt_path(self) -> str:
        """The path of its requests, all of them POST."""
        ...

    def open_receipt(self, body: bytes, headers: Headers, query: bytes, at: datetime) -> Receipt | Turned:
        """Return the receipt in a request that comes from the provider."""
        ...


def header(headers: Headers, name: bytes) -> str | None:
    """Return the first header of a name."""
    for one, value in headers:
        if one == name:
            return value.decode("latin-1")
    return None
