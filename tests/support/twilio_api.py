"""Twilio's own description of its interface: what a request may hold, and what is answered to it."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from openapi_core import OpenAPI
from openapi_core.contrib.starlette import StarletteOpenAPIRequest, StarletteOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from starlette.requests import Request
from starlette.responses import Response

DESCRIPTION = Path(__file__).parents[1] / "data" / "twilio_messages_openapi.json"
FORM = "application/x-www-form-urlencoded"


def fault_of(request: Request, body: bytes) -> str | None:
    """Return what is wrong with a request by the description: a parameter that there is not, a wrong type or form."""
    described, _ = _described()
    name = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
    operation = described["paths"][name][request.method.lower()]
    known = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    given = set(request.query_params)
    if request.method == "POST":
        known |= operation["requestBody"]["content"][FORM]["schema"]["properties"].keys()
        given |= parse_qs(body.decode(), keep_blank_values=True).keys()
    if given - known:
        return f"{sorted(given - known)} are no parameters"
    try:
        _described()[1].validate_request(StarletteOpenAPIRequest(request, body))
    except OpenAPIError as error:
        return f"{error}: {error.__cause__}"
    return None


def fault_of_answer(request: Request, body: bytes, response: Response) -> str | None:
    """Return what is wrong with an answer of 2xx by the description."""
    try:
        _described()[1].validate_response(
            StarletteOpenAPIRequest(request, body), StarletteOpenAPIResponse(response)
        )
    except OpenAPIError as error:
        return f"{error}: {error.__cause__}"
    return None


@cache
def _described() -> tuple[dict[str, Any], OpenAPI]:
    described = json.loads(DESCRIPTION.read_text())
    # It is served on loopback here.
    described["servers"] = [{"url": "/"}]
    for path in described["paths"].values():
        path.pop("servers", None)
    return described, OpenAPI.from_dict(described)
