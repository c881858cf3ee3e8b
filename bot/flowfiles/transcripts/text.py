"""Transcripts as text."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.problems import Problem
from bot.core.reception import PIN_DIGITS
from bot.flowfiles.transcripts.records import CHANNELS, DEFAULT_START, Transcript, Turn


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
    if transcript.pin is not None:
        lines.append(f"pin: {transcript.pin}")
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


HEADING = re.compile(r"(consultation|channel|at|seed|pin):(.*)")


def _headed(
    heading: dict[str, str], remarks: tuple[str, ...], turns: tuple[Turn, ...], problems: list[Problem]
) -> Transcript | tuple[Problem, ...]:
    channel = heading.get("channel", "sms")
    at, seed = DEFAULT_START, heading.get("seed", "1")
    if "consultation" not in heading:
        problems.append(_heading_problem("does not say which consultation it is of", "consultation: ID"))
    if channel not in CHANNELS:
        problems.append(_heading_problem(f"names the channel '{channel}'", "channel: sms (or telegram)"))
    if not seed.isdecimal():
        problems.append(_heading_problem(f"has the seed '{seed}'", "seed: 1"))
    if (pin := heading.get("pin")) is not None and not (pin.isdecimal() and len(pin) == PIN_DIGITS):
        problems.append(_heading_problem(f"has the worker's number '{pin}'", "pin: 483920"))
    try:
        at = datetime.strptime(heading["at"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC) if "at" in heading else at
    except ValueError:
        problems.append(_heading_problem(f"begins at '{heading['at']}'", "at: 2026-03-02 09:00"))
    if problems:
        return tuple(problems)
    return Transcript(heading["consultation"], channel, at, int(seed), remarks, turns, pin)


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
