"""Somebody who was invited, and what they may answer: anything joins, no is no, and STOP is STOP."""

import pytest

from bot.core.interview.records import Ending, Interview, Stage
from bot.core.reception import Correspondent, Incoming, consultations
from tests.core.test_reception import KNOWN, ROADS, Person
from tests.support.consultations import NOON

INVITED = Correspondent("es", current="water")


def invited(correspondent: Correspondent = INVITED) -> Person:
    return Person(KNOWN, correspondent)


def begun(person: Person, text: str) -> Interview:
    person.say(text)
    return person.interviews["water"]


@pytest.mark.parametrize("text", ["hola", "sí", "1", "¿quién es?", "7", "the well", "ayuda", "🙂", "AGUA"])
def test_whatever_they_answer_they_are_asked_for_consent_in_their_language(text: str) -> None:
    interview = begun(invited(), text)
    assert (interview.stage, interview.language, interview.source) == (Stage.CONSENT, "es", "invitation")
    assert interview.answers == {}


def test_the_next_word_counts_as_everybodys_does() -> None:
    person = invited()
    assert "May we ask you" in person.say("hola")
    assert person.say("1").startswith("Where from")
    assert person.interviews["water"].consented_at == NOON


@pytest.mark.parametrize("text", ["no", "No.", "para nada", "👎", "2"])
def test_a_clear_no_is_a_refusal_and_gets_a_kind_word(text: str) -> None:
    person = invited()
    assert person.say(text) == "That is fine. Thank you. We will not ask you anything."
    interview = person.interviews["water"]
    assert (interview.ending, interview.consented_at, interview.source) == (
        Ending.REFUSED,
        None,
        "invitation",
    )
    # They may still change their mind, as everybody may.
    assert "May we ask you" in person.say("AGUA")


@pytest.mark.parametrize("text", ["no sé", "no entiendo", "nope maybe"])
def test_what_only_begins_with_no_is_none(text: str) -> None:
    assert begun(invited(), text).stage is Stage.CONSENT


@pytest.mark.parametrize("text", ["STOP", "parar", "basta"])
def test_stop_ends_it_and_nothing_is_begun(text: str) -> None:
    person = invited()
    assert "You will get no more messages" in person.say(text)
    assert person.correspondent.opted_out
    assert person.interviews == {}
    # Whoever comes back comes back to what they were invited to.
    assert "May we ask you" in person.say("START")


def test_another_consultations_keyword_joins_that_one() -> None:
    person = invited()
    person.say("ROADS")
    assert set(person.interviews) == {"roads"}
    assert person.interviews["roads"].source is None


def test_a_link_says_more_of_where_they_came_from() -> None:
    person = invited()
    person.take(Incoming(NOON, joins="water", source="radio-north"))
    assert person.interviews["water"].source == "radio-north"


def test_a_picture_or_a_button_of_long_ago_is_an_answer_too() -> None:
    for incoming in (Incoming(NOON, shared=(("image", "x"),)), Incoming(NOON, button="source=well")):
        person = invited()
        person.take(incoming)
        assert person.interviews["water"].stage is Stage.CONSENT


def test_without_a_known_language_they_choose_one_first() -> None:
    person = invited(Correspondent(current="water"))
    assert person.say("no").startswith("Which language?")
    assert person.interviews["water"].ending is None


def test_who_went_on_elsewhere_or_was_invited_to_what_is_over_is_told_so() -> None:
    moved = Correspondent("es", current="water", moved=frozenset({"water"}))
    assert "You went on in another app" in invited(moved).say("hola")
    over = Person(consultations([ROADS]), INVITED)
    assert over.say("hola").startswith("Hello. To take part, send one of these words")


def test_an_edit_of_an_earlier_message_answers_nothing() -> None:
    person = invited()
    assert person.take(Incoming(NOON, "no", corrects=True)).prompts == ()
    assert person.interviews == {}
