"""What a person is shown of their own answers: a date, a list, a word of another script, as their language has it."""

import unicodedata
from collections.abc import Sequence
from datetime import date

from bot.core.phrases import Phrasebook

ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def said_date(value: str, book: Phrasebook) -> str:
    """Return a date (`2026-03-02`) in words; what is none, as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return book.dated.format(day=day.day, month=book.month_names[day.month - 1], year=day.year)


def said_list(values: Sequence[str], book: Phrasebook) -> str:
    """Return several things as one list: `maji, umeme na barabara` (CLDR, listPatterns)."""
    two, start, middle, end = book.lists
    if len(values) < 3:
        return two.format(*values) if len(values) == 2 else "".join(values)
    said = start.format(values[0], values[1])
    for value in values[2:-1]:
        said = middle.format(said, value)
    return end.format(said, values[-1])


def isolated(value: str, *, in_right_to_left: bool) -> str:
    """Return a value that can stand in a text of the other direction without turning its words round.

    Unicode's own isolates (UAX 9, 2.4.2), for where they are not shown: each costs an SMS a letter, and some old phones
    show a box for it.
    """
    strong = next((kind for kind in map(unicodedata.bidirectional, value) if kind in ("L", "R", "AL")), None)
    if strong is None or (strong != "L") == in_right_to_left:
        return value
    return f"{ISOLATE}{value}{END}"
