"""Releases, on each database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import ReleaseError
from bot.store.releases import (
    Listed,
    Stored,
    audited,
    consultations_with_releases,
    latest,
    publish,
    release,
    releases,
    withdraw,
)
from tests.support.intake import NOON

DAY = timedelta(days=1)


def made(number: int, consultation: str = "water") -> Stored:
    listed = Listed(consultation, number, NOON + number * DAY, 10, 5)
    return Stored(listed, f'{{"shown":{number}}}', f'[["codebook",{number}]]')


async def put(engine: AsyncEngine, *numbers: int, consultation: str = "water") -> None:
    for number in numbers:
        await publish(engine, made(number, consultation), f'{{"cells":{number}}}')


async def test_what_was_published_is_read_as_it_was(engine: AsyncEngine) -> None:
    assert await latest(engine, "water") is None
    await put(engine, 1, 2)
    assert await latest(engine, "water") == made(2)
    assert await release(engine, "water", 1) == made(1)
    assert await release(engine, "water", 3) is None
    assert await releases(engine, "water") == (made(1).listed, made(2).listed)
    assert await audited(engine, "water") == ('{"cells":1}', '{"cells":2}')


async def test_each_consultation_counts_its_own(engine: AsyncEngine) -> None:
    await put(engine, 1, 2)
    await put(engine, 1, consultation="market")
    assert await consultations_with_releases(engine) == ("market", "water")
    assert [one.number for one in await releases(engine, "market")] == [1]
    assert await releases(engine, "clinic") == ()
    assert await audited(engine, "clinic") == ()


async def test_what_is_withdrawn_is_not_shown_and_still_audited(engine: AsyncEngine) -> None:
    await put(engine, 1, 2)
    await withdraw(engine, "water", 2, NOON + 9 * DAY)
    gone = replace(made(2).listed, withdrawn_at=NOON + 9 * DAY)
    assert await latest(engine, "water") == made(1)
    assert await releases(engine, "water") == (made(1).listed, gone)
    assert await release(engine, "water", 2) == replace(made(2), listed=gone)
    assert len(await audited(engine, "water")) == 2
    await put(engine, 3)
    await withdraw(engine, "water", 1, NOON + 9 * DAY)
    await withdraw(engine, "water", 3, NOON + 9 * DAY)
    assert await latest(engine, "water") is None
    assert await consultations_with_releases(engine) == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "release 1 of 'water' was withdrawn before"), (7, "'water' has no release 7; heard publish water")],
)
async def test_what_cannot_be_withdrawn_is_said(engine: AsyncEngine, number: int, said: str) -> None:
    await put(engine, 1)
    await withdraw(engine, "water", 1, NOON)
    with pytest.raises(ReleaseError, match=said):
        await withdraw(engine, "water", number, NOON)


@pytest.mark.parametrize("number", [1, 3])
async def test_a_release_that_was_not_audited_with_the_last_is_refused(
    engine: AsyncEngine, number: int
) -> None:
    await put(engine, 1)
    with pytest.raises(ReleaseError, match="published meanwhile"):
        await put(engine, number)
    assert await releases(engine, "water") == (made(1).listed,)
