"""What is wrong with a file that is no YAML, told to somebody who has never heard of YAML.

libyaml speaks to programmers ("could not find expected ':'"), and points to where it gave up; for quotes and brackets
that is the end of the file, so the place where they open is told instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from bot.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Saying:
    """What one of libyaml's complaints means. `opens` takes the line where what it was reading began."""

    said: str
    code: str
    message: str
    remedy: str
    opens: bool = False


SAYINGS: Sequence[Saying] = (
    Saying(
        "expected a single document",
        "several-documents",
        "A line of three dashes begins a second document here.",
        "Make a file of each consultation, or take the dashes out.",
    ),
    Saying(
        "found unexpected end of stream",
        "yaml-quote",
        "The quote that opens here is not closed.",
        "Close it, or use double quotes around a text with an apostrophe.",
        opens=True,
    ),
    Saying(
        "did not find expected ',' or ']'",
        "yaml-bracket",
        "The bracket [ that opens here is not closed, or a comma is missing in it.",
        "Write, for example: [en, fr]. A text with a comma, bracket or colon needs quotes there.",
        opens=True,
    ),
    Saying(
        "did not find expected ',' or '}'",
        "yaml-bracket",
        "The brace { that opens here is not closed, or a comma is missing in it.",
        "Write, for example: {name: gas, label: Gas}. A text with a comma, bracket or colon needs quotes there.",
        opens=True,
    ),
    Saying(
        "mapping values are not allowed in this context",
        "yaml-colon",
        "There is a colon here where no 'key: value' can begin.",
        "Put quotes around a text with a colon in it; and check that the line above has a blank after its own colon, "
        "and the same indentation.",
    ),
    Saying(
        "could not find expected ':'",
        "yaml-colon",
        "This line, or the one above it, has no 'key: value'.",
        "Write a colon and a blank after the key; indent the further lines of a long text.",
    ),
    Saying(
        "block sequence entries are not allowed in this context",
        "yaml-indentation",
        "A list cannot begin here.",
        "Begin it on a line of its own, each entry after '- '; or put quotes around a text that begins with a dash.",
    ),
    Saying(
        "did not find expected '-' indicator",
        "yaml-indentation",
        "This line is not indented like the list that it stands in.",
        "Give it as many blanks as the lines above that it belongs with.",
    ),
    Saying(
        "did not find expected key",
        "yaml-indentation",
        "This line is not indented like the ones that it belongs with.",
        "Give it as many blanks as they have. A text in quotes ends at its second quote: use the other kind of quote "
        "around it.",
    ),
    Saying(
        "found undefined alias",
        "yaml-odd-start",
        "A text cannot begin with *: that calls up something marked with & before, and nothing is.",
        "Put quotes around the text.",
    ),
    Saying(
        "did not find expected alphabetic or numeric character",
        "yaml-odd-start",
        "A text cannot begin with * or &.",
        "Put quotes around the text.",
    ),
    Saying(
        "found undefined tag handle",
        "yaml-odd-start",
        "A text cannot begin with an exclamation mark.",
        "Put quotes around the text.",
    ),
    Saying(
        "found a tab character",
        "yaml-tab",
        "There is a tab here where blanks are wanted.",
        "Indent with blanks, not with tabs.",
    ),
    Saying(
        "found character that cannot start any token",
        "yaml-odd-start",
        "A text cannot begin with @, %, a backtick or a tab.",
        "Put quotes around the text.",
    ),
    Saying(
        "escape char",
        "yaml-backslash",
        "A backslash between double quotes is read as a code, and this is none.",
        "Write two backslashes, or use single quotes around the text.",
    ),
    Saying(
        "control characters are not allowed",
        "yaml-invisible",
        "There is an invisible character here that cannot stand in a text.",
        "Delete this line and type it again.",
    ),
)
UNKNOWN = Saying(
    "",
    "yaml-syntax",
    "From here the file cannot be read as YAML.",
    "Check the indentation (blanks, no tabs), and put quotes around texts with a colon, '#' or a bracket.",
)
TAB = next(saying for saying in SAYINGS if saying.code == "yaml-tab")


def syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    """Return what stopped libyaml from reading a text, at its line."""
    said = " ".join(
        str(getattr(error, part)) for part in ("context", "problem", "reason") if hasattr(error, part)
    )
    saying = next((one for one in SAYINGS if one.said in (said or str(error))), UNKNOWN)
    line = _line(error, text, opens=saying.opens)
    # libyaml calls a tab in the indentation a character like any other.
    if text.split("\n")[line - 1].lstrip(" ").startswith("\t"):
        saying = TAB
    return Problem(saying.code, (), saying.message, saying.remedy, line=line)


def _line(error: yaml.YAMLError, text: str, *, opens: bool) -> int:
    """Return the line that an error is told of, from 1 and never beyond the last."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = (error.context_mark if opens else None) or error.problem_mark or error.context_mark
        return min(mark.line + 1 if mark else 1, text.count("\n") + 1)
    # What is no character for YAML has no mark, only a place: libyaml's in bytes.
    position = getattr(error, "position", 0) or 0
    return text.encode()[:position].count(b"\n") + 1
