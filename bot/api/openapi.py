"""The API's description by OpenAPI 3.1, its schemas made from the very records that it shows."""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus

import msgspec

from bot.api.answering import LARGEST_PAGE, PAGE
from bot.api.negotiating import CSV, JSON
from bot.api.refusing import CONTENT_TYPE
from bot.api.shown import ShownConsultations, ShownFindings
from bot.results.codebook import Entry
from bot.results.publication.records import Publication
from bot.store.tokens import TokenScope

Described = dict[str, object]
LARGEST_RELEASE = 999_999

_CONSULTATION: Described = {
    "name": "consultation",
    "in": "path",
    "required": True,
    "description": "The consultation's id.",
    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
}
_RELEASE: Described = {
    "name": "release",
    "in": "query",
    "description": "Which release; the newest that was not withdrawn, where this is left out.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_RELEASE},
}
_CURSOR: Described = {
    "name": "cursor",
    "in": "query",
    "description": "Where to go on: `next` of the page before. Nothing can be read from it.",
    "schema": {"type": "string", "maxLength": 100},
}
_LIMIT: Described = {
    "name": "limit",
    "in": "query",
    "description": "How many respondents at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
}
_REFUSALS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "A parameter is not what it has to be.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or it is not good (any more).",
    HTTPStatus.FORBIDDEN: "The token has not the scope for this.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or the token is not for it.",
    HTTPStatus.NOT_ACCEPTABLE: "It cannot be had as what is accepted.",
    HTTPStatus.GONE: "The release was withdrawn.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; `Retry-After` says in how many seconds.",
}
_ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.TOO_MANY_REQUESTS)
_OF_ONE = (*_ALWAYS, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@cache
def described() -> bytes:
    """Return the description as JSON."""
    shown = (ShownConsultations, ShownFindings, Publication, list[Entry])
    (consultations, findings, publication, codebook), schemas = msgspec.json.schema_components(
        shown, ref_template="#/components/schemas/{name}"
    )
    of_release = (*_OF_ONE, HTTPStatus.BAD_REQUEST, HTTPStatus.GONE)
    paths = {
        "/consultations": _got(
            "listConsultations",
            "The consultations that this token is for.",
            (),
            {JSON: consultations},
            _ALWAYS,
        ),
        "/consultations/{consultation}/results": _got(
            "getResults",
            "Results as they were published: what would single people out is withheld (null), and counts are rounded.",
            (_CONSULTATION, _RELEASE),
            {JSON: publication, CSV: {"type": "string"}},
            of_release,
            TokenScope.RESULTS,
        ),
        "/consultations/{consultation}/codebook": _got(
            "getCodebook",
            "What each column of the answers means, as it was at a release.",
            (_CONSULTATION, _RELEASE),
            {JSON: codebook},
            of_release,
            TokenScope.RESULTS,
        ),
        "/consultations/{consultation}/answers": _got(
            "getAnswers",
            "Each respondent's answers, a page at a time. Small groups are shown: not safe to publish.",
            (_CONSULTATION, _CURSOR, _LIMIT),
            {JSON: _ANSWERS, CSV: {"type": "string"}},
            (*_OF_ONE, HTTPStatus.BAD_REQUEST),
            TokenScope.ANSWERS,
        ),
        "/consultations/{consultation}/findings": _got(
            "getFindings",
            "What the consultation found, and what was answered to it.",
            (_CONSULTATION,),
            {JSON: findings},
            _OF_ONE,
            TokenScope.RESULTS,
        ),
    }
    whole: Described = {
        "openapi": "3.1.0",
        "info": {
            "title": "Heard",
            "version": "1",
            "description": "Results of public consultations, read-only. docs/api.md tells how to get a token.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(whole)


_ANSWERS: Described = {
    "type": "object",
    "required": ["answers", "next"],
    "properties": {
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "description": "By column, as the codebook tells.",
                "additionalProperties": {"type": ["string", "number", "null"]},
            },
        },
        "next": {"type": ["string", "null"]},
    },
}
_PROBLEM: Described = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def _got(
    name: str,
    summary: str,
    parameters: Sequence[Described],
    content: Mapping[str, object],
    refusals: Sequence[HTTPStatus],
    scope: TokenScope | None = None,
) -> Described:
    told = f"{summary} Needs the scope `{scope}`." if scope else summary
    good: Described = {
        "description": "As it stands.",
        "headers": {"ETag": {"schema": {"type": "string"}}},
        "content": {kind: {"schema": schema} for kind, schema in content.items()},
    }
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": told,
            "parameters": list(parameters),
            "responses": {
                "200": good,
                "304": {"description": "It is what `If-None-Match` names."},
                **{str(one.value): _refused(one) for one in sorted(refusals)},
            },
        }
    }


def _refused(status: HTTPStatus) -> Described:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {"description": _REFUSALS[status], "content": {CONTENT_TYPE: {"schema": problem}}}
