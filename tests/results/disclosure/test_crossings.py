"""What three tables tell together that no two of them tell."""

from dataclasses import replace

from bot.results.disclosure import EVERYBODY, Cell, Parts, Release, Rule, Table, audit
from bot.results.disclosure.crossings import crossings
from bot.results.disclosure.linking import link

EXACT = Rule(threshold=10, rounding=1)


def table(item: str, variable: str, both: int, item_alone: int, variable_alone: int, neither: int) -> Table:
    body = {
        ("yes", "yes"): both,
        ("yes", "no"): item_alone,
        ("no", "yes"): variable_alone,
        ("no", "no"): neither,
    }
    counts = dict(body)
    for one in ("yes", "no"):
        counts[one, ""] = body[one, "yes"] + body[one, "no"]
        counts["", one] = body["yes", one] + body["no", one]
    counts["", ""] = sum(body.values())
    return Table(item, ("yes", "no"), counts, variable=variable, groups=("yes", "no"))


# Whoever farms has land; whoever fishes has none. So nobody does both, and others have land or not.
FARMS_FISHES = table("farms", "fishes", 0, 20, 20, 40)
FARMS_LAND = table("farms", "land", 20, 0, 20, 40)
FISHES_LAND = table("fishes", "land", 0, 20, 40, 20)
TOOK_PART = Table(
    "", (), {("", ""): 80, ("", "yes"): 40, ("", "no"): 40}, variable="land", groups=("yes", "no")
)
BOTH = FARMS_FISHES.cell("yes", "yes")
HARDLY_ANYBODY = frozenset({FARMS_LAND.cell("yes", "no"), FISHES_LAND.cell("yes", "yes")})


def withheld(*tables: Table) -> Release:
    """Return a release that shows the margins alone."""
    counts, relations = link([*tables, TOOK_PART])
    shown = {
        cell: None if len(cell.conditions) == 2 and "*" not in str(cell.conditions) else count
        for cell, count in counts.items()
    }
    return Release("now", EXACT, relations, shown)


def test_what_nobody_can_be_follows_from_two_other_tables() -> None:
    here = replace(withheld(FARMS_FISHES, FARMS_LAND, FISHES_LAND), nobody=HARDLY_ANYBODY)
    leaks = {one.cell: (one.range.low, one.range.high) for one in audit([here]).leaks}
    assert leaks[BOTH] == (0, 0)


def test_it_does_not_where_nothing_is_known_of_them() -> None:
    assert audit([withheld(FARMS_FISHES, FARMS_LAND, FISHES_LAND)]).passed


def test_two_of_the_three_tables_tell_nothing() -> None:
    here = replace(
        withheld(FARMS_FISHES, FARMS_LAND), nobody=HARDLY_ANYBODY & withheld(FARMS_LAND).counts.keys()
    )
    assert BOTH not in {one.cell for one in audit([here]).leaks}
    assert list(crossings(here)) == []


def test_a_crossing_has_everybody_once() -> None:
    (crossing,) = crossings(withheld(FARMS_FISHES, FARMS_LAND, FISHES_LAND))
    assert crossing.names == ("farms", "fishes", "land")
    # Somebody may have left out the first two; of land it is known that nobody has.
    assert [[kind.name for kind in one] for one in crossing.splits] == [["no", "yes", "?"]] * 2 + [
        ["no", "yes"]
    ]
    assert len(crossing.factors(EVERYBODY)) == 18
    assert len(crossing.factors(Cell.of(("farms", "*")))) == 12
    assert len(crossing.factors(BOTH)) == 2
    assert not crossing.counts(Cell.of(("farms", "yes"), ("region", "north")))


def test_who_can_give_several_answers_is_split_by_each_of_them() -> None:
    tables = [
        replace(one, chosen=Parts.SOME) if one.item == "farms" else one
        for one in (FARMS_FISHES, FARMS_LAND, FISHES_LAND)
    ]
    found = list(crossings(withheld(*tables)))
    assert [[kind.name for kind in one.splits[0]] for one in found] == [["no", "*", "?"], ["yes", "*", "?"]]
