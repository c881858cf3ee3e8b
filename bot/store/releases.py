"""What was published of each consultation, as it was published: numbered, kept whole, and sometimes withdrawn.

Documents are JSON of records that the store does not know: `document` a `bot.results.publication.records.Publication`,
`codebook` the columns of an export, `cells` what later audits need. A server reads them without what made them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ReleaseError
from bot.store import results_tables
from bot.store.database import writer

_release = results_tables.releases.c
_LIGHT = (
    _release.consultation,
    _release.number,
    _release.released_at,
    _release.threshold,
    _release.rounding,
    _release.withdrawn_at,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A release without what it shows. Releases of a consultation are numbered from 1, without gaps.

    `released_at` is when the figures stood so. A release that was `withdrawn_at` is no longer shown to anybody, and
    counts in audits all the same: who has read it knows it.
    """

    consultation: str
    number: int
    released_at: datetime
    threshold: int
    rounding: int
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A release with what it shows: its publication and its codebook, each as JSON."""

    listed: Listed
    document: str = field(repr=False)
    codebook: str = field(repr=False)


async def publish(engine: AsyncEngine, release: Stored, cells: str) -> None:
    """Store a release with the cells that later audits look at.

    Raises:
        ReleaseError: another was stored under its number meanwhile, so that it was not audited together with that one;
            or its number does not follow the last.
    """
    listed = release.listed
    row = {
        "consultation": listed.consultation,
        "number": listed.number,
        "released_at": listed.released_at,
        "threshold": listed.threshold,
        "rounding": listed.rounding,
        "document": release.document,
        "codebook": release.codebook,
        "cells": cells,
    }
    before = select(_release.number).where(_release.consultation == listed.consultation)
    try:
        async with writer(engine).begin() as connection:
            last = (await connection.scalars(before.order_by(_release.number.desc()).limit(1))).one_or_none()
            if listed.number != (last or 0) + 1:
                raise ReleaseError(_MEANWHILE)
            await connection.execute(insert(results_tables.releases).values(row))
    except IntegrityError:
        raise ReleaseError(_MEANWHILE) from None


_MEANWHILE = "another release was published meanwhile; publish again, so that the two are audited together"


async def latest(engine: AsyncEngine, consultation: str) -> Stored | None:
    """Return the newest release that was not withdrawn; None where there is none."""
    return await _one(engine, _whole(consultation).where(_release.withdrawn_at.is_(None)))


async def release(engine: AsyncEngine, consultation: str, number: int) -> Stored | None:
    """Return one release, withdrawn or not; None where there never was one of that number."""
    return await _one(engine, _whole(consultation).where(_release.number == number))


async def releases(engine: AsyncEngine, consultation: str) -> tuple[Listed, ...]:
    """Return every release of a consultation, the oldest first, those withdrawn too."""
    query = select(*_LIGHT).where(_release.consultation == consultation).order_by(_release.number)
    async with engine.connect() as connection:
        return tuple(_listed(row) for row in await connection.execute(query))


async def consultations_with_releases(engine: AsyncEngine) -> tuple[str, ...]:
    """Return the consultations, in the order of their names, of which something is published and not withdrawn."""
    query = select(_release.consultation).where(_release.withdrawn_at.is_(None)).distinct()
    async with engine.connect() as connection:
        return tuple(sorted((await connection.scalars(query)).all()))


async def audited(engine: AsyncEngine, consultation: str) -> tuple[str, ...]:
    """Return the cells of every release of a consultation, the oldest first, those withdrawn too."""
    query = select(_release.cells).where(_release.consultation == consultation).order_by(_release.number)
    async with engine.connect() as connection:
        return tuple((await connection.scalars(query)).all())


async def withdraw(engine: AsyncEngine, consultation: str, number: int, at: datetime) -> None:
    """Let a release be shown no longer; what it told stays known, and its number is not given again.

    Raises:
        ReleaseError: there is none of that number, or it was withdrawn before.
    """
    this = (_release.consultation == consultation, _release.number == number)
    change = (
        update(results_tables.releases).where(*this, _release.withdrawn_at.is_(None)).values(withdrawn_at=at)
    )
    async with writer(engine).begin() as connection:
        changed = (await connection.execute(change)).rowcount
        if not changed:
            found = (await connection.scalars(select(_release.withdrawn_at).where(*this))).one_or_none()
            raise ReleaseError(
                f"release {number} of '{consultation}' was withdrawn before"
                if found
                else f"'{consultation}' has no release {number}; heard publish {consultation} --list shows them"
            )


def _whole(consultation: str) -> Select[Any]:
    query = select(*_LIGHT, _release.document, _release.codebook)
    return query.where(_release.consultation == consultation).order_by(_release.number.desc()).limit(1)


async def _one(engine: AsyncEngine, query: Select[Any]) -> Stored | None:
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one_or_none()
    return Stored(_listed(row), row.document, row.codebook) if row is not None else None


def _listed(row: Row[*tuple[Any, ...]]) -> Listed:
    return Listed(
        row.consultation, row.number, row.released_at, row.threshold, row.rounding, row.withdrawn_at
    )
