"""What a digest says of counts, releases and findings: pure, so that every case is a row of its tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.findings import Change, Finding
from bot.core.questionnaire import Text
from bot.digests.records import Code, Count, Digest, LanguageCount, Line, Words
from bot.results.publication.records import Publication
from bot.results.records.equity import Measure
from bot.results.records.figures import Interval
from bot.results.records.representation import Representation, RepresentedGroup
from bot.results.records.results import Results
from bot.store.progress import AskedAgain, LanguageProgress, Progress

THRESHOLD, ROUNDING = 10, 5
"""For counts by language until something is published: those of `bot.results.disclosure`, which loads what a server is
to do without."""

ENOUGH_ANSWERS = 100
"""Fewer answers in a language tell nothing of how it is understood."""
MANY_ASKED_AGAIN, TIMES_THE_REST = 0.1, 1.5
"""Questions asked again, of those answered, from which a language is warned of, where others have so much less."""
LOOKED_AT_WITHIN = timedelta(days=1)
"""Within which time somebody is to have looked at what is in the inbox, however long the organisers give themselves."""
MANY_LEFT, ENOUGH_ASKED = 0.1, 50
"""People who left at an item, of those who were asked it, from which that is warned of."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a digest is made of, all as it stands at `until`.

    `newest` is the last release that was not withdrawn and `before` the one before it; `released` is when the newest
    was, all None where there is none. `language` is the digest's, `source` that of the consultation's own wording: ""
    where nobody knows it. `waiting` are the people in the inbox whom nobody has looked at within `LOOKED_AT_WITHIN`:
    how many, and nothing of what they wrote.
    """

    consultation: str
    title: Text
    source: str
    language: str
    since: datetime
    until: datetime
    zone: str
    progress: Progress
    findings: Sequence[Finding]
    waiting: int = 0
    newest: Publication | None = None
    before: Publication | None = None
    released: datetime | None = None


def make_digest(ground: Ground) -> Digest:
    """Return what is new, what changed between the last two releases, and what to look at."""
    languages = ground.progress.by_language
    chosen = ground.newest.protection if ground.newest else None
    threshold, rounding = (chosen.threshold, chosen.rounding) if chosen else (THRESHOLD, ROUNDING)
    by_size = sorted(languages, key=lambda one: (-one.started, one.language))
    return Digest(
        consultation=ground.consultation,
        language=ground.language,
        title=_worded(ground.title, ground),
        since=ground.since,
        until=ground.until,
        zone=ground.zone,
        started=sum(one.started for one in languages),
        completed=sum(one.completed for one in languages),
        new_started=sum(one.new_started for one in languages),
        new_completed=sum(one.new_completed for one in languages),
        languages=tuple(_counted(one, threshold, rounding) for one in by_size),
        threshold=threshold,
        rounding=rounding,
        changes=tuple(_changes(ground)),
        warnings=tuple(_warnings(ground)),
    )


def _counted(one: LanguageProgress, threshold: int, rounding: int) -> LanguageCount:
    """Return counts that single nobody out: who speaks a language that few speak is known to those around them."""

    def shown(count: int) -> Count:
        return (count + rounding // 2) // rounding * rounding if count >= threshold else None

    counts = (one.started, one.completed, one.new_started, one.new_completed)
    return LanguageCount(one.language, *map(shown, counts))


def _worded(text: Text, ground: Ground) -> Words:
    """Return a text of the consultation in the digest's language, where it was translated into it."""
    wording = text.translations.get(ground.language) if ground.language != ground.source else None
    if wording is not None:
        return Words(wording.strip(), ground.language)
    return Words(text.source.strip(), ground.source or None)


def _known(ground: Ground, **texts: Text | None) -> Mapping[str, Words]:
    return {name: _worded(text, ground) for name, text in texts.items() if text is not None}


# --- what changed


def _changes(ground: Ground) -> Iterator[Line]:
    if ground.newest is not None and ground.released is not None and ground.released > ground.since:
        number = ground.newest.protection.release if ground.newest.protection else 0
        yield Line(Code.RELEASED, {"number": number})
        if ground.before is not None:
            yield from _differences(ground.before.results, ground.newest.results, ground)
            yield from _representation(ground.before.results, ground.newest.results, ground)
    for finding in ground.findings:
        yield from _answered(finding, ground.since)


def _differences(before: Results, now: Results, ground: Ground) -> Iterator[Line]:
    had, has = _notable(before), _notable(now)
    for code, keys, told in (
        (Code.DIFFERENCE_CAME, has.keys() - had.keys(), has),
        (Code.DIFFERENCE_WENT, had.keys() - has.keys(), had),
    ):
        for item, variable in sorted(keys):
            question, by = told[item, variable]
            values: dict[str, str | int] = {"item": item, "variable": variable}
            yield Line(code, values, _known(ground, question=question, variable=by))


def _notable(results: Results) -> Mapping[tuple[str, str], tuple[Text | None, Text | None]]:
    """Return what groups differ notably on: by item and variable, the question and what the variable is called."""
    labels = {one.name: one.label for one in results.items}
    return {
        (one.item, one.variable): (labels.get(one.item), one.label)
        for one in results.breakdowns
        if one.notable
    }


def _representation(before: Results, now: Results, ground: Ground) -> Iterator[Line]:
    had, has = _underheard(before), _underheard(now)
    shown = _heard(now)
    for key in sorted(has.keys() - had.keys()):
        yield _heard_line(Code.UNDERHEARD_CAME, *has[key], ground)
    for key in sorted(had.keys() - has.keys()):
        # What is withheld now has not become better by that.
        if key in shown and shown[key][1].ratio is not None:
            yield _heard_line(Code.UNDERHEARD_WENT, *shown[key], ground)


def _heard_line(code: Code, of: Representation, group: RepresentedGroup, ground: Ground) -> Line:
    percent = _percent(group.ratio or 0)
    values: dict[str, str | int] = {"variable": of.variable, "group": group.name, "percent": percent}
    return Line(code, values, _known(ground, variable=of.label, group=group.label))


Heard = Mapping[tuple[str, str], tuple[Representation, RepresentedGroup]]
"""Groups of the population by the variable and their name."""


def _heard(results: Results) -> Heard:
    return {
        (one.variable, group.name): (one, group) for one in results.representation for group in one.groups
    }


def _underheard(results: Results) -> Heard:
    """Return the groups that are heard less than their share, beyond what chance would do."""
    return {key: found for key, found in _heard(results).items() if _is_below(found[1].ratio_interval)}


def _is_below(interval: Interval | None) -> bool:
    return interval is not None and interval.high < 1


def _answered(finding: Finding, since: datetime) -> Iterator[Line]:
    before: Change | None = None
    for change in finding.changes:
        if before is not None and change.state is not before.state and change.at > since:
            words = {"title": finding.title, "owner": change.owner, "referred_to": change.referred_to}
            yield Line(Code.ANSWERED, {"state": change.state.value}, _organisers(words))
        before = change


def _organisers(words: Mapping[str, str | None]) -> Mapping[str, Words]:
    """Return words that organisers wrote, in a language of which nothing is stored."""
    return {name: Words(text, None) for name, text in words.items() if text is not None}


# --- what to look at


def _warnings(ground: Ground) -> Iterator[Line]:
    if ground.waiting:
        # First of all: somebody may be in danger.
        yield Line(Code.WAITING, {"number": ground.waiting})
    again = tuple(_asked_again(ground.progress.asked_again))
    yield from again
    if ground.newest is not None:
        yield from _left(ground.newest.results, ground)
        # What was published tells the same, and is older.
        told = {(Measure.ASK_AGAIN.value, line.values["language"]) for line in again}
        for line in _worse(ground.newest.results):
            if (line.values["measure"], line.values["group"]) not in told:
                yield line
    yield from _overdue(ground.findings, ground.until.date())


def _asked_again(counts: Sequence[AskedAgain]) -> Iterator[Line]:
    answers, again = sum(one.answers for one in counts), sum(one.again for one in counts)
    for one in counts:
        if one.answers < ENOUGH_ANSWERS:
            continue
        rate, others = one.again / one.answers, answers - one.answers
        rest = (again - one.again) / others if others >= ENOUGH_ANSWERS else 0.0
        if rate >= MANY_ASKED_AGAIN and rate >= rest * TIMES_THE_REST:
            shares = {"percent": _percent(rate), "rest": _percent(rest)}
            yield Line(Code.ASKED_AGAIN, {"language": one.language, **shares})


def _left(results: Results, ground: Ground) -> Iterator[Line]:
    for one in results.participation.left:
        share, base = one.left.share, one.left.base
        if share is not None and base is not None and base >= ENOUGH_ASKED and share >= MANY_LEFT:
            words = _known(ground, question=one.label)
            yield Line(Code.LEFT_AT, {"item": one.item, "percent": _percent(share)}, words)


def _worse(results: Results) -> Iterator[Line]:
    for rate, group in results.equity.worse:
        if rate.item is None and group.rate.share is not None and group.rest.share is not None:
            values = {
                "measure": rate.measure.value,
                "variable": rate.variable,
                "group": group.name,
                "percent": _percent(group.rate.share),
                "rest": _percent(group.rest.share),
            }
            yield Line(Code.WORSE, values)


def _overdue(findings: Sequence[Finding], today: date) -> Iterator[Line]:
    owed = [one for one in findings if one.is_overdue(today)]
    for one in sorted(owed, key=lambda one: (one.now.due or today, one.id)):
        words = {"title": one.title, "owner": one.now.owner}
        yield Line(Code.OVERDUE, {"due": str(one.now.due)}, _organisers(words))


def _percent(share: float) -> int:
    return round(share * 100)
