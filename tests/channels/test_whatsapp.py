"""Buttons on WhatsApp: the setting that names their templates, and what fills one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sending import Template
from bot.channels.whatsapp import LONGEST_OPENING, PANELS, as_text, content_of, form_of, read_contents
from bot.core.panels import Panel
from bot.core.phrases import CHOOSE, ENGLISH
from bot.core.prompts.fitting import fitted
from bot.core.prompts.records import OPENS_BUTTON, Button, Prompt
from bot.language.catalogues import load_phrasebook

LOCALES = Path(__file__).parents[2] / "locales"
HX = "HX" + "0" * 31
GAS, WOOD = Button("Gas", "fuel=gas"), Button("Wood {{1}}", "fuel=wood")
OPENS = Button("Choose", OPENS_BUTTON)


def test_the_setting() -> None:
    written = f"quick-reply-2={HX}1, list-4 = {HX}2,"
    assert read_contents(written) == {"quick-reply-2": f"{HX}1", "list-4": f"{HX}2"}


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        pytest.param("", "It names no template", id="nothing"),
        pytest.param(f"{HX}1", "Template 1 is not like", id="without a name"),
        pytest.param(f"list-4={HX}1,list-11={HX}2", "Template 2 is not like", id="too many choices"),
        pytest.param("list-4=HX12", "Template 1 is not like", id="no id"),
        pytest.param(f"list-4={HX}1,list-4={HX}2", "Template 2 is the second one for list-4", id="twice"),
    ],
)
def test_what_the_setting_cannot_be(written: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as raised:
        read_contents(written)
    assert HX not in str(raised.value)


def test_only_what_there_is_a_template_for_is_shown() -> None:
    assert form_of(["list-4", "quick-reply-2"]).panels == (
        Panel(2, label=20, text=1_024),
        Panel(4, label=24, text=1_024, opens=True),
    )


def test_what_fills_a_quick_reply() -> None:
    assert content_of({"quick-reply-2": HX}, "With what?", (GAS, WOOD)) == Template(
        HX, {"1": "With what?", "2": "Gas", "3": "fuel=gas", "4": "Wood ((1}}", "5": "fuel=wood"}
    )


def test_what_whatsapp_refuses_in_a_template_is_smoothed() -> None:
    buttons = (Button("A long\n  label", "q=1"),)
    filled = content_of({"quick-reply-1": HX}, "One.\n\n \nTwo:      three,  four\n", buttons)
    assert filled is not None
    assert filled.variables == {"1": "One.\nTwo: three,  four\n", "2": "A long label", "3": "q=1"}


def test_what_fills_a_list() -> None:
    assert content_of({"list-2": HX, "quick-reply-2": "HX"}, "With what?", (OPENS, GAS, WOOD)) == Template(
        HX,
        {"1": "With what?", "2": "Choose", "3": "Gas", "4": "fuel=gas", "5": "Wood ((1}}", "6": "fuel=wood"},
    )


@given(
    st.text(max_size=1_100), st.lists(st.text("a {\n😀é", max_size=26) | st.text(max_size=26), max_size=12)
)
def test_what_is_shown_with_buttons_is_always_taken(text: str, labels: list[str]) -> None:
    """No place is left empty, or filled with what would be read as one, or with more than it holds."""
    buttons = tuple(Button(label, f"q={place}") for place, label in enumerate(labels))
    prompt = fitted(Prompt(text, buttons), form_of(PANELS), ENGLISH)
    if prompt is None or not prompt.buttons:
        return
    template = content_of(dict.fromkeys(PANELS, HX), prompt.text, prompt.buttons)
    assert template is not None
    values = list(template.variables.values())
    assert all(value.strip() and "{{" not in value and "\n\n" not in value for value in values)
    assert len(values[0].encode("utf-16-le", "surrogatepass")) <= 2 * 1_024
    opens = len(prompt.buttons) > len(labels)
    shown = values[1 + opens :: 2]
    assert len(set(shown)) == len(shown) == len(labels)
    assert max(map(len, shown)) <= (24 if opens else 20)


def test_a_template_that_has_gone_leaves_the_words() -> None:
    assert content_of({"list-3": HX}, "With what?", (OPENS, GAS)) is None
    assert as_text("With what?", (OPENS, GAS, WOOD)) == "With what?\n- Gas\n- Wood {{1}}"


def test_the_button_that_opens_a_list_has_room_for_its_word() -> None:
    languages = [folder.name for folder in LOCALES.iterdir()]
    words = {CHOOSE.english, *(load_phrasebook(LOCALES, language).say(CHOOSE) for language in languages)}
    assert len(words) == len(languages) + 1
    assert max(map(len, words)) <= LONGEST_OPENING


def test_every_set_can_be_named() -> None:
    written = ",".join(f"{name}={HX}{place:x}" for place, name in enumerate(PANELS))
    assert list(read_contents(written)) == list(PANELS)
