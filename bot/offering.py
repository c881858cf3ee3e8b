"""What is offered: the consultations of HEARD_FLOWS, kept up with their files while serving.

Changed files are checked as at the start. Where they are good, new interviews begin on them, and running ones end on
the version they began on. Where they are not, what was offered before goes on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot import logs
from bot.core.outreach.quotas.records import Quotas
from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.errors import FlowsError, QuotasError
from bot.flowfiles.folder import LEFT_OUT, Flows, load_flows, rebuild
from bot.flowfiles.watching import Watch
from bot.store.database import Database
from bot.store.failures import is_unreachable
from bot.store.versions import Publication, publish

log = logging.getLogger(__name__)

LOOKS_EVERY_S = 3.0

Offer = Callable[[Iterable[Questionnaire]], None]
"""Has new interviews begin on these; see `bot.intake.Intake.offer`."""
Rest = Callable[[], Awaitable[bool]]
"""Returns when it is time for another look; true where an operator asked for it."""


class Offering:
    """The consultations that can be joined now.

    `warnings` tell an operator where that is not what the files say. `has_offered` is whether there was any
    consultation so far: with none left, those who are in the middle of one still need this server.
    """

    def __init__(self, engine: Database, flows: Path, locales: Path) -> None:
        """Raise FlowsError where there are errors in the files."""
        self._engine = engine
        self._places = flows, locales
        # Before the files are read: a change while that is done is seen at the first look.
        self._watch = Watch(*self._places)
        self._flows = self._unpublished = load_flows(*self._places)
        self._turning_away = _turning_away(self._flows)
        self.has_offered = bool(self._flows.flows)
        self._is_published = False
        self._asked = asyncio.Event()
        self.warnings: Sequence[str] = ()

    @property
    def questionnaires(self) -> Mapping[str, Questionnaire]:
        """What can be joined now, by id."""
        return {name: flow.questionnaire for name, flow in self._flows.flows.items()}

    @property
    def turning_away(self) -> Mapping[str, Quotas]:
        """The quotas that turn people away, by consultation; none where the organiser does not demand it."""
        return self._turning_away

    def quotas_of(self, consultation: str) -> Quotas | None:
        """Return the quotas of a consultation; None where it has none.

        Raises:
            QuotasError: it is not offered, so whoever is invited could not join.
        """
        offered = self.questionnaires.get(consultation)
        if offered is None:
            raise QuotasError("it is not in HEARD_FLOWS, and its quotas are not known")
        return offered.outreach.quotas if offered.outreach else None

    def rebuild(self, document: str) -> Questionnaire:
        """Return the questionnaire of a stored version, in the words, with the outreach and who stands by, of now.

        A catalogue may be broken at present, or half written; who is on an old version is served all the same.
        """
        known = {
            language: book
            for one in self.questionnaires.values()
            for language, book in one.phrasebooks.items()
        }
        rebuilt = rebuild(document, self._places[1], known)
        offered = self.questionnaires.get(rebuilt.id)
        outreach, safeguard = (offered.outreach, offered.safeguard) if offered else (None, None)
        return replace(rebuilt, outreach=outreach, safeguard=safeguard)

    async def publish(self, offer: Offer) -> None:
        """Store what the files were found to say, then offer it; not yet, where the database does not serve.

        An interview refers to its version in the store, so nothing is offered that is not there.
        """
        flows = self._unpublished
        try:
            await publish(self._engine, _publications(flows), datetime.now(UTC))
        except Exception as error:
            if not is_unreachable(error):
                raise
            # The intake tells of the outage; after it, the next look publishes.
            return
        self._flows, self._is_published = flows, True
        self._turning_away = _turning_away(flows)
        self.has_offered = self.has_offered or bool(flows.flows)
        self.warnings = [*(_of_none(flows) if self.has_offered else ()), *_of_left_out(flows)] or ()
        offer(flows.questionnaires)

    async def follow(self, offer: Offer, rest: Rest | None = None) -> None:
        """Keep up with the files until cancelled."""
        rest = rest or self._rest
        while True:
            asked = await rest()
            try:
                await self.look(offer, at_once=asked)
            except Exception as error:
                # Whatever it is, another look may go well; without one, no file is ever read again.
                log.error("looking at the consultation files failed: %s", type(error).__name__)

    def ask(self) -> None:
        """Have the files read now, whether they changed or not."""
        self._asked.set()

    async def look(self, offer: Offer, *, at_once: bool = False) -> None:
        """Read the files where they have changed and come to rest, or `at_once`, and offer them where they are good."""
        if await asyncio.to_thread(self._watch.settled) or at_once:
            await self._read()
        if not self._is_published:
            await self.publish(offer)

    async def _read(self) -> None:
        problems: Sequence[Problem] = ()
        try:
            flows = await asyncio.to_thread(load_flows, *self._places)
        except FlowsError as error:
            problems = error.problems
        if not await asyncio.to_thread(self._watch.take):
            # They changed meanwhile: what was read may be half of one state and half of another.
            return
        if problems:
            self._refuse(problems)
            return
        self._unpublished, self._is_published = flows, False
        log.info("the consultation files were read again", extra=logs.facts(consultations=len(flows.flows)))

    def _refuse(self, problems: Sequence[Problem]) -> None:
        first, names = problems[0], sorted({Path(problem.file).name for problem in problems})
        log.error(
            "the changed consultation files are not used, for there are problems in them",
            extra=logs.facts(problems=len(problems), files=", ".join(names)),
        )
        place = f"{Path(first.file).name}, line {first.line}" if first.line else Path(first.file).name
        others = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        self.warnings = [
            f"the changed consultation files are not used ({place}: {first.code}{others}); what was offered before "
            "goes on. `heard check` tells what is wrong"
        ]

    async def _rest(self) -> bool:
        try:
            async with asyncio.timeout(LOOKS_EVERY_S):
                await self._asked.wait()
        except TimeoutError:
            return False
        self._asked.clear()
        return True


def _turning_away(flows: Flows) -> Mapping[str, Quotas]:
    of = {one.id: one.outreach.quotas for one in flows.questionnaires if one.outreach is not None}
    demanded = {name: quotas.turning_away() for name, quotas in of.items() if quotas is not None}
    return {name: quotas for name, quotas in demanded.items() if quotas.quotas}


def _publications(flows: Flows) -> Sequence[Publication]:
    return [
        Publication(one.questionnaire.version, one.questionnaire.id, one.document)
        for one in flows.flows.values()
    ]


def _of_left_out(flows: Flows) -> Iterator[str]:
    for problem in flows.problems:
        if problem.code == LEFT_OUT:
            yield f"{Path(problem.file).name}: {problem.message} `heard check` tells what to do"


def _of_none(flows: Flows) -> Sequence[str]:
    if flows.flows:
        return ()
    return ["there is no consultation in HEARD_FLOWS any more: only interviews that run already go on"]
