"""What is published: cells, the tables they stand in, what is known to relate them, and a release of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import DisclosureError

ANSWERED = "*"
"""Stands for any answer to an item; no choice has this name."""
NOT_STATED = "?"
"""The group of those who are in none; no choice has this name."""

LEAST_THRESHOLD = 5


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """The people whom a count counts: those for whom every condition holds; without conditions, everybody.

    A condition is an item or a variable with a value: `("water", "river")`, `("water", ANSWERED)`,
    `("language", "sw")`. Two tables that count the same people by that name the same cell, which is how the audit sees
    them together: the groups of a breakdown by `gender` are the choices of the question `gender`.

    >>> Cell.of(("water", "river"), ("region", "north")) == Cell.of(("region", "north"), ("water", "river"))
    True
    >>> str(Cell.of(("water", ANSWERED), ("region", "north")))
    'region: north, water: any answer'
    """

    conditions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, *conditions: tuple[str, str]) -> "Cell":
        return cls(tuple(sorted(conditions)))

    @property
    def precision(self) -> int:
        """Return how many conditions name one value: two in the body of a table, one or none in its margins."""
        return sum(value != ANSWERED for _, value in self.conditions)

    def __str__(self) -> str:
        said = (f"{name}: {'any answer' if value == ANSWERED else value}" for name, value in self.conditions)
        return ", ".join(said) or "everybody"


EVERYBODY = Cell()


MeanOf = tuple[str, str, str]
"""What a mean is of: an item, a variable and its group; the last two are "" for all."""


class Parts(StrEnum):
    """How those whom a whole counts are spread over its parts."""

    ONE = "one"
    """Each is in one part: the parts sum to the whole."""
    SOME = "some"
    """Each is in one part or more, as with a `select_multiple` that was answered."""
    ANY = "any"
    """Each may be in several or in none: no part is larger than the whole, and no more is known."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What whoever reads the tables knows of them without being told."""

    whole: Cell
    parts: tuple[Cell, ...]
    how: Parts


@dataclass(frozen=True, slots=True)
class Table:
    """The counts of one item by the groups of one variable, with all margins.

    `counts` has true counts by (choice, group), "" for all of either: `("", "")` is how many answered the item,
    `("river", "")` how many chose it, `("", "north")` how many of a group answered. What is not in it is 0. The groups
    are all there are, "not stated" among them where somebody may be in none; else `grouped` is `Parts.ANY`.

    Without a variable it is one column. Without an item it counts those who took part: `counts` has `("", group)`.
    `of_people` is false where somebody can be counted twice (an item that repeats): no count of people bounds it.
    """

    item: str
    choices: tuple[str, ...]
    counts: Mapping[tuple[str, str], int] = field(repr=False)
    chosen: Parts = Parts.ONE
    variable: str = ""
    groups: tuple[str, ...] = ()
    grouped: Parts = Parts.ONE
    of_people: bool = True

    def cell(self, choice: str = "", group: str = "") -> Cell:
        """Return the cell of a choice in a group, "" for all of either."""
        asked = [(self.item, choice or ANSWERED)] if self.item else []
        return Cell.of(*asked, *([(self.variable, group)] if group else []))

    def cells(self) -> Iterable[tuple[Cell, int]]:
        """Return every cell with its true count."""
        for group in ("", *self.groups):
            for choice in ("", *self.choices):
                yield self.cell(choice, group), self.counts.get((choice, group), 0)

    def relations(self) -> Iterable[Relation]:
        """Return how the cells are related within the table."""
        if self.choices:
            for group in ("", *self.groups):
                parts = tuple(self.cell(choice, group) for choice in self.choices)
                yield Relation(self.cell("", group), parts, self.chosen)
        if self.groups:
            for choice in ("", *self.choices):
                parts = tuple(self.cell(choice, group) for group in self.groups)
                yield Relation(self.cell(choice), parts, self.grouped)


@dataclass(frozen=True, slots=True)
class Tally:
    """True counts that stand in no table of an item by groups, and what is known to relate them.

    `course` are those of them that tell how interviews went and nothing that anybody answered. `unseen` are those that
    stand in no table, and that readers reckon with all the same: how many said nothing of themselves is the rest.
    `somebody` are those of which it is known that they are not nought, `nobody` those, of any table, that are.
    """

    counts: Mapping[Cell, int] = field(repr=False)
    known: tuple[Relation, ...] = ()
    course: frozenset[Cell] = frozenset()
    unseen: frozenset[Cell] = frozenset()
    somebody: frozenset[Cell] = frozenset()
    nobody: frozenset[Cell] = frozenset()

    def cells(self) -> Iterable[tuple[Cell, int]]:
        return self.counts.items()

    def relations(self) -> Iterable[Relation]:
        return self.known


@dataclass(frozen=True, slots=True)
class Rule:
    """What an organiser has chosen: counts below `threshold` are withheld, others rounded to a multiple of `rounding`.

    Withholding below 10 and rounding to 5 is the "10-5 rule" that the Office for National Statistics compares among
    others (Comparison of post-tabular statistical disclosure control methods); the UK LLC's user guide counts 0 among
    the counts below 10, as here.

    Raises:
        DisclosureError: the threshold is below 5, or the rounding not within 1 (none) and the threshold.
    """

    threshold: int = 10
    rounding: int = 5

    def __post_init__(self) -> None:
        if self.threshold < LEAST_THRESHOLD:
            raise DisclosureError(
                f"a threshold of {self.threshold} does not protect people; write {LEAST_THRESHOLD} or more"
            )
        if not 1 <= self.rounding <= self.threshold:
            raise DisclosureError(
                f"counts cannot be rounded to {self.rounding}; write 1 (not at all) to {self.threshold}"
            )

    def published(self, count: int) -> int:
        """Return a count as it is shown: the same count always alike, so that there is no noise to average out.

        >>> [Rule().published(count) for count in (12, 13, 17, 18)]
        [10, 15, 15, 20]
        """
        return (count + self.rounding // 2) // self.rounding * self.rounding

    def possible(self, shown: int | None) -> tuple[int, int | None]:
        """Return the least and most that a shown count (None: withheld) can stand for; None where nothing bounds it.

        Whoever reads it knows this rule: a 10 is 10 to 12, because 8 and 9 would have been withheld. A 5 is not shown
        by this rule; where it is all the same, it is what rounding makes 5 of.

        >>> Rule().possible(10), Rule().possible(20), Rule().possible(5), Rule().possible(None)
        ((10, 12), (18, 22), (3, 7), (0, None))
        """
        if shown is None:
            return 0, None
        least = max(0, shown - self.rounding // 2)
        most = shown - self.rounding // 2 + self.rounding - 1
        return (least if most < self.threshold else max(self.threshold, least)), most

    @property
    def values_left(self) -> int:
        """Return how many values a small count that is withheld has to be possible: as many as "below 10" leaves."""
        return self.threshold

    @property
    def changes_left(self) -> int:
        """Return how many values a small change between two releases has to be possible.

        Two releases that show 10 leave three (10 to 12 each time, never fewer than before), and more could not be asked
        of them. Without rounding it is two, so that a small change is never known.
        """
        return max(2, self.rounding // 2 + 1)


@dataclass(frozen=True, slots=True)
class Release:
    """What is published at one time: every cell with its rounded count, or None where it is withheld.

    `course` are cells of how interviews went (how they ended, why an answer is missing). Small ones are not shown, and
    what is shown of them counts among what readers know; but no other count is withheld to hide them. `somebody` are
    cells that readers know to hold somebody, `nobody` those that they know to hold nobody, shown or not: the
    consultation file says who is asked what. To hide these would hide nothing.

    `changed` is how many people were erased, or had an answer of theirs changed, between this release and the next: by
    so many can a count fall. Nothing in a release is secret, so it can be kept beside the report and given to the next
    audit.
    """

    name: str
    rule: Rule
    relations: tuple[Relation, ...]
    counts: Mapping[Cell, int | None]
    changed: int = 0
    course: frozenset[Cell] = frozenset()
    means: Mapping[MeanOf, str] | None = field(default_factory=dict)
    somebody: frozenset[Cell] = frozenset()
    nobody: frozenset[Cell] = frozenset()

    def possible(self, cell: Cell) -> tuple[int, int | None]:
        """Return the least and most that a count can be, by what is shown of it alone."""
        if cell in self.nobody:
            return 0, 0
        least, most = self.rule.possible(self.counts[cell])
        return (max(least, 1) if cell in self.somebody else least), most

    def is_shown(self, *cells: Cell) -> bool:
        """Return whether all of these cells are shown.

        Shares, means, medians, intervals and tests go with the counts they are computed from.
        """
        return all(self.counts.get(cell) is not None for cell in cells)

    def share(self, cell: Cell, of: Cell) -> float | None:
        """Return a share from the counts as they are shown, 0 to 1; None where one of them is withheld.

        A share of true counts would give them away: 43.24 % of "35" is 16 of 37 and nothing else.
        """
        part, whole = self.counts.get(cell), self.counts.get(of)
        return None if part is None or whole is None else min(1.0, part / whole)
