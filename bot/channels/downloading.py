"""A file over HTTP from hosts that are known, with an end to its size, its time and its redirects.

An address comes from outside, so it decides nothing: each hop is looked at before it is asked, credentials go along the
first one alone, and nothing but https is spoken, except on loopback.
"""

import asyncio
import logging
from collections.abc import Callable
from ipaddress import ip_address

import httpx

from bot.channels.media import READY_WITHIN_ATTEMPTS, Denied, Fetched, Fetching, Later, Limit, Sink

MOST_REDIRECTS = 3
SILENCE_S = 15.0
"""How long a host may be silent; the limit of a file is for all of it."""

LONGEST_WAIT_S = 6 * 3600.0
"""How long a host that asks for patience is waited for at most."""

_TYPES = ("image/", "audio/", "video/3gpp", "application/octet-stream", "application/ogg")
"""What a header may say of a picture or a sound; which one it is, is seen by its first bytes."""

_FAILED = frozenset({401, 403, 408, 425, 429})
"""Beside those of 500 and more, what another attempt may not meet: a wrong token that an operator mends, a signed
address that has run out, and haste of ours."""

IsKnown = Callable[[httpx.URL], bool]
"""Says whether an address that a redirect leads to is one of the provider's."""


def new_client() -> httpx.AsyncClient:
    """Return a client to download with."""
    # It logs every address that it asks for, and with some of them anybody has the file.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.AsyncClient(timeout=SILENCE_S, follow_redirects=False)


async def download(
    client: httpx.AsyncClient,
    url: httpx.URL,
    auth: httpx.Auth | None,
    is_known: IsKnown,
    into: Sink,
    limit: Limit,
) -> Fetching:
    """Write a file into a sink; stop as soon as it is too large or too slow.

    `auth` is for the first address alone, which the caller knows to be the provider's; redirects are followed to known
    addresses, without it.
    """
    try:
        async with asyncio.timeout(limit.seconds):
            for _ in range(1 + MOST_REDIRECTS):
                if not is_safe(url):
                    return Denied("address")
                # Compressed, a few bytes could become more than the limit.
                request = client.build_request("GET", url, headers={"Accept-Encoding": "identity"})
                response = await client.send(request, stream=True, auth=auth)
                try:
                    if not response.has_redirect_location:
                        return await _read(response, into, limit)
                    url = url.join(response.headers["location"])
                finally:
                    await response.aclose()
                auth = None
                if not is_known(url):
                    return Denied("address")
    except (TimeoutError, httpx.TimeoutException):
        return Later("too slow")
    except httpx.InvalidURL:
        return Denied("address")
    except httpx.HTTPError as error:
        # Its kind alone: its words have the address.
        return Later(type(error).__name__)
    return Denied("redirects")


def is_safe(url: httpx.URL) -> bool:
    """Return whether an address can be asked at all: https without a name and password in it, or loopback."""
    return not url.userinfo and bool(url.host) and (url.scheme == "https" or _is_loopback(url))


def _is_loopback(url: httpx.URL) -> bool:
    if url.scheme != "http":
        return False
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"


async def _read(response: httpx.Response, into: Sink, limit: Limit) -> Fetching:
    if response.status_code != 200:
        return _failed(response)
    told = response.headers.get("content-type", "application/octet-stream").lower()
    if not told.startswith(_TYPES):
        return Denied("type")
    if response.headers.get("content-encoding", "identity") != "identity":
        return Denied("encoding")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit.size:
        return Denied("too large")
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > limit.size:
            return Denied("too large")
        into.write(chunk)
    return Fetched(size) if size else Later("empty")


def _failed(response: httpx.Response) -> Fetching:
    status = response.status_code
    code = str(status)
    if status == 404:
        return Later(code, attempts=READY_WITHIN_ATTEMPTS)
    if status >= 500 or status in _FAILED:
        asked = response.headers.get("retry-after", "")
        wait_s = min(float(asked), LONGEST_WAIT_S) if asked.isdecimal() else None
        return Later(code, wait_s)
    return Denied(code)
