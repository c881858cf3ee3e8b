"""Transcripts: a conversation written down as a chat reads, and held again to see that it still goes so.

    # A person who cooks with wood.
    consultation: household-energy
    channel: sms

    > ENERGY
    < The Energy Office asks 6 short questions about power at home.
      Send 1 to start, 2 to say no.
    > 1
    < What do you cook with?
      1. Firewood
      2. Gas
    = consented
    > 1
    < ...
    = cooks_with: wood

`> ` is what the person sends (`> [Firewood]` presses a button, `> (image) photo-1` shares something), `< ` begins a
message of the bot's and two blanks continue it, `= ` is what got stored, `~ 3 days` lets time pass. Before the first
`> ` stand `consultation`, and if wanted `channel` (sms or telegram), `at` (the first message's time) and `seed`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core.interview.records import Answer, AnswerStatus, Interview
from bot.core.problems import Problem
from bot.core.prompts import SMS, TELEGRAM, Form, Prompt
from bot.core.reception import Consultations, Correspondent, Incoming, Outcome, receive

FORMS: dict[str, Form] = {"sms": SMS, "telegram": TELEGRAM}
DEFAULT_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BETWEEN_MESSAGES = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the person's, what it was answered, and what got stored. `line` is where it stands, from 1."""

    said: str
    replies: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    waited: timedelta = timedelta()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation with one consultation."""

    consultation: str
    channel: str = "sms"
    at: datetime = DEFAULT_START
    seed: int = 1
    remarks: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()


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


def written(transcript: Transcript) -> str:
    """Return a transcript as text."""
    lines = [f"# {remark}" for remark in transcript.remarks]
    lines.append(f"consultation: {transcript.consultation}")
    if transcript.channel != "sms":
        lines.append(f"channel: {transcript.channel}")
    if transcript.at != DEFAULT_START:
        lines.append(f"at: {transcript.at:%Y-%m-%d %H:%M}")
    if transcript.seed != 1:
        lines.append(f"seed: {transcript.seed}")
    for turn in transcript.turns:
        lines.append("")
        if turn.waited:
            lines.append(f"~ {_duration(turn.waited)}")
        lines.append(f"> {turn.said}")
        for reply in turn.replies:
            first, *more = reply.split("\n")
            lines += [f"< {first}", *(f"  {line}" for line in more)]
        lines += [f"= {stored}" for stored in turn.stored]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def parse(text: str) -> Transcript | tuple[Problem, ...]:
    """Return the transcript that a text is, or every line of it that cannot be read."""
    heading: dict[str, str] = {}
    remarks: list[str] = []
    turns: list[Turn] = []
    problems: list[Problem] = []
    waited = timedelta()
    for number, line in enumerate(text.splitlines(), 1):
        mark, content = line[:2], line[2:]
        passed = _passed(content) if mark == "~ " else None
        if not line.strip():
            continue
        if mark == "# ":
            remarks.append(content)
        elif mark == "> ":
            turns.append(Turn(content, waited=waited, line=number))
            waited = timedelta()
        elif passed is not None:
            waited += passed
        elif (turns and mark in ("< ", "= ")) or (mark == "  " and turns and turns[-1].replies):
            turns[-1] = _extended(turns[-1], mark, content)
        elif not turns and (entry := HEADING.fullmatch(line)):
            heading[entry[1]] = entry[2].strip()
        else:
            problems.append(_unreadable(number, line))
    return _headed(heading, tuple(remarks), tuple(turns), problems)


HEADING = re.compile(r"(consultation|channel|at|seed):(.*)")


def _headed(
    heading: dict[str, str], remarks: tuple[str, ...], turns: tuple[Turn, ...], problems: list[Problem]
) -> Transcript | tuple[Problem, ...]:
    channel = heading.get("channel", "sms")
    at, seed = DEFAULT_START, heading.get("seed", "1")
    if "consultation" not in heading:
        problems.append(_heading_problem("does not say which consultation it is of", "consultation: ID"))
    if channel not in FORMS:
        problems.append(_heading_problem(f"names the channel '{channel}'", "channel: sms (or telegram)"))
    if not seed.isdecimal():
        problems.append(_heading_problem(f"has the seed '{seed}'", "seed: 1"))
    try:
        at = datetime.strptime(heading["at"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC) if "at" in heading else at
    except ValueError:
        problems.append(_heading_problem(f"begins at '{heading['at']}'", "at: 2026-03-02 09:00"))
    if problems:
        return tuple(problems)
    return Transcript(heading["consultation"], channel, at, int(seed), remarks, turns)


def _heading_problem(fault: str, instead: str) -> Problem:
    return Problem(
        "transcript-heading", (), f"The transcript {fault}.", f"Write at the top: {instead}", line=1
    )


def _unreadable(number: int, line: str) -> Problem:
    message = f"This line of the transcript cannot be read: {line[:60]}"
    remedy = "Begin it with '> ', '< ', two blanks, '= ', '~ ' (like ~ 3 days) or '# '."
    return Problem("transcript-line", (), message, remedy, line=number)


def _extended(turn: Turn, mark: str, content: str) -> Turn:
    if mark == "= ":
        return replace(turn, stored=(*turn.stored, content))
    if mark == "< ":
        return replace(turn, replies=(*turn.replies, content))
    return replace(turn, replies=(*turn.replies[:-1], f"{turn.replies[-1]}\n{content}"))


UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}


def _passed(content: str) -> timedelta | None:
    count, _, unit = content.strip().partition(" ")
    return UNITS[unit] * int(count) if unit in UNITS and count.isdecimal() else None


def _duration(waited: timedelta) -> str:
    unit = next(unit for unit in ("days", "hours", "minutes") if not waited % UNITS[unit])
    return f"{waited // UNITS[unit]} {unit}"


def shown(prompt: Prompt) -> str:
    """Return a message as a transcript shows it: its text, without trailing blanks, and its buttons below."""
    buttons = " ".join(f"[{button.label}]" for button in prompt.buttons)
    lines = [*prompt.text.split("\n"), *([buttons] if buttons else [])]
    return "\n".join(line.rstrip() for line in lines if line.strip())


SHARED = re.compile(r"\((geopoint|image|audio)\) (.+)")


def _incoming(said: str, talk: Talk, now: datetime) -> Incoming:
    if said.startswith("[") and said.endswith("]"):
        return Incoming(now, button=talk.buttons.get(said[1:-1], said[1:-1]))
    if shared := SHARED.fullmatch(said):
        return Incoming(now, shared=((shared[1], shared[2]),))
    return Incoming(now, said)


def _stored(talk: Talk, outcome: Outcome) -> Iterator[str]:
    """Yield what a turn changed, a line each, in the order in which it is read."""
    for consultation, now in outcome.interviews.items():
        before = talk.interviews.get(consultation)
        if before is None or before.language != now.language:
            yield f"language: {now.language or 'not known yet'}"
        if now.consented_at and (before is None or not before.consented_at):
            yield "consented"
        held = before.answers if before else {}
        yield from (f"{slot}: {_worth(held[slot])}, removed" for slot in held if slot not in now.answers)
        for slot, answer in now.answers.items():
            if held.get(slot) != answer:
                yield f"{slot}: {_worth(answer)}"
        if now.ending and (before is None or before.ending != now.ending):
            yield f"ended: {now.ending}"
    if outcome.correspondent.opted_out != talk.correspondent.opted_out:
        yield "opted out" if outcome.correspondent.opted_out else "opted in"


def _worth(answer: Answer) -> str:
    match answer.status:
        case AnswerStatus.ANSWERED | AnswerStatus.CALCULATED:
            worth = answer.value
        case AnswerStatus.NOT_UNDERSTOOD:
            worth = f"{answer.raw} (not understood)"
        case AnswerStatus.DEFAULT:
            worth = f"{answer.value} (default)"
        case AnswerStatus.SKIPPED | AnswerStatus.GIVEN_UP:
            worth = f"({answer.status.replace('_', ' ')})"
    return worth if answer.relevant else f"{worth}, no longer counts"


def _indented(lines: tuple[str, ...]) -> str:
    return "\n".join(f"    {line}" for entry in lines for line in entry.split("\n")) or "    (nothing)"
