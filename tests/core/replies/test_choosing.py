"""Tables and properties: replies to select_one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.folding import fold
from bot.core.phrases import CHOOSE_FROM_LIST, DID_YOU_MEAN, ENGLISH, UNCLEAR, Phrasebook
from bot.core.questionnaire import ItemType
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import ARABIC, FRENCH, IGBO, SPANISH, SWAHILI
from tests.support.replies import FUELS, choice, item, read

FUEL = item(ItemType.SELECT_ONE, FUELS)
CHOOSE = NotRead(CHOOSE_FROM_LIST)
YES_NO = (choice("yes", "Yes", sw="Ndiyo"), choice("no", "No", sw="Hapana"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2",
            " 2 ",
            "2.",
            "2)",
            "(2)",
            "#2",
            "2 !",
            "no. 2",
            "No 2",
            "nr 2",
            "number 2 please",
            "02",
            "option 2",
        ),
        *(
            "٢",
            "۲",
            "२",
            "፪",
            "2\ufe0f\u20e3",
            "②",
            "❷",
            "２",
            "two",
            "Two!",
            "b",
            "B.",
            "(b)",
            "option B",
            "«2»",
        ),
        *("charcoal", "CHARCOAL", "Charcoal!!", "2 charcoal", "2. Charcoal", "2) charcoal", "charcoal 👍"),
        *("I think charcoal please", "we use charcoal", "it's charcoal", "carchoal", "charcoall", "charcol"),
        *("Carbon", "Carbón"),
    ],
)
def test_ways_to_mean_the_second_choice(text: str) -> None:
    book = SPANISH if text.startswith("Carb") else ENGLISH
    assert read(FUEL, text, book=book) == Read("charcoal")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("wood", "wood", id="alias-of-every-language"),
        pytest.param("sticks", "wood", id="alias-of-the-language"),
        pytest.param("LPG", "gas", id="sms-label"),
        pytest.param("gas", "gas", id="label-where-there-is-an-sms-label"),
        pytest.param("dung", "dung", id="name"),
        pytest.param("animaldung", "dung", id="a-missing-space"),
        pytest.param("none of these", "none", id="label-of-three-words"),
        pytest.param("wood, I mean firewood", "wood", id="one-choice-in-two-wordings"),
    ],
)
def test_wordings_of_a_choice(text: str, name: str) -> None:
    assert read(FUEL, text) == Read(name)


@pytest.mark.parametrize(
    ("book", "text", "name"),
    [
        pytest.param(SPANISH, "leña", "wood", id="es-label"),
        pytest.param(SPANISH, "LENA", "wood", id="es-without-accents"),
        pytest.param(SPANISH, "creo que leña por favor", "wood", id="es-fillers"),
        pytest.param(SPANISH, "el número 4", "gas", id="es-number-among-fillers"),
        pytest.param(SPANISH, "cuatro", "gas", id="es-number-word"),
        pytest.param(SPANISH, "four", "gas", id="es-english-number-word"),
        pytest.param(SPANISH, "firewood", "wood", id="es-source-wording"),
        pytest.param(SWAHILI, "kuni", "wood", id="sw-label"),
        pytest.param(SWAHILI, "nadhani ni mkaa tafadhali", "charcoal", id="sw-fillers"),
        pytest.param(SWAHILI, "mafuta ya tsa", "kerosene", id="sw-typing-error"),
        pytest.param(SWAHILI, "nne", "gas", id="sw-number-word"),
        pytest.param(FRENCH, "deux", "charcoal", id="fr-number-word"),
        pytest.param(FRENCH, "numéro 2 s'il vous plaît", "charcoal", id="fr-fillers"),
        pytest.param(ARABIC, "ثلاثة", "kerosene", id="ar-number-word"),
        pytest.param(ARABIC, "رقم ٣ من فضلك", "kerosene", id="ar-number-among-fillers"),
        pytest.param(IGBO, "abuo", "charcoal", id="ig-number-word-without-dots"),
        pytest.param(IGBO, "biko nọmba 3", "kerosene", id="ig-fillers"),
    ],
)
def test_languages(book: Phrasebook, text: str, name: str) -> None:
    assert read(FUEL, text, book=book) == Read(name)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        pytest.param("1 or 2", "1 Firewood", "2 Charcoal", id="two-numbers"),
        pytest.param("1,2", "1 Firewood", "2 Charcoal", id="two-numbers-with-a-comma"),
        pytest.param("12", "1 Firewood", "2 Charcoal", id="no-twelfth-choice"),
        pytest.param("wood and gas", "1 Firewood", "4 LPG", id="two-wordings"),
        pytest.param("gas not firewood", "1 Firewood", "4 LPG", id="a-negation-among-two"),
        pytest.param("1 gas", "1 Firewood", "4 LPG", id="number-and-another-wording"),
        pytest.param("2 or gas", "2 Charcoal", "4 LPG", id="number-or-wording"),
        pytest.param("8 or gas", "4 LPG", "8 Other", id="other-or-wording"),
    ],
)
def test_two_choices_are_both_named(text: str, first: str, second: str) -> None:
    assert read(FUEL, text) == Ambiguous(first, second)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("not gas", id="negation"),
        pytest.param("anything but gas", id="exception"),
        pytest.param("we have no gas", id="having-none"),
        pytest.param("gas is too expensive for us", id="a-sentence-about-it"),
        pytest.param("my neighbour 4 streets away", id="a-number-in-a-sentence"),
    ],
)
def test_a_choice_that_is_only_mentioned_is_asked_about(text: str) -> None:
    assert read(FUEL, text) == NotRead(DID_YOU_MEAN, {"choice": "4 LPG", "reply": "4"})


def test_part_of_a_wording_is_asked_about() -> None:
    assert read(FUEL, "animal") == NotRead(DID_YOU_MEAN, {"choice": "6 Animal dung", "reply": "6"})


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0",
            "9",
            "99",
            "999",
            "1234567890123",
            "13 14",
            "wood gas charcoal",
            "maybe",
            "z",
            "hello there",
            "11",
        ),
        *("👍", "?", "...", "gaz", "lgp", "\u200b\u200d", "\ud800", "x" * 3000),
    ],
)
def test_what_means_no_choice(text: str) -> None:
    assert read(FUEL, text) in (CHOOSE, NotRead(UNCLEAR))


@pytest.mark.parametrize(
    ("labels", "text", "name"),
    [
        pytest.param(("Ndiyo", "Hapana"), "ndyo", "0", id="measured-ndyo"),
        pytest.param(("Ndiyo", "Hapana"), "hapna", "1", id="measured-hapna"),
        pytest.param(("Barabara", "Maji"), "barbara", "0", id="measured-barbara"),
        pytest.param(("Very good", "Very bad"), "verry good", "0", id="nearest-wins-clearly"),
        pytest.param(("Zone 1", "Zone 2"), "zon 2", "1", id="a-number-in-it-must-be-right"),
    ],
)
def test_typing_errors_within_the_margins(labels: tuple[str, ...], text: str, name: str) -> None:
    choices = [choice(str(at), label) for at, label in enumerate(labels)]
    assert read(item(ItemType.SELECT_ONE, choices), text) == Read(name)


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        pytest.param(("Siyo", "Labda"), "sio", id="three-letters-must-be-exact"),
        pytest.param(("Yes", "No"), "yess", id="a-wording-of-three-letters-too"),
        pytest.param(("Satisfied", "Indifferent"), "unsatisfied", id="a-prefix-can-turn-it-round"),
        pytest.param(("Zone 1", "River"), "zone 2", id="another-number"),
        pytest.param(("Formal", "Casual"), "informal", id="another-prefix"),
        pytest.param(("Market", "School"), "mrkt", id="two-errors-in-four-letters"),
    ],
)
def test_typing_errors_beyond_the_margins(labels: tuple[str, ...], text: str) -> None:
    choices = [choice(str(at), label) for at, label in enumerate(labels)]
    assert isinstance(read(item(ItemType.SELECT_ONE, choices), text), NotRead)


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        pytest.param(("Market A", "Market B", "Church"), "market c", id="as-near"),
        pytest.param(("Dissatisfied", "Satisfied"), "disatisfied", id="less-than-ten-points-apart"),
    ],
)
def test_wordings_too_near_to_tell_apart_are_both_named(labels: tuple[str, ...], text: str) -> None:
    choices = [choice(str(at), label) for at, label in enumerate(labels)]
    assert read(item(ItemType.SELECT_ONE, choices), text) == Ambiguous(f"1 {labels[0]}", f"2 {labels[1]}")


def test_an_exact_wording_beats_one_within_it() -> None:
    asked = item(ItemType.SELECT_ONE, [choice("gas", "Gas"), choice("cooker", "Gas cooker")])
    assert read(asked, "gas cooker") == Read("cooker")
    assert read(asked, "a gas cooker please") == Read("cooker")
    assert read(asked, "gas") == Read("gas")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1", Ambiguous("1 0", "2 1"), id="number-and-wording-differ"),
        pytest.param("2 1", Read("one"), id="number-with-its-wording-tells"),
        pytest.param("4", Read("more"), id="only-a-number"),
        pytest.param("0", Read("zero"), id="only-a-wording"),
        pytest.param("3+", Read("more"), id="a-wording-to-the-letter"),
        pytest.param("one", Read("one"), id="the-name-in-the-file"),
        pytest.param("two", Read("two"), id="another-name"),
        pytest.param("three", Ambiguous("3 2", "4 3+"), id="a-number-word"),
    ],
)
def test_choices_that_are_numbers(text: str, expected: Read | Ambiguous) -> None:
    counts = [choice("zero", "0"), choice("one", "1"), choice("two", "2"), choice("more", "3+")]
    assert read(item(ItemType.SELECT_ONE, counts), text) == expected


def test_coded_names_are_not_numbers_to_send() -> None:
    coded = [choice("3", "Mango"), choice("1", "Papaya"), choice("2", "Guava")]
    asked = item(ItemType.SELECT_ONE, coded)
    assert [read(asked, number) for number in "123"] == [Read("3"), Read("1"), Read("2")]


@pytest.mark.parametrize(
    ("text", "book", "name"),
    [
        ("yeah", ENGLISH, "yes"),
        ("nope", ENGLISH, "no"),
        ("n", ENGLISH, "no"),
        ("naam", SWAHILI, "yes"),
        ("la", SWAHILI, "no"),
        ("no", SWAHILI, "no"),
        ("1", SWAHILI, "yes"),
    ],
)
def test_yes_and_no_choices_take_the_words_for_them(text: str, book: Phrasebook, name: str) -> None:
    assert read(item(ItemType.SELECT_ONE, YES_NO), text, book=book) == Read(name)


def test_no_with_a_number_is_not_the_number() -> None:
    assert read(item(ItemType.SELECT_ONE, YES_NO), "no 1") == Ambiguous("1 Yes", "2 No")


def test_letters_are_not_places_where_wordings_are_letters() -> None:
    asked = item(ItemType.SELECT_ONE, [choice("x", "C"), choice("y", "D")])
    assert read(asked, "a") == CHOOSE
    assert read(asked, "c") == Read("x")


def test_the_order_that_the_person_saw_counts() -> None:
    offered = (FUELS[3], FUELS[0], FUELS[7])
    assert read(FUEL, "1", offered=offered) == Read("gas")
    assert read(FUEL, "1 or 2", offered=offered) == Ambiguous("1 LPG", "2 Firewood")
    assert read(FUEL, "charcoal", offered=offered) == CHOOSE


def test_choices_that_were_not_listed_have_no_numbers() -> None:
    asked = item(ItemType.SELECT_ONE, [choice("a", "Ward 7"), choice("b", "Kibera")], lists_choices=False)
    assert read(asked, "2") == CHOOSE
    assert read(asked, "b") == Read("b")
    assert read(asked, "kibera") == Read("b")
    assert read(asked, "near kibera") == NotRead(DID_YOU_MEAN, {"choice": "Kibera", "reply": "Kibera"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8 biogas", "biogas"),
        ("8. biogas", "biogas"),
        ("8 - biogas", "biogas"),
        ("other: biogas", "biogas"),
        ("Other biogas stove", "biogas stove"),
        ("8 other: Biogas, from Ẹ̀kọ́!", "Biogas, from Ẹ̀kọ́!"),
        ("8 please", None),
        ("8 other", None),
        ("other", None),
    ],
)
def test_words_after_other_are_kept(text: str, words: str | None) -> None:
    assert read(FUEL, text) == Read("other", words)


def test_words_after_other_that_name_a_choice_are_not_kept() -> None:
    assert read(FUEL, "8 2") == Ambiguous("2 Charcoal", "8 Other")


@given(
    st.integers(1, 8),
    st.permutations(FUELS),
    st.sampled_from(["{}", "{}.", "({})", "#{}", " {} !", "no. {}"]),
)
def test_a_number_reads_as_the_choice_at_its_place(number: int, offered: list, written: str) -> None:
    assert read(FUEL, written.format(number), offered=offered) == Read(offered[number - 1].name)


LABELS = st.text(st.characters(categories=("L", "M", "Zs")), min_size=1, max_size=12).filter(
    lambda label: len(fold(label)) > 1
)


@given(st.lists(LABELS, min_size=1, max_size=8, unique_by=fold))
def test_every_label_reads_as_its_own_choice(labels: list[str]) -> None:
    choices = [choice(f"name_{at}", label) for at, label in enumerate(labels)]
    asked = item(ItemType.SELECT_ONE, choices)
    assert [read(asked, label) for label in labels] == [Read(each.name) for each in choices]


@given(st.lists(LABELS, min_size=1, max_size=6), st.data())
def test_two_readings_differ(labels: list[str], data: st.DataObject) -> None:
    asked = item(ItemType.SELECT_ONE, [choice(str(at), label) for at, label in enumerate(labels)])
    numbers = st.integers(0, 70).map(str)
    said = st.lists(st.one_of(st.sampled_from(labels), numbers), min_size=1, max_size=3)
    for kind in (ItemType.SELECT_ONE, ItemType.SELECT_MULTIPLE, ItemType.RANK):
        reading = read(item(kind, asked.choices), " ".join(data.draw(said)))
        assert not isinstance(reading, Ambiguous) or reading.first != reading.second


RATING = item(
    ItemType.SELECT_ONE,
    [choice("vg", "Very good"), choice("g", "Good"), choice("b", "Bad"), choice("vb", "Very bad")],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("very good", "vg"),
        ("very good!!", "vg"),
        ("very good very good", "vg"),
        ("good", "g"),
        ("very very good", None),
        ("very very very bad", None),
        ("not very good", None),
        ("not good", None),
        ("good very", None),
        ("good but very bad", None),
    ],
)
def test_words_that_hold_a_choice_are_never_taken_for_another(text: str, expected: str | None) -> None:
    reading = read(RATING, text)
    assert reading == Read(expected) if expected else not isinstance(reading, Read)


def test_who_says_more_than_a_choice_is_asked_about_that_one() -> None:
    assert read(RATING, "very very good") == NotRead(DID_YOU_MEAN, {"choice": "1 Very good", "reply": "1"})


COUNTIES = (
    "Bomi",
    "Bong",
    "Gbarpolu",
    "Grand Bassa",
    "Grand Gedeh",
    "Grand Kru",
    "Lofa",
    "Margibi",
    "Maryland",
)
COUNTIES += ("Montserrado", "Nimba", "Rivercess", "River Gee", "Sinoe", "Grand Cape Mount")


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("Monserrado", "Montserrado"),
        ("montserado", "Montserrado"),
        ("Monsterrado", "Montserrado"),
        ("Nimbah", "Nimba"),
        ("nimpa", "Nimba"),
        ("Gbapolu", "Gbarpolu"),
        ("grand gede", "Grand Gedeh"),
        ("Grand Basa", "Grand Bassa"),
        ("Marjibi", "Margibi"),
        ("Merryland", "Maryland"),
        ("rivergee", "River Gee"),
        ("Bon", None),
        ("Grand", None),
        ("River", None),
    ],
)
def test_the_name_of_a_place_but_for_a_letter(text: str, county: str | None) -> None:
    places = [choice(name, name) for name in COUNTIES]
    reading = read(item(ItemType.SELECT_ONE, places, lists_choices=False), text)
    assert reading == Read(county) if county else not isinstance(reading, Read)
