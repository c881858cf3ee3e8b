"""An organiser's code frame: what answers in people's own words are counted as, with the words that tell it.

A code is told by keywords and by examples, in each language, and not told where a word of `exclude` stands too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.folding import fold
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import ItemType, Questionnaire

EVERY = ""
"""Stands for every language."""
NEAR_ENOUGH = 0.6
KEYS = ("name", "label", "items", "keywords", "examples", "exclude")
MOST_CODES = 200

ByLanguage = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that answers may say. `items` are those whose answers it is for; none stands for every one."""

    name: str
    label: Mapping[str, str]
    items: tuple[str, ...] = ()
    keywords: ByLanguage = field(default_factory=dict)
    examples: ByLanguage = field(default_factory=dict)
    exclude: ByLanguage = field(default_factory=dict)

    def label_in(self, language: str) -> str:
        """Return the label in a language, else that for every language or the first there is."""
        return self.label.get(language) or self.label.get(EVERY) or next(iter(self.label.values()))

    def is_for(self, item: str) -> bool:
        return not self.items or item in self.items


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """The codes of a consultation. `near` is how like an example an answer has to be, from 0 to 1 (the same)."""

    codes: tuple[Code, ...]
    near: float = NEAR_ENOUGH

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(code.name for code in self.codes)


def define_codes(mapping: Mapping[str, Any], questionnaire: Questionnaire) -> CodeFrame | tuple[Problem, ...]:
    """Return the code frame that a file's mapping describes, or every problem in it."""
    builder = _Builder(questionnaire)
    frame = builder.frame(mapping)
    return tuple(builder.problems) or frame


class _Builder:
    """Builds codes from plain values, noting what is wrong."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.problems: list[Problem] = []
        self._languages = questionnaire.languages
        self._items = tuple(node.item.name for node in questionnaire.nodes if node.item.type is ItemType.TEXT)

    def frame(self, mapping: Mapping[str, Any]) -> CodeFrame:
        self._unknown(mapping, ("codes", "near"), ())
        near = mapping.get("near", NEAR_ENOUGH)
        if isinstance(near, bool) or not isinstance(near, int | float):
            self._say("wrong-type", ("near",), "'near' should be a number.", "Write a number, like: 0.6")
            near = NEAR_ENOUGH
        elif not 0 < near <= 1:
            self._say(
                "out-of-bounds", ("near",), "'near' is beyond its bounds.", "Write more than 0, up to 1."
            )
        listed = mapping.get("codes")
        if not isinstance(listed, list) or not listed:
            remedy = "Add a line: codes:, and below it for each code: - {name: water, label: Water, keywords: [water]}"
            self._say(
                "missing-key" if listed is None else "wrong-type", ("codes",), "There are no codes.", remedy
            )
            listed = []
        if len(listed) > MOST_CODES:
            message = f"There are {len(listed)} codes; nobody tells so many apart."
            self._say("out-of-bounds", ("codes",), message, f"Write {MOST_CODES} or fewer.")
        codes = [self._code(one, ("codes", place)) for place, one in enumerate(listed)]
        seen: set[str] = set()
        for place, code in enumerate(codes):
            if code is not None and code.name in seen:
                message = f"There are two codes named '{code.name}'."
                self._say("duplicate-name", ("codes", place, "name"), message, "Rename one.")
            seen |= {code.name} if code is not None else set()
        return CodeFrame(tuple(code for code in codes if code is not None), float(near))

    def _code(self, value: Any, path: Path) -> Code | None:
        if not isinstance(value, Mapping):
            self._say("wrong-type", path, "A code should be 'key: value' pairs.", "Write: - name: water")
            return None
        self._unknown(value, KEYS, path)
        name = value.get("name")
        if not isinstance(name, str) or not name or any(sign.isspace() or sign == "," for sign in name):
            code, message = ("missing-key", "'name' is missing here.") if name is None else ("bad-name", "")
            message = message or f"'{name}' cannot be the name of a code."
            self._say(code, (*path, "name"), message, "Write a name without blanks, like: clean_water.")
            return None
        label = {language: "; ".join(texts) for language, texts in self._texts(value, "label", path).items()}
        built = Code(
            name,
            label or {EVERY: name},
            self._of_items(value.get("items"), (*path, "items")),
            self._keywords(value, "keywords", path),
            self._texts(value, "examples", path),
            self._keywords(value, "exclude", path),
        )
        if not built.keywords and not built.examples:
            message = f"Nothing tells that an answer is about '{name}'."
            self._say("code-without-words", path, message, "Write keywords or examples.")
        return built

    def _of_items(self, value: Any, path: Path) -> tuple[str, ...]:
        listed = value if isinstance(value, list) else [] if value is None else [value]
        for place, name in enumerate(listed):
            if name not in self._items:
                meant = nearest(str(name), self._items)
                remedy = f"Write {meant}." if meant else f"Those are: {', '.join(self._items) or 'none'}."
                message = f"'{name}' is no item that asks for own words."
                self._say("code-unknown-item", (*path, place), message, remedy)
        return tuple(map(str, listed))

    def _keywords(self, value: Mapping[str, Any], key: str, path: Path) -> ByLanguage:
        found = self._texts(value, key, path)
        for language, words in found.items():
            for word in words:
                if not fold(word) or "*" in word[:-1]:
                    place = (*path, key, language) if language else (*path, key)
                    message = f"'{word}' cannot be a keyword."
                    remedy = (
                        "Write a word, or its beginning and a star: work*. The star stands at the end alone."
                    )
                    self._say("code-bad-keyword", place, message, remedy)
        return found

    def _texts(self, value: Mapping[str, Any], key: str, path: Path) -> ByLanguage:
        """Return texts by language, from a text, a list, or either for each language."""
        given = value.get(key)
        if given is None:
            return {}
        by_language = given if isinstance(given, Mapping) else {EVERY: given}
        found: dict[str, tuple[str, ...]] = {}
        for language, listed in by_language.items():
            place = (*path, key, language) if language else (*path, key)
            if language and language not in self._languages:
                message = f"'{language}' is not among the consultation's languages."
                self._say("language-not-offered", place, message, f"Those are: {', '.join(self._languages)}.")
            texts = listed if isinstance(listed, list) else [listed]
            if not all(isinstance(text, str) and text.strip() for text in texts):
                message = f"'{key}' should be words or a list of them."
                self._say("wrong-type", place, message, 'Write words; put quotes around a number: "2026".')
                continue
            found[language] = tuple(texts)
        return found

    def _unknown(self, value: Mapping[str, Any], known: Sequence[str], path: Path) -> None:
        for key in value:
            if key not in known:
                meant = nearest(key, known)
                remedy = f"Write {meant}." if meant else f"The keys there are: {', '.join(known)}."
                self._say("unknown-key", (*path, key), f"There is no key '{key}' here.", remedy)

    def _say(self, code: str, path: Path, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, path, message, remedy))


def located(problems: Sequence[Problem], file: str, places: Mapping[Path, int]) -> Iterator[Problem]:
    """Yield problems with their file, and the line of the nearest value around their place that has one."""
    for problem in problems:
        place = problem.path
        while place and place not in places:
            place = place[:-1]
        yield replace(problem, file=file, line=problem.line or places.get(place))
