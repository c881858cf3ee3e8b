"""What people are told of a finding: a small file with the words in each language, `en: You said ...`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bot.core.limits import LIMITS
from bot.core.problems import Problem, nearest
from bot.core.prompts.filling import REFERENCE
from bot.flowfiles.reading import Source, read

_REMEDY = "Write a line for each language, like: en: You said the well is dry. We dig a new one in May."


def words_in(content: bytes, languages: Collection[str]) -> Mapping[str, str] | tuple[Problem, ...]:
    """Return the words of a file by language, or every problem in it; `languages` are the consultation's."""
    source = read(content)
    if not isinstance(source, Source):
        return tuple(_about_words(problem) for problem in source)
    problems = tuple(
        replace(problem, line=source.places.get(problem.path))
        for problem in _faults(source.mapping, languages)
    )
    return problems or {language: str(said).strip() for language, said in source.mapping.items()}


def _about_words(problem: Problem) -> Problem:
    """Return a problem in reading without its talk of consultations."""
    if problem.code == "not-a-mapping":
        return replace(problem, message="The file does not begin with a 'language: words'.", remedy=_REMEDY)
    return replace(problem, remedy=_REMEDY) if problem.code == "empty-file" else problem


def _faults(mapping: Mapping[str, object], languages: Collection[str]) -> Iterator[Problem]:
    if not mapping:
        yield Problem("empty-file", (), "The file is empty.", _REMEDY)
    for language, said in mapping.items():
        if language not in languages:
            meant = nearest(language, languages)
            remedy = f"Write {meant}." if meant else f"Write one of: {', '.join(languages)}."
            message = f"'{language}' is not among the consultation's languages."
            yield Problem("language-not-offered", (language,), message, remedy)
        if isinstance(said, dict | list):
            yield Problem("wrong-type", (language,), "This has to be words.", _REMEDY)
        elif said is None or not str(said).strip():
            yield Problem("empty-text", (language,), "This text is empty.", "Write it, or take the line out.")
        else:
            yield from _wording_faults(language, str(said).strip())


def _wording_faults(language: str, said: str) -> Iterator[Problem]:
    if len(said) > LIMITS.text_length:
        message = f"The text has {len(said):,} characters; a message has {LIMITS.text_length:,} at most."
        yield Problem(
            "out-of-bounds", (language,), message, "Say the most important, and where to read more."
        )
    if found := REFERENCE.search(said):
        message = f"{found[0]} stands for an answer, and everybody is told the same."
        yield Problem("unknown-reference", (language,), message, "Take it out.")
