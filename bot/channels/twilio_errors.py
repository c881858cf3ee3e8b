"""Twilio's error codes: what each means for Heard, and in plain words.

https://www.twilio.com/docs/api/errors lists them. A code that is not here is kept and shown as it is. What is marked as
not confirmed was not found on a page of Twilio's, nor seen on a live account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Meaning(StrEnum):
    """What follows from an error."""

    OPTED_OUT = "opted out"
    """The person asked for silence: nothing is sent to them any more."""
    AWAY = "away"
    """The phone cannot be reached now; later it may be."""
    UNREACHABLE = "unreachable"
    """The phone cannot be reached, ever; another message would fare no better."""
    BAD_NUMBER = "bad number"
    FILTERED = "filtered"
    """A carrier took it for spam: the next one will fare the same until an operator has changed something."""
    NOT_ALLOWED = "not allowed"
    """The account may not send this, or there: an operator's to settle."""
    CREDENTIALS = "credentials"
    """Twilio does not know us: nothing is sent until an operator has set that right."""
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
    20003: Code(Meaning.CREDENTIALS, "the account or its token is wrong: look at TWILIO_AUTH_TOKEN", 60),
    20404: Code(Meaning.CREDENTIALS, "there is no such account: look at TWILIO_ACCOUNT_SID", 60),
    20429: Code(Meaning.SLOW_DOWN, "too many requests at once", 5),
    21211: Code(Meaning.BAD_NUMBER, "this is no phone number"),  # not confirmed
    21408: Code(  # not confirmed
        Meaning.NOT_ALLOWED, "the account may not send to that country (Messaging, Geo permissions)"
    ),
    21610: Code(Meaning.OPTED_OUT, "the person has sent STOP"),
    21611: Code(Meaning.SLOW_DOWN, "the number's queue at Twilio is full", 600),
    21614: Code(Meaning.BAD_NUMBER, "this is no mobile number"),  # not confirmed
    21617: Code(Meaning.REFUSED, "the text is longer than 1,600 characters"),
    21655: Code(Meaning.NOT_ALLOWED, "the account has no such content template: run heard channels whatsapp"),
    21656: Code(Meaning.NOT_ALLOWED, "what fills a content template does not fit it"),
    30001: Code(Meaning.SLOW_DOWN, "the Messaging Service's queue at Twilio is full", 600),
    30003: Code(Meaning.AWAY, "the phone is off, or out of reach"),
    30004: Code(Meaning.UNREACHABLE, "the person, or their carrier, blocks messages"),
    30005: Code(Meaning.UNREACHABLE, "the number does not exist any more"),
    30006: Code(Meaning.UNREACHABLE, "a landline, or a carrier that takes no SMS"),
    30007: Code(Meaning.FILTERED, "a carrier took it for spam: look at the wording and the registration"),
    63003: Code(Meaning.BAD_NUMBER, "this number is not on WhatsApp"),
    63005: Code(Meaning.REFUSED, "WhatsApp did not take what the message holds"),  # not confirmed
    63007: Code(Meaning.NOT_ALLOWED, "this sender is not registered for WhatsApp: look at TWILIO_FROM"),
    63008: Code(Meaning.NOT_ALLOWED, "the WhatsApp sender is not set up rightly at Twilio"),
    63013: Code(Meaning.NOT_ALLOWED, "WhatsApp's rules do not allow what the message holds"),
    63014: Code(Meaning.OPTED_OUT, "the person has blocked us on WhatsApp, or sent STOP"),
    63016: Code(
        Meaning.NOT_ALLOWED, "WhatsApp allows free text within 24 hours of the person's message alone"
    ),
    63017: Code(Meaning.SLOW_DOWN, "the account sends too fast", 5),
    63018: Code(Meaning.SLOW_DOWN, "the WhatsApp sender has reached a limit of WhatsApp's", 60),
    63021: Code(Meaning.REFUSED, "WhatsApp does not take what the message holds, or it is too long"),
    63024: Code(Meaning.BAD_NUMBER, "WhatsApp does not write to this number"),
    63032: Code(Meaning.UNREACHABLE, "WhatsApp does not deliver this to this person now"),  # not confirmed
}

SENT_AGAIN_AFTER = timedelta(hours=1)
"""How long after a receipt a message is sent once more, where the phone was off or the sender's queue was full."""


def _stored(*meanings: Meaning) -> frozenset[str]:
    return frozenset(str(code) for code, known in CODES.items() if known.meaning in meanings)


TEMPLATE_CODES = ("21655", "21656")
"""Codes, as they are stored, with which a template is refused at once: the message may be sent without it."""

GONE_CODES = _stored(Meaning.UNREACHABLE, Meaning.BAD_NUMBER)
"""Codes, as they are stored, that say that no message will ever arrive there."""

OPTED_OUT_CODES = _stored(Meaning.OPTED_OUT)
"""Codes, as they are stored, that say that the person asked for silence."""

SENT_AGAIN_CODES = _stored(Meaning.AWAY, Meaning.SLOW_DOWN)
"""Codes, as they are stored, with which a receipt says that the message may arrive if it is sent once more."""

_FOR_AN_OPERATOR = (Meaning.FILTERED, Meaning.NOT_ALLOWED, Meaning.CREDENTIALS)


def code_of(error: str | None) -> Code | None:
    """Return what is known of an error as it is stored; None for another provider's, or one that is not known."""
    return CODES.get(int(error)) if error and error.isascii() and error.isdecimal() else None


def alert_of(error: str | None) -> str | None:
    """Return what an operator is told at once of an error as it is stored; None where nobody has to act."""
    known = code_of(error)
    if known is None or known.meaning not in _FOR_AN_OPERATOR:
        return None
    return f"messages do not arrive: {error}, {known.words}"
