"""A whole report from what is published: the one model that every format is written from."""

from collections.abc import Iterator
from dataclasses import replace

from bot.errors import ReportError
from bot.results.publication.records import Publication
from bot.results.report import phrases
from bot.results.report.breakdowns import appendix
from bot.results.report.glance import glance
from bot.results.report.method import citing, method, read_box
from bot.results.report.model import Document, Line
from bot.results.report.people import equity, heard
from bot.results.report.questions import questions
from bot.results.report.voice import Voice, joined, line
from bot.results.report.words import decisions, voices


def build(publication: Publication, voice: Voice) -> Document:
    """Return a publication as a report in the language of a voice.

    Raises:
        ReportError: what is to be published did not pass its audit.
    """
    protection = publication.protection
    if protection is not None and not protection.audited:
        raise ReportError(
            "these results did not pass the audit of what they could tell about single people, so they are not "
            "published"
        )
    first = glance(publication, voice)
    findings, box = first.sections[0], read_box(publication, voice)
    if box is not None:
        findings = replace(findings, blocks=(*findings.blocks, box))
    chapters = [
        replace(first, sections=(findings,)),
        questions(publication, voice),
        heard(publication, voice),
        equity(publication, voice),
        voices(publication, voice),
        decisions(publication, voice),
        method(publication, voice),
        appendix(publication, voice),
        citing(publication, voice),
    ]
    return Document(
        language=voice.language,
        title=line(voice.label(publication.results.title)),
        kind=voice.word(phrases.KIND),
        about=tuple(_about(publication, voice)),
        banner=voice.word(phrases.PREVIEW) if publication.is_preview else None,
        contents=voice.word(phrases.CONTENTS),
        sections=tuple(one for one in chapters if one is not None),
    )


def _about(publication: Publication, voice: Voice) -> Iterator[Line]:
    if publication.organiser is not None:
        yield line(publication.organiser.name)
    told = [voice.say(phrases.AS_OF, date=voice.day(publication.moment.date()))]
    if publication.protection is not None:
        told.append(voice.say(phrases.RELEASE, number=voice.number(publication.protection.release)))
    yield joined(*told, by=" · ")
