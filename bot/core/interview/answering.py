"""From a reply to an answer: read, checked, recorded, and the way to the next question."""

from dataclasses import replace
from datetime import datetime

from bot.core.interview.offered import offered_choices, offered_days
from bot.core.interview.records import (
    Answer,
    AnswerStatus,
    AskItem,
    AskReportBack,
    Effect,
    Ending,
    Interview,
    Menu,
    Show,
    ShowNote,
    Slot,
    Stage,
    Tell,
)
from bot.core.interview.route import NO, YES, Route, advance, revise
from bot.core.interview.slots import Rounds, node_at, slot_of
from bot.core.interview.values import Ground
from bot.core.limits import LIMITS
from bot.core.phrases import (
    CONSTRAINT_FAILED,
    KEPT_AS_WRITTEN,
    NOT_ELIGIBLE,
    SCREENED_OUT,
    THANKS,
    TWO_READINGS,
    UNCLEAR,
    WE_GO_ON,
    Phrasebook,
)
from bot.core.questionnaire import ItemType, Node, OnUnclear, Questionnaire
from bot.core.replies import (
    Ambiguous,
    NotRead,
    Read,
    Reading,
    read_reply,
    read_yes_no,
    says_private,
    says_unknown,
)

Step = tuple[Interview, tuple[Effect, ...]]


def ground_of(questionnaire: Questionnaire, interview: Interview, now: datetime) -> Ground:
    """Return what conditions of this interview see at a moment."""
    return Ground(questionnaire, interview.answers, now, interview.seed)


def read_at(
    questionnaire: Questionnaire, interview: Interview, slot: Slot, text: str, at: datetime
) -> Reading:
    """Return what a text says as the reply to a slot, before any constraint."""
    node, rounds = node_at(questionnaire, slot)
    phrasebook = questionnaire.phrasebook(interview.language)
    if node.item.type is ItemType.REPEAT:
        agrees = read_yes_no(text, phrasebook)
        return NotRead(UNCLEAR) if agrees is None else Read(YES if agrees else NO)
    ground, item = ground_of(questionnaire, interview, at), node.item
    offered = offered_choices(ground, node, rounds) if item.type.has_choices else ()
    days = offered_days(ground, node, rounds) if item.type is ItemType.DATE else ()
    return read_reply(item, offered, text, phrasebook, interview.language, ground.today, days)


def answer(questionnaire: Questionnaire, interview: Interview, text: str, at: datetime) -> Step:
    """Return the interview after a written reply to the question it awaits."""
    if interview.at is None:
        return interview, ()
    match read_at(questionnaire, interview, interview.at, text, at):
        case Read(value, own_words):
            return accept(questionnaire, interview, value, text, at, own_words=own_words)
        case Ambiguous(first, second):
            told: Effect = Tell(TWO_READINGS, {"first": first, "second": second})
        case NotRead(phrase, values):
            told = Tell(phrase, values)
    item = node_at(questionnaire, interview.at)[0].item
    may_be_left = not item.required and item.type is not ItemType.REPEAT
    declined = _declined(text, questionnaire.phrasebook(interview.language)) if may_be_left else None
    if declined is not None:
        return go_on(questionnaire, interview, record(interview, interview.at, "", declined, text, at), at)
    return ask_again(questionnaire, interview, told, text, at)


def _declined(text: str, phrasebook: Phrasebook) -> AnswerStatus | None:
    """Return what it means that a text leaves a question without an answer: not to know is not not to say."""
    if says_unknown(text, phrasebook):
        return AnswerStatus.DONT_KNOW
    return AnswerStatus.REFUSED if says_private(text, phrasebook) else None


def accept(
    questionnaire: Questionnaire,
    interview: Interview,
    value: str,
    raw: str,
    at: datetime,
    *,
    own_words: str | None = None,
) -> Step:
    """Return the interview with a value that was understood, unless the item's constraint refuses it."""
    assert interview.at is not None  # noqa: S101  the callers ask only while a slot awaits its reply
    node, rounds = node_at(questionnaire, interview.at)
    item = node.item
    ground = ground_of(questionnaire, interview, at)
    if item.constraint is not None and not item.constraint.truth(ground.scope(node, rounds, value)):
        message = item.constraint_message
        refusal: Effect = Show(message, interview.at) if message else Tell(CONSTRAINT_FAILED)
        return ask_again(questionnaire, interview, refusal, raw, at)
    answered = record(interview, interview.at, value, AnswerStatus.ANSWERED, raw, at)
    if own_words is not None:
        answered = record(
            answered, slot_of(f"{item.name}_other", rounds), own_words, AnswerStatus.ANSWERED, raw, at
        )
    return _end_early(questionnaire, answered, node, rounds, value, at) or go_on(
        questionnaire, interview, answered, at
    )


def ask_again(
    questionnaire: Questionnaire, interview: Interview, told: Effect, raw: str, at: datetime
) -> Step:
    """Return the interview after a reply that was no answer: the question again, or past it after the last try."""
    assert interview.at is not None  # noqa: S101  as in `accept`
    item = node_at(questionnaire, interview.at)[0].item
    tries = interview.tries + 1
    if tries < item.tries:
        return replace(interview, tries=tries, updated_at=at), (told, AskItem(interview.at, again=tries))
    keeps = item.on_unclear is OnUnclear.ACCEPT and item.type is not ItemType.REPEAT and bool(raw.strip())
    status = AnswerStatus.NOT_UNDERSTOOD if keeps else AnswerStatus.GIVEN_UP
    passed = record(interview, interview.at, "", status, raw, at)
    after, effects = go_on(questionnaire, interview, passed, at)
    return after, (Tell(KEPT_AS_WRITTEN if keeps else WE_GO_ON), *effects)


def record(
    interview: Interview, slot: Slot, value: str, status: AnswerStatus, raw: str, at: datetime
) -> Interview:
    """Return the interview holding an answer."""
    kept = Answer(
        value=value,
        status=status,
        at=at,
        language=interview.language,
        raw=raw[: LIMITS.text_length],
        tries=interview.tries if slot == interview.at else 0,
    )
    return replace(interview, answers={**interview.answers, slot: kept}, updated_at=at)


def go_on(questionnaire: Questionnaire, before: Interview, answered: Interview, at: datetime) -> Step:
    """Return the interview at its next question, or at its end.

    `before` is the interview before the answer: where that held one in the same place, the way is walked anew.
    """
    ground = ground_of(questionnaire, answered, at)
    changed = before.at is not None and before.at in before.answers
    route = revise(ground, answered) if changed else advance(ground, answered, before.at)
    return arrive(questionnaire, answered, route, at)


def arrive(questionnaire: Questionnaire, interview: Interview, route: Route, at: datetime) -> Step:
    """Return the interview where a route leads, and what is said there."""
    notes = tuple(ShowNote(slot) for slot in route.notes)
    moved = replace(interview, answers=route.answers, at=route.at, tries=0, updated_at=at)
    if route.at is not None:
        return moved, (*notes, AskItem(route.at))
    thanks: Effect = Show(questionnaire.thanks) if questionnaire.thanks else Tell(THANKS)
    ended = replace(moved, stage=Stage.ENDED, ending=Ending.COMPLETE)
    menu = menu_beneath(questionnaire, ended)
    return replace(ended, menu=menu), (*notes, thanks, *((AskReportBack(),) if menu else ()))


def menu_beneath(questionnaire: Questionnaire, interview: Interview) -> Menu | None:
    """Return the menu that an interview comes back to when no other lies over it.

    Who has answered everything is asked until they say so whether they are to be told what came of it.
    """
    owed = questionnaire.report_back and interview.ending is Ending.COMPLETE and interview.report_back is None
    return Menu.REPORT_BACK if owed else None


def farewell(questionnaire: Questionnaire, ending: Ending) -> Effect:
    """Return what is said to someone whose interview ends because of who they are."""
    if ending is Ending.SCREENED_OUT:
        return Show(questionnaire.screened_out) if questionnaire.screened_out else Tell(SCREENED_OUT)
    return Show(questionnaire.not_eligible) if questionnaire.not_eligible else Tell(NOT_ELIGIBLE)


def _end_early(
    questionnaire: Questionnaire, interview: Interview, node: Node, rounds: Rounds, value: str, at: datetime
) -> Step | None:
    """Return the ended interview where the answer shows that the person is not among those asked, else None."""
    item = node.item
    if item.eligible is None and item.screen_out is None:
        return None
    scope = ground_of(questionnaire, interview, at).scope(node, rounds, value)
    if item.eligible is not None and not item.eligible.truth(scope):
        ending = Ending.NOT_ELIGIBLE
    elif item.screen_out is not None and item.screen_out.truth(scope):
        ending = Ending.SCREENED_OUT
    else:
        return None
    ended = replace(interview, stage=Stage.ENDED, ending=ending, at=None, tries=0)
    return ended, (farewell(questionnaire, ending),)
