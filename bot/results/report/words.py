"""What people said in their own words, and what was answered to them."""

from collections.abc import Iterator

from bot.core.findings import FindingState
from bot.results.publication.records import Publication, PublishedFinding, PublishedQuote
from bot.results.report import figures, phrases
from bot.results.report.model import Block, Line, Paragraph, Quote, Section, Span, Table, Tone, plain
from bot.results.report.voice import Said, Voice, joined, line


def voices(publication: Publication, voice: Voice) -> Section:
    title = line(voice.word(phrases.VOICES))
    if not publication.quotes:
        return Section("voices", title, (Paragraph(line(voice.word(phrases.VOICES_NONE))),))
    sections = []
    for number, item in enumerate(publication.results.items, 1):
        quotes = [one for one in publication.quotes if one.item == item.name]
        if quotes:
            blocks = tuple(_quote(one, voice) for one in quotes)
            sections.append(Section(f"voices-{number}", line(figures.question(item, voice)), blocks))
    intro = Paragraph(line(voice.word(phrases.VOICES_INTRO)))
    return Section("voices", title, (intro,), tuple(sections))


def _quote(quote: PublishedQuote, voice: Voice) -> Quote:
    words = None if quote.words is None else voice.foreign(quote.words, quote.language)
    translated = None if quote.language == voice.language else quote.translations.get(voice.language)
    source = []
    if quote.group is not None:
        source.append(figures.group(quote.group.variable, quote.group.name, quote.group.label, voice))
    if quote.language is not None and quote.words is not None:
        source.append(Span(voice.name_of_language(quote.language)))
    return Quote(
        words,
        None if translated is None else Span(translated),
        plain(voice.term(voice.word(phrases.TRANSLATION), "")).rstrip(),
        joined(*source, by=" · "),
    )


def decisions(publication: Publication, voice: Voice) -> Section:
    title = line(voice.word(phrases.DECISIONS))
    blocks: tuple[Block, ...] = (Paragraph(line(voice.word(phrases.DECISIONS_NONE))),)
    if publication.findings:
        overdue = [one.title for one in publication.findings if one.is_overdue]
        late = voice.term(voice.word(phrases.OVERDUE), voice.listed(map(voice.label, overdue)))
        blocks = (*((Paragraph(late, Tone.WARNING),) if overdue else ()), _table(publication.findings, voice))
    return Section("decisions", title, blocks)


def _table(findings: tuple[PublishedFinding, ...], voice: Voice) -> Table:
    heads: list[Said] = [voice.word(one) for one in (phrases.YOU_SAID, phrases.WE_DID, phrases.OWNER)]
    rows: list[list[Said]] = [
        [voice.label(one.title), joined(*_done(one, voice)), joined(*_owed(one, voice), by=" · ")]
        for one in findings
    ]
    return figures.words_table((), heads, rows)


def _done(finding: PublishedFinding, voice: Voice) -> Iterator[Line]:
    state = voice.say(phrases.STATES[finding.state], name=finding.referred_to or "")
    day = finding.done_on if finding.state is FindingState.DONE else finding.decided
    dated = joined(state, f"({voice.day(day)})") if day else state
    yield joined(dated, "", by=".")
    if finding.reason is not None:
        yield line(voice.label(finding.reason))


def _owed(finding: PublishedFinding, voice: Voice) -> Iterator[Line]:
    yield line(finding.owner)
    if finding.due is not None:
        due = voice.say(phrases.DUE, date=voice.day(finding.due))
        late = line(Span(f" ({voice.word(phrases.OVERDUE)})", strong=True)) if finding.is_overdue else ()
        yield (*due, *late)
