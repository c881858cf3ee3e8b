"""The quotas that the files beside the consultations say, for a worker that follows them."""

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from bot.core.outreach.quotas.records import Quotas
from bot.errors import QuotasError
from bot.flowfiles.folder import check_files, flow_files
from bot.flowfiles.outreach import outreach_file
from bot.flowfiles.watching import Watch

log = logging.getLogger(__name__)

LOOKS_EVERY_S = 10.0


class QuotaFiles:
    """Reads quotas again when their files have changed and come to rest.

    While one is faulty, what it said before goes on; where that was never known, nobody is invited.
    """

    def __init__(self, flows: Path, locales: Path, clock: Callable[[], float] = monotonic) -> None:
        self._places = flows, locales
        self._clock = clock
        self._watch: Watch | None = None
        self._known: dict[str, Quotas | None] = {}
        self._faulty: frozenset[str] = frozenset()
        self._due = 0.0

    def of(self, consultation: str) -> Quotas | None:
        """Return the quotas of a consultation; None where it has none.

        Raises:
            QuotasError: since this process began, its files have had faults, or there has been no such consultation.
        """
        self._look()
        if consultation in self._known:
            return self._known[consultation]
        if consultation in self._faulty:
            raise QuotasError("its quotas cannot be read: heard check tells what is wrong")
        raise QuotasError("it is not in HEARD_FLOWS, and its quotas are not known")

    def _look(self) -> None:
        if self._clock() < self._due:
            return
        self._due = self._clock() + LOOKS_EVERY_S
        is_first = self._watch is None
        self._watch = self._watch or Watch(*self._places)
        if not (is_first or self._watch.settled()):
            return
        found, faulty = self._read()
        if not is_first and not self._watch.take():
            return
        for name in faulty - self._faulty:
            log.error("the quotas of %s are not read, for there are problems in its files", name)
        self._known |= found
        self._faulty = faulty

    def _read(self) -> tuple[dict[str, Quotas | None], frozenset[str]]:
        """Return the quotas by consultation, and the consultations whose quotas nobody can tell."""
        flows, locales = self._places
        files = flow_files(flows)
        read = check_files(files, locales).flows
        outreach = {
            file.stem: read[file.stem].questionnaire.outreach if file.stem in read else None for file in files
        }
        # A file that is there and was not taken has faults.
        faulty = frozenset(
            file.stem
            for file in files
            if file.stem not in read
            or (outreach[file.stem] is None and outreach_file(flows, file.stem).exists())
        )
        told = {name: one.quotas if one else None for name, one in outreach.items() if name not in faulty}
        return told, faulty
