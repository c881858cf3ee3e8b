"""What the catalogues under `locales/` give: the bot's own words, and a consultation's translations.

An entry counts only under its place (msgctxt) and its present source wording (msgid) together: a translation
of what a question said before would be asked as if it were the question.
"""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.core import phrases
from bot.core.outreach.records import Outreach
from bot.core.phrases import Phrase, Phrasebook, Words, split_words
from bot.core.problems import Problem
from bot.core.questionnaire import BOT_CONTEXT, Choice, Item, Questionnaire, Text
from bot.core.spoken import script_of
from bot.errors import FlowsError
from bot.language.cldr import Conventions, conventions, conventions_without_cldr
from bot.language.pofiles import catalogue_path, finished, read_catalogue

Translations = Mapping[tuple[str, str], str]
"""Wordings in one language by place and source wording: `("cooks_with.label", "What do you cook with?")`."""

OWN = ("bot", "digest", "poster", "report")
"""The catalogues of what Heard itself says; no consultation can have one of these names."""

PHRASES: tuple[Phrase, ...] = tuple(value for value in vars(phrases).values() if isinstance(value, Phrase))
"""Every sentence of the bot's."""

WORD_LISTS: tuple[Words, ...] = tuple(value for value in vars(phrases).values() if isinstance(value, Words))
"""Every list of words that the bot understands."""


def load_phrasebook(locales: Path, language: str) -> Phrasebook:
    """Return the bot's sentences and words in a language, from `locales/<language>/LC_MESSAGES/bot.po`.

    English is the source and needs no file. FlowsError with every fault where the catalogue is absent, broken
    or lacks a sentence: a person must never be answered half in a language they do not read. A list of words may
    be absent, since the English words are understood in every language.
    Of a language that CLDR lacks, the name is that in the catalogue's `Language-Team` header, else its code.
    """
    if language == "en":
        return _phrasebook(language, {}, {}, _known(language, "English", ()))
    path = catalogue_path(locales, language, "bot")
    catalogue = read_catalogue(path)
    wordings = finished(catalogue)
    sentences = {phrase.context: wordings[phrase] for phrase in PHRASES if phrase in wordings}
    by_context = {context: wording for (context, _), wording in wordings.items()}
    # A list's English words are no source wording: one more of them in English changes no other language.
    vocabulary = {
        words.context: split_words(by_context[words.context])
        for words in WORD_LISTS
        if words.context in by_context
    }
    faults = [*_sentence_faults(path, PHRASES, sentences), *_vocabulary_faults(path, vocabulary)]
    if faults:
        raise FlowsError(faults)
    team = str(catalogue.language_team).partition("<")[0].strip()
    name = language if team in ("", "LANGUAGE") else team
    return _phrasebook(language, sentences, vocabulary, _known(language, name, sentences.values()))


def load_sentences(locales: Path, language: str, domain: str, asked: Sequence[Phrase]) -> Mapping[str, str]:
    """Return phrases in a language by context, from `locales/<language>/LC_MESSAGES/<domain>.po`; none in English.

    FlowsError with every fault where the catalogue is absent, broken or lacks one of them.
    """
    if language == "en":
        return {}
    path = catalogue_path(locales, language, domain)
    wordings = finished(read_catalogue(path))
    sentences = {phrase.context: wordings[phrase] for phrase in asked if phrase in wordings}
    if faults := _sentence_faults(path, asked, sentences):
        raise FlowsError(faults)
    return sentences


def load_translations(locales: Path, consultation: str, language: str) -> Translations:
    """Return a consultation's wordings in a language; FlowsError where its catalogue is absent or broken.

    What is not translated, or not finished (fuzzy), is absent.
    """
    return finished(read_catalogue(catalogue_path(locales, language, consultation)))


def translate(questionnaire: Questionnaire, translations: Mapping[str, Translations]) -> Questionnaire:
    """Return the questionnaire with the wordings of each language in all its texts.

    Texts of the bot's own (their context begins with `bot:`) take theirs from its phrasebooks.
    """
    into = _Translator(translations, questionnaire.phrasebooks)
    items = tuple(into.item(item) for item in questionnaire.items)
    by_name = {item.name: item for item in _with_children(items)}
    consent = questionnaire.consent
    return replace(
        questionnaire,
        title=into.text(questionnaire.title),
        consent=replace(
            consent,
            ask=into.text(consent.ask),
            sms_ask=into.perhaps(consent.sms_ask),
            refused=into.perhaps(consent.refused),
        ),
        items=items,
        nodes=tuple(replace(node, item=by_name[node.item.name]) for node in questionnaire.nodes),
        thanks=into.perhaps(questionnaire.thanks),
        not_eligible=into.perhaps(questionnaire.not_eligible),
        screened_out=into.perhaps(questionnaire.screened_out),
        move=into.perhaps(questionnaire.move),
    )


def translate_outreach(outreach: Outreach, translations: Mapping[str, Translations]) -> Outreach:
    """Return what an outreach file says with the wordings of each language in its texts, but for those of its help."""
    into = _Translator(translations, {})
    poster, referral = outreach.poster, outreach.referral
    if poster is not None:
        poster = replace(
            poster,
            asked_by=into.perhaps(poster.asked_by),
            headline=into.perhaps(poster.headline),
            cost=into.perhaps(poster.cost),
        )
    if referral is not None:
        referral = replace(referral, text=into.text(referral.text))
    invitation, reminders = outreach.invitation, outreach.reminders
    if invitation is not None:
        wordings = tuple(
            replace(one, text=into.text(one.text), sms_text=into.perhaps(one.sms_text))
            for one in invitation.wordings
        )
        invitation = replace(invitation, wordings=wordings)
    if reminders is not None:
        reminders = replace(
            reminders,
            invited=into.perhaps(reminders.invited),
            paused=into.perhaps(reminders.paused),
            last=into.perhaps(reminders.last),
        )
    return replace(
        outreach,
        poster=poster,
        referral=referral,
        signed=into.perhaps(outreach.signed),
        invitation=invitation,
        reminders=reminders,
    )


def translated(text: Text, translations: Mapping[str, Translations]) -> Text:
    """Return a text that stands outside the consultation's own file with its wordings in other languages."""
    return _Translator(translations, {}).text(text)


@dataclass(frozen=True, slots=True)
class _Translator:
    """Gives texts, and the records that hold them, their wordings in other languages."""

    translations: Mapping[str, Translations]
    phrasebooks: Mapping[str, Phrasebook]

    def text(self, text: Text) -> Text:
        found = self._bots(text) if text.is_bots else self._consultations(text)
        return replace(text, translations={**text.translations, **found})

    def perhaps(self, text: Text | None) -> Text | None:
        return None if text is None else self.text(text)

    def choice(self, choice: Choice) -> Choice:
        return replace(choice, label=self.text(choice.label), sms_label=self.perhaps(choice.sms_label))

    def item(self, item: Item) -> Item:
        return replace(
            item,
            label=self.perhaps(item.label),
            sms_label=self.perhaps(item.sms_label),
            hint=self.perhaps(item.hint),
            constraint_message=self.perhaps(item.constraint_message),
            choices=tuple(self.choice(choice) for choice in item.choices),
            children=tuple(self.item(child) for child in item.children),
        )

    def _bots(self, text: Text) -> dict[str, str]:
        context = text.context.removeprefix(BOT_CONTEXT)
        return {
            language: book.sentences[context]
            for language, book in self.phrasebooks.items()
            if context in book.sentences
        }

    def _consultations(self, text: Text) -> dict[str, str]:
        # A block of YAML ends with a line break, which extraction leaves out.
        key = (text.context, text.source.strip())
        return {
            language: wordings[key] for language, wordings in self.translations.items() if key in wordings
        }


def _with_children(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _with_children(item.children)


def _known(language: str, name: str, sentences: Iterable[str]) -> Conventions:
    return conventions(language) or conventions_without_cldr(name, sentences)


def _phrasebook(
    language: str,
    sentences: Mapping[str, str],
    vocabulary: Mapping[str, tuple[str, ...]],
    known: Conventions,
) -> Phrasebook:
    return Phrasebook(
        language,
        sentences,
        vocabulary,
        autonym=known.autonym,
        right_to_left=known.right_to_left,
        date_order=known.date_order,
        months=known.months,
        names=known.names,
        dated=known.dated,
        month_names=known.month_names,
        weekdays=known.weekdays,
        weekday_names=known.weekday_names,
        lists=known.lists,
        calendars=known.calendars,
        digits=known.digits,
        script=script_of(" ".join(sentences.values())) or "LATIN",
    )


def _sentence_faults(path: Path, asked: Iterable[Phrase], sentences: Mapping[str, str]) -> list[Problem]:
    faults = []
    for phrase in asked:
        wording = sentences.get(phrase.context)
        if wording is None:
            faults.append(_untranslated(path, phrase))
        elif placeholders(wording) != placeholders(phrase.english):
            names = ", ".join(f"{{{name}}}" for name in sorted(placeholders(phrase.english) or ()))
            faults.append(
                Problem(
                    "catalogue-placeholders",
                    (phrase.context,),
                    f"The translation does not hold the placeholders of “{phrase.english}”.",
                    f"Use each of these, and no other braces: {names or 'none'}.",
                    file=str(path),
                )
            )
    return faults


def _vocabulary_faults(path: Path, vocabulary: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    numbers = vocabulary.get(phrases.NUMBERS.context)
    expected = len(split_words(phrases.NUMBERS.english))
    if numbers is None or len(numbers) == expected:
        return []
    return [
        Problem(
            "catalogue-numbers",
            (phrases.NUMBERS.context,),
            f"The list has {len(numbers)} numbers; the first means 0, the next 1, and so on.",
            f"Write the {expected} numbers from 0 to {expected - 1} in order, with a comma after each.",
            file=str(path),
        )
    ]


def placeholders(wording: str) -> frozenset[str] | None:
    """Return the names in braces of a sentence, or None where its braces cannot be read."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(wording) if name is not None)
    except ValueError:
        return None


def _untranslated(path: Path, phrase: Phrase) -> Problem:
    return Problem(
        "catalogue-missing-phrase",
        (phrase.context,),
        f"“{phrase.english}” has no finished translation.",
        "Run `heard languages update`, then translate the entry and remove its fuzzy mark.",
        file=str(path),
    )
