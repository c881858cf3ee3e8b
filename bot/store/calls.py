"""What a person is to read, put in the queue in the transaction that stores it.

Nearly no message is for a person, so each statement here runs only where one is. The contacts are locked (see
`bot.store.exchange`), and with them everything of theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.core.reception import Call
from bot.core.safeguarding import Urgency
from bot.store.inbox_tables import inbox_cases, inbox_messages
from bot.store.moves import Place
from bot.store.turns import Person, Sender, Turn

_case = inbox_cases.c


def take(
    connection: Connection,
    turns: Sequence[Turn],
    contact_ids: Mapping[Sender, int],
    interview_ids: Mapping[Place, int],
    helped_ids: Mapping[Person, int],
    inbound_ids: Mapping[tuple[str, str], int],
) -> None:
    """Put every message of a batch that is for a person into its case, opening one where there is none."""
    for turn in turns:
        call = turn.call
        if call is None:
            continue
        language = turn.correspondent.language
        case = case_of(connection, contact_ids[turn.sender], call, turn.at, language)
        interview = None
        # What somebody tells a worker is their answer, and not the worker's.
        if call.slot is not None and (helped := turn.helped) is not None:
            interview = helped_ids.get(Person(helped.session, helped.person))
        elif call.slot is not None:
            interview = interview_ids.get((turn.sender, call.consultation))
        row = {
            "case_id": case,
            "inbound_id": inbound_ids[turn.key],
            "has_words": call.has_words,
            "interview_id": interview,
            "slot": call.slot if interview is not None else None,
        }
        connection.execute(insert(inbox_messages).values(row))


def case_of(
    connection: Connection, contact: int, call: Call, at: datetime, language: str | None = None
) -> int:
    """Return the case of a contact that a message for a person goes into; it is opened where there is none.

    `language` is the contact's, where the call has none. The contact is locked.
    """
    is_theirs = (_case.contact_id == contact, _case.consultation == call.consultation)
    query = select(_case.id, _case.urgency, _case.due_at, _case.written_at, _case.looked_at)
    found = connection.execute(query.where(*is_theirs, _case.closed_at.is_(None))).one_or_none()
    urgency = call.urgency or Urgency.ASKED
    due_at = at + call.within
    if found is None:
        opened = {
            "contact_id": contact,
            "consultation": call.consultation,
            "language": call.language or language,
            "urgency": urgency.value,
            "opened_at": at,
            "written_at": at,
            "due_at": due_at,
        }
        return int(connection.execute(insert(inbox_cases).values(opened).returning(_case.id)).scalar_one())
    changed: dict[str, Any] = {"written_at": at}
    is_read = found.looked_at is not None and found.looked_at >= found.written_at
    # What nobody has looked at keeps its time: who writes again does not go to the back of the queue.
    changed["due_at"] = due_at if is_read else min(due_at, found.due_at)
    if urgency.rank < Urgency(found.urgency).rank:
        changed["urgency"] = urgency.value
    connection.execute(update(inbox_cases).where(_case.id == found.id).values(changed))
    return int(found.id)
