"""Our own numbers, services and names at Twilio: what each can do, and which of them writes to whom.

What kinds there are: https://www.twilio.com/docs/messaging/features; that a name takes no replies:
https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.channels import Channel

_WHATSAPP = "whatsapp:"
_COUNTRY = re.compile(r"([A-Z]{2}):(.+)")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile("[1-9][0-9]{2,7}")
_SERVICE = re.compile("MG[0-9a-fA-F]{32}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")


class Kind(StrEnum):
    """What a sender is."""

    NUMBER = "number"
    SHORT_CODE = "short code"
    SERVICE = "Messaging Service"
    """Twilio chooses among its numbers, and the same person hears from the same one."""
    NAME = "name"
    """Letters in place of a number: people see who writes, and cannot answer."""


@dataclass(frozen=True, slots=True)
class Sender:
    """One of ours. `country` is where it writes to (ISO 3166, two letters); None for wherever no other one does."""

    name: str
    kind: Kind
    channel: Channel = Channel.SMS
    country: str | None = None

    @property
    def takes_replies(self) -> bool:
        return self.kind is not Kind.NAME

    def carries(self, channel: Channel) -> bool:
        """Return whether it sends on a channel; a service may hold numbers for both."""
        return channel is self.channel or self.kind is Kind.SERVICE


def read_senders(written: str) -> tuple[Sender, ...]:
    """Return the senders of a list with commas between: `+12025550100, KE:24680, GB:HEARD, whatsapp:+12025550101`.

    Raises:
        ValueError: one of them is no sender, or one stands there twice, or two are for the same country; the text
            names which in the list, and quotes none.
    """
    senders: list[Sender] = []
    for place, one in enumerate(dict.fromkeys(_listed(written)), 1):
        sender = _read(one)
        if sender is None:
            raise ValueError(
                f"Sender {place} is no number like +12025550100, no short code, no Messaging Service, no name of up "
                "to 11 letters and digits, nor one of these after a country, like KE:24680"
            )
        if any(sender.name == other.name and sender.channel is other.channel for other in senders):
            raise ValueError(f"Sender {place} stands there twice, for different countries")
        if any(_rivals(sender, other) for other in senders):
            raise ValueError(f"Sender {place} is the second one for its country")
        senders.append(sender)
    if not senders:
        raise ValueError("It names no sender")
    return tuple(senders)


def _listed(written: str) -> Iterable[str]:
    return (one.strip() for one in written.split(",") if one.strip())


def _read(written: str) -> Sender | None:
    country = None
    if found := _COUNTRY.fullmatch(written):
        country, written = found[1], found[2].strip()
    if written.startswith(_WHATSAPP):
        number = written.removeprefix(_WHATSAPP)
        return Sender(number, Kind.NUMBER, Channel.WHATSAPP, country) if _NUMBER.fullmatch(number) else None
    for pattern, kind in ((_NUMBER, Kind.NUMBER), (_SHORT_CODE, Kind.SHORT_CODE), (_SERVICE, Kind.SERVICE)):
        if pattern.fullmatch(written):
            return Sender(written, kind, country=country)
    return Sender(written, Kind.NAME, country=country) if _NAME.fullmatch(written) else None


def _rivals(one: Sender, other: Sender) -> bool:
    """Return whether it would not be clear which of two writes first to people of a country.

    A name beside a number is clear: it sends what needs no answer. So are several that are for no country in
    particular: the first writes, and the others answer whoever wrote to them.
    """
    return one.country is not None and (one.country, one.channel, one.takes_replies) == (
        other.country,
        other.channel,
        other.takes_replies,
    )


def reached_by(senders: Iterable[Sender], to: str, service: str | None) -> str:
    """Return by which of our senders a message came that was sent `to` a number, of a Messaging Service or of none.

    What we answer later leaves from there. A number that is none of ours is returned as it is.
    """
    names = {one.name for one in senders}
    return service if to not in names and service is not None and service in names else to


def choose_sender(
    senders: Sequence[Sender], channel: Channel, number: str, wrote_to: str | None, *, answerable: bool
) -> Sender | None:
    """Return who writes to a number: whom they wrote to, else who is for their country, else for everybody.

    `answerable` leaves out senders that take no replies. None where nobody is left.
    """
    return sender_to(senders, channel, country_of(number), wrote_to, answerable=answerable)


def sender_to(
    senders: Sequence[Sender],
    channel: Channel,
    country: str | None,
    wrote_to: str | None,
    *,
    answerable: bool,
) -> Sender | None:
    """Return who writes to somebody in a country: whom they wrote to, else who is for it, else for everybody."""
    able = [one for one in senders if one.carries(channel) and (one.takes_replies or not answerable)]
    for one in able:
        if one.name == wrote_to:
            return one
    # Where no answer is awaited, a name tells people who writes; so it goes before a number.
    able.sort(key=lambda one: one.takes_replies)
    for wanted in (country, None):
        for one in able:
            if one.country == wanted:
                return one
    return None


def countries_of(senders: Iterable[Sender], channel: Channel) -> frozenset[str] | None:
    """Return the countries that senders who take replies write to on a channel; None where one writes to all."""
    able = [one.country for one in senders if one.carries(channel) and one.takes_replies]
    return None if None in able else frozenset(one for one in able if one is not None)


def country_of(number: str) -> str | None:
    """Return the country of an E.164 number (ISO 3166, two letters); None where that cannot be told."""
    # Not at the top: its tables cost memory that a process which only answers can do without.
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    # A range that was given out after these tables were made belongs to the country that has most of its code.
    region = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    return region if region and region.isalpha() else None
