"""The bot's own questions: which language, whether to take part, to start again, to be told what came of it."""

from dataclasses import replace
from datetime import datetime

from bot.core.interview.answering import Step, arrive, ground_of, menu_beneath
from bot.core.interview.asking import awaited
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
    Show,
    Stage,
    Tell,
)
from bot.core.interview.route import advance
from bot.core.phrases import (
    CONSENT_REFUSED,
    CONSENT_UNCLEAR,
    LANGUAGE_UNCLEAR,
    REPORT_BACK_NO,
    REPORT_BACK_YES,
    STOP,
    UNCLEAR,
)
from bot.core.questionnaire import Questionnaire
from bot.core.replies import read_named, read_number_in_menu, read_yes_no


def menu_of_languages(questionnaire: Questionnaire, interview: Interview) -> tuple[str, ...]:
    """Return the languages in the order in which this person's menu lists them."""
    return interview.menu_order or questionnaire.languages


def choose_language(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview in the language that a reply to the menu names, by number or by its own name."""
    languages = menu_of_languages(questionnaire, interview)
    chosen = read_number_in_menu(text, len(languages))
    if chosen is None:
        chosen = read_named(text, [questionnaire.phrasebook(language).autonym for language in languages])
    else:
        chosen -= 1
    if chosen is None:
        return interview, (Tell(LANGUAGE_UNCLEAR), AskLanguage())
    return speak(questionnaire, interview, languages[chosen], at)


def speak(questionnaire: Questionnaire, interview: Interview, language: str, at: datetime) -> Step:
    """Return the interview going on in a language; no answer is touched."""
    menu = menu_beneath(questionnaire, interview)
    speaking = replace(interview, language=language, menu=menu, updated_at=at)
    return speaking, awaited(questionnaire, speaking)


def offer_language(interview: Interview, effects: tuple[Effect, ...], language: str) -> Step:
    """Return the interview that asks whether to go on in another language, before its next question.

    `effects` are those of the reply by which it was noticed: what is told stands, what is asked comes again later.
    """
    told = tuple(effect for effect in effects if not isinstance(effect, AskItem | AskConsent))
    offering = replace(interview, menu=Menu.OFFER, offers=(*interview.offers, language))
    return offering, (*told, OfferLanguage(language))


def decide_offer(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step | None:
    """Return the interview after a reply to that offer; None where it is none, but goes on with the question."""
    agrees = None
    for language in (interview.offers[-1], interview.language):
        if agrees is None:
            agrees = read_yes_no(text, questionnaire.phrasebook(language), exact=True)
    return None if agrees is None else settle_offer(questionnaire, interview, agrees, at)


def settle_offer(questionnaire: Questionnaire, interview: Interview, agrees: bool, at: datetime) -> Step:
    """Return the interview going on in the language that was offered, or in the one before."""
    if agrees:
        return speak(questionnaire, interview, interview.offers[-1], at)
    closed = replace(interview, menu=None, updated_at=at)
    return closed, awaited(questionnaire, closed)


def decide_consent(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview after a reply to the question whether the person takes part."""
    agrees = read_yes_no(text, questionnaire.phrasebook(interview.language), exact=True)
    if agrees is None:
        return replace(interview, updated_at=at), (Tell(CONSENT_UNCLEAR), AskConsent())
    return consent(questionnaire, interview, agrees, at)


def consent(questionnaire: Questionnaire, interview: Interview, agrees: bool, at: datetime) -> Step:
    """Return the interview at its first question, or ended by a refusal."""
    if agrees:
        begun = replace(interview, stage=Stage.ITEMS, consented_at=at)
        return arrive(questionnaire, begun, advance(ground_of(questionnaire, begun, at), begun, None), at)
    refused = questionnaire.consent.refused
    said: Effect = Show(refused) if refused else Tell(CONSENT_REFUSED)
    return replace(interview, stage=Stage.ENDED, ending=Ending.REFUSED, updated_at=at), (said,)


def decide_restart(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview after a reply to the question whether to start again."""
    agrees = read_yes_no(text, questionnaire.phrasebook(interview.language), exact=True)
    if agrees is None:
        return replace(interview, updated_at=at), (Tell(UNCLEAR), *awaited(questionnaire, interview))
    return restart(questionnaire, interview, agrees, at)


def restart(questionnaire: Questionnaire, interview: Interview, agrees: bool, at: datetime) -> Step:
    """Return the interview at its first question without any answer, or just where it was.

    Consent was given for this consultation and stands; who had refused or not yet answered is asked for it.
    """
    closed = replace(interview, menu=menu_beneath(questionnaire, interview), updated_at=at)
    if not agrees:
        return closed, awaited(questionnaire, closed)
    begun_anew = replace(closed, menu=None, paused=False, ending=None, stage=Stage.CONSENT)
    emptied = replace(begun_anew, answers={}, at=None, tries=0)
    if interview.consented_at is None:
        return emptied, awaited(questionnaire, emptied)
    begun = replace(emptied, stage=Stage.ITEMS)
    return arrive(questionnaire, begun, advance(ground_of(questionnaire, begun, at), begun, None), at)


def decide_report_back(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview after a reply to the question whether the person is to be told what came of it.

    It is asked once more after a reply that is neither, and then no more: many send their own thanks, and silence is
    no consent to be written to.
    """
    agrees = read_yes_no(text, questionnaire.phrasebook(interview.language), exact=True)
    if agrees is None and not interview.tries:
        return replace(interview, tries=1, updated_at=at), (Tell(UNCLEAR), AskReportBack())
    return settle_report_back(questionnaire, interview, bool(agrees), at)


def settle_report_back(
    questionnaire: Questionnaire, interview: Interview, agrees: bool, at: datetime
) -> Step:
    """Return the interview with whether the person is to be told what came of it."""
    settled = replace(interview, menu=None, tries=0, report_back=agrees, updated_at=at)
    stop = questionnaire.phrasebook(interview.language).shown(STOP)
    return settled, (Tell(REPORT_BACK_YES, {"stop": stop}) if agrees else Tell(REPORT_BACK_NO),)


def open_menu(questionnaire: Questionnaire, interview: Interview, menu: Menu, at: datetime) -> Step:
    """Return the interview with one of the bot's own questions laid over it."""
    asking = replace(interview, menu=menu, updated_at=at)
    return asking, awaited(questionnaire, asking)
