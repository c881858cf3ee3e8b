"""Whatever people send, in whatever order: `step` answers, loses nothing and comes to rest."""

from dataclasses import replace

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.interview.records import (
    Corrected,
    Event,
    Interview,
    Joined,
    Left,
    Menu,
    Pressed,
    Said,
    Shared,
    Stage,
)
from bot.core.interview.route import applicable
from bot.core.interview.step import begin, step
from bot.core.interview.values import Ground
from bot.core.prompts.records import SMS, TELEGRAM
from bot.core.prompts.rendering import render
from bot.core.questionnaire import ItemType
from tests.support.consultations import NOON, questionnaire

EVERYTHING = questionnaire("""
- {name: welcome, type: note, label: Thank you for taking part.}
- {name: ready, type: acknowledge, label: "Shall we begin?"}
- {name: age, type: integer, label: "Your age?", eligible: . >= 10, constraint: . < 150}
- {name: work, type: select_one, label: "Your work?", or_other: true, randomize: true,
   choices: [{name: farm, label: Farming}, {name: trade, label: Trade}, {name: none, label: None}]}
- {name: needs, type: select_multiple, label: "What is needed?", required: false, constraint: count-selected(.) <= 2,
   choices: [{name: water, label: Water}, {name: road, label: Roads}, {name: power, label: Power}]}
- {name: order, type: rank, label: "In which order?", relevant: "count-selected(${needs}) > 1",
   choice_filter: "selected(${needs}, name)",
   choices: [{name: water, label: Water}, {name: road, label: Roads}, {name: power, label: Power}]}
- name: farm
  type: group
  relevant: ${work} = 'farm'
  items:
    - {name: size, type: decimal, label: "How large?", default: 1}
    - name: crop
      type: repeat
      label: Crop
      repeat_max: 3
      items:
        - {name: crop_name, type: text, label: "Which crop?"}
        - {name: sown, type: date, label: "When sown?", required: false}
- name: child
  type: repeat
  label: Child
  repeat_count: ${age} div 20
  items:
    - {name: child_age, type: range, label: "How old?", range: {start: 0, end: 18}, tries: 1, on_unclear: skip}
- {name: total, type: calculate, calculation: "sum(${child_age})"}
- {name: hour, type: time, label: "When do you rise?", relevant: "${total} > 3"}
- {name: where, type: geopoint, label: "Where?", required: false}
- {name: picture, type: image, label: "A picture?", required: false}
- {name: voice, type: audio, label: "Your voice?", tries: 2}
- {name: wish, type: text, label: "You are ${age}. Your wish?"}
""")

SAYINGS = st.one_of(
    st.sampled_from(
        [
            *(
                "1",
                "2",
                "3",
                "4",
                "yes",
                "no",
                "back",
                "skip",
                "help",
                "language",
                "pause",
                "continue",
                "restart",
            ),
            *(
                "stop",
                "start",
                "1 2",
                "2 1",
                "12",
                "ok",
                "farm",
                "4 smith",
                "20",
                "45",
                "2026-01-05",
                "14:30",
            ),
            *(
                "6.5, 3.4",
                "Firewood",
                "",
                " ",
                "\x00",
                "TRIAL",
                "9" * 400,
                "1e400",
                "nan",
                "${age}",
                "{x}",
                "٣",
            ),
        ]
    ),
    st.text(max_size=40),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    SAYINGS.map(lambda text: Said(NOON, text)),
    SAYINGS.map(lambda text: Said(NOON, text)),
    st.sampled_from(
        [
            "ready=OK",
            "work=farm",
            "work=none",
            ":consent=yes",
            ":consent=no",
            ":restart=yes",
            ":language=en",
            "crop[1]=yes",
        ]
    ).map(lambda data: Pressed(NOON, data)),
    st.text(max_size=20).map(lambda data: Pressed(NOON, data)),
    st.tuples(
        st.sampled_from(["geopoint", "image", "audio", "video"]), st.sampled_from(["6.5 3.4 0 0", "m-1"])
    ).map(lambda shared: Shared(NOON, *shared)),
    st.just(Joined(NOON)),
    SAYINGS.map(lambda text: Corrected(NOON, text)),
    st.just(Left(NOON)),
)


def removes(before: Interview, event: Event) -> bool:
    """Whether this event may be the confirmed restart, the one thing that removes answers."""
    return before.menu is Menu.RESTART


@settings(max_examples=300, deadline=None)
@given(events=st.lists(EVENTS, max_size=40), seed=st.integers(0, 2**63 - 1))
def test_any_events(events: list[Event], seed: int) -> None:
    interview, _ = step(EVERYTHING, begin(EVERYTHING, seed, NOON), Joined(NOON))
    for event in [Said(NOON, "1"), *events]:
        before, snapshot = interview, msgspec.json.encode(interview)
        interview, effects = step(EVERYTHING, before, event)
        assert msgspec.json.encode(before) == snapshot, "an event changed the record it came to"
        assert step(EVERYTHING, before, event) == (interview, effects), "the same event led elsewhere"
        if not removes(before, event):
            assert set(before.answers) <= set(interview.answers), "an answer was lost"
        assert (interview.at is not None) or interview.stage is not Stage.ITEMS
        assert (interview.ending is not None) == (interview.stage is Stage.ENDED)
        for form in (SMS, TELEGRAM):
            prompts = render(EVERYTHING, interview, effects, form, NOON)
            assert len(prompts) <= 1
            assert all(prompt.text.strip() for prompt in prompts)
        stored = msgspec.json.decode(msgspec.json.encode(interview), type=Interview)
        assert stored == interview, "an interview does not come back from the store as it went in"


@settings(max_examples=200, deadline=None)
@given(events=st.lists(EVENTS, max_size=40))
def test_what_counts_is_on_the_way(events: list[Event]) -> None:
    """An answer counts exactly where the way, walked from the beginning, comes past its slot."""
    interview, _ = step(EVERYTHING, begin(EVERYTHING, 1, NOON), Joined(NOON))
    for event in [Said(NOON, "1"), *events]:
        interview, _ = step(EVERYTHING, interview, event)
    ground = Ground(EVERYTHING, interview.answers, NOON, interview.seed)
    on_the_way = {station.slot for station in applicable(ground)}
    for slot, answer in interview.answers.items():
        if EVERYTHING.item(slot.partition("[")[0]).type is not ItemType.CALCULATE and answer.value:
            assert not answer.relevant or slot in on_the_way


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["1", "2", "3", "5", "15", "40", "word", "2026-01-05", "14:30", "1 2"]),
        min_size=80,
        max_size=80,
    )
)
def test_whoever_goes_on_answering_comes_to_an_end(messages: list[str]) -> None:
    interview, _ = step(EVERYTHING, begin(EVERYTHING, 1, NOON), Joined(NOON))
    for message in ["1", *messages]:
        interview, _ = step(EVERYTHING, interview, Said(NOON, message))
    assert interview.stage is Stage.ENDED or replace(interview).tries < 3
    assert interview.stage is Stage.ENDED
