"""What a channel shows: a message's text and its buttons, and how the channel shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.panels import Panel
from bot.core.wording import Untranslated


@dataclass(frozen=True, slots=True)
class Form:
    """How a channel shows things: `short` takes the wordings for SMS, `buttons` what can be pressed.

    `panels` are the sets of buttons that it has, where it is not free in how many and how long they are; on such a
    channel each button answers by itself: nothing can be marked, and no place be sent.
    """

    short: bool
    buttons: bool
    panels: tuple[Panel, ...] | None = None


SMS = Form(short=True, buttons=False)
TELEGRAM = Form(short=False, buttons=True)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its label, and the data that comes back as `Pressed`."""

    label: str
    data: str


SHARE_PLACE_BUTTON = ":share=geopoint"
"""The data of a button that sends the person's place: the channel's own way to do so, not something that comes back."""

OPENS_BUTTON = ":open="
"""The data of a first button that only opens the list of the others; nothing comes back of it."""

SUBMITS = "="
"""How the data of a button ends that sends what is marked: the buttons before it mark a choice each."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message to a person: its text, and buttons below it.

    Where the last button `SUBMITS`, the others mark choices, and the names of those marked come back together.
    """

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    untranslated: Untranslated | None = field(default=None, compare=False)
    """What of it is in the source language, because the person's own has no wording."""

    @property
    def marks_several(self) -> bool:
        return bool(self.buttons) and self.buttons[-1].data.endswith(SUBMITS)


def together(marked: Sequence[str]) -> str:
    """Return the data that comes back for several marked buttons of one question; of one, its own."""
    if len(marked) < 2:
        return "".join(marked)
    asked = marked[0].partition("=")[0]
    return f"{asked}={' '.join(data.partition('=')[2] for data in marked)}"
