"""`heard recipients`, as an organiser meets it, from the file to the counts."""

import asyncio
import csv
import re
import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from bot.cli import app
from bot.cli.recipients_told import SHOWN
from bot.errors import HeardError, RecipientsError, UnknownConsultation
from tests.support.databases import Databases
from tests.support.intake import PEPPER, SEALING_KEY, phone

HEADING = ["Mobile no.", "Language", "District", "Consent source", "Consent date"]
WATER = "water"
FLOW = """
consultation: water
title: Water
languages: [en]
keywords: {en: [WATER]}
consent: May we ask you a few questions?
items:
  - {name: hours, type: integer, label: How many hours a day is there water?}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases("sqlite", str(tmp_path_factory.mktemp("recipients")))


@pytest.fixture
def database(made: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = asyncio.run(made.migrated())
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("HEARD_SEALING_KEYS", SEALING_KEY)
    monkeypatch.setenv("HEARD_ADDRESS_PEPPER", PEPPER)
    monkeypatch.delenv("TWILIO_FROM", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "water.yaml").write_text(FLOW)
    monkeypatch.setenv("HEARD_FLOWS", str(flows))
    return Path(url.removeprefix("sqlite:///"))


def heard(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["recipients", *arguments], catch_exceptions=False, input=stdin)


def row(number: int, language: str = "en", district: str = "North") -> list[str]:
    return [phone(number).reveal(), language, district, "Clinic", "2026-01-31"]


def written(rows: list[list[str]], heading: list[str] | None = None) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([heading or HEADING, *rows])
    return text.getvalue()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(written([row(1), row(2, ""), row(3, "", "South")]), encoding="utf-8-sig")
    return file


def test_a_list_is_taken_in_once_and_counted(database: Path, people: Path) -> None:
    assert "There are no recipients" in heard("list").output
    first = heard("import", WATER, str(people))
    assert first.exit_code == 0
    assert "Read as UTF-8, semicolons." in first.output
    assert "3 added to the recipients of water, 0 changed, 0 as they were." in first.output
    again = heard("import", WATER, "-", stdin=people.read_bytes())
    assert "0 added to the recipients of water, 0 changed, 3 as they were." in again.output
    people.write_text(written([row(1, "en", "East"), row(4)]))
    assert "1 added to the recipients of water, 1 changed" in heard("import", WATER, str(people)).output
    assert "          4  water" in heard("list").output
    status = heard("status", WATER).output
    assert "4 recipients" in status
    lines = [line.split() for line in status.splitlines() if line.startswith(("en", "not", "US", "sms"))]
    assert lines == [["en", "2", "2"], ["not", "known", "2", "2"], ["US", "4", "4"], ["sms", "4", "4"]]
    with sqlite3.connect(database) as connection:
        dump = "\n".join(connection.iterdump())
    assert "Clinic" in dump
    assert not any(phone(number).reveal()[1:] in dump for number in range(1, 5))


def test_where_rows_have_problems_all_are_told_and_nothing_is_stored(
    database: Path, people: Path, tmp_path: Path
) -> None:
    bad = [[phone(number).reveal(), "xx", "North", "", "2030-01-01"] for number in range(10, 40)]
    people.write_text(
        written([row(1), *bad, row(1), ["070 174 06 05", "en", "a@b.c", "Clinic", "31/01/2026"]])
    )
    told = tmp_path / "problems.csv"
    found = heard("import", WATER, str(people), "--problems", str(told))
    assert found.exit_code == 1
    assert "93 problems. Nothing was stored or changed." in found.stderr
    rows = ", ".join(str(number) for number in range(3, 3 + SHOWN))
    assert f"rows {rows}  Language  (recipient-language)" in found.stderr
    assert "... and 10 rows more with this problem." in found.stderr
    assert "row 33  Mobile no.  (recipient-twice)" in " ".join(found.stderr.split(" "))
    # By the row in which a kind of problem is met first.
    codes = re.findall(r"\((recipient-[a-z-]+)\)", found.stderr)
    assert (
        codes.index("recipient-language") < codes.index("recipient-twice") < codes.index("recipient-personal")
    )
    assert "The same number stands in row 2." in found.stderr
    assert "→ Write + and the country code before it" in found.stderr
    assert "555" not in found.output + found.stderr
    content = told.read_text("utf-8-sig")
    assert "555" not in content
    assert len(list(csv.DictReader(StringIO(content)))) == 93
    assert next(csv.DictReader(StringIO(content)))["code"] == "recipient-language"
    assert told.stat().st_mode & 0o777 == 0o600
    assert "There are no recipients" in heard("list").output
    skipped = heard("import", WATER, str(people), "--skip-bad")
    assert skipped.exit_code == 0
    assert "1 added" in skipped.output
    assert "Left out: 32 with problems." in skipped.output
    # They were told whole before: whoever passes over them wants to see that it is those.
    assert "→" not in skipped.stderr
    assert "       1 recipient-twice, the first in row 33\n" in skipped.stderr


def test_what_is_wrong_with_the_whole_list_cannot_be_passed_over(database: Path, people: Path) -> None:
    people.write_text(written([[*row(1), "Ann"]], [*HEADING, "First name"]))
    found = heard("import", WATER, str(people), "--skip-bad")
    assert found.exit_code == 1
    assert "row 1  First name  (list-identifying)" in found.stderr
    assert "--skip-bad" not in found.stderr
    assert heard("import", WATER, str(people), "--drop", "first name").exit_code == 0
    people.write_text("no table at all")
    assert "(list-no-phone)" in heard("import", WATER, str(people)).stderr


def test_what_the_command_says_goes_for_the_whole_list(database: Path, people: Path) -> None:
    people.write_text("Handset,Area\n(202) 555-0101,North\n2025550102,South\n")
    said = ("--column", "phone=handset", "--country", "us", "--consent-source", "Ward meeting")
    dated = heard(
        "import", WATER, str(people), *said, "--consent-date", "2026-02-01", "--channel", "whatsapp"
    )
    assert "2 added" in dated.output
    assert "whatsapp" in heard("status", WATER).output
    # One number is one person: on their other channel they are not invited a second time.
    again = heard("import", WATER, str(people), *said, "--consent-date", "2026-02-01")
    assert "2 of recipients on the number's other channel" in again.output
    only = heard(
        "import", WATER, str(people), *said, "--consent-date", "2026-02-01", "--only-countries", "ke,UG"
    )
    assert "The number is of a country that is not written to: US." in only.stderr


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("--country", "Kenya"), "is no country"),
        (("--only-countries", "KE,XX"), "is no country"),
        (("--column", "phone"), "is not like"),
        (("--consent-source", "n/a"), "how people agreed"),
        (("--consent-date", "2999-01-01"), "yet to come"),
    ],
)
def test_what_cannot_be_meant_is_told(database: Path, people: Path, said: tuple[str, ...], why: str) -> None:
    with pytest.raises(RecipientsError, match=why):
        heard("import", WATER, str(people), *said)


def test_what_is_not_there_is_told(database: Path, people: Path) -> None:
    with pytest.raises(UnknownConsultation, match="is it water"):
        heard("import", "watr", str(people))
    with pytest.raises(RecipientsError, match="cannot be read"):
        heard("import", WATER, str(people.with_name("others.csv")))
    with pytest.raises(HeardError, match="has no recipients"):
        heard("status", WATER)


def test_our_senders_say_which_countries_are_written_to(
    database: Path, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "was not checked which countries" in heard("import", WATER, str(people), "--skip-bad").output
    # A name takes no replies, so that it invites nobody.
    monkeypatch.setenv("TWILIO_FROM", "KE:24680, US:HEARD")
    assert heard("import", WATER, str(people)).stderr.count("recipient-country") == 1
    monkeypatch.setenv("TWILIO_FROM", "KE:24680, +12025550100")
    assert heard("import", WATER, str(people)).exit_code == 0


def test_a_workbook_is_only_looked_at(database: Path, tmp_path: Path) -> None:
    made, file = Workbook(), tmp_path / "people.xlsx"
    assert made.active is not None
    for cells in ([*HEADING], row(1), [int(phone(2).reveal()), *row(2)[1:]]):
        made.active.append(cells)
    made.save(file)
    looked = heard("import", WATER, str(file), "--check", "--country", "US")
    assert "Read as sheet 'Sheet'. 2 people could be stored. Nothing was." in looked.output
    assert "There are no recipients" in heard("list").output


def test_hours_and_country_are_those_of_the_outreach_file(
    database: Path, people: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "flows" / "water.outreach.yaml"
    beside.write_text("sending: {country: US}\n")
    people.write_text(written([["2025550101", *row(1)[1:]]]))
    assert heard("import", WATER, str(people)).exit_code == 0
    beside.write_text("sending: {country: Kenya}\n")
    assert "KE" in heard("import", WATER, str(people)).stderr


def test_countries_of_a_list_are_told_and_those_that_may_be_there_by_a_slip(
    database: Path, people: Path
) -> None:
    sweden = ["+46 70 174 06 05", "en", "North", "Clinic", "2026-01-31"]
    people.write_text(written([row(number) for number in range(1, 25)]))
    assert "By country" not in heard("import", WATER, str(people), "--check").output
    people.write_text(written([*(row(number) for number in range(1, 25)), sweden, sweden]))
    for said in (("--check",), ()):
        told = heard("import", WATER, str(people), "--skip-bad", *said).output
        assert "By country: US 24, SE 1." in told
        assert "Look at 1 in SE: is that right?" in told
    # The country that the organiser works in is no slip.
    assert "Look at" not in heard("import", WATER, str(people), "--skip-bad", "--country", "SE").output
    # In a list of three nothing is few.
    people.write_text(written([row(1), row(2), sweden]))
    told = heard("import", WATER, str(people)).output
    assert "By country: US 2, SE 1." in told
    assert "Look at" not in told


QUOTAS = """
quotas:
  attributes: {district: [North, South]}
  cells:
    - {by: district, targets: {North: 5, South: 5}}
    - {by: [{name: hours, bands: [12]}], targets: {<12: 5, 12+: 5}}
"""


def test_values_that_are_in_no_cell_of_the_quotas_are_told(
    database: Path, people: Path, tmp_path: Path
) -> None:
    flow = tmp_path / "flows" / "water.yaml"
    flow.write_text(FLOW.replace("type: integer", "type: integer, constraint: . <= 24"))
    (tmp_path / "flows" / "water.outreach.yaml").write_text(QUOTAS)
    hours = iter(["3", "<12", "30", "12+", "many"] * 2)
    districts = ["north", "Nroth", "SOUTH", "Nroth", "East", "E1", "E2", "E3", "Nord"]
    rows = [[*row(number, district=one), next(hours)] for number, one in enumerate(districts)]
    # Of a row that is left out nothing is told.
    left_out = [phone(20).reveal(), "xx", "West", "Clinic", "2026-01-31", "3"]
    people.write_text(written([*rows, left_out], [*HEADING, "Hours"]))
    for said in (("--check",), ()):
        told = heard("import", WATER, str(people), "--skip-bad", *said).output
        assert "Whoever has one of these is in no cell of the quotas before they answer:" in told
        districts_told = "2 × 'Nroth', 1 × 'E1', 1 × 'E2', 1 × 'E3', 1 × 'East', and 1 other value"
        assert f"  district: {districts_told}; the categories are North, South.\n" in told
        assert "  hours: 2 × '30', 1 × 'many'; the categories are <12, 12+.\n" in told
        assert "West" not in told
    people.write_text(written([[*row(1), "23"]], [*HEADING, "Hours"]))
    assert "in no cell" not in heard("import", WATER, str(people)).output


def test_a_number_is_read_the_same_way_when_it_is_taken_out(
    database: Path, people: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "flows" / "water.outreach.yaml"
    beside.write_text("sending: {country: US}\n")
    # What a sheet made of a Swedish number; and one as it is dialled at home.
    cells = ["46701740605.0", "(202) 555-0101"]
    people.write_text(written([[cell, *row(1)[1:]] for cell in cells]))
    assert "2 added" in heard("import", WATER, str(people)).output
    gone = tmp_path / "gone.csv"
    gone.write_text("\n".join(["phone", *cells]))
    # Somebody who withdrew does not wait until the rest of the file is mended.
    beside.write_text("sending: {country: US}\ninvitation: {}\n")
    assert "2 taken out" in heard("remove", WATER, str(gone)).output
    beside.unlink()
    assert "(recipient-no-country)" in heard("remove", WATER, str(gone)).stderr


def test_people_are_taken_out_by_their_number_or_all_at_once(
    database: Path, people: Path, tmp_path: Path
) -> None:
    heard("import", WATER, str(people))
    gone = tmp_path / "gone.csv"
    gone.write_text("name,phone\nAnn,(202) 555-0101\nBo,+442079460000\n")
    assert "1 taken out" in heard("remove", WATER, str(gone), "--country", "US").output
    gone.write_text("phone\nnobody\n2025550102\n")
    wrong = heard("remove", WATER, str(gone), "--country", "US")
    assert wrong.exit_code == 1
    assert "row 2  phone  (recipient-not-a-number)" in wrong.stderr
    asked = heard("remove", WATER, "--all")
    assert "2 recipients of water are in no campaign." in asked.output
    with pytest.raises(RecipientsError, match="there are 2 and not 3"):
        heard("remove", WATER, "--all", "--yes", "3")
    assert "2 taken out" in heard("remove", WATER, "--all", "--yes", "2").output
    assert "There are no recipients" in heard("list").output
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    assert heard("remove", WATER).exit_code == 2
