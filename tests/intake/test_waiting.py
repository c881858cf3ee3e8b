"""The line of waiting messages: bounded, in order, and nobody's at the cost of others."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Overloaded
from bot.intake.waiting import Bounds, Waiting, WaitingLine
from bot.store.turns import MessageKey, Sender
from tests.support.intake import message

BOUNDS = Bounds(capacity=12, of_one_sender=5, batch=6, batch_of_one_sender=2)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for futures to belong to; nothing runs on it."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


def waiting(loop: asyncio.AbstractEventLoop, sender: int, number: int) -> Waiting:
    text = message(sender, "word", f"{sender}-{number}")
    key = MessageKey(text.channel, text.provider_id)
    return Waiting(text, key, Sender("sms", f"hash {sender}"), 0.0, loop.create_future())


def line_of(loop: asyncio.AbstractEventLoop, *senders: int) -> WaitingLine:
    line = WaitingLine(BOUNDS)
    for number, sender in enumerate(senders):
        line.add(waiting(loop, sender, number))
    return line


def ids(batch: list[Waiting]) -> list[str]:
    return [one.key.provider_id for one in batch]


def test_a_batch_is_the_oldest(loop: asyncio.AbstractEventLoop) -> None:
    line = line_of(loop, 1, 2, 3, 4, 5, 6, 7, 8)
    assert ids(line.take()) == ["1-0", "2-1", "3-2", "4-3", "5-4", "6-5"]
    assert ids(line.take()) == ["7-6", "8-7"]
    assert line.take() == []


def test_a_batch_has_a_few_of_each_sender_and_the_others_keep_their_places(
    loop: asyncio.AbstractEventLoop,
) -> None:
    line = line_of(loop, 1, 1, 1, 1, 2, 1, 2, 2, 3)
    assert ids(line.take()) == ["1-0", "1-1", "2-4", "2-6", "3-8"]
    assert ids(line.take()) == ["1-2", "1-3", "2-7"]
    assert ids(line.take()) == ["1-5"]


def test_who_is_passed_over_keeps_their_places(loop: asyncio.AbstractEventLoop) -> None:
    line = line_of(loop, 1, 2, 1, 2)
    batch = line.take()
    line.put_back(batch)
    line.add(waiting(loop, 1, 4))
    line.add(waiting(loop, 3, 5))
    assert [one.is_counted for one in line] == [True] * 4 + [False] * 2
    assert ids(line.take({batch[0].sender})) == ["2-1", "2-3", "3-5"]
    assert line.take({batch[0].sender}) == []
    assert ids(line.take()) == ["1-0", "1-2"]
    assert ids(line.take()) == ["1-4"]
    for number in range(6, 11):
        line.add(waiting(loop, 1, number))
    with pytest.raises(Overloaded):
        line.add(waiting(loop, 1, 11))


def test_one_sender_has_so_many_waiting(loop: asyncio.AbstractEventLoop) -> None:
    line = line_of(loop, 1, 1, 1, 1, 1)
    with pytest.raises(Overloaded, match="of this sender"):
        line.add(waiting(loop, 1, 5))
    line.add(waiting(loop, 2, 6))
    line.take()
    line.add(waiting(loop, 1, 7))
    assert ids(line.take()) == ["1-2", "1-3"]


def test_all_have_so_many_waiting(loop: asyncio.AbstractEventLoop) -> None:
    line = line_of(loop, *range(11))
    assert not line.is_full
    line.add(waiting(loop, 11, 11))
    assert line.is_full
    with pytest.raises(Overloaded, match="too many messages are waiting"):
        line.add(waiting(loop, 12, 12))
    line.take()
    assert (len(line), line.is_full) == (6, False)


@given(st.lists(st.one_of(st.integers(1, 6), st.none()), max_size=80))
def test_everyone_is_taken_once_and_in_their_own_order(
    loop: asyncio.AbstractEventLoop, arrivals: list[int | None]
) -> None:
    """An arrival is a sender; None takes a batch."""
    line, added, taken = WaitingLine(BOUNDS), [], []
    for number, sender in enumerate([*arrivals, *[None] * 20]):
        if sender is None:
            batch = line.take()
            of_each = [one.sender for one in batch]
            assert len(batch) <= 6
            assert all(of_each.count(one) <= 2 for one in of_each)
            taken += batch
            continue
        one = waiting(loop, sender, number)
        try:
            line.add(one)
        except Overloaded:
            continue
        added.append(one)
        assert len(line) <= 12
    assert len(line) == 0
    for sender in {one.sender for one in added}:
        theirs = [one for one in added if one.sender == sender]
        assert [one for one in taken if one.sender == sender] == theirs
