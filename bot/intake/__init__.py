"""The one way in: a batch of messages from people -> one transaction -> their replies.

There is no timer. Whatever queued while the last batch was in flight is the next batch: a message that comes
alone is handled at once, and many that come together share one commit.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot import logs, metrics
from bot.channels import Channel, InboundMessage
from bot.core.pacing import Rule
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Consultations, consultations, receive
from bot.errors import MessageFailed, NotLoaded, Overloaded, TimedOut, Unreachable
from bot.intake.failures import failed
from bot.intake.messages import code_in, coupon_in, pin_of, storable
from bot.intake.places import Demanded, Places, Tally
from bot.intake.talk import Conduct, Coupons, Decide, Talk, untranslated
from bot.intake.waiting import Bounds, Prompts, Waiting, WaitingLine
from bot.store.database import Database
from bot.store.exchange import Exchange, Raced
from bot.store.failures import is_unreachable
from bot.store.outreach.quotas import count_places
from bot.store.outreach.referral import read_coupons
from bot.store.turns import Known, MessageKey, Sender
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.writing import Transaction, writing

log = logging.getLogger(__name__)

RACES = 5
"""Times that other processes may be quicker with a batch's messages or people before it is handled by halves."""

_Batch = Mapping[MessageKey, Waiting]
_Results = dict[MessageKey, Prompts | MessageFailed]


@dataclass(frozen=True, slots=True)
class _Handled:
    """What a transaction makes of a batch, to be told once it is stored for good. `held` are contact ids."""

    results: _Results
    duplicates: int = 0
    replied: int = 0
    held: Sequence[tuple[int, Rule]] = ()
    untranslated: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Texts said in the source language, by consultation and the person's language."""


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
        seed: Callable[[], int] = lambda: secrets.randbits(48),
        bounds: Bounds = Bounds(),  # noqa: B008 (frozen)
        load: Callable[[], None] = lambda: None,
        turning_away: Callable[[], Demanded] = dict,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take what every message needs; see `Conduct` for `segments`, `decide` and `seed`.

        `consultations` are to be published already. `rebuild` makes a questionnaire of the document of an older
        version, for those who are still on it. `load` is called in a thread where deciding raises NotLoaded, and has
        it raise that no more. `turning_away` gives the quotas that turn people away when they are full, and
        `clock` tells which interviews have been silent for too long to hold a place.
        """
        self._writing = writing(engine)
        self._exchange = Exchange(engine.dialect.name)
        self._consultations = consultations
        self._pepper = pepper
        self._seal = seal
        self._rebuild = rebuild
        self._conduct = Conduct(decide, segments, seed)
        self._bounds = bounds
        self._line = WaitingLine(bounds)
        self._batch: list[Waiting] = []
        self._load = load
        self._places = Places(
            lambda demanded, begun: count_places(engine, demanded, clock(), begun), turning_away
        )
        self._loading: asyncio.Task[None] | None = None
        self._set_aside: set[Sender] = set()
        self._draining: asyncio.Task[None] | None = None
        self._watching: asyncio.TimerHandle | None = None
        self._sparing = logs.Sparing(log)
        self._overload = logs.Spell(
            log, "more messages wait than can be: others are refused", "no message waits any more"
        )
        self._outage = logs.Spell(log, "the database does not serve", "the database serves again")

    def turns_away(self) -> bool:
        """Return whether the next message would be refused, whoever sends it; one that would be is counted so."""
        if not self._line.is_full:
            return False
        self._overload.count(1, f"{len(self._line)} messages are waiting")
        return True

    async def receive(self, message: InboundMessage) -> Prompts:
        """Return what is answered to a message, once that and all that follows from it is stored for good.

        A second delivery of a message gets the same answer and changes nothing.

        Raises:
            Overloaded: too many messages are waiting, of all people or of this one; nothing of it is stored.
            TimedOut: the answer was not there in time; the message goes on, and a second delivery gets its answer.
            Unreachable: the database does not serve.
            MessageFailed: it could not be handled, and nothing of it is stored.
        """
        if self.turns_away():
            raise Overloaded("too many messages are waiting")
        key = MessageKey(message.channel, message.provider_id)
        sender = Sender(message.channel, self._pepper.hash(message.channel, message.address))
        loop = asyncio.get_running_loop()
        due = loop.time() + self._bounds.answers_within_s
        waiting = Waiting(storable(message), key, sender, due, loop.create_future())
        try:
            self._line.add(waiting)
        except Overloaded as overloaded:
            self._sparing.tell("sender", logging.WARNING, str(overloaded))
            raise
        self._go_on()
        if self._watching is None:
            self._watching = loop.call_at(due, self._time_out, context=Context())
        return await waiting.replied

    def offer(self, offered: Iterable[Questionnaire]) -> None:
        """Have new interviews begin on these versions, published already; running ones end on theirs.

        The bot's own words, and how people are reached, change for every version: they are part of none.
        """
        new = tuple(offered)
        books = {language: book for one in new for language, book in one.phrasebooks.items()}
        known = [
            replace(one, phrasebooks={name: books.get(name, book) for name, book in one.phrasebooks.items()})
            for one in self._consultations.versions.values()
        ]
        self._consultations = consultations(new, known, self._consultations.detect)

    async def close(self) -> None:
        """Return when every message that has come in is answered; no more of them may come."""
        while (going_on := self._loading or self._draining) is not None:
            await going_on
        if self._watching is not None:
            self._watching.cancel()
        await self._places.close()
        await self._writing.close()

    def _time_out(self) -> None:
        """Answer whoever has waited too long, and come back when the next one has: one timer serves everybody."""
        now = asyncio.get_running_loop().time()
        pending = [one for one in (*self._batch, *self._line) if not one.replied.done()]
        for one in pending:
            if one.due <= now:
                one.resolve(TimedOut("the database takes too long"))
        later = [one.due for one in pending if one.due > now]
        self._watching = asyncio.get_running_loop().call_at(min(later), self._time_out) if later else None

    def _go_on(self) -> None:
        if self._draining is None and self._line:
            # In a context of its own: what it logs is not about the request that happened to start it.
            self._draining = asyncio.create_task(self._drain(), context=Context())

    async def _drain(self) -> None:
        try:
            while self._line:
                if self._loading is None:
                    self._set_aside.clear()
                self._batch = batch = self._line.take(self._set_aside)
                if not batch:
                    # Only what waits for the loading is left; after that, it goes on.
                    return
                new = Counter(one.key.channel for one in batch if not one.is_counted)
                metrics.batch_taken(new, len(self._line))
                first: dict[MessageKey, Waiting] = {}
                for one in batch:
                    first.setdefault(one.key, one)
                metrics.duplicates(len(batch) - len(first))
                results = await self._settle(first)
                self._line.put_back([one for one in batch if one.key not in results])
                for one in batch:
                    if one.key in results:
                        is_same = one.sender == first[one.key].sender
                        one.resolve(results[one.key] if is_same else _not_theirs())
            self._overload.end()
        except BaseException:
            # Nobody is left waiting for ever, whatever has gone wrong here.
            for one in (*self._batch, *self._line):
                one.resolve(MessageFailed("the intake was stopped"))
            self._line.clear()
            raise
        finally:
            self._batch = []
            metrics.waiting(len(self._line))
            self._draining = None

    def _wait_for_loading(self, sender: Sender) -> None:
        """Have a person's messages keep their places until what decides on them is loaded; others' go on."""
        self._set_aside.add(sender)
        if self._loading is None:
            self._loading = asyncio.create_task(self._load_beside(), context=Context())

    async def _load_beside(self) -> None:
        try:
            await asyncio.to_thread(self._load)
        finally:
            self._loading = None
            self._go_on()

    async def _settle(self, batch: _Batch) -> _Results:
        """Return what became of every message, but for those that are set aside.

        One that spoils the transaction is found by halves, in the order they came, and fails alone.
        """
        try:
            return await self._transact(batch)
        except Exception as error:
            if is_unreachable(error):
                return self._unreachable(batch, error)
            metrics.transaction_failed["poison"]()
            if len(batch) == 1:
                return dict.fromkeys(batch, failed(error))
        listed = list(batch.items())
        middle = len(listed) // 2
        earlier = await self._settle(dict(listed[:middle]))
        return earlier | await self._settle(dict(listed[middle:]))

    def _unreachable(self, batch: _Batch, error: Exception) -> _Results:
        metrics.transaction_failed["unreachable"]()
        reason = str(failed(error))
        self._outage.count(len(batch), reason)
        return dict.fromkeys(batch, Unreachable(reason))

    async def _transact(self, batch: _Batch) -> _Results:
        pins = await self._hashed_pins(batch)
        await self._places.ready()
        for _ in range(RACES):
            tally = self._places.tally()
            try:
                async with self._writing.begin() as transaction:
                    handled = await self._handle(transaction, batch, pins, tally)
            except Raced:
                metrics.transaction_failed["raced"]()
                continue
            self._places.take(tally)
            self._tell(handled)
            return handled.results
        raise MessageFailed("other processes stored the same message or person each time")

    async def _hashed_pins(self, batch: _Batch) -> Mapping[MessageKey, str]:
        """Return the hashes of the workers' numbers in messages; made in a thread: each is slow to make on purpose."""
        found = {key: pin for key, one in batch.items() if (pin := pin_of(self._consultations, one.message))}
        if not found:
            return {}
        hashes = await asyncio.to_thread(
            lambda: {pin: self._pepper.hash_pin(pin) for pin in {*found.values()}}
        )
        return {key: hashes[pin] for key, pin in found.items()}

    def _tell(self, handled: _Handled) -> None:
        self._outage.end()
        metrics.batch_stored(
            handled.duplicates, handled.replied, [rule for _, rule in handled.held], handled.untranslated
        )
        for contact, rule in handled.held:
            log.warning(
                "a contact's messages are stored, but not answered for now",
                extra=logs.facts(contact=contact, rule=rule),
            )

    async def _handle(
        self,
        transaction: Transaction,
        batch: _Batch,
        pins: Mapping[MessageKey, str],
        tally: Tally | None,
    ) -> _Handled:
        senders = {key: one.sender for key, one in batch.items()}
        versions = self._consultations.versions.keys()
        codes = {code for one in batch.values() if (code := code_in(one.message))}
        known = await transaction.run_sync(self._exchange.load, senders, versions, codes, pins)
        talk = Talk(known, self._conduct, await self._coupons(transaction, batch), pins)
        results: _Results = {}
        for key, one in batch.items():
            if one.sender in self._set_aside:
                # After a message that waits, so that theirs are decided on in the order they came.
                continue
            try:
                results[key] = self._answer(known, talk, one, tally)
            except NotLoaded:
                self._wait_for_loading(one.sender)
            except Exception as error:
                # A fault of ours or of a questionnaire; it must not cost the others their answers.
                results[key] = failed(error)
        if not talk.turns:
            return _Handled(results, len(known.told))
        addresses = {one.sender: one.message.address for one in batch.values()}
        contacts = await transaction.run_sync(
            self._exchange.store, known, talk.turns, lambda sender: self._seal.seal(addresses[sender])
        )
        return _Handled(
            results,
            duplicates=len(known.told),
            replied=sum(1 for turn in talk.turns if turn.replies),
            held=[(contacts[sender], rule) for sender, rule in talk.held],
            untranslated=untranslated(talk.turns),
        )

    async def _coupons(self, transaction: Transaction, batch: _Batch) -> Coupons:
        """Return what is known of the codes in a batch that people pass on. Nearly no message has one."""
        found = {coupon_in(self._consultations, one.message) for one in batch.values()}
        codes = {self._hashed(code): code for code in found if code}
        stored = await transaction.run_sync(read_coupons, codes) if codes else {}
        return Coupons({codes[hashed]: one for hashed, one in stored.items()}, self._hashed)

    def _hashed(self, code: str) -> str:
        return self._pepper.sign("codes that are passed on", code)

    def _answer(self, known: Known, talk: Talk, one: Waiting, tally: Tally | None) -> Prompts:
        told = known.told.get(one.key)
        if told is not None:
            contact = known.contacts.get(one.sender)
            if contact is None or contact.id != told.contact_id:
                raise _not_theirs()
            return told.prompts
        self._learn(known, one)
        if tally is None:
            turn = talk.take(self._consultations, one.message, one.sender)
        else:
            known_now = tally.known(self._consultations)
            turn = talk.take_noted(known_now, one.message, one.sender, tally.note)
        return tuple(reply.prompt for reply in turn.replies)

    def _learn(self, known: Known, one: Waiting) -> None:
        """Rebuild the versions that this process has not met yet, of the interviews that a message may be about."""
        if not known.documents:
            return
        bringing = known.codes.get(code_in(one.message) or "")
        people = [one.sender] if bringing is None else [one.sender, bringing.sender]
        on = {held.interview.version for person in people for held in known.held(person).values()}
        on |= {
            helping.version for person in people if (helping := known.helping_of(person)) and helping.version
        }
        unknown = on - self._consultations.versions.keys()
        rebuilt = {version: self._rebuild(known.documents[version]) for version in unknown}
        versions = {**self._consultations.versions, **rebuilt}
        self._consultations = replace(self._consultations, versions=versions)


def _not_theirs() -> MessageFailed:
    return MessageFailed("the provider's id of this message is that of another person's")
