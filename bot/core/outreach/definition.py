"""From an outreach file's plain mapping to `Outreach`, or every problem in it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bot.core.definition.faults import FileShape, faults_of_shape
from bot.core.outreach.hours import Hours
from bot.core.outreach.quotas.definition import define_quotas
from bot.core.outreach.records import Help, Invitation, Outreach, Poster, Referral, Reminders, Wording
from bot.core.outreach.shape import (
    BELOW,
    DAYS,
    HelpShape,
    InvitationShape,
    OutreachShape,
    PosterShape,
    ReferralShape,
    RemindersShape,
    SendingShape,
)
from bot.core.outreach.sources import Source, source_faults
from bot.core.problems import Path, Problem, nearest
from bot.core.questionnaire import ItemType, Questionnaire, Text
from bot.core.safeguarding import faulty

OUTREACH_FILE = FileShape(OutreachShape, BELOW, "docs/outreach.md")
CONTEXT = "outreach"
"""How the msgctxt of every text begins that an outreach file holds."""


def define_outreach(
    mapping: Mapping[str, Any], questionnaire: Questionnaire
) -> Outreach | tuple[Problem, ...]:
    """Return what an outreach file's mapping says, its texts in the source language, or every problem in it."""
    try:
        shape = OutreachShape.model_validate(dict(mapping))
    except ValidationError as error:
        return tuple(faults_of_shape(error, OUTREACH_FILE))
    quotas = define_quotas(shape.quotas, questionnaire) if shape.quotas else None
    sources = tuple(Source(one.name, one.code, one.label or one.name) for one in shape.sources)
    of_quotas = quotas if isinstance(quotas, tuple) else ()
    if found := (*_faults(shape, sources, questionnaire), *of_quotas):
        return found
    assert not isinstance(quotas, tuple)  # noqa: S101  its problems are among those found
    return Outreach(
        questionnaire.id,
        _hours(shape.sending),
        shape.sending.country,
        _invitation(shape.invitation) if shape.invitation else None,
        _reminders(shape.reminders) if shape.reminders else None,
        shape.rewards.read() if shape.rewards else None,
        quotas,
        sources,
        _poster(shape.poster) if shape.poster else None,
        _referral(shape.referral) if shape.referral else None,
        _help(shape.help) if shape.help else None,
        _text(shape.sending.signed, "sending", "signed") if shape.sending.signed else None,
        questionnaire.languages[0],
    )


def _faults(
    shape: OutreachShape, sources: tuple[Source, ...], questionnaire: Questionnaire
) -> Iterator[Problem]:
    names = [wording.name for wording in shape.invitation.wordings] if shape.invitation else []
    yield from _twice(names, ("invitation", "wordings"))
    if (shape.invitation or shape.reminders) and not shape.sending.signed:
        message = "Nobody would know who writes to them: 'signed' is missing here."
        yield Problem("unsigned-messages", ("sending",), message, "Add a line: signed: Nakuru water office")
    yield from _twice((one.name for one in sources), ("sources",))
    yield from source_faults(sources, questionnaire)
    if shape.poster and shape.poster.free and shape.poster.cost:
        message = "It cannot be free and cost something."
        yield Problem("free-and-cost", ("poster", "cost"), message, "Take out cost: or free:.")
    if shape.referral and shape.referral.degree_item is not None:
        yield from _degree_faults(shape.referral.degree_item, questionnaire)
    if shape.help:
        yield from _help_faults(shape.help, questionnaire)


def _help_faults(shape: HelpShape, questionnaire: Questionnaire) -> Iterator[Problem]:
    for key in ("words", "urgent", "leave_out"):
        for language, phrases in getattr(shape, key).items():
            path = ("help", key, language)
            if language not in questionnaire.languages:
                message = f"The consultation is not held in '{language}'."
                yield Problem("language-not-offered", path, message, "Take it out, or add it to languages.")
            for place, phrase in enumerate(phrases):
                if fault := faulty(phrase):
                    remedy = "Write a word or a phrase, whole, or the beginning of a word and a star: suicid*"
                    yield Problem("bad-help-word", (*path, place), f"'{phrase}' {fault}.", remedy)


def _twice(names: Iterable[str], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            message = f"Two are named '{name}' here."
            yield Problem("duplicate-name", (*path, place, "name"), message, "Rename one.")
        seen.add(name)


def _degree_faults(name: str, questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield why an item cannot tell how many people somebody knows."""
    path: Path = ("referral", "degree_item")
    node = next((one for one in questionnaire.nodes if one.item.name == name and not one.closes), None)
    if node is None:
        meant = nearest(name, (one.item.name for one in questionnaire.nodes))
        remedy = f"Write {meant}." if meant else "Write the name of an item of type integer."
        yield Problem("degree-item", path, f"There is no item '{name}'.", remedy)
    elif node.item.type is not ItemType.INTEGER or node.repeats:
        message = f"'{name}' does not ask each person for one whole number."
        remedy = "Name an integer that is asked once: how many people do you know who ...?"
        yield Problem("degree-item", path, message, remedy)


def _hours(shape: SendingShape) -> Hours:
    opens, closes = shape.hours
    return Hours(opens, closes, frozenset(DAYS.index(day) for day in shape.days), frozenset(shape.not_on))


def _invitation(shape: InvitationShape) -> Invitation:
    wordings = tuple(
        Wording(
            one.name,
            _text(one.text, "invitation", one.name, "text"),
            _text(one.sms_text, "invitation", one.name, "sms_text") if one.sms_text else None,
        )
        for one in shape.wordings
    )
    return Invitation(wordings, timedelta(days=shape.expires_after_days))


def _reminders(shape: RemindersShape) -> Reminders:
    said = {
        key: _text(words, "reminders", key) if (words := getattr(shape, key)) else None
        for key in ("invited", "paused", "last")
    }
    return Reminders(shape.most, timedelta(days=shape.after_days), **said)


def _poster(shape: PosterShape) -> Poster:
    said = {
        key: _text(words, "poster", key) if (words := getattr(shape, key)) else None
        for key in ("asked_by", "headline", "cost")
    }
    return Poster(
        **said,
        is_free=shape.free,
        number=shape.number,
        telegram=shape.telegram,
        whatsapp=shape.whatsapp,
    )


def _referral(shape: ReferralShape) -> Referral:
    lasts = timedelta(days=shape.expires_after_days)
    return Referral(shape.coupons, _text(shape.text, "referral", "text"), lasts, shape.degree_item)


def _help(shape: HelpShape) -> Help:
    phrases = {
        key: {language: tuple(listed) for language, listed in getattr(shape, key).items()}
        for key in ("words", "urgent", "leave_out")
    }
    return Help(
        _text(shape.line, "help", "line"),
        _text(shape.hours, "help", "hours"),
        timedelta(hours=shape.urgent_within_hours),
        timedelta(hours=shape.within_hours),
        _text(shape.text, "help", "text") if shape.text else None,
        **phrases,
    )


def _text(words: str, *place: str) -> Text:
    return Text(".".join((CONTEXT, *place)), words.strip())
