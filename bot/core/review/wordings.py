"""What people type: choices that can be told apart, and words that neither the bot nor the carrier takes for itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.core.carriers import SWALLOWED
from bot.core.folding import digits, fold
from bot.core.interview.slots import slot_of
from bot.core.limits import LIMITS
from bot.core.outreach.coupons import is_coupon
from bot.core.places import choice_path, items_with_paths
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Choice, Item, ItemType, Questionnaire
from bot.core.replies import Read, read_command, read_reply
from bot.core.replies.matching import key
from bot.core.replies.taken import taken_words

ANY_DAY = date(2026, 1, 1)
LONGEST_BUTTON_BYTES = 64
"""What a button can bring back on Telegram, the channel with the narrowest ones (callback_data)."""


def wording_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield choices and keywords that cannot be typed as they are written."""
    seen: set[tuple[str, Path]] = set()
    for item, path in items_with_paths(questionnaire.items):
        for problem in _choice_faults(questionnaire, item, path):
            # The choices of a shared list are looked at for each item that uses it, and told once.
            if (problem.code, problem.path) not in seen:
                seen.add((problem.code, problem.path))
                yield problem
    yield from _keyword_faults(questionnaire)
    yield from _button_faults(questionnaire)


def _wordings(choice: Choice, language: str) -> Iterator[tuple[str, Path]]:
    """Yield what a person may type for a choice, with where it stands below the choice."""
    yield choice.label.into(language), ("label",)
    if choice.sms_label is not None:
        yield choice.sms_label.into(language), ("sms_label",)
    for alias in choice.aliases_in(language):
        yield alias, ("aliases",)


def _choice_faults(questionnaire: Questionnaire, item: Item, path: Path) -> Iterator[Problem]:
    for language in questionnaire.languages:
        wordings = [
            (position, wording, (*choice_path(item, path, position), *key))
            for position, choice in enumerate(item.choices)
            for wording, key in _wordings(choice, language)
        ]
        owners: dict[str, set[int]] = {}
        for position, wording, _ in wordings:
            owners.setdefault(_read(wording), set()).add(position)
        for position, wording, place in wordings:
            first = min(owners[_read(wording)])
            if position != first:
                yield _alike(item, first, wording, language, place)
            elif len(owners[_read(wording)]) == 1:
                # What another choice says too is not understood either, but that is the same fault.
                yield from _taken(questionnaire, item, position, wording, language, place)


def _read(wording: str) -> str:
    """Return what is left of a wording when it is read: ٣ and 3 are one."""
    return fold(digits(wording))


def _alike(item: Item, owner: int, wording: str, language: str, path: Path) -> Problem:
    return Problem(
        "choices-alike",
        path,
        f"'{wording}' ({language}) reads the same as choice {owner + 1}, '{item.choices[owner].name}'.",
        "Word the two so that they differ in more than case, accents and punctuation.",
        language=language,
    )


def _taken(
    questionnaire: Questionnaire, item: Item, position: int, wording: str, language: str, path: Path
) -> Iterator[Problem]:
    """Yield who else takes a wording for itself: the carrier, the bot, or another choice."""
    phrasebook = questionnaire.phrasebook(language)
    if fold(wording) in SWALLOWED:
        yield replace(_swallowed(wording, path), language=language)
    elif (command := read_command(wording, phrasebook)) is not None:
        yield Problem(
            "taken-by-command",
            path,
            f"'{wording}' ({language}) is what people send for {command.upper()}; it would not be an answer.",
            "Use another wording.",
            language=language,
        )
    elif item.type.has_choices and item.type is not ItemType.RANK:
        reading = read_reply(item, item.choices, wording, phrasebook, language, ANY_DAY)
        if not isinstance(reading, Read) or reading.value != item.choices[position].name:
            yield Problem(
                "cannot-be-typed",
                path,
                f"'{wording}' ({language}), typed as it stands, is not understood as this choice.",
                "Use a wording that is no number and no part of another choice's.",
                language=language,
            )


def _button_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield choices whose button would bring back more than it can."""
    for item, path in items_with_paths(questionnaire.items):
        if item.type not in (ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE) or not item.lists_choices:
            continue
        repeats = questionnaire.nodes[questionnaire.positions[item.name]].repeats
        slot = slot_of(item.name, (LIMITS.repeats,) * len(repeats))
        for position, choice in enumerate(item.choices):
            length = len(f"{slot}={choice.name}".encode())
            if length > LONGEST_BUTTON_BYTES:
                yield Problem(
                    "button-too-long",
                    (*choice_path(item, path, position), "name"),
                    f"'{item.name}' and '{choice.name}' together are too long for a button on Telegram.",
                    f"Shorten the names by {length - LONGEST_BUTTON_BYTES} letters; people never see them.",
                )


def _swallowed(word: str, path: Path) -> Problem:
    return Problem(
        "carrier-word",
        path,
        f"'{word}' as a whole SMS is taken by the carrier and may block the person.",
        "Use another word. People can always answer by number.",
    )


def _keyword_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    taken = taken_words(questionnaire.phrasebooks.values())
    for language, words in questionnaire.keywords.items():
        for position, word in enumerate(words):
            path = ("keywords", language, position)
            folded = fold(word)
            if folded in SWALLOWED:
                yield _swallowed(word, path)
            elif not folded or "".join(digits(folded).split()).isdecimal():
                yield Problem(
                    "keyword-is-number",
                    path,
                    f"'{word}' would be taken for the number of a choice.",
                    "Use a word, like WATER.",
                )
            elif is_coupon(word):
                yield keyword_taken(word, path, "like a code that people pass on")
            elif (meaning := taken.get(key(word))) is not None:
                yield keyword_taken(word, path, str(meaning))


def keyword_taken(word: str, path: Path, what: str) -> Problem:
    """Return the problem of a keyword that is something else to the bot."""
    message = f"'{word}' is {what}: who sends it means that."
    return Problem("taken-by-command", path, message, "Use a word of this consultation's own, like WATER.")
