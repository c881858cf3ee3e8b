"""Faults of shape, told to an organiser: pydantic finds them, these words say them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.core.definition.shape import ChoiceShape, ConsentShape, ConsultationShape, ItemShape, RangeShape
from bot.core.problems import Path, Problem, nearest

WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("a text", "like: label: How old are you?"),
    "bool_type": ("true or false", "like: required: false"),
    "int_type": ("a whole number", "like: tries: 3"),
    "int_from_float": ("a whole number", "like: tries: 3"),
    "float_type": ("a number", "like: partial_share: 0.5"),
    "float_parsing": ("a number", "like: partial_share: 0.5"),
    "is_instance_of": ("a number", "like: start: 1"),
    "decimal_type": ("a number", "like: start: 1"),
    "list_type": ("a list", "one entry a line, each beginning with '- '"),
    "dict_type": ("a mapping", "one 'key: value' a line"),
    "model_type": ("a mapping", "one 'key: value' a line"),
    "model_attributes_type": ("a mapping", "one 'key: value' a line"),
}
"""pydantic's error type to what is wanted there, and an example."""

CALLED: Mapping[type, str] = {
    dict: "a mapping",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}
KEYS: Mapping[str, type[BaseModel]] = {"items": ItemShape, "choices": ChoiceShape, "consent": ConsentShape}


def faults_of_shape(error: ValidationError) -> list[Problem]:
    """Return a Problem for each error, at its place in the file."""
    return [_problem(dict(one)) for one in error.errors(include_url=False)]


def _problem(error: dict[str, Any]) -> Problem:
    path: Path = tuple(step for step in error["loc"] if step != "[key]")
    kind, given, details = error["type"], error["input"], error.get("ctx", {})
    key = path[-1] if path else "file"
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        return Problem("missing-key", path, f"'{key}' is missing here.", f"Add a line: {key}: ...")
    if kind in SAID:
        code, message, remedy = SAID[kind]
        return Problem(code, path, message.format(**details), _remedy(kind, remedy, details))
    if kind in WANTED:
        wanted, example = WANTED[kind]
        message = f"'{key}' should be {wanted}, and is {CALLED.get(type(given), 'something else')}."
        return Problem("wrong-type", path, message, f"Write {wanted}, {example}.")
    if kind == "literal_error":
        return Problem("wrong-value", path, f"'{key}' cannot be '{given}'.", f"Write {details['expected']}.")
    return _out_of_bounds(path, kind, details)


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
        "Use the code of BCP 47, like: en, sw, pt-BR.",
    ),
    "unknown_type": ("unknown-type", "There is no item type '{type}'.", "Write {meant}."),
}


def _remedy(kind: str, remedy: str, details: Mapping[str, Any]) -> str:
    if kind == "unknown_type" and not details["meant"]:
        return "docs/consultation-file.md lists the types; one that asks for words is: text."
    return remedy.format(**details)


def _unknown_key(path: Path) -> Problem:
    """Return the problem of a key that nothing reads: a misspelt one would otherwise be lost in silence."""
    key = str(path[-1])
    around = [step for step in path[:-1] if isinstance(step, str)]
    shape = (
        KEYS.get(around[-1], RangeShape if around[-1] == "range" else ConsultationShape) if around else None
    )
    known = (shape or ConsultationShape).model_fields
    meant = nearest(key, known)
    remedy = f"Write {meant}." if meant else f"Take it out. The keys there are: {', '.join(sorted(known))}."
    return Problem("unknown-key", path, f"There is no key '{key}' here.", remedy)


def _out_of_bounds(path: Path, kind: str, details: Mapping[str, Any]) -> Problem:
    key = path[-1] if path else "file"
    match kind:
        case "string_too_long":
            least, message = f"at most {details['max_length']} characters", f"'{key}' is too long."
        case "too_short":
            least, message = f"at least {details['min_length']}", f"'{key}' is empty."
        case "greater_than_equal":
            least, message = f"{details['ge']} or more", f"'{key}' is too small."
        case "less_than_equal":
            least, message = f"{details['le']} or less", f"'{key}' is too large."
        case _:
            least, message = "what docs/consultation-file.md asks for", f"'{key}' cannot be that."
    return Problem("out-of-bounds", path, message, f"Write {least}.")
