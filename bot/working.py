"""What goes on beside the requests: sending what waits in the outbox, and fetching what people sent."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.channels import Channel
from bot.channels.media import MediaSource
from bot.channels.places import time_zones_of
from bot.digests.mail import Mailer
from bot.digests.webhooks import Hooks, Reach, read_networks
from bot.digests.working import DigestWorker
from bot.digests.working import Surroundings as DigestSurroundings
from bot.errors import VaultError
from bot.media.fetching import Fetcher
from bot.media.files import Folder
from bot.outbox import SenderLine, Worker
from bot.outreach import rewarding
from bot.outreach.inviting import Inviter, Surroundings
from bot.outreach.quotas.following import QuotaFiles
from bot.outreach.quotas.recruiting import QuotasOf, Recruiting
from bot.outreach.reminding import Place, Questionnaires, Reminders
from bot.outreach.reminding import Surroundings as ReminderSurroundings
from bot.outreach.rewarding import RewardWorker
from bot.settings import Settings, mailing, sealing
from bot.store.database import Database
from bot.store.vault import AddressPepper, AddressSeal
from bot.wiring import build_worker, sender_lines


class Work:
    """All workers as one; each may be missing.

    The outbox's, those that feed it with invitations and reminders, and those of pictures and sounds, of digests and of
    rewards.
    """

    def __init__(
        self,
        worker: Worker | None,
        fetcher: Fetcher | None,
        digests: DigestWorker | None = None,
        rewards: RewardWorker | None = None,
        inviter: Inviter | None = None,
        reminders: Reminders | None = None,
    ) -> None:
        self._worker = worker
        self._fetcher = fetcher
        self._digests = digests
        self._rewards = rewards
        self._inviter = inviter
        every = (worker, fetcher, digests, rewards, inviter, reminders)
        self._all = [one for one in every if one is not None]

    @property
    def tasks(self) -> Sequence[str]:
        """What it does, for whoever starts it."""
        return [
            *([f"Sending from {', '.join(self._worker.senders)}"] if self._worker else []),
            *(["Inviting and reminding"] if self._inviter else []),
            *(["Fetching pictures and sounds"] if self._fetcher else []),
            *(["Sending digests"] if self._digests else []),
            *(["Paying rewards"] if self._rewards else []),
        ]

    async def run(self) -> None:
        """Work until `stop`; then return, once what is in hand is settled."""
        async with asyncio.TaskGroup() as group:
            for one in self._all:
                group.create_task(one.run())

    def stop(self) -> None:
        """Have `run` return soon."""
        for one in self._all:
            one.stop()


def build_work(settings: Settings, engine: Database) -> Work:
    """Return the work of a process that does nothing else.

    Raises:
        SettingsError: something that sending needs is missing, or there is nothing to send with at all.
    """
    digests = build_digests(settings, engine)
    # A process may be there for digests alone.
    lines = sender_lines(settings)
    worker = None if settings.smtp_url and not lines else build_worker(settings, engine, lines)
    rewards = build_rewards(settings, engine)
    reaching = _outreach(settings, engine, worker, QuotaFiles(settings.flows, settings.locales).of)
    return Work(worker, _fetcher(settings, engine), digests, rewards, *reaching)


def find_work(settings: Settings, engine: Database, quotas_of: QuotasOf, lines: Sequence[SenderLine]) -> Work:
    """Return what there is to do by these settings, beside serving what `quotas_of` tells the quotas of."""
    worker = build_worker(settings, engine, lines) if lines else None
    digests, rewards = build_digests(settings, engine), build_rewards(settings, engine)
    reaching = _outreach(settings, engine, worker, quotas_of)
    return Work(worker, _fetcher(settings, engine), digests, rewards, *reaching)


def _outreach(
    settings: Settings, engine: Database, worker: Worker | None, quotas_of: QuotasOf
) -> tuple[Inviter | None, Reminders | None]:
    """Return what invites and what reminds, where there is anything to send with."""
    if worker is None:
        return None, None
    recruiting = Recruiting(engine, quotas_of)
    around = ReminderSurroundings(worker.rates, placing(settings), against=recruiting.against_reminding)
    return (
        Inviter(engine, Surroundings(worker.rates, recruiting.steering)),
        Reminders(engine, Questionnaires(engine, settings.locales), around),
    )


def placing(settings: Settings) -> Place:
    """Return what tells where a channel's sealed address is.

    Raises:
        SettingsError: there are no keys to open addresses with.
    """
    seal = AddressSeal(sealing(settings).get_secret_value())

    def place(channel: Channel, sealed: str) -> str | None:
        if channel is Channel.TELEGRAM:
            return None
        try:
            return time_zones_of(seal.open(sealed).reveal())
        except VaultError:
            return None

    return place


def build_digests(settings: Settings, engine: Database) -> DigestWorker:
    """Return the worker that makes digests and sends them.

    Raises:
        SettingsError: there are no keys to open addresses with, or half of what mail needs.
    """
    pepper, needed = settings.address_pepper, mailing(settings)
    return DigestWorker(
        engine,
        DigestSurroundings(
            AddressSeal(sealing(settings).get_secret_value()),
            AddressPepper(pepper.get_secret_value()) if pepper else None,
            Hooks(Reach(read_networks(settings.webhook_networks))),
            settings.locales,
            Mailer(needed.server) if needed else None,
            needed.sender if needed else None,
            settings.public_url,
        ),
    )


def build_rewards(settings: Settings, engine: Database) -> RewardWorker | None:
    """Return the worker that has rewards paid; None without the pepper, by which nobody is paid twice."""
    pepper = settings.address_pepper
    if pepper is None:
        return None
    return RewardWorker(
        engine,
        rewarding.Surroundings(
            AddressSeal(sealing(settings).get_secret_value()),
            AddressPepper(pepper.get_secret_value()),
            Hooks(Reach(read_networks(settings.webhook_networks))),
        ),
    )


def _fetcher(settings: Settings, engine: Database) -> Fetcher | None:
    sources = media_sources(settings)
    return Fetcher(engine, Folder(settings.media), sources) if sources else None


def media_sources(settings: Settings) -> Mapping[Channel, MediaSource]:
    """Return who keeps the pictures and sounds of each channel."""
    sources: dict[Channel, MediaSource] = {}
    if settings.twilio_auth_token is not None:
        # The client costs memory and time that a process without Twilio can do without.
        from bot.channels.twilio_media import TwilioMedia  # noqa: PLC0415

        token = settings.twilio_auth_token.get_secret_value()
        twilio = TwilioMedia(token, settings.twilio_account_sid, settings.twilio_api_url)
        sources |= {Channel.SMS: twilio, Channel.WHATSAPP: twilio}
    if settings.telegram_token is not None:
        from bot.channels.telegram.client import make_bot  # noqa: PLC0415
        from bot.channels.telegram.media import TelegramMedia  # noqa: PLC0415

        bot = make_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        sources[Channel.TELEGRAM] = TelegramMedia(bot)
    return sources
