"""`/try`: a chat page that shows a consultation as a phone would, and what each message would cost.

In a trial, in which nothing is brought to anybody, it is also the phone of whoever is on a list: what was sent to their
number is shown, and what is written comes from it.

It works without script: each message is a form that comes back with the whole talk. The person behind it is a random
token in a cookie, a contact of the channel `page` like any other, so that what is tried here goes the same way as an
SMS does.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels import Address, Channel, InboundMessage
from bot.core.prompts.records import (
    SHARE_PLACE_BUTTON,
    SMS,
    SUBMITS,
    TELEGRAM,
    Button,
    Form,
    Prompt,
    together,
)
from bot.core.questionnaire import Questionnaire
from bot.core.segments import Segments, count_segments
from bot.errors import MessageFailed

HERE = Path(__file__).parent
LOOKS: Mapping[str, Form] = {"sms": SMS, "telegram": TELEGRAM}
PERSON_COOKIE, LOOK_COOKIE = "heard_person", "heard_look"
LARGEST_FORM_BYTES = 16_384

HEADERS = {
    # Nothing of what people type here may be kept by a browser's cache, or sent on in a referrer.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the talk. `language` is what the bot spoke; None for the person's own words."""

    outbound: bool
    text: str
    language: str | None = None
    buttons: tuple[Button, ...] = ()

    @property
    def cost(self) -> Segments:
        return count_segments(self.text)


Receive = Callable[[InboundMessage], Awaitable[Sequence[Prompt]]]
ReadTalk = Callable[[Channel, Address], Awaitable[Sequence[Line]]]
Offered = Callable[[], Mapping[str, Questionnaire]]
"""Returns what can be joined now, by id."""


class TryPage:
    """The routes of the chat page. `receive` is the intake; `read_talk` gives what was said so far, oldest first.

    `ours` is the number that a trial writes from; None where messages reach people, whose phones nobody may look at.
    """

    def __init__(
        self, receive: Receive, read_talk: ReadTalk, offered: Offered, ours: str | None = None
    ) -> None:
        self._receive = receive
        self._read_talk = read_talk
        self._offered = offered
        self._ours = ours
        self._template = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        ).get_template("try.html")

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/try", self.show),
            Route("/try/say", self.say, methods=["POST"]),
            Route("/try/look", self.look, methods=["POST"]),
            Route("/try/new", self.start_anew, methods=["POST"]),
            *([Route("/try/phone", self.take_phone, methods=["POST"])] if self._ours else []),
            Mount("/try/static", StaticFiles(directory=HERE / "static")),
        ]

    async def show(self, request: Request) -> Response:
        """Return the page with the talk of this browser's person so far."""
        person = self._person(request) or secrets.token_urlsafe(16)
        talk = await self._read_talk(*_whose(person))
        look = _look(request, person)
        offered = self._offered()
        page = self._template.render(
            talk=talk,
            look=look,
            is_sms=LOOKS[look].short,
            buttons=_pressable(talk[-1].buttons) if talk else (),
            marks_several=bool(talk) and Prompt("", talk[-1].buttons).marks_several,
            spent=sum(line.cost.segments for line in talk if line.outbound),
            sent=sum(line.cost.segments for line in talk if not line.outbound),
            offered=tuple(offered.values()),
            right_to_left=_right_to_left(offered),
            has_phones=self._ours is not None,
            phone=person[-3:] if _is_number(person) else None,
        )
        response = HTMLResponse(page, headers=HEADERS)
        _remember(response, PERSON_COOKIE, person)
        return response

    async def say(self, request: Request) -> Response:
        """Take what the person wrote or pressed, and show the talk at its newest message."""
        form, refusal = await _form(request)
        if refusal is not None:
            return refusal
        marked = form.get("mark", "").split("\n")
        person = self._person(request)
        if person is None:
            return RedirectResponse("/try", status_code=303)
        channel, address = _whose(person)
        message = InboundMessage(
            channel=channel,
            address=address,
            provider_id=secrets.token_hex(16),
            at=datetime.now(UTC),
            text=form.get("text", ""),
            button=_pressed(form.get("button"), marked),
            to=self._ours if channel is Channel.SMS else None,
            look=LOOKS[_look(request, person)],
        )
        try:
            await self._receive(message)
        except MessageFailed:
            told = "Your message could not be stored now. Go back and send it again in a moment."
            return PlainTextResponse(told, status_code=503, headers={**HEADERS, "Retry-After": "5"})
        # The field to write in, below the newest message: a screen reader that comes there reads that message first.
        return RedirectResponse("/try#text", status_code=303)

    async def look(self, request: Request) -> Response:
        """Show the talk as the other channel would from now on."""
        form, refusal = await _form(request)
        if refusal is not None:
            return refusal
        response = RedirectResponse("/try", status_code=303)
        _remember(response, LOOK_COOKIE, form.get("look", "sms"))
        return response

    async def start_anew(self, request: Request) -> Response:
        """Make this browser another person, whom Heard has not met."""
        _, refusal = await _form(request)
        if refusal is not None:
            return refusal
        response = RedirectResponse("/try", status_code=303)
        response.delete_cookie(PERSON_COOKIE, path="/try")
        return response

    async def take_phone(self, request: Request) -> Response:
        """Make this browser the phone of a number."""
        form, refusal = await _form(request)
        if refusal is not None:
            return refusal
        number = "".join(form.get("number", "").split())
        if not _is_number(number):
            told = "Go back, and write the number with the code of its country, like +1 202 555 0123."
            return PlainTextResponse(told, status_code=400, headers=HEADERS)
        response = RedirectResponse("/try", status_code=303)
        _remember(response, PERSON_COOKIE, number)
        return response

    def _person(self, request: Request) -> str | None:
        """Return who sits before this browser: a number in a trial alone, else whoever has drawn a token."""
        person = request.cookies.get(PERSON_COOKIE)
        return None if person and _is_number(person) and self._ours is None else person


_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def _is_number(person: str) -> bool:
    return _NUMBER.fullmatch(person) is not None


def _whose(person: str) -> tuple[Channel, Address]:
    return (Channel.SMS if _is_number(person) else Channel.PAGE), Address(person)


def _look(request: Request, person: str) -> str:
    if _is_number(person):
        return "sms"
    look = request.cookies.get(LOOK_COOKIE, "sms")
    return look if look in LOOKS else "sms"


def _pressable(buttons: Sequence[Button]) -> Sequence[Button]:
    """Return the buttons that a page can have: it has no place of its own to send."""
    return [button for button in buttons if button.data != SHARE_PLACE_BUTTON]


def _pressed(button: str | None, marked: Sequence[str]) -> str | None:
    """Return the data of a pressed button; of one that sends what is marked, that of all the marked ones."""
    if button is None or not button.endswith(SUBMITS):
        return button
    return together([data for data in marked if data]) or button


def _remember(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, path="/try", httponly=True, samesite="strict")


def _right_to_left(offered: Mapping[str, Questionnaire]) -> frozenset[str]:
    """Return the languages on offer that are written from right to left."""
    books = [book for one in offered.values() for book in one.phrasebooks.values()]
    return frozenset(book.language for book in books if book.right_to_left)


async def _form(request: Request) -> tuple[Mapping[str, str], Response | None]:
    """Return the fields of a form, or the refusal of one that is too large or comes from another site's page."""
    origin = request.headers.get("origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        return {}, PlainTextResponse("This form came from another site.", status_code=403, headers=HEADERS)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM_BYTES:
            return {}, PlainTextResponse("That message is too long.", status_code=413, headers=HEADERS)
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    # What is marked comes as one field several times.
    return {name: "\n".join(values).replace("\x00", "") for name, values in fields.items()}, None
