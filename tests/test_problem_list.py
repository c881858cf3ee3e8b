"""docs/problems.md lists what can be told to an organiser: every code, and none that is not given any more."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.core.outreach.caps import Cap

ROOT = Path(__file__).parents[1]
TELL = (
    *(
        "core/definition",
        "core/review",
        "core/codes.py",
        "core/outreach",
        "core/paper",
        "outreach/paper",
        "flowfiles",
        "language",
        "cli/check.py",
    ),
    *("results/words/sheet.py", "results/words/agreement.py", "outreach/recipients"),
)
SOMETHING_ELSE = {"right-to-left", "count-selected", "utf-8", "utf-8-sig", *Cap}
"""CLDR's name of an order of characters, a function of XLSForm, names of encodings and of caps."""


def codes_in_source() -> set[str]:
    places = [ROOT / "bot" / place for place in TELL]
    paths = [path for place in places for path in ([place] if place.is_file() else place.rglob("*.py"))]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    # Codes come from tables and conditions too; of one word, only where a problem is made.
    hyphenated = {text for text in texts_of(nodes) if re.fullmatch("[a-z]+(-[a-z0-9]+)+", text)}
    given = {
        node.args[0] for node in nodes if isinstance(node, ast.Call) and is_problem(node.func) and node.args
    }
    return (hyphenated | set(texts_of(given))) - SOMETHING_ELSE


def texts_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_problem(called: ast.expr) -> bool:
    return isinstance(called, ast.Name) and called.id == "Problem"


def test_the_list_is_whole() -> None:
    listed = re.findall(
        r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/problems.md").read_text("utf-8"), re.MULTILINE
    )
    assert [code for code, times in Counter(listed).items() if times > 1] == []
    assert set(listed) == codes_in_source()
