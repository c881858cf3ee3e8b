"""What there is to translate, and how far a catalogue has come with it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from bot.core import phrases
from bot.language.extraction import entries, outreach_entries
from bot.language.reviews import UNREVIEWED

_PHRASE_KEYWORDS = {"phrase": ((1, "c"), 2), "words": ((1, "c"), 2)}
WIDTH = 100
"""Columns of a line of a catalogue."""


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


_TOLD = {
    **{"bot": "what the bot says", "digest": "what digests say"},
    **{"report": "what a report says", "poster": "what posters say"},
}


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
