"""docs/problems.md lists what can be told to an organiser: every code, and none that is not given any more."""

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TELL = ("core/definition", "core/review", "flowfiles", "language", "cli/check.py")
OF_ONE_WORD = {"cycle", "unreachable"}
SOMETHING_ELSE = {"right-to-left", "count-selected", "utf-8", "utf-8-sig"}
"""CLDR's name of an order of characters, a function of XLSForm, names of encodings."""


def codes_in_source() -> set[str]:
    files = [
        file for place in TELL for file in ((ROOT / "bot" / place).rglob("*.py"), [ROOT / "bot" / place])
    ]
    paths = [path for found in files for path in found if path.suffix == ".py"]
    texts = {
        node.value
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    hyphenated = {text for text in texts if re.fullmatch("[a-z]+(-[a-z0-9]+)+", text)}
    return (hyphenated | (OF_ONE_WORD & texts)) - SOMETHING_ELSE


def test_the_list_is_whole() -> None:
    listed = re.findall(
        r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/problems.md").read_text("utf-8"), re.MULTILINE
    )
    assert [code for code, times in Counter(listed).items() if times > 1] == []
    assert set(listed) == codes_in_source()
