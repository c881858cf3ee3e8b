"""A catalogue brought up to date with its template, and otherwise left to the letter as it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polib
from babel.messages.catalog import Catalog, Message

from bot.language.templates import WIDTH

_NO_HEAD = 'msgid ""\nmsgstr ""\n\n'
"""What stands before an entry that is read alone: polib would take the first comments for those of a head."""
_WORD_LISTS = "words."
"""Begins the context of every list of words in `bot.core.phrases`."""


@dataclass(frozen=True, slots=True)
class _Held:
    """An entry, and its lines while they say what it does; None where they have to be written anew."""

    entry: polib.POEntry
    lines: str | None = None

    @property
    def place(self) -> tuple[str | None, str]:
        return self.entry.msgctxt, self.entry.msgid

    @property
    def text(self) -> str:
        return self.entry.__unicode__(wrapwidth=WIDTH).strip() if self.lines is None else self.lines


def updated(template: Catalog, content: bytes) -> bytes:
    """Return a catalogue's `.po` file brought up to date with its template, with all that translators wrote in it.

    Nothing is guessed from similar wordings: where the source wording changed, the translation is set aside as
    obsolete, for a translator to look at, and comes back with its wording. Only a list of words keeps its translation
    then, because its English words are not what it translates. Comments, flags, earlier wordings (`#|`) and headers,
    known or not, stay as Poedit, Weblate and people write them; Babel would lose most. What did not change keeps its
    very lines: each tool breaks them elsewhere, and a diff shows only what is new. Only the earlier wording of an entry
    that becomes obsolete or comes back (`#~|`), which tools write, goes.
    """
    head, entries, tail = _read(content.decode())
    held = {one.place: one for one in reversed(entries)}
    lists: dict[str | None, polib.POEntry] = {
        one.entry.msgctxt: one.entry for one in entries if one.entry.msgstr and not one.entry.obsolete
    }
    wanted: list[_Held] = []
    taken: set[int] = set()
    for message in template:
        if not message.id:
            continue
        found = held.pop((message.context, str(message.id)), None)
        known = lists.get(message.context)
        if found is None or (not found.entry.msgstr and known is not None):
            renewed = _renewed(message, known)
            found = _Held(renewed) if renewed else found or _Held(_entry(message))
        taken.add(id(found.entry))
        wanted.append(_in_use(found, message))
    replaced = {one.entry.msgctxt for one in wanted if (one.entry.msgctxt or "").startswith(_WORD_LISTS)}
    for one in entries:
        is_said = one.entry.msgstr or one.entry.tcomment
        if id(one.entry) not in taken and is_said and one.entry.msgctxt not in replaced:
            wanted.append(_set_aside(one))
    return "\n\n".join([*head, *(one.text for one in wanted), *tail]).encode() + b"\n"


def _read(text: str) -> tuple[Sequence[str], Sequence[_Held], Sequence[str]]:
    """Return the head of a catalogue, as it is written, its entries with their lines, and comments below the last."""
    head: list[str] = []
    entries: list[_Held] = []
    tail: list[str] = []
    for lines in _parts(text):
        read = polib.pofile(f"{_NO_HEAD}{lines}\n")
        if len(read) and read[0].msgid:
            entries.append(_Held(read[0], lines))
        else:
            (head if len(read) else tail).append(lines)
    return head, entries, tail


def _parts(text: str) -> Iterator[str]:
    """Yield the head of a catalogue and its entries one by one: each ends with its translation."""
    lines: list[str] = []
    is_translation = False
    for line in text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"):
        said = line.removeprefix("#~").lstrip()
        if is_translation and not said.startswith(('"', "msgstr")):
            yield "\n".join(lines)
            lines, is_translation = [], False
        if said.startswith("msgstr"):
            is_translation = True
        if line.strip():
            lines.append(line)
    if lines:
        yield "\n".join(lines)


def _in_use(held: _Held, message: Message) -> _Held:
    """Return an entry as its template has it."""
    entry, is_same = held.entry, not held.entry.obsolete
    places = [(name, "") for name in dict.fromkeys(name for name, _ in message.locations)]
    if entry.occurrences != places:
        entry.occurrences, is_same = places, False
    # One paragraph, however the source breaks it: lines broken twice are ragged.
    comment = " ".join(" ".join(message.auto_comments).split())
    if " ".join(entry.comment.split()) != comment:
        entry.comment, is_same = comment, False
    entry.obsolete = False
    return held if is_same else replace(held, lines=None)


def _set_aside(held: _Held) -> _Held:
    """Return an entry that no template has any more."""
    entry = held.entry
    if entry.obsolete and not entry.occurrences and not entry.comment:
        return held
    entry.obsolete = True
    entry.occurrences, entry.comment = [], ""
    return replace(held, lines=None)


def _entry(message: Message) -> polib.POEntry:
    return polib.POEntry(msgctxt=message.context, msgid=str(message.id))


def _renewed(message: Message, known: polib.POEntry | None) -> polib.POEntry | None:
    """Return the entry of a list of words whose English words changed, with what was translated before."""
    if known is None or not (message.context or "").startswith(_WORD_LISTS):
        return None
    entry = _entry(message)
    entry.msgstr, entry.flags, entry.tcomment = known.msgstr, known.flags, known.tcomment
    return entry
