"""Which consultation a message is about, and what somebody hears who is in none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.interview.records import Interview, Stage
from bot.core.phrases import ENGLISH
from bot.core.prompts.records import SMS, TELEGRAM
from bot.core.reception import Consultations, Correspondent, Incoming, Outcome, consultations, receive
from tests.support.consultations import NOON, questionnaire
from tests.support.phrasebooks import SPANISH

WATER = replace(
    questionnaire(
        """
        - {name: source, type: select_one, label: Where from, choices: [
            {name: well, label: Well}, {name: road, label: Road tank}]}
        - {name: wish, type: text, label: Your wish}
        - {name: picture, type: image, label: A picture}
        """,
        "consultation: water\nlanguages: [en, es]\nkeywords: {en: [WATER], es: [AGUA, TANK]}",
        {"en": ENGLISH, "es": SPANISH},
    ),
    version="water-1",
)
ROADS = replace(
    questionnaire(
        "- {name: worst, type: text, label: Which is the worst}",
        "consultation: roads\nkeywords: {en: [ROAD TANK, ROADS]}",
    ),
    version="roads-1",
)
KNOWN = consultations([WATER, ROADS])
NOBODY: Mapping[str, Interview] = {}


class Person:
    """Somebody who writes: what is known of them is carried from message to message, as the store does."""

    def __init__(self, known: Consultations = KNOWN, correspondent: Correspondent | None = None) -> None:
        self.known = known
        self.correspondent = correspondent or Correspondent()
        self.interviews: dict[str, Interview] = {}

    def take(self, incoming: Incoming) -> Outcome:
        outcome = receive(self.known, self.correspondent, self.interviews, incoming, seed=5, form=SMS)
        self.correspondent = outcome.correspondent
        self.interviews |= outcome.interviews
        return outcome

    def say(self, *messages: str) -> str:
        said = ""
        for text in messages:
            said = "\n".join(prompt.text for prompt in self.take(Incoming(NOON, text)).prompts)
        return said


@pytest.mark.parametrize(
    ("text", "consultation", "language"),
    [
        ("WATER", "water", "en"),
        ("water!", "water", "en"),
        ("Agua", "water", "es"),
        ("hello WATER please", "water", "en"),
        ("ROADS", "roads", "en"),
    ],
)
def test_a_keyword_joins_and_tells_the_language(text: str, consultation: str, language: str) -> None:
    outcome = Person().take(Incoming(NOON, text))
    assert outcome.concerns == consultation
    assert outcome.interviews[consultation].language == language
    assert outcome.correspondent == Correspondent(language, current=consultation)


@pytest.mark.parametrize(
    "text", ["hello", "WATER or ROADS", "is the WATER of the river safe to drink", "", "7"]
)
def test_anything_else_is_answered_with_the_words_that_join(text: str) -> None:
    person = Person()
    assert person.say(text) == "Hello. To take part, send one of these words: WATER, AGUA, ROAD TANK"
    assert person.interviews == {}


def test_who_has_a_language_is_told_the_words_of_it() -> None:
    person = Person(correspondent=Correspondent("es"))
    assert person.say("hola").endswith("AGUA, ROAD TANK")


def test_where_nothing_is_open_it_says_so() -> None:
    assert "no consultation open" in Person(consultations([])).say("hello")


def test_the_language_of_a_person_holds_for_the_next_consultation_that_has_it() -> None:
    person = Person()
    person.say("AGUA", "1", "1")
    person.say("ROADS")
    assert person.interviews["roads"].language == "en"
    assert person.say("WATER")
    assert person.interviews["water"].language == "en"


def test_an_answer_to_the_question_at_hand_is_no_keyword() -> None:
    person = Person()
    person.say("WATER", "1", "Road tank")
    assert person.interviews["water"].answers["source"].value == "road"
    assert "roads" not in person.interviews


def test_another_consultation_s_keyword_changes_to_it_and_back() -> None:
    person = Person()
    person.say("WATER", "1", "1", "ROADS")
    assert person.correspondent.current == "roads"
    assert person.say("WATER").startswith("Welcome back.\nYour wish")


def test_a_keyword_among_other_words_is_an_answer_in_the_middle_of_an_interview() -> None:
    person = Person()
    person.say("WATER", "1", "1", "better ROADS")
    assert person.interviews["water"].answers["wish"].value == "better ROADS"


@pytest.mark.parametrize("word", ["STOP", "stop.", "Parar"])
def test_stop_is_heard_from_somebody_in_no_interview(word: str) -> None:
    person = Person()
    person.say(word)
    assert person.correspondent.opted_out


def test_who_stopped_is_not_written_to_until_they_come_back() -> None:
    person = Person()
    person.say("WATER", "1", "STOP")
    assert person.correspondent.opted_out
    assert person.say("1") == person.say("hello?") == person.say("back") == ""
    assert person.say("START").startswith("Welcome back.\nWhere from")
    assert not person.correspondent.opted_out


def test_a_keyword_brings_back_too() -> None:
    person = Person()
    person.say("WATER", "STOP")
    assert person.say("ROADS")
    assert person.correspondent == Correspondent("en", opted_out=False, current="roads")


def test_start_from_somebody_who_never_began_greets() -> None:
    person = Person()
    person.say("STOP")
    assert person.say("START").startswith("Hello.")
    assert not person.correspondent.opted_out


def test_a_picture_with_words_is_a_picture_only_where_one_is_asked_for() -> None:
    person = Person()
    person.say("WATER", "1", "1")
    photo = (("image", "photo-1"),)
    person.take(Incoming(NOON, "less mud", shared=photo))
    assert person.interviews["water"].answers["wish"].value == "less mud"
    person.take(Incoming(NOON, "the well", shared=photo))
    assert person.interviews["water"].answers["picture"].value == "photo-1"


def test_an_interview_finishes_on_the_version_it_began_on() -> None:
    person = Person()
    person.say("WATER", "1")
    newer = replace(
        questionnaire("- {name: other, type: text, label: Something else}", "consultation: water"),
        version="water-2",
    )
    person.known = consultations([newer, ROADS], [WATER])
    assert person.say("1") == "Your wish"
    assert Person(person.known).say("TRIAL", "1") == "Something else"


def test_a_long_message_is_cut_and_not_refused() -> None:
    person = Person()
    person.say("WATER", "1", "1", "a" * 5000)
    assert len(person.interviews["water"].answers["wish"].value) == 1600


def test_buttons_reach_the_interview() -> None:
    outcome = receive(KNOWN, Correspondent(), NOBODY, Incoming(NOON, "WATER"), 5, TELEGRAM)
    assert [button.data for button in outcome.prompts[0].buttons] == [":consent=yes", ":consent=no"]
    later = Incoming(NOON + timedelta(days=1), button=":consent=yes")
    after = receive(KNOWN, outcome.correspondent, outcome.interviews, later, 5, TELEGRAM)
    assert after.interviews["water"].stage is Stage.ITEMS


def test_nothing_of_what_was_said_shows_in_a_record_that_is_logged() -> None:
    incoming = Incoming(NOON, "my secret", button="my secret", shared=(("image", "my secret"),))
    person = Person()
    person.say("WATER", "1", "1", "my secret")
    assert "my secret" not in f"{incoming!r} {person.interviews!r}"


class TestChats:
    """What comes by links, edits and blocks, on channels that have them."""

    def test_a_link_joins_and_says_where_it_stood(self) -> None:
        outcome = Person().take(Incoming(NOON, "start", joins="roads", source="radio-7"))
        assert outcome.interviews["roads"].source == "radio-7"
        assert outcome.prompts[0].text.startswith("May we ask you a few questions?")

    def test_a_link_to_nothing_is_a_greeting(self) -> None:
        outcome = Person().take(Incoming(NOON, "start", joins="gone"))
        assert outcome.interviews == {}
        assert outcome.prompts[0].text.startswith("Hello.")

    def test_the_greeting_has_buttons_that_join(self) -> None:
        greeting = receive(KNOWN, Correspondent(), NOBODY, Incoming(NOON, "hello"), seed=5, form=TELEGRAM)
        labels = [button.label for button in greeting.prompts[0].buttons]
        assert labels == ["WATER", "AGUA", "ROAD TANK"]
        pressed = Incoming(NOON, button=greeting.prompts[0].buttons[1].data)
        joined = receive(KNOWN, Correspondent(), NOBODY, pressed, seed=5, form=TELEGRAM)
        assert joined.interviews["water"].language == "es"

    def test_an_edit_corrects_and_never_joins(self) -> None:
        person = Person()
        person.say("ROADS", "1")
        outcome = person.take(Incoming(NOON, "WATER", corrects=True))
        assert outcome.concerns == "roads"

    def test_an_edit_of_somebody_in_no_interview_is_passed_over(self) -> None:
        assert Person().take(Incoming(NOON, "WATER", corrects=True)) == Outcome(Correspondent())

    def test_who_leaves_has_stopped_everything_and_hears_nothing(self) -> None:
        person = Person()
        person.say("ROADS", "1", "WATER", "1")
        outcome = person.take(Incoming(NOON, leaves=True))
        assert outcome.prompts == ()
        assert outcome.correspondent.opted_out
        assert {one.stage for one in outcome.interviews.values()} == {Stage.ENDED}
        assert set(outcome.interviews) == {"water", "roads"}

    def test_who_leaves_without_a_word_is_left_in_peace(self) -> None:
        assert Person().take(Incoming(NOON, leaves=True)) == Outcome(Correspondent(opted_out=True))
