"""Messages sent through Twilio's REST interface, and what its errors mean.

The interface: https://www.twilio.com/docs/messaging/api/message-resource; the errors:
https://www.twilio.com/docs/api/errors. There is no key against sending twice, so what may have been taken is looked
for before it is sent again.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from bot import logs
from bot.channels import Channel
from bot.channels.sending import Absent, Accepted, Deferred, Delivery, OutboundMessage, Refused, Unclear
from bot.channels.twilio_errors import CODES, TEMPLATE_CODES, Meaning
from bot.channels.whatsapp import as_text, content_of

log = logging.getLogger(__name__)

TIMEOUT_S = 15.0
"""How long an answer of Twilio's is waited for."""

MESSAGES_AT_ONCE = 10
"""Requests in flight: as many as the client keeps connections open for. At 100 ms each, 100 messages a second."""

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far Twilio's clock and ours may be apart when a message is looked for."""

_SERVICE = "MG"
_MOST_LISTED = 1_000
_NO_CONNECTION_S = 10.0

T = TypeVar("T")


class TwilioRest:
    """Sends SMS and WhatsApp messages from the numbers and services of one Twilio account."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str | None = None,
        timeout_s: float = TIMEOUT_S,
        status_callback: str | None = None,
        contents: Mapping[str, str] | None = None,
    ) -> None:
        """Take the account; `api_url` is another address of the interface, for a proxy or a test.

        `status_callback` is where receipts go; `contents` are the templates for buttons (see `bot.channels.whatsapp`).
        """
        self._contents = contents or {}
        self._sparing = logs.Sparing(log)
        self._callback = {"status_callback": status_callback} if status_callback else {}
        self._client = make_client(account_sid, auth_token, api_url, timeout_s)
        self._threads = ThreadPoolExecutor(MESSAGES_AT_ONCE, thread_name_prefix="heard-twilio")

    async def send(self, message: OutboundMessage) -> Delivery:
        """Hand a message to Twilio; in words alone, where it does not know the template for the buttons."""
        delivery = await self._create(self._fields(message))
        is_of_template = isinstance(delivery, Refused) and delivery.code in TEMPLATE_CODES
        if is_of_template and message.template is None and message.buttons:
            # Certainly not taken, and somebody waits for their next question.
            self._sparing.tell(
                "template", logging.ERROR, "a template was refused: questions lose their buttons"
            )
            text = as_text(message.text, message.buttons)
            delivery = await self._create(self._fields(replace(message, text=text, buttons=())))
        return delivery

    async def _create(self, fields: Mapping[str, Any]) -> Delivery:
        try:
            created = await self._in_thread(lambda: self._client.messages.create(**fields, **self._callback))
        except (TwilioException, RequestException) as error:
            return meaning_of(error)
        return Accepted(created.sid) if created.sid else Unclear("no id")

    async def find(
        self, message: OutboundMessage, since: datetime, known: Collection[str]
    ) -> Accepted | Absent | Unclear:
        """Look for a message among those to the same person; by its words, for Twilio has nothing better."""
        fields = self._fields(message)
        to = fields["to"]
        earliest = since.astimezone(UTC) - CLOCKS_DIFFER
        try:
            # Without its filter by date, which leaves out what waits at Twilio to be sent on.
            listed = await self._in_thread(
                lambda: self._client.messages.list(to=to, limit=_MOST_LISTED, page_size=_MOST_LISTED)
            )
        except (TwilioException, RequestException) as error:
            return Unclear(code_of_error(error))
        for one in listed:
            is_late_enough = one.date_created is None or one.date_created >= earliest
            if is_late_enough and one.sid not in known and _is_same(one, fields):
                return Accepted(str(one.sid))
        return Unclear("too many messages") if len(listed) == _MOST_LISTED else Absent()

    async def close(self) -> None:
        """Close the connections to Twilio, once nothing is under way."""
        self._threads.shutdown()
        self._client.http_client.session.close()

    def _fields(self, message: OutboundMessage) -> dict[str, Any]:
        prefix = "whatsapp:" if message.channel is Channel.WHATSAPP else ""
        fields = {"to": prefix + message.to.reveal(), **self._said(message)}
        if message.sender.startswith(_SERVICE):
            return {**fields, "messaging_service_sid": message.sender}
        return {**fields, "from_": prefix + message.sender}

    def _said(self, message: OutboundMessage) -> dict[str, str]:
        template = message.template
        if template is None and message.buttons:
            template = content_of(self._contents, message.text, message.buttons)
            if template is None:
                return {"body": as_text(message.text, message.buttons)}
        if template is None:
            return {"body": message.text}
        said = {"content_sid": template.id}
        # None at all has to be left out: https://www.twilio.com/docs/api/errors/21656.
        return said | (
            {"content_variables": json.dumps(dict(template.variables))} if template.variables else {}
        )

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def make_client(
    account_sid: str, auth_token: str, api_url: str | None = None, timeout_s: float = TIMEOUT_S
) -> Client:
    """Return Twilio's client, which logs nothing; `api_url` is another address of Twilio's interfaces."""
    client = Client(
        account_sid, auth_token, http_client=TwilioHttpClient(timeout=timeout_s, logger=_unheard())
    )
    if api_url:
        url = api_url.rstrip("/")
        client.api.base_url = client.content.base_url = client.messaging.base_url = url
    return client


def _unheard() -> logging.Logger:
    """Return a logger that says nothing: at DEBUG, Twilio's client logs whom it writes to, and what."""
    # The library below logs addresses of requests, which have the number of the person that is looked for.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logger = logging.Logger("twilio")
    logger.disabled = True
    return logger


def _is_same(listed: MessageInstance, fields: Mapping[str, Any]) -> bool:
    """Return whether a message that Twilio lists, and whose id we do not know, is the one of these fields."""
    if "body" in fields:
        return bool(listed.body == fields["body"])
    # How Twilio writes out a template is not documented. What else we sent to this person has an id that we know.
    return bool(listed.direction == "outbound-api")


def meaning_of(error: Exception) -> Delivery:
    """Return what an error of Twilio's client says about the message that it was raised for."""
    code = code_of_error(error)
    if isinstance(error, TwilioRestException):
        known = CODES.get(error.code or 0)
        if known is not None and known.meaning is Meaning.OPTED_OUT:
            return Refused(code, opted_out=True)
        pause_s = known.pause_s if known is not None else None
        if pause_s is None and error.status in (401, 403, 429):
            pause_s = 60.0
        if pause_s is not None:
            return Deferred(code, pause_s)
        # What Twilio breaks on may have been taken before it broke.
        return Refused(code) if 400 <= error.status < 500 else Unclear(code)
    # Where no connection comes about, no other message would get through either.
    return Deferred(code, _NO_CONNECTION_S) if _never_connected(error) else Unclear(code)


def code_of_error(error: Exception) -> str:
    """Return the provider's code, or the kind of fault; never the error's text, which has the number."""
    if isinstance(error, TwilioRestException):
        # Where Twilio gives no code of its own, its client puts the status there.
        return f"HTTP {error.status}" if error.code in (None, error.status) else str(error.code)
    return type(error).__name__


def reason_of(error: Exception) -> str:
    """Return the same of what is raised for a list too, which holds the response alone."""
    status = getattr(error.args[-1] if error.args else None, "status_code", None)
    return code_of_error(error) if status is None else f"HTTP {status}"


def _never_connected(error: Exception) -> bool:
    if isinstance(error, ConnectTimeout):
        return True
    if not isinstance(error, RequestsConnectionError):
        return False
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(
        cause.reason, NewConnectionError | ConnectTimeoutError
    )
