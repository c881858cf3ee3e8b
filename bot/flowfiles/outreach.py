"""How a consultation reaches people: `flows/water.outreach.yaml` beside `flows/water.yaml`."""

from dataclasses import replace
from pathlib import Path

from bot.core.codes import located
from bot.core.limits import LIMITS
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.records import Outreach
from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.reading import Source, read

OUTREACH_SUFFIX = ".outreach.yaml"
"""Ends the name of the file that says how people are reached, which is none of a consultation."""


def outreach_file(flows: Path, consultation: str) -> Path:
    """Return where it stands, if there is one."""
    return flows / f"{consultation}{OUTREACH_SUFFIX}"


def read_outreach(file: Path, questionnaire: Questionnaire) -> Outreach | tuple[Problem, ...]:
    """Return what a file says, its texts in the source language, or every problem in it."""
    try:
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    if not isinstance(source, Source):
        return tuple(replace(problem, file=str(file)) for problem in source)
    found = define_outreach(source.mapping, questionnaire)
    return found if isinstance(found, Outreach) else tuple(located(found, str(file), source.places))
