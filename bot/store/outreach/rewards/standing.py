"""How the rewards of a consultation stand."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import tables
from bot.store.outreach.rewards.budget import PHONES, owing
from bot.store.outreach.rewards.records import Overview, RewardState, Tally
from bot.store.outreach.rewards.terms import read_terms
from bot.store.outreach.tables import reward_changes, rewards

_reward = rewards.c
_change = reward_changes.c
_interview = tables.interviews.c
_contact = tables.contacts.c


async def overview(engine: AsyncEngine, consultation: str) -> Overview:
    """Return how the rewards of a consultation stand."""
    newest = select(reward_changes).where(_change.consultation == consultation).order_by(_change.id.desc())
    tallied = (
        select(
            _reward.state,
            _reward.error,
            _reward.currency,
            func.count(),
            func.sum(_reward.amount),
            func.count().filter(_reward.due_at.is_(None)),
        )
        .where(_reward.consultation == consultation)
        .group_by(_reward.state, _reward.error, _reward.currency)
        .order_by(_reward.state, _reward.error)
    )
    unpaid = select(func.count()).select_from(owing(consultation).subquery())
    numberless = (
        select(func.count())
        .select_from(tables.interviews)
        .outerjoin(tables.contacts, _contact.id == _interview.contact_id)
        .where(
            _interview.consultation == consultation,
            tables.IS_COMPLETE,
            or_(_contact.id.is_(None), _contact.channel.not_in(PHONES)),
            ~exists().where(_reward.interview_id == _interview.id),
        )
    )
    async with engine.connect() as connection:
        last = (await connection.execute(newest.limit(1))).one_or_none()
        return Overview(
            read_terms(last.document) if last and last.document else None,
            last.changed_by if last else None,
            last.changed_at if last else None,
            [
                Tally(RewardState(row[0]), row[1], row[2], row[3], int(row[4]), row[5])
                for row in await connection.execute(tallied)
            ],
            (await connection.execute(unpaid)).scalar_one(),
            (await connection.execute(numberless)).scalar_one(),
        )
