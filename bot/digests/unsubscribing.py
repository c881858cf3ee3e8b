"""`/digests/leave`: the page by which somebody gets no more digests, with one click, in a browser or their mail app.

Its address has a signature instead of a password: who has the mail may leave, and nobody else can make one.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.core.phrases import Phrase
from bot.digests.phrases import LEAVE_ASKED, LEAVE_WRONG, LEFT, UNSUBSCRIBE
from bot.errors import FlowsError
from bot.store.database import Database
from bot.store.subscriptions import unsubscribe
from bot.store.vault import AddressPepper

PATH = "/digests/leave"
PURPOSE = "leaving a digest"

log = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heard</title></head>
<body style="max-width: 34em; margin: 3em auto; padding: 0 1em; font: 18px/1.5 system-ui, sans-serif">
<main><h1 style="font-size: 24px">{words}</h1>{form}</main></body></html>
"""
_FORM = '<form method="post"><button style="font: inherit; padding: 0.5em 1em">{leave}</button></form>'


def page_for(
    public_url: str | None, pepper: AddressPepper | None, subscription_id: int, language: str
) -> str | None:
    """Return the address of somebody's page; None where this server has none that is reached from outside.

    It names the language: once somebody has left, nothing is stored that would tell it.
    """
    if public_url is None or pepper is None:
        return None
    signed = f"{subscription_id}.{pepper.sign(PURPOSE, str(subscription_id))}"
    return f"{public_url.rstrip('/')}{PATH}?l={language}&s={signed}"


class Leaving:
    """The page: asked for, it only asks, since mail scanners follow every link; it takes a POST (RFC 8058)."""

    def __init__(self, engine: Database, pepper: AddressPepper, locales: Path) -> None:
        self._engine = engine
        self._pepper = pepper
        self._locales = locales
        self._voices: dict[str, _Voice] = {"en": _Voice("en", {})}

    def routes(self) -> list[Route]:
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        voice = await self._voice(request.query_params.get("l", "en"))
        subscription_id, _, signature = request.query_params.get("s", "").partition(".")
        if not self._pepper.has_signed(PURPOSE, subscription_id, signature):
            return voice.page(LEAVE_WRONG, HTTPStatus.BAD_REQUEST)
        if request.method != "POST":
            return voice.page(LEAVE_ASKED, form=_FORM.format(leave=escape(voice.word(UNSUBSCRIBE))))
        # Twice is as good as once.
        await unsubscribe(self._engine, int(subscription_id))
        return voice.page(LEFT)

    async def _voice(self, language: str) -> "_Voice":
        """Return how a language speaks; English of one that there is not, or is broken: leaving must not fail."""
        if language not in self._voices:
            try:
                found = await asyncio.to_thread(_voice, self._locales, language)
            except FlowsError:
                log.warning("a digest's page is shown in English: the catalogue of its language is not whole")
                found = None
            if found is None:
                return self._voices["en"]
            self._voices[language] = found
        return self._voices[language]


@dataclass(frozen=True, slots=True)
class _Voice:
    language: str
    sentences: Mapping[str, str]
    direction: str = "ltr"

    def word(self, phrase: Phrase) -> str:
        return self.sentences.get(phrase.context, phrase.english)

    def page(self, said: Phrase, status: HTTPStatus = HTTPStatus.OK, form: str = "") -> Response:
        words = escape(self.word(said))
        page = _PAGE.format(language=self.language, direction=self.direction, words=words, form=form)
        return HTMLResponse(page, status, HEADERS)


def _voice(locales: Path, language: str) -> _Voice | None:
    """Return how a language speaks, None of one that there are no digests in.

    Raises:
        FlowsError: its catalogue is broken, or not whole.
    """
    # Few processes are ever asked for this page, and most of those for one language of it.
    from bot.digests.wordings import languages, leaving_sentences  # noqa: PLC0415
    from bot.results.report.voice import is_right_to_left  # noqa: PLC0415

    if language not in languages(locales):
        return None
    direction = "rtl" if is_right_to_left(language) else "ltr"
    return _Voice(language, leaving_sentences(locales, language), direction)
