"""A dataset as an Excel workbook: the answers, their codebook, and what they are."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bot.errors import ExportError
from bot.results.cells import plain
from bot.results.codebook import HEADER, Entry
from bot.results.dataset import Row
from bot.results.layout import Value

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet holds (Excel specifications and limits)."""
LONGEST_TEXT = 32_767
WIDTHS = {"variable": 24, "type": 14, "question": 60, "values": 50, "asked_when": 30, "note": 40}


async def write_xlsx(
    file: Path,
    about: Mapping[str, str],
    header: Sequence[str],
    entries: Iterable[Entry],
    rows: AsyncIterator[Row],
) -> None:
    """Write the workbook row by row, with one row in memory at a time.

    Whatever a person wrote is written as text, never as a formula, a link or a number.

    Raises:
        ExportError: there is more than a sheet holds.
    """
    if len(header) > MOST_COLUMNS:
        raise ExportError(
            f"there are {len(header)} columns and a sheet holds {MOST_COLUMNS}: export as csv or json"
        )
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(file), options) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        formats = {
            datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            time: workbook.add_format({"num_format": "hh:mm"}),
        }
        answers = workbook.add_worksheet("answers")
        answers.freeze_panes(1, 1)
        for place, name in enumerate(header):
            answers.set_column(place, place, min(max(len(name) + 2, 12), 40))
            answers.write_string(0, place, name, bold)
        number = 0
        async for row in rows:
            number += 1
            if number >= MOST_ROWS:
                raise ExportError(f"a sheet holds {MOST_ROWS - 1:,} respondents: export as csv or json")
            for place, value in enumerate(row):
                _write(answers, number, place, value, formats)
        answers.autofilter(0, 0, number, max(len(header) - 1, 0))
        _write_codebook(workbook.add_worksheet("codebook"), entries, bold, wrapped)
        sheet = workbook.add_worksheet("about")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        for place, (name, text) in enumerate(about.items()):
            sheet.write_string(place, 0, name, bold)
            sheet.write_string(place, 1, text, wrapped)


def _write(
    sheet: Worksheet, row: int, column: int, value: Value | datetime, formats: Mapping[type, object]
) -> None:
    match value:
        case None:
            return
        case datetime():
            # Excel knows no time zones; the codebook says that these are UTC.
            sheet.write_datetime(row, column, value.replace(tzinfo=None), formats[datetime])
        case date():
            sheet.write_datetime(row, column, value, formats[date])
        case time():
            sheet.write_datetime(row, column, value, formats[time])
        case int() | Decimal():
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, plain(value)[:LONGEST_TEXT])


def _write_codebook(sheet: Worksheet, entries: Iterable[Entry], bold: object, wrapped: object) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(HEADER):
        sheet.set_column(place, place, WIDTHS[name])
        sheet.write_string(0, place, name, bold)
    for number, entry in enumerate(entries, 1):
        for place, text in enumerate(entry.cells):
            sheet.write_string(number, place, text[:LONGEST_TEXT], wrapped)
