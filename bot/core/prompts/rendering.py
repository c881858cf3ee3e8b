"""What follows from one turn, as one message in a form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.interview.menus import menu_of_languages
from bot.core.interview.offered import offered_choices, offered_days
from bot.core.interview.records import (
    AskConsent,
    AskItem,
    AskLanguage,
    AskReportBack,
    Effect,
    Interview,
    OfferLanguage,
    OptOut,
    Show,
    ShowNote,
    Tell,
)
from bot.core.interview.slots import node_at
from bot.core.interview.step import CONSENT_BUTTON, LANGUAGE_BUTTON, OFFER_BUTTON, REPORT_BACK_BUTTON
from bot.core.phrases import CHOOSE_LANGUAGE, CONSENT_ANSWER, LANGUAGE_OFFER, REPORT_BACK, Phrasebook
from bot.core.prompts.buttons import yes_and_no
from bot.core.prompts.filling import filled
from bot.core.prompts.fitting import fitted
from bot.core.prompts.questions import question, words_at
from bot.core.prompts.records import Button, Form, Prompt
from bot.core.prompts.writer import Writer
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.segments import Encoding, count_segments
from bot.core.wording import consent_of, untranslated_in


def render(
    questionnaire: Questionnaire, interview: Interview, effects: Sequence[Effect], form: Form, now: datetime
) -> tuple[Prompt, ...]:
    """Return what the person is to see of the effects of one turn: at most one message, since each costs them.

    What has more buttons, or longer ones, than the form can show is asked in words and numbers. Digits are those of the
    language, unless they alone would make an SMS twice as dear.
    """
    writer = Writer(questionnaire, interview, form, now)
    prompt = fitted(write_together(writer, effects), form, writer.phrasebook)
    if prompt is None:
        prompt = write_together(replace(writer, form=replace(form, buttons=False)), effects)
    if not prompt.text:
        return ()
    lacking = untranslated_in(questionnaire, interview, effects, writer.ground, short=form.short)
    prompt = _in_cheap_digits(prompt, form, writer.phrasebook)
    return (replace(prompt, untranslated=lacking) if lacking else prompt,)


def _in_cheap_digits(prompt: Prompt, form: Form, phrasebook: Phrasebook) -> Prompt:
    plain = phrasebook.in_plain_digits(prompt.text)
    is_cheaper = form.short and plain != prompt.text and count_segments(plain).encoding is Encoding.GSM_7
    return replace(prompt, text=plain) if is_cheaper else prompt


def write_together(writer: Writer, effects: Sequence[Effect]) -> Prompt:
    """Return one message of all effects, whatever buttons a channel has room for."""
    parts = [part for effect in effects if (part := write(writer, effect)).text]
    between = "\n" if writer.form.short else "\n\n"
    buttons = tuple(button for part in parts for button in part.buttons)
    return Prompt(between.join(part.text for part in parts), buttons)


def write(writer: Writer, effect: Effect) -> Prompt:
    """Return what one effect says; empty where it says nothing."""
    match effect:
        case Tell(phrase, values):
            apart = {name: writer.apart(one) for name, one in values.items()}
            return Prompt(writer.phrasebook.say(phrase, apart))
        case Show(text, slot, values):
            return Prompt(filled(writer, text, slot, values))
        case ShowNote(slot):
            return Prompt(words_at(writer, slot))
        case AskLanguage():
            return _language_menu(writer)
        case OfferLanguage(language):
            return _offer(writer, writer.questionnaire.phrasebook(language))
        case AskConsent():
            return _consent(writer)
        case AskItem(slot, again, earlier):
            node, rounds = node_at(writer.questionnaire, slot)
            offered = offered_choices(writer.ground, node, rounds) if node.item.type.has_choices else ()
            days = offered_days(writer.ground, node, rounds) if node.item.type is ItemType.DATE else ()
            return question(writer, slot, node.item, offered, days, again=again, earlier=earlier)
        case AskReportBack():
            buttons = yes_and_no(REPORT_BACK_BUTTON, writer.phrasebook) if writer.form.buttons else ()
            return Prompt(writer.phrasebook.say(REPORT_BACK), buttons)
        case OptOut():
            return Prompt("")


def _language_menu(writer: Writer) -> Prompt:
    listed = menu_of_languages(writer.questionnaire, writer.interview)
    books = [writer.questionnaire.phrasebook(language) for language in listed]
    asked = writer.questionnaire.phrasebook(writer.interview.language or listed[0]).say(CHOOSE_LANGUAGE)
    if writer.form.buttons:
        buttons = tuple(Button(book.autonym, f"{LANGUAGE_BUTTON}={book.language}") for book in books)
        return Prompt(asked, buttons)
    return Prompt("\n".join([asked, *(f"{number}. {book.autonym}" for number, book in enumerate(books, 1))]))


def _offer(writer: Writer, book: Phrasebook) -> Prompt:
    asked = book.say(LANGUAGE_OFFER, {"language": book.autonym})
    return Prompt(asked, yes_and_no(OFFER_BUTTON, book) if writer.form.buttons else ())


def _consent(writer: Writer) -> Prompt:
    asked = filled(writer, consent_of(writer.questionnaire.consent, short=writer.form.short), None)
    if writer.form.buttons:
        return Prompt(asked, yes_and_no(CONSENT_BUTTON, writer.phrasebook))
    return Prompt(f"{asked}\n{writer.phrasebook.say(CONSENT_ANSWER)}")
