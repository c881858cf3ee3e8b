"""Pictures and sounds: which wait to be fetched, and what has become of each. Their bytes are files, not rows.

Every function is one short transaction. Who takes one in hand puts off when it is due: had they died, it is due again
after a lease, and fetched by another.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Text, Update, and_, bindparam, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.channels import Channel
from bot.store import tables
from bot.store.database import writer
from bot.store.fetching import Fetch, Kept, MediaStatus, StoredMedia
from bot.store.rowset import given, run
from bot.store.tables import written

_media = tables.media.c
_IS_WAITING = _media.status == literal_column(f"'{MediaStatus.WAITING}'", Text)


async def claim_media(
    engine: AsyncEngine, channels: Collection[str], now: datetime, lease: timedelta, most: int
) -> Sequence[Fetch]:
    """Take what is due of these channels in hand for as long as a lease, the longest due first, and return it."""
    async with writer(engine).begin() as connection:
        return await connection.run_sync(_claim, channels, now, lease, most)


def _claim(
    connection: Connection, channels: Collection[str], now: datetime, lease: timedelta, most: int
) -> Sequence[Fetch]:
    due = connection.execute(_DUE, {"channels": list(channels), "now": now, "most": most})
    taken = [Fetch(row.id, row.attempts + 1, row.channel, row.reference, row.kind, row.file) for row in due]
    if taken:
        until = written(now + lease)
        rows = [{"id": one.id, "attempts": one.number, "due_at": until} for one in taken]
        run(connection, _taken(connection.dialect.name), rows)
    return taken


async def settle_media(engine: AsyncEngine, kept: Kept) -> MediaStatus:
    """Write what has become of a fetch, and return what has become of the picture or sound.

    That is something else where it was deleted meanwhile, or where somebody else has fetched it after a lease.
    """
    is_ours = [_media.id == kept.fetch.id, _IS_WAITING, _media.attempts == kept.fetch.number]
    values = {
        "status": kept.status,
        "error": kept.error,
        "due_at": kept.due_at,
        "file": kept.file or kept.fetch.stem,
        "content_type": kept.content_type,
        "size": kept.size,
        "settled_at": kept.at,
    }
    async with writer(engine).begin() as connection:
        changed = await connection.execute(update(tables.media).where(*is_ours).values(values))
        if changed.rowcount:
            return kept.status
        found = await connection.scalar(select(_media.status).where(_media.id == kept.fetch.id))
        return MediaStatus(found) if found else MediaStatus.DELETED


async def mark_deleted(engine: AsyncEngine, contact_id: int, at: datetime) -> Sequence[str]:
    """Have nothing that a person sent fetched or shown any more. Return the names of the files to delete.

    They are returned again until `forget_files`, so that a crash between the two leaves no file behind.
    """
    theirs = update(tables.media).where(_media.contact_id == contact_id, _media.file.is_not(None))
    values = {"status": MediaStatus.DELETED, "due_at": None, "settled_at": at}
    async with writer(engine).begin() as connection:
        return (await connection.scalars(theirs.values(values).returning(_media.file))).all()


async def forget_files(engine: AsyncEngine, contact_id: int) -> None:
    """Forget the names of a person's files, which are deleted."""
    deleted = update(tables.media).where(
        _media.contact_id == contact_id, _media.status == MediaStatus.DELETED
    )
    async with writer(engine).begin() as connection:
        await connection.execute(deleted.values(file=None))


async def media_of(connection: AsyncConnection, references: Iterable[str]) -> Mapping[str, StoredMedia]:
    """Return what has become of pictures and sounds, by the reference that stands as an answer."""
    asked = [{"reference": one} for one in references]
    if not asked:
        return {}
    found = await connection.run_sync(lambda one: run(one, _of(one.dialect.name), asked).all())
    return {
        row.reference: StoredMedia(
            MediaStatus(row.status), row.file if row.status == MediaStatus.STORED else None, row.error
        )
        for row in found
    }


# --- the statements

_DUE = (
    select(_media.id, _media.attempts, _media.channel, _media.reference, _media.kind, _media.file)
    .where(
        _IS_WAITING,
        _media.due_at <= bindparam("now", type_=_media.due_at.type),
        _media.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(_media.due_at, _media.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


@cache
def _taken(dialect: str) -> Update:
    taken = given(dialect, _media.id, _media.attempts, _media.due_at)
    values = {"attempts": taken.c.attempts, "due_at": taken.c.due_at}
    return update(tables.media).values(values).where(_media.id == taken.c.id)


@cache
def _of(dialect: str) -> Select[Any]:
    asked = given(dialect, _media.reference)
    # With the channels, for the index begins with them.
    found = and_(_media.reference == asked.c.reference, _media.channel.in_([one.value for one in Channel]))
    return select(_media.reference, _media.status, _media.file, _media.error).join_from(
        asked, tables.media, found
    )
