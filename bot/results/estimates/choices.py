"""What was chosen and how often: select_one, select_multiple and rank."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.questionnaire import Item, ItemType, Text
from bot.results.differences import LEAST_IN_GROUP, Seed, compare_counts
from bot.results.estimates.coding import Floats, Variable, codes, cross
from bot.results.estimates.rows import Asked, Rows
from bot.results.intervals import mean_interval, share_of, weighted_share
from bot.results.records.breakdowns import Comparison
from bot.results.records.figures import Estimate, Share, Weighted, exact
from bot.results.records.items import ChoiceResult, RankedChoice


@dataclass(frozen=True, slots=True)
class Option:
    """One response option, as results name it."""

    name: str
    label: Text


@dataclass(frozen=True, slots=True)
class Counted:
    """What each group of a variable chose: `answered` (groups), `taken` (groups, options), and the same in weights."""

    answered: Floats
    taken: Floats
    weights: Floats | None = None
    squares: Floats | None = None
    weighted: Floats | None = None

    def total(self) -> "Counted":
        """Return the same of all groups together, who is in none included."""
        return self._each(lambda part: part.sum(0, keepdims=True))

    def __add__(self, other: "Counted") -> "Counted":
        # Rounds have no weights: their answers are not people.
        return Counted(self.answered + other.answered, self.taken + other.taken)

    def _each(self, make: Callable[[Floats], Floats]) -> "Counted":
        def made(part: Floats | None) -> Floats | None:
            return None if part is None else make(part)

        return Counted(
            make(self.answered),
            make(self.taken),
            made(self.weights),
            made(self.squares),
            made(self.weighted),
        )

    def shares(self, group: int, *, intervals: bool) -> tuple[Share, ...]:
        base = int(self.answered[group])
        return tuple(
            share_of(int(count), base, self._weighted(group, place))
            if intervals
            else Share(int(count), base, int(count) / base if base else None, None)
            for place, count in enumerate(self.taken[group])
        )

    def _weighted(self, group: int, place: int) -> Weighted | None:
        if self.weights is None or self.squares is None or self.weighted is None:
            return None
        return weighted_share(
            float(self.weighted[group, place]), float(self.weights[group]), float(self.squares[group])
        )


def options(asked: Asked, frame: pl.DataFrame) -> tuple[Option, ...]:
    """Return the options of an item: its own, then those that only older versions had and people chose."""
    own = tuple(Option(choice.name, choice.label) for choice in asked.item.choices)
    if asked.item.type is not ItemType.SELECT_ONE:
        return own
    held = (series.dtype for series in asked.series(frame))
    names = dict.fromkeys(name for kind in held if isinstance(kind, pl.Enum) for name in kind.categories)
    older = [name for name in names if name not in {one.name for one in own}]
    return (*own, *(Option(name, Text(f"{asked.item.name}.{name}.label", name)) for name in older))


def results(item: Item, choices: Sequence[Option], shares: Sequence[Share]) -> tuple[ChoiceResult, ...]:
    """Return the options with their shares; those of older versions only where anybody chose them."""
    own = len(item.choices)
    return tuple(
        ChoiceResult(one.name, one.label, share)
        for place, (one, share) in enumerate(zip(choices, shares, strict=True))
        if place < own or share.count
    )


@dataclass(frozen=True, slots=True)
class Picks:
    """The answers of one round: who answered, and for each option who took it (in a ranking, who put it first)."""

    item: Item
    coded: NDArray[np.intp] | None
    answered: NDArray[np.bool_]
    taken: tuple[NDArray[np.bool_], ...]


def picks(asked: Asked, choices: Sequence[Option], frame: pl.DataFrame) -> Iterator[Picks]:
    """Yield the answers of each round."""
    names = [one.name for one in choices]
    for column in asked.slots:
        series = frame[column.name]
        if asked.item.type is ItemType.SELECT_ONE:
            yield Picks(asked.item, codes(series, names), np.empty(0, bool), ())
        else:
            taken = (frame[f"{column.name}/{name}"] == 1 for name in names)
            masks = tuple(one.fill_null(value=False).to_numpy() for one in taken)
            yield Picks(asked.item, None, series.is_not_null().to_numpy(), masks)


def count(rounds: Sequence[Picks], variable: Variable, width: int, rows: Rows) -> Counted:
    """Return what each group of a variable chose of `width` options, over all rounds."""
    first, *others = [_count(one, variable, width, rows.weights) for one in rounds]
    return reduce(Counted.__add__, others, first)


def _count(one: Picks, variable: Variable, width: int, weights: Floats | None) -> Counted:
    if weights is None:
        return Counted(*_tables(one, variable, width))
    answered, taken = _tables(one, variable, width)
    weight, weighted = _tables(one, variable, width, weights)
    squares, _ = _tables(one, variable, width, weights**2)
    return Counted(answered, taken, weight, squares, weighted)


def _tables(
    one: Picks, variable: Variable, width: int, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return how many, or what weight, of each group answered, and took each option."""
    groups, size = variable.codes, variable.size
    if one.coded is not None:
        table = cross(groups, size, one.coded, width + 1, weights)[:, 1:]
        return table.sum(1), table

    def total(mask: NDArray[np.bool_]) -> Floats:
        kept = None if weights is None else weights[mask]
        return np.bincount(groups[mask], kept, minlength=size).astype(np.float64)

    return total(one.answered), np.column_stack([total(mask) for mask in one.taken])


def compare(item: Item, counted: Counted, choices: Sequence[Option], seed: Seed) -> Iterator[Comparison]:
    """Yield whether the groups choose differently: of select_multiple, a test for each option."""
    answered, taken = counted.answered[1:], counted.taken[1:]
    if item.type is not ItemType.SELECT_MULTIPLE:
        found = compare_counts(taken, seed)
        if found is not None:
            yield found
        return
    for place, choice in enumerate(choices):
        table = np.column_stack([taken[:, place], answered - taken[:, place]])
        found = compare_counts(table, seed.at(place), choice.name)
        if found is not None:
            yield found


def testable(counted: Counted) -> bool:
    """Return whether two groups at least have enough answers."""
    return int((counted.answered[1:] >= LEAST_IN_GROUP).sum()) >= 2


def ranking(
    asked: Asked, shares: Sequence[Share], rows: Rows, *, intervals: bool
) -> tuple[RankedChoice, ...]:
    """Return the options of a ranking, best first.

    They are put together by Borda's count, normalised since a filter may offer people different numbers of options:
    each option gets the share of the others that it stands above. Ties go by first places, then by the file.
    """
    choices = asked.item.choices
    placed, sums, squares, points, judged = (np.zeros(len(choices)) for _ in range(5))
    for column in asked.slots:
        places = [rows.frame[f"{column.name}/{choice.name}"].fill_null(0).to_numpy() for choice in choices]
        ranked = np.zeros(rows.frame.height, np.int16)
        for one in places:
            ranked += one > 0
        for place, one in enumerate(places):
            # A table of places by numbers ranked says it all: no row is looked at twice.
            table = cross(ranked.astype(np.intp), len(choices) + 1, one.astype(np.intp), len(choices) + 1)
            for many in range(1, len(choices) + 1):
                counts = table[many, 1 : many + 1]
                values = np.arange(1, many + 1)
                placed[place] += counts.sum()
                sums[place] += (counts * values).sum()
                squares[place] += (counts * values**2).sum()
                if many > 1:
                    judged[place] += counts.sum()
                    points[place] += (counts * (many - values)).sum() / (many - 1)
    made = []
    for place, choice in enumerate(choices):
        n = placed[place]
        mean = sums[place] / n if n else None
        deviation = (
            sqrt(max(squares[place] - n * mean**2, 0) / (n - 1)) if mean is not None and n > 1 else None
        )
        interval = mean_interval(float(mean), deviation, float(n)) if intervals and mean is not None else None
        made.append(
            RankedChoice(
                *(choice.name, choice.label, int(n), shares[place]),
                None if mean is None else Estimate(float(mean), interval),
                float(points[place] / judged[place]) if judged[place] else None,
            )
        )
    return tuple(sorted(made, key=lambda one: (-(one.points or 0.0), -exact(one.first.count))))
