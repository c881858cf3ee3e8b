"""How a consultation reaches people: `flows/water.outreach.yaml` beside `flows/water.yaml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.codes import located
from bot.core.limits import LIMITS
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.quotas.records import Quotas, Shares
from bot.core.outreach.quotas.targets import settle
from bot.core.outreach.records import Outreach
from bot.core.problems import Problem, Severity
from bot.core.questionnaire import Questionnaire, Text
from bot.core.review.languages import catalogue_of
from bot.flowfiles.population import Population, beside, read_population
from bot.flowfiles.reading import Source, read

OUTREACH_SUFFIX = ".outreach.yaml"
"""Ends the name of the file that says how people are reached, which is none of a consultation."""


def outreach_file(flows: Path, consultation: str) -> Path:
    """Return where it stands, if there is one."""
    return flows / f"{consultation}{OUTREACH_SUFFIX}"


def untranslated_outreach(outreach: Outreach, questionnaire: Questionnaire, file: Path) -> Iterator[Problem]:
    """Yield a warning for each language that a text is not in which people read who came by themselves."""
    texts = [*outreach.printed(), *([outreach.referral.text] if outreach.referral else [])]
    for language in questionnaire.languages[1:]:
        lacking = [text for text in texts if language not in text.translations]
        if lacking:
            listed = ", ".join(text.context.removeprefix("outreach.") for text in lacking)
            message = (
                f"Not translated into '{language}': {listed}. It is shown in '{questionnaire.languages[0]}'."
            )
            remedy = (
                f"Run heard languages update, and translate it in {catalogue_of(questionnaire.id, language)}."
            )
            path = (lacking[0].context.split(".")[1],)
            yield Problem(
                "outreach-not-translated",
                path,
                message,
                remedy,
                Severity.WARNING,
                file=str(file),
                language=language,
            )


def read_outreach(file: Path, questionnaire: Questionnaire) -> Outreach | tuple[Problem, ...]:
    """Return what a file says, its texts in the source language, or every problem in it.

    Targets that follow from the population are worked out by the file of it that stands beside.
    """
    try:
        with file.open("rb") as opened:
            source = read(opened.read(LIMITS.file_bytes + 1))
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return (Problem("unreadable-file", (), message, "Check its name and rights.", file=str(file)),)
    if not isinstance(source, Source):
        return tuple(replace(problem, file=str(file)) for problem in source)
    found = define_outreach(source.mapping, questionnaire)
    if isinstance(found, Outreach) and found.quotas is not None:
        found = _settled(found, found.quotas, file, questionnaire)
    return found if isinstance(found, Outreach) else tuple(located(found, str(file), source.places))


def sending_country(file: Path) -> str | None:
    """Return whose numbers are written without a country code, whatever else is wrong with a file, or None.

    Somebody who withdrew is not to wait until an organiser has mended a text.
    """
    try:
        source = read(file.read_bytes())
    except OSError:
        return None
    sending = source.mapping.get("sending") if isinstance(source, Source) else None
    country = sending.get("country") if isinstance(sending, Mapping) else None
    return country if isinstance(country, str) else None


def placed(file: Path, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield problems that were found in an outreach file after it was read, with the lines that they stand on."""
    try:
        source = read(file.read_bytes())
    except OSError:  # gone since it was read
        source = ()
    yield from located(problems, str(file), source.places if isinstance(source, Source) else {})


def _settled(
    outreach: Outreach, quotas: Quotas, file: Path, questionnaire: Questionnaire
) -> Outreach | tuple[Problem, ...]:
    shares: Shares = {}
    margins = beside(file.with_name(f"{file.name.removesuffix(OUTREACH_SUFFIX)}.yaml"))
    if any(one.targets is None for one in quotas.quotas) and margins.exists():
        population = read_population(margins, questionnaire)
        if not isinstance(population, Population):
            return population
        shares = {one.variable: one.shares for one in population.margins}
    settled = settle(quotas, shares, questionnaire)
    return settled if isinstance(settled, tuple) else replace(outreach, quotas=settled)


def unwritten(outreach: Outreach, questionnaire: Questionnaire, file: Path) -> Iterator[Problem]:
    """Yield a warning for each language that nobody is written to in, for want of a translation."""
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


def disclosing(outreach: Outreach, file: Path) -> Iterator[Problem]:
    """Yield a warning where somebody gets people's numbers: whether their consent says so, only a person can read."""
    if outreach.rewards is None:
        return
    host = urlsplit(outreach.rewards.hook).hostname
    message = f"Whoever completes has their phone number given to {host}. Whether the consent says so cannot be told."
    remedy = (
        "Look, in every language, that the text people consent to says who gets their number, and what for."
    )
    found = Problem("number-disclosed", ("rewards", "discloses_number"), message, remedy, Severity.WARNING)
    yield from placed(file, [found])


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
