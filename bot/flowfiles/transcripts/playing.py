"""Transcripts held again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.interview.records import Answer, AnswerStatus, Interview
from bot.core.problems import Problem
from bot.core.prompts.records import SMS, TELEGRAM, Form, Prompt, together
from bot.core.reception import (
    Consultations,
    Correspondent,
    Incoming,
    Outcome,
    Pin,
    Worker,
    pin_in,
    receive,
)
from bot.flowfiles.transcripts.records import Transcript

FORMS: dict[str, Form] = {"sms": SMS, "telegram": TELEGRAM}
BETWEEN_MESSAGES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a played conversation stands: what is known of the person, their interviews, the buttons seen so far.

    Of buttons with the same label the newest is meant; one of an earlier question can still be pressed, as people do.
    """

    correspondent: Correspondent = field(default_factory=Correspondent)
    interviews: dict[str, Interview] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)


def play(known: Consultations, transcript: Transcript) -> Transcript:
    """Return the transcript with the replies and stored lines that its `> ` lines lead to now."""
    talk = Talk()
    now = transcript.at
    turns = []
    for turn in transcript.turns:
        now += turn.waited
        incoming = _incoming(turn.said, talk, now)
        tried = pin_in(known, turn.said)
        if tried is not None:
            pin = _pin(transcript, now) if tried == transcript.pin else None
            incoming = replace(incoming, tries_pin=True, pin=pin)
        outcome = receive(
            known, talk.correspondent, talk.interviews, incoming, transcript.seed, FORMS[transcript.channel]
        )
        stored = tuple(_stored(talk, outcome))
        turns.append(replace(turn, replies=tuple(map(shown, outcome.prompts)), stored=stored))
        talk = Talk(
            outcome.correspondent,
            {**talk.interviews, **outcome.interviews},
            {
                **talk.buttons,
                **{button.label: button.data for prompt in outcome.prompts for button in prompt.buttons},
            },
        )
        now += BETWEEN_MESSAGES
    return replace(transcript, turns=tuple(turns))


def differences(written: Transcript, played: Transcript) -> tuple[Problem, ...]:
    """Return a Problem for the first turn that goes another way now: what follows it follows from it."""
    for turn, now in zip(written.turns, played.turns, strict=True):
        for kind, was, is_now in (
            ("the bot says", turn.replies, now.replies),
            ("this gets stored:", turn.stored, now.stored),
        ):
            if was != is_now:
                message = f"After '> {turn.said}' {kind}\n{_indented(is_now)}\nand not, as written,\n{_indented(was)}"
                remedy = "Mend the consultation, or write the transcript anew: heard chat --replay FILE."
                return (Problem("transcript-differs", (), message, remedy, line=turn.line),)
    return ()


def shown(prompt: Prompt) -> str:
    """Return a message as a transcript shows it: its text, without trailing blanks, and its buttons below."""
    buttons = " ".join(f"[{button.label}]" for button in prompt.buttons)
    lines = [*prompt.text.split("\n"), *([buttons] if buttons else [])]
    return "\n".join(line.rstrip() for line in lines if line.strip())


SHARED = re.compile(r"\((geopoint|image|audio)\) (.+)")


PRESSED = re.compile(r"\[[^\[\]]+\](?: \[[^\[\]]+\])*")
"""One button pressed, or several marked and sent together: `[A clinic] [Clean water]`."""


def pressed(said: str, buttons: Mapping[str, str]) -> str:
    """Return the data that comes back for buttons named by their labels; `buttons` are those seen so far."""
    labels = said[1:-1].split("] [")
    return together([buttons.get(label, label) for label in labels])


def _pin(transcript: Transcript, now: datetime) -> Pin:
    until = now + timedelta(days=1)
    return Pin(Worker(1, transcript.consultation, until), until)


def _incoming(said: str, talk: Talk, now: datetime) -> Incoming:
    if PRESSED.fullmatch(said):
        return Incoming(now, button=pressed(said, talk.buttons))
    if shared := SHARED.fullmatch(said):
        return Incoming(now, shared=((shared[1], shared[2]),))
    return Incoming(now, said)


def _stored(talk: Talk, outcome: Outcome) -> Iterator[str]:
    """Yield what a turn changed, a line each, in the order in which it is read."""
    for consultation, now in outcome.interviews.items():
        yield from _changed(talk.interviews.get(consultation), now)
    session = talk.correspondent.session
    for helped in filter(None, (outcome.ends, outcome.helped)):
        known = session is not None and (session.id, session.person) == (helped.session, helped.person)
        before = session.interview if session is not None and known else None
        changes = _changed(before, helped.interview) if helped.interview else ("removed",)
        yield from (f"person {helped.person}: {one}" for one in changes)
    if outcome.call is not None:
        yield f"for a person: {outcome.call.urgency or 'more'}"
    if outcome.correspondent.opted_out != talk.correspondent.opted_out:
        yield "opted out" if outcome.correspondent.opted_out else "opted in"


def _changed(before: Interview | None, now: Interview) -> Iterator[str]:
    """Yield what changed of an interview."""
    if before is None or before.language != now.language:
        yield f"language: {now.language or 'not known yet'}"
    if now.consented_at and (before is None or not before.consented_at):
        yield "consented"
    held = before.answers if before else {}
    yield from (f"{slot}: {_worth(held[slot])}, removed" for slot in held if slot not in now.answers)
    for slot, answer in now.answers.items():
        if held.get(slot) != answer:
            yield f"{slot}: {_worth(answer)}"
    if now.report_back is not None and (before is None or before.report_back != now.report_back):
        yield f"report back: {'yes' if now.report_back else 'no'}"
    if now.ending and (before is None or before.ending != now.ending):
        yield f"ended: {now.ending}"


def _worth(answer: Answer) -> str:
    match answer.status:
        case AnswerStatus.ANSWERED | AnswerStatus.CALCULATED:
            worth = answer.value
        case AnswerStatus.NOT_UNDERSTOOD:
            worth = f"{answer.raw} (not understood)"
        case AnswerStatus.DEFAULT:
            worth = f"{answer.value} (default)"
        case AnswerStatus.SKIPPED | AnswerStatus.GIVEN_UP | AnswerStatus.DONT_KNOW | AnswerStatus.REFUSED:
            worth = f"({answer.status.replace('_', ' ')})"
    return worth if answer.relevant else f"{worth}, no longer counts"


def _indented(lines: tuple[str, ...]) -> str:
    return "\n".join(f"    {line}" for entry in lines for line in entry.split("\n")) or "    (nothing)"
