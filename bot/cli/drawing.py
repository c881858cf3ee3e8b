"""Bars and labels in a terminal, whatever the script."""

import unicodedata

from rich.text import Text

from bot.cli.showing import ISOLATES

BAR = 20
"""Columns of a bar: with the longest label and an interval, a line is 80 wide, as old terminals are."""
WIDEST = 30
WITHHELD = "withheld"


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide - sum(unicodedata.combining(letter) > 0 or letter in ISOLATES for letter in text)


def bar(label: str, width: int, share: float, figures: str) -> Text:
    """Return a line: a label, a bar as long as a share, and what is to be read beside it."""
    shown = label if width_of(label) <= width else f"{label[: width - 1]}…"
    filled = round(share * BAR)
    if share and not filled:
        filled = 1
    return Text.assemble(
        f"{shown}{' ' * max(width - width_of(shown), 0)}  ",
        ("█" * filled, "green"),
        ("·" * (BAR - filled), "dim"),
        f" {figures}",
    )


def number(value: float | None) -> str:
    """Return a number with as many decimals as can be looked at: 3, 3.4, 12,500; None is withheld."""
    if value is None:
        return WITHHELD
    if value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
