"""How the figures came about, what they cannot tell, and how to cite them."""

from collections.abc import Collection, Iterator

from bot.results.publication.records import Publication
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.results import Results
from bot.results.records.weighting import Weighting
from bot.results.report import figures, phrases
from bot.results.report.model import Box, Line, Paragraph, Points, Section, Span, Table
from bot.results.report.voice import Said, Voice, joined, line
from bot.results.selection import Selection

FEW = frozenset({NoticeCode.FEW_RESPONDENTS})
"""Told on the first page, in place of findings."""


def read_box(publication: Publication, voice: Voice) -> Box | None:
    """Return what has to be known to read any figure of the report; None where there is none."""
    if publication.results.consented == 0:
        return None
    return Box(line(voice.word(phrases.READ)), tuple(_read(publication, voice)))


def _read(publication: Publication, voice: Voice) -> Iterator[Line]:
    results, protection = publication.results, publication.protection
    yield line(voice.word(phrases.READ_SELF))
    taken = results.participation
    if taken.invited is None or (taken.response is not None and taken.response.rate is None):
        yield line(voice.word(phrases.READ_RATE))
    yield line(voice.word(phrases.READ_RANGE))
    yield line(voice.word(phrases.READ_N))
    if results.weighting is not None and results.weighting.applied:
        yield voice.say(phrases.READ_WEIGHTED, variables=_variables(results, results.weighting, voice))
    if protection is not None:
        yield voice.say(
            phrases.READ_WITHHELD,
            threshold=voice.number(protection.threshold),
            base=voice.number(protection.rounding),
        )


def method(publication: Publication, voice: Voice) -> Section:
    points = Points(tuple(_points(publication, voice)))
    outcomes = Section(
        "outcomes", line(voice.word(phrases.OUTCOMES)), (_outcomes(publication.results, voice),)
    )
    turnout = publication.results.participation.turnout
    # Where not even is told how many wrote in, a table would tell the same in every row.
    ended = (outcomes,) if turnout.outcomes and turnout.started is not None else ()
    return Section("method", line(voice.word(phrases.METHOD)), (points,), ended)


def _points(publication: Publication, voice: Voice) -> Iterator[Line]:
    results, protection = publication.results, publication.protection
    if not results.selection.is_everybody:
        filters = voice.listed(_filters(results, results.selection, voice))
        yield voice.say(phrases.METHOD_SELECTION, filters=filters)
    yield line(voice.word(phrases.METHOD_RATES))
    yield line(voice.word(phrases.METHOD_RANGES))
    if results.weighting is not None and results.weighting.applied:
        held = results.weighting
        yield voice.say(
            phrases.METHOD_WEIGHTS,
            variables=_variables(results, held, voice),
            effect=figures.NOTHING if held.design_effect is None else voice.number(held.design_effect, 2),
            n=figures.NOTHING if held.effective is None else voice.number(held.effective),
        )
    if protection is not None:
        yield voice.say(phrases.METHOD_PROTECTION, n=voice.number(protection.withheld))
    yield from notices(results, frozenset(phrases.NOTICES) - FEW, voice)
    source = publication.languages[0]
    if voice.language != source and not is_translated(results, voice):
        yield voice.say(phrases.UNTRANSLATED, language=voice.name_of_language(source))


def notices(results: Results, codes: Collection[NoticeCode], voice: Voice) -> Iterator[Line]:
    """Yield the warnings of some kinds, in words."""
    return (_notice(results, one, voice) for one in results.notices if one.code in codes)


def is_translated(results: Results, voice: Voice) -> bool:
    """Return whether every text of the consultation that a report shows is in its language."""
    labels = [results.title, *(item.label for item in results.items if item.label is not None)]
    for item in results.items:
        labels += [choice.label for choice in item.choices] + [choice.label for choice in item.ranking]
    return all(map(voice.knows, labels))


def _notice(results: Results, notice: Notice, voice: Voice) -> Line:
    values: dict[str, Said] = {}
    labels = {item.name: figures.question(item, voice) for item in results.items}
    variable = str(notice.values.get("variable", ""))
    for name, value in notice.values.items():
        match name:
            case "item":
                values["question"] = labels.get(str(value), Span(str(value)))
            case "category":
                values["group"] = _category(results, variable, str(value), voice)
            case "categories":
                names = str(value).split(", ")
                values["groups"] = voice.listed(_category(results, variable, one, voice) for one in names)
            case "gap":
                values[name] = voice.percent(float(value))
            case _:
                values[name] = value if isinstance(value, str) else voice.figure(value)
    return voice.say(phrases.NOTICES[notice.code], **values)


def _category(results: Results, variable: str, name: str, voice: Voice) -> Span:
    known = {
        (one.variable, group.name): group.label for one in results.representation for group in one.groups
    }
    return figures.group(variable, name, known.get((variable, name)), voice)


def _variables(results: Results, weighting: Weighting, voice: Voice) -> Line:
    labels = {one.variable: one.label for one in results.representation}
    return voice.listed(figures.variable(name, labels.get(name), voice) for name in weighting.variables)


def _filters(results: Results, selection: Selection, voice: Voice) -> Iterator[Said]:
    if selection.since is not None:
        yield f"≥ {voice.day(selection.since)}"
    if selection.until is not None:
        yield f"≤ {voice.day(selection.until)}"
    yield from map(voice.name_of_channel, selection.channels)
    yield from map(voice.name_of_language, selection.languages)
    for variable, categories in selection.where.items():
        for category in categories:
            yield _category(results, variable, category, voice)


def _outcomes(results: Results, voice: Voice) -> Table:
    heads: list[Said] = [voice.word(one) for one in (phrases.OUTCOMES, phrases.CODE, phrases.N)]
    rows: list[list[Said]] = [
        [
            voice.word(phrases.DISPOSITIONS[one.disposition]),
            one.aapor_code or figures.NOTHING,
            figures.count(one.count, voice),
        ]
        for one in results.participation.turnout.outcomes
    ]
    return figures.table((), heads, rows)


# --- citing


def citing(publication: Publication, voice: Voice) -> Section:
    results, organiser = publication.results, publication.organiser
    parts: list[Said] = [organiser.name] if organiser else []
    parts += [voice.label(results.title), voice.word(phrases.KIND), voice.day(publication.moment.date())]
    if publication.protection is not None:
        parts.append(voice.say(phrases.RELEASE, number=voice.number(publication.protection.release)))
    blocks = [Paragraph(joined(joined(*parts, by=". "), "", by="."))]
    if organiser is not None and organiser.contact:
        blocks.append(Paragraph(line(organiser.contact)))
    return Section("cite", line(voice.word(phrases.CITE)), tuple(blocks))
