"""How an interview ended, in the terms of survey research.

Codes and terms are those of the AAPOR's Standard Definitions (8th edition, 2015) for internet surveys of specifically
named persons, the nearest mode to a conversation by message. They leave the line between a partial interview and a
break-off to the survey, which has to state it; here it is the consultation's own `partial_share`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.interview.records import AnswerStatus, Ending, Interview, Stage
from bot.core.interview.route import applicable
from bot.core.interview.values import Ground
from bot.core.questionnaire import Questionnaire

SILENCE = timedelta(days=7)
"""After this long without a message, an unfinished interview is taken to have ended."""


class Disposition(StrEnum):
    """What became of an interview."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"
    REFUSED = "refused"
    NOT_ELIGIBLE = "not_eligible"
    SCREENED_OUT = "screened_out"
    NO_CONSENT = "no_consent"
    """The person wrote, and never answered whether they take part."""
    IN_PROGRESS = "in_progress"

    @property
    def aapor_code(self) -> str:
        """Return the code of the Standard Definitions; "" while the interview goes on.

        Who wrote and left the question for consent open has refused implicitly (2.112), as somebody has who opens
        an internet survey and leaves before its first question.
        """
        return AAPOR_CODES[self]


AAPOR_CODES = {
    Disposition.COMPLETE: "1.1",
    Disposition.PARTIAL: "1.2",
    Disposition.REFUSED: "2.11",
    Disposition.BREAK_OFF: "2.12",
    Disposition.NO_CONSENT: "2.112",
    Disposition.NOT_ELIGIBLE: "4.1",
    Disposition.SCREENED_OUT: "4.8",
    Disposition.IN_PROGRESS: "",
}

ENDINGS = {
    Ending.COMPLETE: Disposition.COMPLETE,
    Ending.REFUSED: Disposition.REFUSED,
    Ending.NOT_ELIGIBLE: Disposition.NOT_ELIGIBLE,
    Ending.SCREENED_OUT: Disposition.SCREENED_OUT,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the required questions on a person's way they have answered."""

    answered: int
    applicable: int

    @property
    def share(self) -> float:
        return self.answered / self.applicable if self.applicable else 0.0


def progress(questionnaire: Questionnaire, interview: Interview, now: datetime) -> Progress:
    """Return how far a person came on the way that their answers have led to so far.

    An answer that was not understood counts: the person gave it.
    """
    ground = Ground(questionnaire, interview.answers, now, interview.seed)
    required = [station.slot for station in applicable(ground) if station.node.item.required]
    held = (interview.answers.get(slot) for slot in required)
    return Progress(sum(answer is not None and answer.status in GIVEN for answer in held), len(required))


GIVEN = frozenset({AnswerStatus.ANSWERED, AnswerStatus.NOT_UNDERSTOOD, AnswerStatus.DEFAULT})


def disposition(
    questionnaire: Questionnaire, interview: Interview, now: datetime, silence: timedelta = SILENCE
) -> Disposition:
    """Return what became of an interview as things stand at a moment."""
    if interview.ending in ENDINGS:
        return ENDINGS[interview.ending]
    if interview.ending is None and now - interview.updated_at < silence:
        return Disposition.IN_PROGRESS
    if interview.consented_at is None:
        return Disposition.REFUSED if interview.ending is Ending.STOPPED else Disposition.NO_CONSENT
    reached = progress(questionnaire, interview, now)
    enough = interview.stage is not Stage.CONSENT and reached.share >= questionnaire.partial_share
    return Disposition.PARTIAL if enough and reached.answered else Disposition.BREAK_OFF
