"""Figures in words and cells: counts, shares, ranges, and the names of groups."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from bot.core.groups import ASSISTED, CHANNEL, LANGUAGE, OTHERS, SOURCE
from bot.core.questionnaire import Text
from bot.results.records.breakdowns import Breakdown
from bot.results.records.figures import Count, Estimate, Interval, Share
from bot.results.records.items import ItemResult
from bot.results.records.representation import Representation
from bot.results.report import phrases
from bot.results.report.model import Bar, Column, Line, Span, Table
from bot.results.report.voice import Said, Voice, line

NOTHING = "–"
"""Where there is no figure to be had: a share of nobody."""


def count(value: Count, voice: Voice) -> str:
    return voice.word(phrases.WITHHELD) if value is None else voice.number(value)


def share(value: Share, voice: Voice) -> str:
    if value.share is not None:
        return voice.percent(value.share)
    return NOTHING if value.base == 0 else voice.word(phrases.WITHHELD)


def at_most(value: float, voice: Voice) -> Line:
    """Return that a share is no more than this, in whole percents and so never less than it may be."""
    return voice.say(phrases.AT_MOST, share=voice.percent(ceil(100 * value) / 100))


def percents(interval: Interval | None, voice: Voice) -> str:
    if interval is None:
        return NOTHING
    return voice.span(voice.percent(interval.low), voice.percent(interval.high))


def values(interval: Interval | None, voice: Voice) -> str:
    if interval is None:
        return NOTHING
    return voice.span(voice.figure(interval.low), voice.figure(interval.high))


def estimate(value: Estimate | None, voice: Voice) -> str:
    return voice.word(phrases.WITHHELD) if value is None else voice.figure(value.value)


def with_weighted(value: Share, voice: Voice) -> str:
    """Return a share, with the weighted one in brackets where there is one."""
    shown = share(value, voice)
    return f"{shown} ({voice.percent(value.weighted.value)})" if value.weighted else shown


def bar(label: Line, value: Share, voice: Voice) -> Bar:
    low, high = (value.interval.low, value.interval.high) if value.interval else (None, None)
    return Bar(label, share(value, voice), value.share, low, high)


def table(caption: Line, heads: Sequence[Said], rows: Sequence[Sequence[Said]]) -> Table:
    """Return a table of numbers with words in its first column."""
    columns = tuple(Column(line(head), is_number=place > 0) for place, head in enumerate(heads))
    return Table(caption, columns, tuple(tuple(line(cell) for cell in row) for row in rows))


def words_table(caption: Line, heads: Sequence[Said], rows: Sequence[Sequence[Said]]) -> Table:
    """Return a table of words alone."""
    made = table(caption, heads, rows)
    return replace(made, columns=tuple(replace(column, is_number=False) for column in made.columns))


def variable(name: str, label: Text | None, voice: Voice) -> Span:
    """Return the name of what groups are made by."""
    if label is not None:
        return voice.label(label)
    known = {
        **{LANGUAGE: phrases.LANGUAGE, CHANNEL: phrases.CHANNEL},
        **{SOURCE: phrases.SOURCE, ASSISTED: phrases.ASSISTED},
    }
    return Span(voice.word(known[name]) if name in known else name)


def variable_of(one: Breakdown | Representation, voice: Voice) -> Span:
    return variable(one.variable, one.label, voice)


def group(of: str, name: str, label: Text | None, voice: Voice, *, strong: bool = False) -> Span:
    """Return the name of a group: as the consultation, CLDR or everybody calls it."""
    if label is not None and label.context:
        return voice.label(label, strong=strong)
    if not name:
        return Span(voice.word(phrases.NOT_CHOSEN if of == LANGUAGE else phrases.NOT_KNOWN), strong=strong)
    if name == OTHERS:
        return Span(voice.word(phrases.OTHER_GROUPS), strong=strong)
    if of == LANGUAGE:
        return Span(voice.name_of_language(name), strong=strong)
    if of == ASSISTED:
        return Span(voice.word(phrases.WITH_HELP if name == "yes" else phrases.ALONE), strong=strong)
    if of == SOURCE:
        return Span(name, strong=strong)
    if of == CHANNEL:
        return replace(voice.name_of_channel(name), strong=strong)
    return Span(voice.digits(name), strong=strong)


def question(item: ItemResult, voice: Voice, *, strong: bool = False) -> Span:
    if item.label is None:
        return Span(item.name, strong=strong)
    return voice.label(item.label, strong=strong)
