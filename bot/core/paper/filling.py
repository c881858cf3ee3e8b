"""One form: its answers taken one after the other as an interview takes them, or everything that is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from bot.core.interview.answering import accept, answer, ground_of, read_at
from bot.core.interview.commanding import obey
from bot.core.interview.menus import consent
from bot.core.interview.offered import offered_choices
from bot.core.interview.records import AnswerStatus, Ending, Interview, Joined, Slot, Stage
from bot.core.interview.route import NO, YES
from bot.core.interview.slots import node_at
from bot.core.interview.step import ACKNOWLEDGED, begin, step
from bot.core.paper.faults import fault
from bot.core.paper.form import goes_on
from bot.core.problems import Problem
from bot.core.questionnaire import Choice, Item, ItemType, Node, Questionnaire
from bot.core.replies import Command, Read

_SECONDS = re.compile(r"(\d{1,2}:\d{2}):\d{2}(?:\.0+)?")
_PLACE = re.compile(r"(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)(?: -?\d+(?:\.\d+)?){1,2}")
_BETWEEN = re.compile(r"[\s,;]+")
_TAKEN = (AnswerStatus.ANSWERED, AnswerStatus.DONT_KNOW, AnswerStatus.REFUSED)
MOST_CHOICES_TOLD = 12


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was typed in: its number, and what stands in the column of each slot."""

    number: str
    at: datetime
    language: str
    agrees: bool
    answers: Mapping[Slot, str] = field(default_factory=dict, repr=False)


def fill(questionnaire: Questionnaire, form: Form, seed: int) -> Interview | tuple[Problem, ...]:
    """Return the interview that a form comes to, or every problem of it.

    `questionnaire` is that of `bot.core.paper.form.on_paper`. Answers are read, checked and recorded by what does so in
    a conversation; only what a person can mend in a talk is a problem here. Whatever stands in a column that is not
    asked of this person is one too: on paper, nothing keeps people from answering it.
    """
    interview, _ = step(questionnaire, begin(questionnaire, seed, form.at), Joined(form.at, form.language))
    interview, _ = consent(questionnaire, interview, form.agrees, form.at)
    if not form.agrees:
        given = [slot for slot, text in form.answers.items() if text]
        return tuple(fault("paper-no-consent", slot) for slot in given[:1]) or interview
    problems: list[Problem] = []
    passed: set[Slot] = set()
    while interview.stage is Stage.ITEMS and interview.at is not None:
        slot = interview.at
        passed.add(slot)
        text = form.answers.get(slot, "")
        moved = _moved(questionnaire, interview, slot, text, form)
        if isinstance(moved, Problem):
            problems.append(moved)
            moved = _left(questionnaire, interview, slot, form.at)
        interview = moved
    if not problems:
        # Where an answer could not be read, nobody knows what should have been asked after it.
        problems += [
            fault("paper-not-asked", slot, when=_when(questionnaire, slot, interview.ending))
            for slot, text in form.answers.items()
            if text and slot not in passed and not _is_own_words(interview, slot, text)
        ]
    return tuple(problems) or interview


def _moved(
    questionnaire: Questionnaire, interview: Interview, slot: Slot, text: str, form: Form
) -> Interview | Problem:
    node, rounds = node_at(questionnaire, slot)
    item, at = node.item, form.at
    if item.type is ItemType.REPEAT:
        follows = goes_on(form.answers, questionnaire, item.name, rounds)
        return accept(questionnaire, interview, YES if follows else NO, "", at)[0]
    if item.type is ItemType.ACKNOWLEDGE:
        return accept(questionnaire, interview, ACKNOWLEDGED, "", at)[0]
    if not text:
        skipped, _ = obey(questionnaire, interview, Command.SKIP, at)
        if skipped.at != slot or skipped.stage is Stage.ENDED:
            return skipped
        is_media = item.type in (ItemType.IMAGE, ItemType.AUDIO)
        return _left(questionnaire, interview, slot, at) if is_media else fault("paper-no-answer", slot)
    offered = offered_choices(ground_of(questionnaire, interview, at), node, rounds)
    named = _named(item, offered, text)
    if named is not None:
        after, _ = accept(questionnaire, interview, named, text, at)
    else:
        after, _ = answer(questionnaire, interview, _as_said(item, text), at)
    held = after.answers.get(slot)
    if held is not None and held.status in _TAKEN and after.at != slot:
        return after
    return _refused(questionnaire, interview, slot, item, offered, text, at)


def _left(questionnaire: Questionnaire, interview: Interview, slot: Slot, at: datetime) -> Interview:
    """Return the interview past a question whose answer could not be taken."""
    node, _ = node_at(questionnaire, slot)
    once = replace(node.item, tries=1)
    nodes = tuple(
        replace(one, item=once) if one.item.name == once.name else one for one in questionnaire.nodes
    )
    return answer(replace(questionnaire, nodes=nodes), interview, "", at)[0]


def _as_said(item: Item, text: str) -> str:
    """Return a cell as somebody would have written it: spreadsheets give a time its seconds, and forms a place how
    high it lies and how well that is known."""
    if item.type is ItemType.TIME and (time_of_day := _SECONDS.fullmatch(text.strip())):
        return time_of_day[1]
    if item.type is ItemType.GEOPOINT and (place := _PLACE.fullmatch(text.strip())):
        # Written without a fraction, it would be taken for something else than degrees.
        return ", ".join(one if "." in one else f"{one}.0" for one in (place[1], place[2]))
    return text


def _named(item: Item, offered: tuple[Choice, ...], text: str) -> str | None:
    """Return the value of a cell that holds nothing but names of choices; None where it holds anything else.

    A name comes before a number: who types in what a form has beside a box means that.
    """
    names = {choice.name.casefold(): choice.name for choice in offered}
    if item.type is ItemType.SELECT_ONE:
        return names.get(text.strip().casefold())
    if item.type not in (ItemType.SELECT_MULTIPLE, ItemType.RANK):
        return None
    written = [one.casefold() for one in _BETWEEN.split(text) if one]
    if not written or any(one not in names for one in written):
        return None
    chosen = [names[one] for one in dict.fromkeys(written)]
    if item.type is ItemType.RANK:
        return " ".join(chosen) if len(written) == len(chosen) == len(offered) else None
    return " ".join(choice.name for choice in item.choices if choice.name in chosen)


def _refused(
    questionnaire: Questionnaire,
    interview: Interview,
    slot: Slot,
    item: Item,
    offered: tuple[Choice, ...],
    text: str,
    at: datetime,
) -> Problem:
    """Return why an answer was not taken."""
    from_conversation = _read(questionnaire, interview, slot, item, offered, text, at)
    if from_conversation and item.constraint is not None:
        message = item.constraint_message
        why = message.source.strip() if message else f"{item.constraint.source} has to hold."
        return fault("paper-constraint", slot, why=why)
    choices = ", ".join(choice.name for choice in offered[:MOST_CHOICES_TOLD])
    if len(offered) > MOST_CHOICES_TOLD:
        choices += ", ..."
    match item.type:
        case ItemType.SELECT_ONE:
            return fault("paper-choice", slot, choices=choices)
        case ItemType.SELECT_MULTIPLE:
            return fault("paper-choices", slot, choices=choices)
        case ItemType.RANK:
            return fault("paper-rank", slot, choices=choices)
        case ItemType.INTEGER:
            return fault("paper-number", slot, kind="a whole number", example="3")
        case ItemType.DECIMAL:
            return fault("paper-number", slot, kind="a number", example="2.5")
        case ItemType.RANGE if item.range is not None:
            kind = f"a number from {item.range.start} to {item.range.end}"
            return fault("paper-number", slot, kind=kind, example=str(item.range.end))
        case ItemType.DATE:
            return fault("paper-moment", slot, kind="a day", example="2026-11-23")
        case ItemType.TIME:
            return fault("paper-moment", slot, kind="a time", example="14:30")
        case ItemType.GEOPOINT:
            return fault("paper-place", slot)
    return fault("paper-unclear", slot)


def _read(
    questionnaire: Questionnaire,
    interview: Interview,
    slot: Slot,
    item: Item,
    offered: tuple[Choice, ...],
    text: str,
    at: datetime,
) -> bool:
    reading = read_at(questionnaire, interview, slot, _as_said(item, text), at)
    return _named(item, offered, text) is not None or isinstance(reading, Read)


def _is_own_words(interview: Interview, slot: Slot, text: str) -> bool:
    """Return whether a slot holds the words for "other" that were given with the choice itself."""
    held = interview.answers.get(slot)
    return held is not None and held.relevant and held.value == text


def _when(questionnaire: Questionnaire, slot: Slot, ending: Ending | None) -> str:
    if ending in (Ending.NOT_ELIGIBLE, Ending.SCREENED_OUT):
        return "the questions end before this one for them"
    node: Node | None = node_at(questionnaire, slot)[0]
    while node is not None:
        if node.item.relevant is not None:
            return f"it is asked where {node.item.relevant.source}"
        node = _around(questionnaire, node)
    return "there is no such round"


def _around(questionnaire: Questionnaire, node: Node) -> Node | None:
    """Return the group or repeat around a place."""
    for one in reversed(questionnaire.nodes[: node.position]):
        if not one.closes and one.item.type.has_children and one.partner > node.position:
            return one
    return None


def noon(questionnaire: Questionnaire, day: date) -> datetime:
    """Return the moment that stands for a day on which a form was filled in: noon, where it was."""
    return datetime.combine(day, time(12), questionnaire.clock)
