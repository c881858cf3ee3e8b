"""Who writes about what: from a person's message to the interview it belongs to, and the reply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.folding import fold
from bot.core.interview.answering import read_at
from bot.core.interview.records import (
    Corrected,
    Event,
    Interview,
    Joined,
    Left,
    OptOut,
    Pressed,
    Said,
    Shared,
    Stage,
)
from bot.core.interview.slots import node_at
from bot.core.interview.step import begin, step
from bot.core.limits import LIMITS
from bot.core.phrases import ENGLISH, NOTHING_OPEN, START, STOPPED, WELCOME, Phrasebook
from bot.core.prompts import Button, Form, Prompt, fitted, render
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.replies import Command, Read, read_command


@dataclass(frozen=True, slots=True)
class Correspondent:
    """What is known of a person before their message: no address, no name.

    `current` is the consultation they last spoke about, by its id.
    """

    language: str | None = None
    opted_out: bool = False
    current: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message without who sent it. `shared` holds (kind, value) pairs; see `bot.core.interview.records.Shared`.

    `joins` is the id of a consultation that a link names, `source` what it says of where it stood; `corrects` says
    that the text stands in place of that of the message before; `leaves` that the person has blocked us.
    """

    at: datetime
    text: str = field(default="", repr=False)
    button: str | None = field(default=None, repr=False)
    shared: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    joins: str | None = None
    source: str | None = None
    corrects: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message changes and what is answered. `interviews` holds only those new or changed, by consultation."""

    correspondent: Correspondent
    interviews: Mapping[str, Interview] = field(default_factory=dict)
    concerns: str | None = None
    """The consultation that the message was about, where it was about one."""
    prompts: tuple[Prompt, ...] = ()


@dataclass(frozen=True, slots=True)
class Consultations:
    """The consultations that can be joined now, and every version that an interview may still be on."""

    offered: Mapping[str, Questionnaire]
    versions: Mapping[str, Questionnaire]
    keywords: Mapping[str, tuple[str, str | None]]
    """A folded keyword to the consultation it joins and the language it tells (None: it stands in several)."""

    def of(self, interview: Interview) -> Questionnaire:
        """Return the version of the consultation that an interview began on; KeyError where it is not known."""
        return self.versions[interview.version]

    def phrasebook(self, language: str | None) -> Phrasebook:
        """Return the bot's words in a language, or in the first language of what is offered."""
        for questionnaire in self.offered.values():
            if language is None or language in questionnaire.phrasebooks:
                return questionnaire.phrasebook(language)
        return ENGLISH


def consultations(offered: Iterable[Questionnaire], versions: Iterable[Questionnaire] = ()) -> Consultations:
    """Return the consultations ready to be joined, with older versions that interviews may still be on."""
    current = {questionnaire.id: questionnaire for questionnaire in offered}
    keywords: dict[str, tuple[str, str | None]] = {}
    for questionnaire in current.values():
        for language, listed in questionnaire.keywords.items():
            for keyword in map(fold, listed):
                known = keywords.get(keyword)
                keywords[keyword] = (questionnaire.id, None if known else language)
    known_versions = {one.version: one for one in (*versions, *current.values())}
    return Consultations(current, known_versions, keywords)


def receive(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what a message changes and what is answered to it.

    `interviews` are the person's own, by consultation; `seed` is used where one begins.
    """
    if len(incoming.text) > LIMITS.text_length:
        incoming = replace(incoming, text=incoming.text[: LIMITS.text_length])
    if incoming.leaves:
        return _leave(known, correspondent, interviews, incoming)
    if correspondent.opted_out:
        return _return(known, correspondent, interviews, incoming, seed, form)
    current = interviews.get(correspondent.current or "")
    joining = None if incoming.corrects else _joining(known, current, incoming)
    if joining is not None:
        return _join(known, correspondent, interviews, joining, incoming, seed, form)
    if current is None:
        return (
            Outcome(correspondent) if incoming.corrects else _approach(known, correspondent, incoming, form)
        )
    outcome = _converse(known, correspondent, current, incoming, form)
    if outcome.prompts or outcome.correspondent.opted_out:
        return outcome
    # Who refused, and writes again, is told how to join; nothing of theirs is lost, as it is stored all the same.
    return replace(outcome, prompts=_greet(known, outcome.correspondent, form).prompts)


def understood(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
) -> bool:
    """Return whether a text answers the question at hand as only somebody who has read that does.

    It names a choice, or is the number or day that is asked for; anything answers a question for words.
    """
    current = interviews.get(correspondent.current or "")
    if current is None or current.stage is not Stage.ITEMS or current.menu is not None or current.at is None:
        return False
    questionnaire = known.of(current)
    if node_at(questionnaire, current.at)[0].item.type is ItemType.TEXT:
        return False
    return isinstance(read_at(questionnaire, current, current.at, incoming.text, incoming.at), Read)


JOIN_BUTTON = ":join="
"""How the data of a button begins that joins, before a keyword."""

Joining = tuple[str, str | None]
"""A consultation's id, and the language that the keyword told."""


def _joining(known: Consultations, current: Interview | None, incoming: Incoming) -> Joining | None:
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
    if exact is None or _answers(known, current, incoming):
        return None
    return exact


MOST_WORDS_AROUND_KEYWORD = 4
"""A message as short as "hello WATER please" joins; a longer one only mentions the word."""


def _answers(known: Consultations, current: Interview, incoming: Incoming) -> bool:
    """Return whether a text names a choice of the question at hand."""
    if current.stage is not Stage.ITEMS or current.menu is not None or current.at is None:
        return False
    questionnaire = known.of(current)
    if not node_at(questionnaire, current.at)[0].item.type.has_choices:
        return False
    return isinstance(read_at(questionnaire, current, current.at, incoming.text, incoming.at), Read)


def _join(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    joining: Joining,
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    consultation, language = joining
    held = interviews.get(consultation)
    questionnaire = known.of(held) if held else known.offered[consultation]
    interview = held or replace(begin(questionnaire, seed, incoming.at), source=incoming.source)
    if language is None and interview.language is None:
        language = correspondent.language
    welcomed = replace(correspondent, opted_out=False, current=consultation)
    return _move(questionnaire, welcomed, interview, Joined(incoming.at, language), form)


def _converse(
    known: Consultations, correspondent: Correspondent, current: Interview, incoming: Incoming, form: Form
) -> Outcome:
    questionnaire = known.of(current)
    return _move(questionnaire, correspondent, current, _event(questionnaire, current, incoming), form)


def _event(questionnaire: Questionnaire, current: Interview, incoming: Incoming) -> Event:
    """Return the one event that a message is: a picture with words is the picture only where one is asked for."""
    if incoming.button is not None:
        return Pressed(incoming.at, incoming.button)
    if incoming.corrects:
        return Corrected(incoming.at, incoming.text)
    if incoming.shared:
        asked = node_at(questionnaire, current.at)[0].item.type if current.at else None
        fitting = [one for one in incoming.shared if one[0] == asked]
        if fitting or not incoming.text.strip():
            return Shared(incoming.at, *(fitting or incoming.shared)[0])
    return Said(incoming.at, incoming.text)


def _move(
    questionnaire: Questionnaire, correspondent: Correspondent, interview: Interview, event: Event, form: Form
) -> Outcome:
    moved, effects = step(questionnaire, interview, event)
    return Outcome(
        correspondent=replace(
            correspondent,
            language=moved.language or correspondent.language,
            opted_out=correspondent.opted_out or any(isinstance(effect, OptOut) for effect in effects),
        ),
        interviews={moved.consultation: moved},
        concerns=moved.consultation,
        prompts=render(questionnaire, moved, effects, form, event.at),
    )


def _return(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what follows when somebody who had stopped writes: only START or a keyword ends the silence.

    Anything else is stored and not answered, since a reply is what they asked not to get.
    """
    joining = _joining(known, None, incoming)
    starts = _command(known, incoming) in (Command.START, Command.CONTINUE)
    current = interviews.get(correspondent.current or "")
    if joining is None and starts and current is not None:
        joining = (current.consultation, None)
    if joining is not None:
        return _join(known, correspondent, interviews, joining, incoming, seed, form)
    if starts:
        return _greet(known, replace(correspondent, opted_out=False), form)
    return Outcome(correspondent)


def _leave(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
) -> Outcome:
    """Return what is left of somebody who has blocked us: nothing is sent to them, and every interview has ended."""
    left = {
        consultation: step(known.of(interview), interview, Left(incoming.at))[0]
        for consultation, interview in interviews.items()
        if interview.stage is not Stage.ENDED
    }
    return Outcome(replace(correspondent, opted_out=True), left, correspondent.current)


def _command(known: Consultations, incoming: Incoming) -> Command | None:
    """Return the command that a message is outside an interview, in any language on offer."""
    books = {book.language: book for one in known.offered.values() for book in one.phrasebooks.values()}
    books = {"en": ENGLISH, **books}
    read = (read_command(incoming.text, book) for book in books.values())
    return next((command for command in read if command is not None), None)


def _approach(known: Consultations, correspondent: Correspondent, incoming: Incoming, form: Form) -> Outcome:
    """Return what follows when somebody writes who is in no interview: a greeting, or the end they ask for."""
    if _command(known, incoming) is Command.STOP:
        book = known.phrasebook(correspondent.language)
        goodbye = Prompt(book.say(STOPPED, {"start": book.shown(START)}))
        return Outcome(replace(correspondent, opted_out=True), prompts=(goodbye,))
    return _greet(known, correspondent, form)


def _greet(known: Consultations, correspondent: Correspondent, form: Form) -> Outcome:
    """Return the words that join what is on offer, to send or to press."""
    book = known.phrasebook(correspondent.language)
    words = [word for one in known.offered.values() for word in _keywords(one, correspondent.language)]
    said = book.say(WELCOME, {"keywords": ", ".join(words)}) if words else book.say(NOTHING_OPEN)
    buttons = tuple(Button(word, f"{JOIN_BUTTON}{word}") for word in words) if form.buttons else ()
    prompt = fitted(Prompt(said, buttons), form, book) or Prompt(said)
    return Outcome(correspondent, prompts=(prompt,))


def _keywords(questionnaire: Questionnaire, language: str | None) -> tuple[str, ...]:
    """Return the word to send for a consultation; one a language for somebody whose language is not known."""
    keywords = questionnaire.keywords
    listed = [keywords[language]] if language and language in keywords else list(keywords.values())
    return tuple(words[0] for words in listed if words)
