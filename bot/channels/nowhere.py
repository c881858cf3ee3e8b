"""A carrier that brings messages to nobody, for trials: what it takes is looked at on the chat page."""

import secrets
from collections.abc import Collection
from datetime import datetime

from bot.channels.sending import Absent, Accepted, Delivery, OutboundMessage, Unclear


class Nowhere:
    """Takes every message, at once, and keeps none."""

    async def send(self, message: OutboundMessage) -> Delivery:
        """Take a message."""
        del message
        return Accepted(f"trial-{secrets.token_hex(16)}")

    async def find(
        self, message: OutboundMessage, since: datetime, known: Collection[str]
    ) -> Accepted | Absent | Unclear:
        """Return that a message was never taken: its process ended before it could have been."""
        del message, since, known
        return Absent()

    async def close(self) -> None:
        """There is no connection."""
