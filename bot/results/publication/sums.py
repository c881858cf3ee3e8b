"""How the numbers that people gave are spread, as far as it says whether their mean tells of one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.groups import variables
from bot.core.questionnaire import ItemType, Questionnaire
from bot.results.disclosure.means import Numbers
from bot.results.disclosure.records import NOT_STATED, MeanOf
from bot.results.estimates.coding import Floats, variables_of
from bot.results.estimates.items import NUMBERS
from bot.results.estimates.rows import Asked, asked_items
from bot.results.layout import Column
from bot.results.records.breakdowns import GroupResult
from bot.results.records.results import Results

Marks = NDArray[np.uint64]

PLACED = "placed as"
"""Stands for a variable where places in a ranking are summed by choice; no item has this name."""

Sums = Mapping[MeanOf, Numbers]
"""By item, variable and group; the last two are "" for all. Who is in no group is in `NOT_STATED`."""


def sums_of(frame: pl.DataFrame, questionnaire: Questionnaire, columns: Sequence[Column]) -> Sums:
    """Return them for each item of numbers, in all and by every group variable of the consultation."""
    return dict(_sums(frame.filter(pl.col("consented_at").is_not_null()), questionnaire, columns))


def with_every_band(results: Results, sums: Sums) -> Results:
    """Return results whose breakdowns have all bands of numbers, as they have all choices.

    One that is left out, for nobody is in it, would tell so.
    """
    bands: dict[str, list[str]] = {}
    for item, variable, group in sums:
        if item == variable and group != NOT_STATED:
            bands.setdefault(variable, []).append(group)
    breakdowns = []
    for one in results.breakdowns:
        there = {group.name: group for group in one.groups}
        names = bands.get(one.variable, there)
        groups = tuple(there.get(name, GroupResult(name, None, 0)) for name in names)
        breakdowns.append(replace(one, groups=groups))
    return replace(results, breakdowns=tuple(breakdowns))


def _sums(
    frame: pl.DataFrame, questionnaire: Questionnaire, columns: Sequence[Column]
) -> Iterator[tuple[tuple[str, str, str], Numbers]]:
    coded = variables_of(frame, questionnaire, variables(questionnaire))
    people = _marks(frame["respondent"])
    for asked in asked_items(questionnaire, columns):
        name = asked.item.name
        if asked.item.type is ItemType.RANK:
            yield from _places(frame, asked, people)
        if asked.item.type not in NUMBERS:
            continue
        rounds = [one.cast(pl.Float64) for one in asked.series(frame)]
        held = [one.is_not_null().to_numpy() for one in rounds]
        values = np.concatenate([one.drop_nulls().to_numpy() for one in rounds])
        who = np.concatenate([people[mask] for mask in held])
        yield (name, "", ""), _numbers(values, who)
        for variable in coded:
            groups = np.concatenate([variable.codes[mask] for mask in held])
            for code, group in enumerate((NOT_STATED, *(one.name for one in variable.categories))):
                yield (name, variable.name, group), _numbers(values[groups == code], who[groups == code])


def _places(frame: pl.DataFrame, asked: Asked, people: Marks) -> Iterator[tuple[MeanOf, Numbers]]:
    for choice in asked.item.choices:
        places = [frame[f"{column.name}/{choice.name}"].fill_null(0).to_numpy() for column in asked.slots]
        values = np.concatenate([one[one > 0] for one in places]).astype(np.float64)
        who = np.concatenate([people[one > 0] for one in places])
        yield (asked.item.name, PLACED, choice.name), _numbers(values, who)


def _marks(respondents: pl.Series) -> Marks:
    """Return a number for each respondent that nobody can work out who does not know their id."""
    hashes = (blake2b(one.encode(), digest_size=8).digest() for one in respondents)
    return np.frombuffer(b"".join(hashes), np.uint64)


def _numbers(values: Floats, who: Marks) -> Numbers:
    """Return what `Numbers.of` does, of a million as well, with the fingerprint of whose they are."""
    sizes = np.abs(values)
    two: list[float] = np.sort(np.partition(sizes, -2)[-2:] if len(sizes) > 2 else sizes)[::-1].tolist()
    largest, second, *_ = (*two, 0.0, 0.0)
    fingerprint = blake2b(who.tobytes() + values.tobytes(), digest_size=16).hexdigest()
    return Numbers(len(sizes), float(sizes.sum()), largest, second, fingerprint)
