"""How many are in each group of a variable, and in none: shown in no table of an item, and known from them all.

Everybody is in one group or in none. So whoever reads how many took part and how many said what they are knows how many
did not, and of whom every "not stated" beside an item is a part.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.results.disclosure.records import ANSWERED, EVERYBODY, NOT_STATED, Cell, Parts, Relation, Tally
from bot.results.publication.cells import Passing, answered, chose, consented
from bot.results.publication.sums import Sums
from bot.results.publication.turnout_tables import MANY, groups_of, nowhere
from bot.results.records.breakdowns import Breakdown
from bot.results.records.figures import exact
from bot.results.records.results import Results


def membership(
    results: Results, groups: Mapping[str, Sequence[str]], sums: Sums, passing: Passing
) -> Iterator[Tally]:
    """Yield who is in which group of each variable, and the rounds that those could have had.

    `groups` are all groups by variable. Of bands of numbers `sums` say how many are in each; without them, only how
    many are in none is known.
    """
    occurring = groups_of(results.participation)
    for variable, names in groups.items():
        broken_down = [one for one in results.breakdowns if one.variable == variable]
        sizes: dict[Cell, int] = {}
        if variable in occurring:
            told = {one.name or NOT_STATED: exact(one.turnout.consented) for one in occurring[variable]}
            sizes = {consented((variable, name)): count for name, count in told.items()}
        else:
            whole = _of_item(results, variable, names, sums, passing)
            yield whole
            sizes = dict(whole.counts)
            yield Tally({}, tuple(_unstated(results, broken_down, variable, passing)))
            if results.item(variable).numbers is not None:
                yield from _banded(results, variable, names)
        for one in broken_down:
            if results.item(one.item).repeated:
                yield from _rounds(results, one, names, sizes, passing)


def _of_item(results: Results, variable: str, names: Sequence[str], sums: Sums, passing: Passing) -> Tally:
    item, everybody = results.item(variable), exact(results.consented)
    given, rest = answered(variable), passing.unstated(variable)
    if item.numbers is None:
        chosen = {one.name: exact(one.taken.count) for one in item.choices}
        parts = {consented((variable, name)): chosen.get(name, 0) for name in names}
    else:
        # All bands, those of nobody too: readers know of them.
        parts = {
            consented((variable, name)): numbers.count
            for (of, by, name), numbers in sums.items()
            if (of, by) == (variable, variable) and name != NOT_STATED
        }
    if not parts:
        parts = {given: exact(item.base.answered)}
    stated = sum(parts.values())
    known_bands = {given, *(consented((variable, name)) for name in names)}
    others = {rest: everybody - stated} if nowhere(results, variable) or everybody > stated else {}
    known = [Relation(EVERYBODY, (*parts, *others), Parts.ONE)]
    if given not in parts and stated == exact(item.base.answered):
        known.append(Relation(given, tuple(parts), Parts.ONE))
    return Tally(
        {EVERYBODY: everybody, given: exact(item.base.answered), **parts, **others},
        tuple(known),
        # A band that nobody is in stands in no breakdown, so readers know it.
        course=frozenset(others) | {cell for cell in parts if cell not in known_bands},
        unseen=frozenset({*parts, *others}) - {given},
        # Were there nobody, it would be told.
        somebody=frozenset(others) if everybody >= MANY else frozenset(),
    )


def _unstated(
    results: Results, broken_down: Sequence[Breakdown], variable: str, passing: Passing
) -> Iterator[Relation]:
    for one in broken_down:
        if nowhere(results, variable) and not results.item(one.item).repeated:
            part = answered(one.item, (variable, NOT_STATED))
            yield Relation(passing.unstated(variable), (part,), Parts.ANY)


def _banded(results: Results, variable: str, names: Sequence[str]) -> Iterator[Tally]:
    """Yield that who gave a number is in one of its bands, in the groups of another variable too.

    Of a question with choices both tables count the same people; of numbers one has bands and the other only how many.
    """
    crossed = {one.item: one for one in results.breakdowns if one.variable == variable}
    for one in results.breakdowns_of(variable):
        by = one.variable
        if by not in crossed or results.item(by).repeated:
            continue
        sizes = {group.name: exact(group.n) for group in one.groups}
        other = results.item(by)
        if other.numbers is not None:
            both = Cell.of((variable, ANSWERED), (by, ANSWERED))
            count = sum(sizes.values())
            ways = (
                tuple(answered(variable, (by, group)) for group in sizes),
                tuple(answered(by, (variable, group.name)) for group in crossed[by].groups),
            )
            if count and count == sum(exact(group.n) for group in crossed[by].groups):
                known = tuple(Relation(both, parts, Parts.ONE) for parts in ways)
                yield Tally({both: count}, known, unseen=frozenset({both}))
            continue
        told = {group.name: group for group in crossed[by].groups}
        for choice in other.choices:
            parts = {
                name: next((exact(c.taken.count) for c in told[name].choices if c.name == choice.name), 0)
                if name in told
                else 0
                for name in names
            }
            if parts and sum(parts.values()) == sizes.get(choice.name, 0):
                cells = tuple(chose(by, choice.name, (variable, name)) for name in parts)
                yield Tally({}, (Relation(answered(variable, (by, choice.name)), cells, Parts.ONE),))


def _rounds(
    results: Results,
    breakdown: Breakdown,
    names: Sequence[str],
    sizes: Mapping[Cell, int],
    passing: Passing,
) -> Iterator[Tally]:
    """Yield the rounds that each group could have had: as many a person as there are."""
    everybody, variable, item = exact(results.consented), breakdown.variable, breakdown.item
    each = exact(results.item(item).base.consented) // everybody if everybody else 0
    for name in (*names, *nowhere(results, variable)):
        where = (variable, name)
        group = consented(where)
        if group not in sizes and name == NOT_STATED:
            group = passing.unstated(variable)
        if group not in sizes or not each:
            continue
        whole = passing.rounds(item, None, where)
        rounds = [passing.rounds(item, number + 1, where) for number in range(each)]
        counts = {whole: each * sizes[group], **dict.fromkeys(rounds, sizes[group])}
        yield Tally(
            counts,
            (
                *(Relation(one, (group,), Parts.ONE) for one in rounds),
                Relation(whole, tuple(rounds), Parts.ONE),
                Relation(whole, (answered(item, where),), Parts.ANY),
            ),
            course=frozenset(counts),
            unseen=frozenset(counts),
        )
