"""What CLDR says of a language, in the shape that replies and menus need."""

import pytest

from bot.language.cldr import conventions, conventions_without_cldr


@pytest.mark.parametrize(
    ("language", "autonym"),
    [
        ("en", "English"),
        ("es", "Español"),
        ("fr", "Français"),
        ("ar", "العربية"),
        ("sw", "Kiswahili"),
        ("ig", "Igbo"),
        ("zu", "isiZulu"),
        ("pt-BR", "Português (Brasil)"),
    ],
)
def test_a_language_is_named_in_itself_as_a_menu_shows_it(language: str, autonym: str) -> None:
    known = conventions(language)
    assert known is not None
    assert known.autonym == autonym


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", "dmy"),
        ("en-US", "mdy"),
        ("zu", "dmy"),
        ("tw", "dmy"),
        ("ar", "dmy"),
        ("hu", "ymd"),
        ("rw", "ymd"),
    ],
)
def test_month_first_is_believed_only_of_a_country(language: str, order: str) -> None:
    known = conventions(language)
    assert known is not None
    assert known.date_order == order


@pytest.mark.parametrize(
    ("language", "month", "number"),
    [
        ("en", "march", 3),
        ("en", "sep", 9),
        ("en", "sept", 9),
        ("fr", "fevrier", 2),
        ("fr", "aout", 8),
        ("fr", "janv", 1),
        ("ig", "jenuwari", 1),
        ("sw", "machi", 3),
        ("ar", "ابريل", 4),
        ("rw", "mutarama", 1),
    ],
)
def test_months_are_known_as_people_type_them(language: str, month: str, number: int) -> None:
    known = conventions(language)
    assert known is not None
    assert known.months[month] == number


def test_a_short_name_of_two_months_is_left_out() -> None:
    jola = conventions("dyo")
    assert jola is not None
    assert {name: number for name, number in jola.months.items() if name.startswith("su")} == {
        "suen": 6,
        "suuyee": 7,
    }


@pytest.mark.parametrize(
    ("language", "right_to_left"), [("ar", True), ("ur", True), ("en", False), ("am", False)]
)
def test_direction(language: str, right_to_left: bool) -> None:
    known = conventions(language)
    assert known is not None
    assert known.right_to_left is right_to_left


@pytest.mark.parametrize("language", ["nah", "xx", "not a code", ""])
def test_what_cldr_lacks_is_none(language: str) -> None:
    assert conventions(language) is None


@pytest.mark.parametrize(
    ("sentences", "right_to_left"),
    [(["1. ܫܠܡܐ"], True), (["12", "Niltze"], False), ([], False)],
    ids=["syriac after a digit", "latin", "nothing"],
)
def test_without_cldr_the_first_letter_tells_the_direction(sentences: list[str], right_to_left: bool) -> None:
    known = conventions_without_cldr("Nāhuatl", sentences)
    assert (known.autonym, known.right_to_left, known.date_order) == ("Nāhuatl", right_to_left, "dmy")
    assert known.months["january"] == 1


@pytest.mark.parametrize(
    ("language", "name"), [("tl", "Filipino"), ("fil", "Filipino"), ("pt-BR", "Português (Brasil)")]
)
def test_a_menu_names_a_country_only_where_one_is_asked_for(language: str, name: str) -> None:
    known = conventions(language)
    assert known is not None
    assert known.autonym == name
