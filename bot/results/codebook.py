"""The codebook: what each column of an export means."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.disposition import AAPOR_CODES
from bot.core.groups import RESPONDENT
from bot.core.questionnaire import ItemType, Questionnaire, Text
from bot.results.dataset import NOT_ASKED, NOT_REACHED, Dataset
from bot.results.layout import MEDIA, NO_FILE, Column, Part

HEADER = ("variable", "type", "question", "values", "asked_when", "note")

NOT_SAFE_FILE = "As people sent it; a face or a voice in it is the person's own. Not safe to publish."
NOT_SAFE = "As people wrote it; it may name people and places. Not safe to publish."

ABOUT = {
    "respondent": (
        "text",
        "A random number for this person in this consultation; it leads to no phone number.",
    ),
    "version": ("text", "The version of the consultation that the interview was held with."),
    "channel": ("text", "How the person reached Heard."),
    "language": ("text", "The language of the interview at its end."),
    "assisted": ("text", "yes where somebody helped them to answer, on another phone or on paper; else no."),
    "came_by": (
        "text",
        "Where the person learnt of the consultation: what the link or code that they came by stands for.",
    ),
    "started_at": ("moment", "UTC, to the minute."),
    "ended_at": ("moment", "UTC, to the minute; empty where the person never finished."),
    "disposition": ("text", "What became of the interview."),
    "aapor_code": ("text", "The same by AAPOR's Standard Definitions (8th edition, internet surveys)."),
}
TYPES = {
    ItemType.INTEGER: "whole number",
    ItemType.DECIMAL: "number",
    ItemType.RANGE: "number",
    ItemType.DATE: "date",
    ItemType.TIME: "time",
    ItemType.IMAGE: "file name",
    ItemType.AUDIO: "file name",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one column means; the fields are those of `HEADER`."""

    variable: str
    type: str
    question: str
    values: str
    asked_when: str
    note: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.variable, self.type, self.question, self.values, self.asked_when, self.note)


def codebook(dataset: Dataset) -> Iterator[Entry]:
    """Yield an entry for each column of a dataset, in their order."""
    for name in RESPONDENT:
        kind, meaning = ABOUT[name]
        values = "; ".join(f"{one} = {code or 'none'}" for one, code in AAPOR_CODES.items())
        yield Entry(name, kind, meaning, values if name in ("disposition", "aapor_code") else "", "", "")
    for column in dataset.columns:
        questionnaire = next(one for version, one in dataset.versions.items() if version in column.versions)
        yield _entry(column, questionnaire)


def _entry(column: Column, questionnaire: Questionnaire) -> Entry:
    item, languages = column.item, questionnaire.languages
    question = _everywhere(item.label, languages)
    relevant = item.relevant.source if item.relevant else ""
    match column.part:
        case Part.CHOICE if column.choice is not None:
            values = (
                "place in the order, from 1" if item.type is ItemType.RANK else "1 = chosen; 0 = not chosen"
            )
            label = _everywhere(column.choice.label, languages)
            return Entry(column.name, "whole number", f"{question} — {label}", values, relevant, "")
        case Part.LATITUDE | Part.LONGITUDE:
            return Entry(column.name, "number", question, "degrees, to 2 decimals", relevant, "")
        case Part.AS_WRITTEN:
            return Entry(column.name, "text", question, "", relevant, f"Not understood. {NOT_SAFE}")
        case Part.STATUS:
            values = (
                "answered; default; skipped; dont_know; refused; not_understood; given_up (left after the last try); "
                f"{NOT_ASKED}; {NOT_REACHED}"
            )
            return Entry(column.name, "text", question, values, relevant, "")
    choices = "; ".join(f"{choice.name} = {choice.label.source}" for choice in item.choices)
    if item.type in MEDIA:
        choices = f"a file in the folder of HEARD_MEDIA; '{NO_FILE}' and why, where there is none"
    if item.calculation is not None:
        question = f"Calculated: {item.calculation.source}"
    note = NOT_SAFE_FILE if item.type in MEDIA else NOT_SAFE if item.type is ItemType.TEXT else ""
    return Entry(column.name, TYPES.get(item.type, "text"), question, choices, relevant, note)


def _everywhere(text: Text | None, languages: tuple[str, ...]) -> str:
    """Return a text in every language of the consultation, each after its code where there are several."""
    if text is None:
        return ""
    if len(languages) == 1:
        return text.source
    return " | ".join(f"{language}: {text.into(language)}" for language in languages)
