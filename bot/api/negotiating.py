"""Which of the forms that something has a request wants, and whether it has it already (RFC 9110, 12.5.1 and 13.1)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.api.refusing import NOT_ACCEPTABLE, Refused

JSON, CSV = "application/json", "text/csv"
PRIVATE = "private, no-cache"
"""Nobody between may keep it; who has it asks whether it is still so."""


def chosen(request: Request, offered: Sequence[str]) -> str:
    """Return the media type that a request likes best, the first offered of those that it likes alike.

    Raises:
        Refused: it likes none of them.
    """
    accepted = ",".join(request.headers.getlist("accept")) or "*/*"
    liked = [_liking(kind, accepted) for kind in offered]
    if max(liked) <= 0:
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, NOT_ACCEPTABLE.format(kinds=", ".join(offered)))
    return offered[liked.index(max(liked))]


def _liking(kind: str, accepted: str) -> float:
    """Return how much a media type is liked, from 0 to 1: by what is said of it most exactly."""
    whole = kind.partition("/")[0]
    found: dict[str, float] = {}
    for one in accepted.split(","):
        name, *parameters = (part.strip().lower() for part in one.split(";"))
        found[name] = min((_weight(part) for part in parameters if part.startswith("q=")), default=1.0)
    return next((found[name] for name in (kind, f"{whole}/*", "*/*") if name in found), 0.0)


def _weight(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def answered(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    cache_control: str = PRIVATE,
    modified: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return a body with its entity tag; 304 without it where the request's own is the same."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache_control, "Vary": "Accept, Authorization"} | (headers or {})
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if _has(request, tag, modified):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    kind = f"{media_type}; charset=utf-8" if media_type != JSON else media_type
    # By the header alone: Starlette would add a charset where there is one.
    return Response(body, headers={**headers, "Content-Type": kind, "X-Content-Type-Options": "nosniff"})


def _has(request: Request, tag: str, modified: datetime | None) -> bool:
    known = ",".join(request.headers.getlist("if-none-match"))
    if known:
        return known.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in known.split(","))
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
