"""The `.po` files themselves, read as translators leave them; nothing is compiled."""

import unicodedata
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.core.limits import LIMITS
from bot.core.problems import Problem
from bot.errors import FlowsError


def catalogue_path(locales: Path, language: str, domain: str) -> Path:
    """Return where a catalogue stands; gettext writes `pt_BR` for the language `pt-BR`."""
    return locales / language.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(path: Path) -> Catalog:
    """Return the catalogue of a `.po` file; FlowsError, with the place, where it cannot be read."""
    try:
        if path.stat().st_size > LIMITS.file_bytes:
            raise FlowsError([_unreadable(path, f"The file is larger than {LIMITS.file_bytes} bytes.")])
        with path.open("rb") as file:
            # The earlier wording of an obsolete entry, as msgmerge and Poedit keep it, is no line to Babel.
            lines = (b"\n" if line.lstrip().startswith(b"#~|") else line for line in file)
            return read_po(lines, ignore_obsolete=True, abort_invalid=True)
    except FileNotFoundError:
        raise FlowsError([_absent(path)]) from None
    except PoFileError as fault:
        raise FlowsError([_unreadable(path, f"{fault}.", fault.lineno + 1)]) from None
    except UnicodeDecodeError:
        raise FlowsError([_unreadable(path, "The file is not in UTF-8.")]) from None
    except (OSError, ValueError, LookupError) as fault:
        raise FlowsError([_unreadable(path, f"The file cannot be read: {fault}.")]) from None


def finished(catalogue: Catalog) -> dict[tuple[str, str], str]:
    """Return the translations by place and source wording, without those that are empty or marked fuzzy.

    Letters are composed (NFC): a letter and its accent apart would cost two characters of an SMS.
    """
    return {
        (message.context or "", message.id.strip()): unicodedata.normalize("NFC", message.string).strip()
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and isinstance(message.string, str)
        and message.string.strip()
        and not message.fuzzy
    }


def _absent(path: Path) -> Problem:
    return Problem(
        "catalogue-missing",
        (),
        "There is no such catalogue.",
        "Run `heard languages update` to make it, and translate its entries.",
        file=str(path),
    )


def _unreadable(path: Path, message: str, line: int | None = None) -> Problem:
    return Problem(
        "catalogue-unreadable",
        (),
        message,
        "Open the file in Poedit, which shows the entry that is broken, and save it in UTF-8.",
        file=str(path),
        line=line,
    )
