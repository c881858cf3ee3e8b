"""The texts of a consultation file, handed to translators: a Babel extractor (entry point `flow`).

It reads the YAML's nodes, not its values, because they know their lines, and it takes what it finds as it finds it: a
file with faults still gives the texts that can be read, and `heard check` tells what is wrong with it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, NamedTuple

import yaml

from bot.core.limits import LIMITS


class Entry(NamedTuple):
    """A text for translators: its line (from 1), its place (msgctxt), its wording, and what it is."""

    line: int
    context: str
    wording: str
    comment: str


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Extracted = tuple[int, str, tuple[str, str], list[str]]
"""What Babel wants of an extractor: line, gettext function, its arguments, comments for translators."""

_ITEM_TEXTS = {
    "label": "Question {name}",
    "sms_label": "Question {name}, shorter, for SMS",
    "hint": "Said when a person asks for help with question {name}",
    "constraint_message": "Said when the answer to question {name} does not fit",
}
_SILENT_LABELS = {"group": "Title of the group {name}, for organisers"}
_OWN_LABELS = {"repeat": "What is repeated in {name}", "note": "Message {name}"}
_CHOICE_TEXTS = {
    "label": "Choice {name} of {of}",
    "sms_label": "Choice {name} of {of}, shorter, for SMS",
}
_CONSENT_TEXTS = {
    "ask": "Asked before the first question: who asks, what for, how to stop",
    "sms_ask": "Asked before the first question, shorter, for SMS",
    "refused": "Said to a person who does not want to take part",
}
_ENDING_TEXTS = {
    "thanks": "Said after the last question",
    "not_eligible": "Said to a person whom the consultation is not for",
    "screened_out": "Said when enough people like this one were heard",
    "move": "Said to a person who wants to go on in another app. Keep ${{code}}",
}


_SIGNED_TEXTS = {"signed": "Who writes: it begins an invitation or a reminder that does not say so itself"}
_WORDING_TEXTS = {
    "text": "Invitation {name}: to people who have not written to us. Say how to stop",
    "sms_text": "Invitation {name}, shorter, for SMS: to people who have not written to us. Say how to stop",
}
_REMINDER_TEXTS = {
    "invited": "Reminds a person who was invited and has not answered",
    "paused": "Reminds a person who has not gone on; the question follows it",
    "last": "Said in place of a last reminder: we write no more, and they may still answer",
}
_POSTER_TEXTS = {
    "asked_by": "On posters: who asks",
    "headline": "On posters: the largest words",
    "cost": "On posters: what a message costs",
}
_REFERRAL_TEXTS = {"text": "Offers codes to pass on to others, after the thanks"}
_HELP_TEXTS = {
    "text": "Said to who needs a person. Others may read it on the phone: it must not tell what it is about",
    "line": "Names a help line. Others may read it on the phone: it must not tell what it is about",
    "hours": "Says when a person answers",
}


def extract_flow(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[Extracted]:
    """Yield the texts of a consultation file, or of the outreach file beside it, as Babel's extractors do.

    Raises yaml.YAMLError where the file is no YAML.
    """
    content = fileobj.read(LIMITS.file_bytes)
    for entry in (*entries(content), *outreach_entries(content)):
        yield entry.line, "pgettext", (entry.context, entry.wording), [entry.comment]


def entries(content: bytes) -> Iterator[Entry]:
    """Yield the texts of a consultation file, in its order.

    Raises yaml.YAMLError where the file is no YAML.
    """
    top = _fields(yaml.compose(content, Loader=_LOADER))
    yield from _texts("", top, {"title": "Title of the consultation"})
    consent = top.get("consent")
    if isinstance(consent, yaml.ScalarNode):
        yield from _texts("consent.", {"ask": consent}, _CONSENT_TEXTS)
    else:
        yield from _texts("consent.", _fields(consent), _CONSENT_TEXTS)
    for name, listed in _fields(top.get("choice_lists")).items():
        yield from _choices(f"choice_lists.{name}", name, listed)
    yield from _items(top.get("items"), set())
    yield from _texts("", top, _ENDING_TEXTS)


def outreach_entries(content: bytes) -> Iterator[Entry]:
    """Yield the texts of an outreach file, in its order.

    Raises yaml.YAMLError where the file is no YAML.
    """
    top = _fields(yaml.compose(content, Loader=_LOADER))
    yield from _texts("outreach.sending.", _fields(top.get("sending")), _SIGNED_TEXTS)
    for node in _elements(_fields(top.get("invitation")).get("wordings")):
        wording = _fields(node)
        name = _plain(wording.get("name"))
        if name:
            yield from _texts(f"outreach.invitation.{name}.", wording, _WORDING_TEXTS, name)
    yield from _texts("outreach.reminders.", _fields(top.get("reminders")), _REMINDER_TEXTS)
    yield from _texts("outreach.poster.", _fields(top.get("poster")), _POSTER_TEXTS)
    yield from _texts("outreach.referral.", _fields(top.get("referral")), _REFERRAL_TEXTS)
    yield from _texts("outreach.help.", _fields(top.get("help")), _HELP_TEXTS)


def _items(listed: yaml.Node | None, seen: set[int]) -> Iterator[Entry]:
    for node in _elements(listed):
        # An alias is met once: aliases of aliases would make a small file endless.
        if id(node) in seen or len(seen) >= LIMITS.items:
            continue
        seen.add(id(node))
        item = _fields(node)
        name, kind = _plain(item.get("name")), _plain(item.get("type"))
        if not name:
            continue
        label = _SILENT_LABELS.get(kind) or _OWN_LABELS.get(kind) or _ITEM_TEXTS["label"]
        yield from _texts(f"{name}.", item, {**_ITEM_TEXTS, "label": label}, name)
        yield from _choices(name, name, item.get("choices"))
        yield from _items(item.get("items"), seen)


def _choices(place: str, of: str, listed: yaml.Node | None) -> Iterator[Entry]:
    for node in _elements(listed)[: LIMITS.choices]:
        choice = _fields(node)
        name = _plain(choice.get("name"))
        if name:
            yield from _texts(f"{place}.{name}.", choice, _CHOICE_TEXTS, name, of)


def _texts(
    place: str, fields: Mapping[str, yaml.Node], wanted: Mapping[str, str], name: str = "", of: str = ""
) -> Iterator[Entry]:
    for key, comment in wanted.items():
        node = fields.get(key)
        wording = _plain(node)
        if node is not None and wording:
            yield Entry(node.start_mark.line + 1, f"{place}{key}", wording, comment.format(name=name, of=of))


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {_plain(key): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _elements(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _plain(node: yaml.Node | None) -> str:
    """Return a scalar as written, without blanks around it; "" for anything else."""
    return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
