"""What was done wrong in a campaign, by the carrier's record and the people's own; and whether ours agrees with it.

Nothing here asks Heard why it did something: who was written to, when and how often is what the carrier took.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import select

from bot.channels import Address, Channel
from bot.core.interview.records import Ending
from bot.core.outreach.campaigns import CampaignState
from bot.core.outreach.reminding import Kind
from bot.store import tables
from bot.store.database import connect
from bot.store.outreach.campaigns import campaigns_of, count_fates
from bot.store.sending import OutboundStatus
from bot.store.vault import AddressPepper
from tests.campaign.carrier import Taken
from tests.campaign.consultation import ID
from tests.campaign.people import GENDERS, Habit, Person
from tests.campaign.run import NEW, Campaigned
from tests.campaign.world import DAY, Said
from tests.support.intake import PEPPER

IN_HAND = timedelta(seconds=10)
"""For how long a message may be on its way from the outbox to the carrier: what a sender has in hand at once."""
INVITATION = "invitation"
OPENS, CLOSES = time(9), time(19)
THURSDAY = 3
EXCLUDED = date(2026, 3, 8)
MOST_REMINDERS, SPACED = 2, DAY
MOST_A_DAY, MOST_IN_ALL = 3, 3
MOST_OVER, FEW_OVER = 1.25, 5
"""How far a cell may come over its target: by who was in the middle, or invited already, when it was full."""


@dataclass(slots=True)
class Talk:
    """All that went between us and one person. `first` are messages but for those sent once more."""

    person: Person
    taken: list[tuple[str, Taken]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    attempts: list[datetime] = field(default_factory=list)

    def first(self) -> list[tuple[str, Taken]]:
        """Return what was sent, without what was sent once more after it had come back."""
        found: list[tuple[str, Taken]] = []
        came_back: Counter[str] = Counter()
        for kind, one in self.taken:
            if came_back[one.body]:
                came_back[one.body] -= 1
            else:
                found.append((kind, one))
            if one.fate == "undelivered" and one.error == "30003":
                came_back[one.body] += 1
        return found

    def first_tried(self, one: Taken) -> datetime:
        """Return when the carrier was first asked to send a message: what it lost is sent again when that is known."""
        before = max((other.at for _, other in self.taken if other.at < one.at), default=None)
        return min(at for at in self.attempts if at <= one.at and (before is None or at > before))


def talks_of(done: Campaigned) -> Mapping[str, Talk]:
    """Return what went between us and each person, by number."""
    talks = {one.number: Talk(one) for one in done.people}
    for one in sorted(done.world.carrier.taken, key=lambda taken: taken.at):
        talks[one.to].taken.append((_kind(done, one), one))
    for said in done.world.said:
        talks[said.number].said.append(said)
    for at, number in done.world.carrier.attempts:
        talks[number].attempts.append(at)
    return talks


def _kind(done: Campaigned, one: Taken) -> str:
    if any(words.text == one.body for said in done.plan.terms.said.values() for words in said.values()):
        return INVITATION
    for kind, texts in done.reminding.said.items():
        if any(
            one.body == text or (kind is Kind.PAUSED and one.body.startswith(text)) for text in texts.values()
        ):
            return kind.value
    raise AssertionError("a message is none that the organiser wrote")


def wrongs(done: Campaigned) -> Iterator[str]:
    """Yield what was done to people that must not be done to them; nobody's number is in it."""
    talks = talks_of(done)
    for place, talk in enumerate(talks.values()):
        for wrong in _of_person(done, talk):
            yield f"person {place} ({talk.person.country.code}, {talk.person.habit}): {wrong}"
    yield from _of_everybody(done, talks)
    yield from _of_quotas(done, talks)
    yield from done.world.faults


def _of_person(done: Campaigned, talk: Talk) -> Iterator[str]:
    person = talk.person
    for kind, one in talk.taken:
        there = one.at.astimezone(person.zone)
        is_closed = not OPENS <= there.time() < CLOSES
        if is_closed or there.weekday() == THURSDAY or there.date() == EXCLUDED:
            yield f"{kind} out of hours, at {there:%a %H:%M:%S}"
        if one.sender != person.country.sender:
            yield f"{kind} from another country's sender"
    yield from _after_stop(talk)
    invited = [one for kind, one in talk.taken if kind == INVITATION]
    for earlier, later in pairwise(invited):
        if earlier.fate != "undelivered" or earlier.told is None or later.at < earlier.told:
            yield f"invited twice, at {earlier.at} ({earlier.fate}) and {later.at}"
    for kind in (INVITATION, *Kind):
        texts = Counter(one.sid for name, one in talk.taken if name == kind and one.arrived)
        if kind in (INVITATION, Kind.LAST) and len(texts) > 1:
            yield f"{len(texts)} messages of the kind {kind} arrived"
    yield from _reminded(done, talk)
    yield from _over_caps(talk)


def _after_stop(talk: Talk) -> Iterator[str]:
    """Yield what the carrier was asked to send to somebody whose STOP we had acknowledged."""
    stopped: datetime | None = None
    spans: list[tuple[datetime, datetime | None]] = []
    for one in talk.said:
        if one.text == "STOP" and one.at is not None and stopped is None:
            stopped = one.at
        elif one.text == "START" and stopped is not None:
            spans.append((stopped, one.wrote))
            stopped = None
    if stopped is not None:
        spans.append((stopped, None))
    for since, until in spans:
        for at in talk.attempts:
            if at > since + IN_HAND and (until is None or at < until):
                yield f"written to at {at} after STOP at {since}"


def _reminded(done: Campaigned, talk: Talk) -> Iterator[str]:
    # What waits in the outbox is taken back when the reminders' worker comes round, not in the same moment.
    late = timedelta(seconds=done.size.poll_s) + IN_HAND
    first = talk.first()
    reminders = [(kind, one) for kind, one in first if kind != INVITATION]
    if len(reminders) > MOST_REMINDERS:
        yield f"{len(reminders)} reminders"
    if any(kind == Kind.LAST for kind, _ in reminders[:-1]):
        yield "a reminder after the last word"
    for (_, earlier), (kind, later) in pairwise(first):
        if kind != INVITATION and later.at - earlier.at < SPACED - late:
            yield f"reminded ({kind}) {later.at - earlier.at} after the message before"
    # They are spaced from when we had what somebody wrote, though a process died before it could say so.
    written = [(one.brought, one.at) for one in talk.said if one.brought is not None and one.at is not None]
    completed = next((one.at for one in talk.said if one.at and _ends(done, talk.person, one)), None)
    for kind, one in reminders:
        before = [brought for brought, at in written if at + late < one.at]
        if kind == Kind.INVITED and before:
            yield "reminded of an invitation that they had answered"
        if before and one.at - max(before) < SPACED - late:
            yield f"reminded ({kind}) {one.at - max(before)} after they wrote"
        if completed is not None and one.at > completed + late:
            yield f"reminded ({kind}) after their last answer"


def _ends(done: Campaigned, person: Person, one: Said) -> bool:
    thanks = done.held.questionnaire.thanks
    assert thanks is not None
    language = person.country.language
    return any(thanks.translations.get(language, thanks.source) in text for text in one.replies)


def _over_caps(talk: Talk) -> Iterator[str]:
    if len(talk.first()) > MOST_IN_ALL:
        yield f"{len(talk.first())} messages that they did not ask for"
    replied = [one.at for one in talk.said if one.at is not None for _ in one.replies]
    for place, (kind, one) in enumerate(talk.taken):
        day = one.at.astimezone(UTC).date()
        earlier = [other.at for _, other in talk.taken[:place]]
        earlier += [at for at in replied if at + IN_HAND < one.at]
        count = sum(at.astimezone(UTC).date() == day for at in earlier)
        if count >= MOST_A_DAY:
            yield f"{kind} as the {count + 1}th message of a day"


def _of_everybody(done: Campaigned, talks: Mapping[str, Talk]) -> Iterator[str]:
    size, moments = done.size, done.moments
    by_day: Counter[date] = Counter()
    abroad: Counter[date] = Counter()
    for talk in talks.values():
        for kind, one in talk.taken:
            day = one.at.astimezone(UTC).date()
            by_day[day] += 1
            if talk.person.country.code == NEW:
                abroad[day] += 1
                if one.at < moments["allowed"]:
                    yield "a message to a country that nobody had allowed"
            if kind == INVITATION and moments["pause"] + IN_HAND < one.at < moments["resume"]:
                yield f"invited at {one.at}, in the pause"
        for kind, one in talk.first():
            # What came back from somebody of the sample is sent once more: they are no further people.
            if kind == INVITATION and moments["looking"] + IN_HAND < one.at < moments["sample"]:
                yield f"invited at {one.at}, while the sample was looked at"
    yield from (f"{count} messages on {day}" for day, count in by_day.items() if count > size.messages_a_day)
    yield from (f"{count} abroad on {day}" for day, count in abroad.items() if count > size.abroad_a_day)
    sampled = sum(
        kind == INVITATION and one.at < moments["sample"]
        for talk in talks.values()
        for kind, one in talk.first()
    )
    if sampled > size.sample:
        yield f"{sampled} were invited before the sample was looked at"


def cells(done: Campaigned, talks: Mapping[str, Talk]) -> Iterator[tuple[str, str, int | None, list[Talk]]]:
    """Yield each cell of the quotas: its region and gender, its target, and its people."""
    for region, target in done.size.targets.items():
        for gender in GENDERS:
            theirs = [
                one for one in talks.values() if (one.person.region, one.person.gender) == (region, gender)
            ]
            yield region, gender, target, theirs


def _of_quotas(done: Campaigned, talks: Mapping[str, Talk]) -> Iterator[str]:
    # Quotas are counted when the inviter comes round; what it has put into the outbox until then goes out.
    late = 2 * timedelta(seconds=done.size.poll_s) + IN_HAND
    for region, gender, target, theirs in cells(done, talks):
        completed = sorted(
            said.at
            for talk in theirs
            for said in talk.said
            if said.at is not None and _ends(done, talk.person, said)
        )
        is_full = target is not None and len(completed) >= target
        left = sum(not talk.attempts and not any(one.text == "STOP" for one in talk.said) for talk in theirs)
        if not is_full and left:
            yield f"{left} of {region}/{gender} never invited, with {len(completed)} of {target} reached"
        if not is_full or target is None:
            continue
        full_at = completed[target - 1]
        for talk in theirs:
            for kind, one in talk.first():
                if kind != Kind.LAST and talk.first_tried(one) > full_at + late:
                    yield f"{kind} to {region}/{gender} at {one.at}, which was full at {full_at}"
        if len(completed) > target * MOST_OVER + FEW_OVER:
            yield f"{len(completed)} of {region}/{gender} completed, where {target} were wanted"


async def disagreements(done: Campaigned) -> Sequence[str]:
    """Return where our own ledger says otherwise than the carrier's record, or its counts do not come to everybody."""
    engine = connect(done.url)
    out, people = tables.outbound.c, tables.contacts.c
    columns = (out.provider_id, out.status, out.body, out.sender, out.attempt_started_at)
    query = select(*columns, people.address_hash).join(tables.contacts, people.id == out.contact_id)
    ended = (
        select(people.address_hash)
        .join(tables.interviews, tables.interviews.c.contact_id == people.id)
        .where(tables.interviews.c.ending == Ending.COMPLETE)
    )
    stopped = select(people.address_hash).where(people.opted_out_at.is_not(None))
    async with engine.connect() as connection:
        rows = (await connection.execute(query.where(out.sender.is_not(None)))).all()
        complete = set((await connection.scalars(ended)).all())
        silent = set((await connection.scalars(stopped)).all())
        told_of = set((await connection.scalars(select(tables.receipts.c.provider_id))).all())
    (campaign,) = await campaigns_of(engine, ID)
    fates = await count_fates(engine, campaign)
    await engine.dispose()
    pepper = AddressPepper(PEPPER)
    hashes = {one.number: pepper.hash(Channel.SMS, Address(one.number)) for one in done.people}
    found: list[str] = []
    if campaign.state not in (CampaignState.RUNNING, CampaignState.DONE):
        found.append(f"the campaign is {campaign.state}")
    if sum(fates.values()) != len(done.people):
        found.append(f"the counts of the campaign come to {sum(fates.values())}")
    ours = {row.provider_id: row for row in rows if row.provider_id is not None}
    if len(ours) != sum(row.provider_id is not None for row in rows):
        found.append("two messages have the same id of the provider's")
    # What was begun just before the end could not be asked about yet.
    asked_by = done.moments["ended"] - 4 * timedelta(seconds=done.size.poll_s)
    open_ones = Counter(
        row.status
        for row in rows
        if row.status in (OutboundStatus.SENDING, OutboundStatus.UNCERTAIN)
        and row.attempt_started_at < asked_by
    )
    found += [f"{count} messages are left {status}" for status, count in open_ones.items()]
    theirs = {one.sid: one for one in done.world.carrier.taken}
    found += [
        f"a message is {ours[sid].status} that the carrier never took" for sid in ours.keys() - theirs.keys()
    ]
    for sid, one in theirs.items():
        row = ours.get(sid)
        if row is None:
            # What came back goes out once more, by another name: of the first, the receipt is left.
            came_back = one.error == "30003" and sid in told_of
            if not came_back and one.at < asked_by:
                found.append(f"we do not know of a message that the carrier took at {one.at} ({one.fate})")
        elif (row.address_hash, row.body, row.sender) != (hashes[one.to], one.body, one.sender):
            found.append("a message is another one for the carrier than for us")
        elif one.told is not None and row.status != one.fate and not _waits_again(row.status, one):
            found.append(f"a message is {row.status} that the carrier told us was {one.fate}")
    finished = {hashes[one.number] for one in done.people if one.is_complete}
    if finished != complete:
        found.append(f"{len(finished ^ complete)} people finished for us or for themselves alone")
    asked = {hashes[one.number] for one in done.people if one.has_stopped}
    if missing := asked - silent:
        found.append(f"{len(missing)} who sent STOP are not opted out")
    return found


def _waits_again(status: str, one: Taken) -> bool:
    """Return whether a message is on its way once more that came back for the phone was off."""
    waiting = (OutboundStatus.QUEUED, OutboundStatus.EXPIRED, OutboundStatus.CANCELED, OutboundStatus.FAILED)
    return one.error == "30003" and status in waiting


def counted(done: Campaigned) -> Mapping[str, int]:
    """Return how much of everything there was, so that nothing is examined that never happened."""
    taken, world = done.world.carrier.taken, done.world
    kinds = Counter(_kind(done, one) for one in taken)
    return {
        **kinds,
        **world.carrier.went_wrong,
        "taken": len(taken),
        "came back": sum(one.fate == "undelivered" for one in taken),
        "receipts that came after hours": sum(
            one.told is not None and one.told - one.at > timedelta(hours=1) for one in taken
        ),
        "receipts that never came": sum(one.told is None for one in taken),
        "written by people": len(world.said),
        "stopped": sum(one.text == "STOP" for one in world.said),
        "started again": sum(one.text == "START" for one in world.said),
        "complete": sum(one.is_complete for one in done.people),
        "restarts": world.deaths,
        "gone": sum(one.habit is Habit.GONE for one in done.people),
    }
