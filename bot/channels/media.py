"""What all channels share about pictures and sounds: whoever keeps one is asked for it by the reference it came with.

A reference is a secret of a kind: with it, and with our credentials or even without, the file can be had.
"""

from dataclasses import dataclass
from typing import Protocol

MEDIA_KINDS = frozenset({"image", "audio"})
"""The kinds of `bot.channels.Shared` that are files."""

READY_WITHIN_ATTEMPTS = 4
"""How often a file that is not there is asked for: providers tell of some before they have stored them."""


class Sink(Protocol):
    """Where a file goes while it is read."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a file is read, and for how long."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """All of the file has been written; it is `size` bytes."""

    size: int


@dataclass(frozen=True, slots=True)
class Denied:
    """It will never be had; `code` says why, in a word that names nobody."""

    code: str


@dataclass(frozen=True, slots=True)
class Later:
    """It may be had later: after `wait_s`, if the provider said so, and in `attempts` at most, where they are fewer."""

    code: str
    wait_s: float | None = None
    attempts: int | None = None


Fetching = Fetched | Denied | Later


class MediaSource(Protocol):
    """Who keeps the files of a channel."""

    async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
        """Write a file into a sink, and return what came of it; what was written before a failure is of no use."""
        ...

    async def close(self) -> None:
        """Close what connections there are."""
        ...
