"""How answers were weighted to census margins."""

from dataclasses import dataclass

from bot.results.records.figures import Count
from bot.results.records.notices import Notice


@dataclass(frozen=True, slots=True)
class Collapsed:
    """Categories of a variable that were too small to be weighted alone, and were weighted as one."""

    variable: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighting:
    """How answers were weighted to census margins, or why they were not (`refused`).

    `design_effect` is Kish's, and `effective` the respondents over it. `least` and `most` are weights (mean 1);
    `trimmed` counts those held at a bound; `gap` is the largest difference left between a weighted share and its
    margin. All None or 0 where it was refused before it was tried.
    """

    variables: tuple[str, ...]
    respondents: Count
    not_stated: Count
    """Of these, who did not say what they are in one of the variables or more; that variable does not weight them."""
    refused: Notice | None = None
    design_effect: float | None = None
    effective: float | None = None
    least: float | None = None
    most: float | None = None
    trimmed: Count = 0
    gap: float | None = None
    sweeps: int = 0
    collapsed: tuple[Collapsed, ...] = ()

    @property
    def applied(self) -> bool:
        return self.refused is None
