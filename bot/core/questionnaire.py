"""The frozen records that a consultation file becomes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.calendars import Calendar
from bot.core.expressions import Expression
from bot.core.phrases import Phrasebook
from bot.core.safeguarding import Lookout

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach


class ItemType(StrEnum):
    """What an item asks for; XLSForm's names."""

    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    RANGE = "range"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    GEOPOINT = "geopoint"
    IMAGE = "image"
    AUDIO = "audio"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    CALCULATE = "calculate"
    GROUP = "group"
    REPEAT = "repeat"

    @property
    def has_choices(self) -> bool:
        return self in (ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE, ItemType.RANK)

    @property
    def has_children(self) -> bool:
        return self in (ItemType.GROUP, ItemType.REPEAT)

    @property
    def is_asked(self) -> bool:
        """Whether a reply is awaited: a note, a calculation and a group pass by themselves."""
        return self not in (ItemType.NOTE, ItemType.CALCULATE, ItemType.GROUP, ItemType.REPEAT)


class OnUnclear(StrEnum):
    """What becomes of an item when the last of its tries was not understood either."""

    ACCEPT = "accept"
    """Keep the words as they came, marked as not understood, and go on."""
    SKIP = "skip"
    """Leave the item without an answer and go on."""


BOT_CONTEXT = "bot:"
"""Before the context of a text of a consultation that is the bot's own (`or_other`'s "Other")."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for respondents: its place (gettext's msgctxt), its source wording and its translations.

    The source wording is in the first of the consultation's languages, which has no entry in `translations`.
    """

    context: str
    source: str
    translations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_bots(self) -> bool:
        """Whether the wording is the bot's own (`or_other`'s "Other"), and translated with the rest of its words."""
        return self.context.startswith(BOT_CONTEXT)

    def into(self, language: str | None) -> str:
        """Return the wording in a language (BCP 47), or the source wording where that has none.

        The source wording is seen by a person who has not chosen a language yet, and where the consultation says by
        its `translated_share` that a language need not be whole; otherwise one that is not keeps it from being held.
        """
        return self.translations.get(language, self.source) if language else self.source


@dataclass(frozen=True, slots=True)
class Choice:
    """One response option. `columns` holds further keys of the file, for `choice_filter`."""

    name: str
    label: Text
    sms_label: Text | None = None
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other words for it by language; those of `""` hold in every language."""
    columns: Mapping[str, str] = field(default_factory=dict)
    stays_last: bool = False
    """Keeps its place at the end when the order is randomised (none, other, don't know)."""

    def aliases_in(self, language: str | None) -> tuple[str, ...]:
        return (*self.aliases.get("", ()), *(self.aliases.get(language, ()) if language else ()))


@dataclass(frozen=True, slots=True)
class Range:
    """The steps of a `range` item: from `start` to `end`, both included."""

    start: Decimal
    end: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One question, message, calculation, group or repeat.

    `children` is empty but for groups and repeats; `choices` but for selects and ranks. `other_for` names the
    select whose "other" a text item spells out (`<name>_other`), else None.
    """

    name: str
    type: ItemType
    label: Text | None = None
    sms_label: Text | None = None
    hint: Text | None = None
    required: bool = True
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Text | None = None
    calculation: Expression | None = None
    default: Expression | None = None
    choices: tuple[Choice, ...] = ()
    choice_filter: Expression | None = None
    randomize: bool = False
    lists_choices: bool = True
    """False for `appearance: minimal`: the options are too many to list; the person types one."""
    range: Range | None = None
    calendar: Calendar = Calendar.GREGORIAN
    """In which a `date` is asked, shown and typed; its value is Gregorian in any."""
    tries: int = 3
    on_unclear: OnUnclear = OnUnclear.ACCEPT
    eligible: Expression | None = None
    """False after the answer: the person is not among those asked, and the interview ends."""
    screen_out: Expression | None = None
    """True after the answer: enough people like this one were heard, and the interview ends."""
    repeat_count: Expression | None = None
    repeat_max: int = 0
    other_for: str | None = None
    sms_segments: int | None = None
    children: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """An item by whose answers results are broken down: a select_one, or an integer in bands.

    `bands` are the lowest number of each band, rising; what is below the first is a band too. Empty for a select_one.
    """

    name: str
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person accepts before the first item."""

    ask: Text
    sms_ask: Text | None = None
    refused: Text | None = None
    """Said to who declines; the bot's own words where None."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A person on the other side: who asks for one, or tells of harm, is put in a queue that an organiser answers from.

    `line` names a help line, `hours` says when somebody answers; `text` is said in place of the bot's own words.
    `urgent_within` and `within` are how long a message may wait to be looked at. `asks` are the folded words that ask
    for a person, in every language of the consultation; `lookout` finds what tells of harm.
    """

    line: Text
    hours: Text
    urgent_within: timedelta
    within: timedelta
    lookout: Lookout
    asks: frozenset[str]
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the questionnaire laid out flat, in the order it is asked.

    A group or repeat has two: its opening, and its closing (`closes=True`). `partner` is the position of the
    other one; a leaf is its own partner. `repeats` names the repeats around the node, outermost first (a
    repeat's own closing counts as inside it, its opening as outside).
    """

    item: Item
    position: int
    partner: int
    closes: bool
    repeats: tuple[str, ...]


UTC = ZoneInfo("UTC")

MOVE_REFERENCE = "code"
"""How the text that tells where to go on may put the code into a link: `t.me/ExampleBot?start=${code}`."""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A whole consultation, with everything that an interview needs.

    `version` is the content hash under which it was published ("" before that). `phrasebooks` holds what the
    bot itself says, by language; every language of `languages` has one once the consultation is loaded.
    """

    id: str
    title: Text
    languages: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]]
    consent: Consent
    items: tuple[Item, ...]
    nodes: tuple[Node, ...]
    positions: Mapping[str, int]
    """Item name to the position of its (opening) node."""
    thanks: Text | None = None
    not_eligible: Text | None = None
    screened_out: Text | None = None
    move: Text | None = None
    """Where an interview can go on, on another channel, by a code; None where it may not."""
    clock: ZoneInfo = UTC
    """What tells which day it is where it is held: for "today" in replies, and for `today()` and `now()`."""
    report_back: bool = False
    """Whether people are asked, after the thanks, if they want to be told what came of it."""
    partial_share: float = 0.5
    """Share of the required items answered from which an unfinished interview is partial, not a break-off."""
    translated_share: float | None = None
    """Share of the texts that a language needs to be offered; None where every language has to be whole."""
    groups: tuple[Grouping, ...] = ()
    sms_segments: Mapping[str, int] = field(default_factory=dict)
    """The budget of a message by language; that of `""` holds for the rest."""
    phrasebooks: Mapping[str, Phrasebook] = field(default_factory=dict)
    safeguard: Safeguard | None = None
    """Of the outreach file beside the consultation's, and part of no version; None where nobody stands by."""
    version: str = ""
    outreach: "Outreach | None" = None
    """How people are reached now, whatever the version: it is part of none. None where no file says so."""

    def item(self, name: str) -> Item:
        """Return the item of that name; KeyError where there is none."""
        return self.nodes[self.positions[name]].item

    def texts(self) -> Iterator[Text]:
        """Yield every text for respondents, in the order of the file."""
        yield self.title
        yield from _present(self.consent.ask, self.consent.sms_ask, self.consent.refused)
        for node in self.nodes:
            if node.closes:
                continue
            item = node.item
            yield from _present(item.label, item.sms_label, item.hint, item.constraint_message)
            for choice in item.choices:
                yield from _present(choice.label, choice.sms_label)
        yield from _present(self.thanks, self.not_eligible, self.screened_out, self.move)

    def phrasebook(self, language: str | None) -> Phrasebook:
        """Return the bot's own words in a language, or in the first of the consultation's."""
        return self.phrasebooks[language or self.languages[0]]


def _present(*texts: Text | None) -> Iterator[Text]:
    return (text for text in texts if text is not None)
