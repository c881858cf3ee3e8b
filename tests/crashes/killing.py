"""A server that is killed again and again under load, and what its store holds afterwards."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.core.pacing import SLOW_AGAIN
from bot.core.reception import Consultations, consultations
from bot.flowfiles.folder import load_flows
from bot.flowfiles.transcripts import Transcript, parse
from bot.language.detection import DEFAULT, open_detector
from tests.crashes.consistency import inconsistencies
from tests.crashes.phones import Phones
from tests.crashes.server import ROOT, Server
from tests.support.databases import opened
from tests.support.intake import stored

BETWEEN_KILLS = (20, 400)
"""Messages acknowledged from one kill to the next."""
CYCLE_S = 0.03
"""Longer than a batch takes: a kill comes at any moment of one, and not only where the last has been answered."""


@dataclass(frozen=True, slots=True)
class Survived:
    """What a run was made of, and what was found wrong after it.

    `from_store` counts messages that were stored, but not acknowledged, when the server died: a later delivery
    got the answer that stood in the store.
    """

    messages: int
    phones: int
    redelivered: int
    from_store: int
    wrong: Sequence[str]
    log: str


def scripts() -> Sequence[Sequence[str]]:
    """Return what respondents say in every shipped transcript of an SMS talk, at most as much as people do a minute.

    Not what a worker says who helps others: no phone here has been let in, and a number that lets in is not stored.
    """
    read = (parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "flows").glob("*.txt")))
    return [
        [turn.said for turn in one.turns][:SLOW_AGAIN]
        for one in read
        if isinstance(one, Transcript) and one.channel == "sms" and one.pin is None
    ]


@cache
def shipped() -> Consultations:
    offered = load_flows(ROOT / "flows", ROOT / "locales").questionnaires
    return consultations(offered, detect=open_detector(DEFAULT).rank)


Fail = Callable[[Server], Awaitable[None]]
"""Lets something fail under a server, and returns when messages can be taken in again."""


async def killed(server: Server) -> None:
    server.kill()
    await server.start()


async def survive(database_url: str, folder: Path, *, seed: int, kills: int, fail: Fail = killed) -> Survived:
    """Return what became of interviews held with a server under which so many failures happened."""
    chance = random.Random(seed)
    server, phones = Server(database_url, folder), Phones(scripts(), seed)
    await server.start()
    async with asyncio.TaskGroup() as group:
        group.create_task(phones.hold(server.up))
        for _ in range(kills):
            await phones.reach(chance.randint(*BETWEEN_KILLS))
            await asyncio.sleep(chance.uniform(0, CYCLE_S))
            await fail(server)
        await phones.reach(BETWEEN_KILLS[0])
        phones.stop()
    await server.stop()
    async with opened(database_url) as engine:
        wrong = await inconsistencies(engine, phones.messages, shipped())
        stored_at = dict(await stored(engine, "inbound", "provider_id", "received_at"))
    answered = {sid: one.answered_at for sid, one in phones.messages.items() if one.answered_at is not None}
    return Survived(
        messages=len(phones.messages),
        phones=len({message.phone for message in phones.messages.values()}),
        redelivered=sum(message.deliveries > 1 for message in phones.messages.values()),
        from_store=sum(stored_at[sid] < began for sid, began in answered.items() if sid in stored_at),
        wrong=wrong,
        log=server.log.read_text(),
    )
