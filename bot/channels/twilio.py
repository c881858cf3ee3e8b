"""Twilio's messages, SMS and WhatsApp: checked, read, and answered in the response to their own webhook.

What Twilio sends stands on https://www.twilio.com/docs/messaging/guides/webhook-request, how it signs on
https://www.twilio.com/docs/usage/security, what it takes for an answer on https://www.twilio.com/docs/messaging/twiml.
"""

import hmac
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from twilio.request_validator import RequestValidator

from bot.channels import CARRIAGES, Address, Channel, InboundMessage, Shared
from bot.channels.doors import Answer, Headers, Turned, header
from bot.channels.receipts import TWILIO, Receipt
from bot.channels.senders import Sender, reached_by
from bot.channels.twilio_errors import alert_of
from bot.channels.whatsapp import form_of
from bot.core.carriers import OPT_OUT
from bot.core.prompts.records import Form, Prompt
from bot.core.replies import Read
from bot.core.replies.places import read_place
from bot.core.segments import count_segments, split_at_sentences
from bot.errors import WebhookRejected
from bot.language.cldr import languages_of

PATH = "/webhooks/twilio"
STATUS_PATH = "/webhooks/twilio/status"

LARGEST_BODY = 1_600
"""Characters of one message that Twilio takes (error 21617); counted here in UTF-16 code units, to be sure."""

_MOST_FIELDS = 200
_MOST_MEDIA = 10
_WHATSAPP = "whatsapp:"
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_ID = re.compile(r"[0-9A-Za-z]{1,64}")
_STATUS = re.compile("[a-z_]{1,32}")
_ERROR = re.compile("[1-9][0-9]{0,9}")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, escaped or not; an answer that is quoted back may have it."""


class Fields:
    """The fields of a webhook, as the validator and the reading both need them."""

    __slots__ = ("_values",)

    def __init__(self, body: bytes) -> None:
        """Raise ValueError where there are more fields than any message has."""
        self._values: dict[str, list[str]] = {}
        # Fields without a value are signed too, and so are those of a name that comes twice.
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        """Return every value of a field; the validator calls it by this name."""
        return self._values[name]

    def text(self, name: str) -> str:
        """Return the first value of a field, "" where there is none, without NUL, which PostgreSQL cannot store."""
        values = self._values.get(name)
        return values[0].replace("\0", "") if values else ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A genuine form that is no message from a person; `reason` is for the operator and quotes nothing of it."""

    reason: str


_XML = b"text/xml; charset=utf-8"
_NOT_SIGNED = Answer(403, b"This is not signed by Twilio for this server.\n")


class Twilio:
    """The webhook of one Twilio account: a `Door`."""

    path = PATH
    receipt_path = STATUS_PATH

    def __init__(
        self,
        auth_token: str,
        public_url: str,
        senders: Sequence[Sender] = (),
        contents: Collection[str] = (),
    ) -> None:
        """Take the account's token, the address under which Twilio reaches this server, and our senders.

        `contents` are the sets of buttons that there are templates for; see `bot.channels.whatsapp`.

        The signature covers the address. It is never taken from the request: behind a proxy that has another
        scheme and host, and a forger chooses what it says.
        """
        self._validator = RequestValidator(auth_token)
        self._url = public_url.rstrip("/") + PATH
        self._status_url = public_url.rstrip("/") + STATUS_PATH
        self._senders = senders
        self._with_buttons = form_of(contents) if contents else None

    def open(self, body: bytes, headers: Headers, at: datetime) -> InboundMessage | Turned:
        """Return the message in a webhook, if Twilio has signed it."""
        try:
            fields = self.fields(body, header(headers, b"x-twilio-signature"))
        except WebhookRejected as rejected:
            return Turned("signature", _NOT_SIGNED, str(rejected))
        message = read_message(fields, at, self._senders, self._with_buttons)
        if isinstance(message, Unreadable):
            answer = Answer(400, f"{message.reason}\n".encode())
            return Turned("unreadable", answer, f"a webhook was refused: {message.reason}")
        return message

    def answer(self, message: InboundMessage, prompts: Sequence[Prompt]) -> Answer:
        """Return the TwiML that says these prompts, but for those that wait in the outbox."""
        callback = f"{self._status_url}?in_reply_to={message.provider_id}&position="
        waits = CARRIAGES[message.channel].waits
        said = {place: one.text for place, one in enumerate(prompts) if not waits(place, one)}
        return Answer(200, twiml(said, callback), _XML)

    def open_receipt(self, body: bytes, headers: Headers, query: bytes, at: datetime) -> Receipt | Turned:
        """Return the receipt in a status callback, if Twilio has signed it, query and all."""
        url = self._status_url + (f"?{query.decode('latin-1')}" if query else "")
        try:
            fields = self.fields(body, header(headers, b"x-twilio-signature"), url)
        except WebhookRejected as rejected:
            return Turned("signature", _NOT_SIGNED, str(rejected))
        return read_receipt(fields, query, at)

    def fields(self, body: bytes, signature: str | None, url: str | None = None) -> Fields:
        """Return the form of a webhook that Twilio has signed; `url` where it is another one than for messages.

        Raises:
            WebhookRejected: it has not, or not for this address or with another token.
        """
        try:
            fields = Fields(body)
        except ValueError:
            raise WebhookRejected("a webhook has more fields than any message has") from None
        if not signature or not self._is_genuine(url or self._url, fields, signature):
            raise WebhookRejected(
                "a webhook is not signed by Twilio for this server: "
                "TWILIO_AUTH_TOKEN and HEARD_PUBLIC_URL have to be those that Twilio uses"
            )
        return fields

    def _is_genuine(self, url: str, fields: Fields, signature: str) -> bool:
        # The validator signs twice, with a port in the address and without, at the price of everything else that is
        # done with a form. What is signed for the address as it is written needs it once.
        written = self._validator.compute_signature(url, fields)
        if hmac.compare_digest(written.encode(), signature.encode()):
            return True
        return bool(self._validator.validate(url, fields, signature))


def read_message(
    fields: Fields, at: datetime, senders: Sequence[Sender] = (), with_buttons: Form | None = None
) -> InboundMessage | Unreadable:
    """Return the message in a form, or why there is none; `senders` are ours.

    `with_buttons` is how replies look on WhatsApp, where they have buttons there.
    """
    # A receipt sent here by mistake comes "from" our own number; we would answer ourselves.
    if fields.text("MessageStatus") not in ("", "received"):
        return Unreadable("this is a delivery receipt: the status callback has to have another address")
    provider_id = fields.text("MessageSid") or fields.text("SmsSid")
    if not _ID.fullmatch(provider_id):
        return Unreadable("MessageSid is missing or not an id")
    sender = fields.text("From")
    channel = Channel.WHATSAPP if sender.startswith(_WHATSAPP) else Channel.SMS
    number = sender.removeprefix(_WHATSAPP)
    if not _NUMBER.fullmatch(number):
        return Unreadable("From is missing or not a phone number")
    text = fields.text("Body")
    reached = _reached(fields, senders)
    # From a number that is none of ours, the outbox could not send what has buttons.
    has_buttons = channel is Channel.WHATSAPP and any(
        one.name == reached and one.carries(channel) for one in senders
    )
    return InboundMessage(
        channel=channel,
        address=Address(number),
        provider_id=provider_id,
        at=at,
        text=text,
        button=_button(fields),
        shared=tuple(_shared(fields)),
        answered_by_carrier=_is_answered(fields, channel, text),
        to=reached,
        look=with_buttons if has_buttons else None,
        hints=languages_of(fields.text("FromCountry")),
    )


def _button(fields: Fields) -> str | None:
    """Return the data of a pressed button, or of what was chosen from a list.

    ListId is not on a page of Twilio's; it is what others read. A button that is not one of Heard's, of a template that
    an operator has made, says what stands on it.
    """
    data = fields.text("ButtonPayload") or fields.text("ListId")
    return data if "=" in data else None


def _reached(fields: Fields, senders: Sequence[Sender]) -> str | None:
    to = fields.text("To").removeprefix(_WHATSAPP)
    if not _NUMBER.fullmatch(to):
        return None
    return reached_by(senders, to, fields.text("MessagingServiceSid"))


def _is_answered(fields: Fields, channel: Channel, text: str) -> bool:
    """Return whether a reply of ours would be refused, or a second one.

    OptOutType comes with Advanced Opt-Out only, for words that the operator chooses, in any language. To START and,
    without it, to HELP Twilio says its own English sentence; but not what the question at hand is, nor its hint.
    """
    if fields.text("OptOutType").upper() in ("STOP", "HELP"):
        return True
    return channel is Channel.SMS and text.strip().casefold() in OPT_OUT


def _shared(fields: Fields) -> Iterator[Shared]:
    if fields.text("Latitude") and fields.text("Longitude"):
        degrees = (fields.text(name) for name in ("Latitude", "Longitude"))
        place = read_place(", ".join(one if "." in one else f"{one}.0" for one in degrees))
        if isinstance(place, Read):
            yield Shared("geopoint", place.value)
    count = fields.text("NumMedia")
    for number in range(min(int(count), _MOST_MEDIA) if re.fullmatch("[0-9]{1,3}", count) else 0):
        kind = fields.text(f"MediaContentType{number}").partition("/")[0].lower()
        url = fields.text(f"MediaUrl{number}")
        if url and kind in ("image", "audio"):
            yield Shared(kind, url)


def read_receipt(fields: Fields, query: bytes, at: datetime) -> Receipt | Turned:
    """Return the receipt in a form, with which reply it is of, as the query says that we gave Twilio ourselves."""
    provider_id, status = fields.text("MessageSid") or fields.text("SmsSid"), fields.text("MessageStatus")
    if not _ID.fullmatch(provider_id) or not _STATUS.fullmatch(status):
        reason = "MessageSid or MessageStatus is missing or no such thing"
        return Turned("unreadable", Answer(400, f"{reason}\n".encode()), f"a receipt was refused: {reason}")
    code = fields.text("ErrorCode")
    error = code if _ERROR.fullmatch(code) else None
    reply = dict(parse_qsl(query.decode("latin-1")))
    in_reply_to, position = reply.get("in_reply_to", ""), reply.get("position", "")
    return Receipt(
        TWILIO,
        provider_id,
        status,
        at,
        error=error,
        in_reply_to=in_reply_to if _ID.fullmatch(in_reply_to) else None,
        position=int(position) if re.fullmatch("[0-9]{1,2}", position) else None,
        alert=alert_of(error),
    )


def bodies(text: str) -> tuple[str, ...]:
    """Return a text as the messages it is sent in: one, unless it is longer than Twilio takes."""
    return tuple(part for part in split_at_sentences(text, LARGEST_BODY) if part.strip())


def segments(channel: Channel, text: str) -> int | None:
    """Return the SMS segments that a text costs as it is sent; None on a channel that does not count them."""
    if channel is not Channel.SMS:
        return None
    return sum(count_segments(body).segments for body in bodies(text))


def twiml(texts: Mapping[int, str], callback: str) -> bytes:
    """Return the response to a webhook that sends these texts back, in order; without any, one that says nothing.

    Receipts come to `callback`, with the position of the text behind it: its key.
    """
    url = escape(callback)
    messages = "".join(
        f'<Message statusCallback="{url}{position}">{escape(_NOT_XML.sub("", body))}</Message>'
        for position, text in texts.items()
        for body in bodies(text)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>'.encode()
