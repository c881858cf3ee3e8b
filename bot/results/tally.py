"""Counts a question: what was chosen, how numbers lie, how many wrote words, and why answers are missing."""

import statistics
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal

from bot.core.disposition import Disposition
from bot.core.interview.records import AnswerStatus
from bot.core.questionnaire import Item, ItemType
from bot.results.dataset import Dataset, Respondent
from bot.results.layout import typed
from bot.store.fetching import MediaStatus
from bot.store.reading import StoredAnswer

NUMBERS = frozenset({ItemType.INTEGER, ItemType.DECIMAL, ItemType.RANGE})


@dataclass(slots=True)
class ItemTally:
    """What the answers to one item come to, over all rounds where it is repeated.

    `chosen` counts choices by name (in a ranking, first places); `numbers` counts each number; `answered` counts
    answers of any kind; `files` counts pictures and sounds by what has become of them. The rest are respondents by why
    they have no answer. It fills up while a dataset is read.
    """

    item: Item
    answered: int = 0
    chosen: Counter[str] = field(default_factory=Counter)
    numbers: Counter[Decimal] = field(default_factory=Counter)
    files: Counter[MediaStatus] = field(default_factory=Counter)
    skipped: int = 0
    not_understood: int = 0
    not_reached: int = 0
    not_asked: int = 0

    def take(self, answer: StoredAnswer) -> None:
        """Count one answer."""
        match answer.status:
            case AnswerStatus.SKIPPED | AnswerStatus.DONT_KNOW | AnswerStatus.REFUSED | AnswerStatus.GIVEN_UP:
                self.skipped += 1
            case AnswerStatus.NOT_UNDERSTOOD:
                self.not_understood += 1
            case _:
                self.answered += 1
                self._take_value(answer.value)
                if answer.media is not None:
                    self.files[answer.media.status] += 1

    def _take_value(self, value: str) -> None:
        names = value.split()
        match self.item.type:
            case ItemType.SELECT_ONE | ItemType.SELECT_MULTIPLE:
                self.chosen.update(names)
            case ItemType.RANK:
                self.chosen.update(names[:1])
            case kind if kind in NUMBERS and (number := typed(self.item, value)) is not None:
                self.numbers[Decimal(str(number))] += 1


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers lie."""

    mean: float
    median: Decimal
    least: Decimal
    most: Decimal


def spread(numbers: Counter[Decimal]) -> Spread | None:
    """Return how numbers lie, or None where there are none."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    total = numbers.total()
    mean = float(sum(number * times for number, times in numbers.items())) / total
    return Spread(mean, statistics.median(numbers.elements()), ordered[0], ordered[-1])


@dataclass(slots=True)
class Tally:
    """What a whole consultation comes to."""

    items: Mapping[str, ItemTally]
    dispositions: Counter[Disposition] = field(default_factory=Counter)
    consented: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)

    @property
    def begun(self) -> int:
        return self.dispositions.total()


async def tally(dataset: Dataset) -> Tally:
    """Return the counts of a dataset, read once in a stream.

    Items are those of the newest version; answers that older versions took with another type are left out here, and
    stand in the export.
    """
    items = {
        node.item.name: ItemTally(node.item)
        for node in dataset.newest.nodes
        if node.item.type.is_asked and not node.closes
    }
    counts = Tally(items)
    async with aclosing(dataset.respondents()) as respondents:
        async for respondent in respondents:
            _count(counts, respondent, dataset)
    return counts


def _count(counts: Tally, respondent: Respondent, dataset: Dataset) -> None:
    stored = respondent.stored
    counts.dispositions[respondent.disposition] += 1
    counts.consented += stored.consented_at is not None
    counts.languages[stored.language or ""] += 1
    counts.channels[stored.channel] += 1
    if stored.consented_at is None:
        return
    given = set()
    for answer in respondent.answers.values():
        counted = counts.items.get(answer.item)
        if counted is not None and respondent.questionnaire.item(answer.item).type is counted.item.type:
            counted.take(answer)
            given.add(answer.item)
    waiting = {slot.partition("[")[0] for slot in respondent.missing(dataset.at)} - given
    for name, counted in counts.items.items():
        if name in waiting:
            counted.not_reached += 1
        elif name not in given:
            counted.not_asked += 1
