"""Transcripts as text: what is written is read back, what cannot be read is told, what differs is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reception import consultations
from bot.flowfiles.transcripts import Transcript, Turn, differences, parse, play, written
from tests.support.consultations import questionnaire

KNOWN = consultations([questionnaire("- {name: wish, type: text, label: Your wish}")])
TEXT = """\
# Somebody with a wish.
consultation: trial

> TRIAL
< May we ask you a few questions?
  Send 1 to start, 2 to say no.
= language: en

~ 3 days
> 1
< Your wish
= consented
"""


def test_it_is_written_as_it_was_read() -> None:
    transcript = parse(TEXT)
    assert isinstance(transcript, Transcript)
    assert written(transcript) == TEXT
    assert transcript.turns[1].waited == timedelta(days=3)
    assert transcript.turns[1].line == 10


def test_playing_it_leads_to_the_same() -> None:
    transcript = parse(TEXT)
    assert isinstance(transcript, Transcript)
    assert play(KNOWN, transcript) == transcript


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("Your wish", "Your dream"),
        ("= consented", "= refused"),
        ("= consented\n", ""),
        ("  Send 1", "  Send 7"),
    ],
)
def test_what_goes_another_way_is_told_at_its_turn(was: str, becomes: str) -> None:
    transcript = parse(TEXT.replace(was, becomes))
    assert isinstance(transcript, Transcript)
    (problem,) = differences(transcript, play(KNOWN, transcript))
    assert problem.code == "transcript-differs"
    assert problem.line == (4 if "Send" in was else 10)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("> hello\n", ["transcript-heading"]),
        ("consultation: x\nchannel: pigeon\nseed: a\nat: noon\n", ["transcript-heading"] * 3),
        ("consultation: x\n< before anyone spoke\n", ["transcript-line"]),
        ("consultation: x\n> hi\nwhat is this\n~ soon\n", ["transcript-line"] * 2),
        ("", ["transcript-heading"]),
    ],
)
def test_what_cannot_be_read_is_told_all_at_once(text: str, codes: list[str]) -> None:
    problems = parse(text)
    assert isinstance(problems, tuple)
    assert [problem.code for problem in problems] == codes
    assert all(problem.line for problem in problems)


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
TURNS = st.builds(
    Turn,
    said=WORDS,
    replies=st.lists(WORDS, max_size=2).map(tuple),
    stored=st.lists(WORDS, max_size=2).map(tuple),
    waited=st.integers(0, 5).map(lambda days: timedelta(days=days)),
)


@given(
    st.lists(TURNS, max_size=5).map(tuple),
    st.integers(0, 10**9),
    st.sampled_from([datetime(2026, 3, 2, 9, 0, tzinfo=UTC), datetime(2030, 12, 31, 23, 59, tzinfo=UTC)]),
)
def test_whatever_is_said_survives_being_written(turns: tuple[Turn, ...], seed: int, at: datetime) -> None:
    transcript = Transcript("trial", "telegram", at, seed, ("a remark",), turns)
    read = parse(written(transcript))
    assert isinstance(read, Transcript)
    assert replace(read, turns=tuple(replace(turn, line=0) for turn in read.turns)) == transcript


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    parse(text)
