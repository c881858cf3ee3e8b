"""Everything that a consultation comes to."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.questionnaire import Text
from bot.results.records.breakdowns import Breakdown
from bot.results.records.equity import Equity
from bot.results.records.figures import Count
from bot.results.records.items import ItemResult
from bot.results.records.notices import Notice
from bot.results.records.participation import Participation
from bot.results.records.representation import Representation
from bot.results.records.weighting import Weighting
from bot.results.selection import Selection


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a consultation comes to, as things stood at a moment.

    `selected` are the interviews that `selection` let through, `consented` those of them whose answers count.
    """

    consultation: str
    title: Text
    version: str
    at: datetime
    selection: Selection
    selected: Count
    consented: Count
    participation: Participation
    items: tuple[ItemResult, ...]
    breakdowns: tuple[Breakdown, ...]
    representation: tuple[Representation, ...]
    weighting: Weighting | None
    equity: Equity
    notices: tuple[Notice, ...]

    def item(self, name: str) -> ItemResult:
        """Return an item's result; KeyError where there is none."""
        return {one.name: one for one in self.items}[name]

    def breakdowns_of(self, item: str) -> tuple[Breakdown, ...]:
        return tuple(one for one in self.breakdowns if one.item == item)
