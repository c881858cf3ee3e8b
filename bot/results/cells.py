"""Cells as text, so that no spreadsheet runs what a person wrote."""

from datetime import date, datetime, time
from decimal import Decimal

from bot.results.layout import Value

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula, or split it into one (OWASP, CSV injection)."""


def plain(value: Value | datetime) -> str:
    """Return a value as text: dates and times in ISO 8601, moments in UTC, numbers with a point."""
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%MZ")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def harmless(value: Value | datetime) -> str:
    """Return a value as text that a spreadsheet shows and does not run.

    Only words get the apostrophe: a number that begins with a minus is a number.
    """
    text = plain(value)
    # Blanks before the sign are taken off by some spreadsheets before they look.
    if isinstance(value, str) and text.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS):
        return f"'{text}"
    return text
