"""The columns of a consultation's answers: which there are, in which order, and what each takes from an answer.

As in Kobo's exports, a column has its item's name; a select_multiple has one more a choice, `needs/water`, with 1
or 0. Items within a repeat have a column for each round, named by their slot: `age[1]`, `age[2]`.

Versions of a consultation are brought together by item name. What only older versions asked stands behind what the
newest asks. Where an item has become another kind of question, its older answers stand beside it in a column of their
own, `age@4f0c…`, named after the newest version that asked it so: numbers and words in one would count as neither.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from bot.core.interview.records import AnswerStatus
from bot.core.interview.slots import Rounds, place_of, slot_of
from bot.core.questionnaire import Choice, Item, ItemType, Questionnaire
from bot.store.fetching import MediaStatus
from bot.store.reading import StoredAnswer

MEDIA = frozenset({ItemType.IMAGE, ItemType.AUDIO})
NO_FILE = "no file:"

Value = str | int | Decimal | date | time | None
"""What stands in a cell; None where there is no answer."""

Occurring = Mapping[str, frozenset[AnswerStatus]]
"""The slots that hold an answer in any interview, with the statuses that occur there."""


class Part(StrEnum):
    """What a column takes from an answer."""

    VALUE = "value"
    CHOICE = "choice"
    """1 where the choice was taken, 0 where it was not; in a ranking its place, from 1."""
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    AS_WRITTEN = "as_written"
    """The words of a reply that was not understood."""
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `versions` are those whose answers belong in it; `choice` is None but for `Part.CHOICE`."""

    name: str
    slot: str
    item: Item
    part: Part
    versions: frozenset[str]
    choice: Choice | None = None

    def take(self, answer: StoredAnswer | None) -> Value:
        """Return the cell of an answer to this column's slot."""
        if answer is None or answer.version not in self.versions:
            return None
        match self.part:
            case Part.VALUE if self.item.type in MEDIA:
                return file_of(answer)
            case Part.VALUE:
                return typed(self.item, answer.value)
            case Part.CHOICE if self.choice is not None and answer.value:
                chosen = answer.value.split()
                place = chosen.index(self.choice.name) + 1 if self.choice.name in chosen else 0
                return place or None if self.item.type is ItemType.RANK else min(place, 1)
            case Part.LATITUDE | Part.LONGITUDE if answer.value:
                return Decimal(answer.value.split()[0 if self.part is Part.LATITUDE else 1])
            case Part.AS_WRITTEN if answer.status is AnswerStatus.NOT_UNDERSTOOD:
                return answer.raw
            case Part.STATUS:
                return answer.status.value
            case _:
                return None


def file_of(answer: StoredAnswer) -> str | None:
    """Return the name of the file that a picture or sound is kept in, or why there is none."""
    if not answer.value:
        return None
    media = answer.media
    if media is None:
        return f"{NO_FILE} unknown"
    if media.file is not None:
        return media.file
    return f"{NO_FILE} {media.error if media.status is MediaStatus.REFUSED else media.status.value}"


def typed(item: Item, value: str) -> Value:
    """Return an answer's lexical form as the type that its item asks for."""
    if not value:
        return None
    match item.type:
        case ItemType.INTEGER:
            return int(value)
        case ItemType.DECIMAL | ItemType.RANGE:
            return Decimal(value)
        case ItemType.DATE:
            return date.fromisoformat(value)
        case ItemType.TIME:
            return time.fromisoformat(value)
        case _:
            return value


def choices_of(column: Column, versions: Mapping[str, Questionnaire]) -> Mapping[str, Choice]:
    """Return a question's choices by name in every version that asked it so: the newest's in their order, then others.

    `versions` has the newest first; a choice is worded as in the newest version that has it.
    """
    found = {choice.name: choice for choice in column.item.choices}
    older: dict[str, Choice] = {}
    for version, questionnaire in versions.items():
        if version in column.versions:
            for choice in questionnaire.item(column.item.name).choices:
                older.setdefault(choice.name, choice)
    return found | {name: older[name] for name in sorted(older.keys() - found.keys())}


def columns(
    questionnaires: Sequence[Questionnaire], occurring: Occurring, *, with_status: bool = False
) -> tuple[Column, ...]:
    """Return the columns for all versions of a consultation, the newest first.

    A repeat has as many rounds as occur, and at least one; words as written have a column where any occur.
    """
    laid: list[Column] = []
    names: set[str] = set()
    for kind, versions, questionnaire in _kinds(questionnaires):
        name = kind.name
        for slot in _slots(questionnaire, kind, occurring):
            rounds = slot.removeprefix(name)
            shown = f"{name}{rounds}" if name not in names else f"{name}{rounds}@{questionnaire.version}"
            laid += _parts(shown, slot, kind, versions, occurring.get(slot, frozenset()), with_status)
        names.add(name)
    return tuple(_rounds_together(laid, questionnaires))


def _kinds(questionnaires: Sequence[Questionnaire]) -> Iterator[tuple[Item, frozenset[str], Questionnaire]]:
    """Yield each item that is answered, once for each type it has had, with the versions that asked it so."""
    found: dict[tuple[str, ItemType], tuple[Item, set[str], Questionnaire]] = {}
    for questionnaire in questionnaires:
        for node in questionnaire.nodes:
            item = node.item
            if node.closes or item.type in (ItemType.GROUP, ItemType.NOTE, ItemType.REPEAT):
                continue
            known = found.setdefault((item.name, item.type), (item, set(), questionnaire))
            known[1].add(questionnaire.version)
    return ((item, frozenset(versions), newest) for item, versions, newest in found.values())


def _slots(questionnaire: Questionnaire, item: Item, occurring: Occurring) -> list[str]:
    depth = len(questionnaire.nodes[questionnaire.positions[item.name]].repeats)
    held = {place_of(slot)[1] for slot in occurring if place_of(slot)[0] == item.name}
    rounds = sorted(one for one in held if len(one) == depth) or [(1,) * depth]
    return [slot_of(item.name, one) for one in rounds]


def _parts(
    shown: str,
    slot: str,
    item: Item,
    versions: frozenset[str],
    statuses: frozenset[AnswerStatus],
    with_status: bool,
) -> Iterator[Column]:
    yield Column(shown, slot, item, Part.VALUE, versions)
    if item.type in (ItemType.SELECT_MULTIPLE, ItemType.RANK):
        for choice in item.choices:
            yield Column(f"{shown}/{choice.name}", slot, item, Part.CHOICE, versions, choice)
    if item.type is ItemType.GEOPOINT:
        yield Column(f"{shown}/latitude", slot, item, Part.LATITUDE, versions)
        yield Column(f"{shown}/longitude", slot, item, Part.LONGITUDE, versions)
    if AnswerStatus.NOT_UNDERSTOOD in statuses:
        yield Column(f"{shown}/as_written", slot, item, Part.AS_WRITTEN, versions)
    if with_status and item.type.is_asked:
        yield Column(f"{shown}/status", slot, item, Part.STATUS, versions)


def _rounds_together(laid: list[Column], questionnaires: Sequence[Questionnaire]) -> Iterator[Column]:
    """Yield the columns with each round of a repeat in one piece: age[1], school[1], age[2], school[2]."""
    order: dict[str, int] = {}
    for questionnaire in questionnaires:
        for node in questionnaire.nodes:
            outermost = node.repeats[0] if node.repeats else node.item.name
            order.setdefault(node.item.name, order.setdefault(outermost, len(order)))
    places: dict[str, Rounds] = {column.slot: place_of(column.slot)[1] for column in laid}
    yield from sorted(laid, key=lambda column: (order[column.item.name], places[column.slot]))
