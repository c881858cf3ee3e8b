"""Spreadsheets as programs save them: encodings, signs between cells, and what a workbook makes of values."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.errors import SheetError
from bot.outreach.recipients import sheets
from bot.outreach.recipients.sheets import Making, Sheet, open_sheet, piped

LATIN = [
    ["phone", "região", "sexo"],
    ["0701740605", "São Paulo", "feminino"],
    ["", "", ""],
    ["1", "Brasília, DF", ""],
]


def read(content: bytes, **making: object) -> tuple[Sheet, list[tuple[int, list[str]]]]:
    sheet = open_sheet(BytesIO(content), Making(**making))  # type: ignore[arg-type]
    return sheet, [(row, list(cells)) for row, cells in sheet.rows]


def code(content: bytes, **making: object) -> str:
    with pytest.raises(SheetError) as raised:
        read(content, **making)
    assert len(raised.value.problems) == 1
    return raised.value.problems[0].code


def saved(rows: Sequence[Sequence[str]], sign: str, line_end: str = "\r\n") -> str:
    cells = ([f'"{cell}"' if sign in cell or "\n" in cell else cell for cell in row] for row in rows)
    return "".join(sign.join(row) + line_end for row in cells)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_every_encoding_and_sign_is_found_out(encoding: str, sign: str, line_end: str) -> None:
    sheet, rows = read(saved(LATIN, sign, line_end).encode(encoding), languages=("pt",))
    assert sheet.heading == LATIN[0]
    # The row without values is passed over, and counted.
    assert rows == [(2, LATIN[1]), (4, LATIN[3])]
    assert sheet.read() == 1.0


@pytest.mark.parametrize(
    ("encoding", "language", "words"),
    [
        ("cp1250", "pl", "województwo łódzkie śląskie"),
        ("cp1251", "ru", "район Северный Южный"),
        ("cp1252", "fr", "région Île-de-France Rhône-Alpes"),
        ("cp1253", "el", "περιοχή Αθήνα Θεσσαλονίκη"),
        ("cp1254", "tr", "şehir İstanbul Muğla Iğdır"),
        ("cp1255", "he", "אזור צפון דרום"),
        ("cp1256", "ar", "المنطقة الشمال الجنوب"),
        ("cp874", "th", "จังหวัด เชียงใหม่ กรุงเทพ"),
        ("cp932", "ja", "地域 東京 大阪 ひがし"),
        ("cp949", "ko", "지역 서울 부산"),
        ("gb18030", "zh", "地区 北京 上海"),
    ],
)
def test_a_code_page_is_told_by_its_letters_and_the_languages_offered(
    encoding: str, language: str, words: str
) -> None:
    table = [["phone", *words.split()], ["0701740605", *reversed(words.split())]]
    sheet, rows = read(saved(table, ";").encode(encoding), languages=("en", language))
    assert [sheet.heading, rows[0][1]] == table


def test_what_is_said_of_a_file_goes_before_what_it_looks_like() -> None:
    content = "phone;x,y\n1;Łódź\n".encode("cp1250")
    assert read(content, encoding="cp1250", delimiter=",")[0].heading == ["phone;x", "y"]
    assert code(content, encoding="cp9999") == "list-encoding"
    assert code(content, encoding="utf-8") == "list-encoding"


def test_letters_that_are_not_utf8_are_found_wherever_they_stand() -> None:
    rows = "phone,town\n" + "1,Riga\n" * 20_000
    assert read((rows + "2,São Tomé\n").encode("cp1252"), languages=("pt",))[1][-1] == (
        20_002,
        ["2", "São Tomé"],
    )


@pytest.mark.parametrize(
    ("text", "heading", "row"),
    [
        ('"phone","a ""b"""\n"1","x\ny"\n', ["phone", 'a "b"'], (2, ["1", "x\ny"])),
        # Excel's own line, by which it knows the sign.
        ("sep=;\nphone;a,b,c\n1;x\n", ["phone", "a,b,c"], (3, ["1", "x"])),
        ("phone\n1\n", ["phone"], (2, ["1"])),
        ("\n\n,\nphone,a\n1,x\n", ["phone", "a"], (5, ["1", "x"])),
        ('phone;"one, two, three, four"\n1;x\n', ["phone", "one, two, three, four"], (2, ["1", "x"])),
    ],
)
def test_csv_is_read_as_spreadsheets_write_it(
    text: str, heading: list[str], row: tuple[int, list[str]]
) -> None:
    sheet, rows = read(text.encode())
    assert sheet.heading == heading
    assert rows == [row]


def workbook(fill: Callable[[Worksheet], object], *more: str) -> bytes:
    made = Workbook()
    assert made.active is not None
    fill(made.active)
    for name in more:
        made.create_sheet(name).append(["x"])
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def test_a_workbook_gives_numbers_whole_and_days_as_days() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["phone", "day", "moment", "share", "true"])
        sheet.append([46701740605, date(2026, 3, 31), datetime(2026, 3, 31, 9, 30), 0.5, True])
        sheet.append([46701740605.0, datetime(2026, 3, 31), "١٢٣", None, False])
        sheet.append([])
        sheet.append(["+46 70 174 06 05", "31/03/2026"])
        sheet["A2"].number_format = "0.00E+00"

    sheet, rows = read(workbook(fill))
    assert sheet.heading == ["phone", "day", "moment", "share", "true"]
    assert rows == [
        (2, ["46701740605", "2026-03-31", "2026-03-31 09:30:00", "0.5", "true"]),
        (3, ["46701740605", "2026-03-31", "١٢٣", "", "false"]),
        (5, ["+46 70 174 06 05", "31/03/2026", "", "", ""]),
    ]
    assert sheet.told == "sheet 'Sheet'"
    assert sheet.read() == 1.0


def test_rows_are_those_that_a_spreadsheet_shows() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B3"], sheet["B4"] = "phone", "1"

    sheet, rows = read(workbook(fill))
    assert sheet.heading == ["phone"]
    assert rows == [(4, ["1"])]


def test_of_several_sheets_one_has_to_be_named() -> None:
    content = workbook(lambda sheet: sheet.append(["phone"]), "Other")
    assert code(content) == "list-sheets"
    assert code(content, sheet="Third") == "list-no-sheet"
    assert read(content, sheet="Other")[0].heading == ["x"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "list-empty"),
        (b"\n \n", "list-empty"),
        (b"\xff\xfe", "list-empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01", "list-encoding"),
        (b"PK\x03\x04 and no more", "list-unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "list-unreadable"),
        (workbook(lambda sheet: None), "list-empty"),
        (b'phone,a\n1,"' + b"x" * 200_000, "list-unreadable"),
        ("phone,a\n1,x\n".encode("utf-16")[:-1], "list-encoding"),
    ],
)
def test_what_is_no_spreadsheet_says_why(content: bytes, found: str) -> None:
    assert code(content) == found


def test_a_workbook_that_unfolds_without_end_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 10_000)
    content = BytesIO()
    with ZipFile(content, "w", 8) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", " " * 20_000)
    assert code(content.getvalue()) == "list-too-large"


def test_a_pipe_is_held_in_memory_and_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert piped(BytesIO(b"phone\n1\n")).read() == b"phone\n1\n"
    monkeypatch.setattr(sheets, "MOST_PIPED", 5)
    with pytest.raises(SheetError):
        piped(BytesIO(b"phone\n1\n"))
