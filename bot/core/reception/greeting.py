"""What is said to somebody who is in no interview."""

from dataclasses import replace

from bot.core.phrases import (
    ENGLISH,
    MOVE,
    MOVED_ON,
    NOTHING_OPEN,
    PERSON_NOBODY,
    START,
    STOPPED,
    WELCOME,
    Phrase,
)
from bot.core.prompts.fitting import fitted
from bot.core.prompts.records import Button, Form, Prompt
from bot.core.reception.joining import JOIN_BUTTON
from bot.core.reception.offer import Consultations, words_to_send
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.replies import Command, read_command


def command_of(known: Consultations, incoming: Incoming) -> Command | None:
    """Return the command that a message is outside an interview, in any language on offer."""
    books = {book.language: book for one in known.offered.values() for book in one.phrasebooks.values()}
    books = {"en": ENGLISH, **books}
    read = (read_command(incoming.text, book) for book in books.values())
    return next((command for command in read if command is not None), None)


def approach(known: Consultations, correspondent: Correspondent, incoming: Incoming, form: Form) -> Outcome:
    """Return what follows when somebody writes who is in no interview: a greeting, or the end they ask for."""
    command = command_of(known, incoming)
    if command is Command.STOP:
        book = known.phrasebook(correspondent.language or known.language_of(incoming.text))
        goodbye = Prompt(book.say(STOPPED, {"start": book.shown(START)}))
        return Outcome(replace(correspondent, opted_out=True), prompts=(goodbye,))
    if command is Command.PERSON:
        return say(known, correspondent, PERSON_NOBODY, known.language_of(incoming.text))
    if correspondent.current in correspondent.moved:
        return say(known, correspondent, MOVED_ON)
    return greet(known, correspondent, form, incoming.text)


def say(
    known: Consultations, correspondent: Correspondent, phrase: Phrase, language: str | None = None
) -> Outcome:
    """Return one of the bot's phrases, in `language` where the person has none."""
    book = known.phrasebook(correspondent.language or language)
    return Outcome(correspondent, prompts=(Prompt(book.say(phrase, {"move": book.shown(MOVE)})),))


def greet(known: Consultations, correspondent: Correspondent, form: Form, text: str = "") -> Outcome:
    """Return the words that join what is on offer, to send or to press, in the language of who wrote `text`."""
    language = correspondent.language or known.language_of(text)
    book = known.phrasebook(language)
    words = [word for one in known.offered.values() for word in words_to_send(one, language)]
    said = book.say(WELCOME, {"keywords": ", ".join(words)}) if words else book.say(NOTHING_OPEN)
    buttons = tuple(Button(word, f"{JOIN_BUTTON}{word}") for word in words) if form.buttons else ()
    prompt = fitted(Prompt(said, buttons), form, book) or Prompt(said)
    return Outcome(correspondent, prompts=(prompt,))
