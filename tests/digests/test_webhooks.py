"""Webhooks signed as Standard Webhooks says, and sent nowhere but where they may go."""

import asyncio
from base64 import b64decode
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels import Address
from bot.channels.sending import Accepted, Deferred, Delivery, Refused
from bot.digests.webhooks import Hooks, Reach, addresses_of, is_public, new_secret, read_networks, signature
from bot.errors import DigestError, SettingsError
from tests.support.listening import listening

HERE = Reach((ip_network("127.0.0.0/8"),))
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_example_of_the_specification() -> None:
    # github.com/standard-webhooks/standard-webhooks, the test vectors of its libraries.
    secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    signed = signature(secret, message_id, 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_has_the_length_that_is_asked_for() -> None:
    assert len(b64decode(new_secret().removeprefix("whsec_"))) == 32
    assert new_secret() != new_secret()


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_what_is_on_the_internet(ip: str, public: bool) -> None:
    assert is_public(ip_address(ip)) is public


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://2130706433/hook",
        "https://0x7f.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "http://93.184.215.14/hook",
        "ftp://93.184.215.14/hook",
        "https://user:pass@93.184.215.14/hook",
        "https://93.184.215.14/hook#part",
        "https:///hook",
        "https://93.184.215.14:99999/hook",
        "nowhere",
    ],
)
async def test_where_no_webhook_goes(url: str) -> None:
    with pytest.raises(DigestError) as caught:
        await addresses_of(url, Reach())
    assert url not in str(caught.value)


async def test_networks_of_ones_own() -> None:
    assert read_networks(" 127.0.0.0/8 ,10.0.0.7") == (ip_network("127.0.0.0/8"), ip_network("10.0.0.7"))
    assert await addresses_of("http://127.0.0.1:9/hook", HERE) == ["127.0.0.1"]
    with pytest.raises(DigestError):
        await addresses_of("http://10.0.0.1/hook", HERE)
    with pytest.raises(SettingsError, match="networks like"):
        read_networks("10.0.0.0/8, everywhere")


class Receiver:
    """Takes webhooks, and answers with what it was given."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.taken: list[tuple[dict[str, str], bytes]] = []

    async def take(self, request: Request) -> Response:
        self.taken.append((dict(request.headers), await request.body()))
        if self.status == 302:
            return RedirectResponse("/elsewhere", 302)
        return Response(b"x" * 100_000, self.status)


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        (200, Accepted("digest_1")),
        (204, Accepted("digest_1")),
        (302, Deferred("302")),
        (404, Deferred("404")),
        (410, Refused("410")),
        (429, Deferred("429")),
        (500, Deferred("500")),
    ],
)
async def test_what_a_receiver_answers(status: int, delivery: Delivery) -> None:
    receiver = Receiver(status)
    app = Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])])
    secret, body = new_secret(), b'{"type": "digest"}'
    hooks = Hooks(HERE)
    async with listening(app) as address:
        url = f"{address.replace('127.0.0.1', 'localhost')}/hook?key=1"
        assert await hooks.send(Address(url), secret, "digest_1", AT, body) == delivery
    await hooks.close()
    ((headers, taken),) = receiver.taken
    assert taken == body
    assert headers["webhook-id"] == "digest_1"
    assert headers["webhook-signature"] == signature(secret, "digest_1", int(AT.timestamp()), body)
    assert headers["host"].startswith("localhost:")


async def test_a_receiver_that_is_not_there() -> None:
    hooks = Hooks(HERE)
    assert await hooks.send(Address("http://127.0.0.1:9/"), new_secret(), "d", AT, b"") == Deferred(
        "ConnectError"
    )
    forbidden = Address("https://10.0.0.1/")
    assert await Hooks(HERE).send(forbidden, new_secret(), "d", AT, b"") == Refused("address")
    await hooks.close()


async def test_one_that_hangs_up_is_tried_again() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hooks = Hooks(HERE)
    delivery = await hooks.send(Address(f"http://127.0.0.1:{port}/"), new_secret(), "d", AT, b"{}")
    assert isinstance(delivery, Deferred)
    await hooks.close()
    server.close()
    await server.wait_closed()
