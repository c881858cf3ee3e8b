"""An organiser's code frame beside a consultation: `flows/water.codes.yaml` beside `flows/water.yaml`."""

from dataclasses import replace
from pathlib import Path

from bot.core.codes import CodeFrame, define_codes, located
from bot.core.limits import LIMITS
from bot.core.problems import Problem
from bot.core.questionnaire import Questionnaire
from bot.flowfiles.folder import CODES_SUFFIX
from bot.flowfiles.reading import Source, read


def codes_file(flows: Path, consultation: str) -> Path:
    """Return where a consultation's code frame stands, if it has one."""
    return flows / f"{consultation}{CODES_SUFFIX}"


def read_codes(file: Path, questionnaire: Questionnaire) -> CodeFrame | tuple[Problem, ...]:
    """Return the code frame of a file, or every problem in it."""
    try:
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    if not isinstance(source, Source):
        return tuple(replace(_of_codes(problem), file=str(file)) for problem in source)
    frame = define_codes(source.mapping, questionnaire)
    return frame if isinstance(frame, CodeFrame) else tuple(located(frame, str(file), source.places))


def _of_codes(problem: Problem) -> Problem:
    """Return a problem of reading that does not speak of a consultation."""
    if problem.code not in ("empty-file", "not-a-mapping"):
        return problem
    return replace(
        problem,
        message="The file has no codes.",
        remedy="Begin it with: codes: (docs/words.md has a whole one).",
    )
