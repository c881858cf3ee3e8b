"""What became of interviews that did not come to their end: worked out once for all that stand alike.

Where an interview stands follows from which questions have an answer, and from the few answers that conditions read.
Of a million interviews some hundred thousand may have been left; they stand in a few hundred ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.core.disposition import SILENCE, Disposition, disposition
from bot.core.interview.records import Answer, AnswerStatus, Ending, Interview, Slot, Stage
from bot.core.interview.route import applicable
from bot.core.interview.slots import place_of
from bot.core.interview.values import Ground
from bot.core.questionnaire import ItemType, Questionnaire


class Standing(NamedTuple):
    """How an interview stands. `answers` has each slot with an answer that counts, with its status and its value.

    A value that no condition reads may be left out (""), so that more interviews stand alike.
    """

    version: str
    stage: Stage
    ending: Ending | None
    has_consented: bool
    is_silent: bool
    answers: tuple[tuple[Slot, AnswerStatus, str], ...]


class Fate(NamedTuple):
    """What became of such an interview; the slots it would still be asked; and that at which the person left."""

    disposition: Disposition
    not_reached: tuple[Slot, ...]
    left_at: Slot | None


@dataclass(frozen=True, slots=True)
class Routes:
    """Tells the fate of interviews of any version, as things stand at a moment."""

    versions: Mapping[str, Questionnaire]
    at: datetime
    _known: dict[Standing, Fate] = field(default_factory=dict, repr=False)

    def fate(self, standing: Standing) -> Fate:
        """Return what became of an interview that stands so."""
        if standing not in self._known:
            self._known[standing] = self._fate(standing)
        return self._known[standing]

    def _fate(self, standing: Standing) -> Fate:
        questionnaire = self.versions[standing.version]
        answers = {slot: Answer(value, status, self.at, None) for slot, status, value in standing.answers}
        last = self.at - SILENCE if standing.is_silent else self.at
        interview = Interview(
            consultation=questionnaire.id,
            version=standing.version,
            seed=0,
            started_at=last,
            updated_at=last,
            stage=standing.stage,
            answers=answers,
            consented_at=last if standing.has_consented else None,
            ending=standing.ending,
        )
        ground = Ground(questionnaire, answers, self.at, interview.seed)
        waiting = tuple(station.slot for station in applicable(ground) if station.slot not in answers)
        was_left = standing.has_consented and standing.ending in (None, Ending.STOPPED, Ending.LEFT)
        left_at = waiting[0] if was_left and waiting else None
        return Fate(disposition(questionnaire, interview, self.at), waiting, left_at)


def decisive(versions: Mapping[str, Questionnaire], slots: tuple[Slot, ...]) -> frozenset[Slot]:
    """Return the slots whose values decide which questions come, in any version."""
    nodes = [node for one in versions.values() for node in one.nodes]
    read = {
        name
        for node in nodes
        for condition in (node.item.relevant, node.item.repeat_count)
        if condition is not None
        for name in condition.references
    }
    repeats = {node.item.name for node in nodes if node.item.type is ItemType.REPEAT}
    return frozenset(slot for slot in slots if place_of(slot)[0] in read | repeats)
