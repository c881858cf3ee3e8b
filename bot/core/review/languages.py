"""Translations: every text in every language on offer, with the same answers repeated in it."""

from collections.abc import Iterator

from bot.core.places import choice_path, items_with_paths
from bot.core.problems import Path, Problem
from bot.core.prompts import REFERENCE
from bot.core.questionnaire import Questionnaire, Text

TOLD_SINGLY = 5
"""Missing translations of one language are told one by one up to this many, and as one problem beyond."""


def translation_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield texts that a language lacks, and translations that drop or invent an answer."""
    texts = list(_texts(questionnaire))
    for language in questionnaire.languages[1:]:
        missing = [(text, path) for text, path in texts if language not in text.translations]
        # gettext's folders are named pt_BR for the language pt-BR.
        file = f"locales/{language.replace('-', '_')}/LC_MESSAGES/{questionnaire.id}.po"
        if len(missing) > TOLD_SINGLY:
            first = ", ".join(text.context for text, _ in missing[:3])
            yield Problem(
                "missing-translation",
                ("languages",),
                f"{len(missing)} texts are not in '{language}' yet: {first} and others.",
                f"Translate them in {file}; heard languages status shows how far each language is.",
            )
        else:
            for text, path in missing:
                yield Problem(
                    "missing-translation",
                    path,
                    f"This text is not in '{language}' yet.",
                    f"Translate '{text.context}' in {file}.",
                )
        for text, path in texts:
            yield from _reference_faults(text, language, path, file)


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
