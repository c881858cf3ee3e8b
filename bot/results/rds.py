"""Estimates from people who were recruited by people they know (respondent-driven sampling, RDS-II).

Whoever knows many is recruited more easily. So each person counts by 1 / degree, where the degree is how many they
know of those whom the consultation is meant for: the estimator of Volz and Heckathorn, Probability Based Estimation
Theory for Respondent Driven Sampling, Journal of Official Statistics 24, 2008, formula for the mean of a group A,
sum over A of 1/d over the sum over all of 1/d.

It is right where acquaintance is mutual, degrees are told truly, people pass codes on by chance among those they know,
all are connected, and chains are long enough to forget where they began. None of that can be seen in the answers.
Seeds, who came by themselves, are left out: nobody who knows them recruited them. There is no interval, for people in
one chain are alike, and how much so is lost when the chains are forgotten; designs like this need at least twice the
people (Salganik, Journal of Urban Health 83, 2006).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bot.core.disposition import Disposition
from bot.core.outreach.chains import Chains
from bot.core.questionnaire import Text
from bot.results.estimates.coding import Floats
from bot.results.estimates.rows import Asked
from bot.results.frame import WAVE
from bot.results.weighting import design_effect

COUNTING = (Disposition.COMPLETE.value, Disposition.PARTIAL.value)


@dataclass(frozen=True, slots=True)
class ChoiceShare:
    """One option: `taken` of `base` recruited people, their plain share, and what RDS-II makes of it."""

    name: str
    label: Text
    taken: int
    base: int
    share: float
    estimate: float


@dataclass(frozen=True, slots=True)
class MeanEstimate:
    base: int
    mean: float
    estimate: float


@dataclass(frozen=True, slots=True)
class RdsItem:
    """One question: its options, or its mean; one of them is empty."""

    name: str
    label: Text | None
    choices: tuple[ChoiceShare, ...] = ()
    mean: MeanEstimate | None = None


@dataclass(frozen=True, slots=True)
class Rds:
    """What RDS-II makes of a consultation.

    `recruited` people were recruited by a code and answered enough to count; `without_degree` of them told no degree of
    1 or more, and are left out. `effective` is Kish's number of people behind unequal weights; how alike people of one
    chain are is not in it. `chains` is None where who recruited whom was never asked.
    """

    degree_item: str
    recruited: int
    without_degree: int
    effective: float | None
    items: tuple[RdsItem, ...]
    chains: Chains


def rds_weights(degrees: Floats) -> Floats:
    """Return weights in proportion to 1 / degree, with mean 1.

    Raises:
        ValueError: a degree is below 1: whoever was recruited knows somebody.
    """
    if degrees.size and not (degrees >= 1).all():
        raise ValueError("a degree below 1")
    inverse = 1 / degrees
    return inverse * (degrees.size / inverse.sum()) if degrees.size else inverse


def rds_share(has_it: np.ndarray, degrees: Floats) -> float:
    """Return the share of the population that has something, by the degrees of those who were asked."""
    weights = rds_weights(degrees)
    return float(weights[has_it].sum() / weights.sum())


def rds(frame: pl.DataFrame, asked: Sequence[Asked], degree_item: str, chains: Chains) -> Rds:
    """Return RDS-II estimates of every question with options or numbers, of those who were recruited by a code.

    Questions that are asked in rounds are left out. The frame is that of `bot.results.frame`.
    """
    counting = pl.col("disposition").cast(pl.String).is_in(COUNTING)
    sample = frame.filter(pl.col(WAVE).is_not_null() & counting)
    known = sample.filter(pl.col(degree_item).is_not_null() & (pl.col(degree_item) >= 1))
    degrees = known[degree_item].to_numpy().astype(np.float64)
    effective = None
    if known.height:
        effective = known.height / design_effect(rds_weights(degrees), np.ones(known.height))
    return Rds(
        degree_item,
        sample.height,
        sample.height - known.height,
        effective,
        tuple(_items(known, asked, degrees)) if known.height else (),
        chains,
    )


def _items(known: pl.DataFrame, asked: Sequence[Asked], degrees: Floats) -> Iterator[RdsItem]:
    for one in asked:
        item = one.item
        if one.repeated or item.name not in known.columns:
            continue
        values = known[item.name]
        given = values.is_not_null().to_numpy()
        if not given.any():
            continue
        if item.type.has_choices and item.type.value != "rank":
            yield RdsItem(item.name, item.label, tuple(_choices(known, one, given, degrees[given])))
        elif values.dtype.is_numeric():
            numbers = values.drop_nulls().to_numpy().astype(np.float64)
            weights = rds_weights(degrees[given])
            mean = MeanEstimate(
                int(given.sum()), float(numbers.mean()), float((weights * numbers).sum() / weights.sum())
            )
            yield RdsItem(item.name, item.label, mean=mean)


def _choices(known: pl.DataFrame, asked: Asked, given: np.ndarray, degrees: Floats) -> Iterator[ChoiceShare]:
    values = known[asked.item.name].cast(pl.String).drop_nulls().str.split(" ")
    for choice in asked.item.choices:
        has_it = values.list.contains(choice.name).to_numpy()
        taken, base = int(has_it.sum()), int(given.sum())
        yield ChoiceShare(choice.name, choice.label, taken, base, taken / base, rds_share(has_it, degrees))
