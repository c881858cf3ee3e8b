"""What a digest says, as a table; and that no count by language singles anybody out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import Change, Finding, FindingState
from bot.core.questionnaire import Text
from bot.digests.making import ROUNDING, THRESHOLD, Ground, make_digest
from bot.digests.records import Code, Line, Words
from bot.results.disclosure.records import Rule
from bot.store.progress import AskedAgain, LanguageProgress, Progress
from tests.support.releases import RELEASED, publication

SINCE, UNTIL = RELEASED - timedelta(days=1), RELEASED + timedelta(days=6)
QUIET = Progress((LanguageProgress("en", 100, 80, 12, 11),), ())
HEARD = Change(1, FindingState.HEARD, SINCE - timedelta(days=9), "a", "Water", date(2026, 3, 12))
DONE = Change(2, FindingState.ACCEPTED, UNTIL - timedelta(days=1), "a", "Water")


def ground(**changed: Any) -> Ground:
    whole: dict[str, Any] = {
        "consultation": "garden",
        "title": Text("title", "The school garden", {"sw": "Bustani ya shule"}),
        "source": "en",
        "language": "en",
        "since": SINCE,
        "until": UNTIL,
        "zone": "UTC",
        "progress": QUIET,
        "findings": (),
    }
    return Ground(**whole | changed)


def both(before: Any, newest: Any, **changed: Any) -> Ground:
    return ground(before=before, newest=newest, released=RELEASED, **changed)


def finding(*changes: Change) -> Finding:
    return Finding(3, "garden", "Too dry", date(2026, 3, 1), changes)


def again(*counts: tuple[str, int, int]) -> Ground:
    return ground(progress=replace(QUIET, asked_again=tuple(AskedAgain(*one) for one in counts)))


CASES: list[tuple[str, Ground, list[Code], list[Code]]] = [
    ("nothing", ground(), [], []),
    ("first release", both(None, publication(1, notable=True)), [Code.RELEASED], []),
    (
        "difference came",
        both(publication(1), publication(2, notable=True)),
        [Code.RELEASED, Code.DIFFERENCE_CAME],
        [],
    ),
    (
        "difference went",
        both(publication(1, notable=True), publication(2)),
        [Code.RELEASED, Code.DIFFERENCE_WENT],
        [],
    ),
    (
        "same difference",
        both(publication(1, notable=True), publication(2, notable=True)),
        [Code.RELEASED],
        [],
    ),
    (
        "underheard came",
        both(publication(1), publication(2, heard=0.5)),
        [Code.RELEASED, Code.UNDERHEARD_CAME],
        [],
    ),
    (
        "underheard went",
        both(publication(1, heard=0.5), publication(2)),
        [Code.RELEASED, Code.UNDERHEARD_WENT],
        [],
    ),
    ("not surely underheard", both(publication(1), publication(2, heard=0.95)), [Code.RELEASED], []),
    (
        "old release",
        replace(both(publication(1), publication(2, notable=True)), released=SINCE),
        [],
        [],
    ),
    ("left", both(None, publication(1, left=10)), [Code.RELEASED], [Code.LEFT_AT]),
    ("worse", both(None, publication(1, worse=True)), [Code.RELEASED], [Code.WORSE]),
    (
        "worse, as it is now",
        replace(both(None, publication(1, worse=True)), progress=again(("sw", 100, 20)).progress),
        [Code.RELEASED],
        [Code.ASKED_AGAIN],
    ),
    ("answered", ground(findings=(finding(HEARD, DONE),)), [Code.ANSWERED], []),
    ("answered before", ground(since=DONE.at, findings=(finding(HEARD, DONE),)), [], []),
    ("overdue", ground(findings=(finding(HEARD),)), [], [Code.OVERDUE]),
    ("not yet overdue", ground(findings=(finding(replace(HEARD, due=UNTIL.date())),)), [], []),
    ("waiting", ground(findings=(finding(HEARD),), waiting=3), [], [Code.WAITING, Code.OVERDUE]),
    ("asked again", again(("en", 900, 30), ("sw", 100, 20)), [], [Code.ASKED_AGAIN]),
    ("asked again alone", again(("sw", 100, 10)), [], [Code.ASKED_AGAIN]),
    ("few answers", again(("en", 900, 30), ("sw", 99, 50)), [], []),
    ("everywhere alike", again(("en", 900, 135), ("sw", 100, 20)), [], []),
    ("seldom", again(("en", 900, 1), ("sw", 1000, 99)), [], []),
]


@pytest.mark.parametrize(
    ("made", "changes", "warnings"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_what_a_digest_says(made: Ground, changes: list[Code], warnings: list[Code]) -> None:
    digest = make_digest(made)
    assert [one.code for one in digest.changes] == changes
    assert [one.code for one in digest.warnings] == warnings


def test_a_line_names_what_it_is_of() -> None:
    assert make_digest(ground(waiting=3)).warnings == (Line(Code.WAITING, {"number": 3}),)
    digest = make_digest(again(("en", 900, 30), ("sw", 100, 20)))
    assert digest.warnings[0].values == {"language": "sw", "percent": 20, "rest": 3}
    assert digest.warnings[0].words == {}


def test_words_stand_beside_values_with_the_language_that_they_are_in() -> None:
    digest = make_digest(both(publication(1), publication(2, heard=0.5), language="sw"))
    line = digest.changes[1]
    assert line.values == {"variable": "sex", "group": "f", "percent": 50}
    assert line.words == {"variable": Words("Sex", "en"), "group": Words("Women", "en")}
    assert digest.title == Words("Bustani ya shule", "sw")


def test_a_translation_is_taken_in_the_language_of_the_digest_alone() -> None:
    newest = publication(1, left=10)
    (left,) = newest.results.participation.left
    label = Text("sown.label", "When sown?", {"sw": "Ulipanda lini?", "fr": "Semé quand ?"})
    asked = replace(newest.results.participation, left=(replace(left, label=label),))
    told = replace(newest, results=replace(newest.results, participation=asked))
    for language, words in (("en", Words("When sown?", "en")), ("sw", Words("Ulipanda lini?", "sw"))):
        (warning,) = make_digest(both(None, told, language=language)).warnings
        assert warning.words == {"question": words}


def test_what_organisers_wrote_is_in_no_language_that_is_known() -> None:
    passed = replace(DONE, state=FindingState.REFERRED, referred_to="The ministry")
    (line,) = make_digest(ground(findings=(finding(HEARD, passed),))).changes
    assert line.values == {"state": "referred"}
    assert line.words == {
        "title": Words("Too dry", None),
        "owner": Words("Water", None),
        "referred_to": Words("The ministry", None),
    }


@given(st.lists(st.tuples(*[st.integers(0, 40)] * 4), min_size=1, max_size=4))
def test_no_count_of_a_language_tells_of_few(counts: list[tuple[int, int, int, int]]) -> None:
    languages = tuple(LanguageProgress(f"l{place}", *some) for place, some in enumerate(counts))
    digest = make_digest(ground(progress=Progress(languages, ())))
    assert digest.started == sum(one.started for one in languages)
    shown = {one.language: one for one in digest.languages}
    for one in languages:
        for name in ("started", "completed", "new_started", "new_completed"):
            count, told = getattr(one, name), getattr(shown[one.language], name)
            assert (told is None) is (count < THRESHOLD)
            assert told is None or (told % ROUNDING == 0 and abs(told - count) <= ROUNDING / 2)


def test_counts_are_withheld_as_in_what_is_published() -> None:
    assert (Rule().threshold, Rule().rounding) == (THRESHOLD, ROUNDING)
    newest = publication(1)
    assert newest.protection is not None
    strict = replace(newest, protection=replace(newest.protection, threshold=20, rounding=10))
    digest = make_digest(
        replace(both(None, strict), progress=Progress((LanguageProgress("en", 19, 0, 26, 20),), ()))
    )
    (one,) = digest.languages
    assert (one.started, one.new_started, one.new_completed) == (None, 30, 20)
    assert (digest.threshold, digest.rounding) == (20, 10)


def test_a_moment_is_of_no_zone_but_its_own() -> None:
    assert make_digest(ground()).until == datetime(2026, 3, 16, 9, tzinfo=UTC)
