"""Every version of a consultation that interviews were held with."""

from collections.abc import Mapping
from pathlib import Path

from bot.core.problems import nearest
from bot.core.questionnaire import Questionnaire
from bot.errors import UnknownConsultation
from bot.flowfiles.folder import rebuild
from bot.store.database import Database
from bot.store.reading import consultations, documents


async def published(engine: Database, consultation: str, locales: Path) -> tuple[Questionnaire, ...]:
    """Return every version of a consultation that was ever offered, the newest first.

    Raises:
        UnknownConsultation: none of that id was; its text names those that were.
    """
    stored: Mapping[str, str] = await documents(engine, consultation)
    if not stored:
        raise await _unknown(engine, consultation)
    return tuple(rebuild(document, locales) for document in stored.values())


async def _unknown(engine: Database, consultation: str) -> UnknownConsultation:
    known = await consultations(engine)
    if not known:
        return UnknownConsultation("no consultation has been served from this database yet")
    meant = nearest(consultation, known)
    hint = f"; is it {meant}?" if meant else "."
    return UnknownConsultation(
        f"there is no consultation '{consultation}'{hint} There are: {', '.join(known)}"
    )
