"""All tables of a report as one: which cells they share, how they are related, whether their counts hold together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.errors import DisclosureError
from bot.results.disclosure.records import ANSWERED, EVERYBODY, Cell, Parts, Relation, Table, Tally


def link(tables: Sequence[Table | Tally]) -> tuple[dict[Cell, int], tuple[Relation, ...]]:
    """Return the true count of every cell, and every relation between them once.

    Beside what a table says itself, whoever answered an item took part, in each group as over all.

    Raises:
        DisclosureError: two tables count the same people differently, or parts do not come to their whole.
    """
    counts = dict(_counts(tables))
    relations = tuple(dict.fromkeys([*_within(tables), *_nesting(tables, counts)]))
    for relation in relations:
        _check(relation, counts)
    return counts, relations


def unseen(tables: Sequence[Table | Tally]) -> frozenset[Cell]:
    """Return the cells that no table shows, however large they are."""
    found = {cell for one in tables if isinstance(one, Tally) for cell in one.unseen}
    seen = (
        cell
        for one in tables
        for cell, _ in one.cells()
        if not isinstance(one, Tally) or cell not in one.unseen
    )
    return frozenset(found.difference(seen))


def _counts(tables: Sequence[Table | Tally]) -> Iterator[tuple[Cell, int]]:
    seen: dict[Cell, int] = {}
    for table in tables:
        if isinstance(table, Table) and table.item and table.item == table.variable:
            raise DisclosureError(f"'{table.item}' is broken down by itself; leave that table out")
        for cell, count in table.cells():
            if count < 0 or seen.setdefault(cell, count) != count:
                raise DisclosureError(f"two tables count differently ({cell}); count both from one dataset")
            yield cell, count


def _within(tables: Sequence[Table | Tally]) -> Iterator[Relation]:
    for table in tables:
        yield from table.relations()


def _nesting(tables: Sequence[Table | Tally], counts: Mapping[Cell, int]) -> Iterator[Relation]:
    for table in tables:
        if isinstance(table, Tally) or not table.of_people:
            continue
        for cell, _ in table.cells():
            for outer in _around(cell):
                if outer in counts:
                    yield Relation(outer, (cell,), Parts.ANY)


def _around(cell: Cell) -> Iterable[Cell]:
    """Return the cells that hold everybody of this one: a condition less, or any answer where it names one."""
    if not cell.conditions:
        return
    for name, value in cell.conditions:
        rest = [one for one in cell.conditions if one[0] != name]
        if value == ANSWERED:
            yield Cell.of(*rest)
    if cell.precision == len(cell.conditions) == 1:
        yield EVERYBODY


def _check(relation: Relation, counts: Mapping[Cell, int]) -> None:
    whole, parts = counts[relation.whole], [counts[part] for part in relation.parts]
    holds = max(parts) <= whole
    if relation.how is Parts.ONE:
        holds = sum(parts) == whole
    elif relation.how is Parts.SOME:
        holds = holds and sum(parts) >= whole
    if not holds:
        raise DisclosureError(
            f"the parts of '{relation.whole}' do not come to it; is a group or a choice left out of a table?"
        )
