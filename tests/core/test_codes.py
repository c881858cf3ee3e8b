"""A code frame from a file: built, or every problem of it at once."""

from textwrap import dedent

import pytest

from bot.core.codes import Code, CodeFrame, define_codes
from bot.flowfiles.reading import Source, read
from tests.support.consultations import questionnaire

ASKED = questionnaire("- {name: wish, type: text, label: Wish}\n- {name: age, type: integer, label: Age}")


def defined(text: str) -> CodeFrame | tuple[object, ...]:
    source = read(dedent(text).encode())
    assert isinstance(source, Source), source
    return define_codes(source.mapping, ASKED)


def test_a_frame() -> None:
    frame = defined(
        """
        near: 0.6
        codes:
          - name: water
            label: {en: Water}
            items: wish
            keywords: {en: [water, "pipe*"]}
            examples: The tap is dry
            exclude: {en: watermelon}
          - {name: other, keywords: [else]}
        """
    )
    assert frame == CodeFrame(
        (
            Code(
                "water",
                {"en": "Water"},
                ("wish",),
                {"en": ("water", "pipe*")},
                {"": ("The tap is dry",)},
                {"en": ("watermelon",)},
            ),
            Code("other", {"": "other"}, (), {"": ("else",)}),
        ),
        0.6,
    )
    assert [code.label_in("fr") for code in frame.codes] == ["Water", "other"]


FAULTY = [
    ("near: 0.5", "missing-key", "codes"),
    ("codes: water", "wrong-type", "codes"),
    ("codes: [water]", "wrong-type", "codes[0]"),
    ("codes: [{keywords: water}]", "missing-key", "codes[0].name"),
    ("codes: [{name: clean water, keywords: water}]", "bad-name", "codes[0].name"),
    ("codes: [{name: a, keywords: x}, {name: a, keywords: y}]", "duplicate-name", "codes[1].name"),
    ("codes: [{name: a}]", "code-without-words", "codes[0]"),
    ("codes: [{name: a, keywords: '*'}]", "code-bad-keyword", "codes[0].keywords"),
    ("codes: [{name: a, keywords: {en: [w*r]}}]", "code-bad-keyword", "codes[0].keywords.en"),
    ("codes: [{name: a, keywords: {fr: eau}}]", "language-not-offered", "codes[0].keywords.fr"),
    ("codes: [{name: a, keywords: [2026, x]}]", "wrong-type", "codes[0].keywords"),
    ("codes: [{name: a, keyword: x, examples: y}]", "unknown-key", "codes[0].keyword"),
    ("codes: [{name: a, keywords: x, items: [age]}]", "code-unknown-item", "codes[0].items[0]"),
    ("codes: [{name: a, keywords: x}]\nnear: 2", "out-of-bounds", "near"),
    ("codes: [{name: a, keywords: x}]\nnear: much", "wrong-type", "near"),
    ("codez: [{name: a, keywords: x}]", "unknown-key", "codez"),
]


@pytest.mark.parametrize(("text", "code", "place"), FAULTY)
def test_a_fault_is_told_with_its_place(text: str, code: str, place: str) -> None:
    problems = defined(text)
    assert isinstance(problems, tuple)
    assert (code, place) in [(one.code, one.place) for one in problems]  # type: ignore[attr-defined]


def test_every_fault_is_told_at_once() -> None:
    problems = defined("near: 7\ncodes:\n  - {name: a b}\n  - {name: c, keywords: {xx: ['**']}}")
    assert isinstance(problems, tuple)
    assert [one.code for one in problems] == [  # type: ignore[attr-defined]
        "out-of-bounds",
        "bad-name",
        "language-not-offered",
        "code-bad-keyword",
    ]
