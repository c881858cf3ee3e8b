"""When a message is kept, but not acted on: too many of them, or the same over and over."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pacing import MOST_IN_DAY, MOST_IN_WINDOW, SAME_IN_A_ROW, Pace, Rule, answered, arrived
from tests.support.consultations import NOON

RATE, REPETITION = Rule.RATE, Rule.REPETITION


def never() -> bool:
    raise AssertionError("nothing here depends on whether the question was understood")


def no() -> bool:
    return False


class Person:
    """Somebody who writes, and gets a reply to what is not held."""

    def __init__(self, understood: Callable[[], bool] = no) -> None:
        self.pace: Pace | None = None
        self.at = NOON
        self._understood = understood

    def write(self, text: str, reply: str = "Thanks.", after: float = 10.0) -> Rule | None:
        """Return the rule by which a message is held that comes so many seconds after the last."""
        self.at += timedelta(seconds=after)
        self.pace = arrived(self.pace, self.at, text, self._understood)
        if self.pace.held is None:
            self.pace = answered(self.pace, [reply])
            return None
        return self.pace.held


# --- the rate


def different(count: int, seconds: float, person: Person) -> list[Rule | None]:
    """Return what becomes of so many messages, each different, at so many seconds from each other."""
    return [person.write(f"message {n} at {person.at}", f"reply {n}", seconds) for n in range(count)]


@pytest.mark.parametrize("seconds", [0.0, 0.1, 1.0, 1.9])
def test_the_thirty_first_message_of_a_minute_is_held(seconds: float) -> None:
    assert different(31, seconds, Person(never)) == [None] * 30 + [RATE]


def test_nobody_is_held_who_writes_every_other_second() -> None:
    assert different(600, 2.2, Person(never)) == [None] * 600


def test_a_flood_is_held_until_the_rate_has_fallen() -> None:
    person = Person(never)
    assert set(different(5_000, 0.01, person)[30:]) == {RATE}
    # Quiet for a minute and a half, whatever the length of the flood.
    assert person.write("hello?", after=90) is None
    assert different(15, 4.0, person) == [None] * 15


def test_who_goes_on_slower_is_heard_again_in_two_minutes() -> None:
    person = Person(never)
    different(1_000, 0.01, person)
    slower = different(20, 10.0, person)
    first = slower.index(None)
    assert first <= 12
    assert slower[first:] == [None] * (20 - first)


def test_a_steady_flood_is_one_episode() -> None:
    assert different(300, 1.5, Person(never))[60:] == [RATE] * 240


# --- the same over and over


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1", id="an answer to a menu"),
        pytest.param("👍", id="a sign"),
        pytest.param("I am driving and will answer later", id="an answering machine"),
    ],
)
def test_the_fifth_of_the_same_with_the_same_reply_is_held(text: str) -> None:
    person = Person(never)
    assert [person.write(text, "Not a number of the list.") for _ in range(8)] == [None] * 4 + [
        REPETITION
    ] * 4
    assert person.write("another") is None


def test_case_and_punctuation_make_no_difference() -> None:
    person = Person()
    said = ["I am away!", "i am away", "I AM AWAY...", " I am  away", "i am away?"]
    assert [person.write(text, f"reply {n}") for n, text in enumerate(said)][-1] is REPETITION


def test_a_menu_answer_is_given_to_as_many_questions_as_there_are() -> None:
    person = Person(never)
    assert [person.write("1", f"question {n}") for n in range(40)] == [None] * 40


def test_a_long_answer_that_fits_each_question_is_heard() -> None:
    person = Person(lambda: True)
    assert [person.write("strongly agree", f"question {n}") for n in range(40)] == [None] * 40


def test_a_long_text_that_answers_nothing_is_held_whatever_was_replied() -> None:
    person = Person()
    assert [person.write("out of office", f"question {n}") for n in range(6)] == [None] * 4 + [REPETITION] * 2


def test_one_other_reply_in_between_begins_the_row_anew() -> None:
    person = Person()
    replies = ["a", "a", "b", "b", "b", "b"]
    assert [person.write("1", reply) for reply in replies] == [None] * 6
    assert person.write("1", "b") is REPETITION


def test_buttons_and_pictures_are_no_words() -> None:
    assert [Person(never).write("", "the same") for _ in range(20)] == [None] * 20


def test_the_same_once_a_day_is_a_person() -> None:
    person = Person()
    assert [person.write("still no water", "Thank you.", after=86_400) for _ in range(20)] == [None] * 20


def test_an_hour_of_silence_ends_it() -> None:
    person = Person()
    assert [person.write("out of office") for _ in range(5)][-1] is REPETITION
    assert person.write("out of office", after=3_599) is REPETITION
    assert person.write("out of office", after=3_601) is None


# --- clocks


def test_a_clock_that_went_back_blocks_nobody_for_long() -> None:
    person = Person(never)
    different(100, 0.01, person)
    person.at -= timedelta(days=400)
    assert person.write("first") is RATE
    assert person.write("second", after=120) is None


def test_a_clock_that_had_run_ahead_blocks_nobody() -> None:
    person = Person(never)
    person.write("first", after=10 * 365 * 86_400)
    person.at = NOON
    assert different(20, 5.0, person) == [None] * 20


moments = st.datetimes(
    timezones=st.just(NOON.tzinfo), min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)
)
messages = st.tuples(
    st.one_of(moments, st.floats(0, 120).map(lambda s: NOON + timedelta(seconds=s))),
    st.one_of(st.text(), st.sampled_from(["1", "2", "away now"])),
    st.sampled_from(["same", "other"]),
    st.booleans(),
)


@given(st.lists(messages, max_size=80))
def test_any_history_can_be_stored_and_ends_in_two_quiet_hours(
    history: Sequence[tuple[datetime, str, str, bool]],
) -> None:
    pace: Pace | None = None
    for at, text, reply, is_understood in history:
        pace = arrived(pace, at, text, lambda is_understood=is_understood: is_understood)
        if pace.held is None:
            pace = answered(pace, [reply])
        assert msgspec.json.decode(msgspec.json.encode(pace), type=Pace) == pace
    if pace is not None:
        for text in ("1", "away now", ""):
            assert arrived(pace, pace.last + timedelta(hours=2), text, no).held is None


@given(st.lists(st.floats(0, 300), min_size=1, max_size=29))
def test_fewer_than_thirty_are_never_held_for_their_rate(seconds: list[float]) -> None:
    pace: Pace | None = None
    for number, second in enumerate(sorted(seconds)):
        pace = answered(arrived(pace, NOON + timedelta(seconds=second), f"text {number}", never), ["reply"])
    assert pace is not None
    assert pace.held is None


@given(st.lists(st.floats(0, 59.9), min_size=MOST_IN_WINDOW + 1, max_size=200))
def test_more_than_thirty_in_a_minute_always_are(seconds: list[float]) -> None:
    person, held = Person(never), []
    for number, second in enumerate(sorted(seconds)):
        person.at = NOON
        held.append(person.write(f"text {number}", after=second))
    assert held == [None] * MOST_IN_WINDOW + [RATE] * (len(seconds) - MOST_IN_WINDOW)


@given(st.integers(2, 200), st.sampled_from(["1", "away now"]))
def test_what_two_machines_say_to_each_other_ends(count: int, text: str) -> None:
    person = Person()
    replied = [person.write(text, "the same") for _ in range(count)].count(None)
    assert replied == min(count, SAME_IN_A_ROW - 1)


# --- the day


def test_two_machines_that_never_say_the_same_stop_within_a_day() -> None:
    person = Person(never)
    said = different(MOST_IN_DAY + 50, 20.0, person)
    assert said == [None] * MOST_IN_DAY + [Rule.DAY] * 50
    person.at = (person.at + timedelta(days=1)).replace(hour=0, minute=0)
    assert person.write("good morning") is None


def test_what_is_held_already_does_not_count_to_the_day() -> None:
    person = Person(never)
    different(3 * MOST_IN_DAY, 0.01, person)
    assert different(20, 90.0, person) == [None] * 20


def test_a_pace_that_was_stored_before_days_were_counted_is_read() -> None:
    before = msgspec.json.encode(Pace(NOON, NOON, 3, 1)[:9])
    assert msgspec.json.decode(before, type=Pace) == Pace(NOON, NOON, 3, 1)
