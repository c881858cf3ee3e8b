"""The shape of an outreach file: which keys there are and what each holds; see docs/outreach.md."""

import re
from datetime import date, time
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.core.definition.shape import Name, Shape, Words
from bot.core.outreach.quotas import shape as quotas_shape
from bot.core.outreach.rewards import RewardsShape

HOURS = re.compile(r"([0-2]?[0-9]):([0-5][0-9]) ?- ?([0-2]?[0-9]):([0-5][0-9])")
COUNTRY = re.compile(r"[A-Z]{2}")

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


Country = Annotated[str, BeforeValidator(_country)]


class SendingShape(Shape):
    """When people may be written to, and the country whose numbers are written without its code."""

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


class OutreachShape(Shape):
    """A whole outreach file."""

    sending: SendingShape = SendingShape()
    invitation: InvitationShape | None = None
    reminders: RemindersShape | None = None
    rewards: RewardsShape | None = None
    quotas: quotas_shape.QuotasShape | None = None


BELOW: dict[str, type[BaseModel]] = {
    "sending": SendingShape,
    "invitation": InvitationShape,
    "wordings": WordingShape,
    "reminders": RemindersShape,
    "rewards": RewardsShape,
    **quotas_shape.BELOW,
}
"""By the key that a mapping stands under: what it may hold."""
