"""The state of an interview, the events that move it, and the effects that follow: frozen, plain JSON when stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.phrases import Phrase
from bot.core.questionnaire import Text

Slot = str
"""Where an answer belongs: an item's name, with its rounds where repeats are around it.

`age`, `age[2]` in the second round of a repeat, `age[2,1]` in a repeat within it.
"""


class Stage(StrEnum):
    """How far an interview has come."""

    CONSENT = "consent"
    ITEMS = "items"
    ENDED = "ended"


class Menu(StrEnum):
    """A question of the bot's own that takes the next reply, whatever the stage."""

    LANGUAGE = "language"
    RESTART = "restart"
    OFFER = "offer"
    """Whether to go on in the language that they seem to write."""
    REPORT_BACK = "report_back"
    """After the last question: whether they are to be told what came of it."""


class Ending(StrEnum):
    """Why an interview ended; `disposition` says what that means in AAPOR's terms."""

    COMPLETE = "complete"
    REFUSED = "refused"
    STOPPED = "stopped"
    NOT_ELIGIBLE = "not_eligible"
    SCREENED_OUT = "screened_out"
    LEFT = "left"
    """Who helped them went on without them: they sent no STOP, and nobody can take it up again."""


class AnswerStatus(StrEnum):
    """What an answer is worth."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    """The person sent SKIP."""
    DONT_KNOW = "dont_know"
    """The person said that they do not know, where the item may be left."""
    REFUSED = "refused"
    """The person would rather not say, where the item may be left."""
    NOT_UNDERSTOOD = "not_understood"
    """The words were kept after the last try; `value` is empty, and conditions see no answer."""
    GIVEN_UP = "given_up"
    """The last try failed and the item says to skip."""
    DEFAULT = "default"
    """The item's default stands, because the person skipped."""
    CALCULATED = "calculated"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interview holds for one slot.

    `value` is in XForms' lexical form for the item's type: a choice's name; names apart by spaces (select_multiple,
    rank); `7`; `1.5`; `2026-03-02`; `14:30`; `6.52 3.38 0 0` (latitude, longitude); "" where there is none.
    `raw` is what the person wrote or pressed. `tries` counts replies that were not understood before this one.
    An answer that is not `relevant` any more is kept, but is empty to conditions and absent from results.
    """

    value: str = field(repr=False)
    status: AnswerStatus
    at: datetime
    language: str | None
    raw: str = field(default="", repr=False)
    tries: int = 0
    relevant: bool = True


@dataclass(frozen=True, slots=True)
class Interview:
    """One person's way through one version of one consultation.

    `at` is the slot whose reply is awaited (None before the first and after the last). `seed` fixes the order of
    randomised choices and the value of `random()` for the whole interview.
    """

    consultation: str
    version: str
    seed: int
    started_at: datetime
    updated_at: datetime
    language: str | None = None
    stage: Stage = Stage.CONSENT
    menu: Menu | None = None
    paused: bool = False
    at: Slot | None = None
    tries: int = 0
    answers: Mapping[Slot, Answer] = field(default_factory=dict)
    consented_at: datetime | None = None
    ending: Ending | None = None
    source: str | None = None
    """Where the person learnt of it, by the link or the code that they sent: a radio show, a clinic, a market."""
    menu_order: tuple[str, ...] = ()
    """The languages as the menu lists them, where that is another order than the file's."""
    offers: tuple[str, ...] = ()
    """The languages that it was offered to go on in, the last one last: nobody is asked about one twice."""
    report_back: bool | None = None
    """Whether the person wants to be told what came of it; None where they were not asked, or have not answered."""
    wave: int | None = None
    """How far along a chain the person was recruited by a code, from 1; None where they came by themselves."""
    coupons: int = 0
    """How many codes the person was given to pass on."""


# --- events: what happens to an interview


@dataclass(frozen=True, slots=True)
class Joined:
    """The person asks to take part, by a keyword or a link; `language` is what that says, or what is known."""

    at: datetime
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The person wrote words."""

    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chose:
    """The person named a language, or answered the menu of languages in one."""

    at: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button: `data` is `<slot>=<choice name>`, with several names apart by spaces."""

    at: datetime
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shared:
    """The person sent a place, picture or sound. `value` is the lexical form that an answer keeps."""

    at: datetime
    kind: str
    """`geopoint`, `image` or `audio`: the item type that it answers."""
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The person edited the last message they sent, where the channel lets them."""

    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Left:
    """The person can be reached no more: they blocked the bot. It is their STOP, and nobody is left to answer."""

    at: datetime


Event = Joined | Chose | Said | Pressed | Shared | Corrected | Left


# --- effects: what follows for the person


@dataclass(frozen=True, slots=True)
class Tell:
    """Words of the bot's own; `values` fill the phrase's placeholders."""

    phrase: Phrase
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Show:
    """A text of the consultation: its thanks, a hint, a constraint's message. `slot` is the place it speaks of.

    `values` are what it may refer to beside answers, by name.
    """

    text: Text
    slot: Slot | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ShowNote:
    """The note at `slot`, passed on the way to the next question."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class AskLanguage:
    """Ask which of the consultation's languages, numbered, each in its own name."""


@dataclass(frozen=True, slots=True)
class OfferLanguage:
    """Whether to go on in a language, asked in it."""

    language: str


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Ask whether the person agrees to take part."""


@dataclass(frozen=True, slots=True)
class AskReportBack:
    """Ask whether the person is to be told what came of the consultation."""


@dataclass(frozen=True, slots=True)
class AskItem:
    """Ask the item at `slot`. `again` counts replies to it that were not understood; `earlier` says that the person
    went back to it, so that the answer it holds is shown and may be kept."""

    slot: Slot
    again: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class OptOut:
    """The person said STOP: nothing is sent to them any more until they write to start again."""


Effect = Tell | Show | ShowNote | AskLanguage | OfferLanguage | AskConsent | AskItem | AskReportBack | OptOut
