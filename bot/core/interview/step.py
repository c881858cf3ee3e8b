"""The heart of Heard: one event moves one interview."""

from dataclasses import replace
from datetime import datetime

from bot.core.interview.answering import (
    Step,
    accept,
    answer,
    ask_again,
    farewell,
    menu_beneath,
    read_at,
)
from bot.core.interview.asking import awaited
from bot.core.interview.commanding import command_in, leave, obey
from bot.core.interview.menus import (
    choose_language,
    consent,
    decide_consent,
    decide_offer,
    decide_report_back,
    decide_restart,
    restart,
    settle_offer,
    settle_report_back,
    speak,
)
from bot.core.interview.offered import offered_choices, offered_days
from bot.core.interview.records import (
    Chose,
    Corrected,
    Ending,
    Event,
    Interview,
    Joined,
    Left,
    Menu,
    Pressed,
    Said,
    Shared,
    Stage,
    Tell,
)
from bot.core.interview.route import NO, YES, asked_before
from bot.core.interview.slots import node_at
from bot.core.interview.values import Ground
from bot.core.outreach.quotas.turning import NOT_FULL, Full, turns_away
from bot.core.phrases import (
    BACK,
    CHOOSE_FROM_LIST,
    EDIT_NOT_TAKEN,
    UNCLEAR_BUTTON,
    UNCLEAR_MEDIA,
    WELCOME_BACK,
)
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.replies import Read

LANGUAGE_BUTTON, OFFER_BUTTON, CONSENT_BUTTON, RESTART_BUTTON = ":language", ":offer", ":consent", ":restart"
REPORT_BACK_BUTTON = ":report_back"
"""What a button of the bot's own answers, before the `=`; a colon never begins an item's name."""

ACKNOWLEDGED = "OK"
"""The value of an acknowledge item, as in XLSForm."""


def begin(questionnaire: Questionnaire, seed: int, at: datetime) -> Interview:
    """Return the interview of a person who has not been asked anything yet."""
    return Interview(questionnaire.id, questionnaire.version, seed, started_at=at, updated_at=at)


def step(questionnaire: Questionnaire, interview: Interview, event: Event, full: Full = NOT_FULL) -> Step:
    """Return the interview after an event, and what follows for the person.

    Who answers that they are in a cell that is `full` is screened out there. Never raises on anything a person may
    send, and never loses an answer: what an interview holds changes only by an answer to the same slot, by
    relevance, or by a restart that the person confirmed.
    """
    moved, effects = _move(questionnaire, interview, event)
    if full.cells and turns_away(full, interview, moved):
        ended = replace(
            moved,
            stage=Stage.ENDED,
            ending=Ending.SCREENED_OUT,
            menu=None,
            at=None,
            tries=0,
            updated_at=event.at,
        )
        return ended, (farewell(questionnaire, Ending.SCREENED_OUT),)
    return moved, effects


def _move(questionnaire: Questionnaire, interview: Interview, event: Event) -> Step:
    match event:
        case Joined(at, language):
            return _join(questionnaire, interview, language, at)
        case Chose(at, language):
            return speak(questionnaire, interview, language, at)
        case Said(at, text):
            return _hear(questionnaire, interview, text, at)
        case Pressed(at, data):
            return _press(questionnaire, interview, data, at)
        case Shared(at, kind, value):
            return _take(questionnaire, interview, kind, value, at)
        case Corrected(at, text):
            return _correct(questionnaire, interview, text, at)
        case Left(at):
            return leave(interview, at)


def _join(questionnaire: Questionnaire, interview: Interview, language: str | None, at: datetime) -> Step:
    """Return the interview begun, or taken up where it was left, whatever the silence."""
    if language not in questionnaire.languages:
        language = None
    spoken = language or interview.language
    if spoken is None and len(questionnaire.languages) == 1:
        spoken = questionnaire.languages[0]
    joined = replace(interview, language=spoken, paused=False, updated_at=at)
    joined = replace(joined, menu=Menu.LANGUAGE if spoken is None else menu_beneath(questionnaire, joined))
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
    if interview.menu is Menu.REPORT_BACK:
        return decide_report_back(questionnaire, interview, text, at)
    if interview.menu is Menu.OFFER:
        decided = decide_offer(questionnaire, interview, text, at)
        if decided is not None:
            return decided
        # Whoever passes the offer by, and answers the question before it, is not asked again.
        interview = replace(interview, menu=None)
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
        case Menu.OFFER, _, button if button == OFFER_BUTTON and value in (YES, NO):
            return settle_offer(questionnaire, interview, value == YES, at)
        case Menu.REPORT_BACK | None, Stage.ENDED, button if button == REPORT_BACK_BUTTON and value in (
            YES,
            NO,
        ):
            # Later too: who has pressed one of the two may press the other.
            if questionnaire.report_back and interview.ending is Ending.COMPLETE:
                return settle_report_back(questionnaire, interview, value == YES, at)
        case None, Stage.CONSENT, button if button == CONSENT_BUTTON and value in (YES, NO):
            return consent(questionnaire, interview, value == YES, at)
        case None, Stage.ITEMS, slot if slot == interview.at:
            answered = _pressed_answer(questionnaire, interview, value, at)
            if answered:
                return accept(questionnaire, interview, answered, value, at)
            if data.endswith("=") and node_at(questionnaire, slot)[0].item.type is ItemType.SELECT_MULTIPLE:
                nothing_marked = (Tell(CHOOSE_FROM_LIST), *awaited(questionnaire, interview))
                return replace(interview, updated_at=at), nothing_marked
    return replace(interview, updated_at=at), (Tell(UNCLEAR_BUTTON), *awaited(questionnaire, interview))


def _pressed_answer(
    questionnaire: Questionnaire, interview: Interview, value: str, at: datetime
) -> str | None:
    """Return the answer to the question at hand that a button's value is, or None: its data can be forged."""
    if interview.at is None:
        return None
    node, rounds = node_at(questionnaire, interview.at)
    item = node.item
    if item.type is ItemType.REPEAT:
        return value if value in (YES, NO) else None
    if item.type is ItemType.ACKNOWLEDGE:
        return value if value == ACKNOWLEDGED else None
    ground = Ground(questionnaire, interview.answers, at, interview.seed)
    if item.type is ItemType.DATE:
        return value if value in {day.isoformat() for day in offered_days(ground, node, rounds)} else None
    if item.type not in (ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE):
        return None
    names = set(value.split())
    offered = {choice.name for choice in offered_choices(ground, node, rounds)}
    if not names <= offered or (item.type is ItemType.SELECT_ONE and len(names) > 1):
        return None
    return " ".join(choice.name for choice in item.choices if choice.name in names)


def _correct(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview with its last answer as the person has rewritten it.

    Where that is no answer, or there is none to correct, everything stays as it was: an edit is easily made in
    passing, and must not take anybody back to a question that they were through with.
    """
    corrected = _corrected(questionnaire, interview, text, at)
    if corrected is not None:
        return corrected
    back = questionnaire.phrasebook(interview.language).shown(BACK)
    told = Tell(EDIT_NOT_TAKEN, {"back": back})
    return replace(interview, updated_at=at), (told, *awaited(questionnaire, interview))


def _corrected(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step | None:
    is_open = interview.stage is Stage.ITEMS or interview.ending is Ending.COMPLETE
    if not is_open or interview.menu not in (None, Menu.REPORT_BACK) or interview.consented_at is None:
        return None
    if interview.stage is Stage.ENDED and (interview.tries or interview.report_back is not None):
        # What they rewrite was their reply to the question whether to be told what came of it.
        return None
    last = asked_before(Ground(questionnaire, interview.answers, at, interview.seed), interview.at)
    if last is None:
        return None
    returned = replace(interview, at=last, tries=0, stage=Stage.ITEMS, ending=None, menu=None)
    if not isinstance(read_at(questionnaire, returned, last, text, at), Read):
        return None
    moved, effects = answer(questionnaire, returned, text, at)
    # A constraint may refuse what could be read; then the answer that was there stands.
    return None if moved.at == last and moved.stage is Stage.ITEMS else (moved, effects)


def _take(questionnaire: Questionnaire, interview: Interview, kind: str, value: str, at: datetime) -> Step:
    """Return the interview after a place, picture or sound: an answer only where the question asks for one."""
    asks_item = interview.stage is Stage.ITEMS and interview.menu is None and interview.at is not None
    interview = replace(interview, paused=False, updated_at=at)
    if not asks_item or interview.at is None:
        return interview, (Tell(UNCLEAR_MEDIA), *awaited(questionnaire, interview))
    if node_at(questionnaire, interview.at)[0].item.type == kind:
        return accept(questionnaire, interview, value, value, at)
    return ask_again(questionnaire, interview, Tell(UNCLEAR_MEDIA), "", at)
