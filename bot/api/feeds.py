"""`/feeds/`: Atom feeds, open to everybody, of consultations of which something was published."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.api.atom import CONTENT_TYPE, Feed, entries, written
from bot.api.negotiating import answered
from bot.api.refusing import Refused, refusal
from bot.flowfiles.versions import parts_of
from bot.store.database import Database
from bot.store.feeds import name_feed
from bot.store.findings import findings
from bot.store.reading import documents
from bot.store.releases import releases

NO_FEED = "There is no feed of this name: nothing of such a consultation has been published."
SHARED = "public, max-age=300"


class Feeds:
    """The feeds, at the address under which the server is reached."""

    def __init__(
        self, engine: Database, public_url: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._public_url = public_url.rstrip("/")
        self._now = now

    def routes(self) -> list[Route]:
        return [Route("/feeds/{consultation}.atom", self.show)]

    async def show(self, request: Request) -> Response:
        consultation = request.path_params["consultation"]
        published = await releases(self._engine, consultation)
        if not published:
            return await refusal(request, Refused(HTTPStatus.NOT_FOUND, NO_FEED))
        newest = next(iter((await documents(self._engine, consultation)).values()))
        definition, _ = parts_of(newest)
        today = self._now().date()
        feed = Feed(
            consultation,
            definition["title"],
            definition["languages"][0],
            f"{self._public_url}/feeds/{consultation}.atom",
            await name_feed(self._engine, consultation, urlsplit(self._public_url).hostname or "", today),
            entries(published, await findings(self._engine, consultation), today),
        )
        return answered(request, written(feed), CONTENT_TYPE, cache_control=SHARED, modified=feed.updated)
