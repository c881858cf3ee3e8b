"""Whole conversations with a real consultation, through the intake into both databases and out for results."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.interview.records import AnswerStatus, Ending
from bot.core.questionnaire import Questionnaire
from bot.core.reception import consultations, receive
from bot.intake import Intake
from bot.store import reading
from bot.store.versions import Publication, publish
from tests.support.consultations import questionnaire
from tests.support.databases import opened
from tests.support.intake import NOON, intake_on, message

COOKING = """
- name: cooks_with
  type: select_one
  label: What do you cook with?
  choices: [{name: wood, label: Firewood}, {name: gas, label: Gas}]
- name: hours
  type: integer
  label: How many hours a week do you collect it?
  relevant: ${cooks_with} = 'wood'
- name: wish
  type: text
  label: What would you change?
"""


def wired(*offered: Questionnaire, rebuild: Any = None) -> dict[str, Any]:
    return {"consultations": consultations(offered), "decide": receive, "rebuild": rebuild}


async def talk(intake: Intake, *lines: str, first: int = 0) -> list[str]:
    """Return what is answered to each line, each answer as one text."""
    replies = [await intake.receive(message(1, line, f"m{n}", n)) for n, line in enumerate(lines, first)]
    return ["\n".join(prompt.text for prompt in reply) for reply in replies]


async def answered(engine: AsyncEngine) -> Sequence[tuple[str, str, str, AnswerStatus, bool]]:
    [interview] = [one async for one in reading.interviews(engine, "trial")]
    return [(one.slot, one.value, one.raw, one.status, one.relevant) for one in interview.answers]


async def test_a_conversation_becomes_results(engine: AsyncEngine) -> None:
    offered = questionnaire(COOKING)
    await publish(engine, [Publication(offered.version, offered.id, "{}")], NOON)
    async with intake_on(engine, **wired(offered)) as intake:
        said = await talk(intake, "trial", "1", "firewood", "7", "back", "back", "2", "better stoves")
    assert said[0] == "May we ask you a few questions?\nSend 1 to start, 2 to say no."
    assert said[2] == "How many hours a week do you collect it?"
    assert said[6] == "What would you change?"
    assert said[7] == "That was the last question. Thank you for your answers."
    assert await answered(engine) == [
        ("cooks_with", "gas", "2", AnswerStatus.ANSWERED, True),
        ("hours", "7", "7", AnswerStatus.ANSWERED, False),
        ("wish", "better stoves", "better stoves", AnswerStatus.ANSWERED, True),
    ]
    [interview] = [one async for one in reading.interviews(engine, "trial")]
    assert (interview.ending, interview.language, interview.channel) == (Ending.COMPLETE, "en", "sms")
    assert interview.started_at == NOON
    assert interview.consented_at is not None
    assert interview.ended_at == interview.updated_at


async def test_an_interview_ends_on_the_version_it_began_on(database_url: str) -> None:
    older = questionnaire(COOKING)
    newer = replace(questionnaire(COOKING.replace("collect it", "gather it")), version="trial-2")

    def rebuild(document: str) -> Questionnaire:
        assert document == "how trial-1 was written"
        return older

    async with opened(database_url) as engine:
        await publish(engine, [Publication("trial-1", "trial", "how trial-1 was written")], NOON)
        async with intake_on(engine, **wired(older)) as intake:
            await talk(intake, "trial", "1")
    async with opened(database_url) as engine:
        await publish(engine, [Publication("trial-2", "trial", "how trial-2 was written")], NOON)
        async with intake_on(engine, **wired(newer, rebuild=rebuild)) as intake:
            assert await talk(intake, "wood", first=2) == ["How many hours a week do you collect it?"]
        assert list(await reading.documents(engine, "trial")) == ["trial-1", "trial-2", "version-1"]
        [interview] = [one async for one in reading.interviews(engine, "trial")]
    assert {interview.version, *(one.version for one in interview.answers)} == {"trial-1"}


async def test_a_long_answer_is_kept_whole(engine: AsyncEngine) -> None:
    words = " ".join(f"word{number:04}" for number in range(160)).ljust(1_600, ".")
    offered = questionnaire("- {name: wish, type: text, label: What would you change?}")
    await publish(engine, [Publication(offered.version, offered.id, "{}")], NOON)
    async with intake_on(engine, **wired(offered)) as intake:
        await talk(intake, "trial", "1", words)
    assert len(words) == 1_600
    assert await answered(engine) == [("wish", words, words, AnswerStatus.ANSWERED, True)]


async def test_a_day_of_another_calendar_is_kept_as_gregorian_beside_what_was_written(
    engine: AsyncEngine,
) -> None:
    offered = questionnaire(
        """
        - {name: born, type: date, label: When were you born?, calendar: ethiopian}
        - {name: wish, type: text, label: "Since ${born}, what has changed?"}
        """
    )
    await publish(engine, [Publication(offered.version, offered.id, "{}")], NOON)
    async with intake_on(engine, **wired(offered)) as intake:
        said = await talk(intake, "trial", "1", "7/13/2015", "፲፫ Tir 1983", "roads")
    assert said[2].startswith("Please send a date, like ")
    assert said[3] == "Since 13 Tir 1983, what has changed?"
    assert [one[:3] for one in await answered(engine)] == [
        ("born", "1991-01-21", "፲፫ Tir 1983"),
        ("wish", "roads", "roads"),
    ]
