"""The peer of the round trip: an ASGI application that parses the form, checks the signature and answers. No more."""

import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
url = os.environ["HEARD_PUBLIC_URL"] + "/webhooks/twilio"
answer = b'<?xml version="1.0" encoding="UTF-8"?><Response><Message>Thank you.</Message></Response>'


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    signature = next(value for name, value in scope["headers"] if name == b"x-twilio-signature").decode()
    genuine = validator.validate(url, form, signature)
    headers = [(b"content-type", b"text/xml"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200 if genuine else 403, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
