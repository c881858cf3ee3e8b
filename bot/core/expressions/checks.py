"""What can be wrong with a call of a function, found before anyone answers."""

from collections.abc import Sequence

from bot.core.expressions.days import moment_of, unknown_mark
from bot.core.expressions.functions import FUNCTIONS, pattern_of
from bot.core.expressions.words import Bracket, ExpressionFault, Kind, Word, shortened
from bot.core.problems import nearest

_UNSUPPORTED = {
    "pulldata": "Put the values on the choices as keys of your own, and use choice_filter.",
    "instance": "Put the values on the choices as keys of your own, and use choice_filter.",
    "current": "Write ${name} for the answer to an item.",
    "jr:choice-name": "Compare with the choice's name: labels differ from language to language.",
    "randomize": "Set randomize: true on the item.",
}


def call_fault(call: Bracket, words: Sequence[Word]) -> ExpressionFault | None:
    """Return what is wrong with a call: its name, how many values it is given, or a value that is written out."""
    function = FUNCTIONS.get(call.function)
    if function is None:
        return _unknown(call.function)
    given = len(call.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        takes = _how_many(function.least, function.most)
        return ExpressionFault(
            f"{call.function}() takes {takes}, and is given {given}.",
            "Write the values between its brackets, with commas between them.",
        )
    return _value_fault(call.function, [_single(words, places) for places in call.arguments])


def _unknown(name: str) -> ExpressionFault:
    if name in _UNSUPPORTED:
        return ExpressionFault(f"{name}() is not supported.", _UNSUPPORTED[name])
    message = f"There is no function {shortened(name)}()."
    meant = nearest(name.lower(), FUNCTIONS)
    if meant is not None:
        return ExpressionFault(message, f"Did you mean {meant}()?")
    return ExpressionFault(message, f"The functions are: {', '.join(sorted(FUNCTIONS))}.")


def _how_many(least: int, most: int | None) -> str:
    if most == 0:
        return "no values"
    if most == least:
        return "1 value" if least == 1 else f"{least} values"
    return f"{least} or more values" if most is None else f"{least} or {most} values"


def _single(words: Sequence[Word], places: range) -> Word | None:
    """Return the argument that is one word, or None for one that is to be computed."""
    return words[places.start] if len(places) == 1 else None


def _literal(word: Word | None) -> str | None:
    return word.text[1:-1] if word is not None and word.kind is Kind.LITERAL else None


_TAKES_DATE = frozenset(("date", "date-time", "decimal-date-time", "format-date", "format-date-time"))


def _value_fault(function: str, arguments: Sequence[Word | None]) -> ExpressionFault | None:
    if (
        function == "position"
        and arguments
        and (arguments[0] is None or arguments[0].kind is not Kind.PARENT)
    ):
        return ExpressionFault("position() counts the rounds of the repeat around it.", "Write position(..).")
    if function == "indexed-repeat" and any(
        word is None or word.kind is not Kind.REFERENCE for word in arguments[:2]
    ):
        return ExpressionFault(
            "indexed-repeat() begins with an item and its repeat.",
            "Write indexed-repeat(${item}, ${repeat}, 1).",
        )
    if function in _TAKES_DATE:
        day = _literal(arguments[0])
        if day is not None and moment_of(day) is None:
            return ExpressionFault(f"'{shortened(day)}' is no date.", "Write '2026-03-02': year, month, day.")
    if function.startswith("format-date"):
        return _format_fault(function, _literal(arguments[1]))
    if function == "regex":
        return _pattern_fault(_literal(arguments[1]))
    return None


def _format_fault(function: str, pattern: str | None) -> ExpressionFault | None:
    unknown = unknown_mark(pattern, with_time=function == "format-date-time") if pattern is not None else None
    if unknown is None:
        return None
    return ExpressionFault(
        f"{function}() does not know {unknown}.",
        "Use %Y %y %m %n %d %e for a date, and in format-date-time() %H %h %M %S %3 for a time.",
    )


def _pattern_fault(pattern: str | None) -> ExpressionFault | None:
    if pattern is None:
        # A person's words as a pattern could take megabytes to compile, again and again.
        return ExpressionFault(
            "regex() takes its pattern written out.", "Write it in quotes: regex(., '[0-9]+')."
        )
    if pattern_of(pattern) is not None:
        return None
    return ExpressionFault(
        f"The regular expression {shortened(pattern)} cannot be read.",
        "Check its brackets and what is repeated. Lookaround such as (?=...) and back references such as \\1 are"
        " not supported.",
    )
