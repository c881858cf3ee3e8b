"""Bytes of a YAML file: a plain mapping with the line of each value, or a problem; never an exception."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.limits import LIMITS
from bot.core.problems import Problem
from bot.flowfiles.reading import Source, read

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
WORDS = st.text(LETTERS, max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


def mapping(text: str) -> dict[str, Any]:
    source = read(text.encode())
    assert isinstance(source, Source), source
    return dict(source.mapping)


def problem(content: bytes) -> Problem:
    found = read(content)
    assert isinstance(found, tuple)
    (only,) = found
    return only


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("'true'", "true"),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("-0", "-0"),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("+12025550123", "+12025550123"),
        ("1234567890123456", "1234567890123456"),
        ("'12'", "12"),
        ("0.5", 0.5),
        ("-2.25", -2.25),
        ("3.0", 3.0),
        ("1.50", "1.50"),
        (".5", ".5"),
        ("1e9", "1e9"),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05 10:00:00", "2026-01-05 10:00:00"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("'12' # a remark", "12"),
        ("=", "="),
    ],
)
def test_only_true_false_null_and_plain_numbers_are_no_text(written: str, meant: object) -> None:
    value = mapping(f"key: {written}\n")["key"]
    assert value == meant
    assert type(value) is type(meant)


def test_norwegian_and_other_keys_stay_words() -> None:
    assert mapping("no: a\nyes: b\non: c\n1: d\n2026-01-05: e\nnull: f\ntrue: g\n1.50: h\n") == {
        "no": "a",
        "yes": "b",
        "on": "c",
        "1": "d",
        "2026-01-05": "e",
        "null": "f",
        "true": "g",
        "1.50": "h",
    }


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert mapping("\ufefftitle: x") == {"title": "x"}


def test_lines_of_values() -> None:
    source = read(
        b"# remark\ntitle: Water\nitems:\n  - name: a\n    label: >-\n      Two\n      lines\n\n  - {name: b}\n"
    )
    assert isinstance(source, Source)
    assert source.places == {
        (): 2,
        ("title",): 2,
        ("items",): 3,
        ("items", 0): 4,
        ("items", 0, "name"): 4,
        ("items", 0, "label"): 5,
        ("items", 1): 9,
        ("items", 1, "name"): 9,
    }


def test_aliases_are_read_as_what_they_stand_for() -> None:
    assert mapping("a: &choices [x, y]\nb: *choices\n") == {"a": ["x", "y"], "b": ["x", "y"]}


def test_every_duplicate_key_is_told_with_the_line_of_the_first() -> None:
    found = read(b"title: a\nitems:\n  - {name: x, name: y}\ntitle: b\n")
    assert isinstance(found, tuple)
    assert [(one.code, one.path, one.line, one.message) for one in found] == [
        ("duplicate-key", ("items", 0, "name"), 3, "'name' stands twice here; the first is in line 3."),
        ("duplicate-key", ("title",), 4, "'title' stands twice here; the first is in line 1."),
    ]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty-file", 1),
        (b"\n\n# remark\n", "empty-file", 1),
        (b"---\n#", "empty-file", 1),
        (b"Dear colleague\n", "not-a-mapping", 1),
        (b"\n- a\n", "not-a-mapping", 2),
        (b"a: \xff\n", "not-utf8", 1),
        ("title: é".encode("utf-16"), "not-utf8", 1),
        (b"a: b\nc: \x00\n", "yaml-invisible", 2),
        (b"a: b\nc: \x7f\n", "yaml-invisible", 2),
        ("é: b\nc: \ufffe\n".encode(), "yaml-invisible", 2),
        (b"a: 1\n---\nb: 2\n", "several-documents", 2),
        (b"a:\n\t- b\n", "yaml-tab", 2),
        (b"a: 'b\nc: d\n", "yaml-quote", 1),
        (b'a: "It\\q"\n', "yaml-backslash", 1),
        (b"a: 1\nb: [x\nc: 2\n", "yaml-bracket", 2),
        (b"a: 1\nb: {x: y\nc: 2\n", "yaml-bracket", 2),
        (b"a: b: c\n", "yaml-colon", 1),
        (b"a: - b\n", "yaml-indentation", 1),
        (b"a: 'It''s' not\nb: c\n", "yaml-indentation", 1),
        (b"a: *b\n", "yaml-odd-start", 1),
        (b"a: @b\n", "yaml-odd-start", 1),
        (b"a: !b c\n", "yaml-odd-start", 1),
        (b"a: !b!c d\n", "yaml-odd-start", 1),
        (b"a: !!python/object:os.system x\n", "yaml-odd-start", 1),
        (b"? [a]\n: b\n", "bad-key", 1),
        (b"a: &a {x: 1}\nb: {<<: *a}\n", "merge-key", 2),
        (b"%YAML 3.0\n---\na: 1\n", "yaml-syntax", 1),
        (b"a: 1\nb: " + b"[" * 1_000_000, "file-too-large", None),
        (b"a: 1\nb: " + b"[" * 900_000, "too-deep", 2),
        (b"a: 1\nb: " + b"{x: " * 200_000, "too-deep", 2),
        (b"".join(b" " * depth + b"a:\n" for depth in range(1_000)), "too-deep", LIMITS.yaml_depth + 1),
        (b"a: &a [*a]\n", "alias-bomb", 1),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line(content: bytes, code: str, line: int | None) -> None:
    found = problem(content)
    assert (found.code, found.line) == (code, line)


def test_aliases_are_counted_as_often_as_they_are_used() -> None:
    entries = ", ".join("x" for _ in range(1_000))
    enough = f"a: &a [{entries}]\n" + "".join(f"b{number}: *a\n" for number in range(90))
    too_many = enough + "".join(f"c{number}: *a\n" for number in range(20))
    assert len(mapping(enough)) == 91
    assert problem(too_many.encode()).code == "alias-bomb"


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    found = read(content)
    assert isinstance(found, Source) or found


YAML_SIGNS = st.sampled_from(
    [*"abn:-?[]{},#&*!|>'\"%@`\\ \t\n=<0.~é", "\n  ", "\n- ", ": ", "---\n", "...\n", "&a ", "*a", "<<: "]
)


@given(st.lists(YAML_SIGNS, max_size=60).map("".join))
def test_no_mixture_of_yaml_signs_raises_and_each_problem_has_a_line_of_the_file(text: str) -> None:
    found = read(text.encode())
    if isinstance(found, tuple):
        assert found
        assert all(one.line is not None and 1 <= one.line <= text.count("\n") + 1 for one in found)


@given(st.dictionaries(WORDS, PLAIN, max_size=5))
def test_json_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert mapping(json.dumps(value, ensure_ascii=False)) == value
