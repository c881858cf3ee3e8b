"""Results as JSON and back: what the API sends is what a report reads."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from bot.core.disposition import Disposition
from bot.core.questionnaire import ItemType, Text
from bot.results.records.breakdowns import Breakdown, Comparison, EffectSize, GroupResult, Method
from bot.results.records.equity import Equity
from bot.results.records.figures import Interval, Share, Weighted
from bot.results.records.items import Base, ChoiceResult, ItemResult, Reason
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.participation import Outcome, Participation, Turnout
from bot.results.records.results import Results
from bot.results.records.weighting import Weighting
from bot.results.selection import Completeness, Selection

HALF = Share(1, 2, 0.5, Interval(0.09, 0.91), Weighted(0.4, None, 1.5))
YES = ChoiceResult("yes", Text("likes.yes.label", "Yes", {"fr": "Oui"}), HALF)
COMPARISON = Comparison(
    Method.CHI_SQUARE, None, 2, 2, 4.0, 1, 0.04, 0.04, EffectSize.CRAMERS_V, 0.3, notable=True
)
RESULTS = Results(
    consultation="garden",
    title=Text("title", "The garden"),
    version="4f0c",
    at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    selection=Selection(
        since=date(2026, 3, 1), where={"age": ("18-24",)}, completeness=Completeness.COMPLETE
    ),
    selected=2,
    consented=2,
    participation=Participation(
        None, Turnout(2, 2, (Outcome(Disposition.COMPLETE, "1.1", 2),), HALF, HALF), (), (), (), None
    ),
    items=(
        ItemResult(
            "likes",
            ItemType.SELECT_ONE,
            Text("likes.label", "Do you?"),
            Base(2, 2, 1, {Reason.SKIPPED: 1}),
            choices=(YES,),
        ),
    ),
    breakdowns=(Breakdown("likes", "sex", None, (GroupResult("f", None, 1, (YES,)),), 1, (COMPARISON,)),),
    representation=(),
    weighting=Weighting(("sex",), 2, 0, refused=Notice(NoticeCode.NOT_WEIGHTED_FEW, {"n": 2, "least": 50})),
    equity=Equity(()),
    notices=(Notice(NoticeCode.SELF_SELECTED),),
)


def test_json_and_back() -> None:
    assert msgspec.json.decode(msgspec.json.encode(RESULTS), type=Results) == RESULTS


def test_an_item_by_its_name() -> None:
    assert RESULTS.item("likes").choices == (YES,)
    assert RESULTS.breakdowns_of("likes")[0].notable
    with pytest.raises(KeyError, match="loves"):
        RESULTS.item("loves")
