"""A digest as people read it: as text, and as HTML that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.core.phrases import Phrase
from bot.digests import phrases as say
from bot.digests.records import Code, Count, Digest, LanguageCount, Line
from bot.digests.schedule import zone_of
from bot.results.records.equity import Measure

LANGUAGE = "en"
MOST_LINES = 12
"""Of each kind; a digest of hundreds is not read."""


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: Sequence[str]
    nothing: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The table of interviews: its columns, and a row for all languages, then one a language."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest in words, for whoever is at an address."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How to get no more of these: `address` is who gets them, `page` where they say so; None: they answer the mail."""

    address: str = field(repr=False)
    page: str | None = field(repr=False)


def render(digest: Digest, names: Mapping[str, str], leaving: Leaving) -> Rendered:
    """Return a digest in words; languages are called what `names` has for them."""
    subject = _said(
        say.SUBJECT_WARNED if digest.warnings else say.SUBJECT,
        title=digest.title,
        date=_day(digest.until, digest.zone),
    )
    span = _said(
        say.SPAN,
        since=_moment(digest.since, digest.zone),
        until=_moment(digest.until, digest.zone),
        zone=digest.zone,
    )
    counts = _counts(digest, names)
    sections = (
        Section(_said(say.CHANGES), _lines(digest.changes), _said(say.NO_CHANGES)),
        Section(_said(say.WARNINGS), _lines(digest.warnings), _said(say.NO_WARNINGS)),
    )
    note = _said(say.ROUNDED if digest.rounding > 1 else say.UNROUNDED, rounding=digest.rounding)
    why = _said(say.WHY, address=leaving.address)
    leave = _said(say.UNSUBSCRIBE if leaving.page else say.UNSUBSCRIBE_MAIL)
    html = _template().render(
        language=LANGUAGE,
        subject=subject,
        title=digest.title,
        span=span,
        interviews=counts,
        note=note,
        sections=sections,
        why=why,
        leave=leave,
        unsubscribe=leaving.page,
    )
    ending = f"{why}\n{leave}: {leaving.page}" if leaving.page else f"{why}\n{leave}"
    parts = [digest.title, span, "", *_columns(counts), "", note]
    for section in sections:
        parts += ["", section.heading, *([f"- {line}" for line in section.lines] or [section.nothing])]
    return Rendered(subject, "\n".join([*parts, "", "-- ", ending, ""]), html)


def sentence(line: Line) -> str:
    """Return what a line of a digest says."""
    if line.code is Code.WORSE:
        return _said(say.WORSE[Measure(str(line.values["measure"]))], **line.values)
    return _said(say.LINES[line.code], **line.values)


def _counts(digest: Digest, names: Mapping[str, str]) -> Counts:
    columns = [*map(_said, (say.LANGUAGE, say.NEW, say.NEW_COMPLETED, say.ALL, say.ALL_COMPLETED))]
    everybody = (digest.new_started, digest.new_completed, digest.started, digest.completed)
    rows = [[_said(say.ALL_LANGUAGES), *(f"{count:,}" for count in everybody)]]
    rows += [_row(one, names, digest.threshold) for one in digest.languages]
    return Counts(_said(say.INTERVIEWS), columns, rows)


def _row(one: LanguageCount, names: Mapping[str, str], threshold: int) -> list[str]:
    few = _said(say.FEW, threshold=threshold)

    def shown(count: Count) -> str:
        return few if count is None else f"{count:,}"

    name = names.get(one.language, one.language) or _said(say.NO_LANGUAGE)
    counts = (one.new_started, one.new_completed, one.started, one.completed)
    return [name, *map(shown, counts)]


def _columns(counts: Counts) -> list[str]:
    """Return a table as lines of text, each column as wide as its widest cell."""
    table = [list(counts.columns), *map(list, counts.rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(counts.columns))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]


def _lines(lines: Sequence[Line]) -> list[str]:
    shown = [sentence(line) for line in lines[:MOST_LINES]]
    more = len(lines) - len(shown)
    return [*shown, _said(say.MORE, n=more)] if more else shown


def _said(phrase: Phrase, **values: str | int) -> str:
    return phrase.english.format_map(values)


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def _day(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%d}"


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("digest.html")
