"""What is wrong with an expression is said when it is compiled, in words for who wrote it."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.expressions import Expression, ExpressionFault, Scope, compile_expression
from bot.core.expressions.functions import FUNCTIONS
from bot.core.limits import LIMITS

FAULTS = [
    # nothing there
    ("", "The expression is empty.", "Write a condition such as ${age} >= 18."),
    (" \u00a0\n", "The expression is empty.", "Write a condition such as ${age} >= 18."),
    # something missing
    ("${a} >", "The expression breaks off after >.", "Write what is to follow, or leave it out."),
    ("${a} and", "The expression breaks off after and.", "Write what is to follow, or leave it out."),
    ("not(", "The expression breaks off after not(.", "Write what is to follow, or leave it out."),
    ("= 5", "Something is missing before =.", "Write what is to be compared or computed."),
    ("* 5", "Something is missing before *.", "Write what is to be compared or computed."),
    ("${a} and = 5", "Something is missing between and and =.", "Write what is to be compared or computed."),
    ("max(1,,2)", "Something is missing between , and ,.", "Write what is to be compared or computed."),
    ("max(1,)", "Something is missing between , and ).", "Write what is to be compared or computed."),
    ("()", "Something is missing between ( and ).", "Write what is to be compared or computed."),
    ("${a} == 5", "Something is missing between = and =.", "Write one = to compare."),
    ("${a} <> 5", "Something is missing between < and >.", "Write !=."),
    ("${a} => 5", "Something is missing between = and >.", "Write >=."),
    ("${a} =< 5", "Something is missing between = and <.", "Write <=."),
    # something too much
    (
        "${a} AND ${b}",
        "${a} and AND stand side by side with nothing to join them.",
        "Write and in small letters, between two values.",
    ),
    (
        "Or ${b}",
        "Or and ${b} stand side by side with nothing to join them.",
        "Write or in small letters, between two values.",
    ),
    (
        "${a} = dont know",
        "dont and know stand side by side with nothing to join them.",
        "Write an operator between them (and, or, =, +), or quotes around text.",
    ),
    (
        "${a} 'x'",
        "${a} and 'x' stand side by side with nothing to join them.",
        "Write an operator between them (and, or, =, +), or quotes around text.",
    ),
    (
        "selected(${a}, 'x') ${b} > 1",
        ") and ${b} stand side by side with nothing to join them.",
        "Write an operator between them (and, or, =, +), or quotes around text.",
    ),
    ("(1))", "There is one ) too many.", "Leave it out, or write the ( that it closes."),
    ("((1)", "( is not closed.", "Write the ) that it needs."),
    ("not(selected(., 'x')", "not( is not closed.", "Write the ) that it needs."),
    ("1,5", "A comma stands outside the brackets of a function.", "In numbers, write a point: 1.5."),
    ("(1,5)", "A comma stands outside the brackets of a function.", "In numbers, write a point: 1.5."),
    # characters of other languages than this one
    ("${a} && ${b}", "& has no meaning in an expression.", "Write and."),
    ("${a} || ${b}", "| has no meaning in an expression.", "Write or."),
    ("!selected(., 'x')", "! has no meaning in an expression.", "Write not(...), or != for 'is not'."),
    ("${a} ≥ 5", "≥ has no meaning in an expression.", "Write >=."),
    ("${a} % 2", "% has no meaning in an expression.", "Write mod for the remainder of a division."),
    (
        "$age > 5",
        "$ has no meaning in an expression.",
        "Write ${name}, with both braces around the name of one item.",
    ),
    (
        "${first name} > 5",
        "$ has no meaning in an expression.",
        "Write ${name}, with both braces around the name of one item.",
    ),
    (
        "{age} > 5",
        "{ has no meaning in an expression.",
        "Write ${name}, with a dollar sign before the brace.",
    ),
    (
        "/data/age > 5",
        "/ has no meaning in an expression.",
        "Write div to divide, and ${name} for the answer to an item: paths are not used here.",
    ),
    (
        "../age > 5",
        "/ has no meaning in an expression.",
        "Write div to divide, and ${name} for the answer to an item: paths are not used here.",
    ),
    (
        "child[1]",
        "[ has no meaning in an expression.",
        "Square brackets are not used here; write ${name} for the answer to an item.",
    ),
    ("@id", "@ has no meaning in an expression.", "Leave it out, or put quotes around it if it is text."),
    (
        "1 \x00 2",
        "The character U+0000 has no meaning in an expression.",
        "Leave it out, or put quotes around it if it is text.",
    ),
    (
        "${a} = 'wood",
        "The quote before wood is not closed.",
        "Put a quote at both ends of the text: double ones where it holds an apostrophe.",
    ),
    (
        "${a} = ’wood",
        "The quote before wood is not closed.",
        "Put a quote at both ends of the text: double ones where it holds an apostrophe.",
    ),
    (
        "${a} = 'it's'",
        "The quote at the end is not closed.",
        "Put a quote at both ends of the text: double ones where it holds an apostrophe.",
    ),
    (
        "selected('${a}', 'x')",
        "'${a}' stands between quotes, so it is plain text and not an answer.",
        "Write ${name} without quotes; join text and answers with concat().",
    ),
    ("..", ".. has no meaning by itself.", "Write position(..), or ${name} for an answer."),
    ("count(..)", ".. has no meaning by itself.", "Write position(..), or ${name} for an answer."),
    # functions
    ("selectd(., 'x')", "There is no function selectd().", "Did you mean selected()?"),
    ("Selected(., 'x')", "There is no function Selected().", "Did you mean selected()?"),
    ("IF(1, 2, 3)", "There is no function IF().", "Did you mean if()?"),
    ("count_selected(.)", "There is no function count_selected().", "Did you mean count-selected()?"),
    ("document('x')", "There is no function document().", None),
    (
        "zzz(1)",
        "There is no function zzz().",
        f"The functions are: {', '.join(sorted(FUNCTIONS))}.",
    ),
    (
        "pulldata('fruits', 'name', 'key', ${a})",
        "pulldata() is not supported.",
        "Put the values on the choices as keys of your own, and use choice_filter.",
    ),
    (
        "instance('x')",
        "instance() is not supported.",
        "Put the values on the choices as keys of your own, and use choice_filter.",
    ),
    (
        "jr:choice-name(., 'x')",
        "jr:choice-name() is not supported.",
        "Compare with the choice's name: labels differ from language to language.",
    ),
    # how many values
    (
        "selected(${a})",
        "selected() takes 2 values, and is given 1.",
        "Write the values between its brackets, with commas between them.",
    ),
    (
        "false() and if(1, 2)",
        "if() takes 3 values, and is given 2.",
        "Write the values between its brackets, with commas between them.",
    ),
    (
        "today(1)",
        "today() takes no values, and is given 1.",
        "Write the values between its brackets, with commas between them.",
    ),
    (
        "round(1, 2, 3)",
        "round() takes 1 or 2 values, and is given 3.",
        "Write the values between its brackets, with commas between them.",
    ),
    (
        "coalesce(1)",
        "coalesce() takes 2 or more values, and is given 1.",
        "Write the values between its brackets, with commas between them.",
    ),
    (
        "not()",
        "not() takes 1 value, and is given 0.",
        "Write the values between its brackets, with commas between them.",
    ),
    # values that are written out
    (
        "false() and regex(., '[0-9')",
        "The regular expression [0-9 cannot be read.",
        "Check its brackets and what is repeated. Lookaround such as (?=...) and back references such as \\1 are"
        " not supported.",
    ),
    (
        "regex(., '(?=.*x).+')",
        "The regular expression (?=.*x).+ cannot be read.",
        "Check its brackets and what is repeated. Lookaround such as (?=...) and back references such as \\1 are"
        " not supported.",
    ),
    (
        "regex(., '(a)\\1')",
        "The regular expression (a)\\1 cannot be read.",
        "Check its brackets and what is repeated. Lookaround such as (?=...) and back references such as \\1 are"
        " not supported.",
    ),
    (
        "regex(., '(a{1000}){1000}')",
        "The regular expression (a{1000}){1000} cannot be read.",
        "Check its brackets and what is repeated. Lookaround such as (?=...) and back references such as \\1 are"
        " not supported.",
    ),
    (
        "regex(., ${a})",
        "regex() takes its pattern written out.",
        "Write it in quotes: regex(., '[0-9]+').",
    ),
    (
        "format-date(., '%b %Y')",
        "format-date() does not know %b.",
        "Use %Y %y %m %n %d %e for a date, and in format-date-time() %H %h %M %S %3 for a time.",
    ),
    (
        "format-date(., '%H')",
        "format-date() does not know %H.",
        "Use %Y %y %m %n %d %e for a date, and in format-date-time() %H %h %M %S %3 for a time.",
    ),
    (
        "format-date-time(., '100%')",
        "format-date-time() does not know %.",
        "Use %Y %y %m %n %d %e for a date, and in format-date-time() %H %h %M %S %3 for a time.",
    ),
    (". > date('31/12/2026')", "'31/12/2026' is no date.", "Write '2026-03-02': year, month, day."),
    (". > date('2026-02-30')", "'2026-02-30' is no date.", "Write '2026-03-02': year, month, day."),
    (
        "position(${a})",
        "position() counts the rounds of the repeat around it.",
        "Write position(..).",
    ),
    (
        "indexed-repeat('a', 'b', 1)",
        "indexed-repeat() begins with an item and its repeat.",
        "Write indexed-repeat(${item}, ${repeat}, 1).",
    ),
    # size
    (
        "1" * (LIMITS.expression_length + 1),
        "The expression has 2001 characters; 2000 is the most.",
        "Split it into several items of type calculate, and refer to those.",
    ),
    (
        "(" * 51 + "1" + ")" * 51,
        "Brackets are nested more than 50 deep.",
        "Split the expression into several items of type calculate.",
    ),
]


@pytest.mark.parametrize(
    ("source", "message", "remedy"), FAULTS, ids=[source[:30] or "empty" for source, _, _ in FAULTS]
)
def test_fault(source: str, message: str, remedy: str | None) -> None:
    fault = compile_expression(source)
    assert isinstance(fault, ExpressionFault)
    assert fault.message == message
    if remedy is not None:
        assert fault.remedy == remedy


@pytest.mark.parametrize(
    "source",
    [
        "(" * 50 + "1" + ")" * 50,
        "not(" * 50 + "1" + ")" * 50,
        "1" + "+1" * 999,
        "-" * 1_999 + "1",
        "a" + "=a" * 999,
        "a" + " or a" * 399,
        f"max({','.join('1' * 990)})",
        "'" + "x" * 1_998 + "'",
    ],
    ids=["brackets", "calls", "sum", "minuses", "equals", "ors", "values", "text"],
)
def test_the_longest_and_the_deepest_expressions_compile(source: str) -> None:
    assert isinstance(compile_expression(source), Expression)


WORDS = [
    *"().,+-*=<>'\"&|!/@[]{}$ \n\x00\ud800",
    *(
        "..",
        "<=",
        "!=",
        "and",
        "or",
        "div",
        "mod",
        "${a}",
        "${b c}",
        "name",
        "1",
        "1.5",
        "'x'",
        "‘x’",
        "'2026-01-01'",
    ),
    *(f"{name}(" for name in (*FUNCTIONS, "nothing", "jr:itext")),
]


@given(
    st.text(st.characters(codec=None), max_size=60)
    | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
)
def test_no_source_makes_compiling_raise(source: str) -> None:
    assert isinstance(compile_expression(source), Expression | ExpressionFault)


VALUES = st.sampled_from(
    ["${a}", ".", "name", "7", "-1.5", "''", "'x'", "'2026-01-01'", "'08:00'", "today()", "random()"]
)
OPERATORS = st.sampled_from(["and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"])
WRITTEN_OUT = {"regex", "position", "indexed-repeat"}
"""Functions that take only certain words as values."""


def call_of(name: str, parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    least, most = FUNCTIONS[name].least, FUNCTIONS[name].most
    values = st.lists(parts, min_size=least, max_size=3 if most is None else most)
    return values.map(lambda written: f"{name}({', '.join(written)})")


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    infix = st.tuples(parts, OPERATORS, parts).map(" ".join)
    calls = [call_of(name, parts) for name in FUNCTIONS if name not in WRITTEN_OUT and "date" not in name]
    return st.one_of(infix, infix.map("({})".format), *calls)


@given(
    st.recursive(VALUES, larger, max_leaves=12),
    st.text(st.characters(codec=None), max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
)
def test_what_is_well_formed_compiles_and_never_raises(source: str, answer: str, rounds: list[str]) -> None:
    expression = compile_expression(source)
    assert isinstance(expression, Expression)
    for value in (answer, tuple(rounds)):
        there = Scope({"a": value}.__getitem__, datetime(2026, 11, 23, tzinfo=UTC), seed=1, value=answer)
        assert expression.truth(there) in (True, False)
        assert isinstance(expression.text(there), str)


@given(st.text(string.printable, max_size=40))
def test_a_fault_always_says_what_to_do(source: str) -> None:
    result = compile_expression(source)
    if isinstance(result, ExpressionFault):
        assert result.message.endswith(".")
        assert result.remedy
