"""Feeds by RFC 4287: what was published of a consultation, and what was answered to its findings."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lxml import etree

from bot.core.findings import Change, Finding, FindingState
from bot.store.feeds import FeedName
from bot.store.releases import Listed

ATOM = "http://www.w3.org/2005/Atom"
CONTENT_TYPE = "application/atom+xml"

_ILLEGIBLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MOST_ENTRIES = 100
"""The newest; what is older has been read long since."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `name` is the end of its id, which never changes; `updated` is when it last said something else."""

    name: str
    title: str
    text: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of a consultation, at an address of its own, called by a name that outlives that address."""

    consultation: str
    title: str
    language: str
    address: str
    name: FeedName
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        return max(one.updated for one in self.entries)


def entries(releases: Sequence[Listed], findings: Iterable[Finding], today: date) -> tuple[Entry, ...]:
    """Return what a feed says of releases and of findings, the newest first, as things stand on a day."""
    found = [*map(_released, releases), *(one for each in findings for one in _answered(each, today))]
    return tuple(sorted(found, key=lambda one: (one.updated, one.name), reverse=True)[:MOST_ENTRIES])


def _released(release: Listed) -> Entry:
    name, title = f"release/{release.number}", f"Results, release {release.number}"
    if release.withdrawn_at is None:
        text = f"Results as they stood on {release.released_at:%Y-%m-%d} were published."
        return Entry(name, title, text, release.released_at, release.released_at)
    text = "This release was withdrawn. Please do not use its figures any more."
    return Entry(name, f"{title}: withdrawn", text, release.released_at, release.withdrawn_at)


_ANSWERS = {
    FindingState.HEARD: "It was heard; {owner} is to answer it.",
    FindingState.ACCEPTED: "It was accepted by {owner}.",
    FindingState.PARTLY: "It was accepted in part by {owner}.",
    FindingState.REJECTED: "It was rejected by {owner}.",
    FindingState.REFERRED: "It was referred to {referred_to}.",
    FindingState.DONE: "It was done.",
}


def _answered(finding: Finding, today: date) -> Iterator[Entry]:
    before: Change | None = None
    for change in finding.changes:
        # The day or the owner alone may have changed, which is nothing new to tell.
        if before is not None and change.state is not before.state:
            words = [_ANSWERS[change.state].format(owner=change.owner, referred_to=change.referred_to)]
            words += [f"Why: {change.reason}"] if change.reason else []
            words += [f"By {change.due}."] if change.due else []
            yield Entry(
                f"finding/{finding.id}/{change.number}",
                f"{finding.title}: {change.state}",
                " ".join(words),
                change.at,
                change.at,
            )
        before = change
    due = finding.now.due
    if due is not None and finding.is_overdue(today):
        since = datetime.combine(due + timedelta(days=1), time(), UTC)
        text = f"{finding.now.owner} was to answer this by {due}."
        name, title = f"finding/{finding.id}/overdue/{due}", f"{finding.title}: overdue"
        yield Entry(name, title, text, since, since)


def written(feed: Feed) -> bytes:
    """Return a feed as XML; it has at least one entry."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _add(root, "id", _tag(feed, "feed"))
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _add(_add(root, "author"), "name", feed.title)
    _add(root, "link", rel="self", type=CONTENT_TYPE, href=feed.address)
    _add(root, "generator", "Heard")
    for one in feed.entries:
        entry = _add(root, "entry")
        _add(entry, "id", _tag(feed, one.name))
        _add(entry, "title", one.title)
        _add(entry, "published", _moment(one.published))
        _add(entry, "updated", _moment(one.updated))
        _add(entry, "content", one.text, type="text")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = None if text is None else _legible(text)
    return child


def _tag(feed: Feed, name: str) -> str:
    """Return an id by RFC 4151, which stays the same wherever the feed is."""
    return f"tag:{feed.name.authority},{feed.name.day}:{feed.consultation}/{name}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _legible(text: str) -> str:
    """Return a text without the characters that XML 1.0 (2.2) has no place for."""
    return _ILLEGIBLE.sub("", text)
