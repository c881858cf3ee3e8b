"""Who asks for a person or tells of harm: what is answered, what is kept, what waits, and what a person is to read."""

from dataclasses import replace

import pytest

from bot.core.interview.records import Stage
from bot.core.prompts.records import TELEGRAM
from bot.core.questionnaire import Text
from bot.core.reception import Attention, Call, Correspondent, Incoming, Outcome, consultations, receive
from bot.core.safeguarding import Urgency
from tests.core.test_reception import Person
from tests.support.care import (
    GO_ON,
    HOURS,
    KEPT,
    LINE,
    READS,
    SAFE,
    SAFE_AND_ON,
    SAFEGUARD,
    TRIAL,
    unattended,
)
from tests.support.consultations import NOON, questionnaire

KNOWN = consultations([TRIAL])
JOINED = ("TRIAL", "1")
AT_WISH = (*JOINED, "1")
AT_AGE = (*AT_WISH, "a road")
AT_LAST = (*AT_AGE, "30")


def person(*lines: str) -> Person:
    somebody = Person(KNOWN)
    if lines:
        somebody.say(*lines)
    return somebody


def send(somebody: Person, text: str) -> tuple[str, Call | None]:
    """Return what is answered, and what a person is to read."""
    outcome = somebody.take(Incoming(NOON, text))
    return "\n".join(prompt.text for prompt in outcome.prompts), outcome.call


@pytest.mark.parametrize("lines", [JOINED, AT_WISH, AT_AGE])
def test_who_asks_for_a_person_writes_to_one_until_they_go_on(lines: tuple[str, ...]) -> None:
    somebody = person(*lines)
    before = dict(somebody.interviews)
    reply, call = send(somebody, "Talk to a person!")
    assert reply == SAFE_AND_ON
    assert call is not None
    assert (call.urgency, call.within, call.slot) == (Urgency.ASKED, SAFEGUARD.within, None)
    reply, call = send(somebody, "1")
    assert reply == KEPT
    assert call is not None
    assert call.urgency is None
    for text in ("help", "30", "a road", "back", "restart"):
        assert send(somebody, text)[0] == ""
    assert somebody.interviews == before
    reply, call = send(somebody, "continue")
    assert call is None
    assert reply in person(*lines).say("continue")
    assert somebody.correspondent.attention is None


def test_stopping_counts_while_somebody_talks() -> None:
    somebody = person(*AT_WISH, "person", "stop")
    assert somebody.correspondent.opted_out
    assert somebody.correspondent.attention is None


def test_a_keyword_ends_the_talk_too() -> None:
    somebody = person(*AT_WISH, "person")
    assert "What should be better?" in somebody.say("trial")
    assert somebody.correspondent.attention is None


def test_a_button_ends_the_talk_too() -> None:
    somebody = person(*JOINED, "person")
    outcome = somebody.take(Incoming(NOON, button="source=well"))
    assert outcome.call is None
    assert somebody.interviews["trial"].at == "wish"


def test_an_answer_that_tells_of_harm_is_kept_and_the_next_question_waits() -> None:
    somebody = person(*AT_WISH)
    reply, call = send(somebody, "he beats me, nobody asks")
    assert reply == SAFE_AND_ON
    assert call == Call("trial", Urgency.SENSITIVE, SAFEGUARD.within, "wish", language="en")
    interview = somebody.interviews["trial"]
    assert interview.answers["wish"].value == "he beats me, nobody asks"
    assert interview.at == "age"
    # What follows cannot be an answer to a question that was never shown.
    reply, call = send(somebody, "40")
    assert reply == "How old are you?"
    assert call is not None
    assert call.slot is None
    assert "age" not in somebody.interviews["trial"].answers
    assert send(somebody, "40") == ("Anything else?", None)


def test_the_word_that_goes_on_goes_on() -> None:
    somebody = person(*AT_WISH, "he beats me")
    assert send(somebody, "continue") == ("How old are you?", None)
    assert send(somebody, "31") == ("Anything else?", None)


def test_where_no_words_are_asked_nothing_is_recorded_and_the_question_waits() -> None:
    somebody = person(*AT_AGE)
    before = somebody.interviews["trial"]
    reply, call = send(somebody, "he will kill me")
    assert reply == SAFE_AND_ON
    assert call is not None
    assert (call.urgency, call.within, call.slot) == (Urgency.URGENT, SAFEGUARD.urgent_within, None)
    assert somebody.interviews["trial"] == before
    # They have seen this question: its answer is one.
    assert send(somebody, "31") == ("Anything else?", None)


def test_a_second_word_of_harm_is_answered_as_the_first() -> None:
    somebody = person(*AT_WISH, "he beats me")
    reply, call = send(somebody, "he will kill me")
    assert reply == SAFE_AND_ON
    assert call is not None
    assert call.urgency is Urgency.URGENT
    assert somebody.interviews["trial"].at == "age"
    assert send(somebody, "continue")[0] == "How old are you?"


def test_a_choice_that_holds_the_words_tells_of_nothing() -> None:
    somebody = person(*JOINED)
    assert send(somebody, "a man who beats me") == ("What should be better?", None)
    assert somebody.interviews["trial"].answers["source"].value == "man"


def test_words_beside_a_choice_are_words() -> None:
    somebody = person(*JOINED)
    reply, call = send(somebody, "other: he beats me")
    assert reply == SAFE_AND_ON
    assert call is not None
    assert call.slot == "source_other"


def test_the_last_answer_ends_the_interview_as_ever() -> None:
    somebody = person(*AT_LAST)
    reply, call = send(somebody, "he beats me")
    assert reply == f"{SAFE}\nThat was the last question. Thank you for your answers."
    assert call is not None
    assert call.slot == "last"
    assert somebody.interviews["trial"].stage is Stage.ENDED
    # No question waits: what they write goes to that person.
    assert send(somebody, "he has a knife")[0] == KEPT
    assert somebody.correspondent.attention is Attention.TALKS


def test_the_question_whether_to_be_told_what_came_of_it_is_asked_as_ever() -> None:
    items = "- {name: wish, type: text, label: What should be better?}"
    asked = replace(questionnaire(items, "report_back: true"), safeguard=SAFEGUARD)
    somebody = Person(consultations([asked]))
    reply = somebody.say("TRIAL", "1", "he beats me")
    assert reply.startswith(SAFE)
    assert "Shall we tell you what came of it?" in reply
    assert "We will tell you" in somebody.say("1")


def test_the_first_message_of_all_is_heard() -> None:
    somebody = person()
    reply, call = send(somebody, "he will kill me")
    assert reply == SAFE
    assert call is not None
    assert (call.consultation, call.urgency) == ("trial", Urgency.URGENT)
    assert send(somebody, "tonight")[0] == KEPT
    assert "May we ask" in somebody.say("TRIAL")


def test_who_asks_for_a_person_first_of_all_is_heard() -> None:
    reply, call = send(person(), "person")
    assert reply == SAFE
    assert call is not None


def test_a_keyword_that_is_in_the_lists_joins_and_one_among_words_of_harm_waits() -> None:
    somebody = Person(consultations([replace(TRIAL, keywords={"en": ("KILL ME",)})]))
    assert somebody.say("kill me") == "May we ask you a few questions?\nSend 1 to start, 2 to say no."
    somebody = person()
    reply, call = send(somebody, "trial he beats me")
    assert reply == SAFE_AND_ON
    assert call is not None
    assert send(somebody, "1")[0] == KEPT
    assert somebody.say("continue") == "May we ask you a few questions?\nSend 1 to start, 2 to say no."


def test_who_stopped_is_answered_nothing_and_read_all_the_same() -> None:
    somebody = person(*AT_WISH, "stop")
    for text, urgency in (("he will kill me", Urgency.URGENT), ("person", None)):
        reply, call = send(somebody, text)
        assert reply == ""
        assert call is not None
        assert call.urgency is urgency
        assert somebody.correspondent.opted_out
    assert send(somebody, "good day") == ("", None)


@pytest.mark.parametrize("text", ["he beats me", "he will kill me", "person"])
def test_where_nobody_stands_by_nothing_is_promised(text: str) -> None:
    somebody = Person(consultations([unattended()]))
    somebody.say(*AT_WISH)
    reply, call = send(somebody, text)
    assert call is None
    assert READS not in reply
    assert ("nobody can answer you here" in reply) == (text == "person")
    assert somebody.correspondent.attention is None


def test_who_asks_where_nothing_is_open_hears_the_truth() -> None:
    reply = Person(consultations([])).say("person")
    assert (
        reply == "I am a machine, and nobody can answer you here. If you need help, ask somebody you trust."
    )


def test_another_consultations_helpers_read_nothing() -> None:
    other = replace(
        questionnaire("- {name: wish, type: text, label: W}", "consultation: other\nkeywords: {en: [OTHER]}"),
        version="other-1",
    )
    somebody = Person(consultations([other, TRIAL]))
    somebody.say("OTHER", "1")
    assert send(somebody, "he beats me")[1] is None


def test_who_stood_by_and_does_not_any_more_keeps_nobody_waiting() -> None:
    somebody = person(*AT_WISH, "person")
    somebody.known = consultations([unattended()])
    assert send(somebody, "a road") == ("How old are you?", None)
    assert somebody.correspondent.attention is None


def test_a_picture_goes_to_the_person() -> None:
    somebody = person(*AT_WISH, "person")
    outcome = somebody.take(Incoming(NOON, shared=(("image", "secret-of-a-provider"),)))
    assert outcome.call is not None
    assert not outcome.call.has_words


def test_the_organisers_own_words_stand_in_place_of_ours() -> None:
    own = replace(SAFEGUARD, text=Text("outreach.help.text", "A nurse reads this.", {"es": "Lee."}))
    somebody = Person(consultations([replace(TRIAL, safeguard=own)]))
    assert somebody.say(*JOINED, "person") == f"A nurse reads this.\n{HOURS}\n{LINE}\n{GO_ON}"


def test_chats_have_a_line_between() -> None:
    outcome = receive(KNOWN, Correspondent(), {}, Incoming(NOON, "person"), 1, TELEGRAM)
    assert outcome.prompts[0].text == f"{READS}\n\n{HOURS}\n\n{LINE}"


def test_help_tells_of_the_word_only_where_somebody_stands_by() -> None:
    assert "PERSON: write to a person." in person(*AT_WISH).say("help")
    assert "PERSON" not in Person(consultations([unattended()])).say(*AT_WISH, "help")


def test_what_is_answered_is_the_same_whatever_was_written() -> None:
    said = {text: person(*AT_WISH).say(text) for text in ("person", "he beats me", "he will kill me")}
    assert set(said.values()) == {SAFE_AND_ON}


def test_who_is_on_an_older_version_is_attended_to_as_everybody() -> None:
    older = replace(unattended(), version="trial-0")
    known = consultations([TRIAL], [older])
    somebody = Person(consultations([older]))
    somebody.say(*AT_WISH)
    somebody.known = known
    assert "PERSON: write to a person." in somebody.say("help")
    assert somebody.say("he beats me") == SAFE_AND_ON


def test_nothing_else_changes_where_somebody_stands_by() -> None:
    """The same messages come to the same interview with and without, as long as nobody is called."""
    lines = (*AT_LAST, "that is all")
    with_help, without = person(*lines), Person(consultations([unattended()]))
    without.say(*lines)
    assert with_help.interviews == without.interviews


def test_words_do_not_show_in_what_is_logged() -> None:
    outcome: Outcome = person(*AT_WISH).take(Incoming(NOON, "he beats me"))
    assert "beats" not in repr(outcome.call)
    assert "kill" not in repr(SAFEGUARD.lookout)
    assert outcome.prompts[0].text == SAFE_AND_ON
