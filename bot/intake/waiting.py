"""Messages that wait for the next batch: so many and no more, and nobody's at the cost of others."""

import asyncio
from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.channels import InboundMessage
from bot.core.prompts.records import Prompt
from bot.errors import MessageFailed, Overloaded
from bot.store.turns import MessageKey, Sender

Prompts = tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the intake takes on at a time.

    What waits is taken in within a second where the store is well: 2,048 messages are what it does in that time on a
    slow disk. A phone sends one message and waits for its reply; more than a few at a time are a machine's, or what
    a network held back and delivers at once.
    """

    capacity: int = 2_048
    """Messages that wait at most, of all people."""
    of_one_sender: int = 16
    """Messages of one person that wait at most."""
    batch: int = 256
    """Messages in one transaction at most."""
    batch_of_one_sender: int = 4
    """Messages of one person in one transaction at most."""
    answers_within_s: float = 12.0
    """Seconds after which a message is answered with a failure, and goes on all the same.

    Twilio gives up after 15: it would tell nobody why, and the request might have been on its way already for one
    or two. A transaction is given up after 10 (see `bot.store.writing`), so that one that hangs is told as what it is.
    """


@dataclass(slots=True, eq=False)
class Waiting:
    """A message whose reply is awaited, at the latest until `due` (the event loop's time).

    `is_counted` is whether it has been in a batch already, and was put back.
    """

    message: InboundMessage
    key: MessageKey
    sender: Sender
    due: float
    replied: asyncio.Future[Prompts]
    is_counted: bool = False

    def resolve(self, result: Prompts | MessageFailed) -> None:
        # Whoever asked may have hung up or been told to ask again; the message counts all the same.
        if self.replied.done():
            return
        if isinstance(result, MessageFailed):
            self.replied.set_exception(result)
        else:
            self.replied.set_result(result)


class WaitingLine:
    """Messages in the order they came, handed out in batches."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._line: deque[Waiting] = deque()
        self._by_sender: Counter[Sender] = Counter()

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._line)

    @property
    def is_full(self) -> bool:
        return len(self._line) >= self._bounds.capacity

    def add(self, one: Waiting) -> None:
        """Put a message at the end.

        Raises:
            Overloaded: there is no room, for anybody or for this sender.
        """
        if self.is_full:
            raise Overloaded("too many messages are waiting")
        if self._by_sender[one.sender] >= self._bounds.of_one_sender:
            raise Overloaded("too many messages of this sender are waiting")
        self._by_sender[one.sender] += 1
        self._line.append(one)

    def put_back(self, batch: Sequence[Waiting]) -> None:
        """Put messages that were taken back before all others; they have been let in, so there is room."""
        for one in batch:
            one.is_counted = True
            self._by_sender[one.sender] += 1
        self._line.extendleft(reversed(batch))

    def take(self, passing_over: Collection[Sender] = ()) -> list[Waiting]:
        """Return the next batch: the oldest, but only a few of each sender, and none of those to be passed over.

        Whatever is not in it keeps its place.
        """
        batch: list[Waiting] = []
        passed_over: list[Waiting] = []
        taken: Counter[Sender] = Counter()
        while self._line and len(batch) < self._bounds.batch:
            one = self._line.popleft()
            if one.sender not in passing_over and taken[one.sender] < self._bounds.batch_of_one_sender:
                taken[one.sender] += 1
                batch.append(one)
            else:
                passed_over.append(one)
        self._line.extendleft(reversed(passed_over))
        for sender, count in taken.items():
            self._by_sender[sender] -= count
            if not self._by_sender[sender]:
                del self._by_sender[sender]
        return batch

    def clear(self) -> None:
        self._line.clear()
        self._by_sender.clear()
