"""Open answers as everything here reads them: redacted, with the rules of their consultation."""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.questionnaire import ItemType, Questionnaire
from bot.results.words.redaction import Redacted, redact
from bot.results.words.rules import Rules, rules_for
from bot.store.database import Database
from bot.store.open_answers import open_answers, senders_of


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in somebody's own words, redacted. `language` is that in which they were asked.

    `is_erased`: its person has asked to be forgotten. `is_flagged`: it may tell of danger or harm, and a person was to
    read it. Either is counted, and never quoted.
    """

    respondent_id: str
    slot: str
    item: str
    language: str | None
    words: Redacted
    answered_at: datetime = field(compare=False)
    is_erased: bool = False
    is_flagged: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.respondent_id, self.slot


def text_items(versions: Sequence[Questionnaire]) -> tuple[str, ...]:
    """Return the items that ask for own words in any version of a consultation, in the order of the newest."""
    found = dict.fromkeys(
        node.item.name
        for questionnaire in versions
        for node in questionnaire.nodes
        if node.item.type is ItemType.TEXT
    )
    return tuple(found)


async def rules_of(engine: Database, questionnaire: Questionnaire) -> Rules:
    """Return the rules by which a consultation's answers are redacted."""
    return rules_for(questionnaire, await senders_of(engine, questionnaire.id))


async def said(
    engine: Database, versions: Sequence[Questionnaire], items: Collection[str] | None = None
) -> AsyncGenerator[Said]:
    """Yield the open answers of a consultation, redacted; `versions` are all of it, the newest first.

    `items` are all that ask for own words where None.
    """
    newest = versions[0]
    rules = await rules_of(engine, newest)
    wanted = text_items(versions) if items is None else tuple(items)
    async with aclosing(open_answers(engine, newest.id, wanted)) as answers:
        async for one in answers:
            yield Said(
                *(one.respondent_id, one.slot, one.item, one.language),
                redact(one.value, rules),
                one.answered_at,
                one.is_erased,
                one.is_flagged,
            )
