"""The register of findings: what each is, every change of it, the words for people, and how many were told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.core.findings import Change, Finding, FindingState, Told, change_faults
from bot.errors import FindingsError
from bot.store import results_tables, tables
from bot.store.database import snapshot, writer
from bot.store.sending import OutboundStatus

_finding, _change, _words, _notice, _out = (
    table.c
    for table in (
        results_tables.findings,
        results_tables.finding_changes,
        results_tables.finding_words,
        results_tables.notices,
        tables.outbound,
    )
)

FAILED = (
    OutboundStatus.UNDELIVERED,
    OutboundStatus.FAILED,
    OutboundStatus.CANCELED,
    OutboundStatus.EXPIRED,
)
"""What became of a message that nobody has read: refused, not arrived, or not sent after all."""


async def findings(engine: AsyncEngine, consultation: str) -> tuple[Finding, ...]:
    """Return every finding of a consultation with all its changes, in the order they were registered."""
    return await _read(engine, _finding.consultation == consultation)


async def finding(engine: AsyncEngine, finding_id: int) -> Finding:
    """Return one finding.

    Raises:
        FindingsError: there is none of that number.
    """
    found = await _read(engine, _finding.id == finding_id)
    if not found:
        raise FindingsError(
            f"there is no finding {finding_id}; heard findings list CONSULTATION shows those there are"
        )
    return found[0]


async def register(
    engine: AsyncEngine,
    consultation: str,
    title: str,
    counted_from: date,
    first: Change,
    words: Mapping[str, str],
) -> int:
    """Store a finding with its first change and the words for people, by language; return its number.

    Raises:
        FindingsError: it cannot begin so; the text says everything that is wrong.
    """
    _require(change_faults(None, first))
    row = {"consultation": consultation, "title": title, "counted_from": counted_from}
    async with writer(engine).begin() as connection:
        stored = await connection.execute(insert(results_tables.findings).values(row).returning(_finding.id))
        finding_id = int(stored.scalar_one())
        await _append(connection, finding_id, first, words)
    return finding_id


async def change(engine: AsyncEngine, before: Finding, after: Change, words: Mapping[str, str]) -> None:
    """Store the change that follows what a finding has come to, with the words for people, by language.

    Raises:
        FindingsError: it cannot follow; or somebody has changed the finding meanwhile, and nothing is stored.
    """
    _require(change_faults(before.now, after))
    try:
        async with writer(engine).begin() as connection:
            await _append(connection, before.id, after, words)
    except IntegrityError:
        raise FindingsError(
            f"finding {before.id} was changed by somebody else meanwhile; look at it before you change it"
        ) from None


async def set_words(engine: AsyncEngine, of: Finding, words: Mapping[str, str]) -> None:
    """Store words for the last change of a finding, by language; those in other languages stay as they are.

    Raises:
        FindingsError: people were told in one of these languages already, in other words.
    """
    async with writer(engine).begin() as connection:
        change_id = await lock_change(connection, of)
        told = select(_notice.language).where(_notice.change_id == change_id).distinct()
        spoken = frozenset((await connection.scalars(told)).all())
        before = await words_of(connection, change_id)
        fixed = sorted(one for one in words if one in spoken and words[one] != before.get(one))
        if fixed:
            raise FindingsError(
                f"people were told of this in {', '.join(fixed)} already; what they were told stays as it was"
            )
        replaced = (_words.change_id == change_id, _words.language.in_(list(words)))
        await connection.execute(delete(results_tables.finding_words).where(*replaced))
        await _put_words(connection, change_id, words)


async def last_words(engine: AsyncEngine, of: Finding) -> Mapping[str, str]:
    """Return the words for people of a finding's last change, by language.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    async with engine.connect() as connection:
        return await words_of(connection, await lock_change(connection, of))


async def words_of(connection: AsyncConnection, change_id: int) -> Mapping[str, str]:
    """Return the words of a change by language."""
    query = select(_words.language, _words.words).where(_words.change_id == change_id)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def lock_change(connection: AsyncConnection, of: Finding) -> int:
    """Return the key of a finding's last change, locked on PostgreSQL until the transaction ends.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    numbers = select(_change.id, _change.number).where(_change.finding_id == of.id)
    row = (await connection.execute(numbers.order_by(_change.number.desc()).limit(1).with_for_update())).one()
    if row.number != of.now.number:
        raise FindingsError(f"finding {of.id} was changed by somebody else meanwhile; look at it again")
    return int(row.id)


async def first_published(engine: AsyncEngine, consultation: str) -> datetime | None:
    """Return when a consultation was offered first; None where it never was."""
    published = tables.versions.c
    query = select(published.published_at).where(published.consultation == consultation)
    async with engine.connect() as connection:
        found = await connection.scalars(query.order_by(published.published_at).limit(1))
        return found.one_or_none()


def _require(faults: Sequence[str]) -> None:
    if faults:
        raise FindingsError(" ".join(faults))


async def _append(
    connection: AsyncConnection, finding_id: int, after: Change, words: Mapping[str, str]
) -> None:
    row = {
        "finding_id": finding_id,
        "number": after.number,
        "state": after.state,
        "owner": after.owner,
        "due": after.due,
        "reason": after.reason,
        "referred_to": after.referred_to,
        "done_on": after.done_on,
        "changed_by": after.by,
        "changed_at": after.at,
    }
    stored = await connection.execute(
        insert(results_tables.finding_changes).values(row).returning(_change.id)
    )
    await _put_words(connection, int(stored.scalar_one()), words)


async def _put_words(connection: AsyncConnection, change_id: int, words: Mapping[str, str]) -> None:
    rows = [{"change_id": change_id, "language": language, "words": said} for language, said in words.items()]
    if rows:
        await connection.execute(insert(results_tables.finding_words), rows)


async def _read(engine: AsyncEngine, chosen: ColumnElement[bool]) -> tuple[Finding, ...]:
    async with snapshot(engine).connect() as connection:
        rows = (await connection.execute(_changes().where(chosen))).all()
        languages: dict[int, tuple[str, ...]] = {}
        for change_id, language in await connection.execute(_languages().where(chosen)):
            languages[change_id] = (*languages.get(change_id, ()), language)
        told = {row.change_id: _told(row) for row in await connection.execute(_counts().where(chosen))}
    changes: dict[int, list[Change]] = {}
    for row in rows:
        changed = _record(row, languages.get(row.change_id, ()), told.get(row.change_id, Told()))
        changes.setdefault(row.id, []).append(changed)
    heads = {row.id: row for row in rows}
    return tuple(
        Finding(id_, heads[id_].consultation, heads[id_].title, heads[id_].counted_from, tuple(listed))
        for id_, listed in changes.items()
    )


def _record(row: Row[*tuple[Any, ...]], languages: tuple[str, ...], told: Told) -> Change:
    return Change(
        number=row.number,
        state=FindingState(row.state),
        at=row.changed_at,
        by=row.changed_by,
        owner=row.owner,
        due=row.due,
        reason=row.reason,
        referred_to=row.referred_to,
        done_on=row.done_on,
        languages=languages,
        told=told,
    )


def _told(row: Row[*tuple[Any, ...]]) -> Told:
    return Told(row.people, row.sent, row.delivered, row.failed)


def _changes() -> Select[Any]:
    columns = [one for one in results_tables.finding_changes.c if one.name not in ("id", "finding_id")]
    return (
        select(results_tables.findings, _change.id.label("change_id"), *columns)
        .join_from(results_tables.findings, results_tables.finding_changes)
        .order_by(_finding.id, _change.number)
    )


def _languages() -> Select[Any]:
    return (
        select(_words.change_id, _words.language)
        .join_from(results_tables.finding_words, results_tables.finding_changes)
        .join(results_tables.findings)
        .order_by(_words.change_id, _words.language)
    )


def _counts() -> Select[Any]:
    """Select what became of the messages of each change; of somebody who was erased since, only that they were told."""

    def counted(statuses: Iterable[OutboundStatus]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((_out.status.in_(list(statuses)), 1), else_=0)), 0)

    return (
        select(
            _notice.change_id,
            func.count().label("people"),
            counted([OutboundStatus.SENT]).label("sent"),
            counted([OutboundStatus.DELIVERED]).label("delivered"),
            counted(FAILED).label("failed"),
        )
        .join_from(results_tables.notices, results_tables.finding_changes, _change.id == _notice.change_id)
        .join(results_tables.findings, _finding.id == _change.finding_id)
        .outerjoin(tables.outbound, _out.id == _notice.outbound_id)
        .group_by(_notice.change_id)
    )
