"""Cells as text, so that no spreadsheet runs what a person wrote."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula, or split it into one (OWASP, CSV injection)."""

# Blanks before the sign are taken off by some spreadsheets before they look.
BLANKS = " \u00a0\u3000"
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
"""A number as it is stored. One that begins with a minus is a number, and nothing that a spreadsheet runs."""


def harmless(text: str) -> str:
    """Return words as a spreadsheet shows and does not run them."""
    return f"'{text}" if text.lstrip(BLANKS).startswith(FORMULA_STARTS) else text
