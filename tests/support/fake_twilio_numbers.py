"""An account's numbers, short codes and Messaging Services at Twilio, on loopback.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
https://www.twilio.com/docs/messaging/api/short-code-resource, https://www.twilio.com/docs/messaging/api/service-resource.
"""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.fake_twilio import ACCOUNT, TOKEN, _error
from tests.support.listening import listening

NUMBER, SHORT_CODE, SERVICE = "+12025550100", "24680", "MG" + "1" * 32
_ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
_SETTABLE = {
    "numbers": {"SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod", "SmsApplicationSid"},
    "codes": {"SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod"},
    "services": {
        *("InboundRequestUrl", "InboundMethod", "FallbackUrl", "FallbackMethod"),
        "UseInboundWebhookOnNumber",
    },
}


@dataclass
class FakeNumbers:
    """What the account has, by id; `url` is where it is asked."""

    url: str = ""
    kind: str = "Full"
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def account(self, request: Request) -> Response:
        told = {"sid": ACCOUNT, "status": "active", "type": self.kind, "friendly_name": "Ours"}
        return JSONResponse(told)

    def listed(self, kept: str, key: str, asked: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            wanted = request.query_params.get(asked)
            held = getattr(self, kept).values()
            found = [one for one in held if wanted in (None, one.get("phone_number"), one.get("short_code"))]
            meta = (
                {"meta": {"key": key, "next_page_url": None}}
                if key == "services"
                else {"next_page_uri": None}
            )
            return JSONResponse({key: found, **meta})

        return answer

    def changed(self, kept: str) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            given = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
            one = getattr(self, kept).get(request.path_params["sid"])
            if one is None:
                return _error(404, 20404)
            if given.keys() - _SETTABLE[kept]:
                return _error(400, 20001)
            self.changes.append((one["sid"], given))
            for name, value in given.items():
                plain = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]
                one[plain] = {"true": True, "false": False}.get(value, value or None)
            return JSONResponse(one)

        return answer

    @property
    def app(self) -> Starlette:
        def known(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
            wanted = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()

            async def checked(request: Request) -> Response:
                if request.headers.get("Authorization") != wanted:
                    return _error(401, 20003)
                answered = answer(request)
                return answered if isinstance(answered, Response) else await answered

            return checked

        numbers = self.listed("numbers", "incoming_phone_numbers", "PhoneNumber")
        codes = self.listed("codes", "short_codes", "ShortCode")
        paths: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("GET", f"{_ROOT}.json", self.account),
            ("GET", f"{_ROOT}/IncomingPhoneNumbers.json", numbers),
            ("POST", f"{_ROOT}/IncomingPhoneNumbers/{{sid}}.json", self.changed("numbers")),
            ("GET", f"{_ROOT}/SMS/ShortCodes.json", codes),
            ("POST", f"{_ROOT}/SMS/ShortCodes/{{sid}}.json", self.changed("codes")),
            ("GET", "/v1/Services", self.listed("services", "services", "")),
            ("POST", "/v1/Services/{sid}", self.changed("services")),
        ]
        return Starlette(
            routes=[Route(path, known(answer), methods=[method]) for method, path, answer in paths]
        )


@asynccontextmanager
async def fake_numbers() -> AsyncIterator[FakeNumbers]:
    """Serve an account with one number, one short code and one service on a port of its own until the block ends."""
    number = {"sid": "PN" + "1" * 32, "phone_number": NUMBER, "sms_url": "", "sms_application_sid": None}
    code = {"sid": "SC" + "1" * 32, "short_code": SHORT_CODE, "sms_url": "https://elsewhere.example/sms"}
    service = {"sid": SERVICE, "inbound_request_url": None, "use_inbound_webhook_on_number": True}
    fake = FakeNumbers(
        numbers={number["sid"]: number}, codes={code["sid"]: code}, services={SERVICE: service}
    )
    async with listening(fake.app) as fake.url:
        yield fake
