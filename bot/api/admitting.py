"""Who may read what: tokens, their scopes, and how often one may ask."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.requests import Request

from bot.api.refusing import NOT_FOUND, NOT_GOOD, TOO_MANY, UNPROVEN, WRONG_SCOPE, Refused
from bot.store.database import Database
from bot.store.tokens import Token, TokenScope, find_token, note_use

AT_ONCE = 60
"""Requests of one token that may come at once; after that, `PER_SECOND`."""
PER_SECOND = 2.0

LONGEST_TOKEN = 200
MOST_FULL_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a token's allowance at a moment, in seconds by any clock."""

    left: float
    at: float

    def after(self, now: float) -> float:
        return min(AT_ONCE, self.left + (now - self.at) * PER_SECOND)


class Gate:
    """Admits requests. Each process counts for itself: with several, a token may ask as often at each."""

    def __init__(self, engine: Database, now: Callable[[], datetime], clock: Callable[[], float]) -> None:
        self._engine = engine
        self._now = now
        self._clock = clock
        self._buckets: dict[int, Bucket] = {}

    async def admit(self, request: Request, scope: TokenScope | None, consultation: str | None) -> Token:
        """Return the token of a request that may read a consultation (None: none in particular).

        Raises:
            Refused: it may not, now or ever.
        """
        token = await self._token(request)
        self._count(token)
        if consultation is not None and not token.reaches(consultation):
            # As if it were not there: what others consult about is not for this token to know.
            raise Refused(HTTPStatus.NOT_FOUND, NOT_FOUND)
        if scope is not None and scope not in token.scopes:
            detail = WRONG_SCOPE.format(scope=scope)
            challenge = f'Bearer realm="heard", error="insufficient_scope", scope="{scope}"'
            raise Refused(HTTPStatus.FORBIDDEN, detail, {"WWW-Authenticate": challenge})
        await note_use(self._engine, token, self._now())
        return token

    async def _token(self, request: Request) -> Token:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        secret = secret.strip()
        if kind.lower() != "bearer" or not secret:
            raise Refused(HTTPStatus.UNAUTHORIZED, UNPROVEN, {"WWW-Authenticate": 'Bearer realm="heard"'})
        token = await find_token(self._engine, secret) if len(secret) <= LONGEST_TOKEN else None
        if token is None or not token.is_good(self._now()):
            challenge = 'Bearer realm="heard", error="invalid_token"'
            raise Refused(HTTPStatus.UNAUTHORIZED, NOT_GOOD, {"WWW-Authenticate": challenge})
        return token

    def _count(self, token: Token) -> None:
        now = self._clock()
        bucket = self._buckets.get(token.id)
        left = bucket.after(now) if bucket else float(AT_ONCE)
        if left < 1:
            wait_s = math.ceil((1 - left) / PER_SECOND)
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, {"Retry-After": str(wait_s)})
        if len(self._buckets) >= MOST_FULL_BUCKETS:
            # A full one says nothing that its absence does not.
            self._buckets = {key: one for key, one in self._buckets.items() if one.after(now) < AT_ONCE}
        self._buckets[token.id] = Bucket(left - 1, now)
