"""Spreadsheets of any make as rows of texts, one after the other: CSV from a stream, workbooks from memory."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO, TextIOWrapper
from itertools import chain
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from bot.core.problems import Problem
from bot.errors import SheetError
from bot.outreach.recipients.encodings import encoding_of
from bot.outreach.recipients.faults import fault, quoted

DELIMITERS = ",;\t|"
MOST_PIPED = 256 << 20
"""Bytes that are taken from a pipe: they are held in memory, for what comes so may be nowhere on a disk."""
MOST_UNPACKED = 1 << 30
"""Bytes that a workbook may unfold to: a small one can be made to fill the memory of any machine."""
MOST_CELL = 100_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

Row = tuple[int, Sequence[str]]
"""A row's number in the spreadsheet, from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet: its heading, the rows below, how it was read, and which share of it has been read by now.

    Rows without a value are passed over. Reading on may raise SheetError.
    """

    heading: Sequence[str]
    rows: Iterator[Row]
    told: str
    read: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Making:
    """What an organiser says of how the file was made; None for what is to be found out. `languages` are offered."""

    languages: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def piped(stream: BinaryIO) -> BinaryIO:
    """Return what comes from a pipe, held in memory. SheetError where it is too much."""
    content = stream.read(MOST_PIPED + 1)
    if len(content) > MOST_PIPED:
        raise _unreadable(
            fault("list-too-large", most=f"{MOST_PIPED >> 20} MB, as what comes from a pipe may be")
        )
    return BytesIO(content)


def open_sheet(file: BinaryIO, making: Making) -> Sheet:
    """Return the spreadsheet in a file; SheetError where there is none."""
    file.seek(0)
    first = file.read(4)
    sheet = _workbook(file, making) if first in (_ZIP, _OLE) else _csv(file, making)
    for _, heading in sheet.rows:
        return replace(sheet, heading=heading)
    raise _unreadable(fault("list-empty"))


def _unreadable(problem: Problem) -> SheetError:
    return SheetError([problem])


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    return ((row, cells) for row, cells in rows if any(map(str.strip, cells)))


# --- CSV


def _csv(file: BinaryIO, making: Making) -> Sheet:
    encoding = making.encoding or encoding_of(file, making.languages)
    if encoding is None:
        raise _unreadable(fault("list-encoding"))
    size = file.seek(0, 2) or 1
    file.seek(0)
    try:
        # Without translation of line ends: those within quotes are the cell's own.
        text = TextIOWrapper(file, encoding=encoding, newline="")
    except LookupError:
        raise _unreadable(fault("list-encoding")) from None
    lines = _lines(text)
    first = next(lines, "")
    before: list[Sequence[str]] = []
    delimiter = making.delimiter
    if first.casefold().startswith("sep=") and len(first.rstrip("\r\n")) == 5:
        # Excel's own line, by which it knows the sign.
        delimiter, before = delimiter or first[4], [()]
    else:
        delimiter = delimiter or _delimiter(first)
        lines = chain([first], lines)
    records = chain(before, _records(lines, delimiter))
    told = f"{_shown(encoding)}, {_NAMES.get(delimiter, repr(delimiter))}"
    return Sheet((), _filled(enumerate(records, 1)), told, lambda: text.buffer.tell() / size)


def _lines(text: TextIOWrapper) -> Iterator[str]:
    try:
        yield from text
    except UnicodeError:
        raise _unreadable(fault("list-encoding")) from None


def _records(lines: Iterator[str], delimiter: str) -> Iterator[Sequence[str]]:
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:
        # A cell that is longer than any: a quotation mark is not closed.
        reason = f"a quotation mark before line {reader.line_num} is not closed"
        raise _unreadable(fault("list-unreadable", row=None, reason=reason)) from None


def _delimiter(first: str) -> str:
    """Return the sign that parts the heading into the most cells, and does not part what is in quotes."""

    def fits(sign: str) -> tuple[bool, int]:
        cells = next(csv.reader([first], delimiter=sign), [])
        return all('"' not in cell for cell in cells), len(cells)

    return max(DELIMITERS, key=fits)


def _shown(encoding: str) -> str:
    return encoding.removesuffix("_sig").replace("utf_", "UTF-").replace("cp", "code page ").replace("_", "-")


# --- XLSX, ODS, XLS


def _workbook(file: BinaryIO, making: Making) -> Sheet:
    # Not at the top: only who has such a file needs it.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    _check_size(file)
    file.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        names = workbook.sheet_names
        filled = [name for name in names if workbook.get_sheet_by_name(name).height]
        name = making.sheet or (filled[0] if len(filled) == 1 else None)
        sheets = ", ".join(map(quoted, names))
        if name is None:
            raise _unreadable(fault("list-sheets", sheets=sheets) if filled else fault("list-empty"))
        if name not in names:
            raise _unreadable(fault("list-no-sheet", sheets=sheets))
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError as error:
        is_locked = type(error).__name__ == "PasswordError"
        reason = "it is protected by a password" if is_locked else "it is damaged, or something else"
        raise _unreadable(fault("list-unreadable", reason=reason)) from None
    last = sheet.end[0] + 1 if sheet.end else 1
    place = 0

    def rows() -> Iterator[Row]:
        nonlocal place
        # Empty rows above the heading are among them.
        for cells in sheet.iter_rows():
            place += 1
            yield place, [_text(cell) for cell in cells]

    return Sheet((), _filled(rows()), f"sheet {quoted(name)}", lambda: place / last)


def _check_size(file: BinaryIO) -> None:
    file.seek(0)
    if file.read(4) != _ZIP:
        return
    try:
        with ZipFile(file) as unpacked:
            size = sum(one.file_size for one in unpacked.infolist())
    except BadZipFile:
        raise _unreadable(fault("list-unreadable", reason="it is damaged")) from None
    if size > MOST_UNPACKED:
        raise _unreadable(fault("list-too-large", most=f"{MOST_UNPACKED >> 30} GB when unpacked"))


def _text(cell: object) -> str:
    """Return a cell as a person reads it: whole numbers without a fraction, days without midnight."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ")
        case date():
            return cell.isoformat()
    return "" if cell is None else str(cell)
