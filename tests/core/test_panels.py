"""Questions on a channel that has buttons in sets alone: the set that fits, or words and numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.interview.records import AskConsent, AskItem, Effect, Tell
from bot.core.interview.step import begin
from bot.core.panels import Panel, fits
from bot.core.phrases import ENGLISH, UNCLEAR
from bot.core.prompts.fitting import fitted
from bot.core.prompts.records import OPENS_BUTTON, SMS, Button, Form, Prompt
from bot.core.prompts.rendering import render
from bot.core.reception import Correspondent, Incoming, consultations, receive
from tests.support.consultations import NOON, questionnaire

QUICK = tuple(Panel(number, label=20, text=1_024) for number in (1, 2, 3))
LISTS = tuple(Panel(number, label=24, text=1_024, opens=True) for number in range(2, 11))
PANELS = Form(short=True, buttons=True, panels=(*QUICK, *LISTS))
OPENS = Button("Choose", OPENS_BUTTON)

ASKED = questionnaire(
    """
    - {name: work, type: select_one, label: "Your work?",
       choices: [{name: farm, label: I farm}, {name: trade, label: I trade}]}
    - {name: water, type: select_one, label: "Your water?",
       choices: [{name: well, label: A well}, {name: tap, label: A tap}, {name: rain, label: Rain},
                 {name: river, label: A river}]}
    - {name: road, type: select_one, label: "The road?",
       choices: [{name: good, label: "Good in every season"}, {name: bad, label: "Bad when there is rain"}]}
    - {name: far, type: select_one, label: "How far?",
       choices: [{name: near, label: "Less than half an hour away"}, {name: far, label: More}]}
    - {name: alike, type: select_one, label: "Which?",
       choices: [{name: one, label: "The same"}, {name: two, label: "The same"}]}
    - {name: needs, type: select_multiple, label: "What is needed?",
       choices: [{name: light, label: Light}, {name: school, label: School}]}
    - {name: ready, type: acknowledge, label: "Ready?"}
    - {name: where, type: geopoint, label: "Where?"}
    - {name: age, type: integer, label: "Your age?"}
    """,
    "consent: May we ask?",
)


def show(*effects: Effect, form: Form = PANELS) -> Prompt:
    (prompt,) = render(ASKED, replace(begin(ASKED, seed=1, at=NOON), language="en"), effects, form, NOON)
    return prompt


@pytest.mark.parametrize(
    ("slot", "labels"),
    [
        pytest.param("work", ["I farm", "I trade"], id="few"),
        pytest.param("water", ["Choose", "A well", "A tap", "Rain", "A river"], id="many"),
        pytest.param(
            "road",
            ["Choose", "Good in every season", "Bad when there is rain"],
            id="few, but of 22 letters",
        ),
        pytest.param("ready", ["OK"], id="one"),
        pytest.param("age", [], id="none"),
    ],
)
def test_the_first_set_that_fits(slot: str, labels: list[str]) -> None:
    shown = show(AskItem(slot))
    assert [button.label for button in shown.buttons] == labels
    assert "1." not in shown.text


@pytest.mark.parametrize("slot", ["far", "alike", "needs", "where"])
def test_what_fits_no_set_is_asked_as_by_sms(slot: str) -> None:
    """A label of 27 letters, two of the same, several to choose, a place."""
    assert show(AskItem(slot)) == show(AskItem(slot), form=SMS)
    assert show(AskItem(slot)).buttons == ()


def test_a_list_has_a_button_that_opens_it() -> None:
    first, *choices = show(AskItem("water")).buttons
    assert first == OPENS
    assert [one.data for one in choices] == ["water=well", "water=tap", "water=rain", "water=river"]


def test_a_text_that_is_too_long_for_any_set_is_not_cut() -> None:
    form = replace(PANELS, panels=(Panel(2, label=20, text=30),))
    assert show(AskItem("work"), form=form).buttons != ()
    shown = show(Tell(UNCLEAR), AskItem("work"), form=form)
    assert shown == show(Tell(UNCLEAR), AskItem("work"), form=SMS)
    assert show(AskConsent(), form=form).text == "May we ask?"


@pytest.mark.parametrize(("count", "shown"), [(0, False), (1, True), (11, False)])
def test_words_to_join_by(count: int, shown: bool) -> None:
    known = consultations(
        [
            replace(ASKED, id=f"c{one}", version=f"v{one}", keywords={"en": (f"WORD{one}",)})
            for one in range(count)
        ]
    )
    outcome = receive(known, Correspondent(), {}, Incoming(NOON, "hello"), 1, PANELS)
    (prompt,) = outcome.prompts
    assert bool(prompt.buttons) is shown


def test_other_channels_show_any_buttons() -> None:
    prompt = Prompt("?", tuple(Button("x" * 99, f"q={one}") for one in range(40)))
    assert fitted(prompt, Form(short=False, buttons=True), ENGLISH) is prompt


def test_a_label_is_measured_as_a_phone_does() -> None:
    assert fits(Panel(1, label=2, text=9), "?", ["😀"])
    assert not fits(Panel(1, label=1, text=9), "?", ["😀"])
    assert not fits(Panel(1, label=9, text=9), "?", [" "])


@given(st.lists(st.text(max_size=30), max_size=12), st.text(max_size=40))
def test_a_set_never_shows_what_it_has_no_room_for(labels: list[str], text: str) -> None:
    prompt = Prompt(text, tuple(Button(label, f"q={place}") for place, label in enumerate(labels)))
    shown = fitted(prompt, PANELS, ENGLISH)
    if shown is not None and shown.buttons:
        opens = shown.buttons[0].data == OPENS_BUTTON
        assert shown.buttons[opens:] == prompt.buttons
        assert len(labels) <= (10 if opens else 3)
        assert max(map(len, labels)) <= (24 if opens else 20)
        assert len(set(labels)) == len(labels)
