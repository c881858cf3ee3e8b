"""All checks of a consultation that can be read."""

from collections.abc import Iterable

from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.core.review.between import shared_code_faults, shared_keyword_faults
from bot.core.review.languages import letter_faults, translation_faults
from bot.core.review.messages import message_faults
from bot.core.review.reachability import reachability_faults
from bot.core.review.references import reference_faults
from bot.core.review.wordings import wording_faults


def review(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Return what is wrong with a consultation, translated and with its phrasebooks, in the order of the checks.

    A condition that names what is not there is told once: that it can never hold follows from it.
    """
    references = tuple(reference_faults(questionnaire))
    told = {problem.path for problem in references}
    return (
        *references,
        *(problem for problem in reachability_faults(questionnaire) if problem.path not in told),
        *translation_faults(questionnaire),
        *letter_faults(questionnaire),
        *wording_faults(questionnaire),
        *message_faults(questionnaire),
    )


def review_all(questionnaires: Iterable[Questionnaire]) -> tuple[Problem, ...]:
    """Return what is wrong between consultations; each path begins with the id of the one it is told of."""
    return tuple(shared_keyword_faults(tuple(questionnaires)))


def review_all_sources(questionnaires: Iterable[Questionnaire]) -> tuple[Problem, ...]:
    """Return what is wrong between consultations with the codes of sources; paths as in `review_all`."""
    return tuple(shared_code_faults(tuple(questionnaires)))
