"""Estimates of a frame are those of SciPy, statsmodels and plain counting on the same answers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import msgspec
import numpy as np
import polars as pl
import pytest
from scipy import stats

from bot.core.disposition import Disposition
from bot.core.interview.records import AnswerStatus
from bot.flowfiles.population import Margin, Population
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.records.breakdowns import Breakdown, Method, Untested
from bot.results.records.equity import Measure
from bot.results.records.items import Period, Reason
from bot.results.records.notices import NoticeCode
from bot.results.records.participation import ReportBack
from bot.results.records.results import Results
from bot.results.selection import Completeness, Selection
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, COLUMNS, VILLAGE, Draw, drawn, frame_of

POPULATION = Population(
    (
        Margin("gender", {"woman": 0.51, "man": 0.49}, "Census", 2019),
        Margin("age", {"18-39": 0.6, "40+": 0.4}, "Census", 2019),
    )
)


def results(frame: pl.DataFrame, **options: object) -> Results:
    return estimate(frame, VILLAGE, COLUMNS, at=BEGAN, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return drawn(Draw(2_000))


@pytest.fixture(scope="module")
def whole(frame: pl.DataFrame) -> Results:
    return results(frame, population=POPULATION)


def breakdown(whole: Results, item: str, variable: str) -> Breakdown:
    return next(one for one in whole.breakdowns_of(item) if one.variable == variable)


def codes(told: Results) -> list[NoticeCode]:
    return [notice.code for notice in told.notices]


def test_json_and_back(whole: Results) -> None:
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Results) == whole


def test_choices(frame: pl.DataFrame, whole: Results) -> None:
    cooks = whole.item("cooks")
    counted = Counter(frame["cooks"].drop_nulls())
    assert {one.name: one.taken.count for one in cooks.choices} == counted
    assert sum(one.taken.share or 0 for one in cooks.choices) == pytest.approx(1)
    assert cooks.base.answered == counted.total() == cooks.choices[0].taken.base


def test_several_choices(frame: pl.DataFrame, whole: Results) -> None:
    needs = whole.item("needs")
    assert [one.taken.count for one in needs.choices] == [
        frame[f"needs/{name}"].sum() for name in ("water", "roads", "light")
    ]
    assert needs.choices[0].taken.base == frame["needs"].is_not_null().sum()


def test_numbers(frame: pl.DataFrame, whole: Results) -> None:
    numbers = whole.item("hours").numbers
    assert numbers is not None
    values = frame["hours"].drop_nulls().to_numpy()
    assert numbers.mean.value == pytest.approx(values.mean())
    expected = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    assert numbers.mean.interval is not None
    assert (numbers.mean.interval.low, numbers.mean.interval.high) == pytest.approx(expected)
    assert (numbers.lower, numbers.median.value, numbers.upper) == pytest.approx(
        np.percentile(values, [25, 50, 75])
    )
    around = stats.quantile_test(values, q=float(np.median(values)), p=0.5).confidence_interval(0.95)
    assert numbers.median.interval is not None
    assert (numbers.median.interval.low, numbers.median.interval.high) == (around.low, around.high)
    assert numbers.deviation == pytest.approx(values.std(ddof=1))
    assert sum(one.count for one in numbers.bins) == numbers.n == len(values)
    assert (numbers.least, numbers.most) == (values.min(), values.max())


def test_ranks(frame: pl.DataFrame, whole: Results) -> None:
    ranking = whole.item("first").ranking
    places = {one.name: frame[f"first/{one.name}"].drop_nulls().to_numpy() for one in ranking}
    for one in ranking:
        assert one.mean_place is not None
        assert one.mean_place.value == pytest.approx(places[one.name].mean())
        assert one.first.count == (places[one.name] == 1).sum()
        assert one.points == pytest.approx(((3 - places[one.name]) / 2).mean())
    assert [one.points for one in ranking] == sorted((one.points or 0 for one in ranking), reverse=True)


def test_differences_between_groups(frame: pl.DataFrame, whole: Results) -> None:
    held = frame.filter(pl.col("gender").is_not_null() & pl.col("cooks").is_not_null())
    names = ("woman", "man", "unsaid")
    table = [
        [held.filter(gender=name, cooks=choice).height for choice in ("wood", "gas", "power")]
        for name in names
    ]
    told = breakdown(whole, "cooks", "gender")
    (test,) = told.tests
    assert test.method is Method.CHI_SQUARE
    assert test.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    assert [[one.taken.count for one in group.choices] for group in told.groups] == table
    assert told.notable

    hours = [frame.filter(gender=name)["hours"].drop_nulls().to_numpy() for name in names]
    (test,) = breakdown(whole, "hours", "gender").tests
    assert test.p == pytest.approx(stats.kruskal(*hours).pvalue, rel=1e-6)

    several = breakdown(whole, "needs", "gender")
    assert [test.choice for test in several.tests] == ["water", "roads", "light"]
    # An item is not broken down by itself.
    assert {one.variable for one in whole.breakdowns_of("gender")} == {"language", "channel", "age"}


def test_bands_of_ages(frame: pl.DataFrame, whole: Results) -> None:
    ages = frame["age"].to_numpy()
    told = breakdown(whole, "gender", "age")
    assert {group.name: group.n for group in told.groups} == {
        "<18": (ages < 18).sum(),
        "18-39": ((ages >= 18) & (ages < 40)).sum(),
        "40+": (ages >= 40).sum(),
    }


def test_weighted_beside_unweighted(frame: pl.DataFrame, whole: Results) -> None:
    assert whole.weighting is not None
    assert whole.weighting.applied
    assert whole.weighting.not_stated > 0
    share = whole.item("gender").choices[0].taken
    assert share.weighted is not None
    assert share.count == (frame["gender"] == "woman").sum()
    # Those who would not say keep their share: women are 51% of the others.
    stated = frame.filter(pl.col("gender") != "unsaid").height / frame.height
    assert share.weighted.value == pytest.approx(0.51 * stated, abs=0.003)
    hours = whole.item("hours").numbers
    assert hours is not None
    assert hours.mean.weighted is not None
    assert hours.mean.weighted.value > hours.mean.value
    assert hours.mean.weighted.effective < hours.n
    assert NoticeCode.WEIGHTED in codes(whole)


def test_who_was_heard(frame: pl.DataFrame, whole: Results) -> None:
    gender = next(one for one in whole.representation if one.variable == "gender")
    women, men = gender.groups
    counts = Counter(frame["gender"])
    assert (women.heard.count, men.heard.count) == (counts["woman"], counts["man"])
    assert gender.not_stated == counts["unsaid"]
    assert women.ratio == pytest.approx(counts["woman"] / gender.stated / 0.51)
    assert gender.dissimilarity == pytest.approx(abs((women.heard.share or 0) - 0.51))
    assert women.needed is not None
    after = (counts["woman"] + women.needed) / (gender.stated + women.needed)
    assert after == pytest.approx(0.51, abs=1e-3)
    assert after >= 0.51
    assert men.needed == 0


def test_a_part_keeps_the_weights_of_the_whole(frame: pl.DataFrame, whole: Results) -> None:
    women = results(frame, population=POPULATION, selection=Selection(where={"gender": ("woman",)}))
    assert women.representation == whole.representation
    assert women.weighting == whole.weighting
    assert women.consented == (frame["gender"] == "woman").sum()
    told = women.item("cooks").choices[0].taken
    of_all = breakdown(whole, "cooks", "gender").groups[0].choices[0].taken
    assert (told.count, told.interval) == (of_all.count, of_all.interval)
    assert told.weighted is not None
    assert of_all.weighted is not None
    assert told.weighted.value == pytest.approx(of_all.weighted.value)
    assert told.weighted.effective == pytest.approx(of_all.weighted.effective)


SEVEN: list[Mapping[str, object]] = [
    {"cooks": "wood"},
    {"cooks": "gas", "language": "sw"},
    {"cooks/status": "skipped"},
    {"cooks/status": "not_understood", "cooks/tries": 3},
    {"cooks/status": "not_reached", "left_at": "cooks", "disposition": "break_off", "ended_at": None},
    {"cooks/status": "not_reached", "left_at": "cooks", "disposition": "in_progress", "ended_at": None},
    {
        "cooks/status": "not_reached",
        "left_at": "age",
        "disposition": "break_off",
        "age/status": "not_reached",
    },
    {"disposition": "refused", "consented_at": None},
    {"disposition": "no_consent", "consented_at": None, "language": None, "ended_at": None},
    {"disposition": "screened_out"},
]


def test_why_answers_are_missing() -> None:
    told = results(frame_of(SEVEN))
    base = told.item("cooks").base
    assert (base.consented, base.asked, base.answered) == (8, 6, 2)
    assert base.missing == {
        Reason.SKIPPED: 1,
        Reason.NOT_UNDERSTOOD: 1,
        Reason.LEFT: 1,
        Reason.WAITING: 1,
        Reason.NOT_REACHED: 1,
        Reason.NOT_ASKED: 1,
    }
    assert base.consented == base.answered + sum(base.missing.values())


SOURCES = (*["radio-citizen"] * 5, "clinic", *[None] * 4)


def test_participation() -> None:
    told = results(frame_of(SEVEN)).participation
    assert told.invited is None
    turnout = told.turnout
    assert (turnout.started, turnout.consented) == (10, 8)
    assert turnout.count(Disposition.COMPLETE) == 4
    # In progress and screened out say nothing of whether people want to take part.
    assert (turnout.participation.count, turnout.participation.base) == (4, 8)
    assert (turnout.completion.count, turnout.completion.base) == (4, 6)
    codes = {one.disposition: one.aapor_code for one in turnout.outcomes}
    assert codes[Disposition.BREAK_OFF] == "2.12"
    assert {one.name: one.turnout.started for one in told.by_language} == {"en": 8, "sw": 1, "": 1}
    assert told.by_source == ()
    left = {one.item: (one.left.count, one.left.base) for one in told.left}
    assert left["cooks"] == (1, 5)
    assert left["age"] == (1, 1)
    assert told.duration is not None
    assert (told.duration.n, told.duration.median.value) == (4, 10.0)


def test_by_where_people_learnt_of_it() -> None:
    people = [{**one, "came_by": came_by} for one, came_by in zip(SEVEN, SOURCES, strict=True)]
    told = results(frame_of(people))
    by_source = {one.name: one.turnout for one in told.participation.by_source}
    assert list(by_source) == ["radio-citizen", "clinic", ""]
    assert [one.started for one in by_source.values()] == [5, 1, 4]
    whole = told.participation.turnout
    assert sum(one.count(Disposition.COMPLETE) or 0 for one in by_source.values()) == whole.count(
        Disposition.COMPLETE
    )
    assert "came_by" in {one.variable for one in told.breakdowns}
    assert "came_by" not in {one.variable for one in results(frame_of(SEVEN)).breakdowns}


def test_nobody() -> None:
    told = results(frame_of([]), population=POPULATION)
    assert codes(told)[0] is NoticeCode.NOBODY
    assert told.item("cooks").choices[0].taken.share is None
    assert told.item("hours").numbers is None
    assert told.participation.turnout.completion.share is None
    assert told.weighting is not None
    assert not told.weighting.applied
    assert msgspec.json.encode(told)


@pytest.mark.parametrize("n", [1, 9, 29])
def test_few(n: int) -> None:
    told = results(drawn(Draw(n)))
    assert NoticeCode.FEW_RESPONDENTS in codes(told)
    assert all(one.untested in (Untested.TOO_FEW,) and not one.tests for one in told.breakdowns)
    assert msgspec.json.encode(told)


def test_selections() -> None:
    people: list[Mapping[str, object]] = [
        {"cooks": "wood", "age": 17},
        {"cooks": "gas", "age": 50, "channel": "telegram"},
        {"cooks": "gas", "language": "sw", "started_at": BEGAN + timedelta(days=1)},
        {"cooks": "gas", "disposition": "partial", "age": 40},
        {"consented_at": None, "disposition": "refused"},
    ]
    frame = frame_of(people)

    def selected(selection: Selection) -> int:
        return results(frame, selection=selection).selected

    day = BEGAN.date()
    assert selected(Selection()) == 5
    assert selected(Selection(since=day, until=day)) == 4
    assert selected(Selection(since=day + timedelta(days=1))) == 1
    assert selected(Selection(channels=("telegram",))) == 1
    assert selected(Selection(languages=("sw", "fr"))) == 1
    assert selected(Selection(where={"age": ("40+",)})) == 2
    assert selected(Selection(where={"age": ("40+",)}, channels=("sms",))) == 1
    assert selected(Selection(completeness=Completeness.CONSENTED)) == 4
    assert selected(Selection(completeness=Completeness.COMPLETE)) == 3
    assert selected(Selection(completeness=Completeness.COMPLETE_OR_PARTIAL)) == 4
    with pytest.raises(KeyError, match="cooks"):
        selected(Selection(where={"cooks": ("gas",)}))


def test_dates_and_times() -> None:
    days = [date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 9)]
    told = results(frame_of([{"since": one, "gets_up": time(5, one.day)} for one in days]))
    dates = told.item("since").dates
    assert dates is not None
    assert (dates.period, [(one.start.month, one.count) for one in dates.bins]) == (
        Period.MONTH,
        [(1, 1), (2, 0), (3, 2)],
    )
    times = told.item("gets_up").times
    assert times is not None
    assert (times.first, times.last, times.hours[5], sum(times.hours)) == (time(5, 1), time(5, 31), 3, 3)
    years = results(frame_of([{"since": date(1980, 5, 1)}, {"since": date(2020, 5, 1)}])).item("since").dates
    assert years is not None
    assert (years.period, len(years.bins)) == (Period.YEAR, 41)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 2, 5], [(1, 1, 1), (2, 2, 2), (5, 5, 1)]),
        ([0, 119], [(0, 9, 1), *((at, at + 9, 0) for at in range(10, 110, 10)), (110, 119, 1)]),
        ([*range(1, 25)], [(0, 1, 1), *((at, at + 1, 2) for at in range(2, 24, 2)), (24, 25, 1)]),
    ],
)
def test_bars_of_whole_numbers(values: list[int], expected: list[tuple[float, float, int]]) -> None:
    numbers = results(frame_of([{"age": value} for value in values])).item("age").numbers
    assert numbers is not None
    assert [(one.low, one.high, one.count) for one in numbers.bins] == expected


def test_a_repeat_counts_rounds_and_has_no_intervals() -> None:
    household = questionnaire(
        """
        - name: child
          type: repeat
          label: Child
          items: [{name: age, type: integer, label: Age?}, {name: school, type: select_one, label: At school?,
            choices: [{name: y, label: Yes}, {name: n, label: No}]}]
        """
    )
    occurring = {slot: frozenset[AnswerStatus]() for slot in ("age[1]", "age[2]", "school[2]")}
    laid = columns([household], occurring, with_status=True)
    people: list[Mapping[str, object]] = [{"age[1]": 4, "age[2]": 7, "school[2]": "y"}] * 40
    told = estimate(frame_of(people, laid), household, laid, at=BEGAN)
    age = told.item("age")
    assert age.numbers is not None
    assert (age.numbers.n, age.numbers.mean.value, age.numbers.mean.interval) == (80, 5.5, None)
    assert age.repeated
    assert told.item("school").choices[0].taken.interval is None
    assert {one.untested for one in told.breakdowns} == {Untested.REPEATED}
    assert NoticeCode.REPEATED in codes(told)


def test_what_goes_worse_for_some() -> None:
    rng = np.random.default_rng(8)
    people: list[Mapping[str, object]] = []
    for number in range(600):
        is_swahili = number % 3 == 0
        left = rng.random() < (0.4 if is_swahili else 0.1)
        tries = int(rng.random() < (0.5 if is_swahili else 0.1))
        people.append(
            {
                "language": "sw" if is_swahili else "en",
                "gender": "woman",
                "age": 30,
                "cooks": None if left else "wood",
                "cooks/status": "not_reached" if left else "answered",
                "cooks/tries": None if left else tries,
                "left_at": "cooks" if left else None,
                "disposition": "break_off" if left else "complete",
                "ended_at": BEGAN if not left or number % 2 else None,
            }
        )
    rates = results(frame_of(people)).equity
    worse = {(rate.measure, rate.variable, rate.item, group.name) for rate, group in rates.worse}
    assert (Measure.BREAK_OFF, "language", None, "sw") in worse
    assert (Measure.ASK_AGAIN, "language", None, "sw") in worse
    assert (Measure.ASK_AGAIN, "language", "cooks", "sw") in worse
    assert not any(name == "en" for *_, name in worse)
    assert not any(item == "age" for _, _, item, _ in worse)
    stopped = next(rate for rate in rates.rates if rate.measure is Measure.OPT_OUT)
    ended = [one["ended_at"] is not None for one in people if one["disposition"] == "break_off"]
    assert stopped.overall.count == sum(ended)


def test_nothing_goes_worse_where_all_fare_alike(whole: Results) -> None:
    assert whole.equity.worse == ()
    assert all(rate.item is None for rate in whole.equity.rates)


def test_who_wants_to_be_told_what_came_of_it() -> None:
    said = [True, True, False, None, None]
    people = [{"report_back": one} for one in said]
    # Who was helped is not asked, for there is no phone of theirs.
    people += [{"report_back": None, "assisted": "yes"}] * 3
    frame = frame_of([*people, {"report_back": True, "disposition": "break_off", "ended_at": None}])
    asks = replace(VILLAGE, report_back=True)
    made = estimate(frame, asks, COLUMNS, at=BEGAN).participation.report_back
    assert made == ReportBack(wanted=2, declined=1, unsaid=2)
    assert estimate(frame, VILLAGE, COLUMNS, at=BEGAN).participation.report_back is None
