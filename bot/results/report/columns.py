"""How wide the columns of a table are where what shows it does not reckon that itself."""

import unicodedata
from collections.abc import Sequence

from bot.results.report.model import Table, plain

LETTER, BOLD, MARGIN = 0.0135, 0.0145, 0.026
"""Of the whole width: what a letter takes, one of a heading, and what stands beside the words of a cell."""
LEAST_FIGURES, LEAST_WORDS = 0.09, 0.2
"""What a column has at least."""
ETHIOPIC = range(0x1200, 0x13A0)
"""Letters that are half as wide again as others."""
ONE_LINE, HEADING_LINES = 12, 3
"""A heading of so few letters is not broken, a longer one into so many lines at most, where there is room."""


def widths(table: Table) -> Sequence[float]:
    """Return the share of the whole width that each column has, together 1.

    Columns of figures have what those and their headings take. Where that leaves the columns of words too little,
    headings are broken at their blanks, and where that is too little still, anywhere. Columns of words share the rest
    alike.
    """
    figures = [place for place, column in enumerate(table.columns) if column.is_number]
    words = len(table.columns) - len(figures)
    wanted = [max(_column(table, place), _heading(table, place)) for place in figures]
    least = [max(_column(table, place), _longest(table, place)) for place in figures]
    room = max(1 - LEAST_WORDS * words, 0.4) if words else 1.0
    shown = dict(zip(figures, _fitted(wanted, least, room, fills=not words), strict=True))
    rest = (1 - sum(shown.values())) / words if words else 0.0
    return [shown.get(place, rest) for place in range(len(table.columns))]


def _fitted(wanted: Sequence[float], least: Sequence[float], room: float, *, fills: bool) -> Sequence[float]:
    """Return widths that go into a room, all of it where they fill it: what is wanted, or less, alike for all."""
    most, fewest = sum(wanted), sum(least)
    if fills or fewest >= room:
        return [one * room / fewest for one in least]
    if most <= room:
        return wanted
    given = (room - fewest) / (most - fewest)
    return [low + (high - low) * given for low, high in zip(least, wanted, strict=True)]


def _column(table: Table, place: int) -> float:
    """Return what the figures of a column take."""
    longest = max((_letters(plain(row[place])) for row in table.rows), default=0)
    return max(longest * LETTER + MARGIN, LEAST_FIGURES)


def _heading(table: Table, place: int) -> float:
    whole = _letters(plain(table.columns[place].label))
    return max(
        _longest(table, place), (whole if whole <= ONE_LINE else whole / HEADING_LINES) * BOLD + MARGIN
    )


def _longest(table: Table, place: int) -> float:
    words = plain(table.columns[place].label).split()
    return max(map(_letters, words), default=0) * BOLD + MARGIN


def _letters(text: str) -> float:
    """Return how many places a text takes: marks stand above or below letters."""
    shown = [letter for letter in text if unicodedata.category(letter) not in ("Mn", "Me", "Cf")]
    return len(shown) + sum(ord(letter) in ETHIOPIC for letter in shown) / 2
