"""A web application as a server runs it: started, asked over HTTP, and stopped."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp


@asynccontextmanager
async def served(app: ASGIApp, base_url: str = "http://127.0.0.1:8000") -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an application whose lifespan lasts until the block ends."""
    orders: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    reports: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    lifespan = asyncio.create_task(_run(app, orders, reports))
    await _told(orders, reports, "startup")
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as client:
            yield client
    finally:
        await _told(orders, reports, "shutdown")
        await lifespan


async def _run(app: ASGIApp, orders: Any, reports: Any) -> None:
    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, orders.get, reports.put)


async def _told(orders: Any, reports: Any, order: str) -> None:
    await orders.put({"type": f"lifespan.{order}"})
    report = await reports.get()
    assert report["type"] == f"lifespan.{order}.complete", report
