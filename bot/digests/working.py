"""The digests' worker: makes those that are due, and sends each once.

A digest is stored before it is sent, one a period and subscriber, and taken in hand by one worker at a time. No
transaction is open while it is on its way.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.channels import Address
from bot.channels.sending import Deferred, Delivery, Unclear
from bot.core.questionnaire import Text
from bot.digests.mail import Mailer, letter
from bot.digests.making import LOOKED_AT_WITHIN, Ground, make_digest
from bot.digests.outcome import after_sending
from bot.digests.records import Digest
from bot.digests.schedule import next_after, period_of
from bot.digests.unsubscribing import page_for
from bot.digests.webhooks import Hooks
from bot.errors import DigestError, VaultError
from bot.flowfiles.versions import parts_of
from bot.results.publication.records import Publication
from bot.store.database import Database
from bot.store.digests import add_digest, claim_digest, interrupt_digests, settle_digest, told_until
from bot.store.failures import name_of
from bot.store.findings import findings
from bot.store.inbox import count_unread
from bot.store.progress import progress
from bot.store.reading import documents
from bot.store.releases import Listed, release, releases
from bot.store.subscribing import Carrier, DigestAttempt, DigestStatus, NewDigest, Subscription
from bot.store.subscriptions import put_off, subscriptions_due
from bot.store.vault import AddressPepper, AddressSeal

if TYPE_CHECKING:
    from bot.digests.rendering import Rendered

log = logging.getLogger(__name__)

POLL_S = 20.0
"""How long the worker rests when nothing is due; digests come by the minute, not by the second."""

LEASE = timedelta(minutes=10)
"""How long a digest may be in hand; far longer than a server is waited for."""

ASKED_WITHIN = timedelta(days=28)
"""Answers not older than this, or than the last digest, tell how a language is understood now."""

_encode = msgspec.json.Encoder().encode
_read_publication = msgspec.json.Decoder(Publication).decode
_read_digest = msgspec.json.Decoder(Digest).decode


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What digests need beside the store. Without a `mailer` and a `sender`, none goes by mail.

    `locales` is the folder of catalogues.
    """

    seal: AddressSeal
    pepper: AddressPepper | None
    hooks: Hooks
    locales: Path
    mailer: Mailer | None = None
    sender: str | None = None
    public_url: str | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random


class DigestWorker:
    """Makes digests and sends them. However many there are on one database, each digest is sent by one of them."""

    def __init__(self, engine: Database, around: Surroundings) -> None:
        self._engine = engine
        self._around = around
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; then return, once what is in hand is settled."""
        is_halted = False
        try:
            while not self._stopping.is_set():
                try:
                    await self.turn()
                    is_halted = False
                except Exception as error:
                    # The database is away, most likely. It is tried for as long as that takes, and told once.
                    if not is_halted:
                        log.error("digests came to a halt: %s", name_of(error))
                    is_halted = True
                await self._rest()
        finally:
            await self.close()

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stopping.set()

    async def close(self) -> None:
        """Close connections."""
        await self._around.hooks.close()

    async def turn(self) -> None:
        """Make what is due, then send what is."""
        now = self._around.now()
        left = await interrupt_digests(self._engine, now, LEASE)
        if left:
            log.warning("%d digests were in the hands of a worker that is gone", left)
        for one in await subscriptions_due(self._engine, now):
            await self._make(one)
        while not self._stopping.is_set() and await self.send() is not None:
            pass

    async def _make(self, one: Subscription) -> None:
        now = self._around.now()
        following = next_after(one.schedule, now)
        try:
            await self.add(one, period_of(one.schedule, one.due_at), following)
        except Exception as error:
            # One that cannot be made holds up no other, and is made when it is due again.
            log.error("a digest of %s could not be made: %s", one.consultation, name_of(error))
            await put_off(self._engine, one, following)

    async def add(self, one: Subscription, period: str, following: datetime | None) -> int | None:
        """Make a digest and store it to be sent; return its number, None where another process was first."""
        since, until = await told_until(self._engine, one), self._around.now()
        digest = await digest_of(
            self._engine, one.consultation, since, until, one.schedule.zone, one.language
        )
        new = NewDigest(
            one.id, period, since, until, f"digest_{secrets.token_hex(16)}", _encode(digest).decode()
        )
        return await add_digest(self._engine, one, new, following)

    async def send(self, chosen: Sequence[int] | None = None) -> DigestStatus | None:
        """Send the digest that is due longest, of all or of those chosen; return what became of it, None for none."""
        attempt = await claim_digest(self._engine, self._around.now(), chosen)
        if attempt is None:
            return None
        try:
            delivery = await self._deliver(attempt)
        except Exception as error:
            # A fault of ours, maybe after the mail went out.
            log.error("sending a digest failed in a way that is not known: %s", type(error).__name__)
            delivery = Unclear(type(error).__name__)
        settled = after_sending(attempt, delivery, self._around.now(), self._around.chance())
        await settle_digest(self._engine, settled)
        if settled.status is not DigestStatus.SENT:
            log.warning(
                "digest %d of subscription %d: %s, %s",
                attempt.id,
                attempt.subscription_id,
                settled.status,
                settled.error,
            )
        return settled.status

    async def _deliver(self, attempt: DigestAttempt) -> Delivery:
        around = self._around
        try:
            to = around.seal.open(attempt.target_sealed)
            secret = around.seal.open(attempt.secret_sealed) if attempt.secret_sealed else None
        except VaultError:
            return Deferred("no sealing key")
        if attempt.carrier is Carrier.WEBHOOK:
            if secret is None:
                return Deferred("no secret")
            body = payload(attempt)
            return await around.hooks.send(to, secret.reveal(), attempt.message_id, around.now(), body)
        return await self._mail(attempt, to)

    async def _mail(self, attempt: DigestAttempt, to: Address) -> Delivery:
        around = self._around
        if around.mailer is None or around.sender is None:
            return Deferred("no mail server")
        digest = _read_digest(attempt.content)
        page = page_for(around.public_url, around.pepper, attempt.subscription_id, digest.language)
        try:
            rendered = await asyncio.to_thread(_rendered, digest, around.locales, to, page)
        except DigestError:
            # Nobody is written to in a language that they did not ask for; `heard check` tells what to mend.
            return Deferred(f"no catalogue of '{digest.language}'")
        message = letter(
            rendered, digest.language, around.sender, to, attempt.message_id, attempt.until, page
        )
        return await around.mailer.send(around.sender, to, message)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._stopping.wait()
        except TimeoutError:
            return


def _rendered(digest: Digest, locales: Path, to: Address, page: str | None) -> "Rendered":
    # Few processes ever send mail, and few words of few languages are needed then.
    from bot.digests.rendering import Leaving, render  # noqa: PLC0415
    from bot.digests.wordings import load_voice  # noqa: PLC0415

    return render(digest, load_voice(locales, digest.language), Leaving(to.reveal(), page))


def payload(attempt: DigestAttempt) -> bytes:
    """Return what a webhook gets: the same bytes at each attempt."""
    content = msgspec.Raw(attempt.content.encode())
    return _encode({"type": "digest", "timestamp": attempt.until, "data": content})


async def digest_of(
    engine: Database, consultation: str, since: datetime, until: datetime, zone: str, language: str
) -> Digest:
    """Return what is new in a consultation between two moments, for somebody who reads a language."""
    newest = next(iter((await documents(engine, consultation)).values()), None)
    title, source = _titled(newest) if newest else (Text("title", consultation), "")
    shown = [one for one in await releases(engine, consultation) if one.withdrawn_at is None][-2:]
    publications = [await _publication(engine, one) for one in shown]
    return make_digest(
        Ground(
            consultation,
            title,
            source,
            language,
            since,
            until,
            zone,
            await progress(engine, consultation, since, until, min(since, until - ASKED_WITHIN)),
            await findings(engine, consultation),
            await count_unread(engine, consultation, until - LOOKED_AT_WITHIN),
            newest=publications[-1] if publications else None,
            before=publications[0] if len(publications) > 1 else None,
            released=shown[-1].released_at if shown else None,
        )
    )


def _titled(document: str) -> tuple[Text, str]:
    """Return what a consultation is called, and the language of its own wording."""
    definition, translations = parts_of(document)
    place = ("title", definition["title"].strip())
    found = {language: known[place] for language, known in translations.items() if place in known}
    return Text("title", definition["title"], found), definition["languages"][0]


async def _publication(engine: Database, listed: Listed) -> Publication:
    stored = await release(engine, listed.consultation, listed.number)
    assert stored is not None  # noqa: S101  releases are never deleted
    return _read_publication(stored.document)
