"""From counts to a mail or a webhook, on both databases: each digest once, whoever dies and whatever is refused."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels import Address
from bot.digests.mail import Mailer, MailServer
from bot.digests.unsubscribing import Leaving, page_for
from bot.digests.webhooks import Hooks, new_secret, signature
from bot.digests.working import LEASE, DigestWorker, Surroundings
from bot.errors import DigestError
from bot.store import results_tables
from bot.store.digests import claim_digest, last_digests
from bot.store.subscribing import Carrier, DigestStatus, Every, Schedule
from bot.store.subscriptions import subscribe, subscriptions, unsubscribe
from bot.store.vault import AddressPepper, AddressSeal
from tests.api.test_api import GARDEN, PERSON
from tests.digests.test_webhooks import HERE, Receiver
from tests.support.answers import BEGAN, talk
from tests.support.cases import open_case
from tests.support.intake import PEPPER, SEALING_KEY
from tests.support.letters import contacts
from tests.support.listening import listening
from tests.support.mail_server import MailHost, certificate, mail_host
from tests.support.releases import publication, released

LOCALES = Path(__file__).parents[2] / "locales"
SEAL, KEY = AddressSeal(SEALING_KEY), AddressPepper(PEPPER)
DAILY = Schedule(Every.DAY, time(8), "Africa/Lagos")
SUBSCRIBED = BEGAN - timedelta(hours=3)
FIRST = datetime(2026, 3, 3, 7, tzinfo=UTC)
"""The morning after the talks, at eight in Lagos."""
AMINA = "amina@ministry.example"
SECRET = new_secret()


@dataclass
class Clock:
    now: datetime = FIRST

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Setting:
    """A worker with what is around it; another can be made of the same."""

    engine: AsyncEngine
    clock: Clock = field(default_factory=Clock)
    mailer: Mailer | None = None
    locales: Path = LOCALES

    def worker(self) -> DigestWorker:
        around = Surroundings(
            SEAL,
            KEY,
            Hooks(HERE),
            self.locales,
            self.mailer,
            "Heard <digest@heard.example>",
            "https://heard.example",
            self.clock,
            lambda: 0.5,
        )
        return DigestWorker(self.engine, around)

    async def statuses(self) -> list[tuple[str, str, int, str | None]]:
        it = results_tables.digests.c
        query = select(it.period, it.status, it.attempts, it.error).order_by(it.id)
        async with self.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(query)]


async def subscribed(
    engine: AsyncEngine,
    to: str = AMINA,
    carrier: Carrier = Carrier.EMAIL,
    schedule: Schedule = DAILY,
    language: str = "en",
) -> int:
    target = Address(to)
    sealed = KEY.hash(carrier, target), SEAL.seal(target)
    secret = SEAL.seal(Address(SECRET)) if carrier is Carrier.WEBHOOK else None
    due_at = FIRST if schedule is DAILY else datetime(2026, 3, 9, 7, tzinfo=UTC)
    return await subscribe(engine, "garden", carrier, sealed, secret, schedule, SUBSCRIBED, due_at, language)


@asynccontextmanager
async def mailing(
    engine: AsyncEngine, host: MailHost | None = None
) -> AsyncIterator[tuple[Setting, MailHost]]:
    await talk(engine, [GARDEN], [PERSON, PERSON, ["GARDEN", "1"]])
    async with mail_host(host, tls=True) as running:
        mailer = Mailer(MailServer("127.0.0.1", running.port, True, None, None), certificate()[1], 10)
        yield Setting(engine, mailer=mailer), running


async def test_a_digest_a_day_with_what_is_new(engine: AsyncEngine) -> None:
    async with mailing(engine) as (setting, host):
        await subscribed(engine)
        await setting.worker().turn()
        await setting.worker().turn()
        assert len(host.taken) == 1
        await talk(engine, [GARDEN], [PERSON], at=BEGAN + timedelta(days=1), first_phone=7)
        await released(engine, publication(1))
        setting.clock.now += timedelta(days=1)
        await setting.worker().turn()
        first, second = (one.get_body(["plain"]) for one in host.taken)
    assert first is not None
    assert second is not None
    words = first.get_content()
    assert "From 2 March 2026, 07:00 to 3 March 2026, 08:00 (Africa/Lagos)" in words
    assert words.splitlines()[4].split()[-4:] == ["3", "2", "3", "2"]
    assert words.splitlines()[5].split()[0] == "English"
    assert words.count("<10") == 4
    assert second.get_content().splitlines()[4].split()[-4:] == ["1", "1", "4", "3"]
    assert "Results were published: release 1." in second.get_content()
    assert await setting.statuses() == [("2026-03-03", "sent", 1, None), ("2026-03-04", "sent", 1, None)]


async def test_two_workers_send_one(engine: AsyncEngine) -> None:
    async with mailing(engine) as (setting, host):
        for number in range(4):
            await subscribed(engine, f"person{number}@ministry.example")
        await asyncio.gather(*(setting.worker().turn() for _ in range(3)))
    assert sorted(one["To"] for one in host.taken) == [
        f"person{number}@ministry.example" for number in range(4)
    ]


async def test_days_that_nobody_worked_make_one_digest(engine: AsyncEngine) -> None:
    async with mailing(engine) as (setting, host):
        await subscribed(engine)
        setting.clock.now += timedelta(days=5, hours=1)
        await setting.worker().turn()
        assert len(host.taken) == 1
        (one,) = await subscriptions(engine)
        assert one.due_at == FIRST + timedelta(days=6)


async def test_what_is_put_off_is_sent_later_under_its_id(engine: AsyncEngine) -> None:
    async with mailing(engine, MailHost("RCPT", ["451 later", "451 later"])) as (setting, host):
        await subscribed(engine)
        for _ in range(3):
            await setting.worker().turn()
            setting.clock.now += timedelta(minutes=5)
        assert (host.tried, len(host.taken)) == (3, 1)
        assert await setting.statuses() == [("2026-03-03", "sent", 3, None)]


async def test_what_may_have_arrived_is_not_sent_again_but_told_by_the_next(engine: AsyncEngine) -> None:
    async with mailing(engine, MailHost(hangs_up=True)) as (setting, host):
        await subscribed(engine)
        await setting.worker().turn()
        setting.clock.now += timedelta(hours=9)
        await setting.worker().turn()
        assert host.tried == 1
        ((_, status, *_),) = await setting.statuses()
        assert status == "uncertain"
        host.hangs_up = False
        setting.clock.now = FIRST + timedelta(days=1)
        await setting.worker().turn()
        (only,) = host.taken
        body = only.get_body(["plain"])
        assert body is not None
        assert "From 2 March 2026, 07:00 to 4 March 2026" in body.get_content()


async def test_one_that_could_not_be_sent_in_its_time_gives_way_to_the_next(engine: AsyncEngine) -> None:
    async with mailing(engine, MailHost("RCPT", ["451 later"] * 2)) as (setting, host):
        await subscribed(engine)
        await setting.worker().turn()
        setting.clock.now += timedelta(days=1)
        await setting.worker().turn()
        setting.clock.now += timedelta(hours=1)
        await setting.worker().turn()
        assert len(host.taken) == 1
        assert [(status, error) for _, status, _, error in await setting.statuses()] == [
            ("failed", "the next digest tells it"),
            ("sent", None),
        ]


@pytest.mark.parametrize(("carrier", "status"), [(Carrier.EMAIL, "uncertain"), (Carrier.WEBHOOK, "sent")])
async def test_what_a_dead_worker_had_in_hand(engine: AsyncEngine, carrier: Carrier, status: str) -> None:
    receiver = Receiver(200)
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with mailing(engine) as (setting, host), listening(app) as address:
        number = await subscribed(engine, AMINA if carrier is Carrier.EMAIL else f"{address}/hook", carrier)
        (one,) = await subscriptions(engine)
        made = await setting.worker().add(one, "2026-03-03", FIRST + timedelta(days=1))
        assert made is not None
        assert await claim_digest(engine, FIRST) is not None
        await setting.worker().turn()
        assert [one[1] for one in await setting.statuses()] == ["sending"]
        setting.clock.now += LEASE
        worker = setting.worker()
        await worker.turn()
        await worker.close()
        assert [one[1] for one in await setting.statuses()] == [status]
        assert host.taken == []
        assert len(receiver.taken) == (carrier is Carrier.WEBHOOK)
        assert (await last_digests(engine))[number].status == status


async def test_a_webhook_gets_the_same_bytes_under_the_same_id(engine: AsyncEngine) -> None:
    receiver = Receiver(500)
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with mailing(engine) as (setting, _), listening(app) as address:
        await subscribed(engine, f"{address}/hook", Carrier.WEBHOOK)
        worker = setting.worker()
        await worker.turn()
        receiver.status = 200
        setting.clock.now += timedelta(minutes=5)
        await worker.turn()
        await worker.turn()
        await worker.close()
    (first, sent), (again, resent) = receiver.taken
    assert sent == resent
    assert first["webhook-id"] == again["webhook-id"]
    for headers in (first, again):
        stamp = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], stamp, sent)
    told = json.loads(sent)
    assert (told["type"], told["timestamp"]) == ("digest", "2026-03-03T07:00:00Z")
    assert (told["data"]["consultation"], told["data"]["new_completed"]) == ("garden", 2)
    assert told["data"]["languages"][0]["new_started"] is None
    assert told["data"]["title"] == {"text": "The school garden", "language": "en"}


async def test_who_waits_in_the_inbox_is_told_as_a_number_alone(engine: AsyncEngine) -> None:
    day = timedelta(days=1)
    async with mailing(engine) as (setting, host):
        await subscribed(engine, AMINA)
        people = await contacts(engine, range(100, 107))
        for person, of, at, fields in (
            (people[0], "garden", FIRST - day, {}),
            (
                people[1],
                "garden",
                FIRST - 3 * day,
                {"looked_at": FIRST - 3 * day, "written_at": FIRST - 2 * day},
            ),
            # Too new, looked at, written again just now, closed, and another consultation's.
            (people[2], "garden", FIRST - day + timedelta(minutes=1), {}),
            (people[3], "garden", FIRST - 2 * day, {"looked_at": FIRST - day}),
            (people[4], "garden", FIRST - 3 * day, {"looked_at": FIRST - 2 * day, "written_at": FIRST}),
            (people[5], "garden", FIRST - 2 * day, {"closed_at": FIRST - day, "outcome": "answered"}),
            (people[6], "roads", FIRST - 2 * day, {}),
        ):
            await open_case(engine, person, of, at=at, **fields)
        worker = setting.worker()
        await worker.turn()
        await worker.close()
    body = host.taken[0].get_body(["plain"])
    assert body is not None
    line = "People whose messages nobody has looked at for more than a day: 2. Somebody has to read them."
    assert f"- {line}" in body.get_content().replace("\r\n", "\n")


async def test_each_reads_the_digest_in_their_language(engine: AsyncEngine) -> None:
    async with mailing(engine) as (setting, host):
        await released(engine, publication(1, worse=True))
        for language in ("fr", "ar", "en"):
            await subscribed(engine, f"{language}@ministry.example", language=language)
        await setting.worker().turn()
    bodies = {one["To"].partition("@")[0]: one.get_body(["plain"]) for one in host.taken}
    texts = {language: body.get_content() for language, body in bodies.items() if body is not None}
    assert {one["To"]: one["Content-Language"] for one in host.taken} == {
        f"{language}@ministry.example": language for language in texts
    }
    assert "Des résultats ont été publiés : publication n° 1." in texts["fr"]
    assert "Nettement moins bien pour : Swahili (Langue). Questions reposées : 25" in texts["fr"]
    assert "نُشرت النتائج: الإصدار 1." in texts["ar"]
    assert "Clearly worse for Swahili (Language). Questions asked again: 25%; the others: 2%." in texts["en"]
    assert "digests/leave?l=ar&s=" in texts["ar"]


async def test_without_its_catalogue_a_mail_waits(
    engine: AsyncEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with mailing(engine) as (setting, host):
        await subscribed(engine, language="fr")
        setting.locales = tmp_path
        with caplog.at_level(logging.WARNING):
            await setting.worker().turn()
        assert host.tried == 0
        assert await setting.statuses() == [("2026-03-03", "queued", 1, "no catalogue of 'fr'")]
        setting.locales = LOCALES
        setting.clock.now += timedelta(minutes=5)
        await setting.worker().turn()
    assert len(host.taken) == 1
    assert "no catalogue of 'fr'" in caplog.text


async def test_a_receiver_that_is_gone_is_forgotten(engine: AsyncEngine) -> None:
    receiver = Receiver(410)
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    async with mailing(engine) as (setting, _), listening(app) as address:
        await subscribed(engine, f"{address}/hook", Carrier.WEBHOOK)
        worker = setting.worker()
        await worker.turn()
        await worker.close()
    assert await subscriptions(engine) == []


async def test_one_that_cannot_be_made_holds_up_no_other(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with mailing(engine) as (setting, host):
        nowhere = Schedule(Every.DAY, time(8), "UTC")
        broken = await subscribed(engine, "first@ministry.example", schedule=nowhere)
        await subscribed(engine)
        async with engine.begin() as connection:
            it = results_tables.subscriptions.c
            changed = results_tables.subscriptions.update().where(it.id == broken)
            await connection.execute(changed.values(consultation="meadow", due_at=FIRST))
            row = {
                "consultation": "meadow",
                "number": 1,
                "released_at": FIRST,
                "threshold": 10,
                "rounding": 5,
            }
            documents = {"document": "{", "codebook": "[]", "cells": "[]"}
            await connection.execute(results_tables.releases.insert().values(row | documents))
        with caplog.at_level(logging.WARNING):
            await setting.worker().turn()
        assert [one["To"] for one in host.taken] == [AMINA]
        assert "a digest of meadow could not be made" in caplog.text
        assert (await subscriptions(engine, "meadow"))[0].due_at > FIRST


async def test_no_address_is_readable_in_the_database_or_the_log(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with mailing(engine, MailHost("RCPT", [f"550 no {AMINA} here"])) as (setting, _):
        await subscribed(engine)
        with caplog.at_level(logging.DEBUG, logger="bot"):
            await setting.worker().turn()
        assert "SMTP 550" in caplog.text
        assert AMINA not in caplog.text
        async with engine.connect() as connection:
            for table in (results_tables.subscriptions, results_tables.digests):
                for row in await connection.execute(select(table)):
                    assert "amina" not in str(tuple(row))


async def test_one_address_is_subscribed_once(engine: AsyncEngine) -> None:
    await subscribed(engine)
    with pytest.raises(DigestError, match="gets the digests of 'garden' already"):
        await subscribed(engine)
    await subscribed(engine, "other@ministry.example")


async def test_leaving_takes_one_click_and_no_scanner_does_it(engine: AsyncEngine) -> None:
    number = await subscribed(engine)
    other = await subscribed(engine, "other@ministry.example")
    page = page_for("https://heard.example", KEY, number, "en")
    assert page is not None
    transport = httpx.ASGITransport(Starlette(routes=Leaving(engine, KEY, LOCALES).routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://heard.example") as client:
        assert "<button" in (await client.get(page)).text
        assert len(await subscriptions(engine)) == 2
        forged = page.replace(f"s={number}.", f"s={other}.")
        for wrong in (forged, page[:-1], "/digests/leave", "/digests/leave?s=é.é"):
            assert (await client.post(wrong)).status_code == 400
        assert len(await subscriptions(engine)) == 2
        for _ in range(2):
            left = await client.post(page, data={"List-Unsubscribe": "One-Click"})
            assert left.status_code == 200
            assert "You get no more" in left.text
    assert [one.id for one in await subscriptions(engine)] == [other]


async def test_one_leaves_in_their_language(
    engine: AsyncEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    number = await subscribed(engine, language="ar")
    page = page_for("https://heard.example", KEY, number, "ar")
    assert page is not None
    for locales, language, words in (
        (LOCALES, "ar", "إلغاء الاشتراك"),
        (LOCALES, "../ar", "Unsubscribe"),
        (tmp_path, "ar", "Unsubscribe"),
    ):
        transport = httpx.ASGITransport(Starlette(routes=Leaving(engine, KEY, locales).routes()))
        async with httpx.AsyncClient(transport=transport, base_url="https://heard.example") as client:
            shown = (await client.get(page.replace("l=ar", f"l={language}"))).text
        assert words in shown
        assert ('<html lang="ar" dir="rtl">' in shown) is (words != "Unsubscribe")
    broken = tmp_path / "ar/LC_MESSAGES/digest.po"
    broken.parent.mkdir(parents=True)
    broken.write_text('msgid "', encoding="utf-8")
    transport = httpx.ASGITransport(Starlette(routes=Leaving(engine, KEY, tmp_path).routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://heard.example") as client:
        with caplog.at_level(logging.WARNING):
            assert "You get no more" in (await client.post(page)).text
    assert "shown in English" in caplog.text
    assert await subscriptions(engine) == []


async def test_who_left_meanwhile_gets_nothing(engine: AsyncEngine) -> None:
    async with mailing(engine) as (setting, host):
        number = await subscribed(engine)
        (one,) = await subscriptions(engine)
        await unsubscribe(engine, number)
        assert await setting.worker().add(one, "2026-03-03", FIRST + timedelta(days=1)) is None
        await setting.worker().turn()
        assert host.tried == 0


async def test_it_ends_when_it_is_told_to(engine: AsyncEngine) -> None:
    async def hook(_: Request) -> Response:
        worker.stop()
        return Response()

    async with mailing(engine) as (setting, _):
        async with listening(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
            await subscribed(engine, f"{address}/hook", Carrier.WEBHOOK)
            worker = setting.worker()
            await asyncio.wait_for(worker.run(), 30)
        assert [status for _, status, *_ in await setting.statuses()] == [DigestStatus.SENT]
