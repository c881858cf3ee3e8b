"""Which groups stand in the tables of a release: readers see that a group is there, also where it is withheld."""

from collections.abc import Mapping, Sequence

import pytest

from bot.core.groups import OTHERS
from bot.flowfiles.population import Margin, Population
from bot.results.disclosure import Cell, Rule
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect
from bot.results.publication.sums import sums_of
from bot.results.records.breakdowns import Untested
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, frame_of

BUS = questionnaire(
    """
    - name: uses
      type: select_one
      label: How often do you take the night bus?
      choices: [{name: often, label: Often}, {name: never, label: Never}]
    """
)
LAID = columns([BUS], {}, with_status=True)
SILENT = {"language": None, "consented_at": None, "disposition": "no_consent", "uses/status": "not_reached"}
Person = Mapping[str, object]


def answering(count: int, **about: object) -> list[Person]:
    return [
        {"uses": "often" if place % 2 else "never", "uses/status": "answered", **about}
        for place in range(count)
    ]


def released(people: Sequence[Person], languages: Sequence[str] = ()) -> Protected:
    frame = frame_of(people, LAID)
    results = estimate(frame, BUS, LAID, at=BEGAN)
    made = protect(results, sums_of(frame, BUS, LAID), Rule(), languages=languages)
    made.audited().require()
    return made


def by_language(made: Protected) -> dict[str, tuple[int | None, int | None]]:
    return {
        one.name: (one.turnout.started, one.turnout.consented)
        for one in made.results.participation.by_language
    }


def in_breakdowns(made: Protected, variable: str) -> dict[str, int | None]:
    (told,) = (one for one in made.results.breakdowns if one.variable == variable)
    return {one.name: one.n for one in told.groups}


def test_who_left_before_choosing_a_language_hides_no_language() -> None:
    made = released([*answering(120), *answering(80, language="fr"), *[SILENT] * 34], ["en", "fr"])
    assert by_language(made) == {"en": (120, 120), "fr": (80, 80), "": (35, 0)}
    assert in_breakdowns(made, "language") == {"en": 120, "fr": 80}
    (told,) = (one for one in made.results.breakdowns if one.variable == "language")
    assert told.not_stated == 0
    assert Cell.of(("language", "?")) in made.release.nobody
    assert Cell.of(("interview", "*"), ("language", "?")) not in made.release.nobody
    (read,) = releases_of([kept(made.release, ())])
    assert read.nobody == made.release.nobody


def test_where_somebody_answered_without_a_language_nobody_knows_that_none_did() -> None:
    made = released([*answering(120), *answering(80, language="fr"), *answering(3, language=None)])
    assert not {cell for cell in made.release.nobody if ("language", "?") in cell.conditions}


@pytest.mark.parametrize("few", [0, 3, 9])
def test_a_language_stands_in_every_table_whoever_spoke_it(few: int) -> None:
    people = [*answering(120), *answering(80, language="fr"), *answering(few, language="sw")]
    made = released(people, ["sw", "fr", "en"])
    assert list(by_language(made)) == ["en", "fr", "sw"]
    assert by_language(made)["sw"] == (None, None)
    assert list(in_breakdowns(made, "language").items())[2:] == [("sw", None)]
    for rate in made.results.equity.rates:
        if rate.variable == "language":
            assert [one.name for one in rate.groups] == ["en", "fr", "sw"]
            sw = rate.groups[2]
            assert (sw.rate.share, sw.rest.share, sw.adjusted, sw.worse) == (None, None, None, False)


def test_withheld_languages_stand_in_the_order_of_the_consultation_and_not_of_their_size() -> None:
    made = released([*answering(120), *answering(3, language="sw")], ["fr", "sw", "en"])
    assert list(by_language(made)) == ["fr", "sw", "en"]
    assert {one for _, one in by_language(made).values()} == {None}


def test_channels_of_few_stand_as_others() -> None:
    people = [*answering(120), *answering(80, channel="telegram"), *answering(60, channel="whatsapp")]
    told = in_breakdowns(released(people), "channel")
    assert told == {"sms": 120, "telegram": 80, "whatsapp": 60}
    told = in_breakdowns(released([*people, *answering(3, channel="paper")]), "channel")
    assert list(told) == ["sms", "telegram", "whatsapp", OTHERS]
    assert told[OTHERS] is None


def test_sources_of_few_stand_as_others_beside_those_of_whom_it_is_not_known() -> None:
    few = [*answering(8, came_by="radio"), *answering(8, came_by="clinic"), *answering(8, came_by="market")]
    told = released([*answering(60), *few]).results.participation.by_source
    assert [(one.name, one.turnout.consented) for one in told] == [(OTHERS, None), ("", 60)]


@pytest.mark.parametrize(("few", "untested"), [(3, Untested.WITHHELD), (80, None)])
def test_a_comparison_of_which_a_count_is_withheld_says_so(few: int, untested: Untested | None) -> None:
    made = released([*answering(120), *answering(few, language="sw")], ["en", "sw"])
    assert {one.variable: one.untested for one in made.results.breakdowns}["language"] is untested


AGES = questionnaire(
    "- {name: age, type: integer, label: How old are you?}", "groups: [{name: age, bands: [18, 40]}]"
)
SHARES = {"<18": 0.3, "18-39": 0.4, "40+": 0.3}


@pytest.mark.parametrize("old", [3, 40])
def test_how_much_a_withheld_group_is_at_most_is_what_the_others_leave(old: int) -> None:
    laid = columns([AGES], {}, with_status=True)
    ages = [16] * 100 + [30] * 200 + [70] * old
    frame = frame_of([{"age": age, "age/status": "answered"} for age in ages], laid)
    population = Population((Margin("age", SHARES, "National census", 2019),))
    results = estimate(frame, AGES, laid, at=BEGAN, population=population)
    made = protect(results, sums_of(frame, AGES, laid), Rule())
    made.audited().require()
    (told,) = made.results.representation
    rule, bounds = Rule(), {one.name: one.most for one in told.groups}
    low, high = rule.possible(told.stated)
    shown = sum(rule.possible(one.heard.count)[0] for one in told.groups)
    for one in told.groups:
        if one.heard.count is not None:
            assert one.most is None
        else:
            assert high is not None
            assert one.most == pytest.approx((high - shown) / low)
            assert one.most >= {"<18": 100, "18-39": 200, "40+": old}[one.name] / len(ages)
    assert (bounds["40+"] is None) is (old == 40)
