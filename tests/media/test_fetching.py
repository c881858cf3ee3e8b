"""Pictures and sounds fetched over HTTP from a host that misbehaves, on each database."""

import asyncio
import base64
import stat
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.channels.media import Denied, Fetched, Fetching, Limit, Sink
from bot.channels.twilio_media import TwilioMedia
from bot.media import Fetcher, Folder, delete_media
from bot.media.fetching import LEASE
from bot.store.media import claim_media, mark_deleted
from tests.support.databases import opened
from tests.support.fake_twilio import ACCOUNT, TOKEN
from tests.support.intake import NOON, stored
from tests.support.letters import contact, number
from tests.support.media import waits
from tests.support.media_host import (
    Answer,
    MediaHost,
    gives,
    gives_without_end,
    is_silent,
    media_host,
    photo,
    says,
)
from tests.support.metrics import Change

MINUTE = timedelta(minutes=1)
JPEG = "image/jpeg"


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def host() -> AsyncIterator[MediaHost]:
    async with media_host() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "media"


@pytest.fixture
async def twilio(host: MediaHost) -> AsyncIterator[TwilioMedia]:
    source = TwilioMedia(TOKEN, ACCOUNT, host.url)
    yield source
    await source.close()


def fetcher(
    engine: AsyncEngine,
    folder: Path,
    twilio: TwilioMedia,
    now: Callable[[], datetime] = lambda: NOON,
    seconds: float = 60.0,
) -> Fetcher:
    return Fetcher(engine, Folder(folder), {Channel.SMS: twilio}, now, lambda: 0.0, seconds)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def leave(file: Path) -> None:
    file.write_bytes(b"half")


async def states(engine: AsyncEngine) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in await stored(engine, "media", "status", "error")]


async def test_a_photo_becomes_a_file_of_its_own(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    stem = await waits(engine, await contact(engine, 1))
    host.next.append(gives(photo(), JPEG))
    change = Change()
    work = fetcher(engine, folder, twilio)
    assert await work.turn()
    assert not await work.turn()
    assert names(folder) == [f"{stem}.jpg"]
    file = folder / f"{stem}.jpg"
    assert (rights(file), rights(folder)) == (0o600, 0o700)
    columns = ("status", "file", "content_type", "size", "attempts", "due_at", "error", "settled_at")
    expected = ("stored", file.name, JPEG, len(bytes_of(file)), 1, None, None, NOON)
    assert await stored(engine, "media", *columns) == [expected]
    secret = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert host.asked[0].headers["authorization"] == f"Basic {secret}"
    assert host.asked[0].headers["accept-encoding"] == "identity"
    assert change.of("heard_media_total", outcome="stored") == 1


async def test_nothing_of_the_person_is_left_in_it(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1))
    sent = photo()
    assert b"Maker of phones" in sent
    assert b"at home" in sent
    host.next.append(gives(sent + b"behind the picture", JPEG))
    await fetcher(engine, folder, twilio).turn()
    kept = bytes_of(folder / names(folder)[0])
    assert not [word for word in (b"Maker", b"2026", b"at home", b"Exif", b"behind") if word in kept]
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (30, 40), "it is not upright"


@pytest.mark.parametrize("length", [None, -1], ids=["it says so", "it does not say"])
async def test_what_is_too_large_is_not_read_to_its_end(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path, length: int | None
) -> None:
    await waits(engine, await contact(engine, 1))
    host.next.append(
        says(200, b"", length=5_000_001, Content_Type=JPEG)
        if length is None
        else gives_without_end(host, JPEG)
    )
    await fetcher(engine, folder, twilio).turn()
    assert await states(engine) == [("refused", "too large")]
    assert names(folder) == []
    # What the kernel's buffers hold may have been written beside.
    assert host.written < 25_000_000


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(says(200, b"<html>", Content_Type="text/html"), "type", id="a page"),
        pytest.param(gives(b"<html>no picture</html>", JPEG), "type", id="a page that says it is a picture"),
        pytest.param(gives(b"OggS" + bytes(60), JPEG), "type", id="a sound where a picture was asked for"),
        pytest.param(gives(photo()[:200], JPEG), "unreadable", id="half a picture, said to be whole"),
        pytest.param(gives(photo((9000, 9000)), JPEG), "too many pixels", id="a picture that swells"),
        pytest.param(
            says(200, photo(), Content_Type=JPEG, Content_Encoding="gzip"), "encoding", id="compressed"
        ),
        pytest.param(says(410), "410", id="gone"),
        pytest.param(says(302), "302", id="a redirect to nowhere"),
        pytest.param(
            says(302, Location="http://169.254.169.254/latest"), "address", id="sent to a cloud's inside"
        ),
        pytest.param(says(302, Location="https://10.0.0.1/x"), "address", id="sent to a private address"),
        pytest.param(says(302, Location="https://twilio.example/x"), "address", id="sent to somebody else"),
        pytest.param(says(302, Location="file:///etc/passwd"), "address", id="sent to a file"),
        pytest.param(
            says(302, Location="http://media.twiliocdn.com/x"), "address", id="sent where all can read"
        ),
    ],
)
async def test_what_is_refused_is_not_asked_for_again(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path, answer: Answer, code: str
) -> None:
    await waits(engine, await contact(engine, 1))
    host.next.append(answer)
    change = Change()
    await fetcher(engine, folder, twilio).turn()
    assert await states(engine) == [("refused", code)]
    assert names(folder) == []
    assert change.of("heard_media_errors_total", code=code) == 1
    assert not await fetcher(engine, folder, twilio, lambda: NOON + timedelta(days=9)).turn()


async def test_credentials_go_to_twilio_and_no_further(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1))
    host.next.extend([says(307, Location=f"{host.url}/signed?by=them"), gives(photo(), JPEG)])
    await fetcher(engine, folder, twilio).turn()
    assert await states(engine) == [("stored", None)]
    assert host.asked[1].path == "/signed?by=them"
    assert ["authorization" in one.headers for one in host.asked] == [True, False]
    assert "cookie" not in host.asked[1].headers


async def test_redirects_come_to_an_end(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1))
    host.usual = says(302, Location="/again")
    await fetcher(engine, folder, twilio).turn()
    assert await states(engine) == [("refused", "redirects")]
    assert len(host.asked) == 4


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(500), "500"),
        (says(503, Retry_After="7"), "503"),
        (says(403), "403"),
        (says(401), "401"),
        (says(404), "404"),
        (gives(photo()[:300], JPEG, length=5_000), "RemoteProtocolError"),
        (gives(b"", JPEG), "empty"),
    ],
    ids=["500", "503", "403", "401", "404", "dropped mid-way", "empty"],
)
async def test_what_may_pass_is_tried_again(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path, answer: Answer, code: str
) -> None:
    clock = Clock()
    await waits(engine, await contact(engine, 1))
    host.next.extend([answer, gives(photo(), JPEG)])
    work = fetcher(engine, folder, twilio, clock)
    await work.turn()
    assert await states(engine) == [("waiting", code)]
    assert names(folder) == [], "what came is still there"
    assert not await work.turn(), "it was tried at once"
    clock.now += MINUTE
    await work.turn()
    assert await states(engine) == [("stored", None)]


async def test_a_host_that_asks_for_patience_gets_it(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1))
    host.next.append(says(429, Retry_After="900"))
    await fetcher(engine, folder, twilio).turn()
    assert await stored(engine, "media", "due_at") == [(NOON + timedelta(seconds=900),)]


@pytest.mark.parametrize(("status", "times"), [(404, 4), (500, 8)])
async def test_in_the_end_it_is_given_up(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path, status: int, times: int
) -> None:
    clock = Clock()
    await waits(engine, await contact(engine, 1))
    host.usual = says(status)
    for _ in range(20):
        await fetcher(engine, folder, twilio, clock).turn()
        clock.now += timedelta(hours=7)
    assert await states(engine) == [("refused", str(status))]
    assert len(host.asked) == times


async def test_a_host_that_is_silent_is_left(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1))
    ends = asyncio.Event()
    host.next.append(is_silent(ends))
    await fetcher(engine, folder, twilio, seconds=0.2).turn()
    ends.set()
    assert await states(engine) == [("waiting", "too slow")]


async def test_a_host_that_does_not_listen(engine: AsyncEngine, folder: Path) -> None:
    await waits(engine, await contact(engine, 1))
    async with media_host() as gone:
        pass
    await fetcher(engine, folder, TwilioMedia(TOKEN, ACCOUNT, gone.url)).turn()
    assert await states(engine) == [("waiting", "ConnectError")]


async def test_one_that_fails_holds_up_no_other(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    for person in range(6):
        await waits(engine, await contact(engine, person), person)
    host.next.append(says(500))
    host.usual = gives(photo(), JPEG)
    work = fetcher(engine, folder, twilio)
    while await work.turn():
        pass
    assert sorted(await states(engine)) == [("stored", None)] * 5 + [("waiting", "500")]


async def test_killed_in_between_it_is_fetched_by_another(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    clock = Clock()
    stem = await waits(engine, await contact(engine, 1))
    began, ends = asyncio.Event(), asyncio.Event()
    host.next.extend([is_silent(ends, began), gives(photo(), JPEG)])
    killed = asyncio.create_task(fetcher(engine, folder, twilio, clock).turn())
    async with asyncio.timeout(20):
        await began.wait()
    # What a kill leaves behind: the row as it was taken, and a part of the file.
    killed.cancel()
    await asyncio.wait([killed])
    ends.set()
    leave(folder / f"{stem}.1.part")
    other = fetcher(engine, folder, twilio, clock)
    assert not await other.turn(), "it was taken from somebody who may be alive"
    clock.now += LEASE + MINUTE
    assert await other.turn()
    assert await stored(engine, "media", "status", "attempts") == [("stored", 2)]
    assert names(folder) == [f"{stem}.jpg"]


async def test_two_workers_take_each_but_once(
    engine: AsyncEngine, database_url: str, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    for person in range(20):
        await waits(engine, await contact(engine, person), person)
    host.usual = gives(photo(), JPEG)

    async def work(on: AsyncEngine) -> None:
        one = fetcher(on, folder, twilio)
        while await one.turn():
            pass

    async with opened(database_url) as second:
        await asyncio.gather(work(engine), work(second))
    assert len(host.asked) == 20
    assert await states(engine) == [("stored", None)] * 20


async def test_who_is_slower_than_a_lease_spoils_nothing(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    clock = Clock()
    stem = await waits(engine, await contact(engine, 1))

    class Slow(TwilioMedia):
        """Has the lease run out, and another fetch it, before it comes back itself."""

        async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
            fetching = await twilio.fetch(reference, into, limit)
            clock.now += LEASE + MINUTE
            await fetcher(engine, folder, twilio, clock).turn()
            return fetching

    host.usual = gives(photo(), JPEG)
    await fetcher(engine, folder, Slow(TOKEN), clock).turn()
    assert await stored(engine, "media", "status", "attempts") == [("stored", 2)]
    assert names(folder) == [f"{stem}.jpg"]


async def test_other_channels_wait_for_their_own_source(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    await waits(engine, await contact(engine, 1), channel="telegram")
    assert not await fetcher(engine, folder, twilio).turn()
    assert await states(engine) == [("waiting", None)]


async def test_a_full_disk_is_waited_for(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    class Full(TwilioMedia):
        async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
            raise OSError(28, "No space left on device")

    await waits(engine, await contact(engine, 1))
    await fetcher(engine, folder, Full(TOKEN)).turn()
    assert await states(engine) == [("waiting", "disk")]


async def test_a_persons_files_are_deleted_and_no_other(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    first, second = await contact(engine, 1), await contact(engine, 2)
    for sent, person in enumerate((first, first, second)):
        await waits(engine, person, sent)
    host.usual = gives(photo(), JPEG)
    await fetcher(engine, folder, twilio).turn()
    await waits(engine, first, 4)
    assert await delete_media(engine, Folder(folder), first) == 2
    assert names(folder) == [f"{2:032x}.jpg"]
    gone = ("deleted", None)
    assert await stored(engine, "media", "status", "file") == [gone, gone, ("stored", f"{2:032x}.jpg"), gone]
    assert not await fetcher(engine, folder, twilio).turn(), "what waited was fetched after all"
    assert await delete_media(engine, Folder(folder), first) == 0


async def test_deleting_ends_what_a_crash_interrupted(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    person = await contact(engine, 1)
    await waits(engine, person)
    host.usual = gives(photo(), JPEG)
    await fetcher(engine, folder, twilio).turn()
    assert await mark_deleted(engine, person, NOON) == [f"{1:032x}.jpg"]
    assert await delete_media(engine, Folder(folder), person) == 1
    assert names(folder) == []


async def test_what_is_deleted_while_it_is_fetched_is_not_kept(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    person = await contact(engine, 1)
    await waits(engine, person)

    class Late(TwilioMedia):
        async def fetch(self, reference: str, into: Sink, limit: Limit) -> Fetching:
            await delete_media(engine, Folder(folder), person)
            return await twilio.fetch(reference, into, limit)

    host.usual = gives(photo(), JPEG)
    await fetcher(engine, folder, Late(TOKEN)).turn()
    assert await states(engine) == [("deleted", None)]
    assert names(folder) == []


async def test_what_is_in_hand_shows_no_address(engine: AsyncEngine) -> None:
    await waits(engine, await contact(engine, 1))
    (taken,) = await claim_media(engine, ["sms"], NOON, LEASE, 9)
    assert "twilio" not in repr(taken)
    assert number(1) not in repr(taken)


async def test_it_works_until_it_is_stopped(
    engine: AsyncEngine, host: MediaHost, twilio: TwilioMedia, folder: Path
) -> None:
    work = fetcher(engine, folder, twilio)

    async def last(writer: asyncio.StreamWriter) -> None:
        work.stop()
        await gives(photo(), JPEG)(writer)

    await waits(engine, await contact(engine, 1))
    host.next.append(last)
    async with asyncio.timeout(20):
        await work.run()
    assert await states(engine) == [("stored", None)]


@pytest.mark.parametrize(
    "reference",
    [
        "http://api.twilio.com/2010-04-01/Accounts/A/Messages/M/Media/E",
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}.json",
        f"https://api.twilio.com.evil.example/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        f"https://evil.example/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        f"https://u:p@api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        f"https://api.twilio.com:8443/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        f"http://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}?next=x",
        f"https://127.0.0.1/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME{1:032x}",
        "https://[api.twilio.com",
        "photo-1",
    ],
)
async def test_no_other_address_is_asked(host: MediaHost, twilio: TwilioMedia, reference: str) -> None:
    for source in (twilio, TwilioMedia(TOKEN)):
        assert await source.fetch(reference, BytesIO(), Limit(9, 9)) == Denied("address")
    assert host.asked == []


async def test_without_an_account_that_of_the_address_is_taken(host: MediaHost) -> None:
    source = TwilioMedia(TOKEN, None, host.url + "/proxied/")
    host.next.append(gives(b"1234", "image/png"))
    into = BytesIO()
    sub = "AC" + "1" * 32
    reference = (
        f"https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/{sub}/Messages/MM{1:032x}/Media/ME{1:032x}"
    )
    assert await source.fetch(reference, into, Limit(4, 9)) == Fetched(4)
    assert into.getvalue() == b"1234"
    assert host.asked[0].path == f"/proxied{reference.removeprefix('https://api.dublin.ie1.twilio.com')}"
    secret = base64.b64encode(f"{sub}:{TOKEN}".encode()).decode()
    assert host.asked[0].headers["authorization"] == f"Basic {secret}"
    await source.close()
