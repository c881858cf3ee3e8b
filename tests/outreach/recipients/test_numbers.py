"""Phone numbers as spreadsheets have them. Where a country has none for fiction, they are libphonenumber's examples."""

import unicodedata
from zoneinfo import available_timezones

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot.outreach.recipients.numbers import MOBILE, Number, read_number, zones_within

WASHINGTON, STOCKHOLM = "+12025550143", "+46701740605"


def e164(written: str, country: str | None) -> str:
    found = read_number(written, country)
    return found if isinstance(found, str) else found.address.reveal()


@pytest.mark.parametrize(
    ("written", "country", "read"),
    [
        ("+1 202-555-0143", None, WASHINGTON),
        ("+1 202 555 0143", "SE", WASHINGTON),
        ("(202) 555-0143", "US", WASHINGTON),
        ("2025550143", "US", WASHINGTON),
        ("1 202 555 0143", "US", WASHINGTON),
        # Sweden dials 00, the USA 011, Kenya 000: people write 00 everywhere.
        ("0012025550143", "SE", WASHINGTON),
        ("0012025550143", None, WASHINGTON),
        ("0046701740605", "US", STOCKHOLM),
        ("01146701740605", "US", STOCKHOLM),
        ("070-174 06 05", "SE", STOCKHOLM),
        ("+46 (0)70 174 06 05", None, STOCKHOLM),
        # What Excel makes of a number: the 0 or the + is lost, a fraction is added.
        ("701740605", "SE", STOCKHOLM),
        ("46701740605", "SE", STOCKHOLM),
        ("46701740605", "US", STOCKHOLM),
        ("46701740605.0", "US", STOCKHOLM),
        ("46701740605,00", "SE", STOCKHOLM),
        ("4.6701740605E+10", "US", STOCKHOLM),
        ("4,6701740605E+10", "US", STOCKHOLM),
        # And what people put before it, so that it does not.
        ("'+46701740605", None, STOCKHOLM),
        ('="0701740605"', "SE", STOCKHOLM),
        ("tel:+46701740605", None, STOCKHOLM),
        ("whatsapp:+46701740605", None, STOCKHOLM),
        (
            "\N{RIGHT-TO-LEFT MARK}+46 70\N{NO-BREAK SPACE}174\N{EN DASH}06\N{NON-BREAKING HYPHEN}05",
            None,
            STOCKHOLM,
        ),
        ("＋４６７０１７４０６０５", None, STOCKHOLM),
        # A rounded number typed in again is another country's, or another person's.
        ("46701000000", "US", "recipient-rounded"),
        ("46701000000", "SE", "recipient-rounded"),
        ("46701000000.0", "SE", "recipient-rounded"),
        ("4.6701000000E+10", "SE", "recipient-rounded"),
        ("+46701000000", "US", "+46701000000"),
        ("070-100 00 00", "SE", "+46701000000"),
        # What is wrong with others.
        ("", "US", "recipient-no-number"),
        ("none", "US", "recipient-not-a-number"),
        ("+1 202 555 0143 x12", "US", "recipient-not-a-number"),
        ("1-800-FLOWERS", "US", "recipient-not-a-number"),
        ("4.6702E+10", "SE", "recipient-rounded"),
        ("4,6702E10", "SE", "recipient-rounded"),
        ("070-1740605 / 070-1740606", "SE", "recipient-several-numbers"),
        ("0701740605, 0701740606", "SE", "recipient-several-numbers"),
        ("0701740605\n0701740606", "SE", "recipient-several-numbers"),
        ("0701740605", None, "recipient-no-country"),
        # Whole, and yet not said to be of which country.
        ("46701740605", None, "recipient-no-country"),
        ("+0701740605", "SE", "recipient-invalid"),
        ("+46 70 174", None, "recipient-invalid"),
        ("0447700900123", "SE", "recipient-invalid"),
        # Ofcom's numbers for drama are given out to nobody, says libphonenumber.
        ("+44 7700 900123", None, "recipient-invalid"),
        ("+44 20 7946 0000", None, "recipient-landline"),
        ("+44 808 157 0123", None, "recipient-special"),
        ("+1 800 555 0199", None, "recipient-special"),
        ("+1 900 555 0199", None, "recipient-special"),
        ("+800 1234 5678", None, "recipient-special"),
    ],
)
def test_a_cell_is_a_number_or_says_why_not(written: str, country: str | None, read: str) -> None:
    assert e164(written, country) == read


def test_a_number_without_its_plus_is_one_of_the_country_that_is_said_wherever_it_can_be() -> None:
    # Ten digits that are somebody's in the Gambia after a + and in Ohio without: the organiser said of which country.
    example = phonenumbers.example_number_for_type("GM", PhoneNumberType.MOBILE)
    assert example is not None
    bare = f"{example.country_code}{example.national_number}"
    assert e164(bare, "US") == f"+1{bare}"
    assert e164(bare, "GM") == e164(bare, "KE") == f"+{bare}"
    readings = [read_number(*one) for one in ((bare, "US"), (bare, "KE"), (bare, "GM"), (f"+{bare}", "US"))]
    assert [one.reading for one in readings if isinstance(one, Number)] == [
        "either",
        "foreign",
        "written",
        "written",
    ]


def test_a_german_number_without_its_zero_may_be_a_texan_without_its_plus() -> None:
    example = phonenumbers.example_number_for_type("DE", PhoneNumberType.MOBILE)
    assert example is not None
    bare = str(example.national_number)
    assert e164(bare, "DE") == "recipient-unclear"
    assert e164(f"0{bare}", "DE") == e164(f"+49{bare}", None) == f"+49{bare}"


@pytest.mark.parametrize(
    "zero",
    [
        *(
            "ARABIC-INDIC",
            "EXTENDED ARABIC-INDIC",
            "DEVANAGARI",
            "BENGALI",
            "TAMIL",
            "THAI",
            "KHMER",
            "MYANMAR",
        ),
        *("NKO", "ADLAM", "OL CHIKI", "FULLWIDTH"),
    ],
)
def test_digits_of_every_script_are_read(zero: str) -> None:
    first = ord(unicodedata.lookup(f"{zero} DIGIT ZERO"))
    native = str.maketrans({str(digit): chr(first + digit) for digit in range(10)})
    assert e164("0701740605".translate(native), "SE") == STOCKHOLM
    assert e164("+46701740605".translate(native), None) == STOCKHOLM


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_every_country_are_read_however_they_are_written(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if example is None or phonenumbers.number_type(example) not in MOBILE:
        return
    whole = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    for form in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164):
        assert e164(phonenumbers.format_number(example, form), region) == whole
    read = read_number(whole, None)
    assert isinstance(read, Number)
    assert read.country == phonenumbers.region_code_for_number(example)
    assert set(read.zones) <= available_timezones()
    # Without its +, as a sheet of numbers keeps it, and never as another's. Korea's example looks like a rounded one.
    possible = ("recipient-rounded",) if whole.endswith("000000") else (whole, "recipient-unclear")
    assert e164(whole[1:], region) in possible
    assert e164(whole[1:], "SE") in possible


EXAMPLES = [
    str(number.national_number)
    for region in phonenumbers.SUPPORTED_REGIONS
    if (number := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)) is not None
]


@given(
    code=st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
    before=st.sampled_from(["", "0", "1", "8", "06", "15", "9"]),
    rest=st.sampled_from(EXAMPLES) | st.from_regex("[0-9]{4,12}", fullmatch=True),
)
def test_a_whole_number_is_what_libphonenumber_says(code: int, before: str, rest: str) -> None:
    text = f"+{code}{before}{rest}"
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = None
    mobile = number is not None and phonenumbers.number_type(number) in MOBILE
    read = e164(text, None)
    if mobile and number is not None and phonenumbers.region_code_for_number(number) != "001":
        assert read == phonenumbers.format_number(number, PhoneNumberFormat.E164)
    else:
        assert read.startswith("recipient-")


@given(st.text(max_size=30), st.sampled_from([None, "US", "KE", "IN"]))
def test_no_cell_is_too_odd(written: str, country: str | None) -> None:
    found = read_number(written, country)
    assert isinstance(found, Number) or found.startswith("recipient-")


@pytest.mark.parametrize(
    ("candidates", "country", "kept"),
    [
        (
            ("Asia/Almaty", "Europe/Moscow", "Asia/Omsk", "Europe/Bucharest"),
            "RU",
            ("Asia/Omsk", "Europe/Moscow"),
        ),
        (("Asia/Calcutta",), "IN", ("Asia/Calcutta",)),
        (("Africa/Nairobi",), "UG", ("Africa/Nairobi",)),
        (("Etc/Unknown",), "KE", ()),
    ],
)
def test_zones_are_those_of_the_country(
    candidates: tuple[str, ...], country: str, kept: tuple[str, ...]
) -> None:
    assert zones_within(candidates, country) == kept
