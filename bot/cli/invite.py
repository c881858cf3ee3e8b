"""`heard invite`: a plan of who would be invited, the invitations once it is confirmed, and campaigns that run."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.faults import problems_told
from bot.cli.opened import opened_database
from bot.cli.options import FlowsOption, LocalesOption
from bot.cli.reaching import PLAN, ConsultationArgument, PlanUnlessNamed, read_consultation, require_served
from bot.core.folding import fold
from bot.core.outreach.campaigns import Campaign, CampaignState, Step
from bot.core.problems import nearest
from bot.errors import InviteError, SettingsError

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach
    from bot.core.questionnaire import Questionnaire
    from bot.outreach.plan import Wanted
    from bot.store.database import Database

invite = typer.Typer(
    cls=PlanUnlessNamed,
    help="Invite the people on your list: heard invite CONSULTATION shows the plan first.",
    no_args_is_help=True,
)

MOST_SHOWN = 20
"""Values of an attribute that are named where none of them was meant."""

CampaignOption = Annotated[int | None, typer.Option("--campaign", help="Which campaign, by its number.")]


@invite.command(name=PLAN)
@problems_told()
def plan_(
    consultation: ConsultationArgument,
    yes: Annotated[
        int | None, typer.Option("--yes", help="Invite so many people: the number that you were shown.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Invite so many first, then wait until you have looked.")
    ] = None,
    most: Annotated[int | None, typer.Option(min=1, help="No more than so many, drawn by chance.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Those alone with an attribute, like region=north.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="What chance begins with, as you were shown.")
    ] = None,
    adaptive: Annotated[
        bool, typer.Option("--adaptive", help="Those whom the quotas need most; see docs/outreach.md.")
    ] = False,
    price: Annotated[float | None, typer.Option(help="What a part of an SMS costs you.")] = None,
    test: Annotated[
        bool,
        typer.Option("--test", help="Send every wording to your own phone, and nothing to anybody else."),
    ] = False,
    language: Annotated[list[str] | None, typer.Option(help="With --test: in this language alone.")] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Show who would be invited, in which words, when and at what cost; with --yes and their number, invite them."""
    from bot.core.outreach.drawing import SEEDS
    from bot.outreach.plan import Wanted

    questionnaire, outreach = read_consultation(consultation, flows, locales)
    if test:
        from bot.cli.invite_tried import try_on_own_phone

        asyncio.run(try_on_own_phone(Console(highlight=False), questionnaire, outreach, language or ()))
        return
    if language:
        raise typer.BadParameter("it goes with --test", param_hint="--language")
    if adaptive and where:
        raise typer.BadParameter("quotas choose among everybody", param_hint="--where")
    wanted = Wanted(secrets.randbelow(SEEDS) if seed is None else seed, most)
    attributes = _attributes(where or ())
    asyncio.run(_plan(questionnaire, outreach, wanted, attributes, yes, sample, price, adaptive))


@invite.command()
def status(consultation: ConsultationArgument, campaign: CampaignOption = None) -> None:
    """Count what has become of each invitation, and compare wordings where there are several."""
    asyncio.run(_status(Console(highlight=False), consultation, campaign))


@invite.command()
def pause(consultation: ConsultationArgument, campaign: CampaignOption = None) -> None:
    """Have a campaign invite nobody any more until it is resumed. What waits in the outbox is taken back."""
    asyncio.run(_move(Step.PAUSE, consultation, campaign))


@invite.command()
def resume(consultation: ConsultationArgument, campaign: CampaignOption = None) -> None:
    """Have a campaign go on that was paused, or whose sample you have looked at."""
    asyncio.run(_move(Step.RESUME, consultation, campaign))


@invite.command()
def cancel(consultation: ConsultationArgument, campaign: CampaignOption = None) -> None:
    """End a campaign for good: who is not invited yet can be by another one."""
    asyncio.run(_move(Step.CANCEL, consultation, campaign))


def _attributes(where: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in where]
    if any(not (name.strip() and equals) for name, equals, _ in pairs):
        raise typer.BadParameter("write it like region=north", param_hint="--where")
    return {name.strip(): value.strip() for name, _, value in pairs}


async def _plan(
    questionnaire: "Questionnaire",
    outreach: "Outreach",
    wanted: "Wanted",
    attributes: Mapping[str, str],
    yes: int | None,
    sample: int | None,
    price: float | None,
    adaptive: bool,
) -> None:
    from bot.cli.invite_adaptive import choose_batch, keep_chosen
    from bot.cli.invite_caps import outlook_of
    from bot.cli.invite_shown import show_plan
    from bot.cli.outlook_shown import told
    from bot.outreach.plan import prepare, queue, said_in
    from bot.settings import read_settings

    settings, console, now = read_settings(), Console(highlight=False), datetime.now(UTC)
    if not settings.senders:
        raise SettingsError("there is nothing to send from: set TWILIO_FROM; docs/sms.md tells how")
    said = said_in(outreach, questionnaire)
    rates = {sender.name: settings.sms_per_second for sender in settings.senders}
    async with opened_database() as engine:
        await require_served(engine, outreach.consultation)
        if attributes:
            wanted = replace(wanted, where=await _spelled(engine, outreach.consultation, attributes))
        chosen = await choose_batch(engine, outreach, said, wanted, now, console) if adaptive else None
        if chosen is not None:
            wanted = replace(wanted, chosen=frozenset(chosen.recipients.tolist()))
        plan = await prepare(engine, outreach, said, settings.senders, rates, wanted, now)
        show_plan(console, plan, price, now, sample)
        if len(attributes) > 1 and not (plan.people or plan.left_out):
            console.print(
                "Each of these attributes is on the list, but nobody has all of them.", soft_wrap=True
            )
        for line in told(await outlook_of(engine, plan, outreach.country)) if plan.people else ():
            console.print(line, soft_wrap=True)
        if yes is None:
            if plan.people:
                console.print(
                    f"\nNobody was invited. To see it on your own phone: heard invite {plan.consultation} --test\n"
                    f"To invite them: {_command(plan.consultation, wanted, sample)} --yes {plan.people}",
                    soft_wrap=True,
                )
            return
        if yes != plan.people:
            raise InviteError(
                f"there are {plan.people:,} people to invite and not {yes:,}: nobody was invited"
            )
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Writing down", total=yes)
            campaign = await queue(
                engine, plan, settings.senders, sample, now, lambda more: progress.advance(task, more)
            )
        if chosen is not None:
            await keep_chosen(engine, chosen, campaign.id)
    first = f"The first {sample:,} of them are" if sample else "They are"
    console.print(
        f"\nCampaign {campaign.number} is running. {first} invited within the hours allowed, while heard serve or "
        f"heard work runs.\nTo see how it goes: heard invite status {campaign.consultation}",
        soft_wrap=True,
    )


async def _spelled(
    engine: "Database", consultation: str, attributes: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    """Return how the list spells attributes.

    Raises:
        InviteError: nobody on it has one of them, or such a value.
    """
    from bot.core.outreach.attributes import Unlisted, as_listed
    from bot.store.outreach.invitable import listed_attributes

    found = as_listed(attributes, await listed_attributes(engine, consultation))
    if not isinstance(found, Unlisted):
        return found
    if not found.there_are:
        raise InviteError(
            f"the list of {consultation} has no attributes to ask for: heard recipients import takes in such columns"
        )
    shown = ", ".join(found.there_are[:MOST_SHOWN])
    if len(found.there_are) > MOST_SHOWN:
        shown += f", and {len(found.there_are) - MOST_SHOWN:,} more"
    what = f"the attribute '{found.name}'" if found.value is None else f"'{found.value}' as {found.name}"
    known = {fold(one): one for one in found.there_are}
    meant = nearest(fold(found.name if found.value is None else found.value), known)
    raise InviteError(
        f"nobody on the list of {consultation} has {what}. There are: {shown}"
        + (f". Did you mean {known[meant]}?" if meant else "")
    )


def _command(consultation: str, wanted: "Wanted", sample: int | None) -> str:
    """Return the command that invites those who were shown."""
    words = ["heard invite", consultation]
    words += [f"--where '{name}={value}'" for name, value in wanted.asked_for().items()]
    words += ["--adaptive"] if wanted.chosen is not None else []
    words += [f"--most {wanted.most}"] if wanted.most else []
    words += [f"--sample {sample}"] if sample else []
    return " ".join([*words, f"--seed {wanted.seed}"])


async def _status(console: Console, consultation: str, number: int | None) -> None:
    from bot.cli.invite_shown import show_campaign
    from bot.core.outreach.choosing import next_opening
    from bot.store.outreach.campaigns import count_by_wording, count_fates
    from bot.store.outreach.capped import capped_invitations
    from bot.store.outreach.holding import held_by_reason
    from bot.store.outreach.upcoming import waits_of

    now = datetime.now(UTC)
    async with opened_database() as engine:
        for campaign in await _campaigns(engine, consultation, number):
            fates = await count_fates(engine, campaign)
            held = await held_by_reason(engine, campaign.id)
            capped = await capped_invitations(engine, campaign.id)
            by_wording = await count_by_wording(engine, campaign)
            upcoming = None
            if campaign.state is CampaignState.RUNNING:
                upcoming = next_opening(campaign.terms, await waits_of(engine, campaign), now)
            show_campaign(console, campaign, fates, by_wording, held, capped, upcoming, now)


async def _move(step: Step, consultation: str, number: int | None) -> None:
    from bot.store.outreach.campaigns import move_campaign

    async with opened_database() as engine:
        campaign = _one(await _campaigns(engine, consultation, number), step)
        moved = await move_campaign(engine, campaign, step, datetime.now(UTC), "by hand")
    typer.echo(f"Campaign {moved.number} of {moved.consultation} is {moved.state}.")
    typer.echo(f"To see where it stands: heard invite status {moved.consultation} --campaign {moved.number}")


async def _campaigns(engine: "Database", consultation: str, number: int | None) -> Sequence[Campaign]:
    """Return a consultation's campaigns, or the one of a number.

    Raises:
        InviteError: there is none.
    """
    from bot.store.outreach.campaigns import campaigns_of

    every = await campaigns_of(engine, consultation)
    found = [one for one in every if number is None or one.number == number]
    if not found:
        which = f"no campaign {number}" if number is not None and every else "no campaign"
        raise InviteError(f"{consultation} has {which}: heard invite {consultation} begins one")
    return found


def _one(found: Sequence[Campaign], step: Step) -> Campaign:
    """Return the campaign that is meant; where several could be, somebody has to say which."""
    able = [one for one in found if one.state is not CampaignState.CANCELLED] or list(found)
    if len(able) > 1:
        listed = ", ".join(f"{one.number} ({one.state})" for one in able)
        raise InviteError(f"there are several campaigns: say which to {step} with --campaign: {listed}")
    return able[0]
