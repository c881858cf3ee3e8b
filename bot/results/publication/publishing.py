"""A publication of a consultation: from its stored interviews to what is stored as a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
import polars as pl

from bot.core.codes import CodeFrame
from bot.core.findings import Finding
from bot.core.review.routing import passed_over
from bot.flowfiles.population import Population
from bot.results.codebook import codebook
from bot.results.dataset import Dataset
from bot.results.disclosure import Release, Rule
from bot.results.estimate import estimate
from bot.results.frame import whole
from bot.results.invitations import invited_to
from bot.results.publication.beside import (
    as_approved,
    findings_shown,
    quotes_shown,
    themes_by_codes,
    themes_found,
)
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect
from bot.results.publication.records import Organiser, Protection, Publication
from bot.results.publication.speakers import speakers_of
from bot.results.publication.sums import sums_of
from bot.results.records.participation import Invited
from bot.results.records.results import Results
from bot.results.words import approved_quotes
from bot.store.releases import Listed, Stored


@dataclass(frozen=True, slots=True)
class Beside:
    """What an organiser gives with the answers: census margins, codes, findings, and who asks.

    `quotes_by` is the item by whose groups quotes are named, None for none. `with_themes`: those found in the words
    are published too.
    """

    population: Population | None = None
    codes: CodeFrame | None = None
    findings: Sequence[Finding] = ()
    organiser: Organiser | None = None
    quotes_by: str | None = None
    with_themes: bool = True


@dataclass(frozen=True, slots=True)
class Prepared:
    """A publication to be audited and stored; `cells` are what later audits look at."""

    publication: Publication
    protected: Protected
    stored: Stored
    cells: str

    @property
    def last(self) -> Release | None:
        """Return the release before this one."""
        return self.protected.before[-1] if self.protected.before else None


async def prepare(dataset: Dataset, rule: Rule, beside: Beside, earlier: Sequence[str]) -> Prepared:
    """Return a publication of everybody's answers; `earlier` are the cells of all releases before it, the oldest first.

    Raises:
        DisclosureError: earlier releases tell too much by themselves.
    """
    frame = await whole(dataset)
    results = estimated(dataset, frame, beside, await invited_to(dataset.engine, dataset.consultation))
    themes = await themes_by_codes(dataset, beside.codes, results) if beside.codes else ()
    if beside.with_themes:
        themes += await themes_found(dataset, results, rule.threshold)
    quotes = await approved_quotes(dataset.engine, dataset.newest)
    speakers = None
    if beside.quotes_by is not None and quotes:
        quoted = {one.respondent_id for one in quotes}
        speakers = speakers_of(frame, dataset.newest, results, beside.quotes_by, quoted)
    sums = sums_of(frame, dataset.newest, dataset.columns)
    counted = speakers.tables if speakers else ()
    protected = protect(
        results,
        sums,
        rule,
        releases_of(earlier),
        themes,
        counted,
        passed_over(dataset.newest),
        languages_of(dataset),
    )
    number = len(earlier) + 1
    protection = Protection(
        rule.threshold, rule.rounding, protected.withheld, number, dataset.at, audited=True
    )
    began, ended = _days(frame)
    publication = Publication(
        results=protected.results,
        languages=dataset.newest.languages,
        protection=protection,
        introduction=dataset.newest.consent.ask,
        began=began,
        ended=ended,
        organiser=beside.organiser,
        quotes=tuple(quotes_shown(quotes, protected.release, speakers)),
        themes=protected.themes,
        findings=findings_shown(beside.findings, dataset.at.date()),
    )
    listed = Listed(dataset.consultation, number, dataset.at, rule.threshold, rule.rounding)
    entries = [*codebook(dataset)]
    stored = Stored(listed, _json(publication), _json(entries))
    return Prepared(publication, protected, stored, kept(protected.release, protected.before))


async def preview(dataset: Dataset, beside: Beside) -> Publication:
    """Return what an organiser alone may see: answers as they stand, nothing withheld, and all that is approved."""
    frame = await whole(dataset)
    results = estimated(dataset, frame, beside, await invited_to(dataset.engine, dataset.consultation))
    themes = await themes_by_codes(dataset, beside.codes, results) if beside.codes else ()
    began, ended = _days(frame)
    return Publication(
        results=results,
        languages=dataset.newest.languages,
        protection=None,
        introduction=dataset.newest.consent.ask,
        began=began,
        ended=ended,
        organiser=beside.organiser,
        quotes=tuple(map(as_approved, await approved_quotes(dataset.engine, dataset.newest))),
        themes=themes + await themes_found(dataset, results),
        findings=findings_shown(beside.findings, dataset.at.date()),
    )


def estimated(
    dataset: Dataset, frame: pl.DataFrame, beside: Beside, invited: Invited | None = None
) -> Results:
    """Return whole results of everybody."""
    return estimate(
        frame, dataset.newest, dataset.columns, at=dataset.at, population=beside.population, invited=invited
    )


def languages_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the languages that a consultation can be answered in, those of older versions last."""
    spoken = (one.languages for one in (dataset.newest, *dataset.versions.values()))
    return tuple(dict.fromkeys(language for those in spoken for language in those))


def _days(frame: pl.DataFrame) -> tuple[date | None, date | None]:
    """Return the days of the first and the last message."""
    moments = pl.col("started_at").min().dt.date(), pl.col("updated_at").max().dt.date()
    first, last = frame.select(moments).row(0)
    return first, last


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
