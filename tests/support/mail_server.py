"""A real mail server on loopback, with a certificate of its own, that can refuse, put off and hang up."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "heard", "a password & more"


@cache
def certificate() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server on loopback shows, and what a client that trusts it has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    shown = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(shown + private)
        server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=shown.decode())
    return server, client


@dataclass
class MailHost:
    """What a server does, and what it got. `answers` are given in turn to RCPT or DATA; then all is taken."""

    at: str = "DATA"
    answers: list[str] = field(default_factory=list)
    hangs_up: bool = False
    port: int = 0
    tried: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        self.tried += 1
        if self.at == "RCPT" and self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del session
        assert isinstance(envelope.content, bytes)
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
            return ""
        if self.at == "DATA" and self.answers:
            return self.answers.pop(0)
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.taken.append(read)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        return "250 taken"


def _knows(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: object) -> AuthResult:
    del mechanism
    assert isinstance(given, LoginPassword)
    is_known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def mail_host(
    host: MailHost | None = None, *, tls: bool = False, starttls: bool = False, login: bool = False
) -> AsyncIterator[MailHost]:
    """Serve until the block ends: with TLS from the first byte, by STARTTLS, or without."""
    host = host or MailHost()
    shown, _ = certificate()

    def connected() -> asyncio.Protocol:
        with warnings.catch_warnings():
            # It does not see that all of a connection is encrypted.
            warnings.simplefilter("ignore")
            return SMTP(
                host,
                hostname="localhost",
                tls_context=shown if starttls else None,
                require_starttls=starttls,
                auth_required=login,
                auth_require_tls=not tls,
                authenticator=_knows if login else None,
                enable_SMTPUTF8=False,
            )

    factory: Callable[[], asyncio.Protocol] = connected
    loop = asyncio.get_running_loop()
    server = await loop.create_server(factory, "127.0.0.1", 0, ssl=shown if tls else None)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        await server.wait_closed()
