"""How a consultation reaches people: `flows/water.outreach.yaml` beside `flows/water.yaml`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.core.codes import located
from bot.core.limits import LIMITS
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.records import Outreach
from bot.core.problems import Problem, Severity
from bot.core.questionnaire import Questionnaire, Text
from bot.core.review.languages import catalogue_of
from bot.errors import FlowsError
from bot.flowfiles.folder import OUTREACH_SUFFIX
from bot.flowfiles.reading import Source, read
from bot.language.catalogues import load_translations, translate_outreach


def outreach_file(flows: Path, consultation: str) -> Path:
    """Return where it stands, if there is one."""
    return flows / f"{consultation}{OUTREACH_SUFFIX}"


def read_outreach(file: Path, questionnaire: Questionnaire) -> Outreach | tuple[Problem, ...]:
    """Return what a file says, its texts in the source language, or every problem in it."""
    try:
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    if not isinstance(source, Source):
        return tuple(replace(problem, file=str(file)) for problem in source)
    found = define_outreach(source.mapping, questionnaire)
    return found if isinstance(found, Outreach) else tuple(located(found, str(file), source.places))


def load_outreach(file: Path, questionnaire: Questionnaire, locales: Path) -> Outreach | tuple[Problem, ...]:
    """Return what a file says, its texts in every language of the consultation that they are translated into."""
    read_file = read_outreach(file, questionnaire)
    if not isinstance(read_file, Outreach):
        return read_file
    translations = {}
    for language in questionnaire.languages[1:]:
        try:
            translations[language] = load_translations(locales, questionnaire.id, language)
        except FlowsError:
            # Told where the consultation is checked. Nobody is written to in this language.
            continue
    return translate_outreach(read_file, translations)


def untranslated(outreach: Outreach, questionnaire: Questionnaire, file: Path) -> Iterator[Problem]:
    """Yield a warning for each language that somebody would be written to in, were there words in it."""
    for section, texts in (("invitation", _invitations(outreach)), ("reminders", _reminders(outreach))):
        for language in questionnaire.languages[1:]:
            lacking = [text for text in texts if language not in text.translations]
            if not lacking:
                continue
            what = "invited" if section == "invitation" else "reminded"
            message = f"People who read '{language}' are not {what}: {_count(len(lacking))} not translated."
            catalogue = catalogue_of(questionnaire.id, language)
            remedy = f"Run heard languages update, and translate in {catalogue}."
            yield Problem(
                "no-invitation-words",
                (section,),
                message,
                remedy,
                Severity.WARNING,
                file=str(file),
                language=language,
            )


def _invitations(outreach: Outreach) -> tuple[Text, ...]:
    """Return the texts of invitations that are sent by SMS."""
    if outreach.invitation is None:
        return ()
    wordings = outreach.invitation.wordings
    return (*_signed(outreach), *(one.sms_text or one.text for one in wordings))


def _reminders(outreach: Outreach) -> tuple[Text, ...]:
    said = outreach.reminders
    return (*_signed(outreach), *filter(None, (said.invited, said.paused, said.last))) if said else ()


def _signed(outreach: Outreach) -> tuple[Text, ...]:
    return (outreach.signed,) if outreach.signed else ()


def _count(texts: int) -> str:
    return "a text is" if texts == 1 else f"{texts} texts are"
