"""`heard invite` as an organiser uses it: the plan, the number, and campaigns while they run."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.invite_shown import show_campaign
from bot.core.outreach.campaigns import Campaign, CampaignState, Fate, Step, Terms
from bot.core.outreach.caps import Change
from bot.core.outreach.choosing import Candidate, Hold, Steered, Steering
from bot.core.outreach.hours import Hours
from bot.outbox import SenderLine
from bot.outbox import Surroundings as OutboxSurroundings
from bot.outbox.drain import Drain
from bot.store.outbox import claim, settle
from bot.store.outreach.campaigns import campaigns_of, move_campaign
from bot.store.outreach.caps import change
from bot.store.outreach.feeding import feed
from bot.store.outreach.invitations import follow
from bot.store.sending import OutboundStatus, Settled
from bot.store.versions import Publication, publish
from tests.outbox.test_caps import Post, no_rest
from tests.support.campaigns import campaign, recipient
from tests.support.databases import Databases, opened
from tests.support.intake import NOON, PEPPER, SEALING_KEY, stored
from tests.support.letters import SEAL, SENDER, contact, number

WATER = """\
    consultation: water
    title: Clean water
    languages: [en]
    keywords: {en: [WATER]}
    consent: May we ask you about water? Send STOP to end.
    items:
      - {name: source, type: text, label: Where do you fetch water?}
    thanks: Thank you.
    """
OUTREACH = """\
    sending: {signed: Water office, hours: "00:00-23:59", country: GB}
    invitation:
      wordings:
        - {name: plain, text: Tell us about your water.}
        - {name: short, text: Water? Tell us.}
    """


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """SQLite alone: what is stored is shown on both elsewhere."""
    return Databases("sqlite", str(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture
async def folder(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").mkdir()
    for name, text in (("water", WATER), ("water.outreach", OUTREACH)):
        (tmp_path / "flows" / f"{name}.yaml").write_text(dedent(text))
    for variable, value in (
        ("DATABASE_URL", await databases.migrated()),
        ("TWILIO_FROM", SENDER),
        ("HEARD_SEALING_KEYS", SEALING_KEY),
        ("HEARD_ADDRESS_PEPPER", PEPPER),
        ("COLUMNS", "100"),
    ):
        monkeypatch.setenv(variable, value)
    return tmp_path


def heard(*arguments: str, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["invite", *arguments], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 1, str(result.exception)
    return result.exit_code, result.output


def within(engine_work: Callable[[AsyncEngine], Awaitable[Any]]) -> Any:
    """Run something on the database of the environment."""

    async def run() -> Any:
        async with opened(os.environ["DATABASE_URL"]) as engine:
            return await engine_work(engine)

    return asyncio.run(run())


def served(engine: AsyncEngine) -> Awaitable[None]:
    return publish(engine, [Publication("version-1", "water", "{}")], NOON)


async def two_people(engine: AsyncEngine) -> None:
    await served(engine)
    for person in range(2):
        await recipient(engine, person, "water", country="GB", time_zone="Europe/London")
    await recipient(engine, 2, "water", language="fr")


def test_a_plan_a_wrong_number_and_the_right_one(folder: Path) -> None:
    within(two_people)
    code, said = heard("water", "--seed", "5", "--price", "0.05")
    assert code == 0, said
    assert "2 people can be invited to water. Seed: 5" in said
    assert "1 person left out: no words yet in their language (fr: 1)." in said
    assert "en: Water office: Tell us about your water. For no more messages, send STOP." in said
    assert re.search(r"all +2 +2 +0\.10", said)
    assert re.search(rf"\{SENDER} +2 +2 s", said)
    assert "Nobody was invited." in said
    # Not to KE, where the one lives who is left out.
    assert "Messages to GB (2 people) are held back until somebody allows that" in said
    assert 'heard caps allow-country GB --home --as "Your name"' in said
    assert "heard invite water --seed 5 --yes 2" in said
    assert within(lambda engine: stored(engine, "campaigns", "id")) == []
    assert heard("water", "--yes", "3") == (
        1,
        "there are 2 people to invite and not 3: nobody was invited",
    )
    # What is confirmed is seen before.
    first = "Of them 1 person first, and the other 1 when you have looked at how that went, and resumed it."
    assert first in heard("water", "--sample", "1")[1]
    assert "Of them" not in heard("water", "--sample", "2")[1]
    code, said = heard("water", "--seed", "5", "--yes", "2", "--sample", "1")
    assert code == 0, said
    assert first in said
    assert "Campaign 1 is running. The first 1 of them are invited" in said
    code, said = heard("status", "water")
    assert "Campaign 1: running" in said
    assert re.search(r" 2 waiting\n +2 in all, seed 5\nThe next leaves: ", said)
    assert (
        "Sent from 00:00 to 23:59 where people are, as it was confirmed; a change in the file holds for the"
        in said
    )
    assert "No" not in heard("water")[1].splitlines()[0]
    said = heard("water")[1]
    assert "0 people can be invited" in said
    # Nobody has been invited yet.
    assert (
        "2 people left out: in a campaign already, invited or waiting for their turn: heard invite status."
        in said
    )


def test_a_campaign_is_paused_looked_at_resumed_and_cancelled(folder: Path) -> None:
    within(two_people)
    heard("water", "--yes", "2", "--sample", "1")
    assert "Campaign 1 of water is paused." in heard("pause", "water")[1]
    assert heard("pause", "water")[1] == "campaign 1 of water is paused: there is nothing to pause"
    assert "Campaign 1 of water is running." in heard("resume", "water")[1]
    now = datetime.now(UTC)

    async def work(engine: AsyncEngine) -> None:
        (of,) = await campaigns_of(engine, "water")
        assert len(await feed(engine, of.id, SENDER, now, 10)) == 1
        await move_campaign(engine, of, Step.PAUSE, now)
        await move_campaign(engine, of, Step.RESUME, now)
        assert len(await feed(engine, of.id, SENDER, now, 10)) == 1
        (letter,) = await claim(engine, SENDER, now, 10)
        await settle(engine, [Settled(letter.id, letter.started_at, OutboundStatus.SENT, now, "SM1")])
        await follow(engine, of.id, now)

    within(work)
    said = heard("status", "water")[1]
    assert "Campaign 1: looking  waits for you to look" in said
    assert "Why: its sample is invited" in said
    assert re.search(r" 1 waiting\n +1 sent\n", said)
    assert "is running" in heard("resume", "water", "--campaign", "1")[1]
    # What it was resumed by is no reason that it runs.
    assert "Why:" not in heard("status", "water")[1]
    assert "Campaign 1 of water is cancelled." in heard("cancel", "water")[1]
    assert re.search(r" 1 sent\n +1 cancelled\n", heard("status", "water")[1])
    assert heard("resume", "water")[0] == 1
    assert "1 person can be invited" in heard("water")[1]
    heard("water", "--yes", "1")
    said = heard("status", "water", "--campaign", "1")[1]
    assert re.search(r"\n +1 sent\n +1 in all, seed", said)
    assert "1 of the 2 that were confirmed went over to a later campaign, or were erased." in said
    assert "confirmed went over" not in heard("status", "water", "--campaign", "2")[1]


def test_wordings_are_tried_on_the_organisers_own_phone_which_is_never_shown(folder: Path) -> None:
    within(served)
    code, said = heard("water", "--test", typed="07700 900042\n")
    # The limits hold for this phone too: whoever waits for a message has to know that none comes.
    assert code == 0, said
    assert "on the way" not in said
    assert (
        "2 messages are held by country GB.\n→ To have them sent: heard caps allow-country GB --as NAME\n"
        in said
    )
    assert "What is held is sent if that is done within an hour, and not later.\n" in said
    assert "900042" not in said
    letters = within(lambda engine: stored(engine, "outbound", "body", "sender", "language"))
    assert letters == [
        ("Water office: Tell us about your water. For no more messages, send STOP.", SENDER, "en"),
        ("Water office: Water? Tell us. For no more messages, send STOP.", SENDER, "en"),
    ]
    assert heard("water", "--test", typed="mine\n") == (
        1,
        "this is no phone number: write it with its country's code, like +254...",
    )
    assert within(lambda engine: stored(engine, "recipients", "id")) == []

    async def allow(engine: AsyncEngine) -> None:
        for subject, value, country in (("country", "home", "GB"), ("person-a-day", "1", None)):
            await change(engine, Change(subject, value, "amina", "why", NOON, country))

    within(allow)
    told = "1 of 2 messages is on the way to your phone.\n1 message is held by person-a-day.\n"
    code, said = heard("water", "--test", "--language", "en", typed="07700 900043\n")
    assert code == 0, said
    assert said.startswith(told)
    assert "heard caps set person-a-day VALUE --as NAME --reason WHY" in said
    assert heard("water", "--test", "--language", "fr", typed="07700 900043\n") == (
        1,
        "there is no wording in 'fr'. There are: en",
    )
    assert heard("water", "--language", "en")[0] == 2


def test_an_organiser_who_has_sent_stop_gets_nothing(folder: Path) -> None:
    within(lambda engine: contact(engine, 7, opted_out_at=NOON))
    code, said = heard("water", "--test", typed=f"{number(7)}\n")
    assert code == 1
    assert "has sent STOP" in said
    assert within(lambda engine: stored(engine, "outbound", "id")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("water",), "was not served from this database yet"),
        (("fire",), "there is no consultation 'fire' in flows. There are: water"),
        (("status", "water"), "water has no campaign: heard invite water begins one"),
        (("pause", "water", "--campaign", "3"), "water has no campaign"),
        (("water", "--where", "north"), "write it like region=north"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, told = heard(*arguments)
    assert code != 0
    assert said in told


def test_what_holds_invitations_back_is_told_with_what_to_do(folder: Path) -> None:
    async def invite_them(engine: AsyncEngine) -> None:
        await served(engine)
        listed = [await recipient(engine, person, "water", country="GB") for person in range(4)]
        of = await campaign(engine, *listed, consultation="water")
        at = datetime.now(UTC).replace(hour=9)

        def hold_one(candidates: Sequence[Candidate]) -> Steered:
            first, *others = sorted(candidates, key=lambda one: one.recipient_id)
            return Steered(others, [Hold(first, "quota full (district: north)")])

        await feed(engine, of.id, SENDER, at, 100, Steering(hold_one))
        # Nobody has allowed their country.
        around = OutboxSurroundings(SEAL, lambda: at)
        await Drain(engine, SenderLine(SENDER, Post(), 1_000.0), around, no_rest).turn()

    within(invite_them)
    said = heard("status", "water")[1]
    assert re.search(r" 1 held\n +3 in the outbox\n +4 in all", said)
    assert "1 is held: quota full (district: north)." in said
    assert (
        "3 messages are held by country GB.\n→ To have them sent: heard caps allow-country GB --as NAME"
        in said
    )
    heard("cancel", "water")
    assert "held" not in heard("status", "water")[1]


def test_attributes_are_understood_however_they_are_written(folder: Path) -> None:
    async def list_them(engine: AsyncEngine) -> None:
        await served(engine)
        listed = [("Côte Nord", "<18"), ("COTE  NORD", "18+"), ("Sud", "18+")]
        for person, (district, age) in enumerate(listed):
            attributes = {"district_of_birth": district, "age": age}
            await recipient(engine, person, "water", country="GB", attributes=attributes)

    within(list_them)
    code, said = heard("water", "--where", "District of birth=cote nord", "--seed", "5")
    assert code == 0, said
    assert "2 people can be invited" in said
    shown = "heard invite water --where 'district_of_birth=COTE  NORD' --seed 5 --yes 2"
    assert shown in said
    assert heard(*shown.split()[2:3], "--where", "district_of_birth=COTE  NORD", "--yes", "2")[0] == 0
    assert "0 people can be invited" in heard("water", "--where", "age=<18")[1]
    assert "1 person can be invited" in heard("water", "--where", "age=18+")[1]
    both = heard("water", "--where", "age=<18", "--where", "district_of_birth=sud")[1]
    assert "Each of these attributes is on the list, but nobody has all of them." in both
    assert heard("water", "--where", "distrct=sud") == (
        1,
        "nobody on the list of water has the attribute 'distrct'. There are: age, district_of_birth",
    )
    assert heard("water", "--where", "District of birth=Sudd") == (
        1,
        "nobody on the list of water has 'Sudd' as district_of_birth. There are: COTE  NORD, Sud. Did you mean Sud?",
    )


def test_without_an_outreach_file_the_guide_is_named(folder: Path) -> None:
    (folder / "flows" / "water.outreach.yaml").unlink()
    assert heard("water") == (
        1,
        "there is no water.outreach.yaml: docs/outreach.md tells what to write there",
    )


def test_wordings_are_compared_with_intervals(folder: Path) -> None:
    of = Campaign(1, "water", 1, CampaignState.DONE, 5, None, None, Terms(Hours(), {}, (), 400))
    console = Console(width=100, record=True, highlight=False)
    fates = dict.fromkeys(Fate, 0) | {Fate.SENT: 270, Fate.ANSWERED: 130}
    show_campaign(console, of, fates, {"plain": (200, 80, 40), "short": (200, 50, 38)})
    said = console.export_text()
    # Wilson's intervals: 0.4 of 200, and 0.2 of 200.
    assert "40.0% (33.5% to 46.9%)" in said
    assert "20.0% (15.0% to 26.1%)" in said
    assert "Those who agreed: the wordings differ by more than chance (p = 0.001)." in said
    assert "Those who completed: no more difference than chance makes (p = 0.80)." in said


def test_quotas_choose_whom_to_invite_and_the_batch_is_kept(folder: Path) -> None:
    async def list_them(engine: AsyncEngine) -> None:
        await served(engine)
        for person in range(12):
            listed = {"district": "north" if person < 8 else "south"}
            await recipient(engine, person, "water", country="GB", attributes=listed)
        # Nobody has written the invitation in their language.
        await recipient(engine, 12, "water", country="GB", attributes={"district": "south"}, language="fr")

    within(list_them)
    assert heard("water", "--adaptive") == (
        1,
        "there are no quotas to choose by: docs/outreach.md says how they are written",
    )
    quotas = """
    quotas:
      attributes: {district: [north, south]}
      cells: [{by: district, targets: {north: 0, south: 100}}]
    """
    (folder / "flows" / "water.outreach.yaml").write_text(dedent(OUTREACH) + dedent(quotas))
    code, said = heard("water", "--adaptive", "--seed", "5")
    assert code == 0, said
    assert "4 people: everybody who is left." in said
    assert "heard invite water --adaptive --seed 5 --yes 4" in said
    code, said = heard("water", "--adaptive", "--seed", "5", "--yes", "4")
    assert code == 0, said
    invited = within(lambda engine: stored(engine, "invitations", "recipient_id"))
    assert [one for (one,) in invited] == [9, 10, 11, 12]
    again = CliRunner().invoke(app, ["quotas", "water", "--batch", "1"])
    assert again.exit_code == 0
    assert "it is the same list" in again.output
    assert heard("water", "--adaptive", "--where", "district=north")[0] == 2
