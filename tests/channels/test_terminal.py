"""The terminal as a channel."""

from bot.channels import Channel
from bot.channels.terminal import Shown, Terminal
from bot.core.prompts.records import SHARE_PLACE_BUTTON, SMS, TELEGRAM, Button, Prompt
from bot.core.segments import count_segments
from tests.support.intake import NOON


def test_a_line_is_a_message_of_one_person() -> None:
    terminal = Terminal(SMS)
    first, second = terminal.message("WATER", NOON), terminal.message("1", NOON)
    assert (first.channel, first.text, first.form) == (Channel.TERMINAL, "WATER", SMS)
    assert first.address == second.address != Terminal(SMS).message("WATER", NOON).address
    assert first.provider_id != second.provider_id


def test_buttons_that_were_shown_can_be_pressed() -> None:
    terminal = Terminal(TELEGRAM)
    several = Prompt(
        "What?", (Button("Gas", "fuel=gas"), Button("Wood", "fuel=wood"), Button("Done", "fuel="))
    )
    assert terminal.show([several]) == [Shown("What?", ("Gas", "Wood", "Done"), None)]
    pressed = terminal.message("[Gas] [Wood]", NOON)
    assert (pressed.button, pressed.text) == ("fuel=gas wood", "")
    assert terminal.message("[Coal]", NOON).button == "Coal"


def test_by_sms_each_message_has_its_cost_and_no_place_to_send() -> None:
    where = Prompt("Where?", (Button("Send where I am", SHARE_PLACE_BUTTON),))
    assert Terminal(SMS).show([where]) == [Shown("Where?", (), count_segments("Where?"))]
