"""One person on two channels: a code where they are, sent where they want to go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from bot.core.interview.records import Ending, Interview, Stage
from bot.core.phrases import ENGLISH
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.reception import Correspondent, Incoming, Outcome, consultations, read_code, receive
from bot.core.reception.moving import is_code, make_code, shown_code
from tests.support.consultations import NOON, questionnaire
from tests.support.phrasebooks import SPANISH

ITEMS = """
- {name: source, type: select_one, label: Where from, choices: [
    {name: well, label: Well}, {name: truck, label: Truck, aliases: [move]}]}
- {name: wish, type: text, label: Your wish}
"""
BOOKS = {
    "en": ENGLISH,
    "es": replace(
        SPANISH,
        sentences={"welcome_back": "Qué bueno verle de nuevo."},
        vocabulary={**SPANISH.vocabulary, "words.move": ("mover",)},
    ),
}
HEADING = "consultation: {id}\nlanguages: [en, es]\nkeywords: {{en: [{word}], es: [{word}X]}}"
MOVE = "Go on in Telegram: t.me/ExampleBot?start=${code}"
WATER = replace(
    questionnaire(ITEMS, f"{HEADING.format(id='water', word='WATER')}\nmove: '{MOVE}'", BOOKS),
    version="water-1",
)
ROADS = replace(questionnaire(ITEMS, HEADING.format(id="roads", word="ROADS"), BOOKS), version="roads-1")
KNOWN = consultations([WATER, ROADS])
SEED = 483_927_156_034
CODE = "4839 2715 6034"
WAY = (
    "Go on in Telegram: t.me/ExampleBot?start=483927156034\n"
    f"Send this code there: {CODE}\n"
    "It works once, for 15 minutes. Tell it to nobody."
)
UNKNOWN = "This code does not work, or not any more. For a new one, send MOVE where you began."
MOVED_ON = "You went on in another app. To come back here, send MOVE there, then the code here."


@dataclass
class Person:
    """Somebody on one channel."""

    form: Form = SMS
    correspondent: Correspondent = field(default_factory=Correspondent)
    interviews: dict[str, Interview] = field(default_factory=dict)

    def take(self, text: str, brings: Interview | None = None) -> Outcome:
        incoming = Incoming(NOON, text, brings=brings)
        outcome = receive(KNOWN, self.correspondent, self.interviews, incoming, SEED, self.form)
        self.correspondent = outcome.correspondent
        self.interviews |= outcome.interviews
        return outcome

    def say(self, *messages: str) -> str:
        said = ""
        for text in messages:
            said = "\n".join(prompt.text for prompt in self.take(text).prompts)
        return said

    def loses(self, consultation: str) -> Interview:
        """Return the interview that somebody else has brought away."""
        moved = self.correspondent.moved | {consultation}
        self.correspondent = replace(self.correspondent, moved=moved)
        return self.interviews.pop(consultation)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4839 2715 6034", "483927156034"),
        ("483927156034", "483927156034"),
        ("4839-2715-6034", "483927156034"),
        ("٤٨٣٩ ٢٧١٥ ٦٠٣٤", "483927156034"),
        (WAY, "483927156034"),
        ("my code is 4839 2715 6034.", "483927156034"),
        ("4839 2715 603", None),
        ("4839 2715 60345", None),
        ("4839 2715 6034 and 1111 2222 3333", None),
        ("", None),
        ("WATER", None),
        ("1" * 100_000, None),
    ],
    ids=str,
)
def test_a_code_is_read(text: str, code: str | None) -> None:
    assert read_code(text) == code


def test_a_code_can_be_read_again() -> None:
    assert shown_code(make_code(SEED)) == CODE
    for seed in (0, 7, 2**48 - 1):
        assert read_code(shown_code(make_code(seed))) == make_code(seed)
        assert is_code(shown_code(make_code(seed)))
    assert not is_code(WAY)


def test_the_code_tells_where_to_go_on() -> None:
    person = Person()
    person.say("WATER", "1", "1")
    outcome = person.take("move")
    assert [prompt.text for prompt in outcome.prompts] == [WAY]
    assert (outcome.gives, outcome.concerns) == ("483927156034", "water")
    # Nothing of the interview has changed.
    assert outcome.interviews == {}
    assert person.say("a tap") == "That was the last question. Thank you for your answers."


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (("WATER",), "move"),
        (("WATER",), "MOVE!"),
        (("WATER", "1", "1"), "Move"),
        (("WATERX",), "mover"),
        (("WATERX",), "move"),
    ],
    ids=str,
)
def test_it_is_asked_for_at_any_time(said: tuple[str, ...], asked: str) -> None:
    person = Person()
    person.say(*said)
    assert person.take(asked).gives == "483927156034"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("ROADS", "1", "well"), "the consultation does not allow it"),
        (("WATER", "1"), "it names a choice"),
        (("WATER", "1", "1", "a tap"), "it has ended"),
        (("WATER", "2"), "they refused"),
        (("WATER", "1", "STOP"), "they have stopped"),
        ((), "there is nothing to go on with"),
    ],
    ids=str,
)
def test_no_code_is_given(said: tuple[str, ...], why: str) -> None:
    person = Person()
    person.say(*said)
    assert person.take("move").gives is None


def test_help_tells_of_it_only_where_it_is_allowed() -> None:
    for keyword, told in (("WATER", True), ("ROADS", False)):
        person = Person()
        person.say(keyword, "1")
        assert ("\nMOVE: go on in another app.\n" in person.say("help")) is told


def test_the_interview_goes_on_at_its_question() -> None:
    before, after = Person(), Person(TELEGRAM)
    before.say("WATERX", "1", "1")
    outcome = after.take(CODE, brings=before.loses("water"))
    assert outcome.takes
    assert [prompt.text for prompt in outcome.prompts] == ["Qué bueno verle de nuevo.\n\nYour wish"]
    assert after.correspondent == Correspondent("es", current="water")
    after.say("un grifo")
    assert {slot: answer.value for slot, answer in after.interviews["water"].answers.items()} == {
        "source": "well",
        "wish": "un grifo",
    }
    assert after.interviews["water"].ending is Ending.COMPLETE


@pytest.mark.parametrize("said", [(), ("WATER",), ("WATER", "2"), ("ROADS", "1", "1")], ids=str)
def test_what_was_only_begun_gives_way(said: tuple[str, ...]) -> None:
    before, after = Person(), Person()
    before.say("WATER", "1", "1")
    after.say(*said)
    brought = before.loses("water")
    assert after.take(CODE, brings=brought).takes
    assert after.interviews["water"].answers == brought.answers
    assert after.correspondent.current == "water"


def test_answers_of_their_own_do_not_give_way() -> None:
    before, after = Person(), Person()
    before.say("WATER", "1", "1")
    after.say("WATER", "1", "2")
    held = after.interviews["water"]
    outcome = after.take(CODE, brings=before.interviews["water"])
    assert [prompt.text for prompt in outcome.prompts] == ["You already answer here. Nothing was changed."]
    assert not outcome.takes
    assert after.interviews["water"] == held
    after.say("STOP")
    assert after.take(CODE, brings=before.interviews["water"]).prompts == ()


def test_where_it_was_given_the_code_is_only_told_again() -> None:
    person = Person()
    person.say("WATER", "1", "1")
    outcome = person.take(CODE, brings=person.interviews["water"])
    assert [prompt.text for prompt in outcome.prompts] == [WAY]
    assert (outcome.takes, outcome.gives, outcome.interviews) == (False, None, {})


def test_a_code_ends_the_silence_as_a_keyword_does() -> None:
    before, after = Person(), Person()
    before.say("WATER", "1", "1")
    after.say("STOP")
    outcome = after.take(CODE, brings=before.loses("water"))
    assert outcome.takes
    assert not outcome.correspondent.opted_out


@pytest.mark.parametrize("text", ["hello", "WATER", "WATERX", "START", "1", CODE], ids=str)
def test_where_it_was_nothing_begins_anew(text: str) -> None:
    person = Person()
    person.say("WATER", "1", "1")
    person.loses("water")
    outcome = person.take(text)
    assert [prompt.text for prompt in outcome.prompts] == [UNKNOWN if text == CODE else MOVED_ON]
    assert outcome.interviews == {}


def test_where_it_was_stop_stops_and_start_comes_back() -> None:
    person = Person()
    person.say("WATER", "1", "1")
    person.loses("water")
    assert person.say("STOP") == "You will get no more messages. Thank you. Send START to come back."
    assert person.say("hello") == ""
    assert person.say("START") == MOVED_ON
    assert not person.correspondent.opted_out
    assert person.say("ROADS", "1").startswith("Where from")


def test_it_comes_back_by_a_code_too() -> None:
    first, second = Person(), Person(TELEGRAM)
    first.say("WATER", "1", "1")
    second.take(CODE, brings=first.loses("water"))
    assert second.take("move").gives == "483927156034"
    outcome = first.take(CODE, brings=second.loses("water"))
    assert outcome.takes
    assert first.correspondent.moved == frozenset()
    assert second.correspondent.moved == {"water"}
    assert first.say("a tap") == "That was the last question. Thank you for your answers."


@pytest.mark.parametrize("said", [(), ("WATER", "1", "1", "a tap"), ("WATER",)], ids=str)
def test_a_code_that_stands_for_nothing_is_told(said: tuple[str, ...]) -> None:
    person = Person()
    person.say(*said)
    assert person.say(CODE) == UNKNOWN


def test_amid_questions_twelve_digits_are_an_answer() -> None:
    person = Person()
    person.say("WATER", "1", "1", CODE)
    assert person.interviews["water"].answers["wish"].value == CODE
    assert person.interviews["water"].stage is Stage.ENDED


def test_who_moves_nowhere_hears_nothing_of_codes() -> None:
    person: Mapping[str, Interview] = {}
    incoming = Incoming(NOON, CODE)
    outcome = receive(consultations([ROADS]), Correspondent(), person, incoming, SEED, SMS)
    assert outcome.prompts[0].text.startswith("Hello. To take part")
