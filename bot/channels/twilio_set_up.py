"""What Twilio has to be told once: where to send what people write to our numbers.

The interfaces: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
https://www.twilio.com/docs/messaging/api/short-code-resource, https://www.twilio.com/docs/messaging/api/service-resource.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from bot.channels import Channel
from bot.channels.senders import Kind, Sender
from bot.channels.twilio import PATH
from bot.channels.twilio_rest import reason_of
from bot.errors import SettingsError

RETRIES = "#rc=5&rp=5xx,ct,rt"
"""Five retries after an error, a failed connection or silence; of itself Twilio retries next to nothing, and what it
gives up is lost (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""

_SETS_IT = "heard channels twilio sets it"


class _AtTwilio(Protocol):
    """What Twilio has for one of our senders."""

    @property
    def address(self) -> str | None:
        """Where it sends messages that come in; None where nowhere."""
        ...

    def send_to(self, address: str, otherwise: str) -> None:
        """Have it send them there, and to the other address what fails."""
        ...


def describe(client: Client, senders: Sequence[Sender], public_url: str) -> list[str]:
    """Return what Twilio knows of our account and senders, a line each.

    Raises:
        SettingsError: it does not answer, or does not know the account and its token.
    """
    wanted = address_of(public_url)
    try:
        account = client.api.v2010.account.fetch()
        lines = [f"the account is {account.status}" + (_TRIAL if str(account.type) == "Trial" else "")]
        for sender in senders:
            lines.append(f"{_named(sender)}: {_state(client, sender, wanted)}")
    except (TwilioException, RequestException) as error:
        raise SettingsError(_unanswered(error)) from None
    return lines


_TRIAL = ", for trial: it writes only to numbers that were verified in Twilio's console"


def set_webhooks(client: Client, senders: Sequence[Sender], public_url: str) -> list[str]:
    """Have Twilio send to this server what comes to our senders; return what was done, a line each.

    Raises:
        SettingsError: it does not answer, or one of the senders is none of this account's.
    """
    wanted = address_of(public_url)
    told = []
    try:
        for sender in senders:
            if reason := _cannot_be_set(sender):
                told.append(f"{_named(sender)}: {reason}")
                continue
            found = _at_twilio(client, sender)
            if found is None:
                raise SettingsError(f"{_named(sender)} in TWILIO_FROM is none of this account's")
            if _plain(found.address) == wanted:
                told.append(f"{_named(sender)}: Twilio sent messages here already")
                continue
            found.send_to(wanted + RETRIES, wanted)
            told.append(f"{_named(sender)}: Twilio sends messages to {wanted}")
    except (TwilioException, RequestException) as error:
        raise SettingsError(_unanswered(error)) from None
    return told


def address_of(public_url: str) -> str:
    """Return the address to which Twilio has to send messages."""
    return public_url.rstrip("/") + PATH


def _plain(address: str | None) -> str | None:
    return address.partition("#")[0] if address else None


def _named(sender: Sender) -> str:
    return f"WhatsApp {sender.name}" if sender.channel is Channel.WHATSAPP else sender.name


def _cannot_be_set(sender: Sender) -> str | None:
    if sender.kind is Kind.NAME:
        return "a name; nobody can answer it, so hold no consultation on it"
    if sender.channel is Channel.WHATSAPP:
        return "its webhook is set in Twilio's console, at Messaging > Senders > WhatsApp senders"
    return None


def _state(client: Client, sender: Sender, wanted: str) -> str:
    if reason := _cannot_be_set(sender):
        return reason
    found = _at_twilio(client, sender)
    if found is None:
        return "none of this account's"
    if found.address is None:
        return f"Twilio sends messages nowhere: {_SETS_IT}"
    if _plain(found.address) != wanted:
        return f"Twilio sends messages elsewhere than to HEARD_PUBLIC_URL: {_SETS_IT}"
    return "Twilio sends messages here"


def _at_twilio(client: Client, sender: Sender) -> _AtTwilio | None:
    return next(_all_at_twilio(client, sender), None)


def _all_at_twilio(client: Client, sender: Sender) -> Iterator[_AtTwilio]:
    match sender.kind:
        case Kind.NUMBER:
            listed = client.incoming_phone_numbers.list(phone_number=sender.name, limit=1)
            yield from (_OfNumber(one) for one in listed)
        case Kind.SHORT_CODE:
            codes = client.short_codes.list(short_code=sender.name, limit=1)
            yield from (_OfNumber(one) for one in codes)
        case Kind.SERVICE:
            services = client.messaging.v1.services.stream()
            yield from (_OfService(one) for one in services if one.sid == sender.name)


@dataclass(frozen=True)
class _OfNumber:
    """A number, or a short code."""

    _kept: Any

    @property
    def address(self) -> str | None:
        # An application's address goes before its own.
        return None if getattr(self._kept, "sms_application_sid", None) else self._kept.sms_url or None

    def send_to(self, address: str, otherwise: str) -> None:
        without = {"sms_application_sid": ""} if getattr(self._kept, "sms_application_sid", None) else {}
        self._kept.update(
            sms_url=address,
            sms_method="POST",
            sms_fallback_url=otherwise,
            sms_fallback_method="POST",
            **without,
        )


@dataclass(frozen=True)
class _OfService:
    """A Messaging Service, which may leave it to its numbers."""

    _kept: Any

    @property
    def address(self) -> str | None:
        return None if self._kept.use_inbound_webhook_on_number else self._kept.inbound_request_url or None

    def send_to(self, address: str, otherwise: str) -> None:
        self._kept.update(
            inbound_request_url=address,
            inbound_method="POST",
            fallback_url=otherwise,
            fallback_method="POST",
            use_inbound_webhook_on_number=False,
        )


def _unanswered(error: Exception) -> str:
    return (
        f"Twilio does not answer, or not to this account: {reason_of(error)}. "
        "Are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN those of its console?"
    )
