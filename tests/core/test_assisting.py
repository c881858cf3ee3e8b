"""A worker's chat: whose each message is, and that nothing of one person becomes another's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.disposition import Disposition, disposition
from bot.core.interview.records import Ending, Interview, Stage
from bot.core.phrases import ENGLISH
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.reception import (
    Consultations,
    Correspondent,
    Incoming,
    Outcome,
    Pin,
    Worker,
    consultations,
    pin_in,
    receive,
)
from bot.core.reception.helping import MOST_WRONG, SHUT_OUT_FOR, SILENCE
from bot.core.safeguarding import Urgency
from tests.support.care import SAFEGUARD
from tests.support.consultations import NOON, questionnaire
from tests.support.phrasebooks import SPANISH

TRIAL = questionnaire(
    """
    - name: cooks_with
      type: select_one
      label: What do you cook with?
      choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}, {name: later, label: Done}]
    - {name: read, type: acknowledge, label: We ask one thing more.}
    - {name: wish, type: text, label: What would you change?, required: false}
    """,
    "report_back: true",
)
KNOWN = consultations([TRIAL])
WORKER = Worker(7, "trial", NOON + timedelta(days=30))
PIN = Pin(WORKER, NOON + timedelta(days=7))


@dataclass
class Chat:
    """One phone, and all that is known of it and of those who are helped on it."""

    form: Form = SMS
    known: Consultations = KNOWN
    person: Correspondent = field(default_factory=Correspondent)
    own: dict[str, Interview] = field(default_factory=dict)
    helped: dict[tuple[int, int], Interview] = field(default_factory=dict)
    at: datetime = NOON
    seed: int = 0

    def say(self, text: str = "", *, pin: Pin | None = PIN, **fields: object) -> str:
        """Return what is answered to a message, a minute after the one before."""
        self.at += timedelta(minutes=1)
        self.seed += 1_000
        tried = pin_in(self.known, text) is not None
        incoming = Incoming(self.at, text, tries_pin=tried, pin=pin if tried else None)
        outcome = receive(
            self.known,
            self.person,
            self.own,
            replace(incoming, **fields),
            self.seed,
            self.form,  # type: ignore[arg-type]
        )
        self._keep(outcome)
        self.outcome = outcome
        return "\n".join(prompt.text for prompt in outcome.prompts)

    def _keep(self, outcome: Outcome) -> None:
        self.person = outcome.correspondent
        self.own |= outcome.interviews
        for helped in filter(None, (outcome.ends, outcome.helped)):
            place = (helped.session, helped.person)
            if helped.interview is None:
                del self.helped[place]
            else:
                self.helped[place] = helped.interview

    def answers(self) -> list[Mapping[str, str]]:
        return [{slot: answer.value for slot, answer in one.answers.items()} for one in self.helped.values()]

    def endings(self) -> list[Ending | None]:
        return [one.ending for one in self.helped.values()]


def ended(helped: Mapping[tuple[int, int], Interview]) -> Mapping[tuple[int, int], Interview]:
    """Return interviews as they are once nobody can go on with them, and nothing else has changed."""
    return {place: replace(one, stage=Stage.ENDED, ending=Ending.LEFT) for place, one in helped.items()}


def sitting(form: Form = SMS) -> Chat:
    chat = Chat(form)
    chat.say("assist 483920")
    assert chat.person.session is not None
    return chat


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("ASSIST 483920", "483920"),
        ("assist 483 920.", "483920"),
        ("Assist: 483-920", "483920"),
        ("assist ٤٨٣٩٢٠", "483920"),
        ("assist", None),
        ("483920", None),
        ("assist 48392", None),
        ("assist 4839201", None),
        ("please assist 483920", None),
        ("gas 483920", None),
        ("assist 483920 and more", None),
    ],
)
def test_a_number_is_found_only_where_it_is_asked_with(text: str, pin: str | None) -> None:
    assert pin_in(KNOWN, text) == pin


def test_each_person_is_asked_for_consent_and_kept_apart() -> None:
    chat = sitting()
    assert "May we ask" in chat.say("next")
    chat.say("yes")
    chat.say("1")
    chat.say("ok")
    assert "Next person: NEXT" in chat.say("better stoves")
    assert "May we ask" in chat.say("next")
    assert "Next person: NEXT" in chat.say("no")
    assert "May we ask" in chat.say("next")
    chat.say("yes")
    chat.say("2")
    assert chat.answers() == [
        {"cooks_with": "wood", "read": "OK", "wish": "better stoves"},
        {},
        {"cooks_with": "gas"},
    ]
    assert chat.endings() == [Ending.COMPLETE, Ending.REFUSED, None]
    assert chat.own == {}
    assert len({one.seed for one in chat.helped.values()}) == 3


def test_each_person_chooses_a_language_whatever_the_one_before_chose() -> None:
    spoken = replace(
        questionnaire(
            "- {name: wish, type: text, label: Your wish}",
            "languages: [en, es]\nkeywords: {en: [TRIAL], es: [PRUEBA]}",
            {"en": ENGLISH, "es": SPANISH},
        ),
        version="trial-2",
    )
    chat = Chat(known=consultations([spoken]))
    chat.say("assist 483920")
    for number, language in (("2", "es"), ("1", "en"), ("español", "es")):
        assert chat.say("next").startswith("Which language?")
        assert "May we ask" in chat.say(number)
        assert chat.person.session is not None
        assert chat.person.session.interview is not None
        assert chat.person.session.interview.language == language
        chat.say("2")
    # So it is in a session that is begun later.
    chat.say("done")
    chat.say("assist")
    assert chat.say("next").startswith("Which language?")


def test_nobody_who_is_helped_is_offered_anything_for_later() -> None:
    chat = sitting()
    said = [chat.say(one) for one in ("next", "yes", "1", "ok", "help", "skip")]
    assert not [text for text in said if "tell you" in text or "MOVE" in text]
    [held] = chat.helped.values()
    assert (held.ending, held.report_back, held.menu) == (Ending.COMPLETE, None, None)


def test_the_workers_own_interview_stays_their_own() -> None:
    chat = Chat()
    for text in ("trial", "yes", "2", "ok"):
        chat.say(text)
    before = dict(chat.own)
    chat.say("assist 483920")
    for text in ("trial", "next", "yes", "1", "ok", "a school", "next", "yes", "stop"):
        chat.say(text)
    assert chat.own == before
    assert not chat.person.opted_out
    chat.say("done")
    chat.say("my own wish")
    assert chat.own["trial"].answers["wish"].value == "my own wish"
    assert chat.answers()[0]["wish"] == "a school"


@pytest.mark.parametrize("word", ["next", "done", "NEXT PERSON"])
def test_an_interview_is_not_left_without_a_question(word: str) -> None:
    chat = sitting()
    chat.say("next")
    chat.say("yes")
    chat.say("1")
    chat.say("ok")
    assert "has not finished" in chat.say(word)
    assert "What would you change?" in chat.say("2")
    assert "has not finished" in chat.say(word)
    assert "Sorry" in chat.say("what?")
    chat.say("1")
    assert chat.endings()[0] is Ending.LEFT
    assert len(chat.helped) == (1 if word == "done" else 2)
    assert (chat.person.session is None) == (word == "done")


def test_a_word_that_answers_the_question_at_hand_is_an_answer() -> None:
    chat = sitting()
    for text in ("next", "yes", "done", "done"):
        chat.say(text)
    assert chat.answers() == [{"cooks_with": "later", "read": "OK"}]
    assert "has not finished" in chat.say("done")


@pytest.mark.parametrize("words", [("next", "1"), ("done", "1"), ("assist 483920", "1")])
def test_who_is_left_in_the_middle_has_broken_off_at_once(words: tuple[str, ...]) -> None:
    chat = sitting()
    for word in ("next", "1", "wood", "ok", *words):
        chat.say(word)
    first = next(iter(chat.helped.values()))
    assert first.ending is Ending.LEFT
    assert disposition(TRIAL, first, chat.at) is Disposition.PARTIAL
    nothing_answered = replace(first, answers={})
    assert disposition(TRIAL, nothing_answered, chat.at) is Disposition.BREAK_OFF


def test_who_is_gone_back_to_has_not_broken_off() -> None:
    chat = sitting()
    for text in ("next", "1", "next", "2", "wood"):
        chat.say(text)
    assert chat.endings() == [None]
    assert chat.answers()[0]["cooks_with"] == "wood"


def test_a_worker_who_sends_their_number_anew_after_silence_has_left_the_one_before() -> None:
    for word in ("assist", "assist 483920"):
        chat = sitting()
        chat.say("next")
        chat.say("1")
        chat.at += 2 * SILENCE
        chat.say(word)
        assert chat.endings() == [Ending.LEFT]


def test_next_twice_begins_one_interview() -> None:
    chat = sitting()
    first = chat.say("next")
    assert chat.say("next") == first
    assert len(chat.helped) == 1


def test_what_is_written_between_two_people_is_nobodys() -> None:
    chat = sitting()
    assert "Begin with a person: NEXT" in chat.say("hello")
    for text in ("next", "no"):
        chat.say(text)
    before = dict(chat.helped)
    for text in ("yes", "1", "restart", "back", "trial", "help"):
        assert "Next person: NEXT" in chat.say(text)
    assert chat.helped == before
    assert chat.own == {}


@pytest.mark.parametrize("finishes", [False, True])
def test_the_last_person_is_removed_once_it_is_confirmed(finishes: bool) -> None:
    chat = sitting()
    for text in ("next", "no", "next", "yes", "1", *(("ok", "skip") if finishes else ())):
        chat.say(text)
    assert "Remove all answers" in chat.say("undo")
    chat.say("no")
    assert len(chat.helped) == 2
    chat.say("undo")
    assert "They are removed." in chat.say("yes")
    assert chat.endings() == [Ending.REFUSED]
    assert "Remove" not in chat.say("undo").split("\n")[0].removeprefix("Next person: NEXT. Remove")
    assert "May we ask" in chat.say("next")
    assert [person for _, person in chat.helped] == [1, 3]


def test_stop_ends_the_persons_interview_then_the_session_then_everything() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    assert "We end here with this person" in chat.say("STOP")
    assert chat.endings() == [Ending.STOPPED]
    assert "no more messages, send STOP" in chat.say("stop")
    assert chat.person.session is None
    assert not chat.person.opted_out
    chat.say("stop")
    assert chat.person.opted_out


def test_a_stop_that_the_carrier_took_blocks_the_phone_and_is_kept_so() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    chat.say("STOP", answered_by_carrier=True)
    assert chat.endings() == [Ending.STOPPED]
    assert chat.person.opted_out
    assert chat.person.session is None
    assert "You now help" in chat.say("assist 483920")
    assert not chat.person.opted_out


def test_the_carrier_blocks_after_an_hour_of_silence_too() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    chat.at += SILENCE
    chat.say("STOP", answered_by_carrier=True)
    assert (chat.person.opted_out, chat.person.session, chat.endings()) == (True, None, [Ending.LEFT])


def test_who_blocks_us_leaves_and_ends_no_interview_of_another() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    chat.say(leaves=True)
    assert chat.person.session is None
    assert chat.endings() == [None]


@pytest.mark.parametrize("text", ["1", "STOP", "trial", "next", "done", "a wish"])
def test_after_an_hour_of_silence_a_message_is_nobodys(text: str) -> None:
    chat = Chat()
    for one in ("trial", "yes", "assist 483920", "next", "yes"):
        chat.say(one)
    own, helped = dict(chat.own), ended(chat.helped)
    chat.at += SILENCE
    assert "was not counted" in chat.say(text)
    assert (chat.own, chat.helped) == (own, helped)
    assert chat.person.session is None
    assert not chat.person.opted_out


def test_after_silence_the_word_begins_anew() -> None:
    chat = sitting()
    chat.at += SILENCE
    assert "You now help" in chat.say("assist")
    chat.at += timedelta(days=40)
    assert "does not work" in chat.say("assist")


def test_a_worker_who_is_shut_out_is_told_at_the_next_message() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    before = ended(chat.helped)
    chat.person = replace(chat.person, worker=replace(WORKER, until=chat.at))
    assert "stopped helping" in chat.say("1")
    assert (chat.helped, chat.own) == (before, {})


# --- numbers


@pytest.mark.parametrize(
    "pin",
    [
        None,
        replace(PIN, is_taken=True),
        replace(PIN, until=NOON),
        replace(PIN, worker=replace(WORKER, until=NOON)),
    ],
    ids=["unknown", "another chat's", "run out", "revoked"],
)
def test_a_number_that_does_not_work_is_always_answered_alike(pin: Pin | None) -> None:
    chat = Chat()
    assert chat.say("assist 483920", pin=pin) == (
        "This number does not work. Please ask the organiser for a new one."
    )
    assert (chat.person.session, chat.person.worker) == (None, None)


def test_after_some_wrong_numbers_a_right_one_does_not_work_for_a_day() -> None:
    chat = Chat()
    for _ in range(MOST_WRONG):
        chat.say("assist 111111", pin=None)
    assert "does not work" in chat.say("assist 483920")
    chat.at += SHUT_OUT_FOR
    assert "You now help" in chat.say("assist 483920")
    assert chat.person.wrong is None


def test_the_number_again_leaves_but_not_when_it_is_only_sent_twice() -> None:
    chat = sitting()
    assert "You now help" in chat.say("assist 483920")
    for text in ("next", "no"):
        chat.say(text)
    assert "stopped helping" in chat.say("assist 483920")
    assert chat.person.session is None


def test_a_wrong_number_in_a_session_changes_nothing_of_it() -> None:
    chat = sitting()
    for text in ("next", "yes"):
        chat.say(text)
    before = dict(chat.helped)
    chat.say("assist 111111", pin=None)
    assert chat.helped == before
    chat.say("2")
    assert chat.answers() == [{"cooks_with": "gas"}]


# --- buttons


def test_a_button_of_the_person_before_answers_nothing() -> None:
    chat = sitting(TELEGRAM)
    chat.say("next")
    [yes, _] = chat.outcome.prompts[0].buttons
    chat.say(button=yes.data)
    [wood, *_] = chat.outcome.prompts[0].buttons
    chat.say(button=wood.data)
    assert chat.answers() == [{"cooks_with": "wood"}]
    for button in (":assist=next", ":assist=yes"):
        chat.say(button=button)
    assert "earlier question" in chat.say(button=yes.data)
    chat.say("yes")
    assert "earlier question" in chat.say(button=wood.data)
    assert chat.answers() == [{"cooks_with": "wood"}, {}]
    assert max(len(one.data.encode()) for one in chat.outcome.prompts[0].buttons) <= 64


def test_an_edit_of_the_workers_own_word_changes_no_answer() -> None:
    chat = sitting()
    for text in ("next", "yes", "1", "ok", "skip", "next"):
        chat.say(text)
    before = chat.answers()
    assert "stay as they were" in chat.say("2", corrects=True)
    assert chat.answers() == before


# --- somebody who stands by


def test_what_a_helped_person_tells_is_read_by_a_person_and_changes_nothing_else() -> None:
    """The phone is the worker's, who is there: nothing waits, and nothing on the screen tells of it."""
    chats = [Chat(known=consultations([one])) for one in (replace(TRIAL, safeguard=SAFEGUARD), TRIAL)]
    for chat in chats:
        for text in ("assist 483920", "next", "yes", "1", "ok", "my husband beats me"):
            chat.say(text)
    attended, alone = chats
    assert attended.outcome.prompts == alone.outcome.prompts
    assert attended.answers() == alone.answers()
    call = attended.outcome.call
    assert call is not None
    assert (call.urgency, call.slot) == (Urgency.SENSITIVE, "wish")
    assert alone.outcome.call is None
    assert attended.person.attention is None


def test_a_worker_who_talks_with_a_person_can_help_again() -> None:
    chat = Chat(known=consultations([replace(TRIAL, safeguard=SAFEGUARD)]))
    chat.say("talk to a person")
    assert chat.person.attention is not None
    assert "You now help" in chat.say("assist 483920")
    chat.say("next")
    assert "What do you cook with?" in chat.say("yes")


# --- whatever is sent

WORDS = (
    "next",
    "done",
    "undo",
    "stop",
    "yes",
    "no",
    "1",
    "2",
    "ok",
    "help",
    "back",
    "skip",
    "restart",
    "pause",
)
SENT = st.lists(
    st.sampled_from((*WORDS, "assist", "assist 483920", "assist 111111", "trial", "language", "7", "gas")),
    max_size=40,
)


@given(SENT)
def test_many_on_one_phone_never_mix(sent: list[str]) -> None:
    """No message changes more than one interview, but to end what nobody can go on with; none that has ended, and in a
    session none of the worker's.
    """
    chat = Chat()
    for text in ("trial", "yes", "assist 483920", *sent):
        own, helped, was_on = dict(chat.own), dict(chat.helped), chat.person.session is not None
        chat.say(text, pin=PIN if "483920" in text else None)
        changed = [one for one in chat.helped if chat.helped[one] != helped.get(one)]
        ends = chat.outcome.ends
        if ends is not None:
            left = (ends.session, ends.person)
            changed.remove(left)
            assert helped[left].ending is None
            assert helped[left].answers == chat.helped[left].answers
            assert chat.helped[left].ending is Ending.LEFT
        assert len(changed) <= 1
        assert not [one for one in changed if one in helped and helped[one].stage is Stage.ENDED]
        if was_on:
            assert chat.own == own
        else:
            assert not changed
        if changed:
            assert chat.person.session is not None
            assert changed == [(chat.person.session.id, chat.person.session.person)]
        for one in chat.helped.values():
            assert not one.answers or one.consented_at is not None
