"""A script in base R that reads an export's CSV with types, factors and labels."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.results.variables import Kind, Variable

_READ = {Kind.WHOLE: "numeric", Kind.NUMBER: "numeric", Kind.FLAG: "integer", Kind.PLACE: "integer"}
"""Classes of `read.csv`; all else is read as text first."""


def script(
    about: Mapping[str, str], data: str, variables: Sequence[Variable], language: str
) -> Iterator[str]:
    """Yield the lines of the script; `data` is the name of the CSV, which lies in the same folder."""
    for name, text in about.items():
        yield f"# {name}: {' '.join(text.split())}"
    yield "#"
    yield f"# Run it in the folder of {' '.join(data.split())}; it makes a data frame named `answers`."
    yield '# `attr(answers$name, "label")` is the question. Factors have the labels of choices, in their order.'
    yield ""
    classes = _listed(_text(_READ.get(one.kind, "character")) for one in variables)
    yield "answers <- read.csv("
    yield f'  {_text(data)}, check.names = FALSE, na.strings = "", encoding = "UTF-8",'
    yield f"  colClasses = {classes}"
    yield ")"
    yield f"names(answers) <- {_listed(_text(one.name) for one in variables)}"
    yield ""
    yield "# An apostrophe keeps spreadsheets from running a text that begins like a formula; here it is taken off."
    yield "as_written <- function(text) {"
    yield '  sub("^\'(?=[ \\u00a0\\u3000\']*[-=+@\\t\\r\\n])", "", text, perl = TRUE)'
    yield "}"
    for one in variables:
        yield from _of_variable(one, language)


def _of_variable(variable: Variable, language: str) -> Iterator[str]:
    cell = f"answers[[{_text(variable.name)}]]"
    yield ""
    match variable.kind:
        case Kind.CATEGORY:
            labels = _distinct(variable.labels(language))
            levels = _listed(map(_text, labels))
            named = _listed(map(_text, labels.values()))
            yield f"{cell} <- factor({cell}, levels = {levels}, labels = {named})"
        case Kind.DATE:
            yield f"{cell} <- as.Date({cell})"
        case Kind.MOMENT:
            yield f'{cell} <- as.POSIXct({cell}, format = "%Y-%m-%dT%H:%MZ", tz = "UTC")'
        case Kind.TEXT:
            yield f"{cell} <- as_written({cell})"
    yield f'attr({cell}, "label") <- {_text(variable.label(language))}'
    if variable.kind is Kind.SEVERAL:
        labels = variable.labels(language)
        pairs = (f"{_text(label)} = {_text(name)}" for name, label in _distinct(labels).items())
        yield f'attr({cell}, "labels") <- {_listed(pairs)}'


def _distinct(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Return labels of which no two are the same: R would make one level of them."""
    seen: set[str] = set()
    told: dict[str, str] = {}
    for name, label in labels.items():
        told[name] = f"{label} ({name})" if label in seen else label
        seen.add(told[name])
    return told


def _listed(values: Iterable[str]) -> str:
    return f"c({', '.join(values)})"


def _text(text: str) -> str:
    """Return a text as R writes it. JSON's escapes are R's too, but for NUL, which R has not."""
    return json.dumps(text.replace("\x00", ""), ensure_ascii=False)
