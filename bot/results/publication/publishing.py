"""A publication of a consultation: from its stored interviews to what is stored as a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
import polars as pl

from bot.core.codes import CodeFrame
from bot.core.findings import Finding
from bot.flowfiles.population import Population
from bot.results.codebook import codebook
from bot.results.dataset import Dataset
from bot.results.disclosure import Release, Rule
from bot.results.estimate import estimate
from bot.results.frame import whole
from bot.results.publication.beside import findings_shown, quotes_shown, themes_by_codes
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect
from bot.results.publication.records import Organiser, Protection, Publication
from bot.results.publication.sums import sums_of
from bot.results.records import Results
from bot.results.words import approved_quotes
from bot.store.releases import Listed, Stored


@dataclass(frozen=True, slots=True)
class Beside:
    """What an organiser gives with the answers: census margins, codes, findings, and who asks."""

    population: Population | None = None
    codes: CodeFrame | None = None
    findings: Sequence[Finding] = ()
    organiser: Organiser | None = None


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
    results = estimated(dataset, frame, beside)
    themes = await themes_by_codes(dataset, beside.codes, results) if beside.codes else ()
    sums = sums_of(frame, dataset.newest, dataset.columns)
    protected = protect(results, sums, rule, releases_of(earlier), themes)
    number = len(earlier) + 1
    protection = Protection(
        rule.threshold, rule.rounding, protected.withheld, number, dataset.at, audited=True
    )
    quotes = await approved_quotes(dataset.engine, dataset.newest)
    began, ended = _days(frame)
    publication = Publication(
        results=protected.results,
        languages=dataset.newest.languages,
        protection=protection,
        introduction=dataset.newest.consent.ask,
        began=began,
        ended=ended,
        organiser=beside.organiser,
        quotes=tuple(quotes_shown(quotes, protected.release)),
        themes=protected.themes,
        findings=findings_shown(beside.findings, dataset.at.date()),
    )
    listed = Listed(dataset.consultation, number, dataset.at, rule.threshold, rule.rounding)
    entries = [*codebook(dataset)]
    stored = Stored(listed, _json(publication), _json(entries))
    return Prepared(publication, protected, stored, kept(protected.release, protected.before))


def estimated(dataset: Dataset, frame: pl.DataFrame, beside: Beside) -> Results:
    """Return whole results of everybody."""
    return estimate(frame, dataset.newest, dataset.columns, at=dataset.at, population=beside.population)


def _days(frame: pl.DataFrame) -> tuple[date | None, date | None]:
    """Return the days of the first and the last message."""
    moments = pl.col("started_at").min().dt.date(), pl.col("updated_at").max().dt.date()
    first, last = frame.select(moments).row(0)
    return first, last


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
