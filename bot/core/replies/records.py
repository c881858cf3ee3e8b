"""What reading a reply can come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.phrases import Phrase


@dataclass(frozen=True, slots=True)
class Read:
    """The reply is this value, in XForms' lexical form for the item's type.

    `own_words` is what followed "other" in the same reply: `biogas` of "5 biogas" or "other: biogas".
    """

    value: str = field(repr=False)
    own_words: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The reply can be two things; the wordings name both to the person ("1 Firewood", "11 Gas"), and differ."""

    first: str = field(repr=False)
    second: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotRead:
    """The reply is no answer; the phrase, with its values, says why not or what to send."""

    phrase: Phrase
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


Reading = Read | Ambiguous | NotRead


class Command(StrEnum):
    """What a person may ask for at any moment, in a message of its own."""

    BACK = "back"
    SKIP = "skip"
    HELP = "help"
    LANGUAGE = "language"
    PAUSE = "pause"
    CONTINUE = "continue"
    RESTART = "restart"
    PERSON = "person"
    STOP = "stop"
    START = "start"
