"""Which interviews results are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Completeness(StrEnum):
    """How far an interview must have come to count."""

    ALL = "all"
    """Everybody who wrote in, consent or not. Only those who consented have answers."""
    CONSENTED = "consented"
    COMPLETE = "complete"
    COMPLETE_OR_PARTIAL = "complete_or_partial"


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters that hold together; an empty one lets everybody through.

    `since` and `until` are days (UTC) on which an interview began, both included. `channels` and `languages` hold
    what `channel` and `language` of the frame may be. `where` maps a group variable of the consultation to the
    categories that count: the names of choices, or of bands (`25-59`). Who did not say is in no category.
    """

    since: date | None = None
    until: date | None = None
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    completeness: Completeness = Completeness.ALL

    @property
    def is_everybody(self) -> bool:
        return self == EVERYBODY


EVERYBODY = Selection()
