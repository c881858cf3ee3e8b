"""Translations: every text in every language on offer, with the same answers repeated in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.core.places import choice_path, items_with_paths
from bot.core.problems import Path, Problem, Severity
from bot.core.prompts.filling import REFERENCE
from bot.core.questionnaire import Questionnaire, Text
from bot.core.review.letters import disguised_words, numbers_lost

TOLD_SINGLY = 5
"""Missing translations of one language are told one by one up to this many, and as one problem beyond."""


def translation_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield texts that a language lacks, and translations that say something else than their source does.

    Where the organiser says that a language need not be whole, what it lacks is a warning: it is sent in the source
    language.
    """
    texts = list(_texts(questionnaire))
    for language in questionnaire.languages[1:]:
        file = catalogue_of(questionnaire.id, language)
        found = [
            *_missing(questionnaire, texts, language, file),
            *(fault for text, path in texts for fault in _reference_faults(text, language, path, file)),
            *_number_faults(questionnaire, language, file),
        ]
        yield from (replace(problem, language=language) for problem in found)


def letter_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield words, of any language, with letters of another script that only look right."""
    for language in questionnaire.languages:
        script = questionnaire.phrasebook(language).script
        said = [
            (text.source if language == questionnaire.languages[0] else text.translations.get(language), path)
            for text, path in _texts(questionnaire)
        ]
        keywords = enumerate(questionnaire.keywords.get(language, ()))
        said += [(word, ("keywords", language, position)) for position, word in keywords]
        for wording, path in said:
            for word in disguised_words(wording or "", script):
                yield Problem(
                    "disguised-letters",
                    path,
                    f"'{word}' ({language}) has letters of another script that only look right.",
                    "Type the word again on one keyboard; with letters of two, put a hyphen between them.",
                    language=language,
                )


def catalogue_of(consultation: str, language: str) -> str:
    """Return where a catalogue is looked for, as translators know it; gettext's folder for pt-BR is pt_BR."""
    return f"locales/{language.replace('-', '_')}/LC_MESSAGES/{consultation}.po"


def _missing(
    questionnaire: Questionnaire, texts: Iterable[tuple[Text, Path]], language: str, file: str
) -> Iterator[Problem]:
    missing = [(text, path) for text, path in texts if language not in text.translations]
    severity, instead = Severity.ERROR, ""
    if questionnaire.translated_share is not None:
        severity, instead = Severity.WARNING, f"; people get '{questionnaire.languages[0]}' instead"
    if len(missing) > TOLD_SINGLY:
        first = ", ".join(text.context for text, _ in missing[:3])
        yield Problem(
            "missing-translation",
            ("languages",),
            f"{len(missing)} texts are not in '{language}' yet{instead}: {first} and others.",
            f"Translate them in {file}; heard languages status shows how far each language is.",
            severity,
        )
        return
    for text, path in missing:
        yield Problem(
            "missing-translation",
            path,
            f"This text is not in '{language}' yet{instead}.",
            f"Translate '{text.context}' in {file}.",
            severity,
        )


def _reference_faults(text: Text, language: str, path: Path, file: str) -> Iterator[Problem]:
    wording = text.translations.get(language)
    if wording is None:
        return
    source, translated = set(REFERENCE.findall(text.source)), set(REFERENCE.findall(wording))
    if source != translated:
        names = ", ".join(f"${{{name}}}" for name in sorted(source ^ translated))
        yield Problem(
            "translation-differs",
            path,
            f"The source and its translation into '{language}' do not both have {names}.",
            f"Put the same ${{...}} into '{text.context}' in {file}.",
        )


def _number_faults(questionnaire: Questionnaire, language: str, file: str) -> Iterator[Problem]:
    """Yield choices whose number is another in a language, or gone; warnings, since people's clocks differ too."""
    seen: set[str] = set()
    for item, path in items_with_paths(questionnaire.items):
        for position, choice in enumerate(item.choices):
            for key, text in (("label", choice.label), ("sms_label", choice.sms_label)):
                wording = text.translations.get(language) if text else None
                if text is None or wording is None or text.context in seen:
                    continue
                seen.add(text.context)
                lost = numbers_lost(text.source, wording)
                if lost:
                    yield Problem(
                        "number-differs",
                        (*choice_path(item, path, position), key),
                        f"In '{language}' this choice is '{wording}', without {', '.join(lost)}.",
                        f"Put the same number into '{text.context}' in {file}, in digits of any script; leave it "
                        "where people there count otherwise, as hours of the day in Swahili.",
                        Severity.WARNING,
                    )


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[Text, Path]]:
    """Yield every text of the consultation once, with its place in the file."""
    places: dict[str, Path] = {}
    for item, path in items_with_paths(questionnaire.items):
        for key in ("label", "sms_label", "hint", "constraint_message"):
            places[f"{item.name}.{key}"] = (*path, key)
        for position, choice in enumerate(item.choices):
            for key, text in (("label", choice.label), ("sms_label", choice.sms_label)):
                if text is not None:
                    places[text.context] = (*choice_path(item, path, position), key)
    seen: set[str] = set()
    for text in questionnaire.texts():
        if text.context not in seen:
            seen.add(text.context)
            yield text, places.get(text.context, tuple(text.context.split(".")))
