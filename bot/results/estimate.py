"""Everything that a consultation comes to, from a frame of its interviews."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl

from bot.core.disposition import Disposition
from bot.core.groups import ASSISTED, OCCURRING, SOURCE, variables
from bot.core.questionnaire import ItemType, Questionnaire
from bot.flowfiles.population import Population
from bot.results.differences import LEAST_IN_GROUP, Seed
from bot.results.equity import equity
from bot.results.estimates.bases import bases
from bot.results.estimates.coding import Floats, Variable, has_helped, variables_of
from bot.results.estimates.items import NUMBERS, Estimator, with_adjusted
from bot.results.estimates.rows import Asked, Rows, asked_items, left_out
from bot.results.layout import Column
from bot.results.participation import participation
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.participation import Invited
from bot.results.records.representation import Representation
from bot.results.records.results import Results
from bot.results.records.weighting import Weighting
from bot.results.representation import representation
from bot.results.selecting import select
from bot.results.selection import EVERYBODY, Selection
from bot.results.weighting import weigh

LEAST_RESPONDENTS = 30
"""With fewer, groups are not compared, and a reader is warned of every share."""
UNCOUNTED = frozenset({ItemType.TEXT, ItemType.GEOPOINT, ItemType.ACKNOWLEDGE})
WEIGHT = "weight/of/respondent"
"""The column of weights while rows are selected. No item's name has a stroke."""


def estimate(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    columns: Sequence[Column],
    *,
    at: datetime,
    groups: Sequence[str] | None = None,
    population: Population | None = None,
    selection: Selection = EVERYBODY,
    invited: Invited | None = None,
    seed: int = 0,
) -> Results:
    """Return everything that a consultation comes to.

    `frame` is that of `bot.results.frame`, with status columns; `questionnaire` the newest version; `columns` what the
    frame has. `groups` names the variables to break down by (default: all that occur). With `population`,
    answers are weighted and who was heard stands beside who lives there: of all languages, channels and groups, for
    a part of the people cannot stand for the whole. `seed` fixes what tests of small counts draw.

    Raises:
        KeyError: a name in `groups` or in the selection is no group variable of the consultation.
    """
    begin = Seed(seed)
    asked = asked_items(questionnaire, columns)
    compared = None
    if population is not None:
        frame, compared = _weighted(frame, questionnaire, population, selection)
    selected = select(frame, questionnaire, selection)
    consented = selected.select(_needed(questionnaire, asked, selected)).filter(
        pl.col("consented_at").is_not_null()
    )
    names = _occurring(questionnaire, selected) if groups is None else tuple(groups)
    weights: Floats | None = None
    if WEIGHT in consented.columns:
        weights = consented[WEIGHT].to_numpy()
    rows = Rows(consented, variables_of(consented, questionnaire, names), weights)
    stand = bases(consented, asked)
    estimator = Estimator(rows, begin, tests=consented.height >= LEAST_RESPONDENTS)
    estimated = [
        replace(estimator, seed=begin.at(place)).estimate(one, stand[one.item.name])
        for place, one in enumerate(asked)
    ]
    return Results(
        consultation=questionnaire.id,
        title=questionnaire.title,
        version=questionnaire.version,
        at=at,
        selection=selection,
        selected=selected.height,
        consented=consented.height,
        participation=participation(
            selected,
            asked,
            stand,
            invited if selection.is_everybody else None,
            asks_report_back=questionnaire.report_back,
        ),
        items=tuple(result for result, _ in estimated),
        breakdowns=with_adjusted([one for _, breakdowns in estimated for one in breakdowns]),
        representation=compared.representation if compared else (),
        weighting=compared.weighting if compared else None,
        equity=equity(selected, asked, begin.at(len(asked))),
        notices=(
            *_notices(selected, rows, asked),
            *left_out(questionnaire, columns),
            *_notices_of(compared.weighting if compared else None),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """Those who took part, beside the population."""

    representation: tuple[Representation, ...]
    weighting: Weighting | None


def _weighted(
    frame: pl.DataFrame, questionnaire: Questionnaire, population: Population, selection: Selection
) -> tuple[pl.DataFrame, _Compared]:
    """Return the frame with a column of weights, where it can be weighted, and how it compares."""
    frame = select(frame, questionnaire, replace(selection, channels=(), languages=(), where={}))
    has_consented = frame["consented_at"].is_not_null().to_numpy()
    variables_ = variables_of(frame, questionnaire, [margin.variable for margin in population.margins])
    coded = [replace(one, codes=one.codes[has_consented]) for one in variables_]
    weighting, weights = weigh(coded, population.margins)
    told = tuple(
        representation(variable, margin) for variable, margin in zip(coded, population.margins, strict=True)
    )
    if weights is not None:
        spread = np.zeros(frame.height)
        spread[has_consented] = weights
        frame = frame.with_columns(pl.Series(WEIGHT, spread))
    return frame, _Compared(told, weighting)


def _occurring(questionnaire: Questionnaire, frame: pl.DataFrame) -> tuple[str, ...]:
    """Return the group variables, without that of sources where nobody came by one, nor that of help without any."""
    left_out = {SOURCE} if frame[SOURCE].null_count() == frame.height else set()
    left_out |= set() if has_helped(frame) else {ASSISTED}
    return tuple(name for name in variables(questionnaire) if name not in left_out)


def _needed(questionnaire: Questionnaire, asked: Sequence[Asked], frame: pl.DataFrame) -> list[str]:
    """Return the columns that figures are made of; people's words are not among them, and cost most to filter."""
    heads = {*OCCURRING, ASSISTED, "disposition", "consented_at", "left_at", WEIGHT}
    heads |= {grouping.name for grouping in questionnaire.groups}
    slots = {column.name for one in asked for column in one.slots}
    words = {column.name for one in asked if one.item.type in UNCOUNTED for column in one.slots}
    return [
        name for name in frame.columns if name in heads or (name.split("/")[0] in slots and name not in words)
    ]


def _notices(selected: pl.DataFrame, rows: Rows, asked: Sequence[Asked]) -> Iterator[Notice]:
    if selected.is_empty():
        yield Notice(NoticeCode.NOBODY)
        return
    yield Notice(NoticeCode.SELF_SELECTED)
    n = rows.frame.height
    if n < LEAST_RESPONDENTS:
        yield Notice(NoticeCode.FEW_RESPONDENTS, {"n": n, "least": LEAST_RESPONDENTS})
    going_on = int((selected["disposition"].cast(pl.String) == Disposition.IN_PROGRESS.value).sum())
    if going_on:
        yield Notice(NoticeCode.IN_PROGRESS, {"n": going_on})
    for one in asked:
        if one.repeated and (one.item.type.has_choices or one.item.type in NUMBERS):
            yield Notice(NoticeCode.REPEATED, {"item": one.item.name})
    if n >= LEAST_RESPONDENTS:
        yield from (notice for variable in rows.variables for notice in _too_small(variable))


def _too_small(variable: Variable) -> Iterator[Notice]:
    counts = zip(variable.categories, variable.counts()[1:], strict=True)
    small = [category.name for category, count in counts if 0 < count < LEAST_IN_GROUP]
    if small:
        values: dict[str, str | int | float] = {
            "variable": variable.name,
            "groups": ", ".join(small),
            "least": LEAST_IN_GROUP,
        }
        yield Notice(NoticeCode.GROUPS_TOO_SMALL, values)


def _notices_of(weighting: Weighting | None) -> Iterator[Notice]:
    if weighting is None:
        return
    if weighting.refused is not None:
        yield weighting.refused
        return
    for one in weighting.collapsed:
        values = {"variable": one.variable, "categories": ", ".join(one.categories)}
        yield Notice(NoticeCode.COLLAPSED, values)
    named = ", ".join(weighting.variables)
    yield Notice(NoticeCode.WEIGHTED, {"variables": named, "design_effect": weighting.design_effect or 1.0})
