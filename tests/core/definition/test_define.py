"""From a file's mapping to a questionnaire: what each key becomes, and that nothing ever makes it raise."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.definition import define
from bot.core.limits import LIMITS
from bot.core.phrases import OTHER, OTHER_WORDS
from bot.core.problems import Problem
from bot.core.questionnaire import Grouping, ItemType, OnUnclear, Questionnaire, Range, Text
from bot.flowfiles.reading import Source, read
from tests.support.consultations import questionnaire

HEADING: dict[str, Any] = {
    "consultation": "trial",
    "title": "A trial",
    "languages": ["en"],
    "keywords": {"en": ["TRIAL"]},
    "consent": "May we ask you a few questions?",
}
FULL_FILE = b"""
consultation: full
title: Everything at once
languages: [en, "no", pt-BR]
keywords: {en: [ALL, EVERYTHING], no: ALT}
consent: {ask: May we?, sms_ask: May we ask?, refused: Good bye.}
partial_share: 0.75
report_back: true
sms_segments: {en: 2, no: 3}
choice_lists:
  answers:
    - {name: yes, label: "Yes", aliases: [sure, 1st], sms_label: Y}
    - {name: no, label: "No", aliases: {en: nope, no: [nei, niks]}, region: 7, urban: true}
    - {name: dont_know, label: Don't know}
    - {name: later, label: Later, last: true}
items:
  - {name: welcome, type: note, label: Hello., sms_label: Hi.}
  - name: home
    type: group
    relevant: 1 = 1
    items:
      - {name: water, type: select_one, label: Is there water?, choices: answers, randomize: true, hint: A tap.}
      - name: child
        type: repeat
        label: Child
        repeat_count: 2
        repeat_max: 4
        items:
          - {name: age, type: integer, label: Age?, constraint: . < 18, constraint_message: A child., tries: 2}
          - {name: likes, type: select_multiple, label: Likes?, or_other: true, choices: [{name: a, label: A}]}
  - {name: rating, type: range, label: How good?, range: {start: 0, end: "1.50", step: 0.25}, required: false}
  - {name: total, type: calculate, calculation: "sum(${age})"}
  - {name: region, type: select_one, label: Where?, choices: answers, choice_filter: region = 7, appearance: minimal,
     default: "no", on_unclear: skip, eligible: ". != 'no'", screen_out: ". = 'yes'", sms_segments: 4}
thanks: Thank you.
not_eligible: Not now.
screened_out: Enough.
move: Go on there.
"""


def mapping_of(content: bytes) -> dict[str, Any]:
    source = read(content)
    assert isinstance(source, Source), source
    return dict(source.mapping)


FULL = mapping_of(FULL_FILE)


def defined(mapping: dict[str, Any]) -> Questionnaire:
    result = define(mapping)
    assert isinstance(result, Questionnaire), result
    return result


def problems(**changes: Any) -> list[tuple[str, str]]:
    result = define({**HEADING, "items": [{"name": "a", "type": "text", "label": "A?"}], **changes})
    assert isinstance(result, tuple), result
    return [(problem.code, problem.place) for problem in result]


@pytest.fixture(scope="module")
def full() -> Questionnaire:
    return defined(FULL)


def test_the_heading(full: Questionnaire) -> None:
    assert (full.id, full.languages, full.version) == ("full", ("en", "no", "pt-BR"), "")
    assert full.keywords == {"en": ("ALL", "EVERYTHING"), "no": ("ALT",)}
    assert full.partial_share == 0.75
    assert full.report_back
    assert full.sms_segments == {"": 2, "en": 2, "no": 3}
    assert full.consent.ask == Text("consent.ask", "May we?")


def test_a_budget_for_all_languages() -> None:
    assert defined({**FULL, "sms_segments": 5}).sms_segments == {"": 5}


def test_every_text_has_the_context_that_catalogues_know_it_by(full: Questionnaire) -> None:
    assert list(dict.fromkeys(text.context for text in full.texts())) == [
        "title",
        "consent.ask",
        "consent.sms_ask",
        "consent.refused",
        "welcome.label",
        "welcome.sms_label",
        "water.label",
        "water.hint",
        "choice_lists.answers.yes.label",
        "choice_lists.answers.yes.sms_label",
        "choice_lists.answers.no.label",
        "choice_lists.answers.dont_know.label",
        "choice_lists.answers.later.label",
        "child.label",
        "age.label",
        "age.constraint_message",
        "likes.label",
        "likes.a.label",
        f"bot:{OTHER.context}",
        f"bot:{OTHER_WORDS.context}",
        "rating.label",
        "region.label",
        "thanks",
        "not_eligible",
        "screened_out",
        "move",
    ]


def test_choices_of_a_shared_list(full: Questionnaire) -> None:
    yes, no, unsure, later = full.item("water").choices
    assert (yes.name, yes.aliases) == ("yes", {"": ("sure", "1st")})
    assert (no.aliases_in("no"), no.aliases_in("en"), no.aliases_in(None)) == (("nei", "niks"), ("nope",), ())
    assert no.columns == {"region": "7", "urban": "true"}
    assert [choice.stays_last for choice in (yes, no, unsure, later)] == [False, False, True, True]
    assert full.item("region").choices == (yes, no, unsure, later)


def test_places_laid_out_flat(full: Questionnaire) -> None:
    assert [
        (node.item.name, node.position, node.partner, node.closes, node.repeats) for node in full.nodes
    ] == [
        ("welcome", 0, 0, False, ()),
        ("home", 1, 8, False, ()),
        ("water", 2, 2, False, ()),
        ("child", 3, 7, False, ()),
        ("age", 4, 4, False, ("child",)),
        ("likes", 5, 5, False, ("child",)),
        ("likes_other", 6, 6, False, ("child",)),
        ("child", 7, 3, True, ("child",)),
        ("home", 8, 1, True, ()),
        ("rating", 9, 9, False, ()),
        ("total", 10, 10, False, ()),
        ("region", 11, 11, False, ()),
    ]
    assert full.positions["child"] == 3


def test_or_other_asks_for_own_words(full: Questionnaire) -> None:
    other = full.item("likes").choices[-1]
    assert (other.name, other.label.source, other.stays_last) == ("other", OTHER.english, True)
    words = full.item("likes_other")
    assert (words.type, words.other_for, words.required) == (ItemType.TEXT, "likes", False)
    assert words.relevant is not None
    assert words.relevant.source == "selected(${likes}, 'other')"


def test_or_other_keeps_an_other_of_the_organisers_own() -> None:
    item = questionnaire(
        "- {name: a, type: select_one, label: A?, or_other: true,"
        " choices: [{name: other, label: Else}, {name: b, label: B}]}"
    ).item("a")
    assert [(choice.name, choice.label.source) for choice in item.choices] == [("other", "Else"), ("b", "B")]


def test_settings_of_items(full: Questionnaire) -> None:
    assert full.item("rating").range == Range(Decimal(0), Decimal("1.50"), Decimal("0.25"))
    assert [full.item(name).required for name in ("rating", "age")] == [False, True]
    assert [full.item(name).tries for name in ("rating", "age")] == [LIMITS.tries, 2]
    region = full.item("region")
    assert (region.lists_choices, region.on_unclear, region.sms_segments) == (False, OnUnclear.SKIP, 4)
    assert region.default is not None
    assert region.default.source == "'no'"
    assert full.item("child").repeat_max == 4
    assert full.item("water").randomize is True


@pytest.mark.parametrize(
    ("written", "source"),
    [("wood", "'wood'"), (2, "'2'"), ("It's", '"It\'s"'), ("${age}", "${age}"), ("today()", "today()")],
)
def test_a_default_is_a_plain_value_or_an_expression(written: object, source: str) -> None:
    items = (
        f"- {{name: age, type: text, label: A?}}\n- {{name: b, type: text, label: B?, default: {written!r}}}"
    )
    default = questionnaire(items).item("b").default
    assert default is not None
    assert default.source == source


def test_numbers_that_stand_for_texts() -> None:
    mapping = deepcopy(FULL)
    mapping["title"] = 2026
    mapping["choice_lists"]["answers"][0] |= {"name": 1, "label": 1.5}
    choice = defined(mapping).item("water").choices[0]
    assert (choice.name, choice.label.source) == ("1", "1.5")
    assert defined(mapping).title.source == "2026"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titel": "x"}, [("unknown-key", "titel")]),
        ({"consultation": "A"}, [("bad-id", "consultation")]),
        ({"consultation": "a--b"}, [("bad-id", "consultation")]),
        ({"languages": []}, [("out-of-bounds", "languages")]),
        ({"keywords": {}}, [("no-keyword", "keywords")]),
        ({"keywords": {"en": ["ÉTÉ", "ete"]}}, [("duplicate-keyword", "keywords.en[1]")]),
        ({"keywords": ["TRIAL"]}, [("wrong-type", "keywords")]),
        ({"consent": "  "}, [("empty-text", "consent.ask")]),
        ({"partial_share": "nan"}, [("wrong-type", "partial_share")]),
        ({"groups": ["langage"]}, [("unknown-group", "groups[0]")]),
        ({"groups": ["language"]}, [("unknown-group", "groups[0]")]),
        ({"groups": "sex"}, [("wrong-type", "groups")]),
        ({"groups": [["sex"]]}, [("wrong-type", "groups[0]")]),
        ({"groups": [{"nam": "sex"}]}, [("unknown-key", "groups[0].nam")]),
        ({"groups": [{"name": "sex", "bands": ["x"]}]}, [("wrong-type", "groups[0].bands[0]")]),
        ({"items": None}, [("wrong-type", "items")]),
        ({"items": [None]}, [("wrong-type", "items[0]")]),
        (
            {
                "items": [
                    {"name": "a", "type": "group", "items": [{"name": "a", "type": "text", "label": "A?"}]}
                ]
            },
            [("duplicate-name", "items[0].items[0].name")],
        ),
        (
            {"items": [{"name": "language", "type": "text", "label": "Which?"}]},
            [("name-taken", "items[0].name")],
        ),
        (
            {"items": [{"name": f"a{number}", "type": "text", "label": "A?"} for number in range(501)]},
            [("too-many-items", "items")],
        ),
        (
            {
                "items": [
                    {"name": "a", "type": "rank", "label": "A?", "choices": [{"name": "b", "label": "B"}]}
                ]
            },
            [("too-few-choices", "items[0].choices")],
        ),
    ],
)
def test_faults(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems(**changes) == expected


def test_too_many_choices() -> None:
    choices = [{"name": f"c{number}", "label": f"Choice {number}"} for number in range(LIMITS.choices + 1)]
    assert problems(choice_lists={"long": choices}) == [("too-many-choices", "choice_lists.long")]


def test_a_fault_of_shape_hides_no_other() -> None:
    """What stands beside a misspelt key is looked at, and nothing is said of what was put in its place."""
    found = problems(
        languages=["english"],
        keywords={"sw": ["MAJI"]},
        items=[
            {"name": "a", "type": "string", "label": "A?", "choices": []},
            {"name": "b", "type": "text", "label": "B?", "relevant": "${a} ==", "tries": "many"},
            "c",
            {"name": "d", "type": "text", "lable": "D?"},
            {"name": "e", "type": "calculate"},
        ],
    )
    assert sorted(found) == [
        ("bad-expression", "items[1].relevant"),
        ("bad-language", "languages[0]"),
        ("missing-key", "items[4].calculation"),
        ("unknown-key", "items[3].lable"),
        ("unknown-type", "items[0].type"),
        ("wrong-type", "items[1].tries"),
        ("wrong-type", "items[2]"),
    ]


def test_the_mapping_is_left_as_it_was() -> None:
    mapping = {**deepcopy(FULL), "items": [{"name": "a", "type": "txt", "lable": "A?"}, "b"], "consent": ""}
    before = deepcopy(mapping)
    assert isinstance(define(mapping), tuple)
    assert mapping == before


def test_items_that_nest_without_end_are_a_problem() -> None:
    innermost: dict[str, Any] = {"name": "last", "type": "text", "label": "?"}
    for number in range(5_000):
        innermost = {"name": f"g{number}", "type": "group", "items": [innermost]}
    assert [code for code, _ in problems(items=[innermost])] == ["too-deep"]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value within one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


PLACES = [place for place in places(FULL) if place]


def is_whole(result: Questionnaire | tuple[Problem, ...]) -> bool:
    return isinstance(result, Questionnaire) or (
        len(result) > 0 and all(problem.message and problem.remedy for problem in result)
    )


@given(st.dictionaries(st.sampled_from([*FULL, "other"]), JSON))
def test_no_mapping_raises(mapping: dict[str, Any]) -> None:
    assert is_whole(define(mapping))


@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=4), st.booleans())
def test_no_change_of_a_good_mapping_raises(
    changes: list[tuple[tuple[Any, ...], Any]], removes: bool
) -> None:
    mapping = deepcopy(FULL)
    for path, value in changes:
        holder: Any = mapping
        for step in path[:-1]:
            holder = holder[step] if _holds(holder, step) else None
        if not _holds(holder, path[-1]):
            continue
        if removes:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
    assert is_whole(define(mapping))


def _holds(holder: Any, step: Any) -> bool:
    if isinstance(holder, list):
        return isinstance(step, int) and step < len(holder)
    return isinstance(holder, dict) and step in holder


def test_the_example_of_the_documentation_is_right() -> None:
    text = (Path(__file__).parents[3] / "docs" / "consultation-file.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    assert defined(mapping_of(example.encode())).id == "household-energy"


PEOPLE = """
- {name: sex, type: select_one, label: You are?, choices: [{name: f, label: A woman}, {name: m, label: A man}]}
- {name: age, type: integer, label: How old are you?}
- {name: wish, type: text, label: What do you wish?}
- name: children
  type: repeat
  label: Child
  items: [{name: schooled, type: select_one, label: At school?, choices: [{name: y, label: Y}, {name: n, label: N}]}]
"""


def test_groups() -> None:
    made = questionnaire(PEOPLE, "groups: [sex, {name: age, bands: [18, 40]}]")
    assert made.groups == (Grouping("sex"), Grouping("age", (18, 40)))


@pytest.mark.parametrize(
    ("groups", "code", "place", "told"),
    [
        ("[sexx]", "unknown-group", "groups[0]", "Write sex."),
        ("[sex, sex]", "duplicate-group", "groups[1]", "Take one out."),
        ("[age]", "group-bands", "groups[0]", "{name: age, bands: [18, 25, 40, 60]}"),
        ("[{name: age, bands: []}]", "group-bands", "groups[0]", "begins"),
        ("[{name: age, bands: [40, 18]}]", "group-bands", "groups[0].bands", "bands: [18, 40]"),
        ("[{name: age, bands: [18, 18]}]", "group-bands", "groups[0].bands", "bands: [18]"),
        ("[{name: sex, bands: [18]}]", "group-bands", "groups[0].bands", "Take the bands out."),
        ("[wish]", "group-not-suitable", "groups[0]", "select_one, or an integer"),
        ("[schooled]", "group-not-suitable", "groups[0]", "asked once"),
        ("[children]", "group-not-suitable", "groups[0]", "asked once"),
    ],
)
def test_groups_that_cannot_be(groups: str, code: str, place: str, told: str) -> None:
    source = read(f"groups: {groups}\nitems:{PEOPLE}".encode())
    assert isinstance(source, Source)
    problems = define({**HEADING, **source.mapping})
    assert isinstance(problems, tuple)
    assert [(problem.code, problem.place) for problem in problems] == [(code, place)]
    assert told in problems[0].remedy
