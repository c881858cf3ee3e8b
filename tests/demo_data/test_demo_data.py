"""Made-up interviews: whole, various, the same again by the same seed, and nobody's."""

import random
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.disposition import Disposition, disposition
from bot.core.interview.records import Answer, AnswerStatus, Interview
from bot.demo_data import VOICES, Crowd, copies, hold, people
from bot.demo_data.people import WEEKS
from bot.demo_data.words import contact
from bot.flowfiles.folder import Flow, load_flows
from bot.results.dataset import read_dataset
from bot.results.estimate import estimate
from bot.results.frame import whole
from bot.store import tables
from bot.store.bulk import write_copies
from bot.store.moulds import Held, mould
from bot.store.reading import StoredInterview, count, interviews
from bot.store.rows import read_interview
from bot.store.versions import Publication, publish
from tests.support.answers import talk
from tests.support.databases import Databases, opened

ROOT = Path(__file__).parents[2]
TEN_ITEMS = ROOT / "tests/benchmarks/neighbourhood"
UNTIL = datetime(2026, 3, 2, tzinfo=UTC)
HELD = 300


def flow(name: str) -> Flow:
    """Return a consultation of these tests, of the benchmarks, or a shipped one."""
    place, locales = {
        "kinds": (Path(__file__).parent, ROOT / "locales"),
        "neighbourhood": (TEN_ITEMS, TEN_ITEMS / "locales"),
    }.get(name, (ROOT / "flows", ROOT / "locales"))
    return load_flows(place, locales).flows[name]


KINDS = flow("kinds")


def crowd(of: Flow, seed: int = 1) -> Crowd:
    return Crowd(of.questionnaire, seed, UNTIL)


@pytest.fixture(scope="module")
def held() -> list[Held]:
    """Interviews of a consultation in which everything occurs that a question can have."""
    return [hold(crowd(KINDS), one) for one in people(crowd(KINDS), HELD)]


async def store(engine: AsyncEngine, held: list[Held], wanted: int) -> list[int]:
    """Write copies; return what was told meanwhile."""
    questionnaire = KINDS.questionnaire
    published = Publication(questionnaire.version, questionnaire.id, KINDS.document)
    await publish(engine, [published], UNTIL)
    told: list[int] = []
    await write_copies(engine, copies(crowd(KINDS), held, wanted), told.append)
    return told


async def read(engine: AsyncEngine) -> list[StoredInterview]:
    return [one async for one in interviews(engine, "kinds")]


Content = tuple[object, ...]


def content(one: StoredInterview) -> Content:
    """Return all of an interview but who it is of."""
    return tuple(getattr(one, name) for name in one.__dataclass_fields__ if name != "respondent_id")


async def test_what_is_written_is_what_was_held(engine: AsyncEngine, held: list[Held]) -> None:
    wanted = HELD * 2 + 7
    assert sum(await store(engine, held, wanted)) == wanted == await count(engine, "kinds")
    given = list(copies(crowd(KINDS), held, wanted))
    for stored, (one, later) in zip(await read(engine), given, strict=True):
        shift = timedelta(seconds=later)
        of = one.interview
        assert (stored.channel, stored.version, stored.language) == (one.channel, of.version, of.language)
        assert (stored.stage, stored.ending) == (of.stage, of.ending)
        assert (stored.started_at, stored.updated_at) == (of.started_at + shift, of.updated_at + shift)
        assert stored.ended_at == (of.updated_at + shift if of.ending else None)
        assert stored.consented_at == (of.consented_at + shift if of.consented_at else None)
        assert {
            a.slot: Answer(a.value, a.status, a.answered_at - shift, a.language, a.raw, a.tries, a.relevant)
            for a in stored.answers
        } == of.answers
        assert {(a.item, a.version) for a in stored.answers} <= {
            (slot.partition("[")[0], of.version) for slot in of.answers
        }


async def test_the_engine_can_go_on_with_each(engine: AsyncEngine, held: list[Held]) -> None:
    await store(engine, held, HELD)
    query = select(tables.interviews.c.state, tables.interviews.c.started_at).order_by(tables.interviews.c.id)
    async with engine.connect() as connection:
        states = (await connection.execute(query)).all()
    for (state, started_at), (one, later) in zip(states, copies(crowd(KINDS), held, HELD), strict=True):
        moved = read_interview(state)
        assert moved.started_at == started_at
        assert msgspec.to_builtins(moved) == msgspec.to_builtins(_later(one.interview, later))
        # As the server itself would have written it.
        assert msgspec.json.encode(moved).decode() == state


def _later(interview: Interview, seconds: int) -> Interview:
    shift = timedelta(seconds=seconds)
    return replace(
        interview,
        started_at=interview.started_at + shift,
        updated_at=interview.updated_at + shift,
        consented_at=interview.consented_at and interview.consented_at + shift,
        answers={slot: replace(one, at=one.at + shift) for slot, one in interview.answers.items()},
    )


WORDS = [
    "a\tb\nc\r\\d",
    "\\N",
    "100 % %s %(at)s",
    '"{quoted}"',
    "2026-03-02T12:00:00Z",
    "'); --",
    "مرحبا 🙂",
    "",
]


async def test_no_words_break_it(engine: AsyncEngine) -> None:
    at = UNTIL - timedelta(days=1)
    given = {
        f"wish[{n}]": Answer(words, AnswerStatus.ANSWERED, at, "en", words) for n, words in enumerate(WORDS)
    }
    of = Interview("kinds", KINDS.questionnaire.version, 1, at, at, "en", answers=given, source=WORDS[0])
    one = Held(of, "sms")
    await publish(engine, [Publication(of.version, "kinds", KINDS.document)], at)
    await write_copies(engine, [(one, 0), (one, 3_599)], lambda _: None)
    for stored in await read(engine):
        assert [(answer.value, answer.raw) for answer in stored.answers] == [(one, one) for one in WORDS]
    async with engine.connect() as connection:
        states = (await connection.execute(select(tables.interviews.c.state))).scalars().all()
    assert sorted(map(str, states)) == sorted(
        msgspec.json.encode(_later(of, later)).decode() for later in (0, 3_599)
    )


def test_a_moment_that_would_be_cut_off_is_refused() -> None:
    at = UNTIL + timedelta(microseconds=1)
    with pytest.raises(ValueError, match="whole seconds"):
        mould(Held(Interview("kinds", "v", 1, at, at), "sms"))


async def test_nobody_can_be_written_to(engine: AsyncEngine, held: list[Held]) -> None:
    await store(engine, held, 400)
    async with engine.connect() as connection:
        for table in (tables.contacts, tables.inbound, tables.outbound, tables.media, tables.moves):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0
        of_somebody = select(func.count(tables.interviews.c.contact_id))
        assert (await connection.execute(of_somebody)).scalar_one() == 0
        ids = (await connection.execute(select(tables.interviews.c.respondent_id))).scalars().all()
    assert len(set(ids)) == 400
    assert all(UUID(one).version == 4 and one == UUID(one).hex for one in ids)


async def test_who_writes_meanwhile_and_later_gets_an_id_of_their_own(
    engine: AsyncEngine, held: list[Held]
) -> None:
    await store(engine, held, 30)
    await talk(engine, [KINDS], [["KINDS", "2"]], at=UNTIL)
    await store(engine, held, 30)
    assert await count(engine, "kinds") == 61


async def test_the_same_seed_makes_the_same_interviews(databases: Databases, held: list[Held]) -> None:
    made: list[list[Content]] = []
    for seed in (1, 1, 2):
        again = [hold(crowd(KINDS, seed), one) for one in people(crowd(KINDS, seed), 40)]
        async with opened(await databases.migrated()) as engine:
            await store(engine, again, 100)
            made.append([content(one) for one in await read(engine)])
    assert made[0] == made[1] != made[2]


def test_everything_occurs(held: list[Held]) -> None:
    questionnaire = KINDS.questionnaire
    became = Counter(disposition(questionnaire, one.interview, UNTIL) for one in held)
    assert became.keys() == set(Disposition)
    assert became[Disposition.COMPLETE] > HELD / 3
    answers = [answer for one in held for answer in one.interview.answers.values()]
    assert {one.status for one in answers} == set(AnswerStatus) - {
        AnswerStatus.DEFAULT,
        AnswerStatus.GIVEN_UP,
    }
    assert any(one.tries for one in answers)
    asked = {one.item.name for one in questionnaire.nodes if one.item.type.is_asked}
    answered = {
        slot.partition("[")[0] for one in held for slot, given in one.interview.answers.items() if given.value
    }
    # There is nobody to send a picture, and a file would be fetched.
    assert answered >= asked - {"picture"}
    assert {one.interview.source for one in held} == {None, "radio", "poster", "clinic"}


def test_people_differ() -> None:
    of = flow("neighbourhood")
    among = [hold(crowd(of), one) for one in people(crowd(of), 600)]
    assert {one.interview.language for one in among} == {None, "en", "fr", "sw"}
    assert {one.channel for one in among} == {"sms", "telegram", "whatsapp"}
    # Somebody went back, and what they had answered was not asked of them any more.
    assert not all(given.relevant for one in among for given in one.interview.answers.values())
    shares = {
        (group, choice): given[choice] / given.total()
        for group in ("en", "fr", "sw", "sms", "telegram", "whatsapp")
        for given in [
            Counter(
                one.interview.answers["region"].value
                for one in among
                if group in (one.interview.language, one.channel) and "region" in one.interview.answers
            )
        ]
        for choice in ("harbour", "old_town", "hillside", "river", "outskirts")
    }
    apart = [abs(shares["en", one] - shares["sw", one]) for _, one in shares]
    assert max(apart) > 0.08


@pytest.mark.parametrize("name", ["service-feedback", "household-energy", "youth-voice", "neighbourhood"])
def test_shipped_consultations_can_be_made_up(name: str) -> None:
    of = flow(name)
    among = [hold(crowd(of), one) for one in people(crowd(of), 60)]
    became = Counter(disposition(of.questionnaire, one.interview, UNTIL) for one in among)
    assert became[Disposition.COMPLETE] + became[Disposition.NOT_ELIGIBLE] > 20
    assert set(of.questionnaire.languages) <= set(VOICES)


def test_they_are_held_within_the_weeks(held: list[Held]) -> None:
    moments = [one.interview.started_at for one in held]
    assert UNTIL - timedelta(weeks=WEEKS) <= min(moments)
    given = list(copies(crowd(KINDS), held, 1_000))
    last = max(one.interview.updated_at + timedelta(seconds=later) for one, later in given)
    assert last < UNTIL
    begins = [one.interview.started_at + timedelta(seconds=later) for one, later in given]
    assert begins == sorted(begins)
    by_day = sum(8 <= moment.hour < 21 for moment in begins)
    assert by_day > len(begins) * 0.7


def test_own_words_hold_what_has_to_be_taken_out(held: list[Held]) -> None:
    words = [answer.value for one in held for slot, answer in one.interview.answers.items() if slot == "wish"]
    assert any("@example.org" in one for one in words)
    numbers = [number for one in words for number in re.findall(r"\+[\d ]+", one)]
    assert numbers
    assert all(re.fullmatch(r"\+1 202 555 01\d\d", number.strip()) for number in numbers)


@pytest.mark.parametrize("language", VOICES)
def test_numbers_are_nobodys(language: str) -> None:
    drawn = random.Random(1)
    said = {contact(VOICES[language], drawn) for _ in range(200)}
    for one in said:
        if "@" in one:
            assert re.search(r"@example\.org$", one)
        else:
            number = "".join(str(unicodedata.decimal(letter)) for letter in one if letter.isdecimal())
            assert re.fullmatch(r"120255501\d\d|447700900\d{3}|019900\d{4}", number), number


async def test_results_are_made_of_it(engine: AsyncEngine, held: list[Held]) -> None:
    await store(engine, held, 500)
    dataset = await read_dataset(engine, "kinds", [KINDS.questionnaire], UNTIL, with_status=True)
    results = estimate(await whole(dataset), dataset.newest, dataset.columns, at=dataset.at)
    assert results.selected == 500
    assert {one.disposition for one in results.participation.turnout.outcomes} == set(Disposition)
    assert results.item("wish").base.answered > 50
