"""The shape of an outreach file: which keys there are and what each holds; see docs/outreach.md."""

import re
from datetime import date, time
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.core.definition.shape import Language, Name, Shape, Words
from bot.core.outreach.quotas import shape as quotas_shape
from bot.core.outreach.rewards import RewardsShape
from bot.core.outreach.sources import CODE

HOURS = re.compile(r"([0-2]?[0-9]):([0-5][0-9]) ?- ?([0-2]?[0-9]):([0-5][0-9])")
COUNTRY = re.compile(r"[A-Z]{2}")
NUMBER = re.compile(r"\+?[0-9]{3,15}")
TELEGRAM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
"""https://core.telegram.org/method/account.checkUsername; Telegram lets some bots have four letters."""

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)


def _hours(value: Any) -> Any:
    """Return (opens, closes) of `09:00-19:00`."""
    found = HOURS.fullmatch(value) if isinstance(value, str) else None
    try:
        hour, minute, last_hour, last_minute = map(int, found.groups()) if found else (24, 0, 24, 0)
        opens, closes = time(hour, minute), time(last_hour, last_minute)
    except ValueError:
        raise PydanticCustomError("bad_hours", "{hours}", {"hours": str(value)}) from None
    if opens >= closes:
        raise PydanticCustomError("bad_hours", "{hours}", {"hours": str(value)})
    return opens, closes


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("bad_date", "{date}", {"date": str(value)}) from None


def _country(value: Any) -> Any:
    if not isinstance(value, str) or not COUNTRY.fullmatch(value):
        raise PydanticCustomError("bad_country", "{country}", {"country": str(value)})
    return value


def _code(value: Any) -> Any:
    """Return a source's code in capitals; YAML reads one of digits as a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not CODE.fullmatch(text.upper()):
        raise PydanticCustomError("bad_source_code", "{code}", {"code": str(value)})
    return text.upper()


def _number(value: Any) -> Any:
    """Return a number as people dial it: `20880`, `+12025550100`; blanks, brackets and hyphens in it are left out."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    dialled = re.sub(r"[ ().-]", "", text) if isinstance(text, str) else ""
    if not NUMBER.fullmatch(dialled):
        # Without the number, which may be somebody's.
        raise PydanticCustomError("bad_number", "number")
    return dialled


def _bot(value: Any) -> Any:
    name = value.removeprefix("@") if isinstance(value, str) else ""
    if not TELEGRAM_NAME.fullmatch(name):
        raise PydanticCustomError("bad_telegram_name", "{name}", {"name": str(value)})
    return name


Country = Annotated[str, BeforeValidator(_country)]


class SendingShape(Shape):
    """When people may be written to, by whom, and the country whose numbers are written without its code."""

    signed: Words | None = None
    hours: Annotated[tuple[time, time], BeforeValidator(_hours)] = (time(9), time(19))
    days: Annotated[list[Day], Field(min_length=1)] = Field(default_factory=lambda: list(DAYS))
    not_on: list[Annotated[date, BeforeValidator(_date)]] = Field(default_factory=list)
    country: Country | None = None


class WordingShape(Shape):
    """One wording of the invitation."""

    name: Name
    text: Words
    sms_text: Words | None = None


class InvitationShape(Shape):
    """What people are invited with. Of several wordings each person gets one, drawn by chance."""

    wordings: Annotated[list[WordingShape], Field(min_length=1, max_length=10)]
    expires_after_days: Annotated[int, Field(ge=1, le=90)] = 14


class RemindersShape(Shape):
    """What those are reminded with who have not answered (`invited`) or not gone on (`paused`)."""

    most: Annotated[int, Field(ge=0, le=3)] = 2
    after_days: Annotated[int, Field(ge=1, le=30)] = 3
    invited: Words | None = None
    paused: Words | None = None
    last: Words | None = None


class SourceShape(Shape):
    """One radio show, clinic or market, and the code that people send who come from there."""

    name: Name
    code: Annotated[str, BeforeValidator(_code)]
    label: Words | None = None


class PosterShape(Shape):
    """What stands on posters and in links: who asks, what a message costs, where people write to."""

    asked_by: Words | None = None
    headline: Words | None = None
    cost: Words | None = None
    free: bool = False
    number: Annotated[str, BeforeValidator(_number)] | None = None
    telegram: Annotated[str, BeforeValidator(_bot)] | None = None
    whatsapp: Annotated[str, BeforeValidator(_number)] | None = None


class ReferralShape(Shape):
    """How many codes a person may pass on who has answered, in which words, and how long one is good."""

    coupons: Annotated[int, Field(ge=0, le=5)] = 3
    text: Words
    expires_after_days: Annotated[int, Field(ge=1, le=365)] = 30
    degree_item: Name | None = None


Phrases = dict[Language, Annotated[list[Words], Field(max_length=500)]]
"""Words and phrases by language."""


class HelpShape(Shape):
    """Who asks for a person, or tells of harm: which help line they are told, when somebody answers, and their words.

    `words` and `urgent` are looked for beside those that Heard ships, `leave_out` are not looked for.
    """

    line: Words
    hours: Words
    text: Words | None = None
    urgent_within_hours: Annotated[int, Field(ge=1, le=168)] = 24
    within_hours: Annotated[int, Field(ge=1, le=720)] = 72
    words: Phrases = Field(default_factory=dict)
    urgent: Phrases = Field(default_factory=dict)
    leave_out: Phrases = Field(default_factory=dict)


class OutreachShape(Shape):
    """A whole outreach file."""

    sending: SendingShape = SendingShape()
    invitation: InvitationShape | None = None
    reminders: RemindersShape | None = None
    rewards: RewardsShape | None = None
    quotas: quotas_shape.QuotasShape | None = None
    sources: Annotated[list[SourceShape], Field(max_length=500)] = Field(default_factory=list)
    poster: PosterShape | None = None
    referral: ReferralShape | None = None
    help: HelpShape | None = None


BELOW: dict[str, type[BaseModel]] = {
    "sending": SendingShape,
    "invitation": InvitationShape,
    "wordings": WordingShape,
    "reminders": RemindersShape,
    "rewards": RewardsShape,
    **quotas_shape.BELOW,
    "sources": SourceShape,
    "poster": PosterShape,
    "referral": ReferralShape,
    "help": HelpShape,
}
"""By the key that a mapping stands under: what it may hold."""
