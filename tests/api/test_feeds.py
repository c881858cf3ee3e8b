"""Feeds as a strict reader takes them (RFC 4287), and what is in them when."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from lxml import etree
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from bot.api.atom import ATOM, CONTENT_TYPE, MOST_ENTRIES, Feed, entries, written
from bot.api.feeds import Feeds
from bot.core.findings import Change, Finding, FindingState
from bot.store.feeds import FeedName
from bot.store.findings import change, finding, register
from bot.store.releases import Listed, withdraw
from tests.api.test_api import GARDEN
from tests.support.answers import BEGAN, talk
from tests.support.releases import publication, released

ADDRESS = "https://heard.example.org"
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[A-Za-z0-9/_.-]+")
ONCE = {"feed": ("id", "title", "updated", "author"), "entry": ("id", "title", "updated", "content")}
ALLOWED = {
    "feed": {"id", "title", "updated", "author", "link", "generator", "entry"},
    "entry": {"id", "title", "updated", "published", "content"},
}


@asynccontextmanager
async def opened(
    engine: AsyncEngine, address: str = ADDRESS, now: datetime = NOW
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=Feeds(engine, address, lambda: now).routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7") as client:
        yield client


def strictly_read(xml: bytes) -> dict[str, dict[str, str]]:
    """Return the entries of a feed by id, each by the names of its elements; fails where RFC 4287 is not kept."""
    root = etree.fromstring(xml)
    assert root.tag == f"{{{ATOM}}}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang")
    assert xml.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    for parent in (root, *root.findall(f"{{{ATOM}}}entry")):
        kind = etree.QName(parent).localname
        names = [etree.QName(child).localname for child in parent]
        assert all(etree.QName(child).namespace == ATOM for child in parent)
        assert set(names) <= ALLOWED[kind]
        assert all(names.count(once) == 1 for once in ONCE[kind])
        for name in ("updated", "published"):
            for child in parent.findall(f"{{{ATOM}}}{name}"):
                assert MOMENT.fullmatch(child.text or "")
        assert TAG.fullmatch(parent.findtext(f"{{{ATOM}}}id") or "")
        assert (parent.findtext(f"{{{ATOM}}}title") or "").strip()
    assert root.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name")
    (link,) = root.findall(f"{{{ATOM}}}link")
    assert (link.get("rel"), link.get("type")) == ("self", CONTENT_TYPE)
    found = [
        {etree.QName(child).localname: child.text or "" for child in entry}
        for entry in root.findall(f"{{{ATOM}}}entry")
    ]
    by_id = {one["id"]: one for one in found}
    assert len(by_id) == len(found)
    assert [one["updated"] for one in found] == sorted((one["updated"] for one in found), reverse=True)
    assert root.findtext(f"{{{ATOM}}}updated") == found[0]["updated"]
    return by_id


HEARD = Change(1, FindingState.HEARD, BEGAN, "amina", "Water <office>", date(2026, 3, 30))


async def test_a_feed_of_what_was_published_and_answered(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [["GARDEN", "2"]])
    await released(engine, publication(1), publication(2))
    number = await register(engine, "garden", "Too dry & hot", BEGAN.date(), HEARD, {})
    later = Change(
        *(2, FindingState.REJECTED, BEGAN + timedelta(days=20), "amina", "Water <office>"),
        reason="There is \x0bno pipe.",
    )
    await register(engine, "garden", "No shade", BEGAN.date(), HEARD, {})
    await change(engine, await finding(engine, number), later, {})
    async with opened(engine) as client:
        response = await client.get("/feeds/garden.atom")
    assert response.headers["Content-Type"].startswith(CONTENT_TYPE)
    found = strictly_read(response.content)
    of = "tag:heard.example.org,2026-04-01:garden"
    assert {name: (one["title"], one["content"]) for name, one in found.items()} == {
        f"{of}/release/1": (
            "Results, release 1",
            "Results as they stood on 2026-03-11 were published.",
        ),
        f"{of}/release/2": (
            "Results, release 2",
            "Results as they stood on 2026-03-12 were published.",
        ),
        f"{of}/finding/1/2": (
            "Too dry & hot: rejected",
            "It was rejected by Water <office>. Why: There is no pipe.",
        ),
        f"{of}/finding/2/overdue/2026-03-30": (
            "No shade: overdue",
            "Water <office> was to answer this by 2026-03-30.",
        ),
    }
    assert "amina" not in response.text


async def test_what_was_not_published_has_no_feed(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [["GARDEN", "2"]])
    await register(engine, "garden", "Too dry", BEGAN.date(), HEARD, {})
    async with opened(engine) as client:
        for name in ("garden", "meadow"):
            response = await client.get(f"/feeds/{name}.atom")
            assert response.status_code == 404
            assert response.headers["Content-Type"] == "application/problem+json"


async def test_what_one_has_is_not_sent_again(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [["GARDEN", "2"]])
    await released(engine, publication(1))
    async with opened(engine) as client:
        first = await client.get("/feeds/garden.atom")
        for known in (
            {"If-None-Match": first.headers["ETag"]},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        ):
            again = await client.get("/feeds/garden.atom", headers=known)
            assert (again.status_code, again.content) == (304, b"")
        for other in ({"If-None-Match": '"x"'}, {"If-Modified-Since": "Mon, 02 Mar 2026 09:00:00 GMT"}):
            assert (await client.get("/feeds/garden.atom", headers=other)).status_code == 200


async def test_entries_keep_their_ids_when_the_server_moves_or_a_release_is_withdrawn(
    engine: AsyncEngine,
) -> None:
    await talk(engine, [GARDEN], [["GARDEN", "2"]])
    await released(engine, publication(1))
    async with opened(engine) as client:
        before = strictly_read((await client.get("/feeds/garden.atom")).content)
    await withdraw(engine, "garden", 1, NOW)
    async with opened(engine, "https://results.example", NOW + timedelta(days=9)) as client:
        response = await client.get("/feeds/garden.atom")
    after = strictly_read(response.content)
    assert list(before) == list(after)
    (entry,) = after.values()
    assert entry["title"] == "Results, release 1: withdrawn"
    assert (entry["published"], entry["updated"]) == ("2026-03-11T09:00:00Z", "2026-04-01T12:00:00Z")
    assert 'href="https://results.example/feeds/garden.atom"' in response.text


@pytest.mark.parametrize("count", [1, MOST_ENTRIES, MOST_ENTRIES + 5])
def test_the_newest_entries_are_kept(count: int) -> None:
    listed = [Listed("garden", one, BEGAN + timedelta(hours=one), 10, 5) for one in range(1, count + 1)]
    feed = Feed(
        "garden", "G", "en", ADDRESS, FeedName("h.example", BEGAN.date()), entries(listed, [], NOW.date())
    )
    found = strictly_read(written(feed))
    assert len(found) == min(count, MOST_ENTRIES)
    assert next(iter(found)).endswith(f"release/{count}")


def test_a_change_of_the_day_alone_is_no_news() -> None:
    moved = Change(2, FindingState.HEARD, BEGAN, "amina", "Water", date(2026, 6, 30), reason="rain")
    assert entries([], [Finding(1, "garden", "Dry", BEGAN.date(), (HEARD, moved))], NOW.date()) == ()
