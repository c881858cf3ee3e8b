"""Putting something in the place of what has the wrong shape, so that the rest of a file is still looked at.

An organiser who misspelt one key learns in the same run what else is wrong. What is said of a mended place is not
believed: it would be about the stand-in.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.core.problems import Path, Problem


def mended(mapping: Mapping[str, Any], faults: Iterable[Problem]) -> dict[str, Any]:
    """Return the mapping with a stand-in at the place of each fault, or nothing where nothing need be."""
    # Only what lies around a fault is copied; the rest is shared with the mapping, which stays as it is.
    copies: dict[Path, Any] = {(): dict(mapping)}
    for number, fault in enumerate(faults):
        _mend(copies, fault, number)
    return dict(copies[()])


def _mend(copies: dict[Path, Any], fault: Problem, number: int) -> None:
    around: Path = ()
    for step in fault.path[:-1]:
        inner = _inner(copies[around], step)
        if not isinstance(inner, dict | list):
            # A text stands where a mapping or list may (`consent: ''`): the fault is of the text.
            break
        if (*around, step) not in copies:
            copies[around][step] = copies[*around, step] = inner.copy()
        around = (*around, step)
    holder, key = copies[around], fault.path[len(around)] if fault.path else ""
    stand_in = _stand_in((*around, key), number)
    if isinstance(holder, list):
        holder[int(key)] = stand_in
    elif fault.code == "unknown-key" or stand_in is None:
        holder.pop(key, None)
    else:
        holder[key] = stand_in


def _inner(holder: Any, step: str | int) -> Any:
    return holder[int(step)] if isinstance(holder, list) else holder.get(step)


def _stand_in(path: Path, number: int) -> Any:
    """Return what can stand at a place, None where nothing need; `number` makes names differ."""
    item = {"name": f"mended_{number}", "type": "text", "label": "…"}
    key = path[-1]
    if isinstance(key, str):
        always: dict[str, Any] = {
            "consultation": "mended",
            "title": "…",
            "languages": ["en"],
            "keywords": {},
            "consent": "…",
            "ask": "…",
            "items": [item],
            "start": 0,
            "end": 1,
            **item,
        }
        return always.get(key)
    match next((step for step in reversed(path) if isinstance(step, str)), ""):
        case "items":
            return item
        case "languages":
            # ISO 639 keeps these codes for private use, so that none of them means a language.
            return f"qa{chr(ord('a') + number % 26)}"
        case "groups":
            return {"name": f"mended_{number}"}
        case "bands":
            return number
        case "choices":
            return {"name": f"mended_{number}", "label": "…"}
        case _:
            return {"name": f"mended_{number}", "label": "…"} if "choice_lists" in path else "mended"


def believed(problems: Iterable[Problem], faults: Collection[Problem]) -> list[Problem]:
    """Return the problems found in a mended mapping that are not about what was put in for the faults."""
    places = {fault.path for fault in faults}
    around = {place[:length] for place in places for length in range(1, len(place))}
    typeless = {place[:-1] for place in places if place[-1:] == ("type",)}
    headless = {place[0] for place in places if len(place) <= 2}

    nameless = _names_are_doubtful(faults)

    def is_believed(problem: Problem) -> bool:
        path = problem.path
        if path in around or any(path[:length] in places for length in range(1, len(path) + 1)):
            return False
        if path[:-1] in typeless and problem.code in ("key-not-for-type", "missing-key"):
            return False
        if nameless and problem.code in ("unknown-reference", "unknown-group"):
            return False
        return SPEAKS_OF.get(problem.code) not in headless

    return [problem for problem in problems if is_believed(problem)]


def _names_are_doubtful(faults: Iterable[Problem]) -> bool:
    return any(
        fault.path[-1:] in (("name",), ("items",)) or fault.path[-2:-1] == ("items",) for fault in faults
    )


SPEAKS_OF: Mapping[str, str] = {
    "language-not-offered": "languages",
    "unknown-choice-list": "choice_lists",
    "no-keyword": "keywords",
}
"""By code: the key at the top of a file that a problem elsewhere rests on."""
