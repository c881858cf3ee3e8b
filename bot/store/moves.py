"""Interviews that go on elsewhere: what codes stand for, and what changes where one has been sent.

Nearly no message is about this, so each statement here runs only where one is. The contacts that they are about are
locked (see `bot.store.exchange`), and with them everything of theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from bot.store import tables
from bot.store.rowset import insertion, run
from bot.store.turns import Bringing, GivenCode, Known, Sender, Turn

Place = tuple[Sender, str]
"""Whose interview of which consultation."""


def read_moved(stored: str | None) -> frozenset[str]:
    """Return the consultations that a `moved` column holds: those that somebody went on with elsewhere."""
    return frozenset(stored.split()) if stored else frozenset()


def read_codes(connection: Connection, codes: Iterable[str]) -> Mapping[str, Bringing]:
    """Return what codes stand for, even where they are too old; nothing of one that is not known."""
    return {
        row.code: Bringing(Sender(row.channel, row.address_hash), row.consultation, row.expires_at)
        for row in connection.execute(_CODES, {"codes": list(codes)})
    }


def bring(
    connection: Connection, known: Known, turns: Sequence[Turn], contact_ids: Mapping[Sender, int]
) -> Mapping[Place, int]:
    """Give the interviews that were brought to those who brought them. Return their ids, by old and new place.

    What the person had begun on this channel without agreeing to take part gives way; it holds no answer.
    """
    ids: dict[Place, int] = {}
    moved: dict[Sender, frozenset[str]] = {}
    for turn in turns:
        if turn.brought is None or turn.concerns is None:
            continue
        consultation, source = turn.concerns, turn.brought
        brought = known.held(source)[consultation]
        if given_way := known.held(turn.sender).get(consultation):
            connection.execute(_GIVEN_WAY, {"given_way": given_way.id})
        owners = {"before": contact_ids[source], "after": contact_ids[turn.sender]}
        answers = [answer.value for answer in turn.interviews[consultation].answers.values()]
        connection.execute(_BROUGHT, {"interview": brought.id, **owners})
        connection.execute(_MEDIA, {"answers": answers, **owners})
        connection.execute(_SPENT, {"interview": brought.id})
        ids[source, consultation] = ids[turn.sender, consultation] = brought.id
        moved[source] = moved.get(source, _moved_before(known, source)) | {consultation}
        moved[turn.sender] = moved.get(turn.sender, _moved_before(known, turn.sender)) - {consultation}
    for sender, consultations in moved.items():
        written = " ".join(sorted(consultations)) or None
        connection.execute(_MOVED, {"contact": contact_ids[sender], "consultations": written})
    return ids


def giving(dialect: str) -> Any:
    """Return the statement that keeps given codes; the one before is worth nothing from then on."""
    statement = insertion(dialect, *_move)
    renewed = {one: statement.excluded[one] for one in ("code", "expires_at")}
    return statement.on_conflict_do_update(index_elements=[_move.interview_id], set_=renewed)


def give(
    connection: Connection, statement: Any, known: Known, turns: Sequence[Turn], ids: Mapping[Place, int]
) -> None:
    """Keep the codes that were given, the last one of each interview, by the statement of `giving`.

    `ids` are those of the interviews that have changed.
    """
    last: dict[int, GivenCode] = {}
    for turn in turns:
        if turn.given is not None and turn.concerns is not None:
            place = (turn.sender, turn.concerns)
            last[ids[place] if place in ids else known.held(turn.sender)[turn.concerns].id] = turn.given
    given = [
        {"interview_id": interview, "code": one.code, "expires_at": tables.written(one.expires_at)}
        for interview, one in last.items()
    ]
    if given:
        run(connection, statement, given)


def _moved_before(known: Known, sender: Sender) -> frozenset[str]:
    contact = known.contacts.get(sender)
    return contact.moved if contact else frozenset()


_contact, _interview, _move, _file = (
    table.c for table in (tables.contacts, tables.interviews, tables.moves, tables.media)
)


def _codes() -> Select[Any]:
    return (
        select(_move.code, _move.expires_at, _contact.channel, _contact.address_hash, _interview.consultation)
        .join_from(tables.moves, tables.interviews, _interview.id == _move.interview_id)
        .join(tables.contacts, _contact.id == _interview.contact_id)
        .where(_move.code.in_(bindparam("codes", expanding=True)))
    )


_CODES = _codes()
_GIVEN_WAY = delete(tables.interviews).where(_interview.id == bindparam("given_way"))
_BROUGHT = (
    update(tables.interviews)
    .where(_interview.id == bindparam("interview"), _interview.contact_id == bindparam("before"))
    .values(contact_id=bindparam("after"))
)
_MEDIA = (
    update(tables.media)
    .where(_file.contact_id == bindparam("before"), _file.reference.in_(bindparam("answers", expanding=True)))
    .values(contact_id=bindparam("after"))
)
_SPENT = delete(tables.moves).where(_move.interview_id == bindparam("interview"))
_MOVED = (
    update(tables.contacts)
    .where(_contact.id == bindparam("contact"))
    .values(moved=bindparam("consultations"))
)
