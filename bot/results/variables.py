"""The columns of an export as an archive speaks of them: variables, with labels, categories and a measure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.channels import Channel
from bot.core.disposition import AAPOR_CODES
from bot.core.groups import RESPONDENT
from bot.core.interview.records import AnswerStatus
from bot.core.questionnaire import ItemType, Questionnaire, Text
from bot.results.codebook import ABOUT
from bot.results.dataset import NOT_ASKED, NOT_REACHED, Dataset
from bot.results.layout import Column, Part, choices_of

BETWEEN = " — "
"""Between a question and the choice that a column is about."""


class Kind(StrEnum):
    """What stands in a column."""

    CATEGORY = "category"
    """One of `Variable.categories`, by name."""
    SEVERAL = "several"
    """Names of categories, with blanks between; in the order given for a ranking."""
    FLAG = "flag"
    """1 or 0: whether a category is among several."""
    PLACE = "place"
    """The place of a category in a ranking, from 1."""
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    TEXT = "text"


class Measure(StrEnum):
    """Levels of measurement, in SPSS's words."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


MEASURES: Mapping[Kind, Measure] = {
    Kind.PLACE: Measure.ORDINAL,
    **dict.fromkeys((Kind.WHOLE, Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.MOMENT), Measure.SCALE),
}
KINDS: Mapping[ItemType, Kind] = {
    ItemType.SELECT_ONE: Kind.CATEGORY,
    ItemType.SELECT_MULTIPLE: Kind.SEVERAL,
    ItemType.RANK: Kind.SEVERAL,
    ItemType.INTEGER: Kind.WHOLE,
    ItemType.DECIMAL: Kind.NUMBER,
    ItemType.RANGE: Kind.NUMBER,
    ItemType.DATE: Kind.DATE,
    ItemType.TIME: Kind.TIME,
}
STATUSES: Mapping[str, str] = {
    AnswerStatus.ANSWERED.value: "Answered",
    AnswerStatus.DEFAULT.value: "Skipped: the default stands",
    AnswerStatus.CALCULATED.value: "Calculated",
    AnswerStatus.REFUSED.value: "Would rather not say",
    AnswerStatus.DONT_KNOW.value: "Does not know",
    AnswerStatus.SKIPPED.value: "Skipped",
    AnswerStatus.NOT_UNDERSTOOD.value: "Not understood",
    AnswerStatus.GIVEN_UP.value: "Left after the last try",
    NOT_ASKED: "Not asked: not for this person",
    NOT_REACHED: "Not reached: the person left before",
}
"""What became of a question, in words."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. `texts` are the question and, where the column is about one, the choice.

    `note` stands in place of a question where nobody was asked one. `categories` has a label each, or None where the
    name says it. `column` is None of what is known of every respondent.
    """

    name: str
    kind: Kind
    texts: tuple[Text, ...] = ()
    note: str = ""
    categories: Mapping[str, Text | str | None] = field(default_factory=dict)
    column: Column | None = None

    @property
    def measure(self) -> Measure:
        return MEASURES.get(self.kind, Measure.NOMINAL)

    @property
    def is_status(self) -> bool:
        return self.column is not None and self.column.part is Part.STATUS

    def label(self, language: str) -> str:
        """Return what the column is about, in a language of the consultation."""
        asked = BETWEEN.join(text.into(language) for text in self.texts)
        return f"{asked}{BETWEEN if asked and self.note else ''}{self.note}" or self.name

    def labels(self, language: str) -> Mapping[str, str]:
        """Return what stands for each category, in a language of the consultation."""
        return {
            name: (label.into(language) if isinstance(label, Text) else label) or name
            for name, label in self.categories.items()
        }


def variables(dataset: Dataset) -> tuple[Variable, ...]:
    """Return the variable of each column of a dataset, in their order."""
    return (*_of_respondents(dataset), *(_of_column(dataset, column) for column in dataset.columns))


def _of_respondents(dataset: Dataset) -> Iterator[Variable]:
    spoken = dict.fromkeys(language for one in dataset.versions.values() for language in one.languages)
    categories: Mapping[str, Mapping[str, Text | str | None]] = {
        "version": dict.fromkeys(dataset.versions),
        "channel": dict.fromkeys(one.value for one in Channel),
        "language": dict.fromkeys(spoken),
        "assisted": {"yes": "With a helper", "no": "Without a helper"},
        "disposition": dict.fromkeys(one.value for one in AAPOR_CODES),
    }
    for name in RESPONDENT:
        kind, note = ABOUT[name]
        if name in categories:
            yield Variable(name, Kind.CATEGORY, note=note, categories=categories[name])
        else:
            yield Variable(name, Kind.MOMENT if kind == "moment" else Kind.TEXT, note=note)


def _of_column(dataset: Dataset, column: Column) -> Variable:
    item = column.item
    asked = (item.label,) if item.label else ()
    match column.part:
        case Part.STATUS:
            return Variable(
                column.name, Kind.CATEGORY, asked, "why there is no answer", STATUSES, column=column
            )
        case Part.CHOICE if column.choice is not None:
            kind = Kind.PLACE if item.type is ItemType.RANK else Kind.FLAG
            return Variable(column.name, kind, (*asked, column.choice.label), column=column)
        case Part.LATITUDE | Part.LONGITUDE:
            return Variable(column.name, Kind.NUMBER, asked, column.part.value, column=column)
        case Part.AS_WRITTEN:
            return Variable(column.name, Kind.TEXT, asked, "as written, not understood", column=column)
    note = f"Calculated: {item.calculation.source}" if item.calculation else ""
    choices = {name: choice.label for name, choice in choices_of(column, dataset.versions).items()}
    return Variable(column.name, KINDS.get(item.type, Kind.TEXT), asked, note, choices, column)


def questionnaire_of(dataset: Dataset, column: Column) -> Questionnaire:
    """Return the newest version that asked a column's question so."""
    return next(one for version, one in dataset.versions.items() if version in column.versions)
