"""Commands: words that steer the interview, whatever it is asking."""

from dataclasses import replace
from datetime import datetime

from bot.core.interview.answering import Step, arrive, go_on, ground_of, record
from bot.core.interview.asking import awaited
from bot.core.interview.menus import open_menu, settle_report_back
from bot.core.interview.records import (
    AnswerStatus,
    AskItem,
    Effect,
    Ending,
    Interview,
    Menu,
    OptOut,
    Show,
    Stage,
    Tell,
)
from bot.core.interview.route import NO, advance, asked_before
from bot.core.interview.slots import node_at
from bot.core.phrases import (
    BACK,
    CANNOT_GO_BACK,
    CANNOT_SKIP,
    HELP,
    HELP_MOVE,
    HELP_PERSON,
    LANGUAGE,
    MOVE,
    PAUSE,
    PAUSED,
    PERSON,
    PERSON_NOBODY,
    SKIP,
    START,
    STOP,
    STOPPED,
)
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.replies import Command, read_command

IN_ANY_LANGUAGE = frozenset({Command.STOP, Command.LANGUAGE, Command.PERSON})
"""Commands that count in every language of the consultation: who asks to stop or for a person, or is spoken to in a
language that is not theirs, must be understood at once."""


def command_in(questionnaire: Questionnaire, interview: Interview, text: str) -> Command | None:
    """Return the command that a whole message is, or None."""
    spoken = questionnaire.phrasebook(interview.language)
    command = read_command(text, spoken)
    if command is not None:
        return command
    for language in questionnaire.languages:
        if language != spoken.language:
            command = read_command(text, questionnaire.phrasebook(language))
            if command in IN_ANY_LANGUAGE:
                return command
    return None


def obey(questionnaire: Questionnaire, interview: Interview, command: Command, at: datetime) -> Step:
    """Return the interview after a command."""
    match command:
        case Command.STOP:
            return stop(questionnaire, interview, at)
        case Command.LANGUAGE:
            return open_menu(questionnaire, interview, Menu.LANGUAGE, at)
        case Command.RESTART if interview.answers or interview.stage is Stage.ENDED:
            return open_menu(questionnaire, interview, Menu.RESTART, at)
        case Command.HELP:
            return replace(interview, updated_at=at), _help(questionnaire, interview)
        case Command.PERSON:
            # Where somebody stands by, it does not come here: see `bot.core.reception.attending`.
            nobody = (Tell(PERSON_NOBODY), *awaited(questionnaire, interview))
            return replace(interview, updated_at=at), nobody
        case Command.CONTINUE | Command.START | Command.RESTART:
            return replace(interview, updated_at=at), awaited(questionnaire, interview)
        case Command.SKIP if interview.menu is Menu.REPORT_BACK:
            return settle_report_back(questionnaire, interview, False, at)
        case Command.PAUSE | Command.BACK | Command.SKIP if (
            interview.stage is not Stage.ITEMS or interview.menu
        ):
            return replace(interview, updated_at=at), awaited(questionnaire, interview)
        case Command.PAUSE:
            return replace(interview, paused=True, updated_at=at), (Tell(PAUSED),)
        case Command.BACK:
            return _back(questionnaire, interview, at)
        case Command.SKIP:
            return _skip(questionnaire, interview, at)


def stop(questionnaire: Questionnaire, interview: Interview, at: datetime) -> Step:
    """Return the interview stopped by the person. One that had ended stays as it ended."""
    start = questionnaire.phrasebook(interview.language).shown(START)
    stopped, effects = leave(interview, at)
    return stopped, (*effects, Tell(STOPPED, {"start": start}))


def leave(interview: Interview, at: datetime) -> Step:
    """Return the interview of somebody who can be reached no more."""
    left = replace(interview, menu=None, updated_at=at)
    if interview.stage is not Stage.ENDED:
        left = replace(left, stage=Stage.ENDED, ending=Ending.STOPPED)
    return left, (OptOut(),)


def _help(questionnaire: Questionnaire, interview: Interview) -> tuple[Effect, ...]:
    """Return the hint of the question at hand, the commands, and the question once more."""
    phrasebook = questionnaire.phrasebook(interview.language)
    shown = {
        "back": phrasebook.shown(BACK),
        "skip": phrasebook.shown(SKIP),
        "language": phrasebook.shown(LANGUAGE),
        "pause": phrasebook.shown(PAUSE),
        "stop": phrasebook.shown(STOP),
    }
    hint: tuple[Effect, ...] = ()
    if interview.stage is Stage.ITEMS and interview.at is not None:
        item = node_at(questionnaire, interview.at)[0].item
        hint = (Show(item.hint, interview.at),) if item.hint else ()
    move: tuple[Effect, ...] = ()
    if questionnaire.move is not None and interview.stage is not Stage.ENDED:
        move = (Tell(HELP_MOVE, {"move": phrasebook.shown(MOVE)}),)
    person: tuple[Effect, ...] = ()
    if questionnaire.safeguard is not None:
        person = (Tell(HELP_PERSON, {"person": phrasebook.shown(PERSON)}),)
    return (*hint, Tell(HELP, shown), *move, *person, *awaited(questionnaire, interview))


def _back(questionnaire: Questionnaire, interview: Interview, at: datetime) -> Step:
    before = asked_before(ground_of(questionnaire, interview, at), interview.at)
    if before is None:
        return replace(interview, updated_at=at), (Tell(CANNOT_GO_BACK), *awaited(questionnaire, interview))
    returned = replace(interview, at=before, tries=0, updated_at=at)
    return returned, (AskItem(before, earlier=True),)


def _skip(questionnaire: Questionnaire, interview: Interview, at: datetime) -> Step:
    """Return the interview past the question: the answer it has stands, or its default, or none."""
    if interview.at is None:
        return interview, ()
    ground = ground_of(questionnaire, interview, at)
    held = interview.answers.get(interview.at)
    if held is not None and held.relevant:
        return arrive(questionnaire, interview, advance(ground, interview, interview.at), at)
    node, rounds = node_at(questionnaire, interview.at)
    item = node.item
    if item.type is ItemType.REPEAT:
        skipped = record(interview, interview.at, NO, AnswerStatus.SKIPPED, "", at)
    elif item.default is not None:
        value = item.default.text(ground.scope(node, rounds))
        skipped = record(interview, interview.at, value, AnswerStatus.DEFAULT, "", at)
    elif not item.required:
        skipped = record(interview, interview.at, "", AnswerStatus.SKIPPED, "", at)
    else:
        asked = AskItem(interview.at, again=interview.tries)
        return replace(interview, updated_at=at), (Tell(CANNOT_SKIP), asked)
    return go_on(questionnaire, interview, skipped, at)
