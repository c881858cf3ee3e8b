"""The words that Heard looks for in every message where somebody stands by, one file a language beside this module."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from bot.core.safeguarding import Entry, Urgency


@dataclass(frozen=True, slots=True)
class WordList:
    """What is looked for in a language, and what the automatic reply must not hold in it."""

    urgent: Sequence[str] = ()
    sensitive: Sequence[str] = ()
    revealing: Sequence[str] = ()

    def entries(self) -> Iterator[Entry]:
        """Yield every phrase with what it tells."""
        yield from ((phrase, Urgency.URGENT) for phrase in self.urgent)
        yield from ((phrase, Urgency.SENSITIVE) for phrase in self.sensitive)


@cache
def word_list(language: str) -> WordList | None:
    """Return the list of a language (BCP 47; that of `pt` serves `pt-BR`); None where Heard has none."""
    file = files(__name__) / f"{language.partition('-')[0]}.yaml"
    if not file.is_file():
        return None
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    return WordList(*(tuple(held[key]) for key in ("urgent", "sensitive", "revealing")))


def languages() -> tuple[str, ...]:
    """Return the languages that Heard has a list in."""
    return tuple(
        sorted(
            one.name.removesuffix(".yaml") for one in files(__name__).iterdir() if one.name.endswith(".yaml")
        )
    )
