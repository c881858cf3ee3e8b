"""Whether a store holds what was acknowledged, once, and what its messages make of every interview."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Address, Channel, InboundMessage
from bot.channels.twilio import Fields, Twilio, read_message
from bot.core.interview.records import Answer, AnswerStatus, Interview
from bot.core.prompts.records import Prompt
from bot.core.reception import Consultations, Correspondent, Incoming, receive
from bot.core.segments import plain_punctuation
from bot.store import tables
from bot.store.rows import read_interview
from bot.store.vault import AddressPepper
from tests.crashes.phones import Message
from tests.support.intake import PEPPER
from tests.support.webhooks import PUBLIC_URL, TOKEN

Told = tuple[str, ...]
_TWILIO = Twilio(TOKEN, PUBLIC_URL)


@dataclass(slots=True)
class Person:
    """What the store holds of one phone; messages in the order they are stored, with what was answered."""

    correspondent: Correspondent
    messages: list[tuple[Any, Told]] = field(default_factory=list)
    interviews: dict[str, Interview] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[Answer, bool]] = field(default_factory=dict)


async def inconsistencies(
    engine: AsyncEngine, sent: Mapping[str, Message], known: Consultations
) -> Sequence[str]:
    """Return what is wrong in the store after these messages; nothing where all of it is as it should be."""
    people = await _people(engine)
    stored = Counter(row.provider_id for person in people.values() for row, _ in person.messages)
    found = [f"{sid} is stored {count} times" for sid, count in stored.items() if count > 1]
    found += [f"{sid} was never sent" for sid in stored.keys() - sent.keys()]
    found += [f"{sid} is lost" for sid, one in sent.items() if one.acknowledged and sid not in stored]
    found += [f"{sid} was answered in different ways" for sid, one in sent.items() if len(one.answers) > 1]
    phones: dict[str, list[str]] = defaultdict(list)
    for sid, message in sent.items():
        phones[message.phone].append(sid)
    pepper = AddressPepper(PEPPER)
    for phone, sids in phones.items():
        person = people.get(pepper.hash(Channel.SMS, Address(phone)))
        if person is not None:
            found += _of_person(person, sids, sent, known)
    return found


def _of_person(
    person: Person, sids: Sequence[str], sent: Mapping[str, Message], known: Consultations
) -> Iterator[str]:
    order = [row.provider_id for row, _ in person.messages]
    if order != sids[: len(order)]:
        yield f"{sids[0]} and those after it are stored in another order, or not all of them"
        return
    correspondent, interviews = Correspondent(), dict[str, Interview]()
    for row, told in person.messages:
        message = read_message(Fields(urlencode(sent[row.provider_id].form).encode()), row.received_at)
        assert isinstance(message, InboundMessage)
        begun = person.interviews.get(row.consultation)
        outcome = receive(
            known,
            correspondent,
            interviews,
            Incoming(message.at, message.text),
            begun.seed if begun else 0,
            message.form,
        )
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        due = () if message.answered_by_carrier else outcome.prompts
        if told != tuple(plain_punctuation(prompt.text) for prompt in due):
            yield f"the answer stored for {row.provider_id} is not the one that follows from the messages"
        if sent[row.provider_id].answers - {answered(message, told)}:
            yield f"{row.provider_id} was answered otherwise than stored"
        if row.body != message.text:
            yield f"the words of {row.provider_id} are stored otherwise than sent"
    if person.correspondent != correspondent:
        yield f"the contact of {sids[0]} is not as its messages leave it"
    if person.interviews != interviews:
        yield f"an interview of {sids[0]} is not as its messages leave it"
    yield from _of_answers(person, interviews, sids[0])


def answered(message: InboundMessage, told: Iterable[str]) -> bytes:
    """Return the body of our answer to a message that was told these texts."""
    return _TWILIO.answer(message, [Prompt(text) for text in told]).body


def _of_answers(person: Person, interviews: Mapping[str, Interview], first: str) -> Iterator[str]:
    expected = {
        (consultation, slot): answer
        for consultation, interview in interviews.items()
        for slot, answer in interview.answers.items()
    }
    # What somebody has said before they started again stays, outside of the results.
    counted = {place: answer for place, (answer, _) in person.answers.items() if answer.relevant}
    if any(person.answers.get(place, (None, 0))[0] != answer for place, answer in expected.items()):
        yield f"an answer of {first} is missing, or not the one in its interview"
    if counted.keys() - expected.keys():
        yield f"{first} has an answer that its interview does not have"


async def _people(engine: AsyncEngine) -> Mapping[str, Person]:
    """Return everyone by the hash of their address."""
    people = {
        row.id: (
            row.address_hash,
            Person(Correspondent(row.language, row.opted_out_at is not None, row.current_consultation)),
        )
        for row in await _rows(engine, "contacts")
    }
    told: dict[int, list[str]] = defaultdict(list)
    for row in sorted(await _rows(engine, "outbound"), key=lambda row: (row.in_reply_to or 0, row.position)):
        told[row.in_reply_to].append(row.body)
    for row in await _rows(engine, "inbound"):
        people[row.contact_id][1].messages.append((row, tuple(told[row.id])))
    owners = {}
    for row in await _rows(engine, "interviews"):
        interview = read_interview(row.state)
        owners[row.id] = (people[row.contact_id][1], row.consultation)
        columns = replace(interview, stage=row.stage, ending=row.ending, language=row.language)
        owners[row.id][0].interviews[row.consultation] = columns
        assert columns == interview, "the columns of an interview differ from its state"
    for row in await _rows(engine, "answers"):
        person, consultation = owners[row.interview_id]
        answer = Answer(
            row.value,
            AnswerStatus(row.status),
            row.answered_at,
            row.language,
            row.raw,
            row.tries,
            row.relevant,
        )
        person.answers[consultation, row.slot] = (answer, row.relevant)
    return dict(people.values())


async def _rows(engine: AsyncEngine, table: str) -> Sequence[Any]:
    chosen = tables.metadata.tables[table]
    async with engine.connect() as connection:
        return (await connection.execute(chosen.select().order_by(*chosen.primary_key.columns))).all()
