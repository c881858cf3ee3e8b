"""Twilio's error codes: what each means for Heard, and in plain words.

https://www.twilio.com/docs/api/errors lists them. A code that is not here is kept and shown as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What follows from an error."""

    OPTED_OUT = "opted out"
    """The person asked for silence: nothing is sent to them any more."""
    UNREACHABLE = "unreachable"
    """This phone cannot be reached, now or ever; another message would fare no better soon."""
    BAD_NUMBER = "bad number"
    FILTERED = "filtered"
    """A carrier took it for spam: the next one will fare the same until an operator has changed something."""
    NOT_ALLOWED = "not allowed"
    """The account may not send this, or there: an operator's to settle."""
    SLOW_DOWN = "slow down"
    """Not taken; the sender has to rest."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Code:
    """`pause_s` is for how many seconds the sender rests, where the message can be sent later."""

    meaning: Meaning
    words: str
    pause_s: float | None = None


CODES: Mapping[int, Code] = {
    20003: Code(Meaning.SLOW_DOWN, "the account or its token is wrong: look at TWILIO_AUTH_TOKEN", 60),
    20404: Code(Meaning.SLOW_DOWN, "there is no such account: look at TWILIO_ACCOUNT_SID", 60),
    20429: Code(Meaning.SLOW_DOWN, "too many requests at once", 5),
    21211: Code(Meaning.BAD_NUMBER, "this is no phone number"),
    21408: Code(Meaning.NOT_ALLOWED, "the account may not send to that country (Messaging, Geo permissions)"),
    21610: Code(Meaning.OPTED_OUT, "the person has sent STOP"),
    21611: Code(Meaning.SLOW_DOWN, "the number's queue at Twilio is full", 600),
    21614: Code(Meaning.BAD_NUMBER, "this is no mobile number"),
    21617: Code(Meaning.REFUSED, "the text is longer than 1,600 characters"),
    30001: Code(Meaning.SLOW_DOWN, "the Messaging Service's queue at Twilio is full", 600),
    30003: Code(Meaning.UNREACHABLE, "the phone is off, or out of reach"),
    30004: Code(Meaning.UNREACHABLE, "the person, or their carrier, blocks messages"),
    30005: Code(Meaning.UNREACHABLE, "the number does not exist any more"),
    30006: Code(Meaning.UNREACHABLE, "a landline, or a carrier that takes no SMS"),
    30007: Code(Meaning.FILTERED, "a carrier took it for spam: look at the wording and the registration"),
    63016: Code(
        Meaning.NOT_ALLOWED, "WhatsApp allows free text within 24 hours of the person's message alone"
    ),
}


OPTED_OUT_CODES = frozenset(str(code) for code, known in CODES.items() if known.meaning is Meaning.OPTED_OUT)
"""Codes, as they are stored, that say that the person asked for silence."""


def code_of(error: str | None) -> Code | None:
    """Return what is known of an error as it is stored; None for another provider's, or one that is not known."""
    return CODES.get(int(error)) if error and error.isascii() and error.isdecimal() else None
