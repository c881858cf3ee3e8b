"""From a file's shape to the records of a questionnaire, checking what no shape can say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.core.definition.faults import faults_of_shape, without_misspelt
from bot.core.definition.groups import groupings
from bot.core.definition.items import ItemBuilder
from bot.core.definition.mending import believed, mended
from bot.core.definition.shape import CONSULTATION, ConsultationShape, ItemShape
from bot.core.folding import fold
from bot.core.groups import COLUMNS
from bot.core.limits import LIMITS
from bot.core.places import items_with_paths
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Consent, Grouping, Item, ItemType, Node, Questionnaire, Text


@dataclass(frozen=True, slots=True)
class Examined:
    """What a mapping comes to: every problem of it, and a questionnaire as far as one can be made of the rest.

    Where there are problems, the questionnaire has stand-ins and is good for nothing but to look for more; it is None
    where even that would mislead.
    """

    questionnaire: Questionnaire | None
    problems: tuple[Problem, ...]


def define(mapping: Mapping[str, Any]) -> Questionnaire | tuple[Problem, ...]:
    """Return the consultation that a file's mapping describes, in its source language, or every problem in it.

    `mapping` is plain: mappings, lists, texts, numbers, true and false. Its texts are not translated and it has no
    phrasebooks yet; see `bot.language.catalogues`.
    """
    examined = examine(mapping)
    return examined.problems or examined.questionnaire or ()


def examine(mapping: Mapping[str, Any]) -> Examined:
    """Return what a mapping comes to, for whoever goes on looking where `define` would stop."""
    shape, faults = _shaped(mapping)
    if shape is None:
        return Examined(None, without_misspelt(faults))
    problems: list[Problem] = [*_heading_faults(shape)]
    items = ItemBuilder(shape.choice_lists, _filtered_by(shape.items), problems).build(shape.items)
    problems += _name_faults(items)
    groups = groupings(shape.groups, items, problems)
    is_sound = all(problem.code in HARMLESS and problem.path[-1] != "items" for problem in problems)
    return Examined(
        _questionnaire(shape, items, groups) if is_sound else None,
        without_misspelt((*faults, *believed(problems, faults))),
    )


HARMLESS = frozenset(
    {
        "bad-expression",
        "bad-id",
        "bad-keyword",
        "bad-time-zone",
        "duplicate-group",
        "duplicate-keyword",
        "duplicate-language",
        "group-bands",
        "group-not-suitable",
        "key-not-for-type",
        "language-not-offered",
        "name-taken",
        "unknown-group",
        "unknown-key",
        "wrong-value",
    }
)
"""Problems that leave records which hold together; the rest makes names, choices or texts doubtful."""


def _shaped(mapping: Mapping[str, Any]) -> tuple[ConsultationShape | None, tuple[Problem, ...]]:
    """Return the shape with the faults that had to be mended for it; None where mending was not enough."""
    try:
        return ConsultationShape.model_validate(dict(mapping)), ()
    except ValidationError as error:
        faults = tuple(faults_of_shape(error))
    try:
        return ConsultationShape.model_validate(mended(mapping, faults)), faults
    except ValidationError:
        return None, faults


def _questionnaire(
    shape: ConsultationShape, items: tuple[Item, ...], groups: tuple[Grouping, ...]
) -> Questionnaire:
    nodes = tuple(_laid_out(items, ()))
    placed = tuple(_partnered(nodes))
    return Questionnaire(
        id=shape.consultation,
        title=Text("title", shape.title),
        languages=tuple(shape.languages),
        keywords={language: tuple(words) for language, words in shape.keywords.items()},
        consent=Consent(
            ask=Text("consent.ask", shape.consent.ask),
            sms_ask=_text("consent.sms_ask", shape.consent.sms_ask),
            refused=_text("consent.refused", shape.consent.refused),
        ),
        items=items,
        nodes=placed,
        positions={node.item.name: node.position for node in placed if not node.closes},
        thanks=_text("thanks", shape.thanks),
        not_eligible=_text("not_eligible", shape.not_eligible),
        screened_out=_text("screened_out", shape.screened_out),
        move=_text("move", shape.move),
        clock=ZoneInfo(shape.time_zone),
        report_back=shape.report_back,
        partial_share=shape.partial_share,
        translated_share=shape.translated_share,
        groups=groups,
        sms_segments={"": 2, **shape.sms_segments},
    )


def _filtered_by(items: list[ItemShape]) -> frozenset[str]:
    found: set[str] = set()
    for item in items:
        found.update(WORD.findall(item.choice_filter or ""), _filtered_by(item.items or []))
    return frozenset(found)


WORD = re.compile(r"[\w.-]+")


def _text(context: str, wording: str | None) -> Text | None:
    return None if wording is None else Text(context, wording)


def _heading_faults(shape: ConsultationShape) -> Iterator[Problem]:
    if not CONSULTATION.fullmatch(shape.consultation):
        yield Problem(
            "bad-id",
            ("consultation",),
            f"'{shape.consultation}' cannot be the id of a consultation.",
            "Use lower-case letters, digits and hyphens, like: water-2026.",
        )
    for position, language in enumerate(shape.languages):
        if language in shape.languages[:position]:
            yield Problem(
                "duplicate-language", ("languages", position), f"'{language}' stands twice.", "Take one out."
            )
    yield from _keyword_faults(shape)
    for language in shape.sms_segments:
        if language and language not in shape.languages:
            yield _not_offered(language, ("sms_segments", language))


def _keyword_faults(shape: ConsultationShape) -> Iterator[Problem]:
    if not any(shape.keywords.values()):
        yield Problem(
            "no-keyword",
            ("keywords",),
            "There is no word to join with.",
            "Write, for example: keywords: {en: [WATER]}",
        )
    seen: dict[str, str] = {}
    for language, words in shape.keywords.items():
        if language not in shape.languages:
            yield _not_offered(language, ("keywords", language))
        for position, word in enumerate(words):
            # As people's messages are compared: whoever types ENERGIA means ENERGÍA.
            folded = fold(word)
            path = ("keywords", language, position)
            if not folded:
                yield Problem(
                    "bad-keyword", path, f"'{word}' has no letter to type.", "Use a word, like: WATER."
                )
            elif folded in seen:
                yield _same_keyword(word, language == seen[folded], path)
            seen.setdefault(folded, language)


def _same_keyword(word: str, within_language: bool, path: Path) -> Problem:
    message = f"'{word}' stands twice" + ("." if within_language else ", so it does not tell the language.")
    remedy = "Take one out." if within_language else "Give each language a word of its own."
    return Problem("duplicate-keyword", path, message, remedy)


def _not_offered(language: str, path: tuple[str, ...]) -> Problem:
    return Problem(
        "language-not-offered",
        path,
        f"'{language}' is not among the consultation's languages.",
        f"Add it to languages, or take this out: {language}",
    )


def _name_faults(items: tuple[Item, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    count = 0
    for item, place in items_with_paths(items):
        count += 1
        if item.name in seen:
            yield _same_name(item, place)
        seen.add(item.name)
        if item.name in COLUMNS:
            message = f"Results have a column '{item.name}' already, which says it of each respondent."
            remedy = f"Rename the item, like: own_{item.name}."
            yield Problem("name-taken", (*place, "name"), message, remedy)
    if count > LIMITS.items:
        yield Problem(
            "too-many-items",
            ("items",),
            f"There are {count} items; Heard takes {LIMITS.items} at most.",
            "Make two consultations of it. By SMS, ten questions are already many.",
        )


def _same_name(item: Item, place: Path) -> Problem:
    message = f"There are two items named '{item.name}'."
    remedy = "Give each item a name of its own, so that conditions and results know which is meant."
    if item.other_for is not None:
        message = f"or_other asks for own words in '{item.name}', and an item before has that name."
        remedy = "Rename that item, or ask for own words yourself and take or_other out."
        return Problem("duplicate-name", (*place, "or_other"), message, remedy)
    return Problem("duplicate-name", (*place, "name"), message, remedy)


def _laid_out(
    items: tuple[Item, ...], repeats: tuple[str, ...]
) -> Iterator[tuple[Item, bool, tuple[str, ...]]]:
    """Yield each place of the flat questionnaire: its item, whether it closes it, and the repeats around it."""
    for item in items:
        yield item, False, repeats
        if item.type.has_children:
            inside = (*repeats, item.name) if item.type is ItemType.REPEAT else repeats
            yield from _laid_out(item.children, inside)
            yield item, True, inside


def _partnered(places: tuple[tuple[Item, bool, tuple[str, ...]], ...]) -> Iterator[Node]:
    openings = {item.name: position for position, (item, closes, _) in enumerate(places) if not closes}
    closings = {item.name: position for position, (item, closes, _) in enumerate(places) if closes}
    for position, (item, closes, repeats) in enumerate(places):
        partner = openings[item.name] if closes else closings.get(item.name, position)
        yield Node(item, position, partner, closes, repeats)
