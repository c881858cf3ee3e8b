"""Every count of results that may be shown, as the tables and tallies that disclosure control looks at together."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.questionnaire import ItemType
from bot.results.disclosure.records import EVERYBODY, NOT_STATED, Cell, Parts, Relation, Table, Tally
from bot.results.publication.cells import (
    Passing,
    answered,
    chose,
    named,
    placed,
    unnamed,
)
from bot.results.publication.membership import membership
from bot.results.publication.sums import Sums
from bot.results.publication.turnout_tables import equity, nowhere, participation
from bot.results.records.breakdowns import Breakdown
from bot.results.records.figures import Count, exact
from bot.results.records.items import Bin, DateBin, ItemResult, Reason
from bot.results.records.representation import Representation
from bot.results.records.results import Results

NOT_REACHED = (Reason.NOT_REACHED, Reason.NOT_ASKED)
"""Who was not asked."""


def tables_of(results: Results, release: str, sums: Sums) -> list[Table | Tally]:
    """Return the tables of results that are not withheld yet, for a release of that name."""
    passing = Passing(release)
    found: list[Table | Tally] = [
        *participation(results.participation, passing),
        *equity(results, passing),
        *map(_representation, results.representation),
    ]
    for item in results.items:
        found += _item(item, passing, exact(results.consented))
        if not is_banded(results, item.name):
            found += _distribution(item)
    groups = groups_of(results)
    found += membership(results, groups, sums, passing)
    return found + [_breakdown(results, one, groups[one.variable]) for one in results.breakdowns]


def groups_of(results: Results) -> Mapping[str, tuple[str, ...]]:
    """Return all groups of each variable that results are broken down by, those that are nowhere in one item too."""
    found: dict[str, dict[str, None]] = {}
    choices = {item.name: [one.name for one in item.choices] for item in results.items}
    for one in results.breakdowns:
        names = [group.name for group in one.groups]
        found.setdefault(one.variable, dict.fromkeys(choices.get(one.variable, ()))).update(
            dict.fromkeys(names)
        )
    return {variable: tuple(names) for variable, names in found.items()}


def is_banded(results: Results, item: str) -> bool:
    """Return whether numbers are groups elsewhere: two ways to cut them give away what lies between the cuts."""
    variables = {one.variable for one in results.breakdowns} | {
        one.variable for one in results.representation
    }
    return item in variables and results.item(item).numbers is not None


def bin_name(one: Bin | DateBin) -> str:
    return one.start.isoformat() if isinstance(one, DateBin) else f"{one.low:g} to {one.high:g}"


def _item(item: ItemResult, passing: Passing, everybody: int) -> Iterator[Table | Tally]:
    base = item.base
    given = answered(item.name)
    missing = {passing.missing(item.name, reason): exact(base.missing.get(reason, 0)) for reason in Reason}

    def but(*reasons: Reason) -> tuple[Cell, ...]:
        return (given, *(passing.missing(item.name, one) for one in Reason if one not in reasons))

    asked, reached = passing.asked(item.name), passing.reached(item.name)
    at_it = exact(base.missing.get(Reason.WAITING, 0))
    whole = passing.rounds(item.name) if item.repeated else EVERYBODY
    known = [
        Relation(whole, but(), Parts.ONE),
        Relation(asked, but(*NOT_REACHED), Parts.ONE),
        Relation(reached, but(*NOT_REACHED, Reason.WAITING), Parts.ONE),
    ]
    counts = {
        whole: exact(base.consented),
        asked: exact(base.asked),
        reached: exact(base.asked) - at_it,
        given: exact(base.answered),
        **missing,
    }
    if item.repeated and everybody:
        # So many rounds a person: whoever knows how many people there were knows the rounds.
        rounds = [passing.rounds(item.name, one + 1) for one in range(exact(base.consented) // everybody)]
        counts |= {EVERYBODY: everybody, **dict.fromkeys(rounds, everybody)}
        known += [Relation(one, (EVERYBODY,), Parts.ONE) for one in rounds]
        known.append(Relation(whole, tuple(rounds), Parts.ONE))
    ranked = {placed(item.name, choice.name): exact(choice.placed) for choice in item.ranking}
    counts |= ranked
    known += [Relation(given, (one,), Parts.ANY) for one in ranked]
    # Whoever put an option first gave it a place.
    known += [
        Relation(placed(item.name, one.name), (chose(item.name, one.name),), Parts.ANY)
        for one in item.ranking
    ]
    yield Tally(counts, tuple(known), course=frozenset(counts) - {given, EVERYBODY, *ranked})
    options = _options(item)
    if options:
        rows = {"": options}
        yield Table(
            item.name,
            tuple(options),
            {("", ""): exact(base.answered), **{(name, ""): many for name, many in options.items()}},
            chosen=_how(item.type, rows, {"": exact(base.answered)}),
            of_people=not item.repeated,
        )


def _options(item: ItemResult) -> dict[str, int]:
    if item.ranking:
        return {one.name: exact(one.first.count) for one in item.ranking}
    return {one.name: exact(one.taken.count) for one in item.choices}


def _distribution(item: ItemResult) -> Iterator[Tally]:
    bins: dict[str, Count] = {}
    if item.numbers is not None:
        bins = {bin_name(one): one.count for one in item.numbers.bins}
    elif item.dates is not None:
        bins = {bin_name(one): one.count for one in item.dates.bins}
    elif item.times is not None:
        bins = {f"{hour}:00": one for hour, one in enumerate(item.times.hours)}
    if bins:
        cells = {Cell.of((item.name, name)): exact(count) for name, count in bins.items()}
        whole = answered(item.name)
        yield Tally({**cells, whole: exact(item.base.answered)}, (Relation(whole, tuple(cells), Parts.ONE),))


def _breakdown(results: Results, breakdown: Breakdown, groups: Sequence[str]) -> Table:
    item = results.item(breakdown.item)
    others = nowhere(results, breakdown.variable)
    every = [*(one.name for one in breakdown.groups), *others]
    options = list(_options(item))
    rows = {
        group.name: {one.name: exact(one.taken.count) for one in group.choices} for group in breakdown.groups
    }
    sizes = {group.name: exact(group.n) for group in breakdown.groups}
    if others:
        sizes[NOT_STATED] = exact(breakdown.not_stated)
    if options and others:
        rows[NOT_STATED] = {
            name: many - sum(row.get(name, 0) for row in rows.values())
            for name, many in _options(item).items()
        }
    counts = {(name, group): many for group, row in rows.items() for name, many in row.items()}
    counts |= {("", group): sizes[group] for group in every}
    counts |= {(name, ""): many for name, many in _options(item).items()}
    counts["", ""] = exact(item.base.answered)
    return Table(
        item.name,
        tuple(options),
        counts,
        chosen=_how(item.type, {"": _options(item), **rows}, {"": counts["", ""], **sizes}),
        variable=breakdown.variable,
        groups=(*groups, *others),
        of_people=not item.repeated,
    )


def _how(kind: ItemType, rows: Mapping[str, Mapping[str, int]], sizes: Mapping[str, int]) -> Parts:
    """Return how answers are spread over choices: of several each has one at least, or not even that."""
    sums = {group: sum(row.values()) for group, row in rows.items()}
    if kind is not ItemType.SELECT_MULTIPLE and all(sums[group] == sizes[group] for group in rows):
        return Parts.ONE
    return Parts.SOME if all(sums[group] >= sizes[group] for group in rows) else Parts.ANY


def _representation(told: Representation) -> Tally:
    cells = {Cell.of((told.variable, one.name)): exact(one.heard.count) for one in told.groups}
    of_it, others = named(told.variable), unnamed(told.variable)
    stated, not_stated = exact(told.stated), exact(told.not_stated)
    counts = {**cells, of_it: stated, others: not_stated, EVERYBODY: stated + not_stated}
    return Tally(
        counts,
        (
            Relation(EVERYBODY, (of_it, others), Parts.ONE),
            *([Relation(of_it, tuple(cells), Parts.ONE)] if cells else []),
        ),
        course=frozenset({of_it, others}),
    )
