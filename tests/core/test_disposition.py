"""What became of an interview: by its ending, its silence, and how far the person came."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.disposition import AAPOR_CODES, Disposition, Progress, disposition, progress
from bot.core.interview.records import Ending, Interview, Joined, Said, Stage
from bot.core.interview.step import begin, step
from tests.support.consultations import NOON, questionnaire

OF = questionnaire("""
- {name: age, type: integer, label: Your age, eligible: . > 15, screen_out: . > 90}
- {name: farms, type: select_one, label: Do you farm, choices: [{name: y, label: Yes}, {name: n, label: No}]}
- {name: crop, type: text, label: Which crop, relevant: "${farms} = 'y'"}
- {name: size, type: decimal, label: How large, relevant: "${farms} = 'y'"}
- {name: hint, type: text, label: Anything else, required: false}
""")
WEEK = timedelta(days=7)


def after(*messages: str) -> Interview:
    interview, _ = step(OF, begin(OF, 1, NOON), Joined(NOON))
    for message in messages:
        interview, _ = step(OF, interview, Said(NOON, message))
    return interview


@pytest.mark.parametrize(
    ("messages", "silence", "ended"),
    [
        ([], timedelta(0), "in_progress"),
        ([], WEEK, "no_consent"),
        (["2"], timedelta(0), "refused"),
        (["stop"], timedelta(0), "refused"),
        (["1"], timedelta(days=6), "in_progress"),
        (["1"], WEEK, "break_off"),
        (["1", "stop"], timedelta(0), "break_off"),
        (["1", "20", "stop"], timedelta(0), "partial"),
        (["1", "20", "1", "stop"], timedelta(0), "partial"),
        (["1", "20", "2", "skip"], timedelta(0), "complete"),
        (["1", "20", "2", "skip", "stop"], timedelta(0), "complete"),
        (["1", "12"], timedelta(0), "not_eligible"),
        (["1", "95"], timedelta(0), "screened_out"),
        (["1", "x", "y", "z"], WEEK, "partial"),
        (["1", "20", "1", "maize", "back", "back"], WEEK, "partial"),
    ],
)
def test_dispositions(messages: list[str], silence: timedelta, ended: str) -> None:
    assert disposition(OF, after(*messages), NOON + silence) == ended


def test_the_line_between_partial_and_break_off_is_the_consultation_s() -> None:
    strict = questionnaire(
        """
        - {name: one, type: text, label: One}
        - {name: two, type: text, label: Two}
        - {name: three, type: text, label: Three}
        """,
        "partial_share: 0.6",
    )
    interview, _ = step(strict, begin(strict, 1, NOON), Joined(NOON))
    ended = []
    for message in ("1", "first", "second"):
        interview, _ = step(strict, interview, Said(NOON, message))
        ended.append(disposition(strict, interview, NOON + WEEK))
    assert ended == [Disposition.BREAK_OFF, Disposition.BREAK_OFF, Disposition.PARTIAL]


@pytest.mark.parametrize(
    ("messages", "reached"),
    [
        (["1"], Progress(0, 2)),
        (["1", "20", "2"], Progress(2, 2)),
        (["1", "20", "1"], Progress(2, 4)),
        (["1", "20", "1", "maize", "back", "back", "2"], Progress(2, 2)),
    ],
)
def test_only_what_a_person_would_be_asked_is_counted(messages: list[str], reached: Progress) -> None:
    assert progress(OF, after(*messages), NOON) == reached


def test_every_disposition_has_its_code() -> None:
    assert set(AAPOR_CODES) == set(Disposition)
    assert [one for one in Disposition if not one.aapor_code] == [Disposition.IN_PROGRESS]


@pytest.mark.parametrize(
    ("messages", "ended"), [([], "no_consent"), (["1"], "break_off"), (["1", "20"], "partial")]
)
def test_what_a_helper_left_is_over_at_once(messages: list[str], ended: str) -> None:
    left = replace(after(*messages), stage=Stage.ENDED, ending=Ending.LEFT)
    assert disposition(OF, left, NOON) == ended
