"""Faults of shape, told to an organiser: pydantic finds them, these words say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.core.definition.shape import (
    NOT_IN_FILE,
    ChoiceShape,
    ConsentShape,
    ConsultationShape,
    GroupingShape,
    ItemShape,
    RangeShape,
)
from bot.core.limits import LIMITS
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import ItemType

WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("a text", "label: How old are you?"),
    "bool_type": ("true or false", "required: false"),
    "int_type": ("a whole number", "tries: 3"),
    "float_type": ("a number", "partial_share: 0.5"),
    "float_parsing": ("a number", "partial_share: 0.5"),
    "finite_number": ("a number", "partial_share: 0.5"),
    "is_instance_of": ("a number", "start: 1"),
    "decimal_type": ("a number", "start: 1"),
    "list_type": ("a list", "languages: [en, sw]"),
    "dict_type": ("'key: value' pairs", "keywords: {en: [WATER]}"),
    "model_type": ("'key: value' pairs", "{name: gas, label: Gas}"),
    "model_attributes_type": ("'key: value' pairs", "{name: gas, label: Gas}"),
}
"""pydantic's error type to what is wanted there, and an example."""

EXAMPLES: Mapping[str, str] = {
    "items": "items:, and below it the items, each beginning like: - name: age",
    "label": "label: How old are you?",
    "name": "name: age",
    "type": "type: integer",
    "calculation": "calculation: ${adults} + ${children}",
    "consultation": "consultation: water-2026",
    "title": "title: Clean water",
    "choices": "choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}]",
    "keywords": "keywords: {en: [WATER], sw: [MAJI]}",
    "languages": "languages: [en, sw]",
    "aliases": "aliases: [sticks, logs]",
    "range": "range: {start: 1, end: 5, step: 1}",
    "consent": "consent: We ask 6 short questions about water. Send STOP to end. Do you agree?",
    "choice_lists": "choice_lists:, and below it: yes_no: [{name: yes, label: Yes}, {name: no, label: No}]",
    "groups": "groups: [gender, {name: age, bands: [18, 25, 40, 60]}]",
    "bands": "bands: [18, 25, 40, 60]",
    "sms_segments": "sms_segments: {en: 2, ar: 4}",
    "translated_share": "translated_share: 0.9",
}
"""By key: how it is written."""

CALLED: Mapping[type, str] = {
    dict: "'key: value' pairs",
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}
KEYS: Mapping[str, type[BaseModel]] = {
    "items": ItemShape,
    "choices": ChoiceShape,
    "consent": ConsentShape,
    "range": RangeShape,
    "groups": GroupingShape,
}
"""By the key that a mapping stands under: what it may hold."""

KNOWN_KEYS = frozenset(
    key
    for shape in (ConsultationShape, ConsentShape, GroupingShape, ItemShape, ChoiceShape, RangeShape)
    for key in shape.model_fields
)


@dataclass(frozen=True, slots=True)
class FileShape:
    """What a kind of file may hold: its top, the shapes below it by the key they stand under, and who explains it."""

    top: type[BaseModel]
    below: Mapping[str, type[BaseModel]]
    guide: str


CONSULTATION = FileShape(ConsultationShape, KEYS, "docs/consultation-file.md")


def faults_of_shape(error: ValidationError, of: FileShape = CONSULTATION) -> list[Problem]:
    """Return a Problem for each error, at its place in the file."""
    return [_problem(dict(one), of) for one in error.errors(include_url=False)]


def without_misspelt(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems without keys that are missing only since they stand there misspelt, which is told."""
    meant = {
        (*problem.path[:-1], nearest(str(problem.path[-1]), KNOWN_KEYS))
        for problem in problems
        if problem.code == "unknown-key"
    }
    return tuple(
        problem for problem in problems if problem.code != "missing-key" or problem.path not in meant
    )


def _problem(error: dict[str, Any], of: FileShape) -> Problem:
    path: Path = tuple(step for step in error["loc"] if step not in NOT_IN_FILE)
    kind, given, details = error["type"], error["input"], error.get("ctx", {})
    key = path[-1] if path else "file"
    if kind == "extra_forbidden":
        return _unknown_key(path, of)
    if kind == "missing":
        return Problem("missing-key", path, f"'{key}' is missing here.", f"Add a line: {example(key)}")
    if kind in SAID:
        code, message, remedy = SAID[kind]
        return Problem(code, path, message.format(**details), _remedy(kind, remedy, details))
    if kind == "string_type" and key not in KNOWN_KEYS and nearest(str(key), ChoiceShape.model_fields):
        return _unknown_key(path, of)
    if kind in WANTED:
        return _wrong_type(path, kind, given)
    if kind == "literal_error":
        return Problem("wrong-value", path, f"'{key}' cannot be '{given}'.", f"Write {details['expected']}.")
    return _out_of_bounds(path, kind, details, of)


def _wrong_type(path: Path, kind: str, given: object) -> Problem:
    wanted, usual = WANTED[kind]
    key = path[-1] if path else "file"
    what = f"'{key}'" if isinstance(key, str) else "This entry"
    called = str(given).lower() if isinstance(given, bool) else CALLED.get(type(given), "something else")
    message = f"{what} should be {wanted}, and is {called}."
    if kind == "string_type" and isinstance(given, bool):
        return Problem("wrong-type", path, message, f'Put quotes around it: "{called}".')
    return Problem("wrong-type", path, message, f"Write {wanted}, like: {EXAMPLES.get(str(key), usual)}")


def example(key: str | int) -> str:
    """Return how a key is written."""
    return EXAMPLES.get(str(key), f"{key}: ...")


SAID: Mapping[str, tuple[str, str, str]] = {
    "bad_name": (
        "bad-name",
        "'{name}' cannot be the name of an item.",
        "Use letters, digits, '_', '-' and '.', beginning with a letter, like: household_size.",
    ),
    "bad_choice_name": (
        "bad-name",
        "'{name}' cannot be the name of a choice.",
        "Use a name without blanks, like: fire_wood.",
    ),
    "bad_language": (
        "bad-language",
        "'{language}' is not the code of a language.",
        "Write {meant}.",
    ),
    "bad_hours": ("bad-hours", "'{hours}' is no span of hours of a day.", "Write it like: 09:00-19:00"),
    "bad_date": ("bad-date", "'{date}' is no date.", "Write it like: 2026-12-25"),
    "bad_country": (
        "bad-country",
        "'{country}' is not the code of a country.",
        "Write the two letters of ISO 3166, like: KE",
    ),
    "bad_time_zone": (
        "bad-time-zone",
        "'{zone}' is the name of no time zone.",
        "Write a name of the IANA database: a continent and a town, like Africa/Nairobi.",
    ),
    "bad_amount": ("bad-amount", "'{amount}' is no amount of money.", 'Write it like: 50, or "0.50"'),
    "bad_currency": (
        "bad-currency",
        "'{currency}' is not the code of a currency.",
        "Write the three letters of ISO 4217, like: KES",
    ),
    "bad_hook": (
        "bad-hook",
        "A phone number may not be sent there.",
        "Give an address by https, without a user: https://example.org/airtime",
    ),
    "number_not_disclosed": (
        "number-not-disclosed",
        "Who pays a reward gets the phone number that it is for.",
        "Write discloses_number: true, and tell people so where they consent; or take rewards out.",
    ),
    "bad_source_code": (
        "bad-source-code",
        "'{code}' cannot be the code of a source.",
        "Use 2 to 10 letters of A to Z and digits, which every phone can type, like: CITIZEN",
    ),
    "bad_number": (
        "bad-number",
        "This is no number that people can dial.",
        'Write it in quotes as people dial it, like: "20880" or "+12025550100"',
    ),
    "bad_telegram_name": (
        "bad-telegram-name",
        "'{name}' cannot be the name of a bot.",
        "Write the name that BotFather gave it, like: water_bot",
    ),
    "empty_text": ("empty-text", "There is no text here.", "Write one, or take the key out."),
    "unknown_type": ("unknown-type", "There is no item type '{type}'.", "Write {meant}."),
}


def _remedy(kind: str, remedy: str, details: Mapping[str, Any]) -> str:
    if kind == "unknown_type" and not details["meant"]:
        return f"Write one of: {', '.join(ItemType)}."
    return remedy.format(**details)


def _unknown_key(path: Path, of: FileShape) -> Problem:
    """Return the problem of a key that nothing reads: a misspelt one would otherwise be lost in silence."""
    key = str(path[-1])
    around = [step for step in path[:-1] if isinstance(step, str)]
    shape = of.below.get("choices" if "choice_lists" in around else around[-1]) if around else None
    known = [one.alias or name for name, one in (shape or of.top).model_fields.items()]
    meant = nearest(key, known)
    remedy = f"Write {meant}." if meant else f"Take it out. The keys there are: {', '.join(sorted(known))}."
    return Problem("unknown-key", path, f"There is no key '{key}' here.", remedy)


def _out_of_bounds(path: Path, kind: str, details: Mapping[str, Any], of: FileShape) -> Problem:
    key = path[-1] if path else "file"
    match kind:
        case "string_too_long" | "too_long":
            least, message = f"at most {details['max_length']} characters", f"'{key}' is too long."
        case "too_short":
            least, message = f"at least {details['min_length']}", f"'{key}' is empty."
        case "recursion_loop" | "recursion_depth_exceeded":
            # Only a mapping from elsewhere nests so: files are refused at a few levels.
            message = "The items nest without end."
            return Problem("too-deep", path[: LIMITS.yaml_depth], message, "Take groups out of groups.")
        case "greater_than_equal":
            least, message = f"{details['ge']:g} or more", f"'{key}' is too small."
        case "less_than_equal":
            least, message = f"{details['le']:g} or less", f"'{key}' is too large."
        case _:
            least, message = f"what {of.guide} asks for", f"'{key}' cannot be that."
    return Problem("out-of-bounds", path, message, f"Write {least}.")
