"""Tables and properties: replies to select_multiple and rank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import CHOOSE_FROM_LIST, RANK_ALL, Phrasebook
from bot.core.questionnaire import ItemType
from bot.core.replies import Ambiguous, NotRead, Read
from tests.support.phrasebooks import ARABIC, FRENCH, IGBO, SPANISH, SWAHILI
from tests.support.replies import FUELS, choice, item, read

SEVERAL = item(ItemType.SELECT_MULTIPLE, FUELS)
RANK = item(ItemType.RANK, FUELS[:3])
MANY = item(ItemType.SELECT_MULTIPLE, [choice(f"c{at}", f"Village {at:03}x") for at in range(1, 13)])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1,3 and 4",
            "1 3 4",
            "134",
            "4 3 1",
            "1;3;4",
            "1/3/4",
            "1\n3\n4",
            "1.3.4",
            "1. 3. 4.",
            "1-3-4",
            "1, 3 & 4",
        ),
        *("1 + 3 + 4", "1,3,4,1,1", "one, three and four", "a c d", "a, c and d", "١،٣،٤"),
        *(
            "1\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e3",
            "①③④",
            "firewood, kerosene, gas",
            "firewood kerosene gas",
        ),
        *(
            "wood and 3 and LPG",
            "fierwood, kerosine, gas",
            "1 firewood, 3 kerosene, 4 gas",
            "I use 1 3 4 please",
        ),
    ],
)
def test_ways_to_mean_three_choices(text: str) -> None:
    assert read(SEVERAL, text) == Read("wood kerosene gas")


@pytest.mark.parametrize(
    ("book", "text"),
    [
        pytest.param(SPANISH, "1, 3 y 4", id="es-and"),
        pytest.param(SPANISH, "leña, queroseno y gas", id="es-labels"),
        pytest.param(FRENCH, "1, 3 et 4", id="fr-and"),
        pytest.param(SWAHILI, "kuni, mafuta ya taa na gesi", id="sw-labels-and"),
        pytest.param(SWAHILI, "moja, tatu na nne", id="sw-number-words"),
        pytest.param(ARABIC, "١ و ٣ و ٤", id="ar-and"),
        pytest.param(IGBO, "otu, atọ na anọ", id="ig-number-words"),
    ],
)
def test_languages(book: Phrasebook, text: str) -> None:
    assert read(SEVERAL, text, book=book) == Read("wood kerosene gas")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("4", "gas", id="one-number"),
        pytest.param("12", "wood charcoal", id="run-of-two-digits"),
        pytest.param("1-2", "wood charcoal", id="a-range-of-two-is-a-list-of-two"),
        pytest.param("none of these", "none", id="one-label-of-many-words"),
        pytest.param("all", "wood charcoal kerosene gas electric dung", id="all-leaves-out-what-stays-last"),
        pytest.param("Everything!", "wood charcoal kerosene gas electric dung", id="everything"),
    ],
)
def test_values(text: str, value: str) -> None:
    assert read(SEVERAL, text) == Read(value)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        pytest.param("1-3", "1, 2, 3", "1, 3", id="range-or-list"),
        pytest.param("1–3", "1, 2, 3", "1, 3", id="long-dash"),
        pytest.param("1-3, 5", "1, 2, 3, 5", "1, 3, 5", id="range-among-others"),
    ],
)
def test_a_dash_may_be_a_range_or_a_list(text: str, first: str, second: str) -> None:
    assert read(SEVERAL, text) == Ambiguous(first, second)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "9",
            "1,9",
            "113",
            "1 2 3 9",
            "19",
            "0",
            "not gas",
            "gas but not firewood",
            "all except gas",
            "hello",
        ),
        *("please", "and", "1 or something", "123456789012345678"),
    ],
)
def test_what_is_not_a_list_of_choices(text: str) -> None:
    assert read(SEVERAL, text) == NotRead(CHOOSE_FROM_LIST)


def test_runs_of_digits_are_not_taken_apart_where_numbers_have_two() -> None:
    assert read(MANY, "12") == Read("c12")
    assert read(MANY, "1 2") == Read("c1 c2")
    assert read(MANY, "123") == NotRead(CHOOSE_FROM_LIST)
    assert read(MANY, "34") == NotRead(CHOOSE_FROM_LIST)


def test_a_wording_may_have_separators_in_it() -> None:
    water = [choice("hole", "Borehole/well, covered"), choice("river", "River, lake"), choice("tap", "Tap")]
    assert read(item(ItemType.SELECT_MULTIPLE, water), "borehole/well, covered, tap") == Read("hole tap")


def test_the_value_is_in_the_order_of_the_file() -> None:
    offered = (FUELS[4], FUELS[0], FUELS[7])
    assert read(SEVERAL, "1, 2", offered=offered) == Read("wood electric")
    assert read(SEVERAL, "1-3", offered=offered) == Ambiguous("1, 2, 3", "1, 3")


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("1, other: biogas", "wood other", "biogas"),
        ("1 8 biogas", "wood other", "biogas"),
        ("firewood and other: a biogas stove", "wood other", "a biogas stove"),
        ("1, 8", "wood other", None),
    ],
)
def test_words_after_other_are_kept(text: str, value: str, words: str | None) -> None:
    assert read(SEVERAL, text) == Read(value, words)


def test_choices_that_are_numbers_are_both_named() -> None:
    counts = item(ItemType.SELECT_MULTIPLE, [choice("zero", "0"), choice("one", "1"), choice("two", "2")])
    assert read(counts, "1, 3") == Ambiguous("1 0", "2 1")


def test_choices_that_were_not_listed_have_no_numbers() -> None:
    asked = item(ItemType.SELECT_MULTIPLE, FUELS, lists_choices=False)
    assert read(asked, "1, 2") == NotRead(CHOOSE_FROM_LIST)
    assert read(asked, "gas, dung") == Read("gas dung")


@pytest.mark.parametrize(
    "text",
    [
        *("3 1 2", "312", "3,1,2", "3>1>2", "3-1-2", "c a b", "three one two", "٣ ١ ٢", "3. 1. 2."),
        *("kerosene, firewood, charcoal", "kerosene firewood charcoal", "kerosine > fierwood > charcoal"),
        *("3 kerosene, 1 firewood, 2 charcoal",),
    ],
)
def test_ways_to_rank(text: str) -> None:
    assert read(RANK, text) == Read("kerosene wood charcoal")


@pytest.mark.parametrize(
    "text",
    ["3 1", "3 1 1", "3 1 2 3", "31", "3 1 4", "kerosene", "hello", "all", "1 kerosene 2 wood 3 charcoal"],
)
def test_what_is_not_a_whole_ranking(text: str) -> None:
    assert read(RANK, text) == NotRead(RANK_ALL)


def test_a_ranking_follows_the_numbers_that_the_person_saw() -> None:
    assert read(RANK, "1 2 3", offered=(FUELS[2], FUELS[0], FUELS[1])) == Read("kerosene wood charcoal")


PLACES = st.lists(st.integers(1, 8), min_size=1, max_size=8, unique=True)


@given(PLACES, st.permutations(FUELS), st.sampled_from([", ", " ", ",", ";", "\n", " and ", ""]))
def test_numbers_read_as_the_choices_at_their_places(places: list[int], offered: list, between: str) -> None:
    chosen = {offered[place - 1].name for place in places}
    text = between.join(map(str, places))
    assert read(SEVERAL, text, offered=offered) == Read(
        " ".join(fuel.name for fuel in FUELS if fuel.name in chosen)
    )


@given(st.permutations(range(1, 4)), st.permutations(FUELS[:3]), st.sampled_from([", ", " ", ">", ""]))
def test_every_order_can_be_ranked(order: list[int], offered: list, between: str) -> None:
    text = between.join(map(str, order))
    assert read(RANK, text, offered=offered) == Read(" ".join(offered[place - 1].name for place in order))
