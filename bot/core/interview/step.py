"""The heart of Heard: one event moves one interview."""

from dataclasses import replace
from datetime import datetime

from bot.core.interview.answering import Step, accept, answer, ask_again
from bot.core.interview.asking import awaited
from bot.core.interview.commanding import command_in, obey
from bot.core.interview.menus import (
    choose_language,
    consent,
    decide_consent,
    decide_restart,
    restart,
    speak,
)
from bot.core.interview.offered import offered_choices
from bot.core.interview.records import (
    Ending,
    Event,
    Interview,
    Joined,
    Menu,
    Pressed,
    Said,
    Shared,
    Stage,
    Tell,
)
from bot.core.interview.route import NO, YES
from bot.core.interview.slots import node_at
from bot.core.interview.values import Ground
from bot.core.phrases import UNCLEAR_BUTTON, UNCLEAR_MEDIA, WELCOME_BACK
from bot.core.questionnaire import ItemType, Questionnaire

LANGUAGE_BUTTON, CONSENT_BUTTON, RESTART_BUTTON = ":language", ":consent", ":restart"
"""What a button of the bot's own answers, before the `=`; a colon never begins an item's name."""

ACKNOWLEDGED = "OK"
"""The value of an acknowledge item, as in XLSForm."""


def begin(questionnaire: Questionnaire, seed: int, at: datetime) -> Interview:
    """Return the interview of a person who has not been asked anything yet."""
    return Interview(questionnaire.id, questionnaire.version, seed, started_at=at, updated_at=at)


def step(questionnaire: Questionnaire, interview: Interview, event: Event) -> Step:
    """Return the interview after an event, and what follows for the person.

    Never raises on anything a person may send, and never loses an answer: what an interview holds changes only by
    an answer to the same slot, by relevance, or by a restart that the person confirmed.
    """
    match event:
        case Joined(at, language):
            return _join(questionnaire, interview, language, at)
        case Said(at, text):
            return _hear(questionnaire, interview, text, at)
        case Pressed(at, data):
            return _press(questionnaire, interview, data, at)
        case Shared(at, kind, value):
            return _take(questionnaire, interview, kind, value, at)


def _join(questionnaire: Questionnaire, interview: Interview, language: str | None, at: datetime) -> Step:
    """Return the interview begun, or taken up where it was left, whatever the silence."""
    if language not in questionnaire.languages:
        language = None
    spoken = language or interview.language
    if spoken is None and len(questionnaire.languages) == 1:
        spoken = questionnaire.languages[0]
    joined = replace(interview, language=spoken, paused=False, updated_at=at)
    joined = replace(joined, menu=Menu.LANGUAGE if spoken is None else None)
    if joined.ending in (Ending.STOPPED, Ending.REFUSED):
        stage = Stage.ITEMS if joined.consented_at else Stage.CONSENT
        joined = replace(joined, ending=None, stage=stage)
    asked = awaited(questionnaire, joined)
    returns = joined.stage is Stage.ITEMS and joined.menu is None
    return joined, ((Tell(WELCOME_BACK), *asked) if returns else asked)


def _hear(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    command = command_in(questionnaire, interview, text)
    if command is not None:
        return obey(questionnaire, replace(interview, paused=False), command, at)
    if interview.menu is Menu.LANGUAGE:
        return choose_language(questionnaire, interview, text, at)
    if interview.menu is Menu.RESTART:
        return decide_restart(questionnaire, interview, text, at)
    match interview.stage:
        case Stage.CONSENT:
            return decide_consent(questionnaire, interview, text, at)
        case Stage.ITEMS:
            return answer(questionnaire, replace(interview, paused=False), text, at)
        case Stage.ENDED:
            return replace(interview, updated_at=at), awaited(questionnaire, interview)


def _press(questionnaire: Questionnaire, interview: Interview, data: str, at: datetime) -> Step:
    """Return the interview after a button. One of an earlier question is never taken for an answer to this one."""
    interview = replace(interview, paused=False)
    asked, _, value = data.partition("=")
    match interview.menu, interview.stage, asked:
        case Menu.LANGUAGE, _, button if button == LANGUAGE_BUTTON and value in questionnaire.languages:
            return speak(questionnaire, interview, value, at)
        case Menu.RESTART, _, button if button == RESTART_BUTTON and value in (YES, NO):
            return restart(questionnaire, interview, value == YES, at)
        case None, Stage.CONSENT, button if button == CONSENT_BUTTON and value in (YES, NO):
            return consent(questionnaire, interview, value == YES, at)
        case None, Stage.ITEMS, slot if slot == interview.at and _offers(questionnaire, interview, value, at):
            return accept(questionnaire, interview, value, value, at)
    return replace(interview, updated_at=at), (Tell(UNCLEAR_BUTTON), *awaited(questionnaire, interview))


def _offers(questionnaire: Questionnaire, interview: Interview, value: str, at: datetime) -> bool:
    """Return whether a button with this value can be of the question at hand: its data can be forged."""
    if interview.at is None:
        return False
    node, rounds = node_at(questionnaire, interview.at)
    match node.item.type:
        case ItemType.SELECT_ONE:
            ground = Ground(questionnaire, interview.answers, at, interview.seed)
            return any(choice.name == value for choice in offered_choices(ground, node, rounds))
        case ItemType.REPEAT:
            return value in (YES, NO)
        case ItemType.ACKNOWLEDGE:
            return value == ACKNOWLEDGED
        case _:
            return False


def _take(questionnaire: Questionnaire, interview: Interview, kind: str, value: str, at: datetime) -> Step:
    """Return the interview after a place, picture or sound: an answer only where the question asks for one."""
    asks_item = interview.stage is Stage.ITEMS and interview.menu is None and interview.at is not None
    interview = replace(interview, paused=False, updated_at=at)
    if not asks_item or interview.at is None:
        return interview, (Tell(UNCLEAR_MEDIA), *awaited(questionnaire, interview))
    if node_at(questionnaire, interview.at)[0].item.type == kind:
        return accept(questionnaire, interview, value, value, at)
    return ask_again(questionnaire, interview, Tell(UNCLEAR_MEDIA), "", at)
