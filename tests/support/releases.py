"""Results as they are published, for what shows them: the school garden's, of which one count is withheld."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.disposition import Disposition
from bot.core.questionnaire import ItemType, Text
from bot.results.codebook import Entry
from bot.results.publication.records import Organiser, Protection, Publication
from bot.results.records.breakdowns import Breakdown, Comparison, EffectSize, GroupResult, Method
from bot.results.records.equity import Equity, EquityRate, GroupRate, Measure
from bot.results.records.figures import Interval, Share
from bot.results.records.items import Base, ChoiceResult, ItemResult
from bot.results.records.participation import GroupTurnout, LeftAt, Outcome, Participation, Turnout
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.records.results import Results
from bot.results.selection import EVERYBODY
from bot.store.releases import Listed, Stored, publish

RELEASED = datetime(2026, 3, 10, 9, tzinfo=UTC)


def share(count: int | None, base: int | None, of: float | None = None) -> Share:
    value = count / base if count is not None and base else of
    interval = Interval(max(value - 0.1, 0), min(value + 0.1, 1)) if value is not None else None
    return Share(count, base, value, interval)


WHOLE = Turnout(
    120,
    110,
    (Outcome(Disposition.COMPLETE, "1.1", 95), Outcome(Disposition.BREAK_OFF, "2.12", 15)),
    share(95, 120),
    share(95, 110),
)
MAIZE = ChoiceResult("maize", Text("grows.maize.label", "=Maize"), share(60, 100))
BEANS = ChoiceResult("beans", Text("grows.beans.label", "Beans"), share(None, 100))


def publication(
    number: int = 1, *, notable: bool = False, heard: float = 1.0, worse: bool = False, left: int = 5
) -> Publication:
    """Return one; `notable` sets women and men apart, `heard` is by how much women are, `worse` how Swahili fares."""
    test = Comparison(
        Method.CHI_SQUARE, None, 100, 2, 9.0, 1, 0.01, 0.02, EffectSize.CRAMERS_V, 0.3, notable=notable
    )
    women = RepresentedGroup(
        "f",
        Text("sex.f.label", "Women"),
        share(30, 100),
        0.5,
        heard,
        Interval(heard - 0.1, heard + 0.1),
        0,
    )
    again = EquityRate(
        Measure.ASK_AGAIN,
        "language",
        share(30, 300),
        (GroupRate("sw", share(25, 100), share(5, 200), 0.01, worse),),
    )
    results = Results(
        consultation="garden",
        title=Text("title", "The school garden"),
        version="4f0c",
        at=RELEASED + timedelta(days=number),
        selection=EVERYBODY,
        selected=120,
        consented=110,
        participation=Participation(
            None,
            WHOLE,
            (),
            (GroupTurnout("en", WHOLE),),
            (LeftAt("sown", Text("sown.label", "When sown?"), share(left, 100)),),
            None,
        ),
        items=(
            ItemResult(
                "grows",
                ItemType.SELECT_MULTIPLE,
                Text("grows.label", "What do you grow?"),
                Base(110, 105, 100),
                choices=(MAIZE, BEANS),
            ),
        ),
        breakdowns=(
            Breakdown("grows", "sex", None, (GroupResult("f", None, 30, (MAIZE, BEANS)),), 5, (test,)),
        ),
        representation=(
            Representation("sex", Text("sex.label", "Sex"), 100, 10, (women,), 0.2, "Census", 2020),
        ),
        weighting=None,
        equity=Equity((again,)),
        notices=(),
    )
    protection = Protection(10, 5, 1, number, results.at, audited=True)
    return Publication(
        results, ("en",), protection, began=date(2026, 3, 1), organiser=Organiser("School board")
    )


async def released(engine: AsyncEngine, *publications: Publication) -> None:
    """Store publications as releases of the garden's consultation, numbered from 1."""
    book = [Entry("grows", "text", "What do you grow?", "", "", "")]
    for number, one in enumerate(publications, 1):
        assert one.protection is not None
        numbered = replace(one, protection=replace(one.protection, release=number))
        listed = Listed("garden", number, one.moment, 10, 5)
        whole = Stored(listed, msgspec.json.encode(numbered).decode(), msgspec.json.encode(book).decode())
        await publish(engine, whole, "[]")
