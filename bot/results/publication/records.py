"""What is published of a consultation: results of which some figures are withheld, and what stands beside them.

Whoever renders a `Publication` shows all of it. What must not be seen is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.findings import FindingState
from bot.core.questionnaire import Text
from bot.results.records.figures import Share
from bot.results.records.results import Results

# --- how people are kept from being singled out


@dataclass(frozen=True, slots=True)
class Protection:
    """How results were made safe to publish: counts below `threshold` withheld, others rounded to `rounding`.

    `withheld` is how many cells are not shown; more than the small ones, since those could be worked out otherwise.
    `release` counts the publications of this consultation from 1, at `released_at`. `audited` says that no withheld
    count can be recovered from this release and those before it; nothing else is ever rendered.
    """

    threshold: int
    rounding: int
    withheld: int
    release: int
    released_at: datetime
    audited: bool


# --- words


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a group variable; its label is None where its name speaks for itself, or is the reader's to say."""

    variable: str
    name: str
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class PublishedQuote:
    """What somebody said, as approved. `translations` are by language, entered by a person.

    `language` is None where nobody knows it. `words` are None where the original would tell who said it: a language
    that few spoke; then a translation is shown alone. `group` is None where naming it would say too much.
    """

    item: str
    language: str | None
    words: str | None = field(repr=False)
    translations: Mapping[str, str] = field(default_factory=dict, repr=False)
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """What many open answers to an item are about: a code of the organiser's, or what was found in the words.

    `label` is the code's; None of a found theme, which is told by its `words`, the most typical first. They are in
    `language`; None where it goes across languages. `said` is of those who answered the item.
    """

    item: str
    label: Text | None
    words: tuple[str, ...]
    language: str | None
    said: Share


# --- you said, we did


@dataclass(frozen=True, slots=True)
class PublishedFinding:
    """What people said and somebody has to answer. `decided` is the day of the state; `due` None where nothing is owed.

    `referred_to` is whose matter it is, where it was referred; `done_on` the day when it was done.
    """

    title: Text
    state: FindingState
    owner: str
    decided: date | None = None
    reason: Text | None = None
    due: date | None = None
    is_overdue: bool = False
    referred_to: str | None = None
    done_on: date | None = None


# --- the whole


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who asked, and how they can be reached: an address, a page, a number; "" where that is not told."""

    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that a report shows.

    Without `protection` it is a preview for organisers: results as they are, nothing withheld, not safe to publish.
    `languages` are the consultation's; the first is that of the source wording of every `Text`. `introduction` is what
    people were told before they agreed. `began` and `ended` are the days of the first and last message.
    """

    results: Results
    languages: tuple[str, ...]
    protection: Protection | None
    introduction: Text | None = None
    began: date | None = None
    ended: date | None = None
    organiser: Organiser | None = None
    quotes: tuple[PublishedQuote, ...] = ()
    themes: tuple[Theme, ...] = ()
    findings: tuple[PublishedFinding, ...] = ()

    @property
    def is_preview(self) -> bool:
        return self.protection is None

    @property
    def moment(self) -> datetime:
        """When the results were as they are shown."""
        return self.protection.released_at if self.protection else self.results.at
