"""WhatsApp by Twilio: its buttons, which are content templates.

The templates: https://www.twilio.com/docs/content/twilio-quick-reply and
https://www.twilio.com/docs/content/twiliolist-picker. A template has a fixed number of buttons, for no variable may be
empty (https://www.twilio.com/docs/api/errors/21656); so there is one a number. They need no approval of WhatsApp's:
they are sent in answer to people alone.
"""

import re
from collections.abc import Iterable, Mapping

from bot.channels.sending import Template
from bot.core.panels import Panel
from bot.core.prompts.records import OPENS_BUTTON, Button, Form

LONGEST_TEXT = 1_024
LONGEST_OPENING = 20
"""UTF-16 code units of the text above buttons, and of the button that opens a list."""

QUICK_REPLY, LIST = "quick-reply", "list"

PANELS: Mapping[str, Panel] = {
    **{f"{QUICK_REPLY}-{number}": Panel(number, label=20, text=LONGEST_TEXT) for number in range(1, 4)},
    **{f"{LIST}-{number}": Panel(number, label=24, text=LONGEST_TEXT, opens=True) for number in range(2, 11)},
}
"""The sets of buttons that there are, by the names that they have in settings; the first that fits is shown."""

_GAPS = re.compile(r"\s*\n\s*|\s{4,}")
_CONTENT = re.compile(r"([a-z-]+[0-9]+)\s*=\s*(HX[0-9a-fA-F]{32})")


def read_contents(written: str) -> Mapping[str, str]:
    """Return the content templates of a list, by the set of buttons: `quick-reply-2=HX..., list-4=HX...`.

    Raises:
        ValueError: one of them is none, or stands there twice; the text names which in the list.
    """
    contents: dict[str, str] = {}
    for place, one in enumerate(filter(None, map(str.strip, written.split(","))), 1):
        found = _CONTENT.fullmatch(one)
        if found is None or found[1] not in PANELS:
            raise ValueError(f"Template {place} is not like quick-reply-2=HX... or list-4=HX...")
        if found[1] in contents:
            raise ValueError(f"Template {place} is the second one for {found[1]}")
        contents[found[1]] = found[2]
    if not contents:
        raise ValueError("It names no template")
    return contents


def form_of(contents: Iterable[str]) -> Form:
    """Return how questions are shown where there are templates for these sets of buttons."""
    known = set(contents)
    return Form(short=True, buttons=True, panels=tuple(one for name, one in PANELS.items() if name in known))


def content_of(contents: Mapping[str, str], text: str, buttons: tuple[Button, ...]) -> Template | None:
    """Return a text with buttons as a template and what fills it; None where there is no template for it."""
    opens = buttons[0].data == OPENS_BUTTON
    shown = buttons[opens:]
    sid = contents.get(f"{LIST if opens else QUICK_REPLY}-{len(shown)}")
    if sid is None:
        return None
    filled = [_plain(text), *([buttons[0].label] if opens else ())]
    filled += [words for button in shown for words in (" ".join(button.label.split()), button.data)]
    return Template(sid, {str(place): _literal(words) for place, words in enumerate(filled, 1)})


def _plain(text: str) -> str:
    """Return a text without empty lines and wide gaps: https://www.twilio.com/docs/api/errors/63013."""
    return _GAPS.sub(lambda gap: "\n" if "\n" in gap[0] else " ", text)


def _literal(words: str) -> str:
    # What somebody wrote, and is quoted to, would be read as the place of a variable. No longer than before: it fits.
    return words.replace("{{", "((")


def as_text(text: str, buttons: tuple[Button, ...]) -> str:
    """Return a text with the labels of its buttons below, each to be sent as it stands.

    It is for what was asked with buttons whose template has gone from the settings since.
    """
    labels = [button.label for button in buttons if button.data != OPENS_BUTTON]
    return "\n".join([text, *(f"- {label}" for label in labels)])
