"""Targets that follow from what a population is like."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod

from bot.core.outreach.quotas.definition import PATH
from bot.core.outreach.quotas.reaching import reachable
from bot.core.outreach.quotas.records import Categories, Quota, Quotas, Shares
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Questionnaire


def settle(quotas: Quotas, shares: Shares, questionnaire: Questionnaire) -> Quotas | tuple[Problem, ...]:
    """Return quotas whose every target is a number, or why the population does not tell one.

    `shares` are the margins of the population; none where there is no file of it.
    """
    problems: list[Problem] = []
    settled: list[Quota] = []
    for place, quota in enumerate(quotas.quotas):
        path: Path = (*PATH, "cells", place, "targets")
        if quota.targets is not None or quotas.total is None:
            settled.append(quota)
            continue
        found = [*_missing(quota, shares, path)]
        if not found:
            targets = _shared_out(quota, shares, quotas.total)
            settled.append(replace(quota, targets=targets))
            found += _unreachable(settled[-1], questionnaire, path)
        problems += found
    return tuple(problems) or replace(quotas, quotas=tuple(settled))


def _shared_out(quota: Quota, shares: Shares, total: int) -> Mapping[Categories, int]:
    """Return targets as the population is made, together the total; crossed as if no variable depended on another.

    What is left by rounding down goes to the cells that lost most by it, the first where they lost the same.
    """
    margins = [shares[one.name] for one in quota.variables]
    exact = {
        categories: total * prod(margin[one] for margin, one in zip(margins, categories, strict=True))
        for categories in product(*margins)
    }
    targets = {categories: int(wanted) for categories, wanted in exact.items()}
    lost = sorted(exact, key=lambda one: targets[one] - exact[one])
    for categories in lost[: total - sum(targets.values())]:
        targets[categories] += 1
    return targets


def _missing(quota: Quota, shares: Shares, path: Path) -> Iterator[Problem]:
    for variable in quota.variables:
        if variable.name not in shares:
            message = f"The population does not say how {variable.name} is spread."
            remedy = "Add its shares to the .population.csv beside the consultation, or write the targets."
            yield Problem("quota-population", path, message, remedy)
        elif unknown := [one for one in shares[variable.name] if one not in variable.categories]:
            message = f"The population has other categories of {variable.name}: {', '.join(unknown)}."
            remedy = "Count by the bands that groups: of the consultation has."
            yield Problem("quota-population", path, message, remedy)


def _unreachable(quota: Quota, questionnaire: Questionnaire, path: Path) -> Iterator[Problem]:
    for variable in quota.variables:
        for category in variable.categories:
            wanted = any(
                target and category in categories for categories, target in (quota.targets or {}).items()
            )
            if wanted and not reachable(questionnaire, variable, category):
                message = f"Nobody can be in {category}: such an answer ends the interview, or is refused."
                remedy = "Describe the population that is asked, or write the targets: its target is 0."
                yield Problem("quota-unreachable", path, message, remedy)
