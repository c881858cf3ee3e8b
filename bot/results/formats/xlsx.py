"""Tables as an Excel workbook, with a codebook and what they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.errors import ExportError
from bot.results.codebook import HEADER, Entry

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet holds (Excel specifications and limits)."""
LONGEST_TEXT, LONGEST_SHEET_NAME = 32_767, 31
WIDTHS = {"variable": 24, "type": 14, "question": 60, "values": 50, "asked_when": 30, "note": 40}
CODEBOOK, ABOUT = "codebook", "about"

Tables = Mapping[str, pl.DataFrame]
"""Rows that follow, for the sheets of these names; their columns are in the order of the sheet's header."""


def write_xlsx(
    file: Path,
    about: Mapping[str, str],
    headers: Mapping[str, Sequence[str]],
    entries: Iterable[Entry],
    pages: Iterable[Tables],
) -> None:
    """Write the workbook row by row, with a page of respondents in memory at a time.

    `headers` has the name of each sheet with what stands above its columns. Whatever a person wrote is written as text,
    never as a formula, a link or a number.

    Raises:
        ExportError: there is more than a sheet holds.
    """
    widest = max(map(len, headers.values()), default=0)
    if widest > MOST_COLUMNS:
        raise ExportError(
            f"there are {widest} columns and a sheet holds {MOST_COLUMNS}: export as csv or json"
        )
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(file), options) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        moments: dict[Any, Format] = {
            pl.Datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            pl.Date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
            pl.Time: workbook.add_format({"num_format": "hh:mm"}),
        }
        sheets = {name: _Table(workbook.add_worksheet(name), moments) for name in headers}
        for name, table in sheets.items():
            table.begin(headers[name], bold)
        for page in pages:
            for name, rows in page.items():
                sheets[name].write(rows)
        for name, table in sheets.items():
            table.end(len(headers[name]))
        _write_codebook(workbook.add_worksheet(CODEBOOK), entries, bold, wrapped)
        sheet = workbook.add_worksheet(ABOUT)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 90)
        for place, (name, text) in enumerate(about.items()):
            sheet.write_string(place, 0, name, bold)
            sheet.write_string(place, 1, text, wrapped)


class _Table:
    """A sheet that rows are written to, one after another."""

    def __init__(self, sheet: Worksheet, moments: Mapping[Any, Format]) -> None:
        self._sheet = sheet
        self._moments = moments
        self._rows = 0

    def begin(self, header: Sequence[str], bold: Format) -> None:
        self._sheet.freeze_panes(1, 1)
        for place, name in enumerate(header):
            self._sheet.set_column(place, place, min(max(len(name) + 2, 12), 40))
            self._sheet.write_string(0, place, name[:LONGEST_TEXT], bold)

    def write(self, rows: pl.DataFrame) -> None:
        if self._rows + rows.height >= MOST_ROWS:
            raise ExportError(
                f"a sheet holds {MOST_ROWS - 1:,} rows and there are more: export as csv or json, or as parquet"
            )
        plain = rows.with_columns(
            # Excel knows no time zones; the codebook says that these are UTC.
            pl.col(pl.Datetime).dt.replace_time_zone(None),
            pl.col(pl.String).str.slice(0, LONGEST_TEXT),
        )
        writers = [self._writer(place, kind) for place, kind in enumerate(plain.dtypes)]
        for number, row in enumerate(plain.iter_rows(), self._rows + 1):
            for write, value in zip(writers, row, strict=True):
                if value is not None:
                    write(number, value)
        self._rows += rows.height

    def end(self, columns: int) -> None:
        self._sheet.autofilter(0, 0, self._rows, max(columns - 1, 0))

    def _writer(self, place: int, kind: pl.DataType) -> Callable[[int, Any], object]:
        sheet = self._sheet
        if kind.is_numeric():
            return lambda row, value: sheet.write_number(row, place, value)
        if kind.is_temporal():
            shown = self._moments[kind.base_type()]
            return lambda row, value: sheet.write_datetime(row, place, value, shown)
        return lambda row, value: sheet.write_string(row, place, value)


def _write_codebook(sheet: Worksheet, entries: Iterable[Entry], bold: Format, wrapped: Format) -> None:
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(HEADER):
        sheet.set_column(place, place, WIDTHS[name])
        sheet.write_string(0, place, name, bold)
    for number, entry in enumerate(entries, 1):
        for place, text in enumerate(entry.cells):
            sheet.write_string(number, place, text[:LONGEST_TEXT], wrapped)
