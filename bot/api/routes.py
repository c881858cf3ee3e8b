"""The routes of the API: admit, look up, give in the form that was asked for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.api.admitting import Gate
from bot.api.answering import LARGEST_PAGE, PAGE, Answers, number_of
from bot.api.negotiating import CSV, JSON, answered, chosen
from bot.api.openapi import LARGEST_RELEASE, described
from bot.api.refusing import NO_RELEASE, NOT_FOUND, WITHDRAWN, Refused, refusal
from bot.api.result_tables import results_csv
from bot.api.shown import (
    ShownConsultation,
    ShownConsultations,
    ShownFindings,
    shown_finding,
    shown_release,
)
from bot.errors import UnknownConsultation
from bot.flowfiles.versions import parts_of
from bot.results.publication.records import Publication
from bot.store.database import Database
from bot.store.findings import findings
from bot.store.reading import consultations, documents
from bot.store.releases import Stored, latest, release, releases
from bot.store.tokens import Token, TokenScope
from bot.store.vault import AddressPepper

_read_publication = msgspec.json.Decoder(Publication).decode


class Api:
    """What is read over HTTP with a token."""

    def __init__(
        self,
        engine: Database,
        locales: Path,
        pepper: AddressPepper,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._now = now
        self._gate = Gate(engine, now, clock)
        self._answers = Answers(engine, locales, pepper, now)

    def routes(self) -> list[Mount]:
        under = "/consultations/{consultation}"
        routes = [
            Route("/openapi.json", self.describe),
            Route("/consultations", self.list_consultations),
            Route(f"{under}/results", self.results),
            Route(f"{under}/codebook", self.codebook),
            Route(f"{under}/answers", self.answers),
            Route(f"{under}/findings", self.findings),
        ]
        # Of its own, so that whatever is refused beneath it is refused in one form.
        handlers = {HTTPException: refusal, Exception: refusal}
        return [Mount("/api/v1", Starlette(routes=routes, exception_handlers=handlers))]

    async def describe(self, request: Request) -> Response:
        return answered(request, described(), chosen(request, [JSON]), cache_control="public, max-age=3600")

    async def list_consultations(self, request: Request) -> Response:
        token = await self._gate.admit(request, None, None)
        kind = chosen(request, [JSON])
        names = [one for one in await consultations(self._engine) if token.reaches(one)]
        shown = ShownConsultations([await self._consultation(one) for one in names])
        return answered(request, msgspec.json.encode(shown), kind)

    async def results(self, request: Request) -> Response:
        await self._admitted(request, TokenScope.RESULTS)
        kind = chosen(request, [JSON, CSV])
        stored = await self._release(request)
        if kind == JSON:
            return answered(request, stored.document.encode(), kind)
        return answered(request, results_csv(_read_publication(stored.document)), kind)

    async def codebook(self, request: Request) -> Response:
        await self._admitted(request, TokenScope.RESULTS)
        kind = chosen(request, [JSON])
        return answered(request, (await self._release(request)).codebook.encode(), kind)

    async def answers(self, request: Request) -> Response:
        token = await self._admitted(request, TokenScope.ANSWERS)
        kind = chosen(request, [JSON, CSV])
        most = number_of(request.query_params.get("limit", ""), PAGE, LARGEST_PAGE)
        try:
            page = await self._answers.page(
                request.path_params["consultation"],
                request.query_params.get("cursor"),
                most,
                words=TokenScope.WORDS in token.scopes,
            )
        except UnknownConsultation:
            raise Refused(HTTPStatus.NOT_FOUND, NOT_FOUND) from None
        link = f'<{request.url.path}?limit={most}&cursor={quote(page.following or "")}>; rel="next"'
        headers = {"Link": link} if page.following else {}
        return answered(request, page.csv() if kind == CSV else page.json(), kind, headers=headers)

    async def findings(self, request: Request) -> Response:
        await self._admitted(request, TokenScope.RESULTS)
        kind = chosen(request, [JSON])
        consultation = request.path_params["consultation"]
        if not await documents(self._engine, consultation):
            raise Refused(HTTPStatus.NOT_FOUND, NOT_FOUND)
        today = self._now().date()
        found = [shown_finding(one, today) for one in await findings(self._engine, consultation)]
        return answered(request, msgspec.json.encode(ShownFindings(found)), kind)

    async def _admitted(self, request: Request, scope: TokenScope) -> Token:
        return await self._gate.admit(request, scope, request.path_params["consultation"])

    async def _release(self, request: Request) -> Stored:
        consultation = request.path_params["consultation"]
        number = number_of(request.query_params.get("release", ""), 0, LARGEST_RELEASE)
        found = (
            await release(self._engine, consultation, number)
            if number
            else await latest(self._engine, consultation)
        )
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, NO_RELEASE)
        if found.listed.withdrawn_at is not None:
            raise Refused(HTTPStatus.GONE, WITHDRAWN)
        return found

    async def _consultation(self, consultation: str) -> ShownConsultation:
        newest = next(iter((await documents(self._engine, consultation)).values()))
        definition, _ = parts_of(newest)
        listed = [shown_release(one) for one in await releases(self._engine, consultation)]
        return ShownConsultation(consultation, definition["title"], definition["languages"], listed)
