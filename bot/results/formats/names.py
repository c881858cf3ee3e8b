"""Names of variables as statistical packages accept them; the name in the codebook stays in the label."""

import re
from collections.abc import Collection, Iterable, Mapping

_OUTSIDE = re.compile(r"[^A-Za-z0-9]+")


def accepted(names: Iterable[str], longest: int, reserved: Collection[str]) -> Mapping[str, str]:
    """Return a name for each that a package takes: letters, digits and `_` after a letter, each only once.

    They differ whatever the case of their letters. `longest` counts letters; `reserved` are words in lower case.
    """
    given: dict[str, str] = {}
    taken: set[str] = set(reserved)
    for name in names:
        plain = _OUTSIDE.sub("_", name).strip("_")
        plain = plain if plain[:1].isalpha() else f"v_{plain}"
        number, shown = 1, plain[:longest]
        while shown.casefold() in taken:
            number += 1
            ending = f"_{number}"
            shown = f"{plain[: longest - len(ending)]}{ending}"
        taken.add(shown.casefold())
        given[name] = shown
    return given


def within(text: str, most: int) -> str:
    """Return a text of at most so many bytes in UTF-8, with … where it was cut."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return f"{encoded[: most - len('…'.encode())].decode(errors='ignore')}…"
