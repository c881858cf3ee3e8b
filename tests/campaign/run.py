"""A campaign from its list to its last reminder, in simulated time, while processes die."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from bot import outbox
from bot.core.outreach.campaigns import CampaignState, Step
from bot.core.outreach.caps import Cap, Change, Footing, Subject
from bot.core.outreach.reminding import ReminderTerms, RemindingState
from bot.outreach import inviting, reminding
from bot.outreach.plan import Plan, Wanted, prepare, queue, said_in
from bot.outreach.reminder_plan import terms_of
from bot.store.database import Database, connect
from bot.store.outreach.campaigns import campaigns_of, move_campaign
from bot.store.outreach.caps import change
from bot.store.outreach.reminders import Reminding, set_reminding
from bot.store.versions import publish
from tests.campaign.carrier import listening
from tests.campaign.clock import SimulatedLoop, statements_counted
from tests.campaign.consultation import ID, Consultation, consultation
from tests.campaign.people import (
    COUNTRIES,
    GENDERS,
    REGIONS,
    Habit,
    Person,
    population,
    write_list,
)
from tests.campaign.processes import SENDERS, Serving
from tests.campaign.world import DAY, World
from tests.support.commands import heard
from tests.support.intake import PEPPER, SEALING_KEY

NEW = "EG"
"""The country that nobody has allowed at first; the organiser writes to it from elsewhere."""
NEW_AFTER = timedelta(hours=4)
LOOKS_FOR = timedelta(hours=2)
PAUSED = timedelta(hours=26), timedelta(hours=29)
"""From when until when invitations are paused, after the beginning."""
QUIET = timedelta(hours=12)
"""At the end, while nothing dies, so that all that is under way comes to an end."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the campaign is. `poll_s` is how long idle workers rest, in simulated seconds, in place of their own.

    A simulated day of a worker that asks its database each second takes longer than the day's messages.
    """

    people: int
    days: float
    poll_s: float
    rate: float
    deaths_a_day: float
    messages_a_day: int
    abroad_a_day: int

    @property
    def comes_s(self) -> float:
        """How long those rest that feed the outbox, and take back what is not to be sent any more.

        Really they come round many times before something is tried again that was not sent. At the same rate as the
        outbox they could come in the same moment, and after it.
        """
        return self.poll_s / 2

    @property
    def sample(self) -> int:
        return self.people // 5

    @property
    def targets(self) -> Mapping[str, int | None]:
        """Completed interviews wanted of women, and of men, in each region; None for as many as come."""
        return {
            "north": max(1, self.people // 80),
            "south": max(1, self.people // 120),
            "east": None,
            "west": self.people,
        }


@dataclass(slots=True)
class Campaigned:
    """What there is to examine when it is over. `moments` are when the organiser did what."""

    size: Size
    url: str
    world: World
    people: list[Person] = field(repr=False)
    held: Consultation
    plan: Plan
    reminding: ReminderTerms
    moments: dict[str, datetime]
    seconds: dict[str, float]


def run(folder: Path, url: str, size: Size, seed: int) -> Campaigned:
    """Run a campaign on a migrated database."""
    held = consultation(folder, _quotas(size))
    people = list(population(seed, size.people))
    began = time.perf_counter()
    _import(folder, url, held, people)
    imported = time.perf_counter()
    with ExitStack() as stack:
        for module, poll_s in ((outbox, size.poll_s), (inviting, size.comes_s), (reminding, size.comes_s)):
            stack.enter_context(patch.object(module, "POLL_S", poll_s))
        stack.enter_context(statements_counted())
        stack.enter_context(_quiet())
        runner = stack.enter_context(asyncio.Runner(loop_factory=SimulatedLoop))
        loop = runner.get_loop()
        assert isinstance(loop, SimulatedLoop)
        world = World(loop, held, {one.number: one for one in people}, seed)
        carrier_url = stack.enter_context(listening(world.carrier))
        plan, terms, moments = runner.run(_campaign(loop, world, held, people, url, carrier_url, size, seed))
    seconds = {"import": imported - began, "campaign": time.perf_counter() - imported}
    return Campaigned(size, url, world, people, held, plan, terms, moments, seconds)


def _quotas(size: Size) -> str:
    """Return quotas of which some are full long before everybody is invited, one takes all, and some never fill."""
    lines = [
        f"{region}: {{woman: {target}, man: {target}}}" if target else f"{region}: open"
        for region, target in size.targets.items()
    ]
    return f"""
quotas:
  attributes: {{region: [{", ".join(REGIONS)}], gender: [{", ".join(GENDERS)}]}}
  cells:
    - by: [region, gender]
      targets: {{{", ".join(lines)}}}
"""


def _import(folder: Path, url: str, held: Consultation, people: list[Person]) -> None:
    file = folder / "people.csv"
    write_list(people, file)
    told = heard(
        "recipients",
        "import",
        ID,
        str(file),
        "--flows",
        str(held.flows),
        "--locales",
        str(held.locales),
        DATABASE_URL=url,
        HEARD_SEALING_KEYS=SEALING_KEY,
        HEARD_ADDRESS_PEPPER=PEPPER,
        TWILIO_FROM=",".join(f"{one.code}:{one.sender}" for one in COUNTRIES),
    )
    assert told.returncode == 0, told.stderr
    assert f"{len(people):,} added to the recipients" in told.stdout, told.stdout


@contextmanager
def _quiet() -> Iterator[None]:
    """Have what processes say when they die not be told."""
    logger = logging.getLogger("bot")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


async def _campaign(
    loop: SimulatedLoop,
    world: World,
    held: Consultation,
    people: list[Person],
    url: str,
    carrier_url: str,
    size: Size,
    seed: int,
) -> tuple[Plan, ReminderTerms, dict[str, datetime]]:
    main = asyncio.current_task()
    assert main is not None
    world.tasks.add(main)
    engine = connect(url)
    await publish(engine, [held.publication], world.now())
    await _allow(engine, world, size)
    drawn = random.Random(seed)
    said = said_in(held.outreach, held.questionnaire)
    rates = {one.name: size.rate for one in SENDERS}
    plan = await prepare(engine, held.outreach, said, SENDERS, rates, Wanted(seed), world.now())
    assert plan.people == len(people), plan.left_out
    await queue(engine, plan, SENDERS, size.sample, world.now())
    terms = terms_of(held.outreach, held.questionnaire)
    await set_reminding(engine, Reminding(ID, RemindingState.RUNNING, terms), world.now())

    def start() -> Serving:
        return Serving(url, held, carrier_url, size.rate, world.now, drawn)

    moments: dict[str, datetime] = {}
    world.serving = start()
    for one in people:
        if one.habit is Habit.STOPS_ANY_TIME:
            world.after(timedelta(days=one.chance.uniform(0, size.days)), world.stop, one)
    world.spawn(_organise(engine, world, moments))
    length = timedelta(days=size.days)
    async with asyncio.TaskGroup() as group:
        dying = group.create_task(_die(loop, world, start, size, drawn))
        world.tasks.add(dying)
        dying.add_done_callback(world.tasks.discard)
        await asyncio.sleep((length - QUIET).total_seconds())
        # Not amid a death, which would leave the connections of that process open.
        async with world.moving:
            dying.cancel()
    if world.serving is None:
        world.serving = start()
    await asyncio.sleep(QUIET.total_seconds())
    moments["ended"] = world.now()
    serving, world.serving = world.serving, None
    await serving.stop()
    world.is_over = True
    while left := world.tasks - {main}:
        for task in left:
            task.cancel()
        await asyncio.wait(left)
    await engine.dispose()
    return plan, terms, moments


async def _allow(engine: Database, world: World, size: Size) -> None:
    def changed(subject: str, value: str, country: str | None = None) -> Change:
        return Change(subject, value, "amina", "a campaign", world.now(), country)

    for country in COUNTRIES:
        if country.code != NEW:
            await change(engine, changed(Subject.COUNTRY, Footing.HOME, country.code))
    await change(engine, changed(Cap.MESSAGES_A_DAY, str(size.messages_a_day)))
    await change(engine, changed(Cap.ABROAD_A_DAY, str(size.abroad_a_day)))
    await change(engine, changed(Cap.PERSON_IN_ALL, "3"))
    await change(engine, changed(Subject.PRICE, "0.001"))


async def _organise(engine: Database, world: World, moments: dict[str, datetime]) -> None:
    """Look at the sample, have the rest invited, pause for some hours, allow another country."""
    begun = world.now()

    async def move(step: Step) -> None:
        (campaign,) = await campaigns_of(engine, ID)
        await move_campaign(engine, campaign, step, world.now(), "by hand")
        moments[step] = world.now()

    await asyncio.sleep(NEW_AFTER.total_seconds())
    await change(engine, Change(Subject.COUNTRY, Footing.ABROAD, "amina", "a campaign", world.now(), NEW))
    moments["allowed"] = world.now()
    await _looked_at(engine)
    moments["looking"] = world.now()
    await asyncio.sleep(LOOKS_FOR.total_seconds())
    await move(Step.RESUME)
    moments["sample"] = moments.pop(Step.RESUME)
    await asyncio.sleep((begun + PAUSED[0] - world.now()).total_seconds())
    await move(Step.PAUSE)
    await asyncio.sleep((begun + PAUSED[1] - world.now()).total_seconds())
    await move(Step.RESUME)


async def _looked_at(engine: Database) -> None:
    """Return when the sample is invited, as an organiser finds who looks twice an hour."""
    while True:
        (campaign,) = await campaigns_of(engine, ID)
        if campaign.state is CampaignState.LOOKING:
            return
        await asyncio.sleep(1_800)


async def _die(
    loop: SimulatedLoop, world: World, start: Callable[[], Serving], size: Size, drawn: random.Random
) -> None:
    """Kill Heard in the midst of its work, some times a day, and start it again after a while."""
    while True:
        await asyncio.sleep(drawn.expovariate(size.deaths_a_day / DAY.total_seconds()))
        await _busy(loop, drawn.randrange(1, 400))
        async with world.moving:
            serving, world.serving = world.serving, None
            assert serving is not None
            await serving.die(world.tasks)
        world.deaths += 1
        await asyncio.sleep(drawn.uniform(5, 900))
        world.serving = start()


async def _busy(loop: SimulatedLoop, times: int) -> None:
    """Return amid the work that comes after so many pieces of it."""
    reached = asyncio.Event()
    left = times

    def work() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            reached.set()

    loop.on_work = work
    try:
        await reached.wait()
    finally:
        loop.on_work = lambda: None
