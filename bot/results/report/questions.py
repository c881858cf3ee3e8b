"""Each question: a chart, the table beneath it, and by which groups its answers differ."""

from collections.abc import Iterator, Sequence

from bot.core.questionnaire import ItemType
from bot.results.publication.records import Publication, Theme
from bot.results.records.figures import Count
from bot.results.records.items import ChoiceResult, Dates, ItemResult, Numbers, Period, RankedChoice, Times
from bot.results.report import figures, phrases
from bot.results.report.breakdowns import breakdown_section
from bot.results.report.model import Bar, Block, Figure, Line, Paragraph, Section, Table, Tone
from bot.results.report.voice import Said, Voice, joined, line

UNSEEN = frozenset({ItemType.GEOPOINT, ItemType.IMAGE, ItemType.AUDIO})


def questions(publication: Publication, voice: Voice) -> Section:
    results = publication.results
    sections = []
    for number, item in enumerate(results.items, 1):
        themes = [theme for theme in publication.themes if theme.item == item.name]
        notable = [one for one in results.breakdowns_of(item.name) if one.notable]
        title = joined(f"{voice.number(number)}.", figures.question(item, voice))
        parts = tuple(breakdown_section(one, item, voice, f"q{number}-{one.variable}") for one in notable)
        sections.append(Section(f"q{number}", title, tuple(_blocks(item, themes, voice)), parts))
    return Section("questions", line(voice.word(phrases.QUESTIONS)), (), tuple(sections))


def _blocks(item: ItemResult, themes: Sequence[Theme], voice: Voice) -> Iterator[Block]:
    base = voice.say(
        phrases.BASE,
        asked=figures.count(item.base.asked, voice),
        answered=figures.count(item.base.answered, voice),
    )
    figure = _figure(item, base, voice) if item.base.answered != 0 else None
    if figure is not None and item.base.answered is None and all(bar.length is None for bar in figure.bars):
        # That all of it is withheld is told by the base alone.
        figure = None
    if figure is None:
        yield Paragraph(base)
    else:
        yield figure
    if item.numbers is not None and item.base.answered != 0:
        yield Paragraph(joined(*_middles(item.numbers, voice), by=" · "))
    yield from _themes(themes, voice)
    notes = [*_notes(item, voice)]
    if notes:
        yield Paragraph(joined(*notes), Tone.NOTE)


def _figure(item: ItemResult, base: Line, voice: Voice) -> Figure | None:
    if item.choices:
        return _choices(item.choices, base, voice, rounds=item.repeated)
    if item.ranking:
        return _ranking(item.ranking, base, voice)
    if item.numbers is not None:
        return _histogram(_number_bins(item.numbers, voice), item.numbers.n, base, voice)
    if item.dates is not None:
        return _histogram(_date_bins(item.dates, voice), item.dates.n, base, voice)
    if item.times is not None:
        return _histogram(_hours(item.times, voice), item.times.n, base, voice)
    return None


def _drawn(bars: Sequence[Bar], table: Table, voice: Voice) -> Figure:
    told = voice.listed(joined(bar.label, bar.shown) for bar in bars)
    return Figure(voice.say(phrases.CHART, bars=told), tuple(bars), table)


def _choices(choices: Sequence[ChoiceResult], base: Line, voice: Voice, *, rounds: bool) -> Figure:
    weighted = any(one.taken.weighted for one in choices)
    heads: list[Said] = [voice.word(phrases.ANSWER), voice.word(phrases.N), voice.word(phrases.SHARE)]
    if not rounds:
        heads.append(voice.word(phrases.RANGE))
    if weighted:
        heads += [voice.word(phrases.WEIGHTED), voice.word(phrases.RANGE)]
    rows: list[list[Said]] = []
    for one in choices:
        row: list[Said] = [
            voice.label(one.label),
            figures.count(one.taken.count, voice),
            figures.share(one.taken, voice),
        ]
        if not rounds:
            row.append(figures.percents(one.taken.interval, voice))
        if weighted:
            held = one.taken.weighted
            row.append(voice.percent(held.value) if held else figures.NOTHING)
            row.append(figures.percents(held.interval if held else None, voice))
        rows.append(row)
    bars = [figures.bar(line(voice.label(one.label)), one.taken, voice) for one in choices]
    return _drawn(bars, figures.table(base, heads, rows), voice)


def _ranking(ranking: Sequence[RankedChoice], base: Line, voice: Voice) -> Figure:
    words = (phrases.ANSWER, phrases.N, phrases.FIRST_PLACE, phrases.RANGE, phrases.MEAN_PLACE)
    heads: list[Said] = [voice.word(one) for one in words]
    rows: list[list[Said]] = [
        [
            voice.label(one.label),
            figures.count(one.placed, voice),
            figures.with_weighted(one.first, voice),
            figures.percents(one.first.interval, voice),
            figures.estimate(one.mean_place, voice) if one.placed != 0 else figures.NOTHING,
        ]
        for one in ranking
    ]
    bars = [figures.bar(line(voice.label(one.label)), one.first, voice) for one in ranking]
    return _drawn(bars, figures.table(base, heads, rows), voice)


def _histogram(bins: Sequence[tuple[str, Count]], n: Count, base: Line, voice: Voice) -> Figure | None:
    """Return a chart whose longest bar is the whole width; None where nothing at all is shown."""
    most = max((count for _, count in bins if count is not None), default=0)
    if not most:
        return None

    def shown(count: Count) -> str:
        if count is None or n is None:
            return voice.word(phrases.WITHHELD)
        return voice.percent(count / n) if n else figures.NOTHING

    bars = [Bar(line(label), shown(count), None if count is None else count / most) for label, count in bins]
    heads: list[Said] = [voice.word(phrases.ANSWER), voice.word(phrases.N), voice.word(phrases.SHARE)]
    rows: list[list[Said]] = [[label, figures.count(count, voice), shown(count)] for label, count in bins]
    return _drawn(bars, figures.table(base, heads, rows), voice)


def _number_bins(numbers: Numbers, voice: Voice) -> list[tuple[str, Count]]:
    def named(low: float, high: float) -> str:
        if low == high:
            return voice.figure(low)
        return voice.span(voice.figure(low), voice.figure(high))

    return [(named(one.low, one.high), one.count) for one in numbers.bins]


def _date_bins(dates: Dates, voice: Voice) -> list[tuple[str, Count]]:
    def named(year: int, month: str) -> str:
        return month if dates.period is Period.MONTH else voice.year(year)

    return [(named(one.start.year, voice.month(one.start)), one.count) for one in dates.bins]


def _hours(times: Times, voice: Voice) -> list[tuple[str, Count]]:
    """Return the hours of the day from the first to the last in which there is an answer."""
    told = [hour for hour, count in enumerate(times.hours) if count != 0]
    return [
        (voice.hour(hour), times.hours[hour])
        for hour in range(min(told, default=0), max(told, default=-1) + 1)
    ]


def _middles(numbers: Numbers, voice: Voice) -> Iterator[Line]:
    if numbers.mean is not None:
        shown = voice.figure(numbers.mean.value)
        if numbers.mean.interval:
            shown = f"{shown} ({figures.values(numbers.mean.interval, voice)})"
        yield voice.term(voice.word(phrases.MEAN), shown)
        if numbers.mean.weighted:
            yield voice.term(voice.word(phrases.WEIGHTED), voice.figure(numbers.mean.weighted.value))
    if numbers.median is not None:
        yield voice.term(voice.word(phrases.MEDIAN), voice.figure(numbers.median.value))
    if numbers.lower is not None and numbers.upper is not None:
        yield voice.say(phrases.QUARTILES, low=voice.figure(numbers.lower), high=voice.figure(numbers.upper))


def _themes(themes: Sequence[Theme], voice: Voice) -> Iterator[Table]:
    """Yield a table of codes, and one of themes for each language they were found in: each has a base of its own."""
    tables: dict[tuple[bool, str | None], list[Theme]] = {}
    for theme in themes:
        tables.setdefault((theme.label is None, theme.language), []).append(theme)
    for (is_found, language), those in sorted(tables.items(), key=lambda one: one[0][0]):
        read = voice.term(voice.word(phrases.READ_FOR_THEMES), figures.count(those[0].said.base, voice))
        named = [voice.name_of_language(language)] if is_found and language else []
        yield _theme_table(joined(*named, read, by=" · "), those, voice)


def _theme_table(caption: Line, themes: Sequence[Theme], voice: Voice) -> Table:
    heads: list[Said] = [voice.word(one) for one in (phrases.THEMES, phrases.N, phrases.SHARE)]
    rows: list[list[Said]] = [
        [
            _theme(theme, voice),
            figures.count(theme.said.count, voice),
            figures.share(theme.said, voice),
        ]
        for theme in themes
    ]
    return figures.table(caption, heads, rows)


def _theme(theme: Theme, voice: Voice) -> Line:
    if theme.label is not None:
        return line(voice.label(theme.label))
    return line(voice.foreign(", ".join(theme.words), theme.language))


def _notes(item: ItemResult, voice: Voice) -> Iterator[Line]:
    if item.type in UNSEEN:
        yield line(voice.word(phrases.NOT_SHOWN))
    if item.type is ItemType.SELECT_MULTIPLE:
        yield line(voice.word(phrases.SEVERAL))
    if item.repeated:
        yield line(voice.word(phrases.ROUNDS))
    yield from _missing(item, voice)


def _missing(item: ItemResult, voice: Voice) -> Iterator[Line]:
    """Yield how many gave no answer, by reason; what is withheld is said once."""
    reasons: dict[str, list[Count]] = {}
    for reason, many in item.base.missing.items():
        reasons.setdefault(voice.word(phrases.REASONS[reason]), []).append(many)
    counts = {said: _sum(many) for said, many in reasons.items()}
    told = [f"{said} {figures.count(count, voice)}" for said, count in counts.items() if count is not None]
    if not told:
        # Where nothing is told of a question, its base says so.
        if counts and item.base.answered is not None:
            yield line(voice.word(phrases.NO_ANSWER_WITHHELD))
        return
    if len(told) < len(counts):
        told.append(voice.word(phrases.OTHER_REASONS))
    yield joined(voice.say(phrases.NO_ANSWER, reasons=voice.listed(told)), "", by=".")


def _sum(counts: Sequence[Count]) -> Count:
    """Return a sum; None where a part of it is withheld."""
    told = [count for count in counts if count is not None]
    return sum(told) if len(told) == len(counts) else None
