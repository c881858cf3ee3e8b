"""The shape of a consultation file: which keys there are and what each holds, before anything is checked for sense.

What may be written in two ways (a text or a mapping, one number or one a language) is brought into one here.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from bot.core.limits import LIMITS
from bot.core.problems import nearest
from bot.core.questionnaire import ItemType


def _words(value: Any) -> Any:
    """Return a number as the text it stands for: `label: 2026` is a text that looks like one."""
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if isinstance(text, str) and not text.strip():
        raise PydanticCustomError("empty_text", "empty")
    return text


def _column(value: Any) -> Any:
    """Return what an expression reads in a choice's own key."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or value == "" else _words(value)


def _name(value: Any) -> Any:
    text = _words(value)
    if isinstance(text, str) and not NAME.fullmatch(text):
        raise PydanticCustomError("bad_name", "{name}", {"name": text})
    return text


def _choice_name(value: Any) -> Any:
    text = _words(value)
    if isinstance(text, str) and (not text or any(letter.isspace() for letter in text)):
        raise PydanticCustomError("bad_choice_name", "{name}", {"name": text})
    return text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | int | float) and not isinstance(value, bool) else value


def _by_language(value: Any) -> Any:
    """Return what holds for every language under the key ""."""
    return value if isinstance(value, Mapping) else {"": value}


def _item_type(value: Any) -> Any:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    try:
        return ItemType(value)
    except ValueError:
        raise PydanticCustomError("unknown_type", "{type}", {"type": value, "meant": _meant(value)}) from None


def _meant(type_: str) -> str:
    first, _, rest = type_.partition(" ")
    if first in ("select_one", "select_multiple", "rank") and NAME.fullmatch(rest):
        # XLSForm has the list of choices in the same cell.
        return f"{first}, and on a line of its own: choices: {rest}"
    return TYPES_OF_OTHER_FORMS.get(type_) or nearest(type_, ItemType) or ""


def _number(value: Any) -> Any:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _language(value: Any) -> Any:
    if isinstance(value, str) and not LANGUAGE.fullmatch(value):
        language, *subtags = value.replace("_", "-").split("-")
        usual = "-".join((language.lower(), *map(_subtag, subtags)))
        meant = usual if LANGUAGE.fullmatch(usual) else "the code of BCP 47, like: en, sw, pt-BR"
        raise PydanticCustomError("bad_language", "{language}", {"language": value, "meant": meant})
    return value


def _zone(value: Any) -> Any:
    try:
        return ZoneInfo(value if isinstance(value, str) else "").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("bad_time_zone", "{zone}", {"zone": str(value)}) from None


def _subtag(subtag: str) -> str:
    return subtag.title() if len(subtag) == 4 else subtag.upper()


NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
"""BCP 47: a language, if wanted a script and a region (`sw`, `pa-Arab`, `pt-BR`)."""
CONSULTATION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TYPES_OF_OTHER_FORMS = {
    "string": "text",
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "begin_group": "group",
    "begin_repeat": "repeat",
    "begin group": "group",
    "begin repeat": "repeat",
    "int": "integer",
    "photo": "image",
    "datetime": "date",
    "dateTime": "date",
    "trigger": "acknowledge",
    "location": "geopoint",
    "number": "integer",
}
"""What other forms and older XLSForms call a type."""

Words = Annotated[str, BeforeValidator(_words), Field(max_length=LIMITS.label_length)]
Formula = Annotated[str, BeforeValidator(_words)]
Name = Annotated[str, BeforeValidator(_name), Field(max_length=64)]
ChoiceName = Annotated[str, BeforeValidator(_choice_name), Field(max_length=64)]
Language = Annotated[str, BeforeValidator(_language)]
LanguageOrAll = Annotated[str, BeforeValidator(lambda value: value if value == "" else _language(value))]
Number = Annotated[Decimal, BeforeValidator(_number)]
Zone = Annotated[str, BeforeValidator(_zone)]
WordList = Annotated[list[Words], BeforeValidator(_listed)]


class Shape(BaseModel):
    """One mapping of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ChoiceShape(Shape):
    """A response option; keys of the organiser's own are kept for `choice_filter`."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    __pydantic_extra__: dict[str, Annotated[str, BeforeValidator(_column), Field(max_length=1_000)]]

    name: ChoiceName
    label: Words
    sms_label: Words | None = None
    aliases: Annotated[dict[LanguageOrAll, WordList], BeforeValidator(_by_language)] = {}
    last: bool = False


Choices = Annotated[
    Annotated[str, Tag("[named]")] | Annotated[list[ChoiceShape], Tag("[listed]")],
    Discriminator(lambda value: "[named]" if isinstance(value, str) else "[listed]"),
]
"""Choices of the item's own, or the name of a list that several items share."""
NOT_IN_FILE = frozenset({"", "[key]", "[named]", "[listed]"})
"""Steps of pydantic's places that are none of the file's."""


class RangeShape(Shape):
    """The steps of a `range`."""

    start: Number
    end: Number
    step: Number = Decimal(1)


Budget = Annotated[dict[LanguageOrAll, Annotated[int, Field(ge=1, le=10)]], BeforeValidator(_by_language)]


class ItemShape(Shape):
    """A question, message, calculation, group or repeat."""

    name: Name
    type: Annotated[ItemType, BeforeValidator(_item_type)]
    label: Words | None = None
    sms_label: Words | None = None
    hint: Words | None = None
    required: bool | None = None
    relevant: Formula | None = None
    constraint: Formula | None = None
    constraint_message: Words | None = None
    default: Formula | None = None
    calculation: Formula | None = None
    choices: Choices | None = None
    choice_filter: Formula | None = None
    randomize: bool | None = None
    or_other: bool | None = None
    appearance: str | None = None
    range: RangeShape | None = None
    calendar: Literal["gregorian", "ethiopian", "hijri", "solar_hijri"] | None = None
    tries: Annotated[int, Field(ge=1, le=10)] | None = None
    on_unclear: Literal["accept", "skip"] | None = None
    eligible: Formula | None = None
    screen_out: Formula | None = None
    sms_segments: Annotated[int, Field(ge=1, le=10)] | None = None
    items: list["ItemShape"] | None = None
    repeat_count: Formula | None = None
    repeat_max: Annotated[int, Field(ge=1, le=LIMITS.repeats)] | None = None


class ConsentShape(Shape):
    """What is asked before the first item."""

    ask: Words
    sms_ask: Words | None = None
    refused: Words | None = None


class GroupingShape(Shape):
    """An item that results are broken down by; just its name, or with the bands of its numbers."""

    name: Name
    bands: Annotated[list[int], Field(max_length=20)] = []


Groupings = list[
    Annotated[
        GroupingShape, BeforeValidator(lambda value: {"name": value} if isinstance(value, str) else value)
    ]
]


class ConsultationShape(Shape):
    """A whole consultation file."""

    consultation: str
    title: Words
    languages: Annotated[list[Language], Field(min_length=1)]
    keywords: dict[Language, WordList]
    consent: Annotated[
        ConsentShape, BeforeValidator(lambda value: {"ask": value} if isinstance(value, str) else value)
    ]
    items: Annotated[list[ItemShape], Field(min_length=1)]
    choice_lists: dict[str, list[ChoiceShape]] = {}
    thanks: Words | None = None
    not_eligible: Words | None = None
    screened_out: Words | None = None
    move: Words | None = None
    time_zone: Zone = "UTC"
    report_back: bool = False
    groups: Groupings = []
    partial_share: Annotated[float, Field(ge=0, le=1, strict=False, allow_inf_nan=False)] = 0.5
    translated_share: Annotated[float, Field(ge=0, le=1, strict=False, allow_inf_nan=False)] | None = None
    sms_segments: Budget = {"": 2}
