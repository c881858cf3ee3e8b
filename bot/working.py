"""What goes on beside the requests: sending what waits in the outbox, and fetching what people sent."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.channels import Channel
from bot.channels.media import MediaSource
from bot.media.fetching import Fetcher
from bot.media.files import Folder
from bot.outbox import Worker
from bot.settings import Settings
from bot.store.database import Database
from bot.wiring import build_worker, sender_lines


class Work:
    """The outbox's worker and the fetcher of pictures and sounds, as one; either may be missing."""

    def __init__(self, worker: Worker | None, fetcher: Fetcher | None) -> None:
        self._worker = worker
        self._both = [one for one in (worker, fetcher) if one is not None]

    @property
    def tasks(self) -> Sequence[str]:
        """What it does, for whoever starts it."""
        sends = [f"Sending from {', '.join(self._worker.senders)}"] if self._worker else []
        return [*sends, *(["Fetching pictures and sounds"] if len(self._both) > len(sends) else [])]

    async def run(self) -> None:
        """Work until `stop`; then return, once what is in hand is settled."""
        async with asyncio.TaskGroup() as group:
            for one in self._both:
                group.create_task(one.run())

    def stop(self) -> None:
        """Have `run` return soon."""
        for one in self._both:
            one.stop()


def build_work(settings: Settings, engine: Database) -> Work:
    """Return the work of a process that does nothing else.

    Raises:
        SettingsError: something that sending needs is missing, or there is no sender at all.
    """
    return Work(build_worker(settings, engine), _fetcher(settings, engine))


def find_work(settings: Settings, engine: Database) -> Work | None:
    """Return what there is to do by these settings, beside serving; None for nothing."""
    worker = build_worker(settings, engine) if sender_lines(settings) else None
    fetcher = _fetcher(settings, engine)
    return Work(worker, fetcher) if worker or fetcher else None


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
