"""Mails to a real server: encrypted, readable, once; and what is done where it does not take them."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import html

from bot.channels import Address
from bot.channels.sending import Accepted, Deferred, Delivery, Refused, Unclear
from bot.core.questionnaire import Text
from bot.digests.mail import Mailer, MailServer, is_address, letter, read_mail_server, read_sender
from bot.digests.making import make_digest
from bot.digests.records import Digest
from bot.digests.rendering import MOST_LINES, Leaving, render
from bot.digests.wordings import load_voice
from bot.errors import SettingsError
from tests.digests.test_making import HEARD, RELEASED, again, both, finding
from tests.support.mail_server import PASSWORD, USER, MailHost, certificate, mail_host
from tests.support.releases import publication

TO = Address("amina@ministry.example")
FROM = '"Heard, for the town" <digest@heard.example.org>'
AT = datetime(2026, 3, 16, 9, tzinfo=UTC)
PAGE = "https://heard.example.org/digests/leave?s=1.abc"
LOCALES = Path(__file__).parents[2] / "locales"
ENGLISH = load_voice(LOCALES, "en")


def digest(title: str = "The school garden", language: str = "en") -> Digest:
    made = both(publication(1), publication(2, notable=True, heard=0.5, worse=True, left=12))
    counts = replace(made.progress, asked_again=again(("en", 900, 30), ("sw", 100, 20)).progress.asked_again)
    named = Text("title", title, {"sw": "Bustani ya shule"})
    whole = replace(made, title=named, language=language, progress=counts, findings=(finding(HEARD),))
    return make_digest(whole)


def mail(title: str = "The school garden", page: str | None = PAGE) -> EmailMessage:
    rendered = render(digest(title), ENGLISH, Leaving(TO.reveal(), page))
    return letter(rendered, "en", FROM, TO, "digest_1", AT, page)


def server(
    host: MailHost, *, tls: bool = False, user: str | None = None, password: str = PASSWORD
) -> MailServer:
    return MailServer(
        "localhost" if not tls else "127.0.0.1", host.port, tls, user, password if user else None
    )


def mailer(one: MailServer) -> Mailer:
    return Mailer(one, certificate()[1], timeout_s=10)


@pytest.mark.parametrize("kind", ["tls", "starttls", "plain"])
async def test_a_mail_arrives_as_it_was_written(kind: str) -> None:
    has_login = kind != "plain"
    async with mail_host(tls=kind == "tls", starttls=kind == "starttls", login=has_login) as host:
        one = server(host, tls=kind == "tls", user=USER if has_login else None)
        assert await mailer(one).send(FROM, TO, mail()) == Accepted("<digest_1@heard.example.org>")
    (got,) = host.taken
    assert host.envelopes == [("digest@heard.example.org", ["amina@ministry.example"])]
    assert got["From"] == '"Heard, for the town" <digest@heard.example.org>'
    assert got["List-Unsubscribe"] == f"<{PAGE}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Subject"] == "The school garden: what is new by 16 March 2026, and what to look at"
    assert got.get_content_type() == "multipart/alternative"
    text, page = (got.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    words = html.fromstring(page.get_content()).text_content()
    for line in text.get_content().splitlines():
        if line.startswith("- "):
            assert line.removeprefix("- ") in words
    assert "In Swahili, 20% of questions had to be asked again" in words


async def test_a_server_is_believed_by_its_certificate_alone() -> None:
    async with mail_host(tls=True) as host:
        delivery = await Mailer(server(host, tls=True)).send(FROM, TO, mail())
    assert isinstance(delivery, Deferred)
    assert host.taken == []


async def test_no_password_goes_where_it_is_not_encrypted() -> None:
    async with mail_host() as host:
        # As if it were elsewhere: by a name that leads to loopback, but does not say so.
        elsewhere = MailServer("127.0.0.1.", host.port, False, USER, PASSWORD)
        assert not elsewhere.is_here
        delivery = await mailer(elsewhere).send(FROM, TO, mail())
    assert isinstance(delivery, Deferred)
    assert host.tried == 0


ANSWERS = [
    ("RCPT", "550 no such person amina@ministry.example", Refused("SMTP 550")),
    ("RCPT", "451 later", Deferred("SMTP 451")),
    ("DATA", "554 not wanted", Refused("SMTP 554")),
    ("DATA", "452 full", Deferred("SMTP 452")),
]


@pytest.mark.parametrize(("at", "answer", "delivery"), ANSWERS)
async def test_what_a_server_answers(at: str, answer: str, delivery: Delivery) -> None:
    async with mail_host(MailHost(at, [answer])) as host:
        assert await mailer(server(host)).send(FROM, TO, mail()) == delivery
    assert host.taken == []


async def test_one_that_hangs_up_after_the_message_may_have_taken_it() -> None:
    async with mail_host(MailHost(hangs_up=True)) as host:
        assert isinstance(await mailer(server(host)).send(FROM, TO, mail()), Unclear)


async def test_one_that_hangs_up_before_has_not() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 localhost\r\n")
        writer.close()
        await writer.wait_closed()

    host = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = host.sockets[0].getsockname()[1]
    one = mailer(MailServer("127.0.0.1", port, False, None, None))
    assert isinstance(await one.send(FROM, TO, mail()), Deferred)
    host.close()
    await host.wait_closed()
    assert isinstance(await one.send(FROM, TO, mail()), Deferred)


async def test_a_wrong_password_is_put_off_until_it_is_mended() -> None:
    async with mail_host(tls=True, login=True) as host:
        one = server(host, tls=True, user=USER, password="wrong")
        assert await mailer(one).send(FROM, TO, mail()) == Deferred("SMTP 535 (login)")


def test_no_title_makes_a_header_or_a_tag() -> None:
    made = mail("Two\r\nBcc: everybody@example.org\n<script>alert(1)</script> & more")
    assert made["Bcc"] is None
    assert made["Subject"].startswith("Two Bcc: everybody@example.org <script>")
    page = made.get_body(["html"])
    assert page is not None
    assert "<script>" not in page.get_content()
    assert "&lt;script&gt;" in page.get_content()


def test_without_an_address_of_ours_one_leaves_by_mail() -> None:
    made = mail(page=None)
    assert made["List-Unsubscribe"] == "<mailto:digest@heard.example.org?subject=unsubscribe>"
    assert made["List-Unsubscribe-Post"] is None


def test_a_page_that_screen_readers_can_tell_apart() -> None:
    page = html.fromstring(render(digest(), ENGLISH, Leaving(TO.reveal(), PAGE)).html)
    assert page.get("lang") == "en"
    assert [one.tag for one in page.iter("h1", "h2")] == ["h1", "h2", "h2", "h2"]
    assert {one.get("scope") for one in page.iter("th")} == {"col", "row"}
    assert not list(page.iter("img", "script"))
    links = [one.get("href") for one in page.iter("a")]
    assert links == [PAGE]


def test_long_lists_are_cut_and_say_so() -> None:
    many = tuple(finding(HEARD) for _ in range(MOST_LINES + 3))
    made = make_digest(replace(both(None, None), findings=many, until=AT))
    assert "And more of these: 3." in render(made, ENGLISH, Leaving("a@b.example", None)).text


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://u:p%40ss@mail.example.org", MailServer("mail.example.org", 465, True, "u", "p@ss")),
        ("smtp://u:p@mail.example.org", MailServer("mail.example.org", 587, False, "u", "p")),
        ("smtp://localhost:25", MailServer("localhost", 25, False, None, None)),
        ("smtp://[::1]:25/", MailServer("::1", 25, False, None, None)),
    ],
)
def test_servers_by_their_address(url: str, server: MailServer) -> None:
    assert read_mail_server(url) == server
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url",
    ["mail.example.org", "https://mail.example.org", "smtp://", "smtp://u@mail.example.org", "smtp://h:x"],
)
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(SettingsError, match="HEARD_SMTP_URL") as caught:
        read_mail_server(url)
    assert "u@mail" not in str(caught.value)


def test_senders_and_addresses() -> None:
    assert read_sender("digest@example.org") == ("", "digest@example.org")
    for wrong in ("Heard", "a@b", "a@example.org\nBcc: b@example.org", ""):
        with pytest.raises(SettingsError):
            read_sender(wrong)
    assert is_address("o'brien+x@a-b.example")
    for wrong in ("a@b@example.org", "a b@example.org", "a@example.org>", "ä@example.org", "@example.org"):
        assert not is_address(wrong)


def test_moments_are_those_of_the_reader() -> None:
    later = replace(digest(), zone="Asia/Manila", until=RELEASED + timedelta(hours=8))
    text = render(later, ENGLISH, Leaving("a@b.example", None)).text
    assert re.search(r"to 11 March 2026, 01:00 \(Asia/Manila\)", text)
