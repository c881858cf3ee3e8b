"""A digest as people read it: as text, and as HTML that says the same, in one language."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.core.findings import FindingState
from bot.core.saying import isolated
from bot.digests import phrases as say
from bot.digests.records import Count, Digest, LanguageCount, Line, Words
from bot.digests.schedule import zone_of
from bot.results.records.equity import Measure
from bot.results.report import figures
from bot.results.report import phrases as report
from bot.results.report.html import marked_up
from bot.results.report.model import Line as Said
from bot.results.report.model import Span
from bot.results.report.voice import Voice, line

MOST_LINES = 12
"""Of each kind; a digest of hundreds is not read."""

TALL = frozenset({"ur"})
"""Languages whose script (Nastaliq) overlaps where lines stand as close as others'."""

_TO_THE_LEFT = "\N{RIGHT-TO-LEFT MARK}"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: Sequence[Said]
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


def render(digest: Digest, voice: Voice, leaving: Leaving) -> Rendered:
    """Return a digest in words; `voice` is of the language that it was made for."""
    title = _worded(digest.title, voice)
    until = _in_zone(digest.until, digest.zone)
    subject = voice.say(
        say.SUBJECT_WARNED if digest.warnings else say.SUBJECT, title=title, date=voice.day(until.date())
    )
    since = voice.moment(_in_zone(digest.since, digest.zone))
    span = voice.say(say.SPAN, since=since, until=voice.moment(until), zone=_foreign(digest.zone))
    counts = _counts(digest, voice)
    sections = (
        Section(voice.word(say.CHANGES), _lines(digest.changes, voice), voice.word(say.NO_CHANGES)),
        Section(voice.word(say.WARNINGS), _lines(digest.warnings, voice), voice.word(say.NO_WARNINGS)),
    )
    rounding = voice.number(digest.rounding)
    note = voice.say(say.ROUNDED if digest.rounding > 1 else say.UNROUNDED, rounding=rounding)
    why = voice.say(say.WHY, address=_foreign(leaving.address))
    leave = voice.word(say.UNSUBSCRIBE if leaving.page else say.UNSUBSCRIBE_MAIL)
    html = _template().render(
        language=voice.language,
        direction="rtl" if voice.is_right_to_left else "ltr",
        # Mail programs know no `start` and `end`.
        start="right" if voice.is_right_to_left else "left",
        end="left" if voice.is_right_to_left else "right",
        spacing=(2, 1.9) if voice.language in TALL else (1.5, 1.25),
        words=marked_up,
        subject=_text(subject, voice),
        title=(title,),
        span=span,
        interviews=counts,
        note=note,
        sections=sections,
        why=why,
        leave=leave,
        unsubscribe=leaving.page,
    )
    ending = [_text(why, voice), leave, *([leaving.page] if leaving.page else [])]
    parts = [_text((title,), voice), _text(span, voice), "", *_columns(counts, voice), "", _text(note, voice)]
    for section in sections:
        told = [f"- {_text(one, voice)}" for one in section.lines]
        parts += ["", section.heading, *(told or [section.nothing])]
    return Rendered(_text(subject, voice), "\n".join([*parts, "", "-- ", *ending, ""]), html)


def sentence(said: Line, voice: Voice) -> Said:
    """Return what a line of a digest says."""
    return voice.say(say.LINES[said.code], **_filled(said, voice))


def _filled(said: Line, voice: Voice) -> dict[str, Said]:
    """Return what a line names, in words: those that came with it, and for what has none, those of the language."""
    shown = {name: line(_shown(name, said, voice)) for name in said.values}
    if "item" in said.values:
        shown["question"] = shown["item"]
    return shown | {name: (_worded(words, voice),) for name, words in said.words.items()}


def _shown(name: str, said: Line, voice: Voice) -> str | Span | Said:
    value = said.values[name]
    match name:
        case "percent" | "rest":
            return voice.percent(int(value) / 100)
        case "number":
            return voice.number(int(value))
        case "due":
            return voice.day(date.fromisoformat(str(value)))
        case "language":
            return voice.name_of_language(str(value))
        case "variable":
            return figures.variable(str(value), None, voice)
        case "group":
            return figures.group(str(said.values["variable"]), str(value), None, voice)
        case "measure":
            return voice.word(report.MEASURES[Measure(str(value))])
        case "state":
            to = said.words.get("referred_to")
            whom = _worded(to, voice) if to else Span("")
            return voice.say(report.STATES[FindingState(str(value))], name=whom)
        case _:
            return _foreign(str(value))


def _worded(words: Words, voice: Voice) -> Span:
    return voice.foreign(words.text, words.language)


def _foreign(text: str) -> Span:
    """Return what is of no language: an address, a name in a file."""
    return Span(text, "")


def _text(said: Said, voice: Voice) -> str:
    """Return a line as text: what is of the other direction is kept together, since nothing else says where it ends."""
    return "".join(
        span.text if span.language is None else isolated(span.text, in_right_to_left=voice.is_right_to_left)
        for span in said
    )


def _counts(digest: Digest, voice: Voice) -> Counts:
    heads = (report.LANGUAGE, say.NEW, say.NEW_COMPLETED, say.ALL, say.ALL_COMPLETED)
    everybody = (digest.new_started, digest.new_completed, digest.started, digest.completed)
    rows = [[voice.word(say.ALL_LANGUAGES), *map(voice.number, everybody)]]
    rows += [_row(one, digest.threshold, voice) for one in digest.languages]
    return Counts(voice.word(say.INTERVIEWS), [*map(voice.word, heads)], rows)


def _row(one: LanguageCount, threshold: int, voice: Voice) -> list[str]:
    def shown(count: Count) -> str:
        return f"<{voice.number(threshold)}" if count is None else voice.number(count)

    name = voice.name_of_language(one.language) if one.language else voice.word(say.NO_LANGUAGE)
    return [name, *map(shown, (one.new_started, one.new_completed, one.started, one.completed))]


def _columns(counts: Counts, voice: Voice) -> list[str]:
    """Return a table as lines of text, each column as wide as its widest cell."""
    table = [list(counts.columns), *map(list, counts.rows)]
    widths = [max(_width(row[place]) for row in table) for place in range(len(counts.columns))]
    # Between numbers, blanks alone would not tell in which order they stand.
    between = f"{_TO_THE_LEFT}  {_TO_THE_LEFT}" if voice.is_right_to_left else "  "
    return [
        between.join(
            _blank(cell, width) + cell if place else cell + _blank(cell, width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    ]


def _width(cell: str) -> int:
    """Return how many places a cell takes: marks stand above or below letters."""
    return sum(unicodedata.category(letter) not in ("Mn", "Me", "Cf") for letter in cell)


def _blank(cell: str, width: int) -> str:
    return " " * (width - _width(cell))


def _lines(lines: Sequence[Line], voice: Voice) -> list[Said]:
    shown = [sentence(one, voice) for one in lines[:MOST_LINES]]
    more = len(lines) - len(shown)
    return [*shown, voice.say(say.MORE, n=voice.number(more))] if more else shown


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zone_of(zone))


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
