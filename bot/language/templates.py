"""What there is to translate, and how far a catalogue has come with it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from bot.core import phrases
from bot.language.extraction import entries

_PHRASE_KEYWORDS = {"phrase": ((1, "c"), 2), "words": ((1, "c"), 2)}
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
    template = _template("bot", at)
    source = Path(phrases.__file__)
    with source.open("rb") as file:
        found = extract("python", file, _PHRASE_KEYWORDS, ("Translators:",), strip_comment_tags=True)
        for line, message, comments, context in found:
            template.add(message, locations=[(source.name, line)], auto_comments=comments, context=context)
    return template


def consultation_template(path: Path, at: datetime) -> Catalog:
    """Return the template of a consultation file. Raises yaml.YAMLError where the file is no YAML."""
    template = _template(path.stem, at)
    for entry in entries(path.read_bytes()):
        template.add(
            entry.wording,
            locations=[(path.name, entry.line)],
            auto_comments=[entry.comment],
            context=entry.context,
        )
    return template


def merge(template: Catalog, catalogue: Catalog) -> None:
    """Bring a catalogue up to date with its template, in place.

    Nothing is guessed from similar wordings: where the source wording changed, the translation is set aside as
    obsolete, for a translator to look at. Only a list of words keeps its translation then, because its English words
    are not what it translates.
    """
    before = {message.context: message for message in catalogue if message.id}
    catalogue.update(template, no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False)
    for message in catalogue:
        known = before.get(message.context)
        if message.id and not message.string and known and (message.context or "").startswith(_WORD_LISTS):
            message.string, message.flags = known.string, known.flags
    for key, message in list(catalogue.obsolete.items()):
        if (message.context or "").startswith(_WORD_LISTS):
            del catalogue.obsolete[key]


def new_catalogue(template: Catalog, language: str, at: datetime) -> Catalog:
    """Return a catalogue of a language with nothing translated. CLDR need not know the language."""
    catalogue = _template(template.domain or "", at, language)
    merge(template, catalogue)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return the bytes of a catalogue's `.po` file.

    Places are written without lines, so that a new line at the top of a consultation changes no catalogue.
    """
    file = BytesIO()
    write_po(file, catalogue, width=100, include_lineno=False)
    return file.getvalue()


def progress(template: Catalog, catalogue: Catalog | None) -> Progress:
    """Return how far a catalogue (None: there is none) has come with a template."""
    wanted = [message for message in template if message.id]
    found = [catalogue.get(message.id, message.context) if catalogue else None for message in wanted]
    translated = sum(1 for message in found if message and message.string and not message.fuzzy)
    fuzzy = sum(1 for message in found if message and message.string and message.fuzzy)
    return Progress(translated, fuzzy, len(wanted) - translated - fuzzy)


def _template(domain: str, at: datetime, language: str | None = None) -> Catalog:
    return Catalog(
        locale=language,
        domain=domain,
        header_comment=f"# Heard: {'what the bot says' if domain == 'bot' else domain}.",
        project="Heard",
        version="0.1",
        msgid_bugs_address="",
        creation_date=at,
        charset="utf-8",
        fuzzy=False,
    )
