"""Buttons on Telegram: keyboards below a message, and marks on them.

What is marked is kept in the keyboard itself, which comes back with every press: there is nothing to store, and two
phones of one person see the same.
"""

from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.core.prompts.records import SHARE_PLACE_BUTTON, SUBMITS, Button, Prompt, together

MARKED, UNMARKED = "✅ ", "▫️ "
_SHORT = 12
_MOST_IN_A_ROW = 3


def parameters(prompt: Prompt) -> dict[str, Any]:
    """Return what sendMessage takes for a prompt, but for whom it is to. The text is plain: nothing in it is markup."""
    keyboard = _keyboard(prompt)
    return {"text": prompt.text, **({"reply_markup": keyboard.to_dict()} if keyboard else {})}


def _keyboard(prompt: Prompt) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    buttons = prompt.buttons
    if not buttons:
        return None
    if buttons[0].data == SHARE_PLACE_BUTTON:
        place = KeyboardButton(buttons[0].label, request_location=True)
        return ReplyKeyboardMarkup([[place]], resize_keyboard=True, one_time_keyboard=True)
    if prompt.marks_several:
        marks = [_inline(UNMARKED + button.label, button.data) for button in buttons[:-1]]
        return InlineKeyboardMarkup(
            [*([one] for one in marks), [_inline(buttons[-1].label, buttons[-1].data)]]
        )
    return InlineKeyboardMarkup(_rows(buttons))


def _rows(buttons: Sequence[Button]) -> list[list[InlineKeyboardButton]]:
    """Return a row a button, so that its label is whole on a narrow screen; yes and no stand side by side."""
    inline = [_inline(button.label, button.data) for button in buttons]
    is_short = len(buttons) <= _MOST_IN_A_ROW and all(len(button.label) <= _SHORT for button in buttons)
    return [inline] if is_short else [[one] for one in inline]


def _inline(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


def is_mark(keyboard: InlineKeyboardMarkup, data: str) -> bool:
    """Return whether a button of a keyboard marks a choice, to be sent with the others."""
    marks = _all(keyboard)[:-1] if _submits(keyboard) else []
    return data in [one.callback_data for one in marks]


def remarked(keyboard: InlineKeyboardMarkup, data: str) -> InlineKeyboardMarkup:
    """Return a keyboard with one mark set, or taken away."""
    return InlineKeyboardMarkup(
        [
            [_flipped(one) if one.callback_data == data else one for one in row]
            for row in keyboard.inline_keyboard
        ]
    )


def _flipped(button: InlineKeyboardButton) -> InlineKeyboardButton:
    label = button.text
    bare = label.removeprefix(MARKED).removeprefix(UNMARKED)
    return _inline((UNMARKED if label.startswith(MARKED) else MARKED) + bare, str(button.callback_data))


def marked(keyboard: InlineKeyboardMarkup, data: str) -> str:
    """Return what pressing a button of a keyboard says: all that is marked, where the button sends that."""
    if not (_submits(keyboard) and data.endswith(SUBMITS)):
        return data
    return together([str(one.callback_data) for one in _all(keyboard) if one.text.startswith(MARKED)]) or data


def _submits(keyboard: InlineKeyboardMarkup) -> bool:
    buttons = _all(keyboard)
    return bool(buttons) and str(buttons[-1].callback_data).endswith(SUBMITS)


def _all(keyboard: InlineKeyboardMarkup) -> list[InlineKeyboardButton]:
    return [one for row in keyboard.inline_keyboard for one in row]
