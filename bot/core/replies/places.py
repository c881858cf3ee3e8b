"""Replies to `geopoint`."""

import re
from decimal import Decimal

from bot.core.folding import digits
from bot.core.phrases import UNCLEAR
from bot.core.replies.quantities import lexical
from bot.core.replies.records import NotRead, Read, Reading

_DEGREES = r"([-+]?\d{1,3}%s\d{1,15}) ?°? ?([NSEWnsew]?)"
_WITH_POINTS = re.compile(rf"[^\w+-]*{_DEGREES % '[.]'} ?[,; ] ?{_DEGREES % '[.]'}\W*")
_WITH_COMMAS = re.compile(rf"[^\w+-]*{_DEGREES % ','} ?[; ] ?{_DEGREES % ','}\W*")
_CLOSEST = Decimal("0.01")
"""About a kilometre: closer, a place tells the house, and with it the person."""


def read_place(text: str) -> Reading:
    """Return the latitude and longitude that a reply is, as `6.52 3.38 0 0`, rounded to a hundredth of a degree.

    Both need decimals, because "12, 3" may be anything. Nothing closer than the rounded value leaves this function.
    """
    plain = " ".join(digits(text).replace("−", "-").split())
    match = _WITH_POINTS.fullmatch(plain) or _WITH_COMMAS.fullmatch(plain)
    if match is None:
        return NotRead(UNCLEAR)
    first, first_side, second, second_side = match.groups()
    sides = (first_side or "N").upper() + (second_side or "E").upper()
    if sides[0] not in "NS" or sides[1] not in "EW":
        return NotRead(UNCLEAR)
    latitude = _rounded(first) * (-1 if sides[0] == "S" else 1)
    longitude = _rounded(second) * (-1 if sides[1] == "W" else 1)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return NotRead(UNCLEAR)
    return Read(f"{lexical(latitude)} {lexical(longitude)} 0 0")


def _rounded(degrees: str) -> Decimal:
    return Decimal(degrees.replace(",", ".")).quantize(_CLOSEST)
