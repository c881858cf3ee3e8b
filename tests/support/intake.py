"""What tests of the intake share: messages, a way to decide on them that is easy to follow, and what got stored."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.store.results_tables  # noqa: F401 - its tables are in the metadata too
from bot.channels import Address, Channel, InboundMessage
from bot.core.interview.records import Answer, AnswerStatus, Ending, Interview, Stage
from bot.core.prompts.records import Button, Form, Prompt
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Consultations, Correspondent, Incoming, Outcome
from bot.intake import Intake
from bot.store import tables
from bot.store.vault import AddressPepper, AddressSeal
from bot.store.versions import Publication, publish

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
SEALING_KEY = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3MDE="
PEPPER = "a pepper of sixteen and more"
VERSION = "version-1"


def phone(number: int) -> Address:
    """Return one of a hundred fictional phones."""
    return Address(f"+12025550{100 + number}")


def message(sender: int, text: str, provider_id: str, minutes: int = 0, **fields: Any) -> InboundMessage:
    """Return an SMS of phone `sender`."""
    return InboundMessage(
        **{
            "channel": Channel.SMS,
            "address": phone(sender),
            "provider_id": provider_id,
            "at": NOON + timedelta(minutes=minutes),
            "text": text,
            **fields,
        }
    )


class Fault(Exception):
    """A fault of the deciding function; its words must never be seen."""


def decide(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Decide by one word: JOIN, RESTART, END, STOP, BOOM; any other text answers the next of q0, q1 ...

    The reply says what was understood, and from how many answers before.
    """
    del known, form
    word = incoming.text
    held = interviews.get("trial")
    if word == "BOOM":
        raise Fault(f"somebody said {word}")
    if word == "STOP":
        return Outcome(replace(correspondent, opted_out=True), concerns=correspondent.current)
    if held is None or word == "JOIN":
        begun = held or Interview("trial", VERSION, seed, incoming.at, incoming.at, language="en")
        welcomed = Correspondent("en", False, "trial")
        return Outcome(
            welcomed, {"trial": begun}, "trial", (Prompt("welcome", (Button("Yes", "consent=1"),)),)
        )
    count = len(held.answers)
    if word == "RESTART":
        moved = replace(held, answers={}, updated_at=incoming.at)
    elif word == "END":
        moved = replace(held, stage=Stage.ENDED, ending=Ending.COMPLETE, updated_at=incoming.at)
    else:
        answer = Answer(word.lower(), AnswerStatus.ANSWERED, incoming.at, "en", raw=word)
        moved = replace(
            held, stage=Stage.ITEMS, answers={**held.answers, f"q{count}": answer}, updated_at=incoming.at
        )
    return Outcome(
        correspondent, {"trial": moved}, "trial", (Prompt(f"{word} after {count}"), Prompt("next?"))
    )


def consultations() -> Consultations:
    """Return what `decide` needs of consultations: nothing but that its version is known."""
    return Consultations({}, {VERSION: object()}, {})  # type: ignore[dict-item]


def no_rebuilding(document: str) -> Questionnaire:
    raise AssertionError("no version is unknown here")


@asynccontextmanager
async def intake_on(engine: AsyncEngine, **wanted: Any) -> AsyncIterator[Intake]:
    """Yield an intake that decides by `decide`, with that version published."""
    await publish(engine, [Publication(VERSION, "trial", "{}")], NOON)
    wired = wire(engine, **wanted)
    yield wired
    await wired.close()


def wire(engine: AsyncEngine, **wanted: Any) -> Intake:
    """Return an intake that decides by `decide`; nothing is published."""
    return Intake(
        engine,
        **{
            "consultations": consultations(),
            "pepper": AddressPepper(PEPPER),
            "seal": AddressSeal(SEALING_KEY),
            "segments": lambda channel, text: 1,
            "rebuild": no_rebuilding,
            "decide": decide,
            "seed": lambda: 7,
            **wanted,
        },
    )


async def stored(engine: AsyncEngine, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of a table's rows, in the order of their ids (of interview and slot for answers)."""
    chosen = tables.metadata.tables[table]
    query = select(*(chosen.c[column] for column in columns)).order_by(*chosen.primary_key.columns)
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def everything(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that the store says of everyone, without ids, random values and the order of strangers."""
    hash_of = dict(await stored(engine, "contacts", "id", "address_hash"))
    whose = {row[0]: hash_of[row[1]] for row in await stored(engine, "interviews", "id", "contact_id")}
    left_out = {"id", "contact_id", "interview_id", "in_reply_to", "address_sealed", "respondent_id"}
    said: dict[str, list[tuple[Any, ...]]] = {}
    for name, table in tables.metadata.tables.items():
        plain = [column.name for column in table.c if column.name not in left_out]
        owner = next((c for c in ("contact_id", "interview_id") if c in table.c), None)
        names = whose if owner == "interview_id" else hash_of
        rows = await stored(engine, name, *([owner] if owner else []), *plain)
        said[name] = sorted(((names[row[0]], *row[1:]) if owner else row for row in rows), key=repr)
    return said
