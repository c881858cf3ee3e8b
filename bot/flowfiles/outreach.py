"""How a consultation reaches people: `flows/water.outreach.yaml` beside `flows/water.yaml`."""

from dataclasses import replace
from pathlib import Path

from bot.core.codes import located
from bot.core.limits import LIMITS
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.records import Quotas, Shares
from bot.core.outreach.quotas.targets import settle
from bot.core.outreach.records import Outreach
from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import OUTREACH_SUFFIX
from bot.flowfiles.population import SUFFIX as POPULATION_SUFFIX
from bot.flowfiles.population import Population, read_population
from bot.flowfiles.reading import Source, read


def outreach_file(flows: Path, consultation: str) -> Path:
    """Return where it stands, if there is one."""
    return flows / f"{consultation}{OUTREACH_SUFFIX}"


def read_outreach(file: Path, questionnaire: Questionnaire) -> Outreach | tuple[Problem, ...]:
    """Return what a file says, its texts in the source language, or every problem in it.

    Targets that follow from the population are worked out by the file of it that stands beside.
    """
    try:
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    if not isinstance(source, Source):
        return tuple(replace(problem, file=str(file)) for problem in source)
    found = define_outreach(source.mapping, questionnaire)
    if isinstance(found, Outreach) and found.quotas is not None:
        found = _settled(found, found.quotas, file, questionnaire)
    return found if isinstance(found, Outreach) else tuple(located(found, str(file), source.places))


def _settled(
    outreach: Outreach, quotas: Quotas, file: Path, questionnaire: Questionnaire
) -> Outreach | tuple[Problem, ...]:
    shares: Shares = {}
    beside = file.with_name(f"{file.name.removesuffix(OUTREACH_SUFFIX)}{POPULATION_SUFFIX}")
    if any(one.targets is None for one in quotas.quotas) and beside.exists():
        population = read_population(beside, questionnaire)
        if not isinstance(population, Population):
            return population
        shares = {one.variable: one.shares for one in population.margins}
    settled = settle(quotas, shares, questionnaire)
    return settled if isinstance(settled, tuple) else replace(outreach, quotas=settled)
