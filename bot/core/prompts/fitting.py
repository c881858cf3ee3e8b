"""A prompt within the buttons that a channel has."""

from dataclasses import replace

from bot.core.panels import fits
from bot.core.phrases import CHOOSE, Phrasebook
from bot.core.prompts.records import OPENS_BUTTON, SHARE_PLACE_BUTTON, Button, Form, Prompt


def fitted(prompt: Prompt, form: Form, phrasebook: Phrasebook) -> Prompt | None:
    """Return a prompt as a form shows it, with what opens its list where it has one; None where it cannot."""
    if form.panels is None or not prompt.buttons:
        return prompt
    if prompt.marks_several or prompt.buttons[0].data == SHARE_PLACE_BUTTON:
        return None
    labels = [button.label for button in prompt.buttons]
    panel = next((one for one in form.panels if fits(one, prompt.text, labels)), None)
    if panel is None or not panel.opens:
        return prompt if panel else None
    return replace(prompt, buttons=(Button(phrasebook.say(CHOOSE), OPENS_BUTTON), *prompt.buttons))
