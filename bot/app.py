"""The composition root: settings -> consultations, store, vault and intake, wired into the web application."""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.api.feeds import Feeds
from bot.api.routes import Api
from bot.channels import Address, Channel
from bot.channels.twilio import segments
from bot.console.try_page import Line, TryPage
from bot.core.reception import consultations
from bot.digests.unsubscribing import Leaving
from bot.intake import Intake
from bot.intake.receipts import Receipts
from bot.language.detection import once_loaded, open_detector
from bot.offering import Offering
from bot.settings import Settings, serving
from bot.store.database import connect
from bot.store.inbox import waiting
from bot.store.letters import count_open
from bot.store.schema import NOT_MIGRATED, at_head, require_head
from bot.store.talks import read_talk
from bot.store.turns import Sender
from bot.store.vault import AddressPepper, AddressSeal
from bot.web import application
from bot.wiring import Channels, is_trial, sender_lines, trial_lines
from bot.working import Work, find_work

log = logging.getLogger(__name__)

DATABASE_ANSWERS_WITHIN_S = 5
NOTHING_IS_SENT = "nothing is sent from the outbox any more: restart Heard"


async def prepare(settings: Settings, *, migrates: bool) -> None:
    """Make sure, before a server starts, that the database answers and has the tables that are needed.

    A server that fails while starting says so with a traceback, and not in a sentence.

    Raises:
        SettingsError: it does not answer, or has other tables and `migrates` is false.
    """
    engine = connect(settings.database_url.get_secret_value())
    try:
        if migrates:
            # Alembic costs memory that a process which only serves can do without.
            from bot.store.migrating import migrate  # noqa: PLC0415

            await migrate(engine)
        await require_head(engine)
    finally:
        await engine.dispose()


def build(settings: Settings, *, demo: bool = False, polls: bool = False) -> ASGIApp:
    """Return the web application of these settings; its lifespan opens and closes what it holds.

    In demo mode it has the chat page; `polls` has Telegram asked for updates. The database is to be migrated already;
    see `prepare`.

    Raises:
        SettingsError: something that serving needs is missing, or cannot be used.
        FlowsError: there are errors in the consultation files.
    """
    needed = serving(settings)
    pepper = AddressPepper(needed.address_pepper.get_secret_value())
    engine = connect(settings.database_url.get_secret_value())
    offering = Offering(engine, settings.flows, settings.locales)
    detector = open_detector(settings.detector)
    intake = Intake(
        engine,
        consultations(offering.questionnaires.values(), detect=once_loaded(detector)),
        pepper=pepper,
        seal=AddressSeal(needed.sealing_keys.get_secret_value()),
        segments=segments,
        rebuild=offering.rebuild,
        load=detector.load,
        turning_away=lambda: offering.turning_away,
    )

    # SQLite has one process that writes, so that one sends and fetches too; on PostgreSQL `heard work` does.
    in_trial = demo and is_trial(settings)
    worker = None
    if engine.dialect.name == "sqlite":
        lines = trial_lines(settings) if in_trial else sender_lines(settings)
        worker = find_work(settings, engine, offering.quotas_of, lines)
    channels = Channels(settings, needed, lambda: offering.questionnaires, polls=polls)
    # A demo ends with its terminal, which tells so by the same signal.
    receipts = Receipts(engine)
    life = _Life(engine, intake, offering, worker, channels, receipts, hears_hang_up=not demo)
    return application(
        intake,
        channels.doors,
        _unready(engine, offering),
        receipt_doors=channels.receipt_doors,
        receipts=receipts,
        warnings=life.warnings,
        outbox=lambda: count_open(engine),
        inbox=lambda: _count_cases(engine),
        pages=[
            *Api(engine, settings.locales, pepper).routes(),
            *(Feeds(engine, settings.public_url).routes() if settings.public_url else ()),
            *Leaving(engine, pepper, settings.locales).routes(),
            *(_try_page(engine, intake, offering, pepper, settings if in_trial else None) if demo else ()),
        ],
        lifespan=life.span,
    )


async def _count_cases(engine: AsyncEngine) -> Mapping[str, int]:
    return (await waiting(engine, datetime.now(UTC))).counts()


class _Life:
    """What goes on beside the requests: following the consultation files, and sending where this process sends."""

    def __init__(
        self,
        engine: AsyncEngine,
        intake: Intake,
        offering: Offering,
        worker: Work | None,
        channels: Channels,
        receipts: Receipts,
        *,
        hears_hang_up: bool,
    ) -> None:
        self._engine = engine
        self._intake = intake
        self._offering = offering
        self._worker = worker
        self._channels = channels
        self._receipts = receipts
        self._hears_hang_up = hears_hang_up
        self._working: asyncio.Task[None] | None = None
        self._is_ending = False

    @asynccontextmanager
    async def span(self, _: Starlette) -> AsyncIterator[None]:
        offer = self._intake.offer
        try:
            await self._offering.publish(offer)
            if self._worker:
                self._working = asyncio.create_task(self._worker.run())
                self._working.add_done_callback(self._tell)
            following = asyncio.create_task(self._offering.follow(offer))
            polling = self._channels.polling(self._intake.receive)
            asking = [asyncio.create_task(polling.run())] if polling else []
            with _hanging_up(self._offering.ask) if self._hears_hang_up else nullcontext():
                yield
            for task in (following, *asking):
                task.cancel()
            await asyncio.wait([following, *asking])
        finally:
            if self._worker and self._working:
                self._is_ending = True
                self._worker.stop()
                await asyncio.wait([self._working])
            await self._intake.close()
            await self._receipts.close()
            await self._channels.close()
            await self._engine.dispose()

    def warnings(self) -> Sequence[str]:
        """Return what an operator should look at, though messages can be taken in."""
        if self._working is None or not self._working.done():
            return self._offering.warnings
        return [*self._offering.warnings, NOTHING_IS_SENT]

    def _tell(self, working: asyncio.Task[None]) -> None:
        error = None if working.cancelled() else working.exception()
        if error is not None or not self._is_ending:
            log.error("%s: %s", NOTHING_IS_SENT, type(error).__name__)


@contextmanager
def _hanging_up(ask: Callable[[], None]) -> Iterator[None]:
    """Have `kill -HUP` ask for another look at the files, as other servers do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, ask)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def _unready(engine: AsyncEngine, offering: Offering) -> Callable[[], Awaitable[Sequence[str]]]:
    async def unready() -> Sequence[str]:
        reasons = [] if offering.has_offered else ["there is no consultation in HEARD_FLOWS"]
        try:
            async with asyncio.timeout(DATABASE_ANSWERS_WITHIN_S):
                if not await at_head(engine):
                    reasons.append(NOT_MIGRATED)
        except Exception as error:
            # Whatever it is that the driver raises, messages cannot be stored now.
            reasons.append(f"the database does not answer ({type(error).__name__})")
        return reasons

    return unready


def _seen(said: str, labels: Mapping[str, str]) -> str:
    """Return what a person sees of their own message: labels of buttons, where it is the data of some."""
    asked, _, names = said.partition("=")
    marked = [labels.get(f"{asked}={name}") for name in names.split()]
    seen = [label for label in marked if label is not None]
    return ", ".join(seen) if seen and len(seen) == len(marked) else said


def _try_page(
    engine: AsyncEngine, intake: Intake, offering: Offering, pepper: AddressPepper, trial: Settings | None
) -> Sequence[BaseRoute]:
    """Return the chat page; in a trial, it shows the phones of people on a list too."""
    ours = next((one.name for one in trial.senders), None) if trial else None

    async def talk(channel: Channel, address: Address) -> Sequence[Line]:
        said = await read_talk(engine, Sender(channel, pepper.hash(channel, address)))
        labels = {button.data: button.label for one in said for button in one.buttons}
        return [
            # What was pressed is stored as the button's data; the person saw its label.
            Line(
                one.outbound,
                one.text if one.outbound else _seen(one.text, labels),
                one.language,
                one.buttons,
            )
            for one in said
        ]

    return [
        *TryPage(intake.receive, talk, lambda: offering.questionnaires, ours).routes(),
        Route("/", RedirectResponse("/try")),
    ]
