"""A batch of messages in the order they came, each decided on with what the ones before it have changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from bot.channels import CARRIAGES, Channel, InboundMessage
from bot.core.interview.records import Interview, Stage
from bot.core.limits import LIMITS
from bot.core.pacing import Pace, Rule, answered, arrived
from bot.core.prompts.records import Form, Prompt
from bot.core.reception import VALID_FOR, Consultations, Correspondent, Incoming, Outcome, understood
from bot.core.reception.coupon import Coupon, CouponState, referral_of
from bot.core.reception.helping import Pin
from bot.core.segments import plain_punctuation, split_at_sentences
from bot.intake.answers import answers_of_helped, before_helping, changed_answers, media_of
from bot.intake.messages import body_kept, code_in, coupon_in
from bot.store.outreach.referral import StoredCoupon
from bot.store.turns import GivenCode, GivenCoupons, Known, MessageKey, Reply, Sender, Turn

_NO_PINS: Mapping[MessageKey, str] = MappingProxyType({})


Note = Callable[[Mapping[str, Interview], Mapping[str, Interview]], None]
"""Takes somebody's interviews by consultation, as they stood before a message and after it."""


class Decide(Protocol):
    """What decides on a message; `bot.core.reception.receive` is the one that does."""

    def __call__(
        self,
        known: Consultations,
        correspondent: Correspondent,
        interviews: Mapping[str, Interview],
        incoming: Incoming,
        seed: int,
        form: Form,
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Conduct:
    """How messages are decided on and answered.

    `segments` says what a text costs on a channel, None where that is not counted; `seed` gives a random number for an
    interview that begins, or a code.
    """

    decide: Decide
    segments: Callable[[Channel, str], int | None]
    seed: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Coupons:
    """The codes in a batch that people pass on: what is known of each, and how one is kept that nobody can read."""

    stored: Mapping[str, StoredCoupon] = field(default_factory=dict, repr=False)
    hashed: Callable[[str], str] = str


NO_COUPONS = Coupons()


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where somebody stands after their last message."""

    correspondent: Correspondent
    interviews: Mapping[str, Interview]
    pace: Pace | None
    last_message: str | None = None


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What codes and numbers in a message stand for: an interview, a coupon, a worker."""

    brings: Interview | None
    coupon: Coupon | None
    tries_pin: bool
    pin: Pin | None


class Talk:
    """What a batch has come to so far: its turns, and where everyone stands after them.

    `held` are those whose messages came to be held in it, by which rule.
    """

    def __init__(
        self,
        known: Known,
        conduct: Conduct,
        coupons: Coupons = NO_COUPONS,
        pins: Mapping[MessageKey, str] = _NO_PINS,
    ) -> None:
        """Take what is known, how to decide, and what stands behind codes and workers' numbers in messages."""
        self.turns: list[Turn] = []
        self.held: list[tuple[Sender, Rule]] = []
        self._known = known
        self._conduct = conduct
        self._coupons = coupons
        self._used: set[int] = set()
        self._people: dict[Sender, _Standing] = {}
        self._pins = pins
        self._let_in: dict[str, Sender] = {}

    def take(self, consultations: Consultations, message: InboundMessage, sender: Sender) -> Turn:
        """Return the turn that a message makes. Where deciding on it raises, nothing has changed."""
        standing = self._standing(sender)
        brought = self._brought(message)
        key = MessageKey(message.channel, message.provider_id)
        tried = self._pins.get(key)
        code = coupon_in(consultations, message)
        stored = self._coupons.stored.get(code) if code else None
        secrets = _Secrets(
            brings=brought[1] if brought else None,
            coupon=self._coupon(stored, message, sender) if code else None,
            tries_pin=tried is not None,
            pin=self._pin(tried, sender) if tried else None,
        )
        outcome, pace = self._decide(consultations, message, standing, secrets)
        replies = self._replies(message, outcome)
        if pace.held is None:
            pace = answered(pace, (one.prompt.text for one in replies))
        elif standing.pace is None or standing.pace.held is None:
            self.held.append((sender, pace.held))
        taken = brought if outcome.takes else None
        before = (
            standing.interviews if taken is None else {**standing.interviews, taken[1].consultation: taken[1]}
        )
        answers = changed_answers(before, outcome.interviews)
        helped_answers = answers_of_helped(standing.correspondent, outcome.helped)
        turn = Turn(
            key=key,
            sender=sender,
            at=message.at,
            body=body_kept(message, has_coupon=code is not None, has_pin=tried is not None),
            correspondent=outcome.correspondent,
            interviews=outcome.interviews,
            answers=answers,
            concerns=outcome.concerns,
            pace=pace,
            replies=replies,
            to=message.to,
            last_message=_correctable(message, standing, outcome),
            media=media_of(message, (*answers.values(), *helped_answers.values())),
            brought=taken[0] if taken else None,
            given=GivenCode(outcome.gives, message.at + VALID_FOR) if outcome.gives else None,
            uses=stored.id if stored and outcome.recruits else None,
            coupons=self._given_coupons(consultations, message, outcome),
            call=outcome.call,
            helped=outcome.helped,
            helped_answers=helped_answers,
            ends=outcome.ends,
            enters=outcome.enters,
        )
        if turn.uses is not None:
            self._used.add(turn.uses)
        if tried is not None and outcome.enters is not None:
            self._let_in[tried] = sender
        if taken is not None:
            self._move_on(*taken)
        self._people[sender] = _Standing(
            outcome.correspondent, {**standing.interviews, **outcome.interviews}, pace, turn.last_message
        )
        self.turns.append(turn)
        return turn

    def take_noted(
        self, consultations: Consultations, message: InboundMessage, sender: Sender, note: Note
    ) -> Turn:
        """Return the turn that a message makes, and have noted how the interviews stood before and after it."""
        before = self._standing(sender)
        turn = self.take(consultations, message, sender)
        # One that is brought from another channel holds the same places there and here.
        if turn.brought is None:
            note(before.interviews, turn.interviews)
        for helped in (turn.ends, turn.helped):
            if helped is not None and (now := helped.interview) is not None:
                note(before_helping(before.correspondent, helped), {now.consultation: now})
        return turn

    def _brought(self, message: InboundMessage) -> tuple[Sender, Interview] | None:
        """Return whose interview a code in a message stands for, and how far that has come; None where it does not."""
        code = code_in(message)
        bringing = self._known.codes.get(code) if code else None
        if bringing is None or message.at > bringing.expires_at:
            return None
        # Not there any more where a message before this one has brought it already.
        interview = self._standing(bringing.sender).interviews.get(bringing.consultation)
        if interview is None or interview.stage is Stage.ENDED:
            return None
        return bringing.sender, interview

    def _coupon(self, stored: StoredCoupon | None, message: InboundMessage, sender: Sender) -> Coupon:
        """Return what a code is worth to who sent it, after what the messages before this one have changed."""
        if stored is None:
            return Coupon("", 0, CouponState.SPENT)
        contact = self._known.contacts.get(sender)
        state = CouponState.OPEN
        if contact is not None and contact.id == stored.contact_id:
            state = CouponState.OWN
        elif stored.is_used or stored.id in self._used or message.at > stored.expires_at:
            state = CouponState.SPENT
        return Coupon(stored.consultation, stored.wave, state)

    def _given_coupons(
        self, consultations: Consultations, message: InboundMessage, outcome: Outcome
    ) -> GivenCoupons | None:
        if not outcome.coupons or outcome.concerns is None:
            return None
        interview = outcome.interviews[outcome.concerns]
        referral = referral_of(consultations.of(interview))
        assert referral is not None  # noqa: S101  codes are given by nothing else
        return GivenCoupons(
            tuple(map(self._coupons.hashed, outcome.coupons)),
            (interview.wave or 0) + 1,
            message.at + referral.expires_after,
        )

    def _move_on(self, source: Sender, interview: Interview) -> None:
        """Have somebody's interview be theirs no more."""
        left = self._standing(source)
        interviews = {one: held for one, held in left.interviews.items() if one != interview.consultation}
        moved = left.correspondent.moved | {interview.consultation}
        self._people[source] = replace(
            left, correspondent=replace(left.correspondent, moved=moved), interviews=interviews
        )

    def _decide(
        self,
        consultations: Consultations,
        message: InboundMessage,
        standing: _Standing,
        secrets: "_Secrets",
    ) -> tuple[Outcome, Pace]:
        """Return what a message changes, nothing where it is held, and the pace with it."""
        person, interviews = standing.correspondent, standing.interviews
        incoming = Incoming(
            message.at,
            message.text[: LIMITS.text_length],
            message.button,
            tuple((one.kind, one.value) for one in message.shared),
            joins=message.joins,
            source=message.source,
            corrects=message.corrects,
            leaves=message.leaves,
            brings=secrets.brings,
            hints=message.hints,
            coupon=secrets.coupon,
            tries_pin=secrets.tries_pin,
            pin=secrets.pin,
            answered_by_carrier=message.answered_by_carrier,
        )
        if message.corrects and message.reference != standing.last_message:
            # Of an earlier answer: without its words, nothing is taken for the one at hand.
            incoming = replace(incoming, text="")
        pace = arrived(
            standing.pace,
            message.at,
            incoming.text if incoming.button is None and not incoming.shared else "",
            lambda: understood(consultations, person, interviews, incoming),
        )
        if not CARRIAGES[message.channel].is_paced:
            pace = pace._replace(held=None)
        outcome = self._conduct.decide(
            consultations, person, interviews, incoming, self._conduct.seed(), message.form
        )
        # Decided on even where it is held: who asks to stop is obeyed however fast they write, in any language.
        stops = outcome.correspondent.opted_out and not person.opted_out
        if pace.held is None or stops:
            return outcome, pace
        # However fast somebody writes that they are in danger, a person reads it.
        call = replace(outcome.call, slot=None) if outcome.call else None
        return Outcome(person, call=call), pace

    def _standing(self, sender: Sender) -> _Standing:
        if sender in self._people:
            return self._people[sender]
        contact = self._known.contacts.get(sender)
        interviews = {consultation: one.interview for consultation, one in self._known.held(sender).items()}
        if contact is None:
            return _Standing(Correspondent(), interviews, None)
        person, helping = contact.correspondent, self._known.helping_of(sender)
        wrong = self._known.wrong.get(contact.id)
        if helping is not None or wrong is not None:
            worker, session = (helping.worker, helping.session) if helping else (None, None)
            person = replace(person, worker=worker, session=session, wrong=wrong)
        return _Standing(person, interviews, contact.pace, contact.last_message)

    def _pin(self, tried: str, sender: Sender) -> Pin | None:
        """Return what a worker's number stands for in this chat: one that it let in before knows it still."""
        found = self._known.pins.get(tried)
        if found is None:
            return None
        if tried in self._let_in:
            return replace(found.pin, until=found.pin.worker.until, is_taken=self._let_in[tried] != sender)
        contact = self._known.contacts.get(sender)
        is_theirs = contact is not None and contact.id == found.contact_id
        return replace(found.pin, is_taken=found.pin.is_taken and not is_theirs)

    def _replies(self, message: InboundMessage, outcome: Outcome) -> tuple[Reply, ...]:
        if message.answered_by_carrier:
            return ()
        prompts = outcome.prompts
        if message.form.short:
            # Here, and not where it is sent: what is stored, shown and counted is what the person gets.
            prompts = tuple(map(_plain, prompts))
        carriage = CARRIAGES[message.channel]
        if carriage.longest is not None:
            prompts = tuple(part for one in prompts for part in _parts(one, carriage.longest))
        segments = self._conduct.segments
        return tuple(
            Reply(one, segments(message.channel, one.text), waits=carriage.waits(place, one))
            for place, one in enumerate(prompts)
        )


def untranslated(turns: Iterable[Turn]) -> Counter[tuple[str, str]]:
    """Return how many texts were said in the source language, by consultation and the person's language."""
    counts: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        for reply in turn.replies:
            if (lacking := reply.prompt.untranslated) is not None:
                counts[lacking.consultation, lacking.language] += lacking.count
    return counts


def _parts(prompt: Prompt, longest: int) -> Sequence[Prompt]:
    """Return a prompt in messages that the channel takes; its buttons stand below the last."""
    if len(prompt.text) <= longest // 2:
        return (prompt,)
    texts = [part.strip() for part in split_at_sentences(prompt.text, longest) if part.strip()]
    return [*map(Prompt, texts[:-1]), *(replace(prompt, text=text) for text in texts[-1:])]


def _correctable(message: InboundMessage, standing: _Standing, outcome: Outcome) -> str | None:
    """Return the name of the message whose text can be corrected now: the last one, where it was words.

    A worker's own words are none of the answers of the person they are with.
    """
    if message.corrects:
        return standing.last_message
    if standing.correspondent.session is not None and outcome.helped is None:
        return None
    return message.reference if message.text and message.button is None else None


def _plain(prompt: Prompt) -> Prompt:
    text = plain_punctuation(prompt.text)
    return prompt if text == prompt.text else replace(prompt, text=text)
