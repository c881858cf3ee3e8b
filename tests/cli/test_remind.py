"""`heard remind` as an organiser uses it: the plan, the number, and an end at any moment."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.cli import app
from bot.store.outbox import claim, settle
from bot.store.outreach.feeding import feed
from bot.store.outreach.invitations import follow
from bot.store.sending import OutboundStatus, Settled
from tests.cli.test_invite import databases, folder, served, within
from tests.support.campaigns import campaign, contact_of, recipient
from tests.support.cases import open_case
from tests.support.intake import stored
from tests.support.letters import SENDER

__all__ = ["databases", "folder"]


def heard(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["remind", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 1, str(result.exception)
    return result.exit_code, result.output


@pytest.fixture
def reminding(folder: Path) -> Path:
    file = folder / "flows" / "water.outreach.yaml"
    file.write_text(file.read_text() + "reminders: {most: 1, paused: Shall we go on?}\n")
    within(served)
    return folder


def test_reminding_is_begun_by_its_number_and_ended_at_any_moment(reminding: Path) -> None:
    code, said = heard("water")
    assert code == 0, said
    assert "0 people of water will be reminded." in said
    assert "Each at most once in all, 3 days apart or more, between 00:00 and 23:59" in said
    assert (
        "en: Water office: Shall we go on? For no more messages, send STOP. (1 SMS part, and the question)"
        in (" ".join(said.split()))
    )
    # 0 now is not 0 for ever: whoever confirms it has to know what they confirm.
    later = "nobody of today, and whoever falls silent later, however many they become; at most 1 message to each,"
    bounds = "and at most 1,000 a day to everybody together, with all other messages (heard caps)"
    assert f"What you confirm goes on until you pause it: {later} {bounds}" in said
    assert "To confirm it: heard remind water --yes 0" in said
    assert heard("status", "water") == (
        1,
        "nobody of water is reminded yet: heard remind water shows the plan",
    )
    assert heard("water", "--yes", "1") == (
        1,
        "there are 0 people to remind and not 1: nothing was begun",
    )
    assert within(lambda engine: stored(engine, "reminding", "state")) == []
    assert (
        f"Reminded from now on, while heard serve or heard work runs: {later}"
        in heard("water", "--yes", "0")[1]
    )
    assert within(lambda engine: stored(engine, "reminding", "state")) == [("running",)]
    assert heard("pause", "water") == (0, "Reminding for water is paused.\n")
    assert heard("status", "water")[1] == "Reminding for water is paused.\nNobody had a reminder so far.\n"
    assert heard("resume", "water") == (0, "Reminding for water is running.\n")


def test_who_is_passed_over_is_told_with_the_reason(folder: Path) -> None:
    quotas = "quotas: {attributes: {district: [north, south]}, cells: [{by: district, targets: {north: 0, south: 9}}]}"
    file = folder / "flows" / "water.outreach.yaml"
    file.write_text(f"{file.read_text()}reminders: {{most: 1, invited: Still time.}}\n{quotas}\n")

    async def invite_them(engine: AsyncEngine) -> None:
        await served(engine)
        now = datetime.now(UTC).replace(hour=9)  # within every hours, whenever this runs
        listed = [
            await recipient(engine, person, "water", country="GB", attributes={"district": district})
            for person, district in enumerate(["north", "South", "north", "south"])
        ]
        of = await campaign(engine, *listed, consultation="water")
        await feed(engine, of.id, SENDER, now, 100)
        taken = await claim(engine, SENDER, now, 100)
        await settle(
            engine,
            [Settled(one.id, one.started_at, OutboundStatus.SENT, now, f"SM{one.id}") for one in taken],
        )
        await follow(engine, of.id, now)
        await open_case(engine, await contact_of(engine, listed[3]), "water")

    within(invite_them)
    code, said = heard("water")
    assert code == 0, said
    assert "1 person of water will be reminded." in said
    assert "the one person of today, and whoever falls silent later" in said
    assert re.search(r"silent +language +later +quota full +in the inbox", said)
    assert re.search(r"invited, no answer +en +1 +2 +1\n", said)
    assert (
        "Whose quota is full is reminded when there is room again; the last word is said to everybody."
        in said
    )


def test_without_reminders_in_the_file_nothing_is_begun(folder: Path) -> None:
    assert heard("water") == (1, "water has no reminders: write them into water.outreach.yaml")
    assert heard("pause", "water") == (
        1,
        "nobody of water is reminded yet: heard remind water shows the plan",
    )
