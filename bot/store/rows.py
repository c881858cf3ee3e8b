"""Turns of conversation as rows: what a batch leaves in each table, once for each row it touches."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from bot.channels.sending import Template
from bot.core.interview.records import Answer, Ending, Interview, Slot
from bot.core.pacing import Pace
from bot.core.prompts.records import Button
from bot.store.fetching import MediaStatus
from bot.store.sending import OutboundStatus, Priority
from bot.store.tables import written
from bot.store.turns import Contact, Known, Sender, Turn

Row = dict[str, object]

BEHIND_THE_ANSWER = timedelta(seconds=1)

_encode = msgspec.json.Encoder().encode
_decode_interview = msgspec.json.Decoder(Interview).decode
_decode_pace = msgspec.json.Decoder(Pace).decode
_decode_template = msgspec.json.Decoder(Template).decode
_decode_buttons = msgspec.json.Decoder(tuple[Button, ...]).decode


def read_interview(state: str) -> Interview:
    """Return the interview that a `state` column holds."""
    return _decode_interview(state)


def read_pace(stored: str | None) -> Pace | None:
    """Return the pace that a `pace` column holds; None for somebody who has not written yet."""
    return _decode_pace(stored) if stored else None


def read_buttons(stored: str | None) -> tuple[Button, ...]:
    """Return the buttons that a `buttons` column holds."""
    return _decode_buttons(stored) if stored else ()


def read_template(stored: str | None) -> Template | None:
    """Return the template that a `template` column holds."""
    return _decode_template(stored) if stored else None


def contact_rows(turns: Sequence[Turn], contacts: Mapping[Sender, Contact]) -> dict[Sender, Row]:
    """Return everyone's row of the contact vault as it is after their last turn, without id and address."""
    opted_out: dict[Sender, datetime | None] = {
        one: contact.opted_out_at for one, contact in contacts.items()
    }
    rows: dict[Sender, Row] = {}
    for turn in turns:
        person = turn.correspondent
        since = (opted_out.get(turn.sender) or turn.at) if person.opted_out else None
        opted_out[turn.sender] = since
        rows[turn.sender] = {
            "language": person.language,
            "opted_out_at": _moment(since),
            "current_consultation": person.current,
            "last_inbound_at": written(turn.at),
            "pace": _encode(turn.pace).decode(),
            "sender": turn.to
            or (rows[turn.sender]["sender"] if turn.sender in rows else _sender_of(turn, contacts)),
            "last_message": turn.last_message,
            "attention": person.attention,
        }
    return rows


def _sender_of(turn: Turn, contacts: Mapping[Sender, Contact]) -> str | None:
    contact = contacts.get(turn.sender)
    return contact.sender if contact else None


def interview_rows(turns: Sequence[Turn], known: Known) -> dict[tuple[Sender, str], Row]:
    """Return every changed interview's row as it is after its last turn, without ids."""
    last: dict[tuple[Sender, str], tuple[Interview, datetime | None]] = {}
    for turn in turns:
        if turn.brought is not None and turn.concerns is not None:
            # One interview, not two: what its person had here before gave way to it.
            came = known.held(turn.brought)[turn.concerns]
            last[turn.sender, turn.concerns] = last.pop(
                (turn.brought, turn.concerns), (came.interview, came.ended_at)
            )
        for consultation, interview in turn.interviews.items():
            place = (turn.sender, consultation)
            before = last.get(place)
            if before is None and (held := known.held(turn.sender).get(consultation)) is not None:
                before = (held.interview, held.ended_at)
            last[place] = (interview, ended_at(interview, before))
    return {place: interview_row(interview, ended_at) for place, (interview, ended_at) in last.items()}


def answer_rows(turns: Sequence[Turn], interview_ids: Mapping[tuple[Sender, str], int]) -> list[Row]:
    """Return a row for every slot whose answer changed, as it is after its last turn."""
    last: dict[tuple[int, Slot], Row] = {}
    for turn in turns:
        for (consultation, slot), answer in turn.answers.items():
            place = (interview_ids[turn.sender, consultation], slot)
            last[place] = answer_row(*place, answer, turn.interviews[consultation].version)
    return list(last.values())


def inbound_rows(turns: Iterable[Turn], contact_ids: Mapping[Sender, int]) -> list[Row]:
    """Return a row for every message that came in."""
    return [
        {
            "channel": turn.key.channel,
            "provider_id": turn.key.provider_id,
            "contact_id": contact_ids[turn.sender],
            "body": turn.body,
            "consultation": turn.concerns,
            "received_at": written(turn.at),
        }
        for turn in turns
    ]


def outbound_rows(
    turns: Iterable[Turn], contact_ids: Mapping[Sender, int], inbound_ids: Mapping[tuple[str, str], int]
) -> list[Row]:
    """Return a row for every reply, in the order they are shown."""
    return [
        {
            "in_reply_to": inbound_ids[turn.key],
            "position": position,
            "contact_id": contact_ids[turn.sender],
            "body": reply.prompt.text,
            "language": turn.correspondent.language,
            "buttons": _encode(reply.prompt.buttons).decode() if reply.prompt.buttons else None,
            "segments": reply.segments,
            "created_at": written(turn.at),
            **(_waiting(turn, BEHIND_THE_ANSWER if position else timedelta()) if reply.waits else _REPLIED),
        }
        for turn in turns
        for position, reply in enumerate(turn.replies)
    ]


def media_rows(turns: Iterable[Turn], contact_ids: Mapping[Sender, int]) -> list[Row]:
    """Return a row for every picture and sound to fetch.

    Its file has a name from now on, still without an ending: whatever a crash leaves on the disk is found by it.
    """
    return [
        {
            "contact_id": contact_ids[turn.sender],
            "channel": turn.key.channel,
            "reference": one.value,
            "kind": one.kind,
            "status": MediaStatus.WAITING,
            "due_at": written(turn.at),
            "file": uuid4().hex,
            "created_at": written(turn.at),
        }
        for turn in turns
        for one in turn.media
    ]


_REPLIED: Row = {"status": OutboundStatus.REPLIED, "sender": None, "priority": None, "due_at": None}


def _waiting(turn: Turn, wait: timedelta) -> Row:
    """Return what has a reply sent by the outbox, `wait` after the answer: what travels there has to come first."""
    return {
        "status": OutboundStatus.QUEUED,
        "sender": turn.to,
        "priority": int(Priority.REPLY),
        "due_at": written(turn.at + wait),
    }


def respondent_id() -> str:
    """Return a random id for a respondent: it says nothing of who they are, or where else they answered."""
    return uuid4().hex


def ended_at(interview: Interview, before: tuple[Interview, datetime | None] | None) -> datetime | None:
    """Return when an interview ended; where it has only been ended the same way before, that was then.

    None of one that was left, as of one that somebody is silent in.
    """
    if interview.ending in (None, Ending.LEFT):
        return None
    if before is not None and before[0].ending is interview.ending and before[1] is not None:
        return before[1]
    return interview.updated_at


def interview_row(interview: Interview, ended_at: datetime | None) -> Row:
    """Return what an interview's row says of how it went."""
    return {
        "version": interview.version,
        "language": interview.language,
        "state": _encode(interview).decode(),
        "stage": interview.stage,
        "ending": interview.ending,
        "started_at": written(interview.started_at),
        "updated_at": written(interview.updated_at),
        "consented_at": _moment(interview.consented_at),
        "ended_at": _moment(ended_at),
        "report_back": interview.report_back,
        "source": interview.source,
        "wave": interview.wave,
    }


def answer_row(interview_id: int, slot: Slot, answer: Answer, version: str) -> Row:
    """Return the row of one answer."""
    return {
        "interview_id": interview_id,
        "slot": slot,
        "item": slot.partition("[")[0],
        "value": answer.value,
        "raw": answer.raw,
        "status": answer.status,
        "language": answer.language,
        "relevant": answer.relevant,
        "tries": answer.tries,
        "answered_at": written(answer.at),
        "version": version,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)
