"""The first page: what was asked, of whom, who answered, who is missing, and the main findings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.disposition import Disposition
from bot.core.groups import CHANNEL
from bot.results.publication.records import Publication
from bot.results.records.equity import Measure
from bot.results.records.items import RankedChoice
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.records.results import Results
from bot.results.report import figures, phrases
from bot.results.report.findings import (
    Difference,
    Gap,
    Lead,
    Levels,
    MainFinding,
    gaps,
    main_findings,
    withheld,
)
from bot.results.report.method import FEW, notices
from bot.results.report.model import Block, Fact, Facts, Line, Paragraph, Points, Section, Span, Tone
from bot.results.report.voice import Voice, joined, line

MOST_MISSING = 6
"""So many groups are named as missing; the chapter on who was heard has all."""


def glance(publication: Publication, voice: Voice) -> Section:
    blocks: list[Block] = [
        Facts(
            (
                Fact(line(voice.word(phrases.ASKED)), tuple(_asked(publication, voice))),
                Fact(line(voice.word(phrases.OF_WHOM)), tuple(_of_whom(publication, voice))),
                Fact(line(voice.word(phrases.ANSWERED)), tuple(_answered(publication.results, voice))),
                Fact(line(voice.word(phrases.MISSING)), tuple(_missing(publication.results, voice))),
            )
        ),
    ]
    return Section(
        "glance", line(voice.word(phrases.GLANCE)), tuple(blocks), (_findings(publication, voice),)
    )


def _asked(publication: Publication, voice: Voice) -> Iterator[Line]:
    asked = [item for item in publication.results.items if item.type.is_asked]
    yield joined(
        voice.label(publication.results.title, strong=True),
        voice.term(voice.word(phrases.QUESTIONS), voice.number(len(asked))),
        by=" · ",
    )
    if publication.introduction is not None:
        yield line(voice.label(publication.introduction))


def _of_whom(publication: Publication, voice: Voice) -> Iterator[Line]:
    taken = publication.results.participation
    if taken.invited is None:
        yield line(voice.word(phrases.ANYBODY))
    else:
        yield voice.say(phrases.INVITED, n=voice.number(taken.invited))
    names = voice.listed(voice.name_of_language(code) for code in publication.languages)
    yield voice.term(voice.word(phrases.LANGUAGE), names)
    channels = [figures.group(CHANNEL, one.name, None, voice) for one in taken.by_channel]
    if channels:
        yield voice.term(voice.word(phrases.CHANNEL), voice.listed(channels))
    if publication.began and publication.ended:
        first, last = voice.day(publication.began), voice.day(publication.ended)
        yield line(first if first == last else voice.span(first, last))


def _answered(results: Results, voice: Voice) -> Iterator[Line]:
    if results.consented == 0:
        yield line(voice.word(phrases.NOBODY))
        return
    turnout = results.participation.turnout
    shown = (
        (voice.word(phrases.STARTED), turnout.started),
        (voice.word(phrases.MEASURES[Measure.CONSENT]), turnout.consented),
        (voice.word(phrases.COMPLETED), turnout.count(Disposition.COMPLETE)),
    )
    yield joined(
        *(voice.term(name, Span(figures.count(count, voice), strong=True)) for name, count in shown),
        by=" · ",
    )


def _missing(results: Results, voice: Voice) -> Iterator[Line]:
    if not results.representation:
        yield line(voice.word(phrases.MISSING_UNKNOWN))
        return
    missing, unknown = gaps(results)[:MOST_MISSING], withheld(results)
    if missing:
        named = _named([(gap.representation, gap.group) for gap in missing], voice)
        yield voice.say(phrases.MISSING_GROUPS, groups=named)
    elif len(unknown) < sum(len(one.groups) for one in results.representation):
        yield line(voice.word(phrases.MISSING_NONE))
    if unknown:
        # Who was hardly heard is withheld first: left out here, they would seem to be there.
        yield voice.say(phrases.MISSING_WITHHELD, groups=_named(unknown, voice))


def _named(groups: Sequence[tuple[Representation, RepresentedGroup]], voice: Voice) -> Line:
    """Return groups by name, each behind what it is a group of."""
    by_variable: dict[str, list[tuple[Representation, RepresentedGroup]]] = {}
    for one, group in groups:
        by_variable.setdefault(one.variable, []).append((one, group))
    named = (
        joined(
            figures.variable_of(those[0][0], voice),
            voice.listed(figures.group(one.variable, group.name, group.label, voice) for one, group in those),
        )
        for those in by_variable.values()
    )
    return joined(*named, by=" · ")


def _findings(publication: Publication, voice: Voice) -> Section:
    found = main_findings(publication.results)
    title = line(voice.word(phrases.FINDINGS))
    if not found:
        few = notices(publication.results, FEW, voice)
        told = (line(voice.word(phrases.FINDINGS_FEW)), *few)
        return Section("findings", title, tuple(Paragraph(one) for one in told))
    points = Points(tuple(finding(one, voice) for one in found), is_ordered=True)
    return Section("findings", title, (points, Paragraph(line(voice.word(phrases.FINDINGS_RULE)), Tone.NOTE)))


def finding(one: MainFinding, voice: Voice) -> Line:
    """Return a finding in words."""
    match one:
        case Gap(representation, group):
            name = figures.group(representation.variable, group.name, group.label, voice, strong=True)
            return voice.say(
                phrases.FINDING_GAP,
                group=joined(replace(figures.variable_of(representation, voice), strong=True), name),
                heard=figures.share(group.heard, voice)
                if group.most is None
                else figures.at_most(group.most, voice),
                population=voice.percent(group.population),
            )
        case Difference(item, breakdown, choice, (high, most), (low, least)):
            told = voice.say(
                phrases.FINDING_DIFFERENCE,
                variable=figures.variable_of(breakdown, voice),
                choice=voice.label(choice.label),
                high=figures.group(breakdown.variable, high.name, high.label, voice),
                most=voice.percent(most),
                low=figures.group(breakdown.variable, low.name, low.label, voice),
                least=voice.percent(least),
            )
        case Levels(item, breakdown, groups):
            middles = (
                joined(
                    figures.group(breakdown.variable, group.name, group.label, voice),
                    figures.estimate(group.median, voice),
                )
                for group in groups
            )
            told = voice.say(
                phrases.FINDING_NUMBERS,
                variable=figures.variable_of(breakdown, voice),
                values=voice.listed(middles),
            )
        case Lead(item, choice):
            chosen = choice.first if isinstance(choice, RankedChoice) else choice.taken
            told = voice.say(
                phrases.FINDING_FIRST if isinstance(choice, RankedChoice) else phrases.FINDING_CHOICE,
                choice=voice.label(choice.label),
                share=figures.share(chosen, voice),
            )
    return joined(figures.question(item, voice, strong=True), told)
