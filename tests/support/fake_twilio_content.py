"""Twilio's Content resource on loopback, messages sent with its templates, and a phone with WhatsApp that gets them.

https://www.twilio.com/docs/content/content-api-resources says what goes in and
out; the pages of each type what fits it.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from xml.etree import ElementTree

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support import webhooks
from tests.support.fake_twilio import ACCOUNT, MESSAGES, TOKEN, FakeTwilio, _error
from tests.support.listening import listening

AUTHORIZATION = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
PAGE = 5
"""Templates on a page of the list; fewer than ours, so that the client has to turn pages."""
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_TYPES: Mapping[str, tuple[frozenset[str], str, frozenset[str], int, int]] = {
    # Fields, which of them is the list of choices, the fields of a choice, and how many there can be, and how long.
    "twilio/quick-reply": (
        frozenset({"body", "actions"}),
        "actions",
        frozenset({"type", "title", "id"}),
        3,
        20,
    ),
    "twilio/list-picker": (
        frozenset({"body", "button", "items"}),
        "items",
        frozenset({"item", "id", "description"}),
        10,
        24,
    ),
    "twilio/text": (frozenset({"body"}), "", frozenset(), 0, 0),
}


@dataclass(frozen=True)
class Shown:
    """What a phone shows: a text, and the labels of buttons with what each sends; a list is behind `opens`."""

    text: str
    buttons: Mapping[str, str] = field(default_factory=dict)
    opens: str | None = None


@dataclass
class FakeContent(FakeTwilio):
    """The same, with templates; they stay until the block ends."""

    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0
    forms: list[dict[str, str]] = field(default_factory=list)
    _contents: Any = field(default_factory=lambda: count(1))

    def _fault(self, request: Request, form: dict[str, str]) -> Response | None:
        if "ContentSid" in form:
            if "Body" in form:
                return _error(400, 35127)
            content = self.contents.get(form["ContentSid"])
            if content is None:
                return _error(400, 21655)
            shown = _filled(content, form.get("ContentVariables"))
            if shown is None:
                return _error(400, 21656)
            form = {**form, "Body": shown.text}
        return super()._fault(request, form)

    def _take(self, form: dict[str, str]) -> dict[str, Any]:
        self.forms.append(form)
        return super()._take({**form, "Body": self.shown().text})

    def shown(self, place: int = -1) -> Shown:
        """Return a message that was taken, as a phone shows it."""
        form = self.forms[place]
        if "ContentSid" not in form:
            return Shown(form["Body"])
        shown = _filled(self.contents[form["ContentSid"]], form.get("ContentVariables"))
        assert shown is not None
        return shown

    async def _make(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        kinds = {kind: one for kind, one in asked.get("types", {}).items() if one is not None}
        if not asked.get("language") or len(kinds) != 1 or not all(map(_is_content, kinds, kinds.values())):
            return _error(400, 20001)
        sid = f"HX{next(self._contents):032x}"
        self.contents[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "friendly_name": asked.get("friendly_name"),
            "language": asked["language"],
            "variables": asked.get("variables", {}),
            "types": kinds,
        }
        self.made += 1
        return JSONResponse(self.contents[sid], 201)

    def _list(self, request: Request) -> Response:
        page = int(request.query_params.get("Page", 0))
        listed = list(self.contents.values())
        is_last = (page + 1) * PAGE >= len(listed)
        following = None if is_last else f"{self.url}/v1/Content?Page={page + 1}"
        return JSONResponse(
            {
                "contents": listed[page * PAGE : (page + 1) * PAGE],
                "meta": {"page": page, "page_size": PAGE, "key": "contents", "next_page_url": following},
            }
        )

    async def _content(self, request: Request) -> Response:
        if request.headers.get("Authorization") != AUTHORIZATION:
            return _error(401, 20003)
        return await self._make(request) if request.method == "POST" else self._list(request)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(MESSAGES, self._messages, methods=["GET", "POST"]),
                Route("/v1/Content", self._content, methods=["GET", "POST"]),
            ]
        )


def _is_content(kind: str, one: dict[str, Any]) -> bool:
    if kind not in _TYPES:
        return False
    fields, listed, of_choice, most, _ = _TYPES[kind]
    choices = one.get(listed, []) if listed else []
    needed = of_choice - {"description"}
    return (
        set(one) == fields
        and all(one[name] for name in fields)
        and len(choices) <= most
        and all(set(each) <= of_choice and all(each.get(name) for name in needed) for each in choices)
    )


def _filled(content: dict[str, Any], variables: str | None) -> Shown | None:
    """Return a template with its places filled; None where Twilio or WhatsApp would not take it."""
    if variables is not None and not variables.strip("{} \n"):
        return None
    given: dict[str, Any] = json.loads(variables) if variables else {}
    if not all(isinstance(value, str) and value.strip() and "{{" not in value for value in given.values()):
        return None
    known = {**content["variables"], **given}

    def fill(text: str) -> str:
        return _PLACE.sub(lambda place: str(known[place[1]]), text)

    ((kind, one),) = content["types"].items()
    _, listed, _, _, longest = _TYPES[kind]
    choices = one.get(listed, []) if listed else []
    buttons = {fill(each.get("title") or each["item"]): fill(each["id"]) for each in choices}
    text, opens = fill(one["body"]), fill(one["button"]) if "button" in one else None
    fits = (
        len(text) <= (1_024 if listed else 1_600)
        and len(buttons) == len(choices)
        and all(len(label) <= longest and len(data) <= 200 for label, data in buttons.items())
        and len(opens or "") <= 20
    )
    return Shown(text, buttons, opens) if fits else None


class Phone:
    """A person on WhatsApp, who writes to a server and sees what it answers, by TwiML or through Twilio's interface."""

    def __init__(
        self,
        twilio: FakeContent,
        web: httpx.AsyncClient,
        number: str = webhooks.NUMBER,
        to: str = "whatsapp:+12025550100",
    ) -> None:
        self._twilio = twilio
        self._web = web
        self._number = number
        self._to = to
        self._ids = count(1)
        self.seen: Shown | None = None

    async def delivers(self, text: str, **fields: str) -> list[str]:
        """Have Twilio deliver a message, and return the texts in the answer."""
        sid = fields.pop("sid", f"SM{self._number[-4:]}{next(self._ids):028d}")
        form = webhooks.form(text, sid, From=f"whatsapp:{self._number}", To=self._to, **fields)
        body, headers = webhooks.signed(form)
        response = await self._web.post("/webhooks/twilio", content=body, headers=headers)
        assert response.status_code == 200
        return [one.text or "" for one in ElementTree.fromstring(response.content)]

    async def says(self, text: str, **fields: str) -> Shown:
        """Send a message, and return what is shown for it."""
        before = len(self._twilio.forms)
        answered = await self.delivers(text, **fields)
        if answered:
            self.seen = Shown("\n".join(answered))
        else:
            async with asyncio.timeout(20):
                while len(self._twilio.forms) == before:
                    self._twilio.arrived.clear()
                    await self._twilio.arrived.wait()
            self.seen = self._twilio.shown()
        return self.seen

    async def presses(self, label: str, shown: Shown | None = None) -> Shown:
        """Press a button of what is shown now, or of what was shown before."""
        of = shown or self.seen
        assert of is not None
        data = of.buttons[label]
        if of.opens is not None:
            return await self.says(label, ListId=data, ListTitle=label, MessageType="interactive")
        return await self.says(label, ButtonPayload=data, ButtonText=label, MessageType="button")


@asynccontextmanager
async def fake_content() -> AsyncIterator[FakeContent]:
    """Serve it on a port of its own until the block ends."""
    fake = FakeContent()
    async with listening(fake.app) as fake.url:
        yield fake
