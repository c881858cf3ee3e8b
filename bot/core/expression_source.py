"""What an organiser writes as an expression -> XPath 1.0 with variables, or why not.

There is no grammar here: words are told apart by one regular expression, two neighbours at a time are checked, and
libxml2 reads the result. Every name becomes a variable of the XPath, so an expression sees no document at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.days import days_of, unknown_mark
from bot.core.functions import FUNCTIONS, pattern_of, string_of
from bot.core.limits import LIMITS
from bot.core.problems import nearest


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """Why an expression cannot be used, and what to write instead."""

    message: str
    remedy: str


class Known(StrEnum):
    """What a variable of the XPath stands for."""

    REFERENCE = "reference"
    ROUNDS = "rounds"
    """Every round's answer to an item, wherever the expression stands (`indexed-repeat`)."""
    COLUMN = "column"
    VALUE = "value"
    TODAY = "today"
    NOW = "now"
    POSITION = "position"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the XPath.

    `name` is an item's or a column's, or the place among the calls of `random()`. `as_days`: it stands next to an
    operator that works with numbers only, so a date is to come as its days.
    """

    known: Known
    name: str = ""
    as_days: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """An expression as XPath. `variables` maps what each variable stands for to its name in the XPath."""

    xpath: str
    variables: dict[Variable, str]
    references: frozenset[str]
    functions: frozenset[str]


def function_name(name: str) -> str:
    """Return the name in the XPath of a function that we compute: libxml2 lets nobody replace its own `round`."""
    return f"_{name}"


_EMPTY = ExpressionFault("The expression is empty.", "Write a condition such as ${age} >= 18, or leave the key out.")
_SMART_QUOTES = str.maketrans("‘’‚‛′“”„‟″", "'''''\"\"\"\"\"")


def translate(source: str) -> Translation | ExpressionFault:
    """Return the XPath for an expression, or the first thing that is wrong with it."""
    if not source.strip():
        return _EMPTY
    if len(source) > LIMITS.expression_length:
        return ExpressionFault(
            f"The expression has {len(source)} characters; {LIMITS.expression_length} is the most.",
            "Split it into several items of type calculate, and refer to those.",
        )
    read = _translated(source)
    straight = source.translate(_SMART_QUOTES)
    if isinstance(read, ExpressionFault) and straight != source:
        # Only then: in 'l’eau' the curly one is an apostrophe, and straightening it would end the text there.
        return _translated(straight)
    return read


def _translated(source: str) -> Translation | ExpressionFault:
    tokens = _scan(source)
    if isinstance(tokens, ExpressionFault):
        return tokens
    fault = _neighbours(tokens)
    if fault is not None:
        return fault
    calls = _brackets(tokens)
    if isinstance(calls, ExpressionFault):
        return calls
    for call in calls:
        fault = _call_fault(call, tokens)
        if fault is not None:
            return fault
    return _Writer(tokens, calls).written()


# --- words


class _Kind(StrEnum):
    LITERAL = "literal"
    REFERENCE = "reference"
    NUMBER = "number"
    PARENT = "parent"
    VALUE = "value"
    OPENING = "opening"
    """A bracket, with the name of the function before it."""
    NAME = "name"
    OPERATOR = "operator"
    COMMA = "comma"
    CLOSING = "closing"


_ENDS_OPERAND = frozenset(
    (_Kind.LITERAL, _Kind.REFERENCE, _Kind.NUMBER, _Kind.PARENT, _Kind.VALUE, _Kind.NAME, _Kind.CLOSING)
)
_WORD_OPERATORS = ("and", "or", "div", "mod")
_NAME = r"[^\W\d][\w.\-]*"
_WORDS = re.compile(
    rf"""(?P<space>[\s​\ufeff]+)
    | (?P<literal>'[^']*'|"[^"]*")
    | \$\{{\s*(?P<reference>{_NAME})\s*\}}
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<parent>\.\.)
    | (?P<value>\.)
    | (?P<opening>(?!(?:and|or|div|mod)[\s(])(?:{_NAME}(?::{_NAME})?\s*)?\()
    | (?P<name>{_NAME})
    | (?P<operator><=|>=|!=|[<>=+*\-])
    | (?P<comma>,)
    | (?P<closing>\))""",
    re.VERBOSE,
)
_ODD_CHARACTERS = {
    "==": "Write one = to compare.",
    "&": "Write and.",
    "|": "Write or.",
    "!": "Write not(...), or != for 'is not'.",
    "≤": "Write <=.",
    "≥": "Write >=.",
    "≠": "Write !=.",
    "×": "Write *.",
    "÷": "Write div.",
    "/": "Write div to divide, and ${name} for the answer to an item: paths are not used here.",
    "%": "Write mod for the remainder of a division.",
    "$": "Write ${name}, with both braces and no spaces inside the name.",
    "[": "Square brackets are not used here; write ${name} for the answer to an item.",
    "{": "Write ${name}, with a dollar sign before the brace.",
    "'": "Put a quote at both ends of the text.",
    '"': "Put a quote at both ends of the text.",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str


def _scan(source: str) -> list[_Token] | ExpressionFault:
    tokens: list[_Token] = []
    at = 0
    while at < len(source):
        found = _WORDS.match(source, at)
        if found is None:
            return _odd_character(source, at)
        at = found.end()
        label = str(found.lastgroup)
        if label == "space":
            continue
        text = found.group(label)
        kind = _Kind(label)
        if kind is _Kind.OPENING:
            text = text[:-1].rstrip()
        elif kind is _Kind.NAME and text in _WORD_OPERATORS and tokens and tokens[-1].kind in _ENDS_OPERAND:
            kind = _Kind.OPERATOR
        elif kind is _Kind.LITERAL and "${" in text:
            return ExpressionFault(
                f"{text} stands between quotes, so it is plain text and not an answer.",
                "Write ${name} without quotes; join text and answers with concat().",
            )
        tokens.append(_Token(kind, text))
    return tokens


def _odd_character(source: str, at: int) -> ExpressionFault:
    shown = source[at] if source[at].isprintable() else f"U+{ord(source[at]):04X}"
    remedy = _ODD_CHARACTERS.get(source[at], "Leave it out, or put quotes around it if it is text.")
    if source[at] in "'\"":
        return ExpressionFault(f"The quote before {_shortened(source[at + 1 :])} is not closed.", remedy)
    return ExpressionFault(f"{shown} has no meaning in an expression.", remedy)


def _shortened(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}..."


# --- neighbours


def _neighbours(tokens: Sequence[_Token]) -> ExpressionFault | None:
    """Find a word that cannot stand after the one before it."""
    before: _Token | None = None
    for token in tokens:
        after_operand = before is not None and before.kind in _ENDS_OPERAND
        if token.kind in (_Kind.OPERATOR, _Kind.COMMA, _Kind.CLOSING):
            empty_call = token.kind is _Kind.CLOSING and before is not None and before.kind is _Kind.OPENING
            negative = token.text == "-"
            if not after_operand and not negative and not (empty_call and before and before.text):
                return _nothing_before(token, before)
        elif after_operand and before is not None:
            return _nothing_between(before, token)
        before = token
    if before is None:
        return _EMPTY
    if before.kind not in _ENDS_OPERAND:
        return ExpressionFault(
            f"The expression breaks off after {_written(before)}.", "Write what is to follow, or leave it out."
        )
    return None


def _nothing_before(token: _Token, before: _Token | None) -> ExpressionFault:
    if token.text == "=" and before is not None and before.text == "=":
        return ExpressionFault("== has no meaning in an expression.", _ODD_CHARACTERS["=="])
    place = f"between {_written(before)} and {_written(token)}" if before else f"before {_written(token)}"
    return ExpressionFault(f"Something is missing {place}.", "Write what is to be compared or computed.")


def _nothing_between(before: _Token, token: _Token) -> ExpressionFault:
    message = f"{_written(before)} and {_written(token)} stand side by side with nothing to join them."
    for wrong in (token.text, before.text):
        if wrong.lower() in _WORD_OPERATORS:
            return ExpressionFault(message, f"Write {wrong.lower()} in small letters.")
    return ExpressionFault(message, "Write an operator between them (and, or, =, +), or quotes around text.")


def _written(token: _Token) -> str:
    match token.kind:
        case _Kind.REFERENCE:
            return f"${{{token.text}}}"
        case _Kind.OPENING:
            return f"{token.text}("
        case _:
            return token.text


# --- brackets and calls


@dataclass(slots=True)
class _Call:
    """A pair of brackets: `name` is "" where no function stands before it."""

    name: str
    opening: int
    commas: list[int] = field(default_factory=list)
    closing: int = 0

    @property
    def arguments(self) -> list[tuple[int, int]]:
        """Return the first token of each argument and the one behind its last."""
        if self.closing == self.opening + 1:
            return []
        starts = [self.opening + 1, *(comma + 1 for comma in self.commas)]
        return list(zip(starts, [*self.commas, self.closing], strict=True))


def _brackets(tokens: Sequence[_Token]) -> list[_Call] | ExpressionFault:
    calls: list[_Call] = []
    around: list[_Call] = []
    for place, token in enumerate(tokens):
        if token.kind is _Kind.OPENING:
            around.append(_Call(token.text, place))
            calls.append(around[-1])
            if len(around) > LIMITS.expression_depth:
                return ExpressionFault(
                    f"Brackets are nested more than {LIMITS.expression_depth} deep.",
                    "Split the expression into several items of type calculate.",
                )
        elif token.kind is _Kind.CLOSING:
            if not around:
                return ExpressionFault("There is one ) too many.", "Leave it out, or write the ( it belongs to.")
            around.pop().closing = place
        elif token.kind is _Kind.COMMA:
            if not around or not around[-1].name:
                return ExpressionFault(
                    "A comma stands outside the brackets of a function.", "Write a decimal point in numbers: 1.5."
                )
            around[-1].commas.append(place)
    if around:
        return ExpressionFault(f"{_written(tokens[around[-1].opening])} is not closed.", "Write the ) it needs.")
    return calls


_UNSUPPORTED = {
    "pulldata": "Put the values on the choices as keys of your own, and use choice_filter.",
    "instance": "Put the values on the choices as keys of your own, and use choice_filter.",
    "current": "Write ${name} for the answer to an item.",
    "jr:choice-name": "Compare with the choice's name; labels differ from language to language.",
    "randomize": "Set randomize: true on the item.",
}


def _call_fault(call: _Call, tokens: Sequence[_Token]) -> ExpressionFault | None:
    if not call.name:
        return None
    function = FUNCTIONS.get(call.name)
    if function is None:
        return _unknown(call.name)
    given = len(call.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        return ExpressionFault(
            f"{call.name}() takes {_numbers(function.least, function.most)}, and here it is given {given}.",
            "Write what it takes between its brackets, with commas between.",
        )
    return _argument_fault(call, tokens)


def _unknown(name: str) -> ExpressionFault:
    message = f"There is no function {name}()."
    if name in _UNSUPPORTED:
        return ExpressionFault(f"{name}() is not supported.", _UNSUPPORTED[name])
    meant = name.lower() if name.lower() in FUNCTIONS else nearest(name.lower(), FUNCTIONS)
    if meant is not None:
        return ExpressionFault(message, f"Did you mean {meant}()?")
    return ExpressionFault(message, f"The functions are: {', '.join(sorted(FUNCTIONS))}.")


def _numbers(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more values"
    if most == 0:
        return "no values"
    if least == most:
        return f"{least} value{'s' if least > 1 else ''}"
    return f"{least} or {most} values"


def _argument_fault(call: _Call, tokens: Sequence[_Token]) -> ExpressionFault | None:
    single = [tokens[start] if end == start + 1 else None for start, end in call.arguments]
    last = single[-1] if single else None
    text = last.text[1:-1] if last is not None and last.kind is _Kind.LITERAL else None
    match call.name:
        case "position" if single and (last is None or last.kind is not _Kind.PARENT):
            return ExpressionFault("position() counts the rounds of the repeat around it.", "Write position(..).")
        case "regex" if text is not None and pattern_of(text) is None:
            return ExpressionFault(
                f"The regular expression {_shortened(text)} cannot be read.",
                "Check its brackets; (?= (?! (?<= (?<! and back references such as \\1 are not supported (RE2).",
            )
        case "format-date" | "format-date-time" if text is not None:
            unknown = unknown_mark(text, with_time=call.name == "format-date-time")
            if unknown is not None:
                return ExpressionFault(
                    f"{call.name}() does not know {unknown}.",
                    "Use %Y %y %m %n %d %e for dates, and %H %h %M %S %3 for times in format-date-time().",
                )
        case "indexed-repeat" if [one and one.kind for one in single[:2]] != [_Kind.REFERENCE] * 2:
            return ExpressionFault(
                "indexed-repeat() begins with an item and its repeat.", "Write indexed-repeat(${item}, ${repeat}, 1)."
            )
    return None


# --- writing the XPath

_ARITHMETIC = frozenset(("+", "-", "*", "div", "mod"))
_ORDERING = frozenset(("<", "<=", ">", ">="))
_EQUALITY = frozenset(("=", "!="))
_VARIABLE_CALLS = {
    "today": Known.TODAY,
    "now": Known.NOW,
    "position": Known.POSITION,
    "random": Known.RANDOM,
}
_AT_HAND_IF_EMPTY = frozenset(("string-length", "normalize-space"))


class _Writer:
    """Turns checked tokens into XPath, one piece a token."""

    def __init__(self, tokens: Sequence[_Token], calls: Sequence[_Call]) -> None:
        self._tokens = tokens
        self._calls = calls
        self._variables: dict[Variable, str] = {}
        self._pieces = [token.text for token in tokens]
        self._rounds_of = {call.opening + 1 for call in calls if call.name == "indexed-repeat"}
        operators = {token.text for token in tokens if token.kind is _Kind.OPERATOR}
        # `=` compares text with text, unless something is computed: then ${due} = today() + 1 compares days.
        self._numeric = _ORDERING | _ARITHMETIC | (_EQUALITY if operators & _ARITHMETIC else frozenset())

    def written(self) -> Translation | ExpressionFault:
        for place, token in enumerate(self._tokens):
            self._pieces[place] = self._operand(place, token)
        for call in self._calls:
            self._call(call)
        parents = [place for place, token in enumerate(self._tokens) if token.kind is _Kind.PARENT]
        if any(self._pieces[place] for place in parents):
            return ExpressionFault(".. has no meaning by itself.", "Write position(..), or ${name} for an answer.")
        return Translation(
            " ".join(piece for piece in self._pieces if piece),
            self._variables,
            frozenset(token.text for token in self._tokens if token.kind is _Kind.REFERENCE),
            frozenset(call.name for call in self._calls if call.name),
        )

    def _variable(self, variable: Variable) -> str:
        return "$" + self._variables.setdefault(variable, f"v{len(self._variables)}")

    def _is_compared_as_number(self, first: int, last: int) -> bool:
        sides = [self._tokens[place] for place in (first - 1, last + 1) if 0 <= place < len(self._tokens)]
        return any(side.kind is _Kind.OPERATOR and side.text in self._numeric for side in sides)

    def _operand(self, place: int, token: _Token) -> str:
        as_days = self._is_compared_as_number(place, place)
        match token.kind:
            case _Kind.REFERENCE if place in self._rounds_of:
                return self._variable(Variable(Known.ROUNDS, token.text))
            case _Kind.REFERENCE if place - 2 in self._rounds_of:
                # The repeat itself: its items already say which one they are in.
                return "''"
            case _Kind.REFERENCE:
                return self._variable(Variable(Known.REFERENCE, token.text, as_days))
            case _Kind.NAME:
                return self._variable(Variable(Known.COLUMN, token.text, as_days))
            case _Kind.VALUE:
                return self._variable(Variable(Known.VALUE, as_days=as_days))
            case _Kind.LITERAL:
                days = days_of(token.text[1:-1]) if as_days else None
                return token.text if days is None else string_of(days)
            case _Kind.OPENING:
                return f"{token.text}("
            case _:
                return token.text

    def _call(self, call: _Call) -> None:
        function = FUNCTIONS[call.name] if call.name else None
        as_days = self._is_compared_as_number(call.opening, call.closing)
        if call.name in _VARIABLE_CALLS:
            name = str(call.opening) if call.name == "random" else ""
            may_be_days = as_days and call.name in ("today", "now")
            self._pieces[call.opening] = self._variable(Variable(_VARIABLE_CALLS[call.name], name, may_be_days))
            self._pieces[call.opening + 1 : call.closing + 1] = [""] * (call.closing - call.opening)
            return
        if function is not None and function.compute is not None:
            self._pieces[call.opening] = f"{function_name(call.name)}("
        if call.name == "once":
            self._pieces[call.opening] += self._variable(Variable(Known.VALUE)) + ","
        elif call.name in _AT_HAND_IF_EMPTY and not call.arguments:
            self._pieces[call.opening] += self._variable(Variable(Known.VALUE))
        if as_days and (function is None or function.may_be_date):
            self._pieces[call.opening] = f"{function_name('days')}({self._pieces[call.opening]}"
            self._pieces[call.closing] += ")"

