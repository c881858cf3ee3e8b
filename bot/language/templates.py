"""What there is to translate, and how far a catalogue has come with it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from bot.core import phrases
from bot.language.extraction import entries, outreach_entries
from bot.language.reviews import UNREVIEWED

_PHRASE_KEYWORDS = {"phrase": ((1, "c"), 2), "words": ((1, "c"), 2)}
WIDTH = 100
"""Columns of a line of a catalogue."""
_WORD_LISTS = "words."
"""Begins the context of every list of words in `bot.core.phrases`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries of a template a catalogue has translated, marked as fuzzy, and not translated."""

    translated: int
    fuzzy: int
    missing: int

    @property
    def is_complete(self) -> bool:
        return not self.fuzzy and not self.missing


def bot_template(at: datetime) -> Catalog:
    """Return the template of what the bot itself says and understands."""
    return phrase_template("bot", Path(phrases.__file__), at)


def phrase_template(domain: str, source: Path, at: datetime) -> Catalog:
    """Return the template of the phrases in a module, as `bot.core.phrases` has them."""
    template = _template(domain, at)
    with source.open("rb") as file:
        found = extract("python", file, _PHRASE_KEYWORDS, ("Translators:",), strip_comment_tags=True)
        for line, message, comments, context in found:
            template.add(message, locations=[(source.name, line)], auto_comments=comments, context=context)
    return template


def consultation_template(path: Path, at: datetime) -> Catalog:
    """Return the template of a consultation file, with the texts of the outreach file beside it.

    Raises yaml.YAMLError where a file is no YAML.
    """
    template = _template(path.stem, at)
    beside = path.with_name(f"{path.stem}.outreach.yaml")
    found = [(path, entry) for entry in entries(path.read_bytes())]
    found += [(beside, entry) for entry in outreach_entries(beside.read_bytes())] if beside.exists() else []
    for file, entry in found:
        template.add(
            entry.wording,
            locations=[(file.name, entry.line)],
            auto_comments=[entry.comment],
            context=entry.context,
        )
    return template


def merged(template: Catalog, content: bytes) -> bytes:
    """Return a catalogue's `.po` file brought up to date with its template, with all that translators wrote in it.

    Nothing is guessed from similar wordings: where the source wording changed, the translation is set aside as
    obsolete, for a translator to look at, and comes back with its wording. Only a list of words keeps its translation
    then, because its English words are not what it translates. Comments, flags, earlier wordings (`#|`) and headers,
    known or not, stay as Poedit, Weblate and people write them; Babel would lose most. Only the earlier wording of an
    entry that is obsolete itself (`#~|`), which tools write, goes.
    """
    catalogue = polib.pofile(content.decode(), wrapwidth=WIDTH)
    held: dict[tuple[str | None, str], polib.POEntry] = {
        (entry.msgctxt, entry.msgid): entry for entry in reversed(catalogue)
    }
    lists: dict[str | None, polib.POEntry] = {
        entry.msgctxt: entry for entry in catalogue if entry.msgstr and not entry.obsolete
    }
    wanted: list[polib.POEntry] = []
    for message in template:
        if not message.id:
            continue
        entry = held.pop((message.context, str(message.id)), None)
        known = lists.get(message.context)
        if entry is None or (not entry.msgstr and known is not None):
            entry = _renewed(message, known) or entry or _entry(message)
        entry.occurrences = [(name, "") for name in dict.fromkeys(name for name, _ in message.locations)]
        entry.comment = "\n".join(message.auto_comments)
        entry.obsolete = False
        wanted.append(entry)
    taken = {id(entry) for entry in wanted}
    replaced = {entry.msgctxt for entry in wanted if (entry.msgctxt or "").startswith(_WORD_LISTS)}
    for entry in catalogue:
        if id(entry) not in taken and (entry.msgstr or entry.tcomment) and entry.msgctxt not in replaced:
            entry.obsolete = True
            entry.occurrences, entry.comment = [], ""
            wanted.append(entry)
    catalogue[:] = wanted
    return f"{str(catalogue).rstrip()}\n".encode()


def _entry(message: Message) -> polib.POEntry:
    return polib.POEntry(msgctxt=message.context, msgid=str(message.id))


def _renewed(message: Message, known: polib.POEntry | None) -> polib.POEntry | None:
    """Return the entry of a list of words whose English words changed, with what was translated before."""
    if known is None or not (message.context or "").startswith(_WORD_LISTS):
        return None
    entry = _entry(message)
    entry.msgstr, entry.flags, entry.tcomment = known.msgstr, known.flags, known.tcomment
    return entry


def new_catalogue(template: Catalog, language: str, at: datetime) -> Catalog:
    """Return a catalogue of a language with nothing translated. CLDR need not know the language."""
    catalogue = _template(template.domain or "", at, language)
    catalogue.header_comment += f"\n# {UNREVIEWED}"
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return the bytes of a catalogue's `.po` file.

    Places are written without lines, so that a new line at the top of a consultation changes no catalogue.
    """
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False)
    return file.getvalue()


def progress(template: Catalog, catalogue: Catalog | None) -> Progress:
    """Return how far a catalogue (None: there is none) has come with a template."""
    wanted = [message for message in template if message.id]
    found = [catalogue.get(message.id, message.context) if catalogue else None for message in wanted]
    translated = sum(1 for message in found if message and message.string and not message.fuzzy)
    fuzzy = sum(1 for message in found if message and message.string and message.fuzzy)
    return Progress(translated, fuzzy, len(wanted) - translated - fuzzy)


_TOLD = {"bot": "what the bot says", "report": "what a report says", "poster": "what posters say"}


def _template(domain: str, at: datetime, language: str | None = None) -> Catalog:
    return Catalog(
        locale=language,
        domain=domain,
        header_comment=f"# Heard: {_TOLD.get(domain, domain)}.",
        project="Heard",
        version="0.1",
        msgid_bugs_address="",
        creation_date=at,
        charset="utf-8",
        fuzzy=False,
    )
