"""Twilio's own description of its interface: what a request may hold, and what is answered to it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from openapi_core import OpenAPI
from openapi_core.contrib.starlette import StarletteOpenAPIRequest, StarletteOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from starlette.requests import Request
from starlette.responses import Response

DESCRIPTION = Path(__file__).parents[1] / "data" / "twilio_messages_openapi.json"
FORM = "application/x-www-form-urlencoded"

_OF_PEOPLE = ("To", "Body")
_DIGIT, _HEXADECIMAL = re.compile("[0-9]"), re.compile("[0-9a-f]")
_fitting: set[tuple[object, ...]] = set()
"""What was found to fit, with 0 for every digit of numbers, words and ids: where the description takes one digit, it
takes any. To hold something against it takes 20 ms, and a thousand letters differ in their digits alone."""


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
    values = [*parse_qsl(str(request.query_params), True), *parse_qsl(body.decode(), True)]
    alike = ((name, _DIGIT.sub("0", value) if name in _OF_PEOPLE else value) for name, value in values)
    shape = (request.method, request.url.path, *alike)
    if shape not in _fitting:
        try:
            _described()[1].validate_request(StarletteOpenAPIRequest(request, body))
        except OpenAPIError as error:
            return f"{error}: {error.__cause__}"
        _fitting.add(shape)
    return None


def fault_of_answer(request: Request, body: bytes, response: Response) -> str | None:
    """Return what is wrong with an answer of 2xx by the description."""
    shape = (request.method, request.url.path, _HEXADECIMAL.sub("0", bytes(response.body).decode()))
    if shape not in _fitting:
        try:
            _described()[1].validate_response(
                StarletteOpenAPIRequest(request, body), StarletteOpenAPIResponse(response)
            )
        except OpenAPIError as error:
            return f"{error}: {error.__cause__}"
        _fitting.add(shape)
    return None


@cache
def _described() -> tuple[dict[str, Any], OpenAPI]:
    described = json.loads(DESCRIPTION.read_text())
    # It is served on loopback here.
    described["servers"] = [{"url": "/"}]
    for path in described["paths"].values():
        path.pop("servers", None)
    return described, OpenAPI.from_dict(described)
