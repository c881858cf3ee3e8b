"""`heard invite --adaptive`: the batch that quotas choose, explained before it is invited and kept after."""

from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from bot.cli.quotas_listed import told_unlisted
from bot.cli.quotas_shown import batch_table
from bot.errors import QuotasError
from bot.outreach.plan import spoken_in
from bot.outreach.quotas.choosing import Chosen, choose, remember
from bot.outreach.quotas.told import batch_lines
from bot.store.outreach.batches import keep_batch

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach
    from bot.outreach.plan import Said, Wanted
    from bot.store.database import Database


async def choose_batch(
    engine: "Database", outreach: "Outreach", said: "Said", wanted: "Wanted", now: datetime, console: Console
) -> Chosen:
    """Choose the next batch by the quotas of a consultation, and print what it does for each cell.

    Raises:
        QuotasError: it has no quotas.
    """
    if outreach.quotas is None:
        raise QuotasError("there are no quotas to choose by: docs/outreach.md says how they are written")
    with Console(stderr=True).status("Choosing"):
        chosen = await choose(
            engine, outreach.consultation, outreach.quotas, wanted.seed, now, wanted.most, spoken_in(said)
        )
    console.print(batch_table(batch_lines(chosen.batch)))
    if unlisted := await told_unlisted(engine, outreach.consultation, outreach.quotas):
        console.print(f"\n{unlisted}", soft_wrap=True)
    console.print(f"\n{chosen.batch.size:,} people: {chosen.batch.why}.\n")
    return chosen


async def keep_chosen(engine: "Database", chosen: Chosen, campaign_id: int) -> None:
    """Keep a batch with the campaign that invites it, so that `heard quotas --batch` chooses it again."""
    await keep_batch(
        engine,
        chosen.consultation,
        campaign_id=campaign_id,
        seed=chosen.seed,
        chosen_at=chosen.at,
        size=chosen.batch.size,
        last_recipient=chosen.last_recipient,
        digest=chosen.digest,
        document=remember(chosen),
    )
