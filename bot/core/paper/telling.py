"""Forms by which somebody tells of danger or harm, or asks for a person: who typed them in may not have read them."""

from collections.abc import Mapping

from bot.core.interview.records import Interview, Slot
from bot.core.interview.slots import is_in_own_words, node_at, place_of
from bot.core.limits import LIMITS
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.safeguarding import Urgency, folded_for_lookout


def told_on(questionnaire: Questionnaire, interview: Interview) -> Mapping[Slot, Urgency]:
    """Return what the answers of a form tell that are in somebody's own words; empty where nobody stands by."""
    return _told(
        questionnaire,
        {
            slot: answer.value
            for slot, answer in interview.answers.items()
            if answer.relevant and is_in_own_words(questionnaire, slot, answer)
        },
    )


def told_in(questionnaire: Questionnaire, cells: Mapping[Slot, str]) -> Urgency | None:
    """Return the most that the cells of a form tell which cannot be taken in; None where it is nothing."""
    words = {
        slot: text
        for slot, text in cells.items()
        if place_of(slot)[0] in questionnaire.positions
        and node_at(questionnaire, slot)[0].item.type is ItemType.TEXT
    }
    return most_urgent(_told(questionnaire, words))


def most_urgent(told: Mapping[Slot, Urgency]) -> Urgency | None:
    """Return what is to be read first of all that a form tells."""
    return min(told.values(), key=lambda one: one.rank, default=None)


def _told(questionnaire: Questionnaire, words: Mapping[Slot, str]) -> Mapping[Slot, Urgency]:
    safeguard = questionnaire.safeguard
    if safeguard is None:
        return {}
    found: dict[Slot, Urgency] = {}
    for slot, text in words.items():
        folded = folded_for_lookout(text[: LIMITS.text_length])
        urgency = safeguard.lookout.find(folded) if folded else None
        if urgency is None and folded in safeguard.asks:
            urgency = Urgency.ASKED
        if urgency is not None:
            found[slot] = urgency
    return found
