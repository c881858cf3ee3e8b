"""Somebody who was invited and answers: whatever they say, but STOP and another consultation's keyword, is about that.

That they were is known by the consultation they last spoke about, in which there is no interview of theirs yet: the
store has it so from the moment that their invitation is on its way.
"""

from collections.abc import Mapping

from bot.core.interview.records import Interview, Stage
from bot.core.questionnaire import Questionnaire
from bot.core.reception.greeting import command_of
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming
from bot.core.replies import Command, read_yes_no

SOURCE = "invitation"
"""What an interview says of where it came from that was begun by somebody who was invited."""


def invited_to(correspondent: Correspondent, interviews: Mapping[str, Interview]) -> str | None:
    """Return the consultation that somebody was invited to and has not begun."""
    consultation = correspondent.current
    has_begun = consultation in interviews or consultation in correspondent.moved
    return None if has_begun else consultation


def answers_invitation(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
) -> str | None:
    """Return the consultation that a message answers the invitation to; None where it does not."""
    consultation = invited_to(correspondent, interviews)
    if consultation not in known.offered or incoming.corrects:
        return None
    return None if command_of(known, incoming) is Command.STOP else consultation


def refuses(questionnaire: Questionnaire, joined: Interview, incoming: Incoming) -> bool:
    """Return whether a message says a clear no to an invitation, in the language that the interview begins in."""
    if incoming.button is not None or incoming.shared or joined.stage is not Stage.CONSENT or joined.menu:
        return False
    return read_yes_no(incoming.text, questionnaire.phrasebook(joined.language), exact=True) is False
