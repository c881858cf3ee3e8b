"""One message in a worker's session: the person's answer, or what the worker asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core.interview.asking import awaited
from bot.core.interview.commanding import command_in, leave
from bot.core.interview.records import Effect, Ending, Interview, Joined, Stage, Tell
from bot.core.interview.slots import node_at
from bot.core.interview.step import begin, step
from bot.core.phrases import (
    ASSIST,
    ASSIST_LEFT,
    ASSIST_NO_MORE,
    ASSIST_REMOVED,
    ASSIST_SILENT,
    ASSIST_STOPPED,
    ASSIST_UNDO,
    ASSIST_UNFINISHED,
    EDIT_NOT_TAKEN,
    NOTHING_OPEN,
    STOP,
    UNCLEAR,
    UNCLEAR_BUTTON,
    Phrase,
    Phrasebook,
)
from bot.core.prompts.records import OPENS_BUTTON, SHARE_PLACE_BUTTON, Form, Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.reception import worker_words
from bot.core.reception.entering import asks_to_help
from bot.core.reception.greeting import command_of
from bot.core.reception.helping import Asks, Helped, Session
from bot.core.reception.joining import names_a_choice
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.reception.worker_words import AGREES, ASSIST_BUTTON, WORDS
from bot.core.replies import Command, read_yes_no
from bot.core.replies.matching import folded_words, key
from bot.core.replies.signals import says_ok

Converse = Callable[[Consultations, Correspondent, Interview, Incoming, int, Form], Outcome]
"""What moves somebody's interview by a message, as `bot.core.reception.receiving` does for everybody."""

LONGEST_DATA = 64
"""Bytes that a button can bring back on Telegram, the channel with the narrowest ones (callback_data)."""


@dataclass(frozen=True, slots=True)
class Sitting:
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
        stops = self._stops()
        is_over = self.session.is_over(at)
        if is_over or worker is None or worker.id != self.session.worker or not worker.may_help(at):
            # Taken for nobody's: whoever holds the phone now may think that they go on where it was left.
            left = self._left(ASSIST_SILENT if is_over else None)
            left = replace(left, ends=left_unfinished(self.session))
            return self._blocked(left) if stops and self.incoming.answered_by_carrier else left
        if stops:
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
        """Return the interview of the next person, who chooses a language as everybody does: what the one before chose
        says nothing of theirs.
        """
        offered = self.known.offered.get(self.session.consultation)
        if offered is None:
            return self._said(self._keeping(), self._book.say(NOTHING_OPEN))
        questionnaire = _of_others(offered)
        begun = begin(questionnaire, self.seed, self.incoming.at)
        interview, effects = step(questionnaire, begun, Joined(self.incoming.at, None))
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
        button, text = self.incoming.button, self.incoming.text
        agrees = AGREES.get(button) if button is not None else read_yes_no(text, self._book, exact=True)
        if agrees is None:
            return self._ask(asks, UNCLEAR)
        if not agrees:
            return self._say_again(self._open) if self._open else self._between()
        match asks:
            case Asks.NEXT:
                return replace(self._begin(), ends=left_unfinished(self.session))
            case Asks.LEAVE:
                return replace(self._left(), ends=left_unfinished(self.session))
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
        if incoming.joins is not None or (not incoming.corrects and asks_to_help(self.known, incoming.text)):
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
            (asks for asks, words in WORDS.items() if any(said in folded_words(one, words) for one in books)),
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
        if said is None and not kept.person:
            return self._outcome(kept, (worker_words.begun(self._book, self.form),))
        before = (Prompt(self._book.say(said)),) if said is not None else ()
        return self._outcome(kept, self._and_words(kept, before, has_ended=True))

    def _and_words(
        self, session: Session, prompts: tuple[Prompt, ...], *, has_ended: bool
    ) -> tuple[Prompt, ...]:
        book = replace(self, session=session)._book
        last = prompts[-1] if prompts else Prompt("")
        return (*prompts[:-1], worker_words.with_words(last, book, self.form, has_ended=has_ended))

    def _ask(self, asks: Asks, told: Phrase | None = None) -> Outcome:
        book = self._book
        question = book.say(ASSIST_UNDO if asks is Asks.UNDO else ASSIST_UNFINISHED)
        text = f"{book.say(told)}\n{question}" if told is not None else question
        prompt = worker_words.asked(text, book, self.form)
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


def left_unfinished(session: Session | None) -> Helped | None:
    """Return the interview that is ended as a session goes on without its person; None where there is none.

    Nobody can take it up again.
    """
    interview = session.interview if session is not None else None
    if session is None or interview is None or interview.stage is Stage.ENDED:
        return None
    left = replace(interview, stage=Stage.ENDED, ending=Ending.LEFT, menu=None)
    return Helped(session.id, session.person, left)


def _of_others(questionnaire: Questionnaire) -> Questionnaire:
    """Return a consultation as it is held with somebody whose phone it is not: nothing is offered for later."""
    return replace(questionnaire, report_back=False, move=None, outreach=None)


_MARKS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _mark(session: Session) -> str:
    """Return what stands before the data of this person's buttons: four letters, for there is no room for more."""
    number = session.id + session.person
    letters = (_MARKS[number // len(_MARKS) ** place % len(_MARKS)] for place in range(3))
    return f"{''.join(letters)}/"
