"""What messages cost: each text within its budget of SMS, in every language."""

from collections.abc import Iterator

from bot.core.places import items_with_paths
from bot.core.problems import Path, Problem, Severity
from bot.core.prompts.counted import consent_text, sms_text
from bot.core.questionnaire import Item, ItemType, Questionnaire
from bot.core.segments import Encoding, Segments, count_segments, plain_punctuation

MANY_QUESTIONS = 10
"""By SMS people answer five to ten questions; of longer consultations most finish few (EDI Global; m4RH Kenya)."""

FEW_ODD_LETTERS = 3


def message_faults(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield messages over their budget, and a warning where there are more questions than people answer by SMS."""
    for language in questionnaire.languages:
        budget = questionnaire.sms_segments.get(language, questionnaire.sms_segments[""])
        consent = consent_text(questionnaire, language)
        yield from _over(consent, budget, language, ("consent",), "Give consent a shorter sms_ask")
        for item, path in items_with_paths(questionnaire.items):
            if not item.type.is_asked and item.type not in (ItemType.NOTE, ItemType.REPEAT):
                continue
            text = sms_text(questionnaire, item, language)
            remedy = "Shorten sms_label" if item.sms_label else "Give it a shorter sms_label"
            yield from _over(text, item.sms_segments or budget, language, path, _with_choices(item, remedy))
    yield from _length_fault(questionnaire)


def _with_choices(item: Item, remedy: str) -> str:
    if item.choices and item.lists_choices:
        return f"{remedy}, shorten the choices, or write appearance: minimal to have them typed"
    return remedy


def _over(text: str, budget: int, language: str, path: Path, remedy: str) -> Iterator[Problem]:
    text = plain_punctuation(text)  # as the intake sends it
    cost = count_segments(text)
    if cost.segments > budget:
        yield Problem(
            "over-budget",
            path,
            f"In '{language}' this message costs {cost.segments} SMS and may cost {budget}.{_odd_letters(text, cost)}",
            f"{remedy}; or allow more with sms_segments.",
            language=language,
        )


def _odd_letters(text: str, cost: Segments) -> str:
    """Return which letters make the message dear, where a few in it do: a curly quote can double the price."""
    if cost.encoding is Encoding.GSM_7:
        return ""
    odd = sorted({letter for letter in text if count_segments(letter).encoding is not Encoding.GSM_7})
    if len(odd) > FEW_ODD_LETTERS:
        return ""
    return f" Only {' '.join(odd)} keeps it from the cheaper alphabet of SMS (GSM-7)."


def _length_fault(questionnaire: Questionnaire) -> Iterator[Problem]:
    asked = [
        item
        for item, _ in items_with_paths(questionnaire.items)
        if item.type.is_asked and item.other_for is None
    ]
    if not asked:
        yield Problem(
            "asks-nothing", ("items",), "The consultation asks nothing.", "Add an item that is asked."
        )
    elif len(asked) > MANY_QUESTIONS:
        yield Problem(
            "many-questions",
            ("items",),
            f"There are {len(asked)} questions; by SMS most people stop before the tenth.",
            "Keep what decides something, and ask the most important first.",
            Severity.WARNING,
        )
