"""The terminal as a channel: a line typed is a message, and what is said comes back as lines.

It is also the shortest example of what a channel is: what came in as an `InboundMessage`, prompts as its people see
them, and its row in `CARRIAGES`.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels import Address, Channel, InboundMessage
from bot.core.prompts.records import SHARE_PLACE_BUTTON, Form, Prompt
from bot.core.segments import Segments, count_segments
from bot.flowfiles.transcripts import PRESSED, pressed


@dataclass(frozen=True, slots=True)
class Shown:
    """A prompt as it is shown: its text, the labels of its buttons, and what it would cost where that is counted."""

    text: str = field(repr=False)
    buttons: tuple[str, ...]
    cost: Segments | None


class Terminal:
    """One person at a terminal, whose messages look as they would on the channel of `look`."""

    def __init__(self, look: Form, address: Address | None = None) -> None:
        """Take an address where the same person comes back; without one, it is somebody new."""
        self._look = look
        self._address = address or Address(secrets.token_hex(8))
        self._buttons: dict[str, str] = {}

    def message(self, line: str, at: datetime) -> InboundMessage:
        """Return a typed line as a message. `[Yes]` presses a button that was shown, `[Gas] [Wood]` marks several."""
        button = pressed(line, self._buttons) if PRESSED.fullmatch(line) else None
        return InboundMessage(
            channel=Channel.TERMINAL,
            address=self._address,
            provider_id=secrets.token_hex(8),
            at=at,
            text="" if button else line,
            button=button,
            look=self._look,
        )

    def show(self, prompts: Sequence[Prompt]) -> Sequence[Shown]:
        """Return what is said, as it is shown; buttons can be pressed from now on."""
        return [self._shown(prompt) for prompt in prompts]

    def _shown(self, prompt: Prompt) -> Shown:
        # A terminal has no place of its own to send.
        buttons = {one.label: one.data for one in prompt.buttons if one.data != SHARE_PLACE_BUTTON}
        self._buttons |= buttons
        return Shown(prompt.text, tuple(buttons), count_segments(prompt.text) if self._look.short else None)
