"""How attributes are called: in what is stored of recipients, in quotas, and where an organiser asks for some."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.folding import fold

LONGEST_NAME = 40


def attribute_name(heading: str) -> str:
    """Return the name of an attribute, by the heading of its column or as an organiser writes it.

    `Age group` is age_group.
    """
    return fold(heading).replace(" ", "_")[:LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What nobody on a list has: an attribute, or a value of it. `there_are` are those that somebody has, the commonest
    first."""

    name: str
    value: str | None
    there_are: tuple[str, ...]


def as_listed(
    wanted: Mapping[str, str], listed: Mapping[str, Mapping[str, int]]
) -> Mapping[str, tuple[str, ...]] | Unlisted:
    """Return how the list spells the attributes and values that an organiser wrote, or the first that it has not.

    `listed` has how many people have each value of each attribute. Of a value, every spelling is returned, the
    commonest first: North, NORTH and "north " are one.
    """
    found: dict[str, tuple[str, ...]] = {}
    for written, value in wanted.items():
        # As it stands too: who takes the name from the table of what is there has to be understood.
        name = written if written in listed else attribute_name(written)
        if name not in listed:
            return Unlisted(written, None, tuple(sorted(listed)))
        values = sorted(listed[name], key=lambda one: (-listed[name][one], one))
        spelled = tuple(one for one in values if _key(one) == _key(value))
        if not spelled:
            commonest: dict[tuple[str, str], str] = {}
            for one in values:
                commonest.setdefault(_key(one), one)
            return Unlisted(name, value, tuple(commonest.values()))
        found[name] = spelled
    return found


def _key(value: str) -> tuple[str, str]:
    """Return what two spellings of a value share: <18 and 18+ differ by their signs alone."""
    signs = "".join(one for one in value if unicodedata.category(one) == "Sm")
    return fold(value) or value.casefold(), signs
