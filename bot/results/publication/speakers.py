"""The groups that quotes are said to be from, and the counts that tell whether that may be said.

A quote in its own words tells its language as well, so its group is named where as many people of the group speak it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from bot.core.groups import LANGUAGE, Category
from bot.core.questionnaire import Questionnaire
from bot.results.disclosure import Cell, Parts, Table
from bot.results.disclosure.records import NOT_STATED
from bot.results.estimates.coding import Variable, cross, variable_of
from bot.results.publication.tables import is_banded
from bot.results.publication.turnout_tables import nowhere
from bot.results.records.breakdowns import Breakdown
from bot.results.records.figures import exact
from bot.results.records.results import Results


@dataclass(frozen=True, slots=True)
class Speakers:
    """The group of each respondent who is quoted and said what they are.

    `tables` count the groups where no question does: bands of numbers. `is_by_language`: people speak several.
    """

    variable: str
    groups: Mapping[str, Category]
    tables: tuple[Table, ...]
    is_by_language: bool

    def cell(self, respondent: str, language: str | None) -> Cell | None:
        """Return who else a quote with its group could be from, and with its language where one is given."""
        group = self.groups.get(respondent)
        if group is None:
            return None
        spoken = [(LANGUAGE, language)] if language is not None and self.is_by_language else []
        return Cell.of((self.variable, group.name), *spoken)


def speakers_of(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    results: Results,
    variable: str,
    respondents: Collection[str],
) -> Speakers:
    """Return the groups of some respondents by an item; `results` are those of the frame.

    Raises:
        KeyError: no groups are made by that item.
    """
    frame = frame.filter(pl.col("consented_at").is_not_null())
    grouped = variable_of(frame, questionnaire, variable)
    said = pl.DataFrame({"respondent": frame["respondent"], "code": grouped.codes})
    said = said.filter(pl.col("code") > 0, pl.col("respondent").is_in(list(respondents)))
    groups = {respondent: grouped.categories[code - 1] for respondent, code in said.iter_rows()}
    spoken = next((one for one in results.breakdowns_of(variable) if one.variable == LANGUAGE), None)
    tables = (
        (_table(results, grouped, variable_of(frame, questionnaire, LANGUAGE), spoken),)
        if is_banded(results, variable)
        else ()
    )
    return Speakers(variable, groups, tables, spoken is not None)


def _table(results: Results, grouped: Variable, spoken: Variable, by_language: Breakdown | None) -> Table:
    """Return how many are in each band, in all and by language, as if it had been asked for like that."""
    both = cross(grouped.codes, grouped.size, spoken.codes, spoken.size)[1:].astype(int)
    bands = tuple(one.name for one in grouped.categories)
    languages = [NOT_STATED, *(one.name for one in spoken.categories)]
    counts = {("", ""): exact(results.item(grouped.name).base.answered)}
    counts |= {(band, ""): int(many) for band, many in zip(bands, both.sum(axis=1), strict=True)}
    if by_language is None:
        return Table(grouped.name, bands, counts, _how(counts, bands, [""]))
    sizes = {one.name: exact(one.n) for one in by_language.groups}
    others = nowhere(results, LANGUAGE)
    sizes |= dict.fromkeys(others, exact(by_language.not_stated))
    counts |= {("", language): many for language, many in sizes.items()}
    counts |= {
        (band, language): int(both[row, column])
        for row, band in enumerate(bands)
        for column, language in enumerate(languages)
        if language in sizes
    }
    chosen = _how(counts, bands, ["", *sizes])
    return Table(grouped.name, bands, counts, chosen, LANGUAGE, tuple(sizes))


def _how(counts: Mapping[tuple[str, str], int], bands: Collection[str], groups: Collection[str]) -> Parts:
    """Return how numbers are spread over bands: each is in one, but where an older version asked something else."""
    sums = {group: sum(counts.get((band, group), 0) for band in bands) for group in groups}
    return Parts.ONE if all(sums[group] == counts["", group] for group in groups) else Parts.ANY
