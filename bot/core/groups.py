"""The groups that results are broken down by: which variables there are, and the categories of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.core.questionnaire import Grouping, Questionnaire, Text

LANGUAGE, CHANNEL, SOURCE = "language", "channel", "came_by"
"""Group variables of every consultation. Their categories are those that occur: of a source, that may be none.

It is not called `source`, for many a consultation asks about one of water or of income.
"""
OCCURRING = (LANGUAGE, CHANNEL, SOURCE)
OTHERS = "*"
"""Stands in published results for groups of these that are not named, since few are in them; no category's name."""

ASSISTED = "assisted"
"""Whether somebody helped a person to answer: a group variable where anybody was helped."""
ASSISTED_OR_NOT = ("yes", "no")

RESPONDENT = (
    *("respondent", "version", "channel", "language", "assisted", "came_by"),
    *("started_at", "ended_at", "disposition", "aapor_code"),
)
"""The columns of results before the answers. A respondent is a random number that stands in no other consultation."""
COLUMNS = frozenset({*RESPONDENT, "consented_at", "updated_at", "seconds", "left_at", "report_back"})
"""All that results know of a respondent by a name of their own: no item can have one of these."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a group variable; `label` is None where its name speaks for itself."""

    name: str
    label: Text | None = None


def variables(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the names of all group variables of a consultation."""
    return (*OCCURRING, ASSISTED, *(grouping.name for grouping in questionnaire.groups))


def grouping_of(questionnaire: Questionnaire, variable: str) -> Grouping | None:
    """Return what the consultation file says of a group variable; None of all others, and of no variable."""
    return next((grouping for grouping in questionnaire.groups if grouping.name == variable), None)


def categories_of(questionnaire: Questionnaire, grouping: Grouping) -> tuple[Category, ...]:
    """Return the categories of an item: its choices, or its bands as `<18`, `18-24`, `60+`."""
    if grouping.bands:
        return tuple(map(Category, band_names(grouping.bands)))
    return tuple(Category(choice.name, choice.label) for choice in questionnaire.item(grouping.name).choices)


def band_names(bands: tuple[int, ...]) -> Iterator[str]:
    yield f"<{bands[0]}"
    for low, following in pairwise(bands):
        yield f"{low}-{following - 1}" if following - 1 > low else f"{low}"
    yield f"{bands[-1]}+"
