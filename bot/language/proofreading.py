"""What a translator would like to hear of a catalogue's file, beyond what keeps it from being used."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from bot.core.problems import Problem, Severity
from bot.core.review.letters import disguised_words, numbers_lost
from bot.core.spoken import script_of
from bot.language.reviews import FORM, is_review_unclear

_DOUBLE = re.compile(r"[ \t\xa0]{2,}")
_WORD_LISTS = "words."
"""Begins the context of a list of words, whose blanks do not matter."""


def proofread(path: Path, catalogue: Catalog, language: str) -> tuple[Problem, ...]:
    """Return the problems of a catalogue's entries and head, each with its line.

    Of the bot's own catalogue (`bot.po`) its letters and numbers too; those of a consultation are looked at with its
    questions.
    """
    sentences = [one for one in catalogue if _is_finished(one)]
    problems = [*_head_faults(catalogue), *(fault for one in sentences for fault in _blank_faults(one))]
    if path.stem == "bot":
        script = script_of(" ".join(str(one.string) for one in sentences)) or "LATIN"
        problems += [fault for one in sentences for fault in _word_faults(one, script)]
    return tuple(replace(one, file=str(path), language=language) for one in problems)


def _is_finished(message: Message) -> bool:
    is_list = (message.context or "").startswith(_WORD_LISTS)
    return bool(message.id and message.string and not message.fuzzy and not is_list)


def _head_faults(catalogue: Catalog) -> Iterator[Problem]:
    if is_review_unclear(catalogue.header_comment):
        yield Problem(
            "review-unclear",
            (),
            "The head tells of a review in other words than Heard reads, or also that there was none.",
            f"Write one line for each reviewer, in place of the one that says that nobody has: {FORM}",
            Severity.WARNING,
            line=1,
        )


def _blank_faults(message: Message) -> Iterator[Problem]:
    source, wording = str(message.id), str(message.string)
    faults = []
    # A translation may end its lines as its source does; what stands around it is cut off when it is read.
    if wording.lstrip() != wording and source.lstrip() == source:
        faults.append("begins with a blank")
    if wording.rstrip() != wording and source.rstrip() == source:
        faults.append("ends with a blank")
    if _DOUBLE.search(wording.strip()) and not _DOUBLE.search(source.strip()):
        faults.append("has two blanks together")
    if faults:
        yield Problem(
            "stray-blank",
            (message.context or "",),
            f"The translation {' and '.join(faults)}.",
            "Take them out: each blank in a text is a letter that somebody pays for.",
            Severity.WARNING,
            line=message.lineno,
        )


def _word_faults(message: Message, script: str) -> Iterator[Problem]:
    for word in disguised_words(str(message.string), script):
        yield Problem(
            "disguised-letters",
            (message.context or "",),
            f"'{word}' has letters of another script that only look right.",
            "Type the word again on one keyboard; with letters of two, put a hyphen between them.",
            line=message.lineno,
        )
    lost = numbers_lost(str(message.id), str(message.string))
    if lost:
        yield Problem(
            "number-differs",
            (message.context or "",),
            f"The translation has no {', '.join(lost)}, which people are told to send.",
            "Put the same number in, in digits of any script.",
            Severity.WARNING,
            line=message.lineno,
        )
