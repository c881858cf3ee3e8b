"""The one way in: a batch of messages from people -> one transaction -> their replies.

There is no timer. Whatever queued while the last batch was in flight is the next batch: a message that comes
alone is handled at once, and many that come together share one commit.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.channels import Channel, InboundMessage
from bot.core.prompts import Prompt
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Consultations, receive
from bot.errors import MessageFailed
from bot.intake.failures import failed
from bot.intake.talk import Conduct, Decide, Talk, storable
from bot.store.database import Database
from bot.store.exchange import Exchange, Raced
from bot.store.failures import is_unreachable
from bot.store.turns import Known, MessageKey, Sender
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.writing import Transaction, writing

BATCH = 256
"""Messages in one transaction at most."""
RACES = 5
"""Times that other processes may be quicker with a batch's messages or people before it is handled by halves."""

Prompts = tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message whose reply is awaited."""

    message: InboundMessage
    key: MessageKey
    sender: Sender
    replied: asyncio.Future[Prompts]

    def resolve(self, result: Prompts | MessageFailed) -> None:
        # Whoever asked may have hung up meanwhile; the message counts all the same.
        if self.replied.done():
            return
        if isinstance(result, MessageFailed):
            self.replied.set_exception(result)
        else:
            self.replied.set_result(result)


_Batch = Mapping[MessageKey, _Waiting]
_Results = dict[MessageKey, Prompts | MessageFailed]


class Intake:
    """Takes in messages from every channel and returns what is answered to them."""

    def __init__(
        self,
        engine: Database,
        consultations: Consultations,
        *,
        pepper: AddressPepper,
        seal: AddressSeal,
        segments: Callable[[Channel, str], int | None],
        rebuild: Callable[[str], Questionnaire],
        decide: Decide = receive,
        seed: Callable[[], int] = lambda: secrets.randbits(32),
    ) -> None:
        """Take what every message needs; see `Conduct` for `segments`, `decide` and `seed`.

        `consultations` are to be published already. `rebuild` makes a questionnaire of the document of an older
        version, for those who are still on it.
        """
        self._writing = writing(engine)
        self._exchange = Exchange(engine.dialect.name)
        self._consultations = consultations
        self._pepper = pepper
        self._seal = seal
        self._rebuild = rebuild
        self._conduct = Conduct(decide, segments, seed)
        self._waiting: deque[_Waiting] = deque()
        self._draining: asyncio.Task[None] | None = None

    async def receive(self, message: InboundMessage) -> Prompts:
        """Return what is answered to a message, once that and all that follows from it is stored for good.

        A second delivery of a message gets the same answer and changes nothing.

        Raises:
            MessageFailed: it could not be handled, and nothing of it is stored.
        """
        key = MessageKey(message.channel, message.provider_id)
        sender = Sender(message.channel, self._pepper.hash(message.channel, message.address))
        waiting = _Waiting(storable(message), key, sender, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain())
        return await waiting.replied

    async def close(self) -> None:
        """Return when every message that has come in is answered; no more of them may come."""
        if self._draining is not None:
            await self._draining
        await self._writing.close()

    async def _drain(self) -> None:
        batch: list[_Waiting] = []
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                first: dict[MessageKey, _Waiting] = {}
                for one in batch:
                    first.setdefault(one.key, one)
                results = await self._settle(first)
                for one in batch:
                    is_same = one.sender == first[one.key].sender
                    one.resolve(results[one.key] if is_same else _not_theirs())
        finally:
            # Nobody is left waiting for ever, whatever has gone wrong here.
            for one in (*batch, *self._waiting):
                one.resolve(MessageFailed("the intake was stopped"))
            self._waiting.clear()
            self._draining = None

    async def _settle(self, batch: _Batch) -> _Results:
        """Return what became of every message.

        One that spoils the transaction is found by halves, in the order they came, and fails alone.
        """
        try:
            return await self._transact(batch)
        except Exception as error:
            if len(batch) == 1 or is_unreachable(error):
                return dict.fromkeys(batch, failed(error))
        listed = list(batch.items())
        middle = len(listed) // 2
        earlier = await self._settle(dict(listed[:middle]))
        return earlier | await self._settle(dict(listed[middle:]))

    async def _transact(self, batch: _Batch) -> _Results:
        for _ in range(RACES):
            try:
                async with self._writing.begin() as transaction:
                    return await self._handle(transaction, batch)
            except Raced:
                continue
        raise MessageFailed("other processes stored the same message or person each time")

    async def _handle(self, transaction: Transaction, batch: _Batch) -> _Results:
        senders = {key: one.sender for key, one in batch.items()}
        versions = self._consultations.versions.keys()
        known = await transaction.run_sync(self._exchange.load, senders, versions)
        talk = Talk(known, self._conduct)
        results: _Results = {}
        for key, one in batch.items():
            try:
                results[key] = self._answer(known, talk, one)
            except Exception as error:
                # A fault of ours or of a questionnaire; it must not cost the others their answers.
                results[key] = failed(error)
        if talk.turns:
            addresses = {one.sender: one.message.address for one in batch.values()}
            await transaction.run_sync(
                self._exchange.store, known, talk.turns, lambda sender: self._seal.seal(addresses[sender])
            )
        return results

    def _answer(self, known: Known, talk: Talk, one: _Waiting) -> Prompts:
        told = known.told.get(one.key)
        if told is not None:
            contact = known.contacts.get(one.sender)
            if contact is None or contact.id != told.contact_id:
                raise _not_theirs()
            return told.prompts
        self._learn(known, one.sender)
        return tuple(
            reply.prompt for reply in talk.take(self._consultations, one.message, one.sender).replies
        )

    def _learn(self, known: Known, sender: Sender) -> None:
        """Rebuild the versions that this process has not met yet and one of the person's interviews is on."""
        if not known.documents:
            return
        on = {held.interview.version for held in known.held(sender).values()}
        unknown = on - self._consultations.versions.keys()
        rebuilt = {version: self._rebuild(known.documents[version]) for version in unknown}
        versions = {**self._consultations.versions, **rebuilt}
        self._consultations = replace(self._consultations, versions=versions)


def _not_theirs() -> MessageFailed:
    return MessageFailed("the provider's id of this message is that of another person's")
