"""Answers that are refusals: problem+json (RFC 9457), of which no word is about anybody or gives a secret away."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

CONTENT_TYPE = "application/problem+json"

NOT_FOUND = "There is nothing of this name here that this token may read."
WRONG_SCOPE = "This token is not for that. Ask for one with the scope '{scope}'."
UNPROVEN = "Send a token: Authorization: Bearer heard_..."
NOT_GOOD = "This token is not known, was revoked, or has run out."
NOT_ACCEPTABLE = "This can be had as: {kinds}."
WITHDRAWN = "This release was withdrawn. What stands now is under the same address without a release."
TOO_MANY = "These are too many requests for one token. Wait a little."
NO_RELEASE = "Nothing of this consultation has been published, or no release of that number."
BAD_CURSOR = "This cursor was not made here, or for something else. Begin without one."


class Refused(HTTPException):
    """A request that is not answered; `detail` is for whoever asked."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)


async def refusal(_: Request, error: Exception) -> Response:
    """Return the answer to a request that is refused; 500 without a word where it was a fault of ours."""
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
    if isinstance(error, Refused):
        problem["detail"] = error.detail
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    headers["Cache-Control"] = "no-store"
    return JSONResponse(problem, status, headers, CONTENT_TYPE)
