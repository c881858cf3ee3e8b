"""What a release shows: small counts withheld, others rounded, and as many more withheld as it takes to hide those.

Zero is a small count too: that nobody of a group chose something tells of everybody in the group. Where all of a group
chose the same, all other counts of the group are so narrowed down by it that it is withheld with them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from bot.errors import DisclosureError
from bot.results.disclosure.auditing import questions
from bot.results.disclosure.bounds import Fillings, Question, ranges
from bot.results.disclosure.crossings import Across
from bot.results.disclosure.linking import link, unseen
from bot.results.disclosure.programs import HOPS, around, bounded, cut, filling_of, least
from bot.results.disclosure.records import EVERYBODY, Cell, Release, Rule, Table, Tally
from bot.results.disclosure.system import Numbers, System, known_of, showing, system_of


def withhold(
    name: str, tables: Sequence[Table | Tally], rule: Rule, earlier: Sequence[Release] = ()
) -> Release:
    """Return a release of all tables of a report that passes its audit together with earlier ones, the oldest first.

    Beside the counts below the threshold it withholds others by and by: for each leak, of the shown counts that the
    leak rests on, one in the body of a table before one in a margin, and the one that tells of the fewest people before
    others. So it withholds little, and not always the least.

    Raises:
        DisclosureError: the tables do not hold together, or earlier releases tell too much by themselves.
    """
    counts, relations = link(tables)
    nowhere = unseen(tables)
    shown = {
        cell: None if count < rule.threshold or cell in nowhere else rule.published(count)
        for cell, count in counts.items()
    }
    course = frozenset(cell for one in tables if isinstance(one, Tally) for cell in one.course)
    somebody = frozenset(cell for one in tables if isinstance(one, Tally) for cell in one.somebody)
    nobody = frozenset(cell for one in tables if isinstance(one, Tally) for cell in one.nobody)
    release = Release(name, rule, relations, shown, course=course, somebody=somebody, nobody=nobody)
    releases = (*earlier, release)
    system, fillings, across = system_of(releases), Fillings(), Across(releases)
    base = filling_of(bounded(system)[0], known_of(system, counts)) if earlier else None
    # What was shown to be safe stays so: withholding more takes no filling away.
    while causes := _leaks(system, releases, fillings, base, across):
        for cell in _fewest(causes, counts):
            shown[cell] = None
        releases = (*earlier, replace(releases[-1], counts=dict(shown)))
        system = showing(system, releases)
    return releases[-1]


def reconciled(
    tables: Sequence[Table | Tally], rule: Rule, earlier: Sequence[Release]
) -> tuple[Release, ...]:
    """Return earlier releases with the fewest people taken to have been erased, or to have changed an answer, since the
    last of them that fit what is true now.

    Fewer is the more careful: readers who take counts only to rise find out most. Where that cannot be, it is not.
    """
    if not earlier:
        return ()
    counts, relations = link(tables)
    now = Release("now", rule, relations, dict.fromkeys(counts))

    def since(changed: int) -> tuple[Release, ...]:
        return (*earlier[:-1], replace(earlier[-1], changed=changed))

    def fits(changed: int) -> bool:
        system = system_of((*since(changed), now))
        try:
            filling_of(bounded(system)[0], known_of(system, counts))
        except DisclosureError:
            return False
        return True

    few, many = -1, 0
    while not fits(many):
        few, many = many, 2 * many + 1
    while many - few > 1:
        between = (few + many) // 2
        few, many = (few, between) if fits(between) else (between, many)
    return since(many)


def _leaks(
    system: System, releases: Sequence[Release], fillings: Fillings, base: Numbers | None, across: Across
) -> list[set[Cell]]:
    """Return, for each leak, the shown counts of the newest release that it rests on.

    What three breakdowns tell together is looked at once no two of them tell anything.
    """
    asked, (capped, _) = questions(releases, system), bounded(system)
    found = ranges(system, asked, fillings, base, roughly=True)
    leaking = {
        one: partial(_around, capped, one) for one, told in zip(asked, found, strict=True) if not told.is_safe
    } or {one.question: partial(across.around, capped, one) for one in across.leaks(system, asked)}
    causes = [_causes(releases, *one) for one in leaking.items()]
    for question, cells in zip(leaking, causes, strict=True):
        if not cells:
            term = system.terms[question.unknown]
            raise DisclosureError(
                f"what was published before tells too much of '{term.cell}' as it is; "
                "publish when more people have answered, or without what tells it"
            )
    return causes


def _around(system: System, question: Question, hops: int | None) -> tuple[System, Question]:
    """Return what so many rows lead to from a question, with it in its place there; all there is where that is None."""
    unknowns = np.arange(len(system.terms)) if hops is None else around(system, question.unknowns, hops)
    return cut(system, unknowns), question.within(unknowns)


def _causes(
    releases: Sequence[Release], question: Question, near: Callable[[int | None], tuple[System, Question]]
) -> set[Cell]:
    """Return the counts of the newest release of which at least one must not be shown, lest it leak.

    They are those whose bounds hold the least or the most where it is (they have a dual price in linear programming).
    Rows far away are rarely needed to prove it, and a program over a few rows is quick.
    """
    for hops in (*HOPS, None):
        system, here = near(hops)
        ends = [least(system, sign * here.factors(len(system.terms))) for sign in (1.0, -1.0)]
        if not here.is_safe(*(here.of(end.filling) for end in ends)):
            break
    newest = len(releases) - 1
    terms = {system.terms[one] for end in ends for one in end.binding}
    return {
        term.cell
        for term in terms
        if term.release == newest and releases[newest].counts.get(term.cell) is not None
    }


def _fewest(causes: Sequence[set[Cell]], counts: Mapping[Cell, int]) -> Iterator[Cell]:
    """Yield cells, at least one of each set, one that serves many sets before one that serves few."""
    left = list(causes)
    while left:
        serves = Counter(cell for cells in left for cell in cells)
        best = min(
            serves,
            # How many took part is what all else is read by: it goes when nothing else helps.
            key=lambda cell: (cell == EVERYBODY, -cell.precision, counts[cell] / serves[cell], cell),
        )
        yield best
        left = [cells for cells in left if best not in cells]
