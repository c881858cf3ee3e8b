"""What is looked for in a message, and how much of it is kept."""

from dataclasses import replace

from bot.channels import InboundMessage
from bot.core.limits import LIMITS
from bot.core.outreach.coupons import read_coupon, without_coupons
from bot.core.reception import Consultations, pin_in, read_code


def pin_of(consultations: Consultations, message: InboundMessage) -> str | None:
    """Return the worker's number in a message that asks to help others."""
    if message.corrects or message.button is not None or not message.text:
        return None
    return pin_in(consultations, message.text)


def code_in(message: InboundMessage) -> str | None:
    """Return the code that somebody sent, in words or by following a link."""
    if message.corrects or message.button is not None:
        return None
    return read_code(message.joins or message.text)


def coupon_in(consultations: Consultations, message: InboundMessage) -> str | None:
    """Return the code that somebody passed on to who sent it, in words or behind a link, where any are passed on."""
    if message.corrects or message.button is not None or not consultations.refers:
        return None
    return read_coupon(message.source or message.text)


def storable(message: InboundMessage) -> InboundMessage:
    """Return a message whose words both databases can hold: PostgreSQL has no NUL, and UTF-8 no lone surrogate."""
    if message.button is None and not message.shared and _clean(message.text) == message.text:
        return message
    shared = tuple(replace(one, value=_clean(one.value)) for one in message.shared)
    button = None if message.button is None else _clean(message.button)
    return replace(message, text=_clean(message.text), button=button, shared=shared)


def _clean(words: str) -> str:
    return words.replace("\0", "").encode("utf-8", "replace").decode()


def body_kept(message: InboundMessage, *, has_coupon: bool, has_pin: bool) -> str:
    """Return a message as it is stored: without what would let in whoever reads it."""
    if has_pin:
        return _without_digits(message.text)
    return without_coupons(_body(message)) if has_coupon else _body(message)


def _without_digits(text: str) -> str:
    """Return a text as it is stored that has a worker's number: whoever reads the messages is let in by none."""
    return "".join("#" if one.isdigit() else one for one in text[: LIMITS.text_length])


def _body(message: InboundMessage) -> str:
    written = message.text or message.button or " ".join(one.value for one in message.shared)
    return written[: LIMITS.text_length]
