"""Which answers a message has changed, and what was sent with them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.channels import InboundMessage, Shared
from bot.channels.media import MEDIA_KINDS
from bot.core.interview.records import Answer, Interview, Slot
from bot.core.reception import Correspondent
from bot.core.reception.helping import Helped


def changed_answers(
    before: Mapping[str, Interview], after: Mapping[str, Interview]
) -> dict[tuple[str, Slot], Answer]:
    """Return the answers that are new or changed, by consultation and slot.

    One that is gone, because the person started again, is there too, as not relevant any more: what somebody has
    said stays stored, but leaves the results.
    """
    changed: dict[tuple[str, Slot], Answer] = {}
    for consultation, interview in after.items():
        earlier = before[consultation].answers if consultation in before else {}
        for slot, answer in interview.answers.items():
            if earlier.get(slot) != answer:
                changed[consultation, slot] = answer
        for slot in earlier.keys() - interview.answers.keys():
            changed[consultation, slot] = replace(earlier[slot], relevant=False)
    return changed


def answers_of_helped(before: Correspondent, helped: Helped | None) -> Mapping[Slot, Answer]:
    """Return the answers of a helped person that are new, changed or taken back."""
    if helped is None or helped.interview is None:
        return {}
    now = helped.interview
    changed = changed_answers(before_helping(before, helped), {now.consultation: now})
    return {slot: answer for (_, slot), answer in changed.items()}


def before_helping(before: Correspondent, helped: Helped) -> Mapping[str, Interview]:
    """Return the interview of a helped person as it stood, by its consultation; none of a person who begins."""
    session = before.session
    if session is None or (session.id, session.person) != (helped.session, helped.person):
        return {}
    return {session.interview.consultation: session.interview} if session.interview else {}


def media_of(message: InboundMessage, answers: Iterable[Answer]) -> tuple[Shared, ...]:
    """Return the pictures and sounds to keep: those that answer a question, and nothing that nobody asked for."""
    given = {answer.value for answer in answers if answer.relevant}
    return tuple(one for one in message.shared if one.kind in MEDIA_KINDS and one.value in given)
