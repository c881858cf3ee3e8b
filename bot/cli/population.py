"""The population that a command was given, or what is wrong with its file."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.errors import ResultsError

if TYPE_CHECKING:
    from bot.flowfiles.population import Population


def read_margins(file: Path | None, questionnaire: Questionnaire) -> "Population | None":
    """Return the population of a file; None without one. ResultsError tells everything that is wrong with it."""
    from bot.flowfiles.population import Population, read_population

    if file is None:
        return None
    read = read_population(file, questionnaire)
    if isinstance(read, Population):
        return read
    told = "\n".join(f"  {_place(one)}: {one.message} {one.remedy}" for one in read)
    raise ResultsError(f"{file} cannot be used:\n{told}")


def _place(problem: Problem) -> str:
    return f"line {problem.line}, {problem.place or 'the row'}" if problem.line else "the whole file"
