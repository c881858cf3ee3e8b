"""Which of its wordings a text is asked in, and which texts a turn shows in the source language for want of another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.interview.offered import offered_choices
from bot.core.interview.records import AskConsent, AskItem, Effect, Interview, Show, ShowNote
from bot.core.interview.slots import node_at
from bot.core.interview.values import Ground
from bot.core.questionnaire import Choice, Consent, Item, Questionnaire, Text


def question_of(item: Item, *, short: bool) -> Text | None:
    """Return the wording of a question, the one for SMS where it is to be `short`; None where it has none."""
    return item.sms_label if short and item.sms_label else item.label


def choice_of(choice: Choice, *, short: bool) -> Text:
    """Return the wording of a choice."""
    return choice.sms_label if short and choice.sms_label else choice.label


def consent_of(consent: Consent, *, short: bool) -> Text:
    """Return the wording of the question for consent."""
    return consent.sms_ask if short and consent.sms_ask else consent.ask


def hint_of(item: Item, again: int) -> Text | None:
    """Return the hint that goes with a question asked again, from the second time on."""
    return item.hint if again > 1 else None


@dataclass(frozen=True, slots=True)
class Untranslated:
    """How many texts of a consultation somebody got in the source wording, since their language has none."""

    consultation: str
    language: str
    count: int


def untranslated_in(
    questionnaire: Questionnaire,
    interview: Interview,
    effects: Iterable[Effect],
    ground: Ground,
    *,
    short: bool,
) -> Untranslated | None:
    """Return what a turn shows in the source wording; None where that is nothing, or where it is what was chosen."""
    language = interview.language
    if questionnaire.translated_share is None or language is None or language == questionnaire.languages[0]:
        return None
    shown = (text for effect in effects for text in _shown(questionnaire, effect, ground, short))
    count = sum(1 for text in shown if text is not None and language not in text.translations)
    return Untranslated(questionnaire.id, language, count) if count else None


def _shown(
    questionnaire: Questionnaire, effect: Effect, ground: Ground, short: bool
) -> Iterator[Text | None]:
    match effect:
        case AskConsent():
            yield consent_of(questionnaire.consent, short=short)
        case Show(text):
            yield text
        case ShowNote(slot):
            yield question_of(node_at(questionnaire, slot)[0].item, short=short)
        case AskItem(slot, again):
            node, rounds = node_at(questionnaire, slot)
            yield question_of(node.item, short=short)
            yield hint_of(node.item, again)
            if node.item.type.has_choices and node.item.lists_choices:
                yield from (choice_of(one, short=short) for one in offered_choices(ground, node, rounds))
