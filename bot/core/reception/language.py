"""Which language a message asks for, or is written in."""

from bot.core.interview.commanding import command_in
from bot.core.interview.records import Interview, Menu, Stage
from bot.core.interview.slots import node_at
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.reception.joining import names_a_choice
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Incoming
from bot.core.replies import read_number_in_menu
from bot.core.spoken import language_of, named_language


def written_in(known: Consultations, questionnaire: Questionnaire, text: str) -> str | None:
    """Return which of a consultation's languages a text is in, where that is clear."""
    if len(questionnaire.languages) == 1:
        return None
    return language_of(questionnaire.phrasebooks, [questionnaire], text, known.detect)


def chosen_language(
    known: Consultations, questionnaire: Questionnaire, current: Interview, incoming: Incoming
) -> str | None:
    """Return the language that a text asks for: by its name at any time, in reply to the menu by being in it.

    Where the question at hand can be answered with the name of a language, it is that answer.
    """
    text = incoming.text
    if current.menu is Menu.LANGUAGE:
        if command_in(questionnaire, current, text) or read_number_in_menu(
            text, len(questionnaire.languages)
        ):
            return None
        return named_language(questionnaire, text) or written_in(known, questionnaire, text)
    asks_for_words = (
        current.stage is Stage.ITEMS
        and current.at is not None
        and node_at(questionnaire, current.at)[0].item.type is ItemType.TEXT
    )
    if asks_for_words or names_a_choice(known, current, incoming):
        return None
    return named_language(questionnaire, text)
