"""How many places are left in the cells of quotas that turn people away, kept up for the intake.

They are counted in the store beside the way in, now and then; in between, this process adds what its own messages
change. So where one process takes messages in, nobody is let in beyond a target; where several do, as many may be as
come to the others between two counts.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from dataclasses import replace

from bot.core.interview.records import Interview
from bot.core.outreach.quotas.records import Cell, Quotas
from bot.core.outreach.quotas.turning import Full, full, places_changed
from bot.core.reception import Consultations
from bot.store.failures import is_unreachable

log = logging.getLogger(__name__)

COUNTED_EVERY_S = 5.0
COUNTING_SHARE = 0.05
"""The share of the time that may go into counting: a count of a million interviews takes seconds."""

Demanded = Mapping[str, Quotas]
"""By consultation that turns people away: its quotas that do."""
Count = Callable[[Demanded, Callable[[], object]], Awaitable[Mapping[str, Mapping[Cell, int]]]]
"""Counts the places taken, and calls back when the moment is fixed that is counted."""


class Places:
    """The places taken, by consultation that turns people away. Where none does, it holds nothing and costs nothing."""

    def __init__(self, count: Count, demands: Callable[[], Demanded]) -> None:
        self._count = count
        self._demands = demands
        self._demanded = demands()
        self._taken: dict[str, Counter[Cell]] = {}
        # What has changed since a count began that is not done yet.
        self._since: dict[str, Counter[Cell]] = {}
        self._due = 0.0
        self._counting: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Return when there is a count. To be called between two batches, for nothing is committed then.

        Raises what the database does where it does not serve.
        """
        if (demanded := self._demands()) != self._demanded:
            self._demanded, self._taken = demanded, {}
        if not self._demanded:
            return
        if self._demanded.keys() != self._taken.keys():
            await self._count_now(lambda: None)
        elif self._counting is None and asyncio.get_running_loop().time() >= self._due:
            begun = asyncio.Event()
            self._counting = asyncio.create_task(self._count_beside(begun), context=Context())
            await begun.wait()

    def tally(self) -> "Tally | None":
        """Return what to decide a batch by; None where nobody is turned away."""
        return Tally(self._demanded, self._taken) if self._demanded else None

    def take(self, tally: "Tally | None") -> None:
        """Keep what a batch has changed, once that is stored for good."""
        if tally is None:
            return
        for consultation, changed in tally.changed.items():
            for counts in (self._taken, self._since):
                if consultation in counts:
                    counts[consultation].update(changed)

    async def close(self) -> None:
        """Give up what is being counted."""
        if self._counting is not None:
            self._counting.cancel()
            await asyncio.wait([self._counting])

    async def _count_beside(self, begun: asyncio.Event) -> None:
        try:
            await self._count_now(begun.set)
        except Exception:
            # The intake tells of the outage. The counts of before go on, with what this process adds.
            self._due = asyncio.get_running_loop().time() + COUNTED_EVERY_S
        finally:
            begun.set()
            self._counting = None

    async def _count_now(self, begun: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        started, demanded = loop.time(), self._demanded
        self._since = {one: Counter() for one in demanded}
        try:
            counted = await self._count(demanded, begun)
        except Exception as error:
            if is_unreachable(error):
                raise
            # A fault of ours must not keep anybody from taking part.
            log.error("places in quotas could not be counted: %s", type(error).__name__)
            counted, self._since = self._taken, {}
        if demanded is self._demanded:
            self._taken = {one: Counter(counted.get(one, {})) for one in demanded}
            for one, changed in self._since.items():
                self._taken[one].update(changed)
        self._since = {}
        self._due = loop.time() + max(COUNTED_EVERY_S, (loop.time() - started) / COUNTING_SHARE)


class Tally:
    """The places taken as a batch goes on: one message of it may take the last."""

    def __init__(self, demanded: Demanded, taken: Mapping[str, Counter[Cell]]) -> None:
        self.changed: dict[str, Counter[Cell]] = {one: Counter() for one in demanded}
        self._demanded = demanded
        self._taken = taken
        self._full: dict[str, Full] = {}
        for consultation in demanded:
            self._work_out(consultation)

    def known(self, consultations: Consultations) -> Consultations:
        """Return the consultations with the cells that are full now."""
        return replace(consultations, full=dict(self._full))

    def note(self, before: Mapping[str, Interview], after: Mapping[str, Interview]) -> None:
        """Note the interviews that a message has changed."""
        for consultation, interview in after.items():
            if consultation in self._demanded:
                changed = places_changed(self._demanded[consultation], before.get(consultation), interview)
                if any(changed.values()):
                    self.changed[consultation].update(changed)
                    self._work_out(consultation)

    def _work_out(self, consultation: str) -> None:
        held = self._taken.get(consultation, Counter[Cell]()).copy()
        held.update(self.changed[consultation])
        self._full[consultation] = full(self._demanded[consultation], held)
