"""What conditions see of an interview: the value of each name, from where the condition stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.expressions import Scope
from bot.core.interview.records import Answer, Slot
from bot.core.interview.slots import Rounds, place_of, slot_of
from bot.core.questionnaire import ItemType, Node, Questionnaire


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that a condition may depend on, but for the place where it stands.

    `answers` is read at the time of evaluation, so a route that fills it in while walking sees its own work.
    """

    questionnaire: Questionnaire
    answers: Mapping[Slot, Answer]
    now: datetime
    seed: int

    @property
    def today(self) -> date:
        """The day where the consultation is held."""
        return self.now.astimezone(self.questionnaire.clock).date()

    def scope(self, node: Node, rounds: Rounds, value: str = "") -> Scope:
        """Return what a condition at a node sees; `value` is the answer at hand, the condition's `.`."""
        questionnaire, answers = self.questionnaire, self.answers

        def lookup(name: str) -> str | tuple[str, ...]:
            there = questionnaire.nodes[questionnaire.positions[name]]
            if there.item.type is ItemType.REPEAT:
                return ("",) * _rounds_begun(questionnaire, answers, there, rounds)
            shared = _shared_depth(there.repeats, node.repeats)
            if len(there.repeats) == shared:
                return _standing(answers.get(slot_of(name, rounds[:shared])))
            return tuple(
                _standing(answer)
                for slot, answer in answers.items()
                if slot.startswith(name + "[") and place_of(slot)[1][:shared] == rounds[:shared]
            )

        def all_rounds(name: str) -> tuple[str, ...]:
            there = questionnaire.nodes[questionnaire.positions[name]]
            return _round_by_round(name, answers, _shared_outer(there, node, rounds))

        return Scope(
            lookup=lookup,
            now=self.now.astimezone(questionnaire.clock),
            seed=self.seed,
            value=value,
            position=rounds[-1] if rounds else 0,
            slot=slot_of(node.item.name, rounds),
            rounds=all_rounds,
        )


def _standing(answer: Answer | None) -> str:
    return answer.value if answer is not None and answer.relevant else ""


def _shared_depth(there: tuple[str, ...], here: tuple[str, ...]) -> int:
    """Return how many repeats, from the outermost, two places have in common."""
    depth = 0
    for one, other in zip(there, here, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def _shared_outer(there: Node, here: Node, rounds: Rounds) -> Rounds:
    """Return the rounds that two places share, without that of the innermost repeat around the first."""
    return rounds[: min(_shared_depth(there.repeats, here.repeats), len(there.repeats) - 1)]


def _round_by_round(name: str, answers: Mapping[Slot, Answer], around: Rounds) -> tuple[str, ...]:
    """Return an item's values in the rounds within those around it, "" for one without an answer."""
    held = {
        rounds: _standing(answer)
        for slot, answer in answers.items()
        if slot.startswith(name + "[") and (rounds := place_of(slot)[1])[:-1] == around
    }
    last = max((rounds[-1] for rounds in held), default=0)
    return tuple(held.get((*around, number), "") for number in range(1, last + 1))


def _rounds_begun(
    questionnaire: Questionnaire, answers: Mapping[Slot, Answer], repeat: Node, rounds: Rounds
) -> int:
    """Return how many rounds of a repeat hold an answer, within the rounds around the place that asks."""
    depth = len(repeat.repeats)
    begun = 0
    for slot, answer in answers.items():
        name, held = place_of(slot)
        inside = questionnaire.nodes[questionnaire.positions[name]]
        if answer.relevant and len(held) > depth and held[:depth] == rounds[:depth]:
            around = (*inside.repeats, name) if inside.item.type is ItemType.REPEAT else inside.repeats
            if around[depth] == repeat.item.name:
                begun = max(begun, held[depth])
    return begun
