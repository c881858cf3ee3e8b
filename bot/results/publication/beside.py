"""What stands beside published results: quotes as far as they tell nobody, themes, findings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.core.codes import EVERY, Code, CodeFrame
from bot.core.findings import Finding
from bot.core.groups import LANGUAGE
from bot.core.questionnaire import Questionnaire, Text
from bot.results.dataset import Dataset
from bot.results.disclosure import Naming, Release, quote_naming
from bot.results.publication.cells import consented
from bot.results.publication.records import Group, PublishedFinding, PublishedQuote, Theme
from bot.results.publication.speakers import Speakers
from bot.results.records.figures import Share
from bot.results.records.results import Results
from bot.results.words import Quote, coded, themes_in
from bot.results.words.said import text_items

LEAST_WORDS = 3
"""By fewer nobody sees what a theme is about."""


def quotes_shown(
    quotes: Iterable[Quote], release: Release, speakers: Speakers | None = None
) -> Iterator[PublishedQuote]:
    """Yield approved quotes as a release lets them be shown: translated where few speak their language, and with their
    group where so many could have said it."""
    for one in quotes:
        evident = [consented((LANGUAGE, one.language))] if one.language is not None else []
        is_told = quote_naming(release, None, evident) is not Naming.WITHHELD
        is_shown = quote_naming(release) is not Naming.WITHHELD
        translations = {language: words.text for language, words in one.translations.items()}
        if is_told or (is_shown and translations):
            yield PublishedQuote(
                item=one.item,
                language=one.language if is_told else None,
                words=one.words.text if is_told else None,
                translations=translations,
                group=_group(one, release, speakers, one.language if is_told else None),
            )


def as_approved(quote: Quote) -> PublishedQuote:
    """Return a quote whole, for organisers."""
    translations = {language: words.text for language, words in quote.translations.items()}
    return PublishedQuote(quote.item, quote.language, quote.words.text, translations)


def _group(quote: Quote, release: Release, speakers: Speakers | None, told: str | None) -> Group | None:
    """Return the group that a quote is named with; `told` is the language that its words tell."""
    if speakers is None or (cell := speakers.cell(quote.respondent_id, told)) is None:
        return None
    if quote_naming(release, cell) is not Naming.WITH_GROUP:
        return None
    group = speakers.groups[quote.respondent_id]
    return Group(speakers.variable, group.name, group.label)


async def themes_found(dataset: Dataset, results: Results, said_by: int = 0) -> tuple[Theme, ...]:
    """Return the themes found in the words of each item and language, with true counts: they are still to be protected.

    A theme is told by words that so many people said, or more: what fewer said may be somebody's name.
    """
    versions = tuple(dataset.versions.values())
    asked = {one.name for one in results.items}
    found = []
    for item in text_items(versions):
        if item not in asked:
            continue
        for spoken in await themes_in(dataset.engine, versions, item, said_by=said_by):
            of = spoken.answers
            found += [
                Theme(item, None, one.words, spoken.language, Share(one.size, of, one.size / of, None))
                for one in spoken.themes
                if len(one.words) >= LEAST_WORDS
            ]
    return tuple(found)


async def themes_by_codes(dataset: Dataset, frame: CodeFrame, results: Results) -> tuple[Theme, ...]:
    """Return how many answers have each of the organiser's codes, with true counts: they are still to be protected."""
    versions = tuple(dataset.versions.values())
    asked = {one.name for one in results.items}
    found = []
    for item in text_items(versions):
        codes = [code for code in frame.codes if code.is_for(item)]
        if item not in asked or not codes:
            continue
        counted = await coded(dataset.engine, versions, frame, item)
        for code in codes:
            count, base = counted.counts[code.name], counted.answers
            said = Share(count, base, count / base if base else None, None)
            found.append(Theme(item, _label(code, dataset.newest), (), None, said))
    return tuple(found)


def _label(code: Code, questionnaire: Questionnaire) -> Text:
    source, *others = questionnaire.languages
    said = {language: code.label[language] for language in others if language in code.label}
    every = {} if EVERY not in code.label else dict.fromkeys(others, code.label[EVERY])
    return Text(f"code.{code.name}", code.label_in(source), {**every, **said})


def findings_shown(findings: Sequence[Finding], today: date) -> tuple[PublishedFinding, ...]:
    """Return findings as they are shown, in the organiser's own words."""
    return tuple(
        PublishedFinding(
            title=Text(f"finding.{one.id}", one.title),
            state=one.now.state,
            owner=one.now.owner,
            decided=one.now.at.date(),
            reason=Text(f"finding.{one.id}.reason", one.now.reason) if one.now.reason else None,
            due=one.now.due,
            is_overdue=one.is_overdue(today),
            referred_to=one.now.referred_to,
            done_on=one.now.done_on,
        )
        for one in findings
    )
