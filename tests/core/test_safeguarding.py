"""Words that tell of harm: whole words and phrases, however they are typed, and nothing that only looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.safeguarding import Lookout, Urgency, faulty, folded_for_lookout, lookout

URGENT, SENSITIVE = Urgency.URGENT, Urgency.SENSITIVE
LISTED = lookout(
    [
        ("kill me", URGENT),
        ("want to die", URGENT),
        ("beats me", SENSITIVE),
        ("rape", SENSITIVE),
        ("suicid*", SENSITIVE),
        ("threat* my child*", SENSITIVE),
        ("violée", URGENT),
        ("يضربني", SENSITIVE),
        ("ራሴን", URGENT),
        ("б'є мене", SENSITIVE),
    ]
)


def found(text: str, of: Lookout = LISTED) -> Urgency | None:
    return of.find(folded_for_lookout(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("He BEATS me, every day!", SENSITIVE),
        ("beats\nme", SENSITIVE),
        ("he beats me and will kill me", URGENT),
        ("kill me", URGENT),
        ("i am suicidal", SENSITIVE),
        ("suicide", SENSITIVE),
        ("threatens my children", SENSITIVE),
        ("j'ai été violee", URGENT),
        ("J'AI ÉTÉ VIOLÉE.", URGENT),
        ("زوجي يَضْرِبُني", SENSITIVE),
        ("ራሴን ላጠፋ ነው", URGENT),
        ("він б’є мене", SENSITIVE),
        ("the drought beats us", None),
        ("therapist", None),
        ("grapes", None),
        ("rapeseed", None),
        ("me kill", None),
        ("kill", None),
        ("threats of rain, my goats", None),
        ("12", None),
        ("2.5", None),
        ("", None),
        ("?!", None),
    ],
)
def test_what_is_found(text: str, told: Urgency | None) -> None:
    assert found(text) is told


def test_what_is_left_out_is_not_looked_for() -> None:
    entries = [("rape", SENSITIVE), ("beats me", SENSITIVE)]
    assert found("rape", lookout(entries, ["RAPE"])) is None
    assert found("beats me", lookout(entries, ["rape"])) is SENSITIVE


def test_of_two_lists_the_more_urgent_holds() -> None:
    for entries in ([("rape", SENSITIVE), ("Rape", URGENT)], [("rape", URGENT), ("rape", SENSITIVE)]):
        assert found("rape", lookout(entries)) is URGENT


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("kill me", None),
        ("suicid*", None),
        ("ራሴን", None),
        ("...", "has no letter"),
        ("*", "has no letter"),
        ("su*cide", "has a star that is not at the end of a word"),
        ("su*", "has fewer than 3 letters before a star"),
        ("me", "is so short that it would be found by chance"),
    ],
)
def test_phrases_that_would_find_too_much_are_told(phrase: str, fault: str | None) -> None:
    assert faulty(phrase) == fault


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["kill me", "beats me", "suicide"]))
def test_whatever_stands_around_a_phrase_it_is_found(before: str, after: str, phrase: str) -> None:
    assert found(f"{before} {phrase} {after}") is not None


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    found(text)
