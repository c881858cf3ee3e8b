"""What can be joined, and by which words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.core.folding import fold
from bot.core.interview.records import Interview
from bot.core.outreach.quotas.turning import Full
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Questionnaire
from bot.core.spoken import Detect, cannot_tell, language_of


@dataclass(frozen=True, slots=True)
class Consultations:
    """The consultations that can be joined now, and every version that an interview may still be on."""

    offered: Mapping[str, Questionnaire]
    versions: Mapping[str, Questionnaire]
    keywords: Mapping[str, tuple[str, str | None]]
    """A folded keyword to the consultation it joins and the language it tells (None: it stands in several)."""
    detect: Detect = cannot_tell
    """What tells the language of a text that nothing else tells."""
    refers: bool = False
    """Whether people pass codes on for any of them: only then is one looked for in what people send."""
    full: Mapping[str, Full] = field(default_factory=dict)
    """By consultation that turns people away when a quota is full: which cells are, at the moment."""

    def of(self, interview: Interview) -> Questionnaire:
        """Return the version of the consultation that an interview began on; KeyError where it is not known."""
        return self.versions[interview.version]

    def language_of(self, text: str) -> str | None:
        """Return which of the languages on offer a text is in, where that is clear."""
        books = {
            language: book for one in self.offered.values() for language, book in one.phrasebooks.items()
        }
        return language_of(books, self.offered.values(), text, self.detect) if len(books) > 1 else None

    def phrasebook(self, language: str | None) -> Phrasebook:
        """Return the bot's words in a language, or in the first language of what is offered."""
        for questionnaire in self.offered.values():
            if language is None or language in questionnaire.phrasebooks:
                return questionnaire.phrasebook(language)
        return ENGLISH


def consultations(
    offered: Iterable[Questionnaire], versions: Iterable[Questionnaire] = (), detect: Detect = cannot_tell
) -> Consultations:
    """Return the consultations ready to be joined, with older versions that interviews may still be on."""
    current = {questionnaire.id: questionnaire for questionnaire in offered}
    keywords: dict[str, tuple[str, str | None]] = {}
    for questionnaire in current.values():
        for language, listed in questionnaire.keywords.items():
            for keyword in map(fold, listed):
                known = keywords.get(keyword)
                keywords[keyword] = (questionnaire.id, None if known else language)
    # Who stands by now, and how people are reached now, holds for those too who are on an older version.
    older = (_as_now(one, current.get(one.id)) for one in versions)
    known_versions = {one.version: one for one in (*older, *current.values())}
    refers = any(one.outreach is not None and one.outreach.referral is not None for one in current.values())
    return Consultations(current, known_versions, keywords, detect, refers)


def _as_now(older: Questionnaire, current: Questionnaire | None) -> Questionnaire:
    if current is None:
        return replace(older, safeguard=None, outreach=None)
    return replace(older, safeguard=current.safeguard, outreach=current.outreach)


def words_to_send(questionnaire: Questionnaire, language: str | None) -> tuple[str, ...]:
    """Return the word to send for a consultation; one a language for somebody whose language is not known."""
    keywords = questionnaire.keywords
    listed = [keywords[language]] if language and language in keywords else list(keywords.values())
    return tuple(words[0] for words in listed if words)
