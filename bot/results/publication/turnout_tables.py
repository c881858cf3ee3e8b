"""How interviews went and how each group fared, as tallies of interviews by what everybody is of."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.disposition import Disposition
from bot.core.groups import ASSISTED, CHANNEL, LANGUAGE, SOURCE
from bot.results.disclosure.records import NOT_STATED, Cell, Parts, Relation, Tally
from bot.results.participation import OUTSIDE
from bot.results.publication.cells import Passing, Where, answered, consented, started
from bot.results.records.equity import EquityRate, Measure
from bot.results.records.figures import Share, exact
from bot.results.records.items import Reason
from bot.results.records.participation import GroupTurnout, Participation, Turnout
from bot.results.records.results import Results

OVER, CAME, BEGUN, LEFT_EARLY = "over", "complete or partial", "begun", "partial or broken off"
"""Sums of outcomes that rates are made of."""
CONSENTED_AND_ENDED, ENDED = "consented and ended", "ended"
MANY = 30
"""Of fewer people it is not told that all of them have said something."""
SILENT = (Reason.NOT_REACHED, Reason.NOT_ASKED, Reason.WAITING, Reason.LEFT)
"""Why there is no answer of those from whom nothing came back."""
SUMS = {
    OVER: tuple(one for one in Disposition if one not in OUTSIDE),
    ENDED: tuple(one for one in Disposition if one is not Disposition.IN_PROGRESS),
    CAME: (Disposition.COMPLETE, Disposition.PARTIAL),
    BEGUN: (Disposition.COMPLETE, Disposition.PARTIAL, Disposition.BREAK_OFF),
    LEFT_EARLY: (Disposition.PARTIAL, Disposition.BREAK_OFF),
}


def participation(told: Participation, passing: Passing) -> Iterator[Tally]:
    """Yield what became of interviews, in all and by each variable."""
    whole = _turnout(told.turnout, passing, None)
    yield whole
    for variable, groups in groups_of(told).items():
        parts = [_turnout(one.turnout, passing, where(variable, one)) for one in groups]
        yield from parts
        if parts:
            yield Tally({}, tuple(_sums(whole, parts)))
    if told.duration is not None:
        complete = passing.outcome(Disposition.COMPLETE)
        timed = passing.interviews("complete, timed")
        known = Relation(complete, (timed,), Parts.ANY)
        yield Tally({timed: exact(told.duration.n)}, (known,), course=frozenset({timed}))


def groups_of(told: Participation) -> Mapping[str, tuple[GroupTurnout, ...]]:
    """Return how interviews went in each group, by variable."""
    return {
        **{CHANNEL: told.by_channel, LANGUAGE: told.by_language},
        **{SOURCE: told.by_source, ASSISTED: told.by_help},
    }


def nowhere(results: Results, variable: str) -> tuple[str, ...]:
    """Return the group of those who are in none, as one or none: whoever writes has a channel, and readers know it.

    Where everybody has said what they are, there is no such group, and readers are told so.
    """
    told = groups_of(results.participation)
    if variable in told:
        return (NOT_STATED,) if any(not one.name for one in told[variable]) else ()
    are_all = exact(results.consented) >= MANY and not unstated(results, variable)
    return () if are_all and not any(_not_stated(results, variable)) else (NOT_STATED,)


def unstated(results: Results, variable: str) -> int:
    """Return how many are in no group of an item."""
    item = results.item(variable)
    chosen = sum(exact(one.taken.count) for one in item.choices)
    return exact(results.consented) - (exact(item.base.answered) if item.numbers is not None else chosen)


def _not_stated(results: Results, variable: str) -> Iterator[int]:
    for one in results.breakdowns:
        if one.variable == variable:
            yield exact(one.not_stated)


def where(variable: str, group: GroupTurnout) -> tuple[str, str]:
    return variable, group.name or NOT_STATED


def _sums(whole: Tally, parts: Sequence[Tally]) -> Iterator[Relation]:
    """Yield that each count of all is the sum of those of the groups: they are in one order."""
    for cells in zip(whole.counts, *(one.counts for one in parts), strict=True):
        yield Relation(cells[0], cells[1:], Parts.ONE)


def _turnout(told: Turnout, passing: Passing, group: Where) -> Tally:
    counts: dict[Cell, int] = {started(group): exact(told.started), consented(group): exact(told.consented)}
    counts |= {passing.outcome(one, group): exact(told.count(one)) for one in Disposition}
    known = [
        Relation(started(group), tuple(passing.outcome(one, group) for one in Disposition), Parts.ONE),
        Relation(started(group), (consented(group),), Parts.ANY),
    ]
    for name, dispositions in SUMS.items():
        whole = passing.interviews(name, group)
        counts[whole] = sum(exact(told.count(one)) for one in dispositions)
        known.append(Relation(whole, tuple(passing.outcome(one, group) for one in dispositions), Parts.ONE))
    begun, otherwise = passing.interviews(BEGUN, group), passing.interviews("consented only", group)
    counts[otherwise] = exact(told.consented) - counts[begun]
    known.append(Relation(consented(group), (begun, otherwise), Parts.ONE))
    return Tally(counts, tuple(known), course=frozenset(counts) - {consented(group)})


# --- how each group fared


def share_cells(rate: EquityRate, passing: Passing, group: Where) -> tuple[Cell, Cell]:
    """Return the cells that a rate is made of: how many it happened to, of how many."""
    match rate.measure:
        case Measure.CONSENT:
            return passing.interviews(CONSENTED_AND_ENDED, group), passing.interviews(ENDED, group)
        case Measure.BREAK_OFF:
            return passing.outcome(Disposition.BREAK_OFF, group), passing.interviews(BEGUN, group)
        case Measure.OPT_OUT:
            return passing.interviews("stopped", group), consented(group)
        case Measure.ASK_AGAIN:
            return (
                passing.rate(rate.measure, rate.item, "events", group),
                passing.rate(rate.measure, rate.item, "chances", group),
            )


def counts_questions(rate: EquityRate) -> bool:
    """Return whether a rate is of all questions: so many a person, so that their number would tell that of people."""
    return rate.measure is Measure.ASK_AGAIN and rate.item is None


def equity(results: Results, passing: Passing) -> Iterator[Tally]:
    """Yield the counts of each rate, with how they hang together with outcomes."""
    for rate in results.equity.rates:
        if counts_questions(rate):
            continue
        yield _rate(rate.overall, rate, passing, None)
        if rate.item is not None:
            yield Tally({}, (_had_chance(rate, rate.item, passing),))
        for one in rate.groups:
            yield _rate(one.rate, rate, passing, (rate.variable, one.name))
        is_answered = any(
            (one.item, one.variable) == (rate.item, rate.variable) for one in results.breakdowns
        )
        others = nowhere(results, rate.variable)
        yield from _by_group(rate, others, passing, rate.item if is_answered else None)


def _had_chance(rate: EquityRate, item: str, passing: Passing) -> Relation:
    """Return that to be asked again one has answered or said why not: whoever left at an item did neither."""
    told = [passing.missing(item, one) for one in Reason if one not in SILENT]
    return Relation(share_cells(rate, passing, None)[1], (answered(item), *told), Parts.ONE)


def _rate(share: Share, rate: EquityRate, passing: Passing, group: Where) -> Tally:
    events, chances = share_cells(rate, passing, group)
    known = [Relation(chances, (events,), Parts.ANY)]
    counts = {events: exact(share.count), chances: exact(share.base)}
    if rate.measure is Measure.CONSENT:
        begun = passing.interviews(BEGUN, group)
        known += [Relation(consented(group), (events,), Parts.ANY), Relation(events, (begun,), Parts.ANY)]
    if rate.measure is Measure.OPT_OUT:
        known.append(Relation(passing.interviews(LEFT_EARLY, group), (events,), Parts.ANY))
    return Tally(counts, tuple(known), course=frozenset(counts) - {consented(group)})


def _by_group(
    rate: EquityRate, others: tuple[str, ...], passing: Passing, item: str | None
) -> Iterator[Tally]:
    """Yield that groups, with those who are in none, come to all; and that who answered an item was asked it."""
    if not rate.groups:
        return
    counts: dict[Cell, int] = {}
    known: list[Relation] = []
    wheres = [(rate.variable, one.name) for one in rate.groups]
    last = [(rate.variable, one) for one in others]
    cells = [share_cells(rate, passing, one) for one in (None, *wheres, *last)]
    shares = [(exact(one.count), exact(one.base)) for one in (rate.overall, *(g.rate for g in rate.groups))]
    for place in (0, 1):
        whole, *parts = [one[place] for one in cells]
        known.append(Relation(whole, tuple(parts), Parts.ONE))
        if others:
            counts[parts[-1]] = shares[0][place] - sum(one[place] for one in shares[1:])
    if item is not None:
        known += [
            Relation(share_cells(rate, passing, one)[1], (answered(item, one),), Parts.ANY)
            for one in (None, *wheres)
        ]
    yield Tally(counts, tuple(known), course=frozenset(counts) - {consented(one) for one in last})
