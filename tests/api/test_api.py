"""The API over ASGI, on both databases: who may read what, in which form, and what is never said."""

import csv
import io
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
import yaml
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from bot.api.admitting import AT_ONCE
from bot.api.result_tables import HEADER
from bot.api.routes import Api
from bot.core.groups import RESPONDENT
from bot.flowfiles.folder import check_files
from bot.results.publication.records import Publication
from bot.store import results_tables
from bot.store.releases import withdraw
from bot.store.tokens import TokenScope, create_token, revoke_token
from bot.store.vault import AddressPepper
from tests.support.answers import BEGAN, talk
from tests.support.intake import PEPPER
from tests.support.releases import publication, released

HERE = Path(__file__).parent
GARDEN = check_files([HERE.parent / "results" / "garden.yaml"], HERE).flows["garden"]
NOW = datetime(2026, 3, 20, 9, 42, tzinfo=UTC)
SAID = "=cmd() by the well"
PERSON = ["GARDEN", "1", "4", "2.5", "1 2 3", "3 1 2", "7", "clay", "no", "2026-03-01", "6.5, 3.3", SAID]
RESULTS, ANSWERS, WORDS = TokenScope.RESULTS, TokenScope.ANSWERS, TokenScope.WORDS
UNDER = "/api/v1/consultations"


class Clock:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


@asynccontextmanager
async def opened(
    engine: AsyncEngine, clock: Clock | None = None, now: datetime = NOW
) -> AsyncIterator[httpx.AsyncClient]:
    api = Api(engine, HERE, AddressPepper(PEPPER), lambda: now, clock or Clock())
    transport = httpx.ASGITransport(Starlette(routes=api.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://heard") as client:
        yield client


async def token(
    engine: AsyncEngine,
    *scopes: TokenScope,
    consultation: str | None = "garden",
    expires_at: datetime = NOW + timedelta(days=1),
) -> Mapping[str, str]:
    made = await create_token(engine, consultation, scopes, "the ministry", expires_at, BEGAN)
    return {"Authorization": f"Bearer {made.secret}"}


async def walk(client: httpx.AsyncClient, headers: Mapping[str, str], limit: int) -> list[dict[str, object]]:
    """Return the answers of every page."""
    found: list[dict[str, object]] = []
    address: str | None = f"{UNDER}/garden/answers?limit={limit}"
    while address is not None:
        response = await client.get(address, headers=headers)
        assert response.status_code == 200, response.text
        page = response.json()
        assert len(page["answers"]) <= limit
        found += page["answers"]
        linked = response.links.get("next")
        assert (linked is None) == (page["next"] is None)
        address = linked["url"] if linked else None
    return found


async def test_results_are_given_as_they_were_published(engine: AsyncEngine) -> None:
    first, second = publication(1), publication(2, notable=True)
    await released(engine, first, second)
    headers = await token(engine, RESULTS)
    async with opened(engine) as client:
        newest = await client.get(f"{UNDER}/garden/results", headers=headers)
        oldest = await client.get(f"{UNDER}/garden/results?release=1", headers=headers)
        book = await client.get(f"{UNDER}/garden/codebook", headers=headers)
    assert msgspec.json.decode(newest.content, type=Publication) == second
    assert msgspec.json.decode(oldest.content, type=Publication) == first
    assert newest.headers["Content-Type"] == "application/json"
    assert newest.headers["Cache-Control"].startswith("private")
    assert [one["variable"] for one in book.json()] == ["grows"]


async def test_what_one_has_is_not_sent_again(engine: AsyncEngine) -> None:
    await released(engine, publication())
    headers = await token(engine, RESULTS)
    address = f"{UNDER}/garden/results"
    async with opened(engine) as client:
        as_json = await client.get(address, headers=headers)
        as_csv = await client.get(address, headers={**headers, "Accept": "text/csv"})
        tag = as_json.headers["ETag"]
        assert tag.startswith('"')
        assert tag != as_csv.headers["ETag"]
        for known in (tag, f'"other", W/{tag}', "*"):
            again = await client.get(address, headers={**headers, "If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        other = await client.get(address, headers={**headers, "If-None-Match": as_csv.headers["ETag"]})
        assert other.status_code == 200


async def test_results_as_a_table(engine: AsyncEngine) -> None:
    await released(engine, publication())
    headers = {**await token(engine, RESULTS), "Accept": "text/csv"}
    async with opened(engine) as client:
        response = await client.get(f"{UNDER}/garden/results", headers=headers)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert tuple(rows[0]) == HEADER
    shares = {one["answer"]: one for one in rows if one["table"] == "item" and one["figure"] == "share"}
    assert set(shares) == {"'=Maize", "Beans"}
    assert (shares["'=Maize"]["value"], shares["'=Maize"]["count"]) == ("0.6", "60")
    assert (shares["Beans"]["count"], shares["Beans"]["value"], shares["Beans"]["withheld"]) == ("", "", "1")
    assert {one["table"] for one in rows} == {
        *("participation", "break_off", "item", "breakdown", "representation")
    }


async def test_answers_come_page_by_page(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [PERSON, ["GARDEN", "2"], PERSON, PERSON[:5], PERSON])
    headers = await token(engine, ANSWERS)
    async with opened(engine) as client:
        whole = await walk(client, headers, 100)
        assert len(whole) == 5
        for limit in (1, 2, 5):
            assert await walk(client, headers, limit) == whole
    first = whole[0]
    assert (first["people"], first["hours"], first["sown"]) == (4, 2.5, "2026-03-01")
    assert first["started_at"] == "2026-03-02T09:00Z"
    assert len({one["respondent"] for one in whole}) == 5


async def test_a_version_that_was_just_published_is_there(engine: AsyncEngine, tmp_path: Path) -> None:
    await talk(engine, [GARDEN], [PERSON])
    headers = await token(engine, ANSWERS)
    changed = tmp_path / "garden.yaml"
    text = (HERE.parent / "results" / "garden.yaml").read_text(encoding="utf-8")
    changed.write_text(text.replace("How many of you?", "How many are you?"), encoding="utf-8")
    newer = check_files([changed], HERE).flows["garden"]
    async with opened(engine) as client:
        assert len(await walk(client, headers, 100)) == 1
        await talk(engine, [newer], [PERSON], at=BEGAN + timedelta(days=1), first_phone=9)
        assert [one["version"] for one in await walk(client, headers, 1)] == [
            GARDEN.questionnaire.version,
            newer.questionnaire.version,
        ]


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
async def test_words_are_for_a_scope_of_their_own(engine: AsyncEngine, kind: str) -> None:
    await talk(engine, [GARDEN], [PERSON, [*PERSON[:9], "when it rained", "skip", SAID]])
    plain = {**await token(engine, RESULTS, ANSWERS), "Accept": kind}
    whole = {**await token(engine, ANSWERS, WORDS), "Accept": kind}
    async with opened(engine) as client:
        without = (await client.get(f"{UNDER}/garden/answers", headers=plain)).text
        with_words = (await client.get(f"{UNDER}/garden/answers", headers=whole)).text
    for words in (SAID, "clay", "when it rained", "wish", "soil", "as_written"):
        assert words not in without
        assert words in with_words
    if kind == "text/csv":
        assert f",'{SAID}" in with_words
        assert without.splitlines()[0].split(",")[: len(RESPONDENT)] == list(RESPONDENT)


async def test_without_words_no_columns_are_looked_for_in_all_answers(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    form = yaml.safe_load((HERE.parent / "results" / "garden.yaml").read_text(encoding="utf-8"))
    form["items"] = [one for one in form["items"] if one["type"] != "repeat"]
    (tmp_path / "garden.yaml").write_text(yaml.safe_dump(form), encoding="utf-8")
    garden = check_files([tmp_path / "garden.yaml"], HERE).flows["garden"]
    alone = [one for one in PERSON if one not in ("7", "clay", "no")]
    await talk(engine, [garden], [alone, alone])
    plain, whole = await token(engine, ANSWERS), await token(engine, ANSWERS, WORDS)
    looked: list[str] = []

    def looks(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "DISTINCT answers.slot" in statement:
            looked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", looks)
    async with opened(engine) as client:
        for headers, scans in ((plain, 0), (whole, 1), (plain, 1), (whole, 1)):
            page = await client.get(f"{UNDER}/garden/answers", headers=headers)
            assert [one["sown"] for one in page.json()["answers"]] == ["2026-03-01"] * 2
            assert ("wish" in page.text) == (headers is whole)
            assert len(looked) == scans


async def test_a_cursor_is_of_one_consultation_and_made_here(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [PERSON, PERSON])
    headers = await token(engine, ANSWERS, consultation=None)
    async with opened(engine) as client:
        page = (await client.get(f"{UNDER}/garden/answers?limit=1", headers=headers)).json()
        cursor = page["next"]
        for wrong in ("", "1", "1.", f"2{cursor[1:]}", cursor[:-1], "é.é", "\0"):
            response = await client.get(f"{UNDER}/garden/answers", params={"cursor": wrong}, headers=headers)
            assert response.status_code == 400, wrong


REFUSALS = [
    ("garden/results", {}, (RESULTS,), 200),
    ("garden/results", {}, (ANSWERS,), 403),
    ("garden/answers", {}, (RESULTS,), 403),
    ("garden/answers", {}, (WORDS,), 403),
    ("garden/findings", {}, (RESULTS,), 200),
    ("garden/findings", {}, (ANSWERS,), 403),
    ("meadow/results", {}, (RESULTS,), 404),
    ("garden/results?release=9", {}, (RESULTS,), 404),
    ("garden/results?release=1", {}, (RESULTS,), 410),
    ("garden/codebook?release=1", {}, (RESULTS,), 410),
    ("garden/results?release=0", {}, (RESULTS,), 400),
    ("garden/results?release=٣", {}, (RESULTS,), 400),
    ("garden/answers?limit=1001", {}, (ANSWERS,), 400),
    ("garden/results", {"Accept": "application/pdf"}, (RESULTS,), 406),
    ("garden/results", {"Accept": "text/*;q=0.5, application/json;q=0"}, (RESULTS,), 200),
    ("garden/findings", {"Accept": "text/csv"}, (RESULTS,), 406),
    ("garden", {}, (RESULTS,), 404),
]


@pytest.mark.parametrize(("path", "headers", "scopes", "status"), REFUSALS)
async def test_each_refusal_has_its_status(
    engine: AsyncEngine,
    path: str,
    headers: Mapping[str, str],
    scopes: Collection[TokenScope],
    status: int,
) -> None:
    await talk(engine, [GARDEN], [PERSON])
    await released(engine, publication(1), publication(2))
    await withdraw(engine, "garden", 1, NOW)
    proof = await token(engine, *scopes)
    async with opened(engine) as client:
        response = await client.get(f"{UNDER}/{path}", headers={**headers, **proof})
    assert response.status_code == status
    if status != 200:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == status
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_token_that_is_not_good_reads_nothing(engine: AsyncEngine) -> None:
    await released(engine, publication())
    late = await token(engine, RESULTS, expires_at=NOW)
    revoked = await token(engine, RESULTS)
    await revoke_token(engine, 2, NOW)
    unknown = {"Authorization": "Bearer heard_" + "A" * 43}
    long = {"Authorization": "Bearer heard_" + "A" * 43_000}
    async with opened(engine) as client:
        for headers in ({}, {"Authorization": "Basic aGVhcmQ6"}, late, revoked, unknown, long):
            response = await client.get(f"{UNDER}/garden/results", headers=headers)
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"].startswith('Bearer realm="heard"')
            assert "heard_A" not in response.text


async def test_a_token_sees_its_consultation_alone(engine: AsyncEngine) -> None:
    await talk(engine, [GARDEN], [PERSON])
    await released(engine, publication())
    everything = await token(engine, RESULTS, consultation=None)
    other = await token(engine, RESULTS, ANSWERS, consultation="meadow")
    async with opened(engine) as client:
        listed = (await client.get(UNDER, headers=everything)).json()["consultations"]
        assert [(one["id"], one["title"], one["languages"]) for one in listed] == [
            ("garden", "The school garden", ["en"])
        ]
        assert [one["number"] for one in listed[0]["releases"]] == [1]
        assert (await client.get(UNDER, headers=other)).json() == {"consultations": []}
        for part in ("results", "codebook", "answers", "findings"):
            assert (await client.get(f"{UNDER}/garden/{part}", headers=other)).status_code == 404


async def test_one_token_may_ask_so_often(engine: AsyncEngine) -> None:
    await released(engine, publication())
    clock = Clock()
    headers, others = await token(engine, RESULTS), await token(engine, RESULTS)
    address = f"{UNDER}/garden/results"
    async with opened(engine, clock) as client:
        for _ in range(AT_ONCE):
            assert (await client.get(address, headers=headers)).status_code == 200
        refused = await client.get(address, headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert (await client.get(address, headers=others)).status_code == 200
        clock.s += 1
        assert [(await client.get(address, headers=headers)).status_code for _ in range(3)] == [200, 200, 429]


async def test_only_a_hash_of_a_token_is_stored_and_the_hour_of_its_use(engine: AsyncEngine) -> None:
    await released(engine, publication())
    headers = await token(engine, RESULTS)
    async with opened(engine) as client:
        await client.get(f"{UNDER}/garden/results", headers=headers)
    async with engine.connect() as connection:
        row = (await connection.execute(select(results_tables.api_tokens))).one()
    assert row.last_used_at == NOW.replace(minute=0)
    secret = headers["Authorization"].removeprefix("Bearer ")
    assert len(secret) == len("heard_") + 43
    assert secret.removeprefix("heard_") not in str(tuple(row))


async def test_whatever_fails_is_told_without_its_words(engine: AsyncEngine) -> None:
    headers = await token(engine, RESULTS)
    async with engine.begin() as connection:
        await connection.run_sync(results_tables.releases.drop)
    api = Api(engine, HERE, AddressPepper(PEPPER), lambda: NOW)
    transport = httpx.ASGITransport(Starlette(routes=api.routes()), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://heard") as client:
        response = await client.get(f"{UNDER}/garden/results", headers=headers)
    assert response.status_code == 500
    assert response.json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
