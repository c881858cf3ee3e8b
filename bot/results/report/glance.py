"""The first page: what was asked, of whom, who answered, who is missing, and the main findings."""

from collections.abc import Iterator

from bot.core.disposition import Disposition
from bot.results.publication.records import Publication
from bot.results.records.equity import Measure
from bot.results.records.items import RankedChoice
from bot.results.records.results import Results
from bot.results.report import figures, phrases
from bot.results.report.findings import Difference, Gap, Lead, Levels, MainFinding, gaps, main_findings
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
                Fact(line(voice.word(phrases.MISSING)), (_missing(publication.results, voice),)),
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
        f"{voice.word(phrases.QUESTIONS)}: {voice.number(len(asked))}",
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
    yield joined(f"{voice.word(phrases.LANGUAGE)}:", names)
    channels = [voice.name_of_channel(one.name) for one in taken.by_channel]
    if channels:
        yield joined(f"{voice.word(phrases.CHANNEL)}:", voice.listed(channels))
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
        *((Span(f"{name}: "), Span(figures.count(count, voice), strong=True)) for name, count in shown),
        by=" · ",
    )


def _missing(results: Results, voice: Voice) -> Line:
    if not results.representation:
        return line(voice.word(phrases.MISSING_UNKNOWN))
    missing = gaps(results)[:MOST_MISSING]
    if not missing:
        return line(voice.word(phrases.MISSING_NONE))
    return voice.say(phrases.MISSING_GROUPS, groups=voice.listed(_named(gap, voice) for gap in missing))


def _named(gap: Gap, voice: Voice) -> Span:
    return figures.group(gap.representation.variable, gap.group.name, gap.group.label, voice)


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
            return voice.say(
                phrases.FINDING_GAP,
                group=figures.group(representation.variable, group.name, group.label, voice, strong=True),
                heard=figures.share(group.heard, voice),
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
