"""Quotes: words that a person has read and approved, and that still stand in the answer that they are from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.core.questionnaire import Questionnaire
from bot.results.words.redaction import Redacted, narrowed, redact
from bot.results.words.rules import Rules
from bot.results.words.said import Said, rules_of, said
from bot.store.database import Database
from bot.store.quotes import QuoteState, Review, StoredQuote, reviewed


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said that may be published, as approved. `translations` are by language, entered by a person."""

    respondent_id: str
    slot: str
    item: str
    language: str | None
    words: Redacted
    translations: Mapping[str, Redacted]
    reviewer: str
    reviewed_at: datetime

    def in_language(self, language: str) -> Redacted | None:
        """Return the words in a language: the original, a translation, or None where there is neither."""
        return self.words if language == self.language else self.translations.get(language)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that could be quoted, and what was decided of it: None while nobody has."""

    said: Said
    state: QuoteState | None
    quote: Quote | None = None
    reviewer: str = ""

    @property
    def words(self) -> Redacted:
        """Return the words as they would be or are quoted."""
        return self.quote.words if self.quote else self.said.words


def quote_of(stored: StoredQuote, rules: Rules) -> Quote | None:
    """Return the quote that a decision came to; None where it was rejected, or does not hold any more.

    It holds as long as its words, verbatim, are those of the stored answer after its redaction as that is done now.
    """
    if stored.state is not QuoteState.APPROVED or stored.text is None:
        return None
    words = approvable(redact(stored.value, rules), stored.text, rules)
    if words is None:
        return None
    translations = {language: redact(wording, rules) for language, wording in stored.translations.items()}
    return Quote(
        *(stored.respondent_id, stored.slot, stored.item, stored.language),
        words,
        MappingProxyType(translations),
        stored.reviewer,
        stored.reviewed_at,
    )


def approvable(words: Redacted, text: str, rules: Rules) -> Redacted | None:
    """Return a text as words that may be approved: those said, further cut at most, and something still said."""
    cut = narrowed(words, text)
    # What a cut leaves may be what only now looks like a number.
    return cut if cut is not None and cut.says_something and redact(text, rules) == cut else None


def candidates(
    answers: Iterable[Said], decided: Iterable[StoredQuote], rules: Rules
) -> tuple[Candidate, ...]:
    """Return every answer that could be quoted, with what stands of it.

    Words of people who are erased are never quoted, nor what may tell of harm, nor an answer of which redaction leaves
    nothing.
    """
    known = {(one.respondent_id, one.slot): one for one in decided}
    found = []
    for one in answers:
        if one.is_erased or one.is_flagged or not one.words.says_something:
            continue
        stored = known.get(one.key)
        quote = quote_of(stored, rules) if stored else None
        holds = stored is not None and (quote is not None or stored.state is QuoteState.REJECTED)
        found.append(
            Candidate(one, stored.state, quote, stored.reviewer)
            if stored is not None and holds
            else Candidate(one, None)
        )
    return tuple(found)


async def read_candidates(engine: Database, versions: Sequence[Questionnaire]) -> tuple[Candidate, ...]:
    """Return every answer of a consultation that could be quoted, in the order in which interviews began."""
    answers = [one async for one in said(engine, versions)]
    rules = await rules_of(engine, versions[0])
    return candidates(answers, await reviewed(engine, versions[0].id), rules)


def approval(
    candidate: Candidate, words: Redacted, translations: Mapping[str, Redacted], reviewer: str, at: datetime
) -> Review:
    """Return the decision that words may be published, to be kept."""
    one = candidate.said
    wordings = {language: wording.text for language, wording in translations.items()}
    return Review(
        one.respondent_id,
        one.slot,
        one.answered_at,
        QuoteState.APPROVED,
        reviewer,
        at,
        words.text,
        wordings,
    )


def rejection(candidate: Candidate, reviewer: str, at: datetime) -> Review:
    """Return the decision that an answer is not to be quoted; none of its words are kept with it."""
    one = candidate.said
    return Review(one.respondent_id, one.slot, one.answered_at, QuoteState.REJECTED, reviewer, at)
