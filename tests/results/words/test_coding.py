"""Codes by words: which answers have which, and how well that agrees with people."""

import random

import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa as by_statsmodels

from bot.core.codes import Code, CodeFrame
from bot.core.problems import Problem
from bot.results.words.agreement import cohens_kappa, draw, measure, read_by_hand
from bot.results.words.coding import apply_codes, count_codes
from tests.support.words import made, said_by

FRAME = CodeFrame(
    (
        Code(
            "water",
            {"": "Water"},
            keywords={"en": ("water", "clean tap"), "sw": ("maj*",), "am": ("ውሃ",), "": ("H2O",)},
            examples={"en": ("The borehole by the school is broken",)},
            exclude={"en": ("water melon",)},
        ),
        Code("jobs", {"": "Jobs"}, items=("wish",), keywords={"en": ("job*", "work*"), "fr": ("emploi*",)}),
    )
)
CODED = [
    ("We need WATER!", "en", {"water"}),
    ("waters", "en", set()),
    ("a clean, tap", "en", {"water"}),
    ("a tap that is clean", "en", set()),
    ("Working for water, no jobs", "en", {"water", "jobs"}),
    ("network", "en", set()),
    ("a water melon", "en", set()),
    ("the borehole by the school is brokn", "en", {"water"}),
    ("the road by the market is bad", "en", set()),
    ("the borehole by the school is broken and water melon", "en", set()),
    ("tunataka maji", "sw", {"water"}),
    ("water", "sw", set()),
    ("h2o", "sw", {"water"}),
    ("ውሃ እንፈልጋለን", "am", {"water"}),
    ("Des EMPLOIS", "fr", {"jobs"}),
    ("maji na jobs", None, {"water", "jobs"}),
    ("", "en", set()),
]


@pytest.mark.parametrize(("text", "language", "codes"), CODED)
def test_what_an_answer_is_coded_as(text: str, language: str | None, codes: set[str]) -> None:
    answer = said_by(1, text, language)
    assert apply_codes(FRAME, [answer]) == {answer.key: codes}


def test_an_answer_keeps_its_codes_whatever_else_is_said() -> None:
    answers = [said_by(n, text, language) for n, (text, language, _) in enumerate(CODED, 500)]
    coded = apply_codes(FRAME, [*made("en", 200, odd=50).said, *answers])
    assert [coded[one.key] for one in answers] == [codes for *_, codes in CODED]


def test_counts_by_language_with_the_long_tail() -> None:
    answers = [said_by(n, text, language) for n, (text, language, _) in enumerate(CODED)]
    answers.append(said_by(99, "no jobs", item="plan"))
    counts = count_codes(FRAME, "wish", answers)
    assert (counts.answers, counts.uncoded) == (17, 8)
    assert counts.counts == {"water": 8, "jobs": 3}
    assert counts.by_language["sw"] == {"water": 2, "jobs": 0}
    assert count_codes(FRAME, "plan", answers).counts == {"water": 0}


@pytest.mark.parametrize("seed", range(8))
def test_kappa_is_that_of_scikit_learn_and_statsmodels(seed: int) -> None:
    rng = random.Random(seed)
    hand = [rng.random() < 0.4 for _ in range(150)]
    words = [one if rng.random() < 0.8 else not one for one in hand]
    pairs = list(zip(hand, words, strict=True))
    table = [[pairs.count((one, other)) for other in (False, True)] for one in (False, True)]
    theirs = by_statsmodels(table)
    ours = cohens_kappa(pairs)
    assert ours.kappa == pytest.approx(cohen_kappa_score(hand, words))
    assert (ours.kappa, ours.low, ours.high) == pytest.approx(
        (theirs.kappa, theirs.kappa_low, theirs.kappa_upp)
    )
    assert (ours.by_hand, ours.by_words) == (sum(hand), sum(words))


@pytest.mark.parametrize("pairs", [[], [(True, True)] * 5, [(False, False)] * 5])
def test_where_nothing_differs_there_is_no_kappa(pairs: list[tuple[bool, bool]]) -> None:
    assert cohens_kappa(pairs).kappa is None


def test_agreement_names_what_is_confused() -> None:
    def key(number: int) -> tuple[str, str]:
        return (f"r{number}", "wish")

    hand = {key(n): frozenset({"water"} if n < 6 else {"jobs"} if n < 9 else ()) for n in range(12)}
    words = hand | {key(0): frozenset({"jobs"}), key(1): frozenset[str](), key(9): frozenset({"jobs"})}
    found = measure(FRAME, hand, words)
    assert found.confusions == (("none", "jobs", 1), ("water", "jobs", 1), ("water", "none", 1))
    kappas = [one.kappa for one in found.codes.values()]
    assert kappas[0] is not None
    assert kappas[1] is not None
    assert found.mean == pytest.approx((kappas[0] + kappas[1]) / 2)


def test_the_sample_is_random_and_the_same_by_a_seed() -> None:
    answers = made("en", 100).said
    assert draw(answers, 20, 1) == draw(answers, 20, 1)
    assert draw(answers, 20, 1) != draw(answers, 20, 2)
    assert draw(answers, 500, 1) == answers


def test_hand_codes_are_read_with_every_fault() -> None:
    answers = [said_by(n, "water") for n in range(4)]
    heading = "respondent,slot,codes\n"
    good = heading + 'r0,wish,"water, jobs"\nr1,wish,none\nr2,wish,\n'
    assert read_by_hand(good.encode(), FRAME, answers) == {
        ("r0", "wish"): {"water", "jobs"},
        ("r1", "wish"): frozenset(),
    }
    bad = heading + "r0,wish,wter\nr1,wish,water\nr1,wish,jobs\nr9,wish,none\n"
    problems = read_by_hand(bad.encode(), FRAME, answers)
    assert isinstance(problems, tuple)
    assert [(one.line, one.code) for one in problems if isinstance(one, Problem)] == [
        (2, "sheet-unknown-code"),
        (4, "sheet-twice"),
        (5, "sheet-unknown-answer"),
    ]
    assert problems[0].remedy == "Write water."
