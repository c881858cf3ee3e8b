"""How the numbers that people gave are spread, as far as it says whether their mean tells of one of them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from bot.core.groups import variables
from bot.core.questionnaire import Questionnaire
from bot.results.disclosure.means import Numbers
from bot.results.estimates.coding import Floats, variables_of
from bot.results.estimates.items import NUMBERS
from bot.results.estimates.rows import asked_items
from bot.results.layout import Column
from bot.results.publication.cells import NOT_STATED

Sums = Mapping[tuple[str, str, str], Numbers]
"""By item, variable and group; the last two are "" for all. Who is in no group is in `NOT_STATED`."""


def sums_of(frame: pl.DataFrame, questionnaire: Questionnaire, columns: Sequence[Column]) -> Sums:
    """Return them for each item of numbers, in all and by every group variable of the consultation."""
    return dict(_sums(frame.filter(pl.col("consented_at").is_not_null()), questionnaire, columns))


def _sums(
    frame: pl.DataFrame, questionnaire: Questionnaire, columns: Sequence[Column]
) -> Iterator[tuple[tuple[str, str, str], Numbers]]:
    coded = variables_of(frame, questionnaire, variables(questionnaire))
    for asked in asked_items(questionnaire, columns):
        name = asked.item.name
        if asked.item.type not in NUMBERS:
            continue
        rounds = [one.cast(pl.Float64) for one in asked.series(frame)]
        held = [one.is_not_null().to_numpy() for one in rounds]
        values = np.concatenate([one.drop_nulls().to_numpy() for one in rounds])
        yield (name, "", ""), _numbers(values)
        for variable in coded:
            groups = np.concatenate([variable.codes[mask] for mask in held])
            for code, group in enumerate((NOT_STATED, *(one.name for one in variable.categories))):
                yield (name, variable.name, group), _numbers(values[groups == code])


def _numbers(values: Floats) -> Numbers:
    """Return what `Numbers.of` does, of a million as well."""
    sizes = np.abs(values)
    two: list[float] = np.sort(np.partition(sizes, -2)[-2:] if len(sizes) > 2 else sizes)[::-1].tolist()
    return Numbers(len(sizes), float(sizes.sum()), *[*two, 0.0, 0.0][:2])
