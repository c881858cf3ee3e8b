"""The empty spreadsheet that forms are typed into: a column for each answer, with its question and its choices."""

import csv
from collections.abc import Sequence
from pathlib import Path

from bot.core.paper.form import ABOUT, CONSENT, DATE, FORM, LANGUAGE, Column, columns
from bot.core.questionnaire import ItemType, Questionnaire
from bot.outreach.paper.reading import REMARK
from bot.results.cells import harmless

ROWS = 2_000
"""Rows of a workbook in which choices can be picked from a list."""
WHAT = {
    FORM: "The number that is written on the form. Each form has its own.",
    DATE: "The day on which it was filled in, like 2026-11-23.",
    LANGUAGE: "The language that was spoken.",
    CONSENT: "yes where the person agreed to take part, no where they did not.",
}
LIKE = {
    ItemType.INTEGER: "a whole number",
    ItemType.DECIMAL: "a number",
    ItemType.DATE: "a day, like 2026-11-23",
    ItemType.TIME: "a time, like 14:30",
    ItemType.GEOPOINT: "latitude and longitude, like 6.52, 3.38",
    ItemType.TEXT: "as it is written on the form",
}


def write_template(file: Path, questionnaire: Questionnaire, rounds: int, *, is_workbook: bool) -> None:
    """Write a template, as an XLSX workbook or else as CSV, with columns for so many rounds of each repeat."""
    asked = columns(questionnaire, rounds)
    if is_workbook:
        _write_workbook(file, questionnaire, asked)
    else:
        _write_csv(file, questionnaire, asked)


def _about(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(one for one in ABOUT if one != LANGUAGE or len(questionnaire.languages) > 1)


def _question(column: Column) -> str:
    return column.item.label.source.strip() if column.item.label else column.item.name


def _values(questionnaire: Questionnaire, name: str) -> str:
    return ", ".join(questionnaire.languages) if name == LANGUAGE else WHAT[name]


def _answered_by(column: Column) -> str:
    item = column.item
    needed = "" if item.required else "; may be left empty"
    listed = "; ".join(
        f"{number} or {choice.name}: {choice.label.source.strip()}"
        for number, choice in enumerate(item.choices, 1)
    )
    match item.type:
        case ItemType.SELECT_ONE:
            return f"one of: {listed}{needed}"
        case ItemType.SELECT_MULTIPLE:
            return f"some of, commas between: {listed}{needed}"
        case ItemType.RANK:
            return f"all of, the best first, commas between: {listed}{needed}"
        case ItemType.RANGE if item.range is not None:
            return f"a number from {item.range.start} to {item.range.end}{needed}"
    return f"{LIKE.get(item.type, 'an answer')}{needed}"


def _write_csv(file: Path, questionnaire: Questionnaire, asked: Sequence[Column]) -> None:
    about = _about(questionnaire)
    with file.open("w", encoding="utf-8-sig", newline="") as written:
        rows = csv.writer(written)
        rows.writerow([*about, *(column.slot for column in asked)])
        # Remarks, which the import passes over: what is asked, and what can stand there.
        rows.writerow(
            [
                f"{REMARK} question",
                *(WHAT[one] for one in about[1:]),
                *(harmless(_question(one)) for one in asked),
            ]
        )
        rows.writerow(
            [
                f"{REMARK} answer",
                *(_values(questionnaire, one) for one in about[1:]),
                *(harmless(_answered_by(one)) for one in asked),
            ]
        )


def _write_workbook(file: Path, questionnaire: Questionnaire, asked: Sequence[Column]) -> None:
    import xlsxwriter

    about = _about(questionnaire)
    names = [*about, *(column.slot for column in asked)]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), options) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        forms = workbook.add_worksheet("forms")
        for place, name in enumerate(names):
            # As text: a spreadsheet would make days and numbers of its own of answers like 1-2.
            forms.set_column(place, place, max(12, min(len(name) + 2, 30)), day if name == DATE else text)
            forms.write_string(0, place, name, bold)
        forms.freeze_panes(1, 1)
        choices = workbook.add_worksheet("choices")
        choices.set_column(0, 2, 30, wrapped)
        for place, heading in enumerate(("column", "name", "label")):
            choices.write_string(0, place, heading, bold)
        row = 1
        lists: dict[str, tuple[int, int]] = {}
        for column in asked:
            first = row
            for choice in column.item.choices:
                for place, cell in enumerate((column.slot, choice.name, choice.label.source.strip())):
                    choices.write_string(row, place, cell)
                row += 1
            if column.item.type is ItemType.SELECT_ONE:
                lists[column.slot] = (first + 1, row)
        for place, name in enumerate(names):
            allowed: object = {CONSENT: ["yes", "no"], LANGUAGE: list(questionnaire.languages)}.get(name)
            if name in lists:
                allowed = "=choices!$B${}:$B${}".format(*lists[name])
            if allowed is not None:
                # Offered and not forced: a label or a number is taken as well.
                rule = {"validate": "list", "source": allowed, "error_type": "information"}
                forms.data_validation(1, place, ROWS, place, rule)
        readme = workbook.add_worksheet("columns")
        readme.set_column(0, 0, 24)
        readme.set_column(1, 2, 60, wrapped)
        for place, heading in enumerate(("column", "question", "what to write")):
            readme.write_string(0, place, heading, bold)
        told = [(one, WHAT[one], _values(questionnaire, one)) for one in about]
        told += [(one.slot, _question(one), _answered_by(one)) for one in asked]
        for number, cells in enumerate(told, 1):
            for place, cell in enumerate(cells):
                readme.write_string(number, place, cell)
