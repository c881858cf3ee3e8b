"""From the rows of a spreadsheet to forms: whose each is, and what stands in it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.core.interview.records import Interview, Slot
from bot.core.paper.faults import fault
from bot.core.paper.filling import Form, fill, noon
from bot.core.paper.form import ABOUT, CONSENT, DATE, FORM, LANGUAGE, NOT_ON_PAPER, column_of, columns
from bot.core.paper.telling import most_urgent, told_in, told_on
from bot.core.problems import Problem, nearest
from bot.core.questionnaire import Questionnaire
from bot.core.replies import read_yes_no
from bot.core.safeguarding import Urgency
from bot.core.spoken import language_words, listed_language

REMARK = "#"
"""How the first cell of a row begins that is for people, and no form."""
LONGEST_NUMBER = 40

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A form that can be taken in. `digest` tells whether another one of its number says the same."""

    row: int
    number: str
    digest: str
    interview: Interview
    tells: Mapping[Slot, Urgency] = field(default_factory=dict)
    """The answers by which somebody tells of danger or harm."""


@dataclass(frozen=True, slots=True)
class Told:
    """That a form tells of danger or harm, whether it can be taken in or not; its words are not here."""

    row: int
    number: str
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column stands: those that say whose form it is, and those of answers by slot.

    `languages` are the words for each language; see `bot.core.spoken.language_words`.
    """

    about: Mapping[str, int]
    answers: Mapping[str, int]
    languages: Mapping[str, str]


def read_heading(questionnaire: Questionnaire, heading: Sequence[str]) -> Heading | tuple[Problem, ...]:
    """Return where each column stands, or everything that is wrong with them."""
    problems: list[Problem] = []
    about: dict[str, int] = {}
    answers: dict[str, int] = {}
    for place, written in enumerate(heading):
        name = written.strip()
        if not name:
            continue
        known = name.casefold() if name.casefold() in ABOUT else name
        if known in about or known in answers:
            problems.append(fault("paper-same-column", "", column=name))
        elif known in ABOUT:
            about[known] = place
        elif column_of(questionnaire, name) is not None:
            answers[name] = place
        else:
            problems.append(_unknown(questionnaire, name))
    needed = [one for one in ABOUT if one != LANGUAGE or len(questionnaire.languages) > 1]
    missing = [one for one in needed if one not in about]
    missing += [one.slot for one in columns(questionnaire, 1) if one.slot not in answers]
    problems += [fault("paper-no-column", "", column=one) for one in missing]
    return tuple(problems) or Heading(about, answers, language_words(questionnaire))


def read_forms(
    questionnaire: Questionnaire,
    heading: Heading,
    rows: Iterable[Row],
    today: date,
    seeds: Iterator[int],
    tell: Callable[[Told], None] = lambda _: None,
) -> Iterator[Ready | tuple[Problem, ...]]:
    """Yield what each row comes to: an interview, or all of its problems.

    `questionnaire` is that of `bot.core.paper.form.on_paper`; `seeds` are random numbers, one an interview. `tell` is
    called for each form that tells of danger or harm, before it is yielded: whatever is wrong with it, somebody is to
    know.
    """
    seen: dict[str, int] = {}
    for row, cells in rows:
        if cells and cells[0].lstrip().startswith(REMARK):
            continue
        form = _read(questionnaire, heading, row, cells, today, next(seeds), seen)
        told = told_in(questionnaire, _answers(heading, cells))
        if isinstance(form, Ready):
            told = most_urgent(form.tells)
        if told is not None:
            tell(Told(row, _cell(cells, heading.about.get(FORM)), told))
        yield form


def _read(
    questionnaire: Questionnaire,
    heading: Heading,
    row: int,
    cells: Sequence[str],
    today: date,
    seed: int,
    seen: dict[str, int],
) -> Ready | tuple[Problem, ...]:
    about = {name: _cell(cells, heading.about.get(name)) for name in ABOUT}
    answers = _answers(heading, cells)
    number = about[FORM]
    day, language = _day(about[DATE], today), _language(questionnaire, heading, about[LANGUAGE])
    agrees = _consent(questionnaire, language, about[CONSENT])
    checked = (_number_fault(number, seen), day, language, agrees)
    problems = [one for one in checked if isinstance(one, Problem)]
    seen.setdefault(number, row)
    # Its answers are looked at whatever is wrong with the rest: all of it is told at once.
    form = Form(
        number,
        noon(questionnaire, today if isinstance(day, Problem) else day),
        questionnaire.languages[0] if isinstance(language, Problem) else language,
        isinstance(agrees, Problem) or agrees,
        answers,
    )
    filled = fill(questionnaire, form, seed)
    if isinstance(filled, tuple):
        problems += filled
    elif not problems:
        return Ready(row, number, _digest(form), filled, told_on(questionnaire, filled))
    return tuple(replace(one, line=row) for one in problems)


def _answers(heading: Heading, cells: Sequence[str]) -> Mapping[Slot, str]:
    return {slot: _cell(cells, place) for slot, place in heading.answers.items()}


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _unknown(questionnaire: Questionnaire, name: str) -> Problem:
    position = questionnaire.positions.get(name.partition("[")[0])
    if position is not None and questionnaire.nodes[position].item.type in NOT_ON_PAPER:
        remedy = "Take the column out: what was shown or recorded is not typed in."
    elif position is not None:
        remedy = "Take the column out: nothing is answered there, or it is another round of a repeat."
    else:
        known = [one.slot for one in columns(questionnaire)]
        meant = nearest(name, [*known, *ABOUT])
        remedy = (
            f"Write {meant}." if meant else "Take the column out; heard paper template writes all of them."
        )
    return fault("paper-unknown-column", "", column=name, remedy=remedy)


def _number_fault(number: str, seen: Mapping[str, int]) -> Problem | None:
    if not number:
        return fault("paper-form", FORM)
    if len(number) > LONGEST_NUMBER:
        return fault("paper-form-length", FORM, most=LONGEST_NUMBER)
    return fault("paper-form-twice", FORM, row=seen[number]) if number in seen else None


def _day(written: str, today: date) -> date | Problem:
    try:
        # A cell that holds a moment has the time after the day.
        day = date.fromisoformat(written.partition(" ")[0])
    except ValueError:
        return fault("paper-date", DATE)
    return fault("paper-date-late", DATE) if day > today else day


def _language(questionnaire: Questionnaire, heading: Heading, written: str) -> str | Problem:
    if not written and len(questionnaire.languages) == 1:
        return questionnaire.languages[0]
    found = listed_language(heading.languages, written) if written else None
    return found or fault("paper-language", LANGUAGE, languages=", ".join(questionnaire.languages))


def _consent(questionnaire: Questionnaire, language: str | Problem, written: str) -> bool | Problem:
    spoken = None if isinstance(language, Problem) else language
    agrees = read_yes_no(written, questionnaire.phrasebook(spoken), exact=True) if written else None
    return fault("paper-consent", CONSENT) if agrees is None else agrees


def _digest(form: Form) -> str:
    said = {slot: text for slot, text in sorted(form.answers.items()) if text}
    whole = json.dumps([form.at.date().isoformat(), form.language, form.agrees, said], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
