"""Who stands by, ready for every message: the help of an outreach file, translated, with all words to look for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.core.outreach.records import Help, Outreach
from bot.core.phrases import CONTINUE, ENGLISH, PERSON, PERSON_GO_ON, PERSON_READS
from bot.core.problems import Problem, Severity
from bot.core.questionnaire import Questionnaire, Safeguard, Text
from bot.core.review.languages import catalogue_of
from bot.core.safeguarding import Entry, Urgency, folded_for_lookout, lookout
from bot.core.segments import count_segments, plain_punctuation
from bot.language.catalogues import Translations, translated
from bot.language.safeguarding import word_list

ENGLISH_CODE = "en"


def safeguard_of(
    outreach: Outreach, questionnaire: Questionnaire, translations: Mapping[str, Translations]
) -> tuple[Safeguard | None, tuple[Problem, ...]]:
    """Return who stands by for a consultation, None where its file has no help, and what is wrong with it."""
    if outreach.help is None:
        return None, ()
    held = outreach.help
    said = replace(
        held,
        line=translated(held.line, translations),
        hours=translated(held.hours, translations),
        text=translated(held.text, translations) if held.text else None,
    )
    entries = list(_entries(said, questionnaire))
    safeguard = Safeguard(
        said.line,
        said.hours,
        said.urgent_within,
        said.within,
        lookout(entries, (phrase for listed in said.leave_out.values() for phrase in listed)),
        frozenset(filter(None, map(folded_for_lookout, _asking(questionnaire)))),
        said.text,
    )
    return safeguard, tuple(_faults(said, questionnaire))


def _entries(said: Help, questionnaire: Questionnaire) -> Iterator[Entry]:
    """Yield what is looked for: in every language of the consultation, and in English, which people mix in anywhere."""
    for language in dict.fromkeys((*questionnaire.languages, ENGLISH_CODE)):
        listed = word_list(language)
        yield from listed.entries() if listed else ()
    for phrases, urgency in ((said.words, Urgency.SENSITIVE), (said.urgent, Urgency.URGENT)):
        yield from ((phrase, urgency) for listed_ones in phrases.values() for phrase in listed_ones)


def _asking(questionnaire: Questionnaire) -> Iterator[str]:
    yield from ENGLISH.words(PERSON)
    for book in questionnaire.phrasebooks.values():
        yield from book.words(PERSON)


def _faults(said: Help, questionnaire: Questionnaire) -> Iterator[Problem]:
    source = questionnaire.languages[0]
    for language in questionnaire.languages:
        if word_list(language) is None and not said.words.get(language) and not said.urgent.get(language):
            yield Problem(
                "help-without-words",
                ("help", "words"),
                f"Heard knows no words in '{language}' by which people tell of harm.",
                f"Write some under words: {{{language}: [...]}}, with people who speak it.",
                Severity.WARNING,
                language=language,
            )
        missing = [text for text in said.texts() if language != source and language not in text.translations]
        for text in said.texts():
            if text in missing:
                yield _missing(text, questionnaire, language)
            else:
                yield from _revealing(text, language)
        if not missing:
            yield from _long(said, questionnaire, language)


def _long(said: Help, questionnaire: Questionnaire, language: str) -> Iterator[Problem]:
    """Yield a warning where the reply costs more than a message may; as `bot.core.reception.attending` puts it."""
    book = questionnaire.phrasebooks.get(language)
    if book is None:
        return  # told of the bot's own catalogue
    reads = said.text.into(language) if said.text else book.say(PERSON_READS)
    goes_on = book.say(PERSON_GO_ON, {"continue": book.shown(CONTINUE)})
    parts = (reads, said.hours.into(language), said.line.into(language), goes_on)
    budget = questionnaire.sms_segments.get(language, questionnaire.sms_segments[""])
    cost = count_segments(plain_punctuation("\n".join(parts))).segments
    if cost > budget:
        yield Problem(
            "help-long",
            ("help",),
            f"In '{language}' the reply costs {cost} SMS where a question waits, and a message may cost {budget}.",
            "Shorten line, hours or text; or allow more with sms_segments of the consultation.",
            Severity.WARNING,
            language=language,
        )


def _missing(text: Text, questionnaire: Questionnaire, language: str) -> Problem:
    return Problem(
        "missing-translation",
        ("help", text.context.rpartition(".")[2]),
        f"This text is not in '{language}' yet.",
        f"Translate '{text.context}' in {catalogue_of(questionnaire.id, language)}.",
        language=language,
    )


def _revealing(text: Text, language: str) -> Iterator[Problem]:
    """Yield where a text would tell whoever else reads it on the phone what its owner wrote about."""
    listed = word_list(language)
    if listed is None:
        return
    told = (*listed.revealing, *listed.urgent, *listed.sensitive)
    if lookout((one, Urgency.URGENT) for one in told).find(folded_for_lookout(text.into(language))):
        yield Problem(
            "help-not-safe",
            ("help", text.context.rpartition(".")[2]),
            f"In '{language}' this tells whoever else reads the phone what somebody wrote about.",
            'Say it so that it may be about anything, like: "Free line, day and night: 116".',
            language=language,
        )
