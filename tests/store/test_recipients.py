"""Recipients in the store, on each database: a list twice is a list once, and nobody is taken in who left."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.store import tables
from bot.store.database import writer
from bot.store.outreach.recipients import Listed, TakenIn, take_in
from bot.store.outreach.removing import Removed, remove, remove_uninvited, uninvited
from bot.store.outreach.standing import recipient_counts, standings
from bot.store.outreach.tables import campaigns, invitations
from bot.store.vault import AddressSeal
from tests.support.databases import opened
from tests.support.intake import NOON, SEALING_KEY, phone, stored
from tests.support.letters import contact, letter, put
from tests.support.recipients import listed
from tests.support.respondents import respondent

LATER = NOON + timedelta(hours=1)


async def taken(
    engine: AsyncEngine,
    *people: Listed,
    pages: int = 2,
    channels: tuple[str, str] = ("sms", "whatsapp"),
    consultation: str = "trial",
) -> TakenIn:
    cut = [people[start : start + pages] for start in range(0, len(people), pages)]
    total = TakenIn()
    async for page in take_in(engine, consultation, channels, cut, NOON):
        total += page
    return total


async def vault(engine: AsyncEngine) -> set[Any]:
    return set(await stored(engine, "contacts", "channel", "address_hash", "address_sealed", "opted_out_at"))


async def recipients(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    names = ("language", "country", "time_zone", "attributes", "consent_source", "consented_on", "added_at")
    return sorted(await stored(engine, "recipients", "consultation", "contact_id", *names))


async def standing(engine: AsyncEngine, consultation: str = "trial") -> dict[str, int]:
    return {
        f"{one.standing}: {one.channel} {one.language} {one.country}": one.people
        for one in await standings(engine, consultation)
    }


async def invite(engine: AsyncEngine, *numbers: int, invited: bool = True) -> None:
    """Put the recipients with these ids into a campaign."""
    async with writer(engine).begin() as connection:
        row = {
            **{"consultation": "trial", "number": 1, "state": "running", "seed": 1, "terms": "{}"},
            **{"created_at": NOON, "changed_at": NOON},
        }
        campaign = await connection.execute(insert(campaigns).values(row).returning(campaigns.c.id))
        id_ = campaign.scalar_one()
        for number in numbers:
            row = {
                **{"recipient_id": number, "campaign_id": id_, "lane": 0, "turn": number, "wording": "plain"},
                **{"state": "waiting", "due_at": NOON, "invited_at": NOON if invited else None},
            }
            await connection.execute(insert(invitations).values(row))


async def test_people_of_a_list_are_in_the_vault_and_can_be_invited(engine: AsyncEngine) -> None:
    people = [listed(1), listed(2, "South", "sw"), listed(3)]
    assert await taken(engine, *people) == TakenIn(added=3)
    held = await stored(
        engine, "contacts", "channel", "address_hash", "address_sealed", "language", "created_at"
    )
    assert {row[:2] for row in held} == {("sms", one.address_hash) for one in people}
    assert {AddressSeal(SEALING_KEY).open(row[2]) for row in held} == {phone(1), phone(2), phone(3)}
    # The language is the list's; what they chose themselves is another thing.
    assert {row[3:] for row in held} == {(None, NOON)}
    attributes = [json.loads(row[5])["district"] for row in await recipients(engine)]
    assert sorted(attributes) == ["North", "North", "South"]
    assert {row[6:] for row in await recipients(engine)} == {("Clinic", date(2026, 1, 31), NOON)}
    assert await standing(engine) == {"ready: sms en US": 2, "ready: sms sw US": 1}
    assert await recipient_counts(engine) == {"trial": 3}


async def test_a_list_twice_is_a_list_once(engine: AsyncEngine) -> None:
    people = [listed(number) for number in range(1, 6)]
    await taken(engine, *people)
    before = (await vault(engine), await recipients(engine))
    for pages in (1, 5):
        # Sealed anew each time, as every reading of the file does.
        again = [listed(number) for number in range(5, 0, -1)]
        assert await taken(engine, *again, pages=pages) == TakenIn(unchanged=5)
        assert (await vault(engine), await recipients(engine)) == before


async def test_a_list_that_was_broken_off_is_gone_on_with(engine: AsyncEngine) -> None:
    people = [listed(number) for number in range(1, 6)]
    pages = take_in(engine, "trial", ("sms", "whatsapp"), [people[:2], people[2:]], NOON)
    async with aclosing(pages):
        assert await anext(pages) == TakenIn(added=2)
    assert await taken(engine, *people) == TakenIn(added=3, unchanged=2)
    assert len(await recipients(engine)) == 5


async def test_what_changed_is_changed_and_counted(engine: AsyncEngine) -> None:
    await taken(engine, listed(1), listed(2), listed(3))
    assert await taken(engine, listed(1, "South"), listed(2, language="sw"), listed(3)) == TakenIn(
        changed=2, unchanged=1
    )
    rows = await stored(engine, "recipients", "language", "attributes", "added_at")
    assert sorted(row[:2] for row in rows) == sorted(
        [("en", '{"district":"South"}'), ("sw", '{"district":"North"}'), ("en", '{"district":"North"}')]
    )
    assert {row[2] for row in rows} == {NOON}


async def test_each_consultation_has_recipients_of_its_own(engine: AsyncEngine) -> None:
    assert await taken(engine, listed(1), listed(2)) == TakenIn(added=2)
    assert await taken(engine, listed(2, "South"), listed(3), consultation="other") == TakenIn(added=2)
    assert len(await vault(engine)) == 3
    assert await recipient_counts(engine) == {"other": 2, "trial": 2}
    assert await standings(engine, "third") == []


async def test_who_left_or_came_already_is_not_taken_in(engine: AsyncEngine) -> None:
    people = {number: listed(number) for number in range(1, 10)}
    await contact(engine, 1, address_hash=people[1].address_hash, opted_out_at=NOON)
    await contact(engine, 2, Channel.WHATSAPP, address_hash=people[2].other_hash, opted_out_at=NOON)
    await respondent(engine, 3, address_hash=people[3].address_hash)
    await respondent(engine, 4, channel=Channel.WHATSAPP, address_hash=people[4].other_hash)
    await respondent(engine, 5, address_hash=people[5].address_hash, consultation="another")
    await contact(engine, 6, address_hash=people[6].address_hash, moved="another trial")
    await contact(engine, 7, address_hash=people[7].address_hash, last_inbound_at=NOON)
    await taken(engine, listed(8, channel=Channel.WHATSAPP), channels=("whatsapp", "sms"))
    assert await taken(engine, *people.values()) == TakenIn(added=3, opted_out=2, interviewed=3, elsewhere=1)
    assert await standing(engine) == {"ready: sms en US": 3, "ready: whatsapp en US": 1}
    # STOP that came after they were taken in counts as well, and their row is left as it is.
    async with writer(engine).begin() as connection:
        left = tables.contacts.c.address_hash == people[9].address_hash
        await connection.execute(update(tables.contacts).values(opted_out_at=LATER).where(left))
    before = await recipients(engine)
    assert await taken(engine, listed(9, "South"), listed(5)) == TakenIn(unchanged=1, opted_out=1)
    assert await recipients(engine) == before


async def test_who_writes_while_a_list_is_taken_in_is_one_contact(database_url: str) -> None:
    person, other = listed(1), listed(2)
    async with opened(database_url) as engine, opened(database_url) as intake:
        if engine.dialect.name == "sqlite":
            pytest.skip("nobody else writes within a transaction of SQLite")
        wrote: list[int] = []

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def write(_: object, __: object, statement: str, *___: object) -> None:
            if "INSERT INTO contacts" in statement and not wrote:
                from sqlalchemy.util import await_only

                wrote.append(
                    await_only(contact(intake, 1, address_hash=person.address_hash, opted_out_at=NOON))
                )

        assert await taken(engine, person, other) == TakenIn(added=1, opted_out=1)
        assert len(wrote) == 1
        assert len(await vault(engine)) == 2


async def test_how_recipients_stand_is_counted(engine: AsyncEngine) -> None:
    await taken(engine, *(listed(number) for number in range(1, 7)))
    ids = dict(await stored(engine, "recipients", "contact_id", "id"))
    one, two, three, four, five, _ = sorted(ids)
    await invite(engine, ids[one], ids[two], ids[three])
    async with writer(engine).begin() as connection:
        for person, column in (
            (two, {"opted_out_at": LATER}),
            (four, {"moved": "trial-2 trial"}),
            (five, {"moved": "trial-2"}),
        ):
            changed = update(tables.contacts).values(column).where(tables.contacts.c.id == person)
            await connection.execute(changed)
        waits = update(invitations).values(invited_at=None).where(invitations.c.recipient_id == ids[three])
        await connection.execute(waits)
    assert await standing(engine) == {
        "opted out: sms en US": 1,
        "interviewed: sms en US": 1,
        "invited: sms en US": 1,
        "waits: sms en US": 1,
        "ready: sms en US": 2,
    }


async def removed(engine: AsyncEngine, people: Sequence[Listed], consultation: str = "trial") -> Removed:
    total = Removed()
    places = [[("sms", one.address_hash), ("whatsapp", one.other_hash)] for one in people]
    async for page in remove(engine, consultation, places, LATER):
        total += page
    return total


async def test_who_is_taken_out_is_forgotten_unless_something_else_is_known(engine: AsyncEngine) -> None:
    people = [listed(number) for number in range(1, 6)]
    await respondent(engine, 5, address_hash=people[4].address_hash, consultation="another")
    await taken(engine, *people)
    await taken(engine, people[1], consultation="other")
    ids = {hash_: id_ for id_, hash_ in await stored(engine, "contacts", "id", "address_hash")}
    await put(engine, letter(ids[people[2].address_hash]))
    assert await removed(engine, [*people[:3], people[4], listed(9)]) == Removed(removed=4)
    assert await removed(engine, people[:3]) == Removed()
    assert await recipient_counts(engine) == {"other": 1, "trial": 1}
    left = {row[0] for row in await stored(engine, "contacts", "address_hash")}
    assert left == {one.address_hash for one in people[1:]}


async def test_who_withdraws_from_a_campaign_stays_and_is_never_written_to(engine: AsyncEngine) -> None:
    people = [listed(1), listed(2)]
    await taken(engine, *people)
    ids = dict(await stored(engine, "recipients", "contact_id", "id"))
    await invite(engine, *ids.values(), invited=False)
    assert await removed(engine, people[:1]) == Removed(opted_out=1)
    opted_out = {row[1]: row[3] for row in await vault(engine)}
    assert opted_out == {people[0].address_hash: LATER, people[1].address_hash: None}
    assert len(await recipients(engine)) == 2
    assert await taken(engine, *people) == TakenIn(unchanged=1, opted_out=1)


async def test_all_who_are_in_no_campaign_can_be_taken_out(engine: AsyncEngine) -> None:
    await taken(engine, *(listed(number) for number in range(1, 8)))
    await taken(engine, listed(1), consultation="other")
    ids = dict(await stored(engine, "recipients", "contact_id", "id"))
    await invite(engine, min(ids.values()))
    assert await uninvited(engine, "trial") == 6
    assert sum([more async for more in remove_uninvited(engine, "trial", 2)]) == 6
    assert await recipient_counts(engine) == {"other": 1, "trial": 1}
    assert await uninvited(engine, "trial") == 0
