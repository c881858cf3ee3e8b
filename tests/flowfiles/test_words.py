"""The words that people are told: a line for each language."""

import pytest

from bot.flowfiles.words import words_in

LANGUAGES = ("en", "pt-BR", "sw")


def test_words_by_language() -> None:
    content = "en: >-\n  You said the well is dry.\n  We dig.\nsw: Mlisema kisima kimekauka.\npt-BR: 2026\n"
    assert words_in(content.encode(), LANGUAGES) == {
        "en": "You said the well is dry. We dig.",
        "sw": "Mlisema kisima kimekauka.",
        "pt-BR": "2026",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", [("empty-file", 1)]),
        ("{}", [("empty-file", 1)]),
        ("- en", [("not-a-mapping", 1)]),
        ("en: Hello\nfr: Bonjour", [("language-not-offered", 2)]),
        ("en: ' '\nsw:", [("empty-text", 1), ("empty-text", 2)]),
        ("en: [Hello]", [("wrong-type", 1)]),
        ("sw: Hello\nen: " + "a" * 1_601, [("out-of-bounds", 2)]),
        ("en: You said ${age}.", [("unknown-reference", 1)]),
        ("en: Hello\nen: Good day", [("duplicate-key", 2)]),
    ],
)
def test_every_problem_has_its_line(content: str, told: list[tuple[str, int | None]]) -> None:
    problems = words_in(content.encode(), LANGUAGES)
    assert isinstance(problems, tuple)
    assert [(one.code, one.line) for one in problems] == told
    assert not any("consultation:" in one.remedy for one in problems)


def test_a_misspelt_language_is_named() -> None:
    (problem,) = words_in(b"pt-Br: Oi", LANGUAGES)
    assert problem.remedy == "Write pt-BR."  # type: ignore[union-attr]
