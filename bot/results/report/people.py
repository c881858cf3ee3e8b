"""Who was heard, against the population, and whether the consultation served everybody alike."""

from collections.abc import Iterator

from bot.core.disposition import Disposition
from bot.core.groups import ASSISTED, CHANNEL, LANGUAGE, SOURCE
from bot.results.publication.records import Publication
from bot.results.records.equity import Equity, EquityRate, GroupRate, Measure
from bot.results.records.participation import GroupTurnout, Participation
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.report import figures, phrases
from bot.results.report.findings import is_few
from bot.results.report.model import Block, Line, Paragraph, Section, Table, Tone
from bot.results.report.voice import Said, Voice, joined, line


def heard(publication: Publication, voice: Voice) -> Section:
    given = publication.results.representation
    title = line(voice.word(phrases.HEARD))
    if not given:
        return Section("heard", title, (Paragraph(line(voice.word(phrases.MISSING_UNKNOWN))),))
    sections = tuple(
        Section(f"heard-{number}", line(figures.variable_of(one, voice)), tuple(_represented(one, voice)))
        for number, one in enumerate(given, 1)
    )
    return Section("heard", title, (Paragraph(line(voice.word(phrases.HEARD_RATIO))),), sections)


def _represented(one: Representation, voice: Voice) -> Iterator[Block]:
    words = (
        *(phrases.GROUP, phrases.N, phrases.HEARD_SHARE, phrases.POPULATION),
        *(phrases.RATIO, phrases.RANGE, phrases.NEEDED),
    )
    heads: list[Said] = [voice.word(word) for word in words]
    rows: list[list[Said]] = []
    for group in one.groups:
        ratio = voice.word(phrases.WITHHELD) if group.heard.count is None else figures.NOTHING
        rows.append(
            [
                figures.group(one.variable, group.name, group.label, voice),
                figures.count(group.heard.count, voice),
                _heard(group, voice),
                voice.percent(group.population),
                ratio if group.ratio is None else voice.number(group.ratio, 2),
                _ratios(group.ratio_interval.low, group.ratio_interval.high, voice)
                if group.ratio_interval
                else figures.NOTHING,
                figures.count(group.needed, voice),
            ]
        )
    source = voice.say(phrases.HEARD_SOURCE, source=one.source, year=voice.year(one.year))
    yield figures.table(source, heads, rows)
    notes: list[Line] = []
    if one.dissimilarity is not None:
        notes.append(voice.say(phrases.HEARD_OTHERS, share=voice.percent(one.dissimilarity)))
    if one.not_stated != 0:
        notes.append(voice.say(phrases.GROUP_UNKNOWN, n=figures.count(one.not_stated, voice)))
    if notes:
        yield Paragraph(joined(*notes), Tone.NOTE)


def _heard(group: RepresentedGroup, voice: Voice) -> Said:
    """Return a group's share; where it is withheld, how much it is at most, if that says that it is too little."""
    if group.most is None or group.most >= group.population:
        return figures.share(group.heard, voice)
    return figures.at_most(group.most, voice)


def _ratios(low: float, high: float, voice: Voice) -> str:
    return voice.span(voice.number(low, 2), voice.number(high, 2))


# --- how it went


def equity(publication: Publication, voice: Voice) -> Section:
    results = publication.results
    blocks: list[Block] = [Paragraph(line(voice.word(phrases.EQUITY_INTRO)))]
    worse = results.equity.worse
    if worse:
        named = (
            joined(
                figures.group(rate.variable, group.name, None, voice),
                f"({voice.word(phrases.MEASURES[rate.measure])})",
            )
            for rate, group in worse
            if rate.item is None
        )
        told = voice.say(phrases.EQUITY_WORSE, groups=voice.listed(named))
        blocks.append(Paragraph(told, Tone.WARNING))
    untold = list(_untold(results.equity, voice))
    # Where no two groups are large enough to be shown, or hardly anybody took part, nobody has compared them.
    compared = any(len(rate.groups) > 1 and any(map(_is_told, rate.groups)) for rate in results.equity.rates)
    if not is_few(results):
        if compared and not worse:
            none = phrases.EQUITY_NONE_SHOWN if untold else phrases.EQUITY_NONE
            blocks.append(Paragraph(line(voice.word(none))))
        if untold:
            # Else who is worse off would seem not to be.
            told = voice.say(phrases.EQUITY_WITHHELD, measures=voice.listed(untold))
            blocks.append(Paragraph(told, Tone.NOTE))
    taken = results.participation
    turnouts = (
        *((LANGUAGE, taken.by_language), (CHANNEL, taken.by_channel)),
        *((SOURCE, taken.by_source), (ASSISTED, taken.by_help)),
    )
    for variable, groups in turnouts:
        # Where not even is told how many wrote in, a table would tell the same in every row.
        if taken.turnout.started is None:
            break
        if groups:
            blocks.append(_turnouts(variable, groups, taken, voice))
        rates = [one for one in results.equity.rates if one.variable == variable and one.item is None]
        if rates and rates[0].groups:
            blocks.append(_rates(variable, rates, voice))
    blocks += _stops(taken, voice)
    if len(blocks) == 1:
        is_empty = results.consented == 0
        blocks = [Paragraph(line(voice.word(phrases.NOBODY if is_empty else phrases.UNTESTED)))]
    return Section("equity", line(voice.word(phrases.EQUITY)), tuple(blocks))


def _is_told(group: GroupRate) -> bool:
    """Return whether a group is compared with all others, or nobody is there to be compared."""
    return all(one.share is not None or one.base == 0 for one in (group.rate, group.rest))


def _untold(equity: Equity, voice: Voice) -> Iterator[Line]:
    """Yield the measures in which somebody may fare worse, for all that is shown, each with whom."""
    whole = [one for one in equity.rates if one.item is None and len(one.groups) > 1]
    for measure in Measure:
        rates = [one for one in whole if one.measure is measure]
        groups = [(one.variable, group) for one in rates for group in one.groups]
        untold = [(of, one.name) for of, one in groups if not _is_told(one)]
        if len(untold) == len(groups) and untold:
            yield line(voice.word(phrases.MEASURES[measure]))
        elif untold:
            named = voice.listed(figures.group(of, name, None, voice) for of, name in untold)
            yield joined(voice.word(phrases.MEASURES[measure]), joined("(", named, ")", by=""))


def _turnouts(variable: str, groups: tuple[GroupTurnout, ...], taken: Participation, voice: Voice) -> Table:
    words = (
        *(phrases.STARTED, phrases.MEASURES[Measure.CONSENT], phrases.COMPLETED),
        *(phrases.PARTICIPATION, phrases.COMPLETION),
    )
    heads: list[Said] = [figures.variable(variable, None, voice), *(voice.word(word) for word in words)]
    shown: list[tuple[Said, GroupTurnout]] = [
        (figures.group(variable, one.name, None, voice), one) for one in groups
    ]
    shown.append((voice.word(phrases.ALL), GroupTurnout("", taken.turnout)))
    rows: list[list[Said]] = [
        [
            name,
            figures.count(one.turnout.started, voice),
            figures.count(one.turnout.consented, voice),
            figures.count(one.turnout.count(Disposition.COMPLETE), voice),
            figures.share(one.turnout.participation, voice),
            figures.share(one.turnout.completion, voice),
        ]
        for name, one in shown
    ]
    return figures.table((), heads, rows)


def _rates(variable: str, rates: list[EquityRate], voice: Voice) -> Table:
    heads: list[Said] = [figures.variable(variable, None, voice)]
    heads += [voice.word(phrases.MEASURES[rate.measure]) for rate in rates]
    names = dict.fromkeys(group.name for rate in rates for group in rate.groups)
    rows: list[list[Said]] = []
    for name in names:
        row: list[Said] = [figures.group(variable, name, None, voice)]
        for rate in rates:
            group = next((one for one in rate.groups if one.name == name), None)
            shown = figures.share(group.rate, voice) if group else figures.NOTHING
            row.append(f"{shown} ({voice.word(phrases.WORSE)})" if group and group.worse else shown)
        rows.append(row)
    rows.append([voice.word(phrases.ALL), *(figures.share(rate.overall, voice) for rate in rates)])
    return figures.table((), heads, rows)


def _stops(taken: Participation, voice: Voice) -> Iterator[Block]:
    left = [one for one in taken.left if one.left.count != 0]
    if left and taken.turnout.started is not None:
        heads: list[Said] = [voice.word(one) for one in (phrases.STOPPED_AT, phrases.N, phrases.SHARE)]
        rows: list[list[Said]] = [
            [
                voice.label(one.label) if one.label else one.item,
                figures.count(one.left.count, voice),
                figures.share(one.left, voice),
            ]
            for one in left
        ]
        yield figures.table((), heads, rows)
    if taken.duration is not None and taken.duration.median is not None:
        minutes = voice.figure(round(taken.duration.median.value, 1))
        yield Paragraph(voice.say(phrases.DURATION, minutes=minutes))
