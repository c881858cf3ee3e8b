"""`/digests/leave`: the page by which somebody gets no more digests, with one click, in a browser or their mail app.

Its address has a signature instead of a password: who has the mail may leave, and nobody else can make one.
"""

from html import escape
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.store.database import Database
from bot.store.subscriptions import unsubscribe
from bot.store.vault import AddressPepper

PATH = "/digests/leave"
PURPOSE = "leaving a digest"

ASKED = "Get no more of these digests?"
LEAVE = "Unsubscribe"
LEFT = "You get no more of these digests. Your address is deleted."
WRONG = "This address is not complete. Open it from the mail again."

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heard</title></head>
<body style="max-width: 34em; margin: 3em auto; padding: 0 1em; font: 18px/1.5 system-ui, sans-serif">
<main><h1 style="font-size: 24px">{words}</h1>{form}</main></body></html>
"""
_FORM = '<form method="post"><button style="font: inherit; padding: 0.5em 1em">{leave}</button></form>'


def page_for(public_url: str | None, pepper: AddressPepper | None, subscription_id: int) -> str | None:
    """Return the address of somebody's page; None where this server has none that is reached from outside."""
    if public_url is None or pepper is None:
        return None
    signed = f"{subscription_id}.{pepper.sign(PURPOSE, str(subscription_id))}"
    return f"{public_url.rstrip('/')}{PATH}?s={signed}"


class Leaving:
    """The page: asked for, it only asks, since mail scanners follow every link; it takes a POST (RFC 8058)."""

    def __init__(self, engine: Database, pepper: AddressPepper) -> None:
        self._engine = engine
        self._pepper = pepper

    def routes(self) -> list[Route]:
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        subscription_id, _, signature = request.query_params.get("s", "").partition(".")
        if not self._pepper.has_signed(PURPOSE, subscription_id, signature):
            return _page(WRONG, HTTPStatus.BAD_REQUEST)
        if request.method != "POST":
            return _page(ASKED, form=_FORM.format(leave=escape(LEAVE)))
        # Twice is as good as once.
        await unsubscribe(self._engine, int(subscription_id))
        return _page(LEFT)


def _page(words: str, status: HTTPStatus = HTTPStatus.OK, form: str = "") -> Response:
    return HTMLResponse(_PAGE.format(words=escape(words), form=form), status, HEADERS)
