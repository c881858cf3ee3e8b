"""What a consultation gives people who completed it: the same to each, whatever they answered.

`rewards:` in an outreach file. Nothing is paid by the file alone: `heard rewards start` has a person confirm it.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.core.definition.shape import Shape
from bot.core.money import read_money

CURRENCY = re.compile(r"[A-Z]{3}")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Rewards:
    """Money in millionths of `currency`, to each who completes. `hook` pays it, and gets their number for that."""

    amount: int
    currency: str
    hook: str
    budget: int


def _money(value: Any) -> Any:
    """Return the millionths of `50`, `"50"` or `"0.50"`."""
    is_written = isinstance(value, str | int) and not isinstance(value, bool)
    millionths = read_money(str(value)) if is_written else None
    if not millionths:
        raise PydanticCustomError("bad_amount", "{amount}", {"amount": str(value)})
    return millionths


def _currency(value: Any) -> Any:
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        raise PydanticCustomError("bad_currency", "{currency}", {"currency": str(value)})
    return value


def _hook(value: Any) -> Any:
    """Return an address by https; by http only on this machine, for a trial."""
    try:
        split = urlsplit(value if isinstance(value, str) else "")
        host, _ = split.hostname, split.port
    except ValueError:
        host = None
    is_safe = host and (split.scheme == "https" or (split.scheme == "http" and host in LOOPBACK))
    if not is_safe or split.username or split.fragment:
        # Without the address: it may hold a password.
        raise PydanticCustomError("bad_hook", "bad hook")
    return value


def _discloses(value: Any) -> Any:
    if value is not True:
        raise PydanticCustomError("number_not_disclosed", "not disclosed")
    return value


Money = Annotated[int, BeforeValidator(_money)]


class RewardsShape(Shape):
    """What each person gets who completes the interview, who pays it, and how much there is in all."""

    amount: Money
    currency: Annotated[str, BeforeValidator(_currency)]
    hook: Annotated[str, BeforeValidator(_hook)]
    budget: Money
    for_: Literal["completed"] = Field(alias="for")
    discloses_number: Annotated[bool, BeforeValidator(_discloses)]

    def read(self) -> Rewards:
        return Rewards(self.amount, self.currency, self.hook, self.budget)
