"""Digests by e-mail: RFC 5322 messages over SMTP (RFC 5321), encrypted unless the server is on this machine."""

import logging
import re
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.channels import Address
from bot.channels.sending import Accepted, Deferred, Delivery, Refused, Unclear
from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.digests.rendering import Rendered

TIMEOUT_S = 30.0
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PORTS = {"smtps": 465, "smtp": 587}
_NO_SERVER = "HEARD_SMTP_URL has to be like smtps://user:password@mail.example.org, or smtp:// for STARTTLS on port 587"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mail. `tls` from the first byte; else STARTTLS is insisted on, unless it `is_here`."""

    host: str
    port: int
    tls: bool
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine, where nobody listens in."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_mail_server(url: str) -> MailServer:
    """Return the server of an address like `smtps://user:password@mail.example.org:465`.

    Raises:
        SettingsError: it is no such address; the text does not have it.
    """
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise SettingsError(_NO_SERVER) from None
    if split.scheme not in _PORTS or not split.hostname or split.path.strip("/") or split.query:
        raise SettingsError(_NO_SERVER)
    user, password = (unquote(one) if one is not None else None for one in (split.username, split.password))
    if (user is None) is not (password is None):
        raise SettingsError("HEARD_SMTP_URL has to name a user and a password, or neither")
    return MailServer(split.hostname, port or _PORTS[split.scheme], split.scheme == "smtps", user, password)


def is_address(written: str) -> bool:
    """Return whether an e-mail address is one that every server takes: ASCII, with a domain."""
    return len(written) <= 254 and _ADDRESS.fullmatch(written) is not None


def read_sender(written: str) -> tuple[str, str]:
    """Return name and address of a sender like `Heard <digest@example.org>`; the name may be "".

    Raises:
        SettingsError: there is no address in it.
    """
    name, address = parseaddr(written)
    if not is_address(address) or "\n" in written or "\r" in written:
        raise SettingsError("HEARD_MAIL_FROM has to be like Heard <digest@example.org>")
    return name, address


def letter(
    rendered: "Rendered",
    language: str,
    sender: str,
    to: Address,
    message_id: str,
    at: datetime,
    unsubscribe: str | None,
) -> EmailMessage:
    """Return the message: text, and the same as HTML. `unsubscribe` is a page that takes one click (RFC 8058)."""
    name, from_address = read_sender(sender)
    message = EmailMessage()
    message["From"] = Mailbox(name, addr_spec=from_address)
    message["To"] = Mailbox(addr_spec=to.reveal())
    message["Subject"] = " ".join(rendered.subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{message_id}@{from_address.rpartition('@')[2]}>"
    # Nobody is out of office at us (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        message["List-Unsubscribe"] = f"<mailto:{from_address}?subject=unsubscribe>"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Content takes away such headers that were there before it.
    message["Content-Language"] = language
    return message


class Mailer:
    """Hands mails over to a server, each on a connection of its own: there are few, at times of their own."""

    def __init__(
        self, server: MailServer, context: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Take a server; `context` is whom to trust, the authorities of this machine where it is None."""
        # Its debug lines have addresses.
        logging.getLogger("aiosmtplib").setLevel(logging.WARNING)
        self._server = server
        self._context = context
        self._timeout_s = timeout_s

    async def send(self, sender: str, to: Address, message: EmailMessage) -> Delivery:
        """Hand a message over, once; whatever goes wrong is told by what is returned, with no address in it."""
        import aiosmtplib  # noqa: PLC0415  few processes ever send mail

        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._timeout_s,
            use_tls=server.tls,
            # Where it is not here: never without, however the server answers.
            start_tls=False if server.tls else None if server.is_here else True,
            tls_context=self._context,
        )
        is_handed_over = False
        try:
            await client.connect()
            if server.user is not None and server.password is not None:
                await client.login(server.user, server.password)
            await client.mail(read_sender(sender)[1])
            await client.rcpt(to.reveal())
            is_handed_over = True
            await client.data(message.as_bytes(policy=SMTP_POLICY))
        except aiosmtplib.SMTPAuthenticationError as error:
            # A password that an operator mends.
            return Deferred(f"SMTP {error.code} (login)")
        except aiosmtplib.SMTPResponseException as error:
            code = f"SMTP {error.code}"
            return Refused(code) if 500 <= error.code < 600 else Deferred(code)
        except (aiosmtplib.SMTPException, OSError) as error:
            name = type(error).__name__
            # After the first byte of a message, only the server's answer tells whether it was taken.
            return Unclear(name) if is_handed_over else Deferred(name)
        finally:
            client.close()
        return Accepted(message["Message-ID"])
