"""Pictures and sounds at Twilio, which wants to know who asks, and sends on to another host.

https://www.twilio.com/docs/messaging/api/media-resource: they are under /Accounts/ of api.twilio.com, with HTTP Basic.
From there Twilio redirects to *.twiliocdn.com, which users report (github.com/Abilityai/trinity/pull/1937), or to its
own bucket at Amazon (github.com/codeforamerica/vita-min/pull/563); their addresses are signed, and take no credentials.
"""

import re

import httpx

from bot.channels.downloading import download, is_safe, new_client
from bot.channels.media import Denied, Fetching, Limit, Sink

_API_HOST = re.compile(r"api(\.[a-z0-9-]+){0,2}\.twilio\.com")
"""Accounts in other regions have theirs between: api.dublin.ie1.twilio.com."""

_CDN_HOST = re.compile(r"[a-z0-9-]+\.twiliocdn\.com")
_BUCKET_HOST = re.compile(r"s3[a-z0-9.-]*\.amazonaws\.com")
_BUCKET = "/media.twiliocdn.com/"
_PATH = re.compile(
    "/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Messages/[A-Z]{2}[0-9a-fA-F]{32}/Media/ME[0-9a-fA-F]{32}"
)


class TwilioMedia:
    """The pictures and sounds of one Twilio account: a `MediaSource`."""

    def __init__(self, auth_token: str, account_sid: str | None = None, api_url: str | None = None) -> None:
        """Take the account's token, its id where that is known, and another address of its interface, if it has one.

        Without an id, that of the address is taken: it is right wherever the token is.
        """
        self._auth_token = auth_token
        self._account_sid = account_sid
        self._own = httpx.URL(api_url.rstrip("/")) if api_url else None
        self._client = new_client()

    async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
        """Write a file into a sink; `reference` is its MediaUrl."""
        try:
            url = httpx.URL(reference)
        except httpx.InvalidURL:
            return Denied("address")
        path = _PATH.fullmatch(url.path)
        if path is None or url.query or not _is_api(url):
            return Denied("address")
        if self._own is not None:
            url = self._own.copy_with(path=self._own.path.rstrip("/") + url.path)
        auth = httpx.BasicAuth(self._account_sid or path[1], self._auth_token)
        return await download(self._client, url, auth, self._is_known, into, limit)

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()

    def _is_known(self, url: httpx.URL) -> bool:
        if _is_api(url) or (self._own is not None and _origin(url) == _origin(self._own)):
            return True
        if url.port is not None:
            return False
        is_bucket = bool(_BUCKET_HOST.fullmatch(url.host)) and url.path.startswith(_BUCKET)
        return is_bucket or bool(_CDN_HOST.fullmatch(url.host))


def _is_api(url: httpx.URL) -> bool:
    return is_safe(url) and url.port is None and bool(_API_HOST.fullmatch(url.host))


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
