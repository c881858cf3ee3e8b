"""The shape of `quotas:` in an outreach file."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from bot.core.definition.shape import Shape, WordList, Words

POPULATION, OPEN = "population", "open"
"""Targets that follow from the population; and a cell without one, which takes as many as come."""
MOST_TARGET = 10_000_000


def _texts_as_keys(value: Any) -> Any:
    """Return targets with texts for keys, as categories are: YAML takes 18 for a number, and yes for a truth."""
    if not isinstance(value, Mapping):
        return value
    return {_written(key): _texts_as_keys(below) for key, below in value.items()}


def _written(key: Any) -> Any:
    if isinstance(key, bool):
        return "yes" if key else "no"
    return str(key) if isinstance(key, int) else key


Target = Annotated[int, Field(ge=0, le=MOST_TARGET)]


class VariableShape(Shape):
    """What people are counted by; just its name, or with the bands of its numbers.

    An attribute is named as its column is, in any script.
    """

    name: Words
    bands: Annotated[list[int], Field(max_length=20)] = Field(default_factory=list)


class QuotaShape(Shape):
    """One quota: the variables that it crosses, and how many interviews each cell is to have."""

    by: Annotated[
        list[
            Annotated[
                VariableShape, BeforeValidator(lambda one: {"name": one} if isinstance(one, str) else one)
            ]
        ],
        Field(min_length=1),
        BeforeValidator(lambda one: [one] if isinstance(one, str) else one),
    ]
    targets: Annotated[Any, BeforeValidator(_texts_as_keys)] = None
    full: Literal["steer", "turn_away"] = "steer"


class AdaptiveShape(Shape):
    """The limits of a batch of invitations that goes where most people are missing."""

    batch: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    least_share: Annotated[float, Field(gt=0, le=1, strict=False, allow_inf_nan=False)] = 0.1
    most_share: Annotated[float, Field(gt=0, le=1, strict=False, allow_inf_nan=False)] = 1.0
    expected_rate: Annotated[float, Field(gt=0, le=1, strict=False, allow_inf_nan=False)] = 0.2


class QuotasShape(Shape):
    """All quotas of a consultation."""

    total: Annotated[int, Field(ge=1, le=MOST_TARGET)] | None = None
    reserve_hours: Annotated[int, Field(ge=1, le=24 * 14)] = 24
    attributes: dict[Words, Annotated[WordList, Field(min_length=1, max_length=500)]] = Field(
        default_factory=dict
    )
    cells: list[QuotaShape] = Field(default_factory=list)
    adaptive: AdaptiveShape = AdaptiveShape()


BELOW: dict[str, type[BaseModel]] = {
    "quotas": QuotasShape,
    "cells": QuotaShape,
    "by": VariableShape,
    "adaptive": AdaptiveShape,
}
