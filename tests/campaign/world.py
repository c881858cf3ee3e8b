"""The world around Heard: phones that ring, people who answer, receipts that come late, processes that die."""

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

from bot.channels import InboundMessage
from bot.channels.receipts import Receipt
from bot.channels.twilio import Fields, read_message, read_receipt
from bot.core.questionnaire import Questionnaire, Text
from bot.core.segments import plain_punctuation
from bot.errors import HeardError
from tests.campaign.carrier import Carrier, Taken
from tests.campaign.clock import SimulatedLoop
from tests.campaign.consultation import Consultation
from tests.campaign.people import Habit, Person
from tests.campaign.processes import SENDERS, Serving

BEGINS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WORDS: Mapping[str, str] = {
    "en": "A bench to sit on",
    "es": "Un banco para sentarse",
    "fr": "Un banc pour attendre",
    "sw": "Benchi la kukaa",
    "ar": "مقعد للجلوس",
}
_PUZZLING = ("???", "hmm", "77", "la la la")


@dataclass(slots=True)
class Said:
    """A message that somebody wrote. `brought` is when it came to us first, and a process that died then may have
    stored it; `at` is when we had acknowledged it, `replies` what we answered with."""

    sid: str
    number: str = field(repr=False)
    text: str = field(repr=False)
    wrote: datetime
    brought: datetime | None = None
    at: datetime | None = None
    replies: Sequence[str] = field(default=(), repr=False)


class World:
    """Everybody and everything but Heard. It keeps a record of what was written and when we had it."""

    def __init__(
        self, loop: SimulatedLoop, held: Consultation, people: Mapping[str, Person], seed: int
    ) -> None:
        self._loop = loop
        self._questions = _questions(held.questionnaire)
        self._people = people
        self._drawn = random.Random(seed)
        self.carrier = Carrier(people, self.now, self._take, seed)
        self.said: list[Said] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.serving: Serving | None = None
        self.moving = asyncio.Lock()
        self.deaths = 0
        self.is_over = False
        self.faults: list[str] = []
        self._waiting: dict[str, deque[Said]] = defaultdict(deque)
        self._writing: set[str] = set()
        self._numbers = count(1)

    def now(self) -> datetime:
        return BEGINS + timedelta(seconds=self._loop.time())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that is none of Heard's, and lives on when Heard dies."""
        if self.is_over:
            work.close()
            return
        task = self._loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.faults.append(repr(error))

    def after(self, wait: timedelta, do: Callable[..., object], *arguments: Any) -> None:
        self._loop.call_later(wait.total_seconds(), do, *arguments)

    # --- out: from the carrier to the phone

    def _take(self, one: Taken) -> None:
        self._loop.call_soon_threadsafe(self._carry, one)

    def _carry(self, one: Taken) -> None:
        """Bring a message to a phone, or not, and tell of it by receipts that come as they like."""
        person = self._people[one.to]
        drawn = person.chance
        journey = timedelta(seconds=drawn.uniform(1, 20))
        if person.habit is Habit.GONE:
            one.fate, one.error = "undelivered", "30005"
        elif person.habit is Habit.OFF and drawn.random() < 0.6:
            journey = timedelta(hours=drawn.uniform(0.5, 20))
            if drawn.random() < 0.5:
                one.fate, one.error = "undelivered", "30003"
            else:
                one.fate = "delivered"
        else:
            one.fate = "delivered"
        if one.fate == "delivered":
            self.after(journey, self._ring, one)
        if drawn.random() < 0.05:
            # No receipt ever comes.
            return
        told = journey + (timedelta(hours=drawn.uniform(0, 30)) if drawn.random() < 0.05 else timedelta())
        first = timedelta(seconds=drawn.uniform(0, 3))
        early, late = ("sent", one.fate) if drawn.random() < 0.8 else (one.fate, "sent")
        for status, wait in ((early, first if early == "sent" else told), (late, told + MINUTE)):
            times = 2 if drawn.random() < 0.05 else 1
            for again in range(times):
                self.after(wait + again * MINUTE, self.spawn_receipt, one, status)

    def spawn_receipt(self, one: Taken, status: str) -> None:
        self.spawn(self._tell(one, status))

    async def _tell(self, one: Taken, status: str) -> None:
        form = {"MessageSid": one.sid, "MessageStatus": status}
        if status == one.fate and one.error is not None:
            form["ErrorCode"] = one.error
        while True:
            receipt = read_receipt(Fields(urlencode(form).encode()), b"", self.now())
            assert isinstance(receipt, Receipt)
            try:
                if (serving := self.serving) is not None:
                    await serving.receipts.take(receipt)
                    break
            except HeardError:
                pass
            await asyncio.sleep(self._drawn.uniform(20, 90))
        if status == one.fate:
            one.told = one.told or self.now()

    def _ring(self, one: Taken) -> None:
        one.arrived = self.now()
        self._hear(self._people[one.to], one.body, is_asked=False)

    # --- what people do

    def _hear(self, person: Person, text: str, *, is_asked: bool) -> None:
        """Have somebody react to a message; `is_asked` tells that it answers their own."""
        drawn, habit = person.chance, person.habit
        if person.has_stopped or habit in (Habit.SILENT, Habit.STOPS_ANY_TIME, Habit.GONE):
            return
        if habit in (Habit.STOPS, Habit.RETURNS):
            self.after(timedelta(seconds=drawn.uniform(0, 7_200)), self.stop, person)
            return
        if is_asked or drawn.random() < 0.9:
            reply = self._reply(person, text)
            if reply is not None:
                self.after(self._pause(person), self.write, person, reply)

    def _pause(self, person: Person) -> timedelta:
        if person.habit is Habit.SLOW:
            return timedelta(hours=person.chance.uniform(0.5, 9))
        return timedelta(seconds=person.chance.uniform(15, 600))

    def _reply(self, person: Person, text: str) -> str | None:
        """Return what somebody answers to what they read; None where they say nothing."""
        asked = next(
            (name for name, words in self._questions.items() if words[person.country.language] in text), None
        )
        drawn = person.chance
        if asked == "thanks":
            person.is_complete = True
            return drawn.choice(["2", None])
        if person.habit is Habit.BREAKS_OFF and asked is not None:
            person.answered += 1
            if person.answered == person.patience and drawn.random() < 0.9:
                return None
        if person.habit is Habit.MISUNDERSTANDS and not person.has_puzzled:
            person.has_puzzled = True
            return drawn.choice(_PUZZLING)
        match asked:
            case "consent":
                return "2" if person.habit is Habit.REFUSES else "1"
            case "last_visit":
                return drawn.choice(["1", "2", "3"])
            case "waiting":
                return drawn.choice(["1", "2", "3", "4"])
            case "respect":
                return drawn.choice(["1", "3", "5"])
            case "asked_to_pay":
                return drawn.choice(["1", "2", "3"])
            case "change":
                return _WORDS[person.country.language]
            case _:
                # An invitation, or a reminder of one: nearly whatever they answer begins it.
                return None if person.is_under_way else drawn.choice(["ok", "YES", "?"])

    def stop(self, person: Person) -> None:
        """Have somebody send STOP, which the carrier hears at once, and we when its webhook comes."""
        if person.has_stopped or person.number in self.carrier.blocked:
            return
        person.has_stopped = True
        self.carrier.blocked.add(person.number)
        self.write(person, "STOP")
        if person.habit is Habit.RETURNS:
            self.after(timedelta(hours=person.chance.uniform(5, 40)), self._come_back, person)

    def _come_back(self, person: Person) -> None:
        person.has_stopped, person.habit = False, Habit.PROMPT
        self.carrier.blocked.discard(person.number)
        self.write(person, "START")

    # --- in: from the phone to us

    def write(self, person: Person, text: str) -> None:
        """Have somebody send a message."""
        if text != "STOP" and person.has_stopped:
            return
        person.is_under_way = True
        one = Said(f"SMin{next(self._numbers):030x}", person.number, text, self.now())
        self.said.append(one)
        self._waiting[person.number].append(one)
        if person.number not in self._writing:
            self._writing.add(person.number)
            self.spawn(self._bring(person))

    async def _bring(self, person: Person) -> None:
        """Bring somebody's messages to us, one after the other, each until we have acknowledged it."""
        waiting = self._waiting[person.number]
        while waiting:
            one = waiting.popleft()
            # Some webhooks come late; the carrier itself knows of a STOP by then.
            await asyncio.sleep(person.chance.uniform(0.2, 2) if person.chance.random() < 0.9 else 600)
            await self._post(person, one)
            for text in one.replies:
                if person.number not in self.carrier.blocked:
                    self.after(timedelta(seconds=4), self._answered, person, text)
        self._writing.discard(person.number)

    def _answered(self, person: Person, text: str) -> None:
        self._hear(person, text, is_asked=True)

    async def _post(self, person: Person, one: Said) -> None:
        form = urlencode(
            {
                "MessageSid": one.sid,
                "From": person.number,
                "To": person.country.sender,
                "Body": one.text,
                "FromCountry": person.country.code,
            }
        ).encode()
        while True:
            message = read_message(Fields(form), self.now(), SENDERS)
            assert isinstance(message, InboundMessage)
            try:
                if (serving := self.serving) is not None:
                    one.brought = one.brought or message.at
                    prompts = await serving.intake.receive(message)
                    one.at, one.replies = self.now(), [prompt.text for prompt in prompts]
                    return
            except HeardError:
                pass
            await asyncio.sleep(self._drawn.uniform(10, 40))


def _questions(questionnaire: Questionnaire) -> Mapping[str, Mapping[str, str]]:
    """Return what is asked in each language, as it is sent by SMS, by the name of the item."""
    texts: dict[str, Text] = {}
    assert questionnaire.thanks is not None
    texts["thanks"] = questionnaire.thanks
    for item in questionnaire.items:
        if (label := item.sms_label or item.label) is not None:
            texts[item.name] = label
    assert questionnaire.consent.sms_ask is not None
    texts["consent"] = questionnaire.consent.sms_ask
    return {
        name: {
            language: plain_punctuation(text.translations.get(language, text.source))
            for language in questionnaire.languages
        }
        for name, text in texts.items()
    }
