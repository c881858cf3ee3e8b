"""What groups answered: tables of options by groups, and of numbers by groups."""

from collections.abc import Iterator

from bot.results.publication.records import Publication
from bot.results.records.breakdowns import Breakdown, GroupResult, Untested
from bot.results.records.items import ItemResult, RankedChoice
from bot.results.report import figures, phrases
from bot.results.report.findings import is_few
from bot.results.report.model import Block, Line, Paragraph, Section, Table, Tone
from bot.results.report.voice import Said, Voice, joined, line

GROUPS_A_TABLE = 5
"""So many groups fit on a page beside each other; more make another table."""


def appendix(publication: Publication, voice: Voice) -> Section | None:
    """Return what is not shown with its question; None where there is nothing, or groups are too few to be compared."""
    results = publication.results
    if is_few(results):
        return None
    rest: list[Section] = []
    for number, item in enumerate(results.items, 1):
        shown = [one for one in results.breakdowns_of(item.name) if not one.notable and one.groups]
        if shown:
            title = joined(f"{voice.number(number)}.", figures.question(item, voice))
            anchor = f"all-q{number}"
            parts = tuple(breakdown_section(one, item, voice, f"{anchor}-{one.variable}") for one in shown)
            rest.append(Section(anchor, title, (), parts))
    if not rest:
        return None
    return Section("appendix", line(voice.word(phrases.APPENDIX)), (), tuple(rest))


def breakdown_section(one: Breakdown, item: ItemResult, voice: Voice, anchor: str) -> Section:
    title = voice.say(phrases.BY, variable=figures.variable_of(one, voice))
    return Section(anchor, title, tuple(_blocks(one, item, voice)))


def _blocks(one: Breakdown, item: ItemResult, voice: Voice) -> Iterator[Block]:
    if one.untested is Untested.WITHHELD:
        verdict = phrases.TEST_WITHHELD
    elif one.untested is not None or not one.tests:
        verdict = phrases.UNTESTED
    else:
        verdict = phrases.MORE_THAN_CHANCE if one.notable else phrases.MAYBE_CHANCE
    notes = [line(voice.word(verdict))]
    if any(group.choices for group in one.groups):
        for start in range(0, len(one.groups), GROUPS_A_TABLE):
            yield _choices(one, one.groups[start : start + GROUPS_A_TABLE], item, voice)
        if any(choice.taken.weighted for group in one.groups for choice in group.choices):
            notes.append(line(voice.word(phrases.IN_BRACKETS)))
    else:
        yield _numbers(one, voice)
    if one.not_stated != 0:
        notes.append(voice.say(phrases.GROUP_UNKNOWN, n=figures.count(one.not_stated, voice)))
    yield Paragraph(joined(*notes), Tone.NOTE)


def _name(one: Breakdown, group: GroupResult, voice: Voice) -> Line:
    return line(figures.group(one.variable, group.name, group.label, voice))


def _choices(one: Breakdown, groups: tuple[GroupResult, ...], item: ItemResult, voice: Voice) -> Table:
    heads: list[Said] = [voice.word(phrases.ANSWER), voice.word(phrases.ALL)]
    heads += [_name(one, group, voice) for group in groups]
    answered: list[Said] = [voice.word(phrases.N), figures.count(item.base.answered, voice)]
    rows = [[*answered, *(figures.count(group.n, voice) for group in groups)]]
    options = item.choices or item.ranking
    for option in options:
        everybody = option.first if isinstance(option, RankedChoice) else option.taken
        row: list[Said] = [voice.label(option.label), figures.with_weighted(everybody, voice)]
        for group in groups:
            chosen = next((choice for choice in group.choices if choice.name == option.name), None)
            row.append(figures.with_weighted(chosen.taken, voice) if chosen else figures.NOTHING)
        rows.append(row)
    return figures.table((), heads, rows)


def _numbers(one: Breakdown, voice: Voice) -> Table:
    words = (phrases.GROUP, phrases.N, phrases.MEAN, phrases.RANGE, phrases.MEDIAN)
    heads: list[Said] = [voice.word(word) for word in words]
    rows: list[list[Said]] = [
        [
            _name(one, group, voice),
            figures.count(group.n, voice),
            figures.estimate(group.mean, voice),
            figures.values(group.mean.interval if group.mean else None, voice),
            figures.estimate(group.median, voice),
        ]
        for group in one.groups
    ]
    return figures.table((), heads, rows)
