"""Helping others to answer: a worker's chat, in which each interview is of another person.

What is written in a session is never the worker's own: not an answer, not a STOP, not a word that joins. Each person
is asked for consent, and is asked nothing that would have us write to them later, for the phone is not theirs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.core.folding import digits
from bot.core.interview.asking import awaited
from bot.core.interview.commanding import command_in, leave
from bot.core.interview.records import Effect, Interview, Joined, Stage, Tell
from bot.core.interview.slots import node_at
from bot.core.interview.step import begin, step
from bot.core.phrases import (
    ASSIST,
    ASSIST_BEGUN,
    ASSIST_LEFT,
    ASSIST_NO_MORE,
    ASSIST_REFUSED,
    ASSIST_REMOVED,
    ASSIST_SILENT,
    ASSIST_STOPPED,
    ASSIST_UNDO,
    ASSIST_UNFINISHED,
    ASSIST_WORDS,
    EDIT_NOT_TAKEN,
    ENGLISH,
    FINISHED,
    NEXT_PERSON,
    NO,
    NOTHING_OPEN,
    STOP,
    UNCLEAR,
    UNCLEAR_BUTTON,
    UNDO,
    YES,
    Phrase,
    Phrasebook,
    Words,
)
from bot.core.prompts import OPENS_BUTTON, SHARE_PLACE_BUTTON, Button, Form, Prompt, fitted, render
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.reception.greeting import command_of
from bot.core.reception.helping import Asks, Helped, Session, one_more_wrong
from bot.core.reception.joining import names_a_choice
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.replies import Command, read_yes_no
from bot.core.replies.matching import folded_words, key
from bot.core.replies.signals import says_ok

Converse = Callable[[Consultations, Correspondent, Interview, Incoming, int, Form], Outcome]
"""What moves somebody's interview by a message, as `bot.core.reception.receiving` does for everybody."""

ASSIST_BUTTON = ":assist="
"""How the data of a button for the worker begins; the rest is one of `Asks`, or yes or no."""

LONGEST_DATA = 64
"""Bytes that a button can bring back on Telegram, the channel with the narrowest ones (callback_data)."""

PIN_DIGITS = 6
_ASKS_WITH_PIN = re.compile(r"(\D{2,40}?)[\s:.#-]*(\d{3}[ -]?\d{3})\W{0,3}")
_LONGEST = 60
_WORDS: Mapping[Asks, Words] = {Asks.NEXT: NEXT_PERSON, Asks.UNDO: UNDO, Asks.LEAVE: FINISHED}


def pin_in(known: Consultations, text: str) -> str | None:
    """Return the worker's number in a text that asks to help and says nothing else: "assist 123 456"; else None."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    found = _ASKS_WITH_PIN.fullmatch(digits(text).strip())
    if found is None or not _asks_to_help(known, found[1]):
        return None
    return re.sub(r"\D", "", found[2])


def at_hand(correspondent: Correspondent, interviews: Mapping[str, Interview]) -> Interview | None:
    """Return the interview that the next message is about: their own, or that of somebody they help."""
    if correspondent.session is not None:
        return correspondent.session.interview
    return interviews.get(correspondent.current or "")


def assist(
    known: Consultations,
    correspondent: Correspondent,
    incoming: Incoming,
    seed: int,
    form: Form,
    converse: Converse,
) -> Outcome | None:
    """Return what comes of a message that is about helping others, or of a helped person; None of any other."""
    session = correspondent.session
    if incoming.tries_pin:
        return _let_in(known, correspondent, incoming, seed, form, converse)
    if session is None or session.is_over(incoming.at):
        worker = correspondent.worker
        if worker is not None and not incoming.corrects and _asks_to_help(known, incoming.text):
            if worker.may_help(incoming.at):
                return _begin(known, correspondent, incoming, seed, form)
            return _refused(known, correspondent)
        if session is None:
            return None
    return _Sitting(known, correspondent, session, incoming, seed, form, converse).hear()


def _let_in(
    known: Consultations,
    correspondent: Correspondent,
    incoming: Incoming,
    seed: int,
    form: Form,
    converse: Converse,
) -> Outcome:
    """Return what follows a worker's number: a session begins, or the one that is on is left by the same number."""
    pin, wrong, session = incoming.pin, correspondent.wrong, correspondent.session
    if pin is None or not pin.lets_in(incoming.at) or (wrong is not None and wrong.shuts_out(incoming.at)):
        counted = replace(correspondent, wrong=one_more_wrong(wrong, incoming.at))
        return _refused(known, counted)
    let_in = replace(correspondent, worker=pin.worker, wrong=None)
    if (
        session is not None
        and session.worker == pin.worker.id
        and not session.is_over(incoming.at)
        # Sent twice because the answer was late, it must not undo itself.
        and session.person
    ):
        sitting = _Sitting(known, let_in, session, incoming, seed, form, converse)
        return replace(sitting.finish(), enters=pin.worker.id)
    return replace(_begin(known, let_in, incoming, seed, form), enters=pin.worker.id)


def _begin(
    known: Consultations, correspondent: Correspondent, incoming: Incoming, seed: int, form: Form
) -> Outcome:
    worker = correspondent.worker
    offered = known.offered.get(worker.consultation) if worker is not None else None
    here = replace(correspondent, opted_out=False, session=None)
    if worker is None or offered is None:
        book = known.phrasebook(correspondent.language)
        return Outcome(here, prompts=(Prompt(book.say(NOTHING_OPEN)),))
    language = _language_said(offered, incoming.text) or correspondent.language
    language = language if language in offered.languages else None
    book = offered.phrasebook(language)
    words = {"next": book.shown(NEXT_PERSON), "done": book.shown(FINISHED)}
    asked = Prompt(book.say(ASSIST_BEGUN, words), _buttons(book, form, (Asks.NEXT, Asks.LEAVE)))
    session = Session(seed, worker.id, worker.consultation, incoming.at)
    begun = replace(here, session=session, language=correspondent.language or language)
    return Outcome(begun, concerns=worker.consultation, prompts=(_shown(asked, form, book),))


def _refused(known: Consultations, correspondent: Correspondent) -> Outcome:
    """Return one answer for every number that does not work: which of them are nearly right is told to nobody."""
    if correspondent.opted_out:
        return Outcome(correspondent)
    book = known.phrasebook(correspondent.language)
    return Outcome(correspondent, prompts=(Prompt(book.say(ASSIST_REFUSED)),))


@dataclass(frozen=True, slots=True)
class _Sitting:
    """A message in a session, with all that it takes to answer it."""

    known: Consultations
    correspondent: Correspondent
    session: Session
    incoming: Incoming
    seed: int
    form: Form
    converse: Converse

    def hear(self) -> Outcome:
        worker, at = self.correspondent.worker, self.incoming.at
        if self.session.is_over(at):
            # Taken for nobody's: whoever holds the phone now may think that they go on where it was left.
            return self._left(ASSIST_SILENT)
        if worker is None or worker.id != self.session.worker or not worker.may_help(at):
            return self._left()
        if self._stops():
            return self._stop()
        word = self._word()
        if self.session.asks is not None and word is None:
            return self._decide(self.session.asks)
        match word:
            case Asks.NEXT:
                return self._next()
            case Asks.UNDO:
                return self._ask(Asks.UNDO) if self.session.interview else self._between()
            case Asks.LEAVE:
                return self.finish()
            case None:
                return self._go_on()

    # --- what the worker asks for

    def finish(self) -> Outcome:
        """Return the session ended, once nobody is in the middle of answering."""
        open_ = self._open
        return self._ask(Asks.LEAVE) if open_ is not None and open_.consented_at else self._left()

    def _next(self) -> Outcome:
        open_ = self._open
        if open_ is None:
            return self._begin()
        # Sent twice, or in place of an answer, it must not leave an interview behind that nobody has.
        return self._ask(Asks.NEXT) if open_.consented_at else self._say_again(open_)

    def _begin(self) -> Outcome:
        """Return the interview of the next person, in the language of the one before until they choose another."""
        offered = self.known.offered.get(self.session.consultation)
        if offered is None:
            return self._said(self._keeping(), self._book.say(NOTHING_OPEN))
        questionnaire = _of_others(offered)
        begun = begin(questionnaire, self.seed, self.incoming.at)
        language = self.session.language
        interview, effects = step(questionnaire, begun, Joined(self.incoming.at, language))
        session = replace(self._keeping(), person=self.session.person + 1)
        return self._moved(session, questionnaire, interview, effects)

    def _undo(self) -> Outcome:
        session = replace(self._keeping(), interview=None)
        removed = self._between(session, ASSIST_REMOVED)
        return replace(removed, helped=Helped(session.id, session.person))

    def _stop(self) -> Outcome:
        """Return the end that a STOP in a session is: of the interview at hand, or else of the session.

        Where the carrier has blocked the phone with it, nothing that we could decide reaches the worker any more.
        """
        open_, blocked = self._open, self.incoming.answered_by_carrier
        if open_ is None:
            told = {"stop": self._book.shown(STOP)}
            left = self._left(after=self._book.say(ASSIST_NO_MORE, told))
            return self._blocked(left) if blocked else left
        stopped, _ = leave(open_, self.incoming.at)
        session = replace(self._keeping(), interview=stopped)
        ended = self._between(session, ASSIST_STOPPED)
        ended = replace(ended, helped=Helped(session.id, session.person, stopped))
        return self._blocked(ended) if blocked else ended

    def _blocked(self, outcome: Outcome) -> Outcome:
        return replace(outcome, correspondent=replace(self.correspondent, session=None, opted_out=True))

    def _decide(self, asks: Asks) -> Outcome:
        button = self.incoming.button
        if button is not None:
            agrees = {f"{ASSIST_BUTTON}yes": True, f"{ASSIST_BUTTON}no": False}.get(button)
        else:
            agrees = read_yes_no(self.incoming.text, self._book, exact=True)
        if agrees is None:
            return self._ask(asks, UNCLEAR)
        if not agrees:
            return self._say_again(self._open) if self._open else self._between()
        match asks:
            case Asks.NEXT:
                return self._begin()
            case Asks.LEAVE:
                return self._left()
            case Asks.UNDO:
                return self._undo()

    # --- what the person answers

    def _go_on(self) -> Outcome:
        """Return what the message makes of the interview at hand; between two people, what can be sent."""
        interview, incoming = self.session.interview, self.incoming
        if interview is None or (self._open is None and not incoming.corrects):
            return self._between()
        if incoming.button is not None:
            mark = _mark(self.session)
            if not incoming.button.startswith(mark):
                # Of somebody who was here before, or of the worker's own questions.
                return self._say_again(interview, Tell(UNCLEAR_BUTTON))
            incoming = replace(incoming, button=incoming.button.removeprefix(mark))
        if incoming.joins is not None or (not incoming.corrects and _asks_to_help(self.known, incoming.text)):
            return self._say_again(interview)
        questionnaire = _of_others(self.known.of(interview))
        known = replace(self.known, versions={questionnaire.version: questionnaire})
        spoken = replace(self.correspondent, language=self.session.language)
        for form in (self.form, replace(self.form, buttons=False)):
            outcome = self.converse(known, spoken, interview, incoming, self.seed, form)
            prompts = tuple(self._marked(one, self._keeping()) for one in outcome.prompts)
            if all(len(button.data.encode()) <= LONGEST_DATA for one in prompts for button in one.buttons):
                break
        moved = outcome.interviews[interview.consultation]
        asks_help = (
            incoming.button is None and command_in(questionnaire, interview, incoming.text) is Command.HELP
        )
        return self._with(self._keeping(), moved, prompts, tells_words=asks_help)

    def _moved(
        self, session: Session, questionnaire: Questionnaire, moved: Interview, effects: tuple[Effect, ...]
    ) -> Outcome:
        prompts = render(questionnaire, moved, effects, self.form, self.incoming.at)
        return self._with(session, moved, tuple(self._marked(one, session) for one in prompts))

    def _with(
        self, session: Session, moved: Interview, prompts: tuple[Prompt, ...], *, tells_words: bool = False
    ) -> Outcome:
        after = replace(session, interview=moved, language=moved.language or session.language)
        helped = Helped(after.id, after.person, moved)
        if moved.stage is Stage.ENDED or tells_words:
            prompts = self._and_words(after, prompts, has_ended=moved.stage is Stage.ENDED)
        return self._outcome(after, prompts, helped)

    def _say_again(self, interview: Interview, *told: Effect) -> Outcome:
        """Return the question at hand once more, with nothing changed."""
        session = self._keeping()
        if interview.stage is Stage.ENDED:
            return self._between(session, EDIT_NOT_TAKEN if self.incoming.corrects else None)
        questionnaire = _of_others(self.known.of(interview))
        effects = (*told, *awaited(questionnaire, interview))
        prompts = render(questionnaire, interview, effects, self.form, self.incoming.at)
        return self._outcome(session, tuple(self._marked(one, session) for one in prompts))

    # --- words

    @property
    def _open(self) -> Interview | None:
        """Return the interview that somebody is in the middle of."""
        interview = self.session.interview
        return None if interview is None or interview.stage is Stage.ENDED else interview

    @property
    def _questionnaire(self) -> Questionnaire | None:
        if self.session.interview is not None:
            return self.known.of(self.session.interview)
        return self.known.offered.get(self.session.consultation)

    @property
    def _book(self) -> Phrasebook:
        """Return the words of the language that is spoken with the person at hand, or was with the last one."""
        questionnaire = self._questionnaire
        if questionnaire is None:
            return self.known.phrasebook(self.correspondent.language)
        spoken = self.session.language or self.correspondent.language
        return questionnaire.phrasebook(spoken if spoken in questionnaire.languages else None)

    def _word(self) -> Asks | None:
        """Return which of the worker's words a message is; amid questions, not one that answers the one at hand."""
        incoming = self.incoming
        if incoming.button is not None:
            asked = incoming.button.removeprefix(ASSIST_BUTTON)
            return Asks(asked) if asked != incoming.button and asked in tuple(Asks) else None
        if incoming.corrects or incoming.shared or not incoming.text:
            return None
        said = key(incoming.text)
        open_ = self._open
        books = [self._book]
        if (open_ is None or open_.language is None) and self._questionnaire is not None:
            books += self._questionnaire.phrasebooks.values()
        found = next(
            (
                asks
                for asks, words in _WORDS.items()
                if any(said in folded_words(one, words) for one in books)
            ),
            None,
        )
        if found is None or open_ is None or self.session.asks is not None:
            return found
        is_command = command_in(self.known.of(open_), open_, incoming.text) is not None
        is_answer = names_a_choice(self.known, open_, incoming) or self._acknowledges(open_)
        # What skips for everybody answers nothing, whatever a choice is called.
        return None if is_answer and not is_command else found

    def _acknowledges(self, interview: Interview) -> bool:
        """Return whether a text says that what was read out is understood: "done" does."""
        if interview.stage is not Stage.ITEMS or interview.menu is not None or interview.at is None:
            return False
        asked = node_at(self.known.of(interview), interview.at)[0].item.type
        return asked is ItemType.ACKNOWLEDGE and says_ok(self.incoming.text, self._book)

    def _stops(self) -> bool:
        if self.incoming.button is not None or self.incoming.corrects or self.incoming.shared:
            return False
        open_ = self._open
        if open_ is not None:
            asked = command_in(self.known.of(open_), open_, self.incoming.text)
            return asked is Command.STOP
        return command_of(self.known, self.incoming) is Command.STOP

    def _between(self, session: Session | None = None, said: Phrase | None = None) -> Outcome:
        """Return what can be sent, where nobody is in the middle of answering."""
        kept = session or self._keeping()
        before = (Prompt(self._book.say(said)),) if said is not None else ()
        if kept.interview is None and not before and not kept.person:
            told = {"next": self._book.shown(NEXT_PERSON), "done": self._book.shown(FINISHED)}
            asked = Prompt(
                self._book.say(ASSIST_BEGUN, told),
                _buttons(self._book, self.form, (Asks.NEXT, Asks.LEAVE)),
            )
            return self._outcome(kept, (_shown(asked, self.form, self._book),))
        return self._outcome(kept, self._and_words(kept, before, has_ended=True))

    def _and_words(
        self, session: Session, prompts: tuple[Prompt, ...], *, has_ended: bool
    ) -> tuple[Prompt, ...]:
        """Return prompts with the worker's words after the last, in one message with it: each costs."""
        book = replace(self, session=session)._book
        told = {
            "next": book.shown(NEXT_PERSON),
            "undo": book.shown(UNDO),
            "done": book.shown(FINISHED),
        }
        words = book.say(ASSIST_WORDS, told)
        last = prompts[-1] if prompts else Prompt("")
        text = f"{last.text}\n{words}" if last.text else words
        buttons = last.buttons
        if has_ended and not buttons:
            buttons = _buttons(book, self.form, (Asks.NEXT, Asks.UNDO, Asks.LEAVE))
        return (*prompts[:-1], _shown(replace(last, text=text, buttons=buttons), self.form, book))

    def _ask(self, asks: Asks, told: Phrase | None = None) -> Outcome:
        book = self._book
        asked = book.say(ASSIST_UNDO if asks is Asks.UNDO else ASSIST_UNFINISHED)
        text = f"{book.say(told)}\n{asked}" if told is not None else asked
        buttons: tuple[Button, ...] = ()
        if self.form.buttons:
            yes, no = book.words(YES)[0], book.words(NO)[0]
            buttons = (
                Button(yes[:1].upper() + yes[1:], f"{ASSIST_BUTTON}yes"),
                Button(no[:1].upper() + no[1:], f"{ASSIST_BUTTON}no"),
            )
        prompt = _shown(Prompt(text, buttons), self.form, book)
        return self._outcome(replace(self._keeping(), asks=asks), (prompt,))

    def _left(self, before: Phrase | None = None, after: str = "") -> Outcome:
        book = self._book
        said = [book.say(before)] if before is not None else []
        said += [book.say(ASSIST_LEFT, {"assist": book.shown(ASSIST)}), *([after] if after else [])]
        left = replace(self.correspondent, session=None)
        return Outcome(left, concerns=self.session.consultation, prompts=(Prompt("\n".join(said)),))

    def _said(self, session: Session, text: str) -> Outcome:
        return self._outcome(session, (Prompt(text),))

    def _keeping(self) -> Session:
        """Return the session with this message in it, and no question open to the worker."""
        return replace(self.session, last_at=self.incoming.at, asks=None)

    def _outcome(
        self, session: Session, prompts: tuple[Prompt, ...], helped: Helped | None = None
    ) -> Outcome:
        return Outcome(
            replace(self.correspondent, session=session),
            concerns=session.consultation,
            prompts=prompts,
            helped=helped,
        )

    def _marked(self, prompt: Prompt, session: Session) -> Prompt:
        """Return a prompt whose buttons answer for this person alone: the one before may have the same question."""
        kept = (SHARE_PLACE_BUTTON, OPENS_BUTTON)
        buttons = tuple(
            one if one.data in kept else replace(one, data=_mark(session) + one.data)
            for one in prompt.buttons
        )
        return replace(prompt, buttons=buttons) if buttons else prompt


def _of_others(questionnaire: Questionnaire) -> Questionnaire:
    """Return a consultation as it is held with somebody whose phone it is not: nothing is offered for later."""
    return replace(questionnaire, report_back=False, move=None)


_MARKS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _mark(session: Session) -> str:
    """Return what stands before the data of this person's buttons: four letters, for there is no room for more."""
    number = session.id + session.person
    letters = (_MARKS[number // len(_MARKS) ** place % len(_MARKS)] for place in range(3))
    return f"{''.join(letters)}/"


def _asks_to_help(known: Consultations, text: str) -> bool:
    said = key(text[:_LONGEST])
    books = {book.language: book for one in known.offered.values() for book in one.phrasebooks.values()}
    return any(said in folded_words(book, ASSIST) for book in ({"en": ENGLISH} | books).values())


def _language_said(questionnaire: Questionnaire, text: str) -> str | None:
    """Return the language whose word for helping a text begins with; English, which all take, says nothing."""
    said = key(re.sub(r"[\d\s.:#-]+$", "", digits(text)))
    for language in questionnaire.languages:
        own = questionnaire.phrasebook(language).words(ASSIST)
        if said in map(key, own) and said not in map(key, ENGLISH.words(ASSIST)):
            return language
    return None


def _buttons(book: Phrasebook, form: Form, offered: tuple[Asks, ...]) -> tuple[Button, ...]:
    if not form.buttons:
        return ()
    return tuple(Button(book.shown(_WORDS[asks]), f"{ASSIST_BUTTON}{asks}") for asks in offered)


def _shown(prompt: Prompt, form: Form, book: Phrasebook) -> Prompt:
    return fitted(prompt, form, book) or replace(prompt, buttons=())
