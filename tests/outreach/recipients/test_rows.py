"""A row of a list: who is stored as what, and everything that can be wrong with the cells beside the number."""

import json
from datetime import date

import pytest

from bot.channels import Channel
from bot.core.outreach.hours import Hours
from bot.outreach.recipients.rows import DateOrder, read_day, value_fault
from bot.store.outreach.recipients import Listed
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.intake import PEPPER, SEALING_KEY, phone
from tests.support.recipients import HEADING, cells, codes, reader


def test_a_row_becomes_a_person_whose_number_is_sealed() -> None:
    read = reader().read(7, cells(43, " North  bank "))
    assert isinstance(read, Listed)
    assert AddressSeal(SEALING_KEY).open(read.address_sealed) == phone(43)
    pepper = AddressPepper(PEPPER)
    assert read.address_hash == pepper.hash(Channel.SMS, phone(43))
    assert read.other_hash == pepper.hash(Channel.WHATSAPP, phone(43))
    assert (read.row, read.language, read.country) == (7, "en", "US")
    assert read.time_zone == "America/New_York"
    assert json.loads(read.attributes) == {"district": "North bank"}
    assert (read.consent_source, read.consented_on) == ("Clinic", "2026-01-31")
    assert repr(read) == "Listed(row=7)"


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("language", "", []),
        ("language", "SW", []),
        ("language", "sw_KE", []),
        ("language", "Kiswahili", []),
        ("language", "fr", ["recipient-language"]),
        ("time zone", "africa/nairobi", []),
        ("time zone", "Africa/Dar es Salaam", []),
        ("time zone", "Africa/Nairobi, Africa/Kampala", []),
        ("time zone", "EAT", ["recipient-time-zone"]),
        ("time zone", "+3", ["recipient-time-zone"]),
        ("time zone", "Europe/Kaliningrad Asia/Kamchatka", ["recipient-no-hours"]),
        ("consent source", "", ["recipient-consent-source"]),
        ("consent source", "N/A", ["recipient-consent-source"]),
        ("consent source", "-", ["recipient-consent-source"]),
        ("consent source", "Yes", ["recipient-consent-source"]),
        ("consent source", "\N{CHECK MARK}", ["recipient-consent-source"]),
        ("consent source", "called 070 174 06 05", ["recipient-personal"]),
        ("consent source", "x" * 201, ["recipient-attribute"]),
        ("consent date", "", ["recipient-consent-date"]),
        ("consent date", "yesterday", ["recipient-consent-day"]),
        ("consent date", "2026-03-03", ["recipient-consent-future"]),
        ("consent date", "1405-01-31", ["recipient-consent-old"]),
        ("consent date", "05/06/2025", ["recipient-consent-order"]),
        ("district", "", []),
        ("district", "2026-01-31", []),
        ("district", "#N/A", ["recipient-attribute"]),
        ("district", "two\nlines", ["recipient-attribute"]),
        ("district", "x" * 101, ["recipient-attribute"]),
        ("district", "ann@example.org", ["recipient-personal"]),
        ("district", "ring ٠٧٠١٧٤٠٦٠٥", ["recipient-personal"]),
        ("district", "12345678", ["recipient-personal"]),
        ("phone", "", ["recipient-no-number"]),
    ],
)
def test_each_cell_is_right_or_told(column: str, value: str, found: list[str]) -> None:
    row = cells(1)
    row[HEADING.index(column)] = value
    read = reader().read(2, row)
    assert codes(read) == found
    if not isinstance(read, Listed):
        assert [(problem.line, problem.place) for problem in read] == [(2, column)]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    row = ["none", "fr", "EAT", "a@b", "no", "2030-01-01", "one cell more"]
    assert sorted(codes(reader().read(2, row))) == [
        *("recipient-cells", "recipient-consent-future", "recipient-consent-source", "recipient-language"),
        *("recipient-not-a-number", "recipient-personal", "recipient-time-zone"),
    ]
    assert codes(reader([*HEADING, ""]).read(2, [*cells(1), "x"])) == ["recipient-no-name"]


def test_a_shifted_row_shows_no_number() -> None:
    number = phone(1).reveal()
    read = reader().read(2, [number] * 6)
    assert not isinstance(read, Listed)
    assert not any("555" in problem.message + problem.remedy for problem in read)


def test_a_short_row_lacks_what_it_does_not_have() -> None:
    found = codes(reader().read(2, [phone(1).reveal()]))
    assert found == ["recipient-consent-source", "recipient-consent-date"]


@pytest.mark.parametrize(("countries", "found"), [(None, []), ({"US"}, []), ({"KE"}, ["recipient-country"])])
def test_only_countries_that_are_written_to_are_taken(countries: set[str] | None, found: list[str]) -> None:
    only = frozenset(countries) if countries else None
    assert codes(reader(countries=only).read(2, cells(1))) == found


def test_consent_can_be_that_of_the_whole_list() -> None:
    read = reader(["phone"], consent_source="Ward meeting", consented_on=date(2026, 2, 1)).read(
        2, [phone(1).reveal()]
    )
    assert isinstance(read, Listed)
    assert (read.consent_source, read.consented_on) == ("Ward meeting", "2026-02-01")


def test_nobody_is_taken_who_can_never_be_written_to() -> None:
    assert codes(reader(hours=Hours(days=frozenset())).read(2, cells(1))) == ["recipient-no-hours"]


def test_where_they_are_is_one_of_the_zones_of_their_number() -> None:
    # Numbers of Australia for fiction (ACMA). The phone may be in any of its zones; no other country's are among them.
    row = cells(1)
    row[0] = "+61491570156"
    read = reader().read(2, row)
    assert isinstance(read, Listed)
    zones = read.time_zone.split()
    assert len(zones) > 3
    assert all(one.startswith("Australia/") for one in zones)


@pytest.mark.parametrize(
    ("written", "order", "read"),
    [
        ("2026-03-31", None, date(2026, 3, 31)),
        ("2026/3/31", None, date(2026, 3, 31)),
        ("2026-03-31 09:30:00", None, date(2026, 3, 31)),
        ("2026-03-31T09:30:00Z", None, date(2026, 3, 31)),
        ("31.03.2026", None, date(2026, 3, 31)),
        ("3/31/2026", None, date(2026, 3, 31)),
        ("03/03/2026", None, date(2026, 3, 3)),
        ("٣١/٠٣/٢٠٢٦", None, date(2026, 3, 31)),
        ("01-02-2026", None, "recipient-consent-order"),
        ("01-02-2026", DateOrder.DMY, date(2026, 2, 1)),
        ("01-02-2026", DateOrder.MDY, date(2026, 1, 2)),
        ("31/03/2026", DateOrder.MDY, "recipient-consent-day"),
        ("31/03/26", None, "recipient-consent-day"),
        ("2026-02-30", None, "recipient-consent-day"),
        ("46112", None, "recipient-consent-day"),
        ("31.03/2026", None, "recipient-consent-day"),
    ],
)
def test_a_day_is_clear_or_not_taken(written: str, order: DateOrder | None, read: date | str) -> None:
    assert read_day(written, order) == read


@pytest.mark.parametrize(
    "value", ["North", "18-24", "3", "1,250", "Ward 12", "2026-01-31", "Île-de-France", "उत्तर", "60+"]
)
def test_values_of_groups_are_kept(value: str) -> None:
    assert value_fault(value) == ""
