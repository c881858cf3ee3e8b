"""The heading of a list: which column holds what, and which may not be there."""

from collections.abc import Mapping, Sequence

import pytest

from bot.outreach.recipients.columns import Columns, Field, phone_column, read_columns

CONSENT = ["Consent source", "Consent date"]


def codes(
    headings: Sequence[str], chosen: Mapping[str, str] | None = None, dropped: Sequence[str] = ()
) -> list[str]:
    found = read_columns(headings, chosen or {}, dropped)
    return [] if isinstance(found, Columns) else [problem.code for problem in found]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("phone", Field.PHONE),
        ("Phone_Number", Field.PHONE),
        ("phoneNumber", Field.PHONE),
        ("  MOBILE NO. ", Field.PHONE),
        ("Téléphone", Field.PHONE),
        ("numero de telefono", Field.PHONE),
        ("رقم الهاتف", Field.PHONE),
        ("मोबाइल नंबर", Field.PHONE),
        ("手机号", Field.PHONE),
        ("Language", Field.LANGUAGE),
        ("Lugha", Field.LANGUAGE),
        ("TimeZone", Field.TIME_ZONE),
        ("time_zone", Field.TIME_ZONE),
        ("consent given on", Field.CONSENT_DATE),
    ],
)
def test_fields_are_known_by_many_names(heading: str, field: Field) -> None:
    headings = [heading, *(["phone"] if field is not Field.PHONE else []), *CONSENT]
    if field is Field.CONSENT_DATE:
        headings.remove("Consent date")
    columns = read_columns(headings, {}, [])
    assert isinstance(columns, Columns)
    assert columns.fields[field] == 0
    assert columns.attributes == ()


def test_every_other_column_is_an_attribute() -> None:
    columns = read_columns(["Age group", "phone", "District name", "", *CONSENT, "Âge"], {}, [])
    assert isinstance(columns, Columns)
    assert columns.attributes == ((0, "age_group"), (2, "district_name"), (6, "age"))
    assert columns.unnamed == (3,)


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Name",
            "First name",
            "FULL_NAME",
            "surname",
            "Nom",
            "Prénom",
            "Apellidos",
            "Jina",
            "الاسم",
            "नाम",
            "ФИО",
        ),
        *("E-mail", "email address", "National ID", "ID number", "id", "Passport no", "Date of birth", "DOB"),
        *("Home address", "GPS", "NIN", "Household id"),
    ],
)
def test_what_tells_who_people_are_is_refused(heading: str) -> None:
    assert codes(["phone", heading, *CONSENT]) == ["list-identifying"]
    assert codes(["phone", heading, *CONSENT], dropped=[heading.lower()]) == []


@pytest.mark.parametrize("heading", ["Village name", "facility id", "Gender", "Age", "Nombre del distrito"])
def test_names_of_places_tell_of_nobody(heading: str) -> None:
    assert codes(["phone", heading, *CONSENT]) == []


@pytest.mark.parametrize(
    ("headings", "chosen", "dropped", "found"),
    [
        (["Contact", *CONSENT], {}, [], ["list-no-phone"]),
        (["Contact", *CONSENT], {"phone": "contact"}, [], []),
        (["phone"], {}, [], ["list-no-consent", "list-no-consent"]),
        (["phone", "Mobile", *CONSENT], {}, [], ["list-two-columns"]),
        (["phone", "Mobile", *CONSENT], {"phone": "Mobile"}, [], ["list-two-columns"]),
        (["phone", "Mobile", *CONSENT], {"phone": "Mobile"}, ["phone"], []),
        (["phone", "Age", "AGE ", *CONSENT], {}, [], ["list-same-heading", "list-same-heading"]),
        (["phone", *CONSENT], {"phone": "Handset"}, [], ["list-unknown-column"]),
        (["phone", *CONSENT], {"fone": "phone"}, [], ["list-unknown-field"]),
        (["phone", *CONSENT], {}, ["Age"], ["list-unknown-column"]),
        (["0701740605", "sv", "North"], {}, [], ["list-no-heading"]),
        (["phone", *(f"a{n}" for n in range(31)), *CONSENT], {}, [], ["list-too-many-columns"]),
        (["Name", "Mail"], {}, [], ["list-no-phone", *["list-no-consent"] * 2, *["list-identifying"] * 2]),
    ],
)
def test_all_that_is_wrong_with_a_heading_is_told(
    headings: list[str], chosen: Mapping[str, str], dropped: list[str], found: list[str]
) -> None:
    assert codes(headings, chosen, dropped) == found


def test_a_heading_that_holds_a_number_is_not_shown() -> None:
    found = read_columns(["phone", "070 174 06 05 mail", "070 174 06 05 name", *CONSENT], {}, [])
    assert not isinstance(found, Columns)
    assert [problem.place for problem in found] == ["column 2", "column 3"]
    assert not any("174" in problem.message + problem.remedy for problem in found)


@pytest.mark.parametrize(
    ("headings", "chosen", "found"),
    [
        (["Name", "Phone"], None, 1),
        (["Name", "Handset"], "handset", 1),
        (["Name", "Handset"], None, "list-no-phone"),
        (["Phone", "Mobile"], None, "list-two-columns"),
        (["Phone", "Mobile"], "Mobile", 1),
        (["Phone"], "Handset", "list-unknown-column"),
        (["0701740605"], None, "list-no-heading"),
    ],
)
def test_numbers_are_found_alone(headings: list[str], chosen: str | None, found: int | str) -> None:
    place = phone_column(headings, chosen)
    assert (place if isinstance(place, int) else place.code) == found
