"""More messages than can wait: the rest are refused, and refusing them is not what the server is busy with."""

import asyncio

from bot.web import Paced


async def test_refusals_take_turns_once_there_are_too_many() -> None:
    loop = asyncio.get_running_loop()
    paced = Paced(per_second=10)
    began = loop.time()
    for _ in range(10):
        await paced.take_turn()
    at_once = loop.time()
    await asyncio.gather(*(paced.take_turn() for _ in range(5)))
    assert at_once - began < 0.5 <= loop.time() - began + 0.01
