"""From the bytes of a YAML file to a plain mapping and the line of each value in it, or to what is wrong.

YAML can be made to explode (aliases of aliases), to nest without end and to change what is written (`no` is false,
`2026-01-05` a date, a key that stands twice is lost). So the file's events are counted before anything is built from
them, and scalars are read by YAML 1.2's core schema: only `true`, `false`, `null` and numbers are not text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent

from bot.core.limits import LIMITS
from bot.core.problems import Path, Problem
from bot.flowfiles.syntax import syntax_problem

Loader = yaml.CSafeLoader
"""libyaml's parser: ten times as fast as the one in Python, and it nests without recursion."""

Places = Mapping[Path, int]
"""The line, from 1, of each value of a file by its path; a mapping's value has the line of its key."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a consultation file holds, and where."""

    mapping: Mapping[str, Any]
    places: Places


def read(content: bytes) -> Source | tuple[Problem, ...]:
    """Return the mapping that a file holds with the place of each value, or every problem in reading it."""
    if len(content) > LIMITS.file_bytes:
        return (
            _problem(
                "file-too-large",
                f"The file is larger than {LIMITS.file_bytes / 1e6:.0f} MB, more than a consultation can be.",
                "Check that this is a consultation and not data.",
            ),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        remedy = "In the editor, choose 'Save as' and the encoding UTF-8."
        return (_problem("not-utf8", "The file is not UTF-8 text.", remedy, line),)
    try:
        excess = _excess(text)
        if excess is not None:
            return (excess,)
        root = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        return (syntax_problem(error, text),)
    if not isinstance(root, yaml.MappingNode):
        return (_no_consultation(root),)
    builder = _Builder()
    mapping = builder.build(root, ())
    return tuple(builder.problems) or Source(mapping, builder.places)


def _problem(code: str, message: str, remedy: str, line: int | None = None, path: Path = ()) -> Problem:
    return Problem(code, path, message, remedy, line=line)


def _line(mark: Any) -> int:
    """Return the line of one of libyaml's marks, from 1."""
    return int(mark.line) + 1


def _excess(text: str) -> Problem | None:
    """Return what makes a file too much to read, found on its events: nothing is built or expanded yet."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=Loader), 1):
        line = _line(event.start_mark)
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if getattr(event, "tag", None) is not None:
            return _problem(
                "yaml-odd-start", "A text cannot begin with '!'.", "Put quotes around the text.", line
            )
        if depth > LIMITS.yaml_depth:
            return _problem(
                "too-deep",
                f"The file nests more than {LIMITS.yaml_depth} levels deep here.",
                "Check the brackets and the indentation.",
                line,
            )
        if count > LIMITS.yaml_events:
            return _problem(
                "too-many-entries",
                "The file has too many entries.",
                "Make several consultations of it.",
                line,
            )
    return None


def _no_consultation(root: yaml.Node | None) -> Problem:
    remedy = "Begin it with: consultation: its-id (docs/consultation-file.md has a whole one)."
    # Dashes with nothing below them are a document of one empty scalar.
    if root is None or root.value == "":
        return _problem("empty-file", "The file is empty.", remedy, 1)
    message = "The file does not describe a consultation: it does not begin with a 'key: value'."
    return _problem("not-a-mapping", message, remedy, _line(root.start_mark))


INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
FRACTION = re.compile(r"-?(0|[1-9][0-9]{0,9})\.([0-9]{0,4}[1-9]|0)")
"""Numbers whose digits say all that was written. `007` is a code, `1.50` a price, `1e9` a nickname: they stay text, and
where a number is wanted such a text is read as one."""
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Builder:
    """Builds plain values from nodes, noting where each stands and what is wrong."""

    def __init__(self) -> None:
        self.places: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._built = 0

    def build(self, node: yaml.Node, path: Path) -> Any:
        self._built += 1
        self.places.setdefault(path, _line(node.start_mark))
        if self._built > LIMITS.yaml_events or len(path) > LIMITS.yaml_depth:
            # Only aliases lead here: each place that names one is built anew, and a few lines can name billions.
            self._report_once(
                "alias-bomb",
                "The aliases (*name) of this file multiply beyond all measure.",
                "Write the values out, or use choice_lists.",
                node,
            )
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(one, (*path, position)) for position, one in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._report_once("bad-key", "A key must be a word.", "Write 'key: value'.", key_node)
                continue
            key = str(key_node.value)
            place = (*path, key)
            if key == "<<" and not key_node.style:
                message = "'<<' does not bring in the keys of another mapping here."
                self._report_once("merge-key", message, "Write the keys out, or use choice_lists.", key_node)
                continue
            if key in built:
                line = _line(key_node.start_mark)
                message = f"'{key}' stands twice here; the first is in line {self.places[place]}."
                self.problems.append(
                    _problem("duplicate-key", message, "Take one of the two out.", line, place)
                )
                continue
            self.places[place] = _line(key_node.start_mark)
            built[key] = self.build(value_node, place)
        return built

    def _report_once(self, code: str, message: str, remedy: str, node: yaml.Node) -> None:
        if all(problem.code != code for problem in self.problems):
            self.problems.append(_problem(code, message, remedy, _line(node.start_mark)))


def _scalar(node: yaml.ScalarNode) -> Any:
    """Return a scalar by YAML 1.2's core schema; what is in quotes is text."""
    text = str(node.value)
    if node.style:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FRACTION.fullmatch(text) else text
