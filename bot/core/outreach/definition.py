"""From an outreach file's plain mapping to `Outreach`, or every problem in it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from bot.core.definition.faults import FileShape, faults_of_shape
from bot.core.outreach.hours import Hours
from bot.core.outreach.quotas.definition import define_quotas
from bot.core.outreach.records import Invitation, Outreach, Reminders, Wording
from bot.core.outreach.shape import (
    BELOW,
    DAYS,
    InvitationShape,
    OutreachShape,
    RemindersShape,
    SendingShape,
)
from bot.core.problems import Path, Problem
from bot.core.questionnaire import Questionnaire, Text

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
    if found := (*_faults(shape), *(quotas if isinstance(quotas, tuple) else ())):
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
    )


def _faults(shape: OutreachShape) -> Iterator[Problem]:
    names = [wording.name for wording in shape.invitation.wordings] if shape.invitation else []
    yield from _twice(names, ("invitation", "wordings"))


def _twice(names: Iterable[str], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            message = f"Two are named '{name}' here."
            yield Problem("duplicate-name", (*path, place, "name"), message, "Rename one.")
        seen.add(name)


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


def _text(words: str, *place: str) -> Text:
    return Text(".".join((CONTEXT, *place)), words.strip())
