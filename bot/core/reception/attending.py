"""A person on the other side: who asks for one, or tells of harm, is put in a queue that an organiser answers from.

Whoever holds the phone may read what is answered. So it is the same whatever was written, quotes nothing, and tells of
no more than a help line and when somebody answers. Where nobody stands by, nothing here happens.

The interview waits meanwhile. Who asked for a person writes to that person until they go on with the questions, or the
organiser ends it; so does whose first words, by whatever way they came, tell of harm. Who told of it amid the questions
goes on with the next message that answers, or with the word for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.folding import fold
from bot.core.interview.asking import awaited
from bot.core.interview.records import Answer, AnswerStatus, Interview, Slot, Stage
from bot.core.interview.slots import is_in_own_words
from bot.core.limits import LIMITS
from bot.core.phrases import CONTINUE, PERSON_GO_ON, PERSON_KEPT, PERSON_READS, Phrasebook
from bot.core.prompts.records import Form, Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire, Safeguard
from bot.core.reception import receiving
from bot.core.reception.greeting import command_of
from bot.core.reception.helping import Helped, Session
from bot.core.reception.joining import asked_to_join
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Attention, Call, Correspondent, Incoming, Outcome
from bot.core.replies import Command
from bot.core.safeguarding import Urgency, folded_for_lookout

TALKING = (Attention.ASKED, Attention.TALKS)
ENDS_TALK = (Command.STOP, Command.CONTINUE, Command.START)
"""What still counts while somebody talks with a person: "help" is then a word to that person."""


def receive(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what a message changes and what is answered to it, with what a person is to read of it."""

    def without_person(whose: Correspondent = correspondent) -> Outcome:
        return receiving.receive(known, whose, interviews, incoming, seed, form)

    free = correspondent if correspondent.attention is None else replace(correspondent, attention=None)
    if correspondent.session is not None or incoming.tries_pin:
        return _of_helped(known, correspondent, incoming, without_person(free), form)
    current = interviews.get(correspondent.current or "")
    stands_by = _standing_by(known, correspondent, current, incoming)
    if stands_by is None:
        return without_person(free)
    if incoming.leaves:
        return without_person()
    text = incoming.text[: LIMITS.text_length] if incoming.button is None else ""
    folded = folded_for_lookout(text)
    safeguard = stands_by.safeguard
    asks = folded in safeguard.asks
    found = safeguard.lookout.find(folded) if folded else None
    if (correspondent.attention is None or incoming.brings is not None) and not asks and found is None:
        return without_person()

    case = _Case(known, stands_by, correspondent, current, incoming, form)
    if correspondent.opted_out or incoming.brings is not None:
        outcome = without_person()
        if case.joins or not (asks or found is not None):
            return outcome
        if outcome.takes or correspondent.opted_out:
            return case.came(outcome, found)
    if case.joins:
        return without_person(free)
    if asks:
        return case.asked(without_person(free))
    if correspondent.attention in TALKING:
        goes_on = incoming.button is not None or case.command in ENDS_TALK
        return without_person(free) if goes_on else case.talked(found)
    if found is not None:
        return case.told(without_person(free), found)
    is_answer = correspondent.attention is Attention.WAITS and (
        bool(incoming.shared) or receiving.understood(known, correspondent, interviews, incoming)
    )
    if incoming.button is not None or case.command is not None or is_answer:
        return without_person(free)
    return case.told_more()


def _of_helped(
    known: Consultations, correspondent: Correspondent, incoming: Incoming, outcome: Outcome, form: Form
) -> Outcome:
    """Return what a message in a worker's session comes to, with what a person is to read of it.

    Nothing else changes: the worker is with whoever told of harm, and the phone is the worker's. What an organiser
    answers goes to the worker.
    """
    session = correspondent.session
    of = known.offered.get(session.consultation) if session is not None else None
    if session is None or of is None or of.safeguard is None or incoming.button is not None:
        return outcome
    folded = folded_for_lookout(incoming.text[: LIMITS.text_length])
    found = of.safeguard.lookout.find(folded) if folded else None
    if found is None and folded in of.safeguard.asks:
        found = Urgency.ASKED
    if found is None:
        return outcome
    case = _Case(known, _Standing(of.id, of.safeguard), correspondent, session.interview, incoming, form)
    return replace(outcome, call=case.call(found, _told_by_helped(known, session, outcome.helped)))


def _told_by_helped(known: Consultations, session: Session, helped: Helped | None) -> Slot | None:
    """Return the answer in their own words that a message made of a helped person; None where it made none."""
    if helped is None or helped.interview is None:
        return None
    is_same = helped.person == session.person and session.interview is not None
    before = session.interview.answers if is_same and session.interview is not None else {}
    return _in_own_words(known.of(helped.interview), before, helped.interview)


def _in_own_words(
    questionnaire: Questionnaire, before: Mapping[Slot, Answer], after: Interview
) -> Slot | None:
    """Return the answer in somebody's own words that is new; None where there is none."""
    changed = [slot for slot, answer in after.answers.items() if before.get(slot) != answer]
    return next((one for one in changed if is_in_own_words(questionnaire, one, after.answers[one])), None)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A consultation for which somebody stands by."""

    id: str
    safeguard: Safeguard


def _standing_by(
    known: Consultations, correspondent: Correspondent, current: Interview | None, incoming: Incoming
) -> _Standing | None:
    """Return who stands by for a person: those of the consultation they come to or speak of, else the first at all."""
    coming = _standing(known, _comes_to(known, correspondent, current, incoming))
    if coming is not None or correspondent.current is not None:
        return coming or _standing(known, correspondent.current)
    every = (_standing(known, one) for one in known.offered)
    return next((one for one in every if one is not None), None)


def _standing(known: Consultations, consultation: str | None) -> _Standing | None:
    of = known.offered.get(consultation or "")
    return _Standing(of.id, of.safeguard) if of is not None and of.safeguard is not None else None


def _comes_to(
    known: Consultations, correspondent: Correspondent, current: Interview | None, incoming: Incoming
) -> str | None:
    """Return the consultation that a message goes on with here, or joins among other words; None where it does not."""
    if incoming.brings is not None:
        return incoming.brings.consultation
    is_open = current is not None and current.stage is not Stage.ENDED
    if is_open or correspondent.attention is not None or incoming.corrects:
        return None
    joining = asked_to_join(known, current, incoming)
    return joining.consultation if joining else None


@dataclass(frozen=True, slots=True)
class _Case:
    """A message that a person is to read, and who sent it."""

    known: Consultations
    by: _Standing
    correspondent: Correspondent
    current: Interview | None
    incoming: Incoming
    form: Form

    @property
    def command(self) -> Command | None:
        return command_of(self.known, self.incoming) if self.incoming.button is None else None

    @property
    def joins(self) -> bool:
        return self.incoming.joins is not None or fold(self.incoming.text) in self.known.keywords

    @property
    def waiting(self) -> Interview | None:
        """Return the interview that waits meanwhile; None where no question is open."""
        is_open = self.current is not None and (self.current.stage is not Stage.ENDED or self.current.menu)
        return self.current if is_open else None

    def call(self, urgency: Urgency | None, slot: Slot | None = None) -> Call:
        """Return what a person is to read."""
        is_urgent = urgency is Urgency.URGENT
        within = self.by.safeguard.urgent_within if is_urgent else self.by.safeguard.within
        has_words = bool(self.incoming.text.strip())
        return Call(self.by.id, urgency, within, slot, has_words, self._language)

    def opened(self, outcome: Outcome) -> Interview | None:
        """Return the interview that a message begins or takes up again, `outcome` being what it comes to otherwise."""
        after = outcome.interviews.get(self.by.id)
        if after is None or after.stage is Stage.ENDED or outcome.correspondent.current != self.by.id:
            return None
        was_open = self.waiting is not None and self.waiting.consultation == self.by.id
        return after if outcome.takes or not was_open else None

    def came(self, outcome: Outcome, found: Urgency | None) -> Outcome:
        """Return what follows when somebody comes back, or from another channel, with words that are for a person."""
        if found is not None and (opened := self.opened(outcome)) is not None:
            return self._first(outcome, opened, found)
        if outcome.takes:
            return outcome
        # A reply is what they asked not to get; that somebody reads it, they did not.
        return replace(outcome, call=self.call(found))

    def asked(self, outcome: Outcome) -> Outcome:
        """Return what follows when somebody asks for a person: the invitation to write what it is about."""
        if (opened := self.opened(outcome)) is not None:
            return self._first(outcome, opened, Urgency.ASKED)
        return self._outcome(Attention.ASKED, self._reply(self.waiting), Urgency.ASKED)

    def _first(self, outcome: Outcome, opened: Interview, urgency: Urgency) -> Outcome:
        """Return what follows first words that are for a person: the interview is begun, and its first question waits.

        They have not seen that question: all they write is for the person, until they send the word that goes on.
        """
        begun = replace(self, current=opened)
        return begun._outcome(Attention.ASKED, begun._reply(opened), urgency, outcome)

    def talked(self, found: Urgency | None) -> Outcome:
        """Return what follows when somebody writes to a person. Their first message alone is answered by the bot."""
        is_first = self.correspondent.attention is Attention.ASKED
        if is_first and found is not None:
            return self._outcome(Attention.TALKS, self._reply(self.waiting), found)
        kept = Prompt(self._book.say(PERSON_KEPT))
        return self._outcome(Attention.TALKS, kept if is_first else None, found)

    def told(self, outcome: Outcome, found: Urgency) -> Outcome:
        """Return what follows when somebody tells of harm; `outcome` is what the message comes to otherwise.

        As the answer to a question for words it is kept, and the next question waits. As no answer at all it changes
        nothing, and the question at hand waits. What is read as a choice, a number or a day tells of nothing.
        """
        if (opened := self.opened(outcome)) is not None:
            return self._first(outcome, opened, found)
        if self.waiting is None:
            # Nothing waits: what they write next is to that person.
            return self._outcome(Attention.ASKED, self._reply(None), found)
        before = self.waiting
        after = outcome.interviews.get(before.consultation, before)
        questionnaire = self.known.of(before)
        slot = _in_own_words(questionnaire, before.answers, after)
        if slot is None:
            changed = [answer for one, answer in after.answers.items() if before.answers.get(one) != answer]
            if any(answer.status is AnswerStatus.ANSWERED for answer in changed):
                return outcome
            return self._outcome(Attention.WAITS, self._reply(before), found)
        kept = self._outcome(Attention.WAITS_UNSEEN, self._reply(after), found, outcome, slot)
        if after.stage is Stage.ENDED:
            attention = None if after.menu else Attention.ASKED
            ended = replace(kept.correspondent, attention=attention)
            return replace(kept, correspondent=ended, prompts=(self._reply(None), *outcome.prompts))
        return kept

    def told_more(self) -> Outcome:
        """Return what follows when somebody who told of harm writes on, and answers nothing: the question, again."""
        outcome = self._outcome(None, None, None)
        if self.waiting is None:
            return replace(outcome, prompts=(Prompt(self._book.say(PERSON_KEPT)),))
        questionnaire = self.known.of(self.waiting)
        asked = awaited(questionnaire, self.waiting)
        return replace(
            outcome, prompts=render(questionnaire, self.waiting, asked, self.form, self.incoming.at)
        )

    def _outcome(
        self,
        attention: Attention | None,
        reply: Prompt | None,
        urgency: Urgency | None,
        outcome: Outcome | None = None,
        slot: Slot | None = None,
    ) -> Outcome:
        whole = outcome or Outcome(self.correspondent)
        return replace(
            whole,
            correspondent=replace(whole.correspondent, attention=attention),
            concerns=self.by.id,
            prompts=(reply,) if reply else (),
            call=self.call(urgency, slot),
        )

    @property
    def _language(self) -> str | None:
        spoken = self.current.language if self.current else None
        return spoken or self.correspondent.language or self.known.language_of(self.incoming.text)

    @property
    def _book(self) -> Phrasebook:
        return self.known.phrasebook(self._language)

    def _reply(self, waiting: Interview | None) -> Prompt:
        """Return what is safe to be seen on a phone that others read, and how to go on where a question waits."""
        language, safeguard = self._language, self.by.safeguard
        book = self.known.phrasebook(language)
        reads = safeguard.text.into(language) if safeguard.text else book.say(PERSON_READS)
        said = [reads, safeguard.hours.into(language), safeguard.line.into(language)]
        if waiting is not None:
            said.append(book.say(PERSON_GO_ON, {"continue": book.shown(CONTINUE)}))
        return Prompt(("\n" if self.form.short else "\n\n").join(said))
