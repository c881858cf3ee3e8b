"""The words and buttons of a worker who helps others to answer."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.phrases import (
    ASSIST_BEGUN,
    ASSIST_WORDS,
    FINISHED,
    NEXT_PERSON,
    NO,
    UNDO,
    YES,
    Phrasebook,
    Words,
)
from bot.core.prompts.fitting import fitted
from bot.core.prompts.records import Button, Form, Prompt
from bot.core.reception.helping import Asks

ASSIST_BUTTON = ":assist="
"""How the data of a button for the worker begins; the rest is one of `Asks`, or yes or no."""
AGREES = {f"{ASSIST_BUTTON}yes": True, f"{ASSIST_BUTTON}no": False}

WORDS: Mapping[Asks, Words] = {Asks.NEXT: NEXT_PERSON, Asks.UNDO: UNDO, Asks.LEAVE: FINISHED}


def begun(book: Phrasebook, form: Form) -> Prompt:
    """Return what is said at the beginning of a session, before anybody is asked anything."""
    said = book.say(ASSIST_BEGUN, {"next": book.shown(NEXT_PERSON), "done": book.shown(FINISHED)})
    return shown(Prompt(said, _buttons(book, form, (Asks.NEXT, Asks.LEAVE))), form, book)


def with_words(prompt: Prompt, book: Phrasebook, form: Form, *, has_ended: bool) -> Prompt:
    """Return a prompt with the words that a worker can send after it, in one message with it: each costs."""
    words = book.say(
        ASSIST_WORDS,
        {"next": book.shown(NEXT_PERSON), "undo": book.shown(UNDO), "done": book.shown(FINISHED)},
    )
    buttons = prompt.buttons
    if has_ended and not buttons:
        buttons = _buttons(book, form, (Asks.NEXT, Asks.UNDO, Asks.LEAVE))
    text = f"{prompt.text}\n{words}" if prompt.text else words
    return shown(replace(prompt, text=text, buttons=buttons), form, book)


def asked(text: str, book: Phrasebook, form: Form) -> Prompt:
    """Return a question to the worker, which yes or no answers."""
    buttons: tuple[Button, ...] = ()
    if form.buttons:
        said = (book.words(YES)[0], book.words(NO)[0])
        buttons = tuple(
            Button(word[:1].upper() + word[1:], data) for word, data in zip(said, AGREES, strict=True)
        )
    return shown(Prompt(text, buttons), form, book)


def shown(prompt: Prompt, form: Form, book: Phrasebook) -> Prompt:
    """Return a prompt as a form can show it; where its buttons have no room, without them: words do."""
    return fitted(prompt, form, book) or replace(prompt, buttons=())


def _buttons(book: Phrasebook, form: Form, offered: tuple[Asks, ...]) -> tuple[Button, ...]:
    if not form.buttons:
        return ()
    return tuple(Button(book.shown(WORDS[asks]), f"{ASSIST_BUTTON}{asks}") for asks in offered)
