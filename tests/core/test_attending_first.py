"""First words that are for a person get the safe reply alone, and what is written next is for that person too.

By whatever way somebody comes: invited or reminded of it, with a keyword among the words, by a link, by a code, and
once more after the end, a refusal or STOP. Played with a real consultation and the lists of words that Heard brings.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.core.interview.records import Ending, Stage
from bot.core.interview.step import begin
from bot.core.outreach.coupons import make_coupons
from bot.core.phrases import CONTINUE, PERSON_GO_ON, PERSON_KEPT, PERSON_READS
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Attention, Call, Consultations, Correspondent, Incoming, consultations
from bot.core.reception.coupon import Coupon, CouponState
from bot.core.safeguarding import Urgency
from bot.flowfiles.folder import load_flows
from tests.core.test_reception import Person
from tests.support.consultations import NOON, questionnaire

FOLDER = Path(__file__).parents[1] / "transcripts" / "care"
ROADS = replace(
    questionnaire("- {name: w, type: text, label: Which}", "consultation: roads\nkeywords: {en: [ROADS]}"),
    version="roads-1",
)
FIRST_WORDS = [
    ("en", "I will kill myself", Urgency.URGENT),
    ("en", "he beats me", Urgency.SENSITIVE),
    ("en", "talk to a person", Urgency.ASKED),
    ("sw", "nataka kufa", Urgency.URGENT),
    ("sw", "mume wangu ananipiga", Urgency.SENSITIVE),
    ("sw", "nataka kuongea na mtu", Urgency.ASKED),
]
HARM = [
    # With the keyword they are no more words than a message has that joins.
    ("en", "kill myself", Urgency.URGENT),
    *(one for one in FIRST_WORDS[1:] if one[2] is not Urgency.ASKED),
]
KEYWORDS = {"en": "CARE", "sw": "AFYA"}
by_words = pytest.mark.parametrize(("language", "text", "urgency"), FIRST_WORDS)
by_harm = pytest.mark.parametrize(("language", "text", "urgency"), HARM)


@cache
def care() -> Questionnaire:
    [loaded] = load_flows(FOLDER, FOLDER).questionnaires
    return loaded


def known(*others: Questionnaire) -> Consultations:
    return consultations([care(), *others])


def safe_reply(language: str, *, goes_on: bool = True) -> str:
    book, help_given = care().phrasebook(language), care().safeguard
    assert help_given is not None
    said = [book.say(PERSON_READS), help_given.hours.into(language), help_given.line.into(language)]
    if goes_on:
        said.append(book.say(PERSON_GO_ON, {"continue": book.shown(CONTINUE)}))
    return "\n".join(said)


def consent(language: str) -> str:
    """Return the introduction: what somebody is asked who joins by the keyword of a language."""
    said = Person(known()).say(KEYWORDS[language])
    assert care().consent.ask.into(language) in said
    return said


def send(somebody: Person, incoming: Incoming) -> tuple[str, Call | None]:
    """Return what is answered, and what a person is to read."""
    outcome = somebody.take(incoming)
    return "\n".join(prompt.text for prompt in outcome.prompts), outcome.call


def is_heard(somebody: Person, incoming: Incoming, urgency: Urgency, language: str) -> None:
    """Send first words, and others after them: all of it is for the person, and nothing of it an answer."""
    reply, call = send(somebody, incoming)
    assert reply == safe_reply(language)
    assert call is not None
    assert (call.consultation, call.urgency, call.slot, call.language) == ("care", urgency, None, language)
    before = somebody.interviews["care"]
    for place, said in enumerate(("please", "1", "yes", "ndiyo", "no", "he is here")):
        reply, call = send(somebody, Incoming(NOON, said))
        assert reply == ("" if place else care().phrasebook(language).say(PERSON_KEPT))
        assert call is not None
        assert call.consultation == "care"
    assert somebody.interviews["care"] == before
    assert before.consented_at is None


def goes_on(somebody: Person, language: str) -> None:
    """Send the word that was offered: it leads to the introduction, and the next word is theirs to agree by."""
    word = care().phrasebook(language).shown(CONTINUE)
    assert send(somebody, Incoming(NOON, word)) == (consent(language), None)
    assert somebody.correspondent.attention is None
    assert somebody.interviews["care"].consented_at is None
    assert care().items[0].label.into(language) in somebody.say("1")
    assert somebody.interviews["care"].consented_at == NOON


@by_words
def test_who_was_invited(language: str, text: str, urgency: Urgency) -> None:
    """So is who answers a reminder of an invitation: they have begun nothing either."""
    somebody = Person(known(ROADS), Correspondent(language, current="care"))
    is_heard(somebody, Incoming(NOON, text), urgency, language)
    assert somebody.interviews["care"].source == "invitation"
    goes_on(somebody, language)


@by_words
def test_who_was_invited_and_has_no_language_yet(language: str, text: str, urgency: Urgency) -> None:
    def detect(said: str, among: object) -> list[tuple[str, float]]:
        return [(language, 1.0)] if said == text else []

    somebody = Person(consultations([care()], detect=detect), Correspondent(current="care"))
    reply, call = send(somebody, Incoming(NOON, text))
    assert reply == safe_reply(language)
    assert call is not None
    assert (call.urgency, call.language) == (urgency, language)
    assert send(somebody, Incoming(NOON, "1"))[1] is not None
    # English words are everybody's: they tell nobody's language, and it is asked for first.
    leads_to = consent("sw") if language == "sw" else somebody.say("continue")
    assert somebody.say(care().phrasebook(language).shown(CONTINUE)) == leads_to
    assert "1. English" in leads_to or language == "sw"


@by_harm
def test_who_sends_a_keyword_among_the_words(language: str, text: str, urgency: Urgency) -> None:
    somebody = Person(known(ROADS))
    is_heard(somebody, Incoming(NOON, f"{KEYWORDS[language]} {text}"), urgency, language)
    goes_on(somebody, language)


@by_words
def test_who_came_by_a_link_and_then_writes(language: str, text: str, urgency: Urgency) -> None:
    """Telegram's "start" is a message of its own; the introduction is before them, and waits."""
    somebody = Person(known(), Correspondent(language))
    assert somebody.take(Incoming(NOON, "/start care", joins="care")).prompts[0].text == consent(language)
    reply, call = send(somebody, Incoming(NOON, text))
    assert reply == safe_reply(language)
    assert call is not None
    assert call.urgency is urgency
    reply, call = send(somebody, Incoming(NOON, "yes"))
    assert call is not None
    assert somebody.interviews["care"].consented_at is None
    word = care().phrasebook(language).shown(CONTINUE)
    assert send(somebody, Incoming(NOON, word)) == (consent(language), None)


@pytest.mark.parametrize(("language", "text"), [("en", "kill myself"), ("sw", "nataka kufa")])
def test_a_code_among_the_words_counts_for_who_passed_it_on(language: str, text: str) -> None:
    [code] = make_coupons(7, 1)
    somebody = Person(known())
    text = f"{KEYWORDS[language]} {code} {text}"
    incoming = Incoming(NOON, text, coupon=Coupon("care", 2, CouponState.OPEN))
    outcome = somebody.take(incoming)
    assert outcome.prompts[0].text == safe_reply(language)
    assert outcome.call is not None
    assert outcome.recruits
    assert somebody.interviews["care"].wave == 2


@by_harm
def test_who_goes_on_from_another_channel(language: str, text: str, urgency: Urgency) -> None:
    """A code that is good once must not be lost, whatever is said beside it."""
    brought = replace(begin(care(), 4, NOON), language=language)
    somebody = Person(known(), Correspondent())
    incoming = Incoming(NOON, f"1234 5678 9012 {text}", brings=brought)
    outcome = somebody.take(incoming)
    assert outcome.takes
    assert [one.text for one in outcome.prompts] == [safe_reply(language)]
    assert outcome.call is not None
    assert outcome.call.urgency is urgency
    assert send(somebody, Incoming(NOON, "yes"))[1] is not None
    goes_on(somebody, language)


@by_harm
def test_who_had_said_no_and_comes_again(language: str, text: str, urgency: Urgency) -> None:
    somebody = Person(known())
    somebody.say(KEYWORDS[language], "2")
    assert somebody.interviews["care"].ending is Ending.REFUSED
    is_heard(somebody, Incoming(NOON, f"{KEYWORDS[language]} {text}"), urgency, language)
    goes_on(somebody, language)


@by_words
def test_who_had_finished(language: str, text: str, urgency: Urgency) -> None:
    """There is no question to go on with, and nothing is said of the interview."""
    somebody = Person(known())
    somebody.say(KEYWORDS[language], "1", "1", "maji", "30")
    ended = somebody.interviews["care"]
    assert ended.ending is Ending.COMPLETE
    reply, call = send(somebody, Incoming(NOON, text))
    assert reply == safe_reply(language, goes_on=False)
    assert call is not None
    assert call.urgency is urgency
    assert somebody.correspondent.attention is Attention.ASKED
    assert send(somebody, Incoming(NOON, "yes"))[1] is not None
    assert somebody.interviews["care"] == ended


@by_harm
def test_who_had_stopped_and_comes_again_by_the_keyword(language: str, text: str, urgency: Urgency) -> None:
    somebody = Person(known())
    somebody.say(KEYWORDS[language], "stop")
    assert somebody.correspondent.opted_out
    is_heard(somebody, Incoming(NOON, f"{KEYWORDS[language]} {text}"), urgency, language)
    assert not somebody.correspondent.opted_out
    goes_on(somebody, language)


def test_who_had_stopped_amid_the_questions_comes_back_to_the_same_question() -> None:
    somebody = Person(known())
    somebody.say("CARE", "1", "1", "stop")
    assert send(somebody, Incoming(NOON, "CARE he beats me"))[0] == safe_reply("en")
    assert send(somebody, Incoming(NOON, "he drinks"))[1] is not None
    assert "What should be better?" in somebody.say("continue")
    assert "wish" not in somebody.interviews["care"].answers


def test_the_consultation_that_they_come_to_reads_them() -> None:
    """Those of the first stand by for who is in none; whoever names another is that one's."""
    first = replace(ROADS, safeguard=care().safeguard)
    somebody = Person(consultations([first, care()]))
    reply, call = send(somebody, Incoming(NOON, "CARE he beats me"))
    assert reply == safe_reply("en")
    assert call is not None
    assert call.consultation == "care"
    somebody = Person(consultations([ROADS, care()]), Correspondent("en", current="roads"))
    somebody.interviews["roads"] = replace(begin(ROADS, 1, NOON), stage=Stage.ENDED, ending=Ending.COMPLETE)
    assert send(somebody, Incoming(NOON, "CARE he beats me"))[1] is not None
    assert somebody.correspondent.current == "care"


def test_who_names_a_consultation_where_nobody_stands_by_is_kept_with_those_who_do() -> None:
    """In it, what they write next would reach nobody."""
    somebody = Person(known(ROADS))
    reply, call = send(somebody, Incoming(NOON, "ROADS he beats me"))
    assert reply == safe_reply("en", goes_on=False)
    assert call is not None
    assert somebody.interviews == {}
    assert send(somebody, Incoming(NOON, "he is here"))[1] is not None
    assert "May we ask" in somebody.say("ROADS")


def test_a_no_beside_words_of_harm_refuses_nothing() -> None:
    somebody = Person(known(), Correspondent("en", current="care"))
    assert send(somebody, Incoming(NOON, "no, he will kill me"))[0] == safe_reply("en")
    assert send(somebody, Incoming(NOON, "no"))[1] is not None
    assert somebody.interviews["care"].ending is None


def test_a_keyword_of_its_own_shows_the_introduction_too() -> None:
    somebody = Person(known(), Correspondent("en", current="care"))
    somebody.say("I will kill myself", "please")
    assert somebody.say("CARE") == consent("en")
    assert somebody.correspondent.attention is None
