"""What a person wrote -> a typed value, or why not. Pure; never raises, whatever the text."""

from bot.core.replies.reading import read_reply
from bot.core.replies.records import Ambiguous, Command, NotRead, Read, Reading
from bot.core.replies.signals import (
    read_command,
    read_named,
    read_number_in_menu,
    read_yes_no,
    says_private,
    says_unknown,
)

__all__ = [
    "Ambiguous",
    "Command",
    "NotRead",
    "Read",
    "Reading",
    "read_command",
    "read_named",
    "read_number_in_menu",
    "read_reply",
    "read_yes_no",
    "says_private",
    "says_unknown",
]
