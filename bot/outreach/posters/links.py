"""What people send or follow to take part: the words of an SMS, and links, for each source and language."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bot.core.outreach.sources import Source
from bot.core.questionnaire import Questionnaire
from bot.core.reception.offer import words_to_send


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people write to: numbers as they are dialled, and the name of a bot; None where there is none."""

    number: str | None = None
    whatsapp: str | None = None
    telegram: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One way to take part. `words` is what is sent, to the number or in a chat; links are None without an address.

    `sms` opens a written SMS on a phone that scans it, in the form that cameras of both kinds of phones know
    (https://github.com/zxing/zxing/wiki/Barcode-Contents#sms).
    """

    language: str
    source: Source | None
    words: str
    sms: str | None
    telegram: str | None
    whatsapp: str | None


def link_to(
    questionnaire: Questionnaire, addresses: Addresses, language: str, source: Source | None = None
) -> Link:
    """Return how to take part in a language, or in any where it has no keyword of its own."""
    code = f" {source.code}" if source else ""
    words = f"{words_to_send(questionnaire, language)[0].upper()}{code}"
    start = f"{questionnaire.id}_{source.code}" if source else questionnaire.id
    return Link(
        language,
        source,
        words,
        f"SMSTO:{addresses.number}:{words}" if addresses.number else None,
        f"https://t.me/{addresses.telegram}?start={start}" if addresses.telegram else None,
        f"https://wa.me/{addresses.whatsapp.removeprefix('+')}?text={quote(words)}"
        if addresses.whatsapp
        else None,
    )


def links_of(questionnaire: Questionnaire, addresses: Addresses) -> Iterator[Link]:
    """Yield how to take part from each source, the first from none, in each language that has a keyword."""
    sources = questionnaire.outreach.sources if questionnaire.outreach else ()
    for source in (None, *sources):
        for language in questionnaire.languages:
            if questionnaire.keywords.get(language):
                yield link_to(questionnaire, addresses, language, source)
