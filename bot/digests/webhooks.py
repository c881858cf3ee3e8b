"""Digests by webhook, signed as Standard Webhooks says (github.com/standard-webhooks/standard-webhooks, spec 1.0).

A receiver that gets the same `webhook-id` twice has got the same digest twice: after a failure nobody can tell whether
it arrived, and it is sent again under its id.
"""

import asyncio
import hmac
import logging
import secrets
import socket
import ssl
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels import Address
from bot.channels.sending import Accepted, Deferred, Delivery, Refused
from bot.errors import DigestError, SettingsError

if TYPE_CHECKING:
    import httpx

PREFIX = "whsec_"
GONE = "410"
TIMEOUT_S = 20.0
_SECRET_BYTES = 32

Network = IPv4Network | IPv6Network
_NAT64 = IPv6Network("64:ff9b::/96")


def new_secret() -> str:
    """Return a secret to sign with, as the receiver puts it in."""
    return PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: HMAC-SHA256 over id, time and body, in base64, of version 1.

    Raises:
        DigestError: the secret is none; it stood in the database so.
    """
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except Error:
        raise DigestError("the secret of a webhook cannot be read; subscribe it anew") from None
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def read_networks(written: str) -> tuple[Network, ...]:
    """Return networks written like `10.0.0.0/8, 192.168.7.1`.

    Raises:
        SettingsError: one is none.
    """
    try:
        return tuple(ip_network(one.strip()) for one in written.split(",") if one.strip())
    except ValueError:
        raise SettingsError(
            "HEARD_WEBHOOK_NETWORKS has to hold networks like 10.0.0.0/8, commas between"
        ) from None


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is anybody's on the internet, and leads to nothing else by being written otherwise."""
    if ip.is_multicast or not ip.is_global:
        return False
    if isinstance(ip, IPv4Address):
        return True
    held = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if ip in _NAT64:
        held = IPv4Address(int(ip) & 0xFFFFFFFF)
    return held is None or is_public(held)


@dataclass(frozen=True, slots=True)
class Reach:
    """Where webhooks may go: by https to public addresses; in `own` networks to any, and without encryption."""

    own: tuple[Network, ...] = ()

    def allows(self, ip: IPv4Address | IPv6Address, scheme: str) -> bool:
        if any(ip in network for network in self.own):
            return True
        return scheme == "https" and is_public(ip)


async def addresses_of(url: str, reach: Reach) -> Sequence[str]:
    """Return the network addresses behind a webhook's address, all of which may be reached.

    Who subscribes decides what this server asks; it must not be made to ask its own neighbours (OWASP, SSRF).

    Raises:
        DigestError: it cannot be reached, or must not be; the text does not have it.
        OSError: nobody knows its name now.
    """
    try:
        split = urlsplit(url)
        host, port = split.hostname, split.port
    except ValueError:
        raise DigestError("a webhook's address has to be like https://example.org/hook") from None
    if split.scheme not in ("https", "http") or not host or split.username or split.fragment:
        raise DigestError("a webhook's address has to be like https://example.org/hook, without a user")
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port or (443 if split.scheme == "https" else 80), type=socket.SOCK_STREAM
    )
    ips = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
    # All of them: which is taken could change from one look to the next.
    if not all(reach.allows(ip_address(ip), split.scheme) for ip in ips):
        raise DigestError(
            "webhooks go by https to public addresses alone; HEARD_WEBHOOK_NETWORKS names networks of your own"
        )
    return ips


class Hooks:
    """Hands digests over to webhooks."""

    def __init__(
        self, reach: Reach, context: ssl.SSLContext | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Take where webhooks may go; `context` is whom to trust, public authorities where it is None."""
        self._reach = reach
        self._timeout_s = timeout_s
        self._context = context
        self._client: httpx.AsyncClient | None = None

    async def send(self, to: Address, secret: str, message_id: str, at: datetime, body: bytes) -> Delivery:
        """Hand a digest over, once; whatever goes wrong is told by what is returned, with no address in it."""
        import httpx  # noqa: PLC0415  few processes ever send webhooks

        url = httpx.URL(to.reveal())
        try:
            ips = await addresses_of(to.reveal(), self._reach)
        except DigestError:
            return Refused("address")
        except OSError:
            return Deferred("name not known")
        timestamp = int(at.timestamp())
        headers = {
            # The address that was looked at is the one that is asked, whatever its name leads to by then.
            "Host": url.netloc.decode(),
            "Content-Type": "application/json",
            "User-Agent": "Heard",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(secret, message_id, timestamp, body),
        }
        client = self._opened()
        request = client.build_request(
            "POST",
            url.copy_with(host=ips[0]),
            content=body,
            headers=headers,
            extensions={"sni_hostname": url.host},
        )
        try:
            response = await client.send(request, stream=True)
            await response.aclose()
        except httpx.HTTPError as error:
            return Deferred(type(error).__name__)
        if response.is_success:
            return Accepted(message_id)
        if response.status_code == 410:
            return Refused(GONE)
        return Deferred(str(response.status_code))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    def _opened(self) -> "httpx.AsyncClient":
        import httpx  # noqa: PLC0415

        if self._client is None:
            # It logs every address that it asks for.
            logging.getLogger("httpx").setLevel(logging.WARNING)
            self._client = httpx.AsyncClient(
                timeout=self._timeout_s,
                follow_redirects=False,
                trust_env=False,
                verify=self._context or True,
                # A connection is to an address that was looked at a moment ago, not to one of yesterday.
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        return self._client
