"""How a worker comes to help others to answer: by a number that lets in one chat, and then by a word."""

import re
from dataclasses import replace

from bot.core.folding import digits
from bot.core.phrases import ASSIST, ASSIST_REFUSED, ENGLISH, NOTHING_OPEN
from bot.core.prompts.records import Form, Prompt
from bot.core.questionnaire import Questionnaire
from bot.core.reception import worker_words
from bot.core.reception.helping import Session, Worker
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.replies.matching import folded_words, key

PIN_DIGITS = 6
_ASKS_WITH_PIN = re.compile(r"(\D{2,40}?)[\s:.#-]*(\d{3}[ -]?\d{3})\W{0,3}")
_LONGEST = 60


def pin_in(known: Consultations, text: str) -> str | None:
    """Return the worker's number in a text that asks to help and says nothing else: "assist 123 456"; else None."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    found = _ASKS_WITH_PIN.fullmatch(digits(text).strip())
    if found is None or not asks_to_help(known, found[1]):
        return None
    return re.sub(r"\D", "", found[2])


def asks_to_help(known: Consultations, text: str) -> bool:
    """Return whether a text is the word for helping others, in any language on offer."""
    said = key(text[:_LONGEST])
    books = {book.language: book for one in known.offered.values() for book in one.phrasebooks.values()}
    return any(said in folded_words(book, ASSIST) for book in ({"en": ENGLISH} | books).values())


def begin(
    known: Consultations,
    correspondent: Correspondent,
    worker: Worker,
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return the beginning of a session, with nobody asked anything yet; `seed` is its id."""
    offered = known.offered.get(worker.consultation)
    here = replace(correspondent, opted_out=False, session=None)
    if offered is None:
        said = known.phrasebook(correspondent.language).say(NOTHING_OPEN)
        return Outcome(here, prompts=(Prompt(said),))
    language = _language_said(offered, incoming.text) or correspondent.language
    language = language if language in offered.languages else None
    session = Session(seed, worker.id, worker.consultation, incoming.at)
    return Outcome(
        replace(here, session=session, language=correspondent.language or language),
        concerns=worker.consultation,
        prompts=(worker_words.begun(offered.phrasebook(language), form),),
    )


def refused(known: Consultations, correspondent: Correspondent) -> Outcome:
    """Return one answer for every number that does not work: which of them are nearly right is told to nobody."""
    if correspondent.opted_out:
        return Outcome(correspondent)
    book = known.phrasebook(correspondent.language)
    return Outcome(correspondent, prompts=(Prompt(book.say(ASSIST_REFUSED)),))


def _language_said(questionnaire: Questionnaire, text: str) -> str | None:
    """Return the language whose word for helping a text begins with; English, which all take, says nothing."""
    said = key(re.sub(r"[\d\s.:#-]+$", "", digits(text)))
    for language in questionnaire.languages:
        own = questionnaire.phrasebook(language).words(ASSIST)
        if said in map(key, own) and said not in map(key, ENGLISH.words(ASSIST)):
            return language
    return None
