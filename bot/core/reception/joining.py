"""Which consultation a message asks to join."""

from bot.core.folding import fold
from bot.core.interview.answering import read_at
from bot.core.interview.records import Interview, Stage
from bot.core.interview.slots import node_at
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Incoming
from bot.core.replies import Read

JOIN_BUTTON = ":join="
"""How the data of a button begins that joins, before a keyword."""

Joining = tuple[str, str | None]
"""A consultation's id, and the language that the keyword told."""


def asked_to_join(known: Consultations, current: Interview | None, incoming: Incoming) -> Joining | None:
    """Return what a message asks to join, or None where it is something else.

    In the middle of an interview only a whole message counts, and not one that answers the question at hand: a choice
    may be called as another consultation's keyword is.
    """
    if incoming.joins is not None and incoming.joins in known.offered:
        return incoming.joins, None
    if incoming.button is not None and incoming.button.startswith(JOIN_BUTTON):
        return known.keywords.get(fold(incoming.button.removeprefix(JOIN_BUTTON)))
    if incoming.button is not None or not incoming.text:
        return None
    said = fold(incoming.text)
    exact = known.keywords.get(said)
    if current is None or current.stage is Stage.ENDED:
        if exact is not None:
            return exact
        words = said.split()
        found = {known.keywords[word] for word in words if word in known.keywords}
        return found.pop() if len(found) == 1 and len(words) <= MOST_WORDS_AROUND_KEYWORD else None
    if exact is None or names_a_choice(known, current, incoming):
        return None
    return exact


MOST_WORDS_AROUND_KEYWORD = 4
"""A message as short as "hello WATER please" joins; a longer one only mentions the word."""


def names_a_choice(known: Consultations, current: Interview, incoming: Incoming) -> bool:
    """Return whether a text names a choice of the question at hand."""
    if current.stage is not Stage.ITEMS or current.menu is not None or current.at is None:
        return False
    questionnaire = known.of(current)
    if not node_at(questionnaire, current.at)[0].item.type.has_choices:
        return False
    return isinstance(read_at(questionnaire, current, current.at, incoming.text, incoming.at), Read)
