"""By what one consultation's answers are redacted: the countries of its phone numbers, the words of its languages."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.channels.senders import country_of
from bot.core.questionnaire import Questionnaire
from bot.language.cldr import countries_of
from bot.results.words.introductions import NO_INTRODUCTIONS, Introductions, introductions


@dataclass(frozen=True, slots=True)
class Regions:
    """The countries (ISO 3166) whose national phone numbers are known.

    In those `of_senders`, which people of this consultation wrote to, every grouping of a valid number is one; in the
    others, where its languages are spoken, only what is grouped as is usual there: among a hundred countries, there is
    one for which any eight digits are a number.
    """

    of_senders: tuple[str, ...] = ()
    of_languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What `redact` looks for."""

    regions: Regions = Regions()
    introductions: Introductions = NO_INTRODUCTIONS


def rules_for(questionnaire: Questionnaire, senders: Collection[str] = ()) -> Rules:
    """Return the rules for a consultation; `senders` are our numbers that its people wrote to."""
    of_senders = {country for sender in senders if (country := country_of(sender))}
    of_languages = {country for language in questionnaire.languages for country in countries_of(language)}
    return Rules(
        Regions(tuple(sorted(of_senders)), tuple(sorted(of_languages - of_senders))),
        introductions(questionnaire.phrasebooks.values()),
    )
