"""The register of findings, on each database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.findings import FindingState, Told
from bot.errors import FindingsError
from bot.store.findings import change, finding, findings, first_published, last_words, register, set_words
from bot.store.versions import Publication, publish
from tests.support.intake import NOON
from tests.support.respondents import HEARD, WORDS, registered

ACCEPTED = replace(
    HEARD,
    number=2,
    state=FindingState.ACCEPTED,
    at=NOON + timedelta(days=9),
    by="Bintou",
    due=date(2026, 7, 1),
    reason="The money is there.",
)


async def test_a_finding_is_read_as_it_was_written(engine: AsyncEngine) -> None:
    first = await registered(engine)
    assert (first.consultation, first.title, first.counted_from) == (
        "trial",
        "The well is dry",
        date(2026, 3, 2),
    )
    assert first.changes == (replace(HEARD, languages=("en", "sw")),)
    await change(engine, first, ACCEPTED, {"en": "We dig a new well."})
    other = await registered(engine, {})
    done = replace(
        ACCEPTED, number=3, state=FindingState.DONE, due=None, done_on=date(2026, 3, 10), referred_to=None
    )
    await change(engine, await finding(engine, first.id), done, {})
    assert await findings(engine, "trial") == (await finding(engine, first.id), other)
    changes = (await finding(engine, first.id)).changes
    assert changes == (
        replace(HEARD, languages=("en", "sw")),
        replace(ACCEPTED, languages=("en",)),
        replace(done, languages=()),
    )
    assert changes[0].told == Told()
    assert await findings(engine, "another") == ()


async def test_what_cannot_be_is_not_stored(engine: AsyncEngine) -> None:
    with pytest.raises(FindingsError, match=r"name an owner.*heard first"):
        await register(engine, "trial", "Dry", date(2026, 3, 2), replace(HEARD, owner="", due=None), {})
    first = await registered(engine)
    with pytest.raises(FindingsError, match="Give the reason"):
        await change(engine, first, replace(ACCEPTED, state=FindingState.REJECTED, due=None, reason=None), {})
    assert await findings(engine, "trial") == (first,)
    with pytest.raises(FindingsError, match="there is no finding 99"):
        await finding(engine, 99)


async def test_of_two_who_change_it_at_once_the_second_is_told(engine: AsyncEngine) -> None:
    first = await registered(engine)
    await change(engine, first, ACCEPTED, WORDS)
    with pytest.raises(FindingsError, match="changed by somebody else"):
        await change(engine, first, replace(ACCEPTED, state=FindingState.PARTLY), {"en": "In part."})
    with pytest.raises(FindingsError, match="changed by somebody else"):
        await set_words(engine, first, {"en": "Late."})
    now = await finding(engine, first.id)
    assert [one.state for one in now.changes] == ["heard", "accepted"]
    assert await last_words(engine, now) == WORDS


async def test_words_are_put_in_a_language_at_a_time(engine: AsyncEngine) -> None:
    first = await registered(engine, {"en": "You said."})
    await set_words(engine, first, {"sw": "Mlisema.", "en": "You said so."})
    await set_words(engine, first, {"sw": "Mlisema hivi."})
    assert await last_words(engine, first) == {"en": "You said so.", "sw": "Mlisema hivi."}
    assert (await finding(engine, first.id)).now.languages == ("en", "sw")


async def test_the_clock_begins_when_the_consultation_was_first_offered(engine: AsyncEngine) -> None:
    assert await first_published(engine, "trial") is None
    for days, version in ((3, "b"), (0, "a"), (9, "c")):
        await publish(engine, [Publication(version, "trial", "{}")], NOON + timedelta(days=days))
    assert await first_published(engine, "trial") == NOON
