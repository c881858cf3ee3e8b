"""Whether a consultation went worse for some people than for others."""

from dataclasses import dataclass
from enum import StrEnum

from bot.results.records.figures import Share


class Measure(StrEnum):
    """What may go worse for some people than for others."""

    CONSENT = "consent"
    """Said yes, of those who were asked and whose interview is over. Less is worse."""
    BREAK_OFF = "break_off"
    """Stopped or fell silent after consent, of those whose interview is over. More is worse."""
    ASK_AGAIN = "ask_again"
    """Questions that had to be asked again, of questions answered: the translation's fault, not the people's."""
    OPT_OUT = "opt_out"
    """Sent STOP after consent, of those who consented. More is worse."""


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How one group fares. `rest` is the rate of all others. `adjusted` is p of the difference, adjusted for all
    comparisons of `Equity` (Holm). `worse`: adjusted below 0.05, in the bad direction, and not negligible."""

    name: str
    rate: Share
    rest: Share
    adjusted: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class EquityRate:
    """One measure by `language` or `channel`; `item` where it is of one question alone (only where one is worse)."""

    measure: Measure
    variable: str
    overall: Share
    groups: tuple[GroupRate, ...]
    item: str | None = None

    @property
    def worse(self) -> tuple[GroupRate, ...]:
        return tuple(group for group in self.groups if group.worse)


@dataclass(frozen=True, slots=True)
class Equity:
    """Whether the consultation served everybody alike."""

    rates: tuple[EquityRate, ...]

    @property
    def worse(self) -> tuple[tuple[EquityRate, GroupRate], ...]:
        return tuple((rate, group) for rate in self.rates for group in rate.worse)
