"""What an interview is waiting for, said again."""

from bot.core.interview.answering import farewell
from bot.core.interview.records import (
    AskConsent,
    AskItem,
    AskLanguage,
    AskReportBack,
    Effect,
    Ending,
    Interview,
    Menu,
    OfferLanguage,
    Stage,
    Tell,
)
from bot.core.phrases import ALREADY_DONE, RESTART, RESTART_CONFIRM
from bot.core.questionnaire import Questionnaire


def awaited(questionnaire: Questionnaire, interview: Interview) -> tuple[Effect, ...]:
    """Return the question that the next reply will be taken for; after the end, that there is none.

    Nothing is said to who refused or stopped: they are not pressed, and may join again as everyone does.
    """
    match interview.menu:
        case Menu.LANGUAGE:
            return (AskLanguage(),)
        case Menu.RESTART:
            return (Tell(RESTART_CONFIRM),)
        case Menu.OFFER:
            return (OfferLanguage(interview.offers[-1]),)
        case Menu.REPORT_BACK:
            return (AskReportBack(),)
        case None:
            pass
    match interview.stage:
        case Stage.CONSENT:
            return (AskConsent(),)
        case Stage.ITEMS:
            return (AskItem(interview.at, again=interview.tries),) if interview.at else ()
        case Stage.ENDED:
            if interview.ending in (Ending.NOT_ELIGIBLE, Ending.SCREENED_OUT):
                return (farewell(questionnaire, interview.ending),)
            if interview.ending is Ending.COMPLETE:
                restart = questionnaire.phrasebook(interview.language).shown(RESTART)
                return (Tell(ALREADY_DONE, {"restart": restart}),)
            return ()
