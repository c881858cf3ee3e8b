"""Quotas steer a running campaign: a full cell waits, on each database, and comes when there is room again."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Quota, Quotas, Source, Variable
from bot.errors import QuotasError
from bot.outreach.inviting import Inviter, Surroundings
from bot.outreach.quotas.following import LOOKS_EVERY_S, QuotaFiles
from bot.outreach.quotas.recruiting import Recruiting
from bot.store import tables
from bot.store.database import writer
from bot.store.outbox import claim, settle
from bot.store.outreach.feeding import LINGERS
from bot.store.outreach.holding import held_by_reason, let_go
from bot.store.sending import OutboundStatus, Settled
from tests.support.campaigns import campaign, contact_of, recipient, states
from tests.support.intake import NOON
from tests.support.letters import SENDER
from tests.support.recruited import interview

LOCALES = Path(__file__).parents[3] / "locales"
DAY = timedelta(days=1)
GENDER = Variable("gender", Source.ITEM, ("woman", "man"))


def quotas(woman: int, man: int) -> Quotas:
    return Quotas((Quota((GENDER,), {("woman",): woman, ("man",): man}),))


class Moving:
    """Quotas that an organiser changes, and a clock that always has time for a count."""

    def __init__(self, engine: AsyncEngine, held: Quotas | None) -> None:
        self.held = held
        recruiting = Recruiting(engine, lambda _: self.held)
        self.now = NOON
        around = Surroundings({SENDER: 100.0}, recruiting.steering, lambda: self.now)
        self.inviter = Inviter(engine, around)


async def listed(engine: AsyncEngine, *genders: str) -> list[int]:
    return [
        await recipient(engine, person, attributes={"gender": gender} if gender else {})
        for person, gender in enumerate(genders)
    ]


async def waiting(engine: AsyncEngine) -> dict[int, str | None]:
    return {one: reason for one, (state, reason) in (await states(engine)).items() if state == "held"}


async def test_a_full_cell_is_held_and_the_others_are_invited(engine: AsyncEngine) -> None:
    man, woman, unknown = people = await listed(engine, "man", "woman", "")
    await campaign(engine, *people)
    await interview(engine, None, {"gender": "man"})
    moving = Moving(engine, quotas(9, 1))
    assert await moving.inviter.turn() == 2
    assert await waiting(engine) == {man: "quota full (gender: man)"}
    assert {one for one, (state, _) in (await states(engine)).items() if state == "queued"} == {
        woman,
        unknown,
    }


async def test_who_was_held_is_invited_when_there_is_room_again(engine: AsyncEngine) -> None:
    people = await listed(engine, "man", "man")
    await campaign(engine, people[0])
    await interview(engine, await contact_of(engine, people[1]), ending=None, updated_at=NOON)
    moving = Moving(engine, quotas(9, 1))
    assert await moving.inviter.turn() == 0
    assert await waiting(engine) == {people[0]: "quota full (gender: man)"}
    # The one in progress breaks off: after a day the place is free.
    async with writer(engine).begin() as connection:
        await connection.execute(update(tables.interviews).values(updated_at=NOON - timedelta(days=2)))
    moving.held = quotas(8, 1)
    assert await moving.inviter.turn() == 1
    assert await waiting(engine) == {}


async def test_no_more_are_invited_than_are_expected_to_fill_a_cell(engine: AsyncEngine) -> None:
    people = await listed(engine, *["man"] * 8)
    await campaign(engine, *people)
    moving = Moving(engine, quotas(0, 1))
    assert await moving.inviter.turn() == 5
    assert set((await waiting(engine)).values()) == {"enough are invited for now (gender: man)"}
    # Of those on the way nothing more is expected in a day: the next are invited.
    moving.held = quotas(0, 2)
    assert await moving.inviter.turn() == 3


async def test_only_as_many_are_let_go_as_there_is_room_for(engine: AsyncEngine) -> None:
    people = await listed(engine, *["man"] * 20)
    running = await campaign(engine, *people)
    moving = Moving(engine, quotas(0, 0))
    await moving.inviter.turn()
    assert await let_go(engine, running.id, "another reason", 5) == 0
    assert set((await held_by_reason(engine, running.id)).items()) == {("quota full (gender: man)", 20)}
    moving.held = quotas(0, 2)
    assert await moving.inviter.turn() == 10
    assert (await held_by_reason(engine, running.id)) == {"quota full (gender: man)": 10}


async def test_an_invitation_that_is_kept_in_the_outbox_is_taken_back_when_its_cell_is_full(
    engine: AsyncEngine,
) -> None:
    people = await listed(engine, *["man"] * 4, "woman", "")
    await campaign(engine, *people)
    moving = Moving(engine, quotas(1, 4))
    assert await moving.inviter.turn() == 6
    # One is in hand when the provider goes away; one came back, and is on its way once more.
    in_hand, back = await claim(engine, SENDER, NOON, 2)
    await settle(
        engine, [Settled(back.id, back.started_at, OutboundStatus.QUEUED, NOON, "SM1", due_at=NOON + DAY)]
    )
    moving.held = quotas(1, 0)
    moving.now += LINGERS / 2
    assert await moving.inviter.turn() == 0
    assert await waiting(engine) == {}
    moving.now += LINGERS / 2
    assert await moving.inviter.turn() == 0
    out = {in_hand.contact_id, back.contact_id}
    men = {one for one in people[:4] if await contact_of(engine, one) not in out}
    assert len(men) >= 2
    assert await waiting(engine) == dict.fromkeys(men, "quota full (gender: man)")
    moving.held = quotas(1, 4)
    assert await moving.inviter.turn() == len(men)
    assert await waiting(engine) == {}


async def test_who_is_in_the_midst_keeps_a_place_and_is_reminded_as_long_as_they_have_it(
    engine: AsyncEngine,
) -> None:
    held = replace(quotas(9, 1), reserved_for=3 * DAY)
    await interview(engine, None, {"gender": "man"}, ending=None, updated_at=NOON)
    man = Profile({"gender": "man"})
    for since, (paused, invited) in {
        2 * DAY: (None, "quota full (gender: man)"),
        4 * DAY: (None, None),
    }.items():
        against = await Recruiting(engine, lambda _: held).against_reminding("trial", NOON + since)
        assert (against(man, NOON), against(man, None)) == (paused, invited)
    await interview(engine, None, {"gender": "man"})
    against = await Recruiting(engine, lambda _: held).against_reminding("trial", NOON + 4 * DAY)
    assert against(man, NOON) == "quota full (gender: man)"


async def test_without_quotas_everybody_comes_by_their_turn(engine: AsyncEngine) -> None:
    people = await listed(engine, "man", "woman")
    await campaign(engine, *people)
    moving = Moving(engine, quotas(0, 0))
    assert await moving.inviter.turn() == 0
    moving.held = None
    assert await moving.inviter.turn() == 2


async def test_while_nobody_can_tell_the_quotas_of_one_the_others_are_invited(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    def quotas_of(consultation: str) -> Quotas | None:
        if consultation == "trial":
            raise QuotasError("they cannot be read")
        return None

    here = await recipient(engine, 1)
    there = await recipient(engine, 2, "roads")
    await campaign(engine, here)
    await campaign(engine, there, consultation="roads")
    recruiting = Recruiting(engine, quotas_of)
    inviter = Inviter(engine, Surroundings({SENDER: 100.0}, recruiting.steering, lambda: NOON))
    assert await inviter.turn() == 1
    assert await inviter.turn() == 0
    assert [record.getMessage() for record in caplog.records] == [
        "nobody is invited to trial, or reminded of it: they cannot be read"
    ]
    assert {one: state for one, (state, _) in (await states(engine)).items()} == {
        here: "waiting",
        there: "queued",
    }
    assert (await recruiting.against_reminding("trial", NOON))(Profile(), None) == "they cannot be read"
    assert (await recruiting.against_reminding("roads", NOON))(Profile(), None) is None


FLOW = """
consultation: trial
title: A trial
languages: [en]
keywords: {en: [TRIAL]}
consent: May we ask you a question?
items:
  - name: gender
    type: select_one
    label: What are you?
    choices: [{name: woman, label: Woman}, {name: man, label: Man}]
"""


def test_files_are_followed_and_a_faulty_one_invites_nobody(tmp_path: Path) -> None:
    now = 0.0
    (tmp_path / "trial.yaml").write_text(FLOW, encoding="utf-8")
    file = tmp_path / "trial.outreach.yaml"
    file.write_text("quotas: {cells: [{by: gendr, targets: {}}]}", encoding="utf-8")
    files = QuotaFiles(tmp_path, LOCALES, lambda: now)
    with pytest.raises(QuotasError, match="heard check"):
        files.of("trial")
    with pytest.raises(QuotasError, match="not in HEARD_FLOWS"):
        files.of("roads")

    def after(written: str | None) -> Quotas | None:
        """Return the quotas when a file has come to rest: as it was at two looks."""
        nonlocal now
        if written is None:
            file.unlink()
        else:
            file.write_text(f"quotas: {{cells: [{{by: gender, targets: {written}}}]}}", encoding="utf-8")
        now += LOOKS_EVERY_S
        with suppress(QuotasError):
            files.of("trial")
        now += LOOKS_EVERY_S
        return files.of("trial")

    for written, target in [("woman: 5", 5), ("woman: many", 5), ("woman: 77", 77)]:
        held = after(f"{{{written}, man: open}}")
        assert held is not None
        assert held.quotas[0].targets == {("woman",): target}
    assert after(None) is None
