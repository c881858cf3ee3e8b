"""Plans and campaigns of invitations in the terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.invite_caps import show_held
from bot.cli.showing import isolated
from bot.core.outreach.campaigns import Campaign, CampaignState, Fate, Lane
from bot.core.outreach.choosing import Reason
from bot.core.outreach.places import zones_of

if TYPE_CHECKING:
    from bot.outreach.plan import Plan
    from bot.results.records.figures import Share

WHY = {
    Reason.INVITED: "in a campaign already, invited or waiting for their turn: heard invite status",
    Reason.OPTED_OUT: "sent STOP",
    Reason.INTERVIEWED: "already interviewed",
    Reason.CHANNEL: "reached by another channel than SMS, on which nobody can be written to first",
    Reason.GONE: "not to be reached any more, a message did not arrive",
    Reason.NO_LANGUAGE: "of no known language",
    Reason.NO_WORDS: "no words yet in their language",
    Reason.NO_SENDER: "no sender of yours for their country that takes replies",
}
MEANINGS = {
    CampaignState.QUEUEING: "its invitations are being written down; nothing is sent",
    CampaignState.RUNNING: "inviting, within the hours allowed",
    CampaignState.LOOKING: "waits for you to look: heard invite resume, or cancel",
    CampaignState.PAUSED: "heard invite resume goes on",
    CampaignState.DONE: "everybody is invited or left out",
    CampaignState.CANCELLED: "whoever was not written to can be invited again",
}
NOON_ON = "%a %d %b, %H:%M"


def show_plan(
    console: Console, plan: "Plan", price: float | None, now: datetime, sample: int | None = None
) -> None:
    """Print how many people are invited how, by whom, when and at what cost, who is not and why, and the words."""
    console.print(f"{_people(plan.people)} can be invited to {plan.consultation}. Seed: {plan.wanted.seed}")
    if sample is not None and sample < plan.people:
        console.print(
            f"Of them {_people(sample)} first, and the other {plan.people - sample:,} when you have looked at how that "
            "went, and resumed it.",
            soft_wrap=True,
        )
    if plan.people:
        console.print()
        console.print(_words_table(plan, price))
        console.print()
        console.print(_sender_table(plan))
    for line in (*_quiet(plan, now), *_left_out(plan)):
        console.print(line, soft_wrap=True)
    for name, said in plan.terms.said.items():
        heading = f"Wording {name}" if len(plan.terms.said) > 1 else "The words"
        console.print(Text(f"\n{heading}", style="bold"))
        for language, words in said.items():
            console.print(Text.assemble((f"{language}: ", "bold"), isolated(words.text)), soft_wrap=True)


def _words_table(plan: "Plan", price: float | None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("language", "wording"):
        table.add_column(heading)
    for heading in ("people", "SMS parts each", "parts", *(("price",) if price is not None else ())):
        table.add_column(heading, justify="right")
    counts: Counter[tuple[str, str]] = Counter()
    for group, count in plan.groups.items():
        counts[group.language, group.wording] += count
    for (language, wording), count in sorted(counts.items()):
        each = plan.terms.said[wording][language].segments
        cells = [f"{count:,}", str(each), f"{count * each:,}"]
        table.add_row(language, wording, *cells, *_paid(count * each, price))
    table.add_row("all", "", f"{plan.people:,}", "", f"{plan.parts:,}", *_paid(plan.parts, price))
    return table


def _paid(parts: int, price: float | None) -> list[str]:
    return [] if price is None else [f"{parts * price:,.2f}"]


def _sender_table(plan: "Plan") -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("from")
    table.add_column("people", justify="right")
    table.add_column("sends for")
    counts: Counter[str] = Counter()
    for group, count in plan.groups.items():
        counts[group.sender] += count
    for sender, count in counts.most_common():
        table.add_row(sender, f"{count:,}", _span(plan, plan.seconds[sender]))
    return table


def _span(plan: "Plan", seconds: float) -> str:
    """Return how long a sender sends, and over how many days, for it does so within the hours alone."""
    hours = plan.terms.hours
    day = timedelta(
        hours=hours.closes.hour - hours.opens.hour, minutes=hours.closes.minute - hours.opens.minute
    )
    days = -(-seconds // day.total_seconds())
    over = f", over {days:,.0f} days" if days > 1 else ""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s{over}"
    minutes = round(seconds / 60)
    return f"{minutes} min{over}" if minutes < 90 else f"{minutes // 60:,} h {minutes % 60} min{over}"


def _quiet(plan: "Plan", now: datetime) -> Iterator[str]:
    """Yield who is outside the hours at the moment, and when they are written to."""
    if not plan.people:
        return
    yield ""
    if not plan.quiet:
        yield "All of them are within the hours allowed at the moment."
        return
    yield f"{_people(plan.quiet)} {_are(plan.quiet)} outside the hours allowed at the moment:"
    counts: Counter[str] = Counter()
    for group, count in plan.groups.items():
        if group.time_zones in plan.opens:
            counts[group.time_zones] += count
    for zones, count in counts.most_common():
        opens = plan.opens[zones]
        when = opens.astimezone(zones_of(zones)[0]).strftime(NOON_ON) if opens else "never"
        yield f"  {count:,} by the clock of {zones}: from {when} there"


def _left_out(plan: "Plan") -> Iterator[str]:
    counts: Counter[Reason] = Counter()
    languages: Counter[str] = Counter()
    for (reason, language), count in plan.left_out.items():
        counts[reason] += count
        if language is not None:
            languages[language] += count
    if counts:
        yield ""
    for reason, why in WHY.items():
        if counts[reason]:
            which = f" ({', '.join(f'{one}: {n:,}' for one, n in languages.most_common())})"
            yield f"{_people(counts[reason])} left out: {why}{which if reason is Reason.NO_WORDS else ''}."


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def show_campaign(
    console: Console,
    campaign: Campaign,
    fates: Mapping[Fate, int],
    by_wording: Mapping[str, tuple[int, int, int]],
    held: Mapping[str, int] = MappingProxyType({}),
    capped: Mapping[str, int] = MappingProxyType({}),
    upcoming: tuple[datetime, Lane] | None = None,
    now: datetime | None = None,
) -> None:
    """Print a campaign's state and what has become of each of its invitations; they add up.

    `held` are those that quotas hold, by the reason, `capped` those in the outbox that a cap holds, by the error.
    `upcoming` is when the next of a running one can leave, and in which lane.
    """
    told = Text.assemble((f"Campaign {campaign.number}: {campaign.state}", "bold"))
    told.append(f"  {MEANINGS[campaign.state]}")
    console.print(told, soft_wrap=True)
    if campaign.reason and campaign.state is not CampaignState.RUNNING:
        console.print(f"Why: {campaign.reason}", soft_wrap=True)
    is_cancelled = campaign.state is CampaignState.CANCELLED
    shown = {fate: count for fate, count in fates.items() if count}
    for fate, count in shown.items():
        console.print(f"{count:>12,} {fate}")
    there = sum(shown.values())
    console.print(f"{there:>12,} in all, seed {campaign.seed}")
    if (gone := campaign.terms.people - there) > 0 and campaign.state is not CampaignState.QUEUEING:
        later = (
            "went over to a later campaign, or were erased"
            if is_cancelled
            else "are not on the list any more"
        )
        console.print(
            f"{gone:,} of the {campaign.terms.people:,} that were confirmed {later}.", soft_wrap=True
        )
    for reason, count in held.items() if not is_cancelled else ():
        console.print(f"{count:,} {_are(count)} held: {reason}.", soft_wrap=True)
    show_held(console, capped)
    if upcoming is not None and now is not None:
        _show_upcoming(console, campaign, *upcoming, now)
    if len(by_wording) > 1:
        _show_wordings(console, campaign, by_wording)
    console.print()


def _show_upcoming(console: Console, campaign: Campaign, at: datetime, lane: Lane, now: datetime) -> None:
    """Print when the next leaves, and by which hours: not by those that the file has had since."""
    if at <= now:
        when = "now, as fast as its senders and the limits let it"
    else:
        there = zones_of(lane.time_zones)[0]
        when = f"{at.astimezone(there).strftime(NOON_ON)} by the clock of {there}"
    hours = campaign.terms.hours
    console.print(
        f"The next leaves: {when}.\nSent from {hours.opens:%H:%M} to {hours.closes:%H:%M} where people are, as it was "
        "confirmed; a change in the file holds for the next campaign.",
        soft_wrap=True,
    )


def _show_wordings(
    console: Console, campaign: Campaign, by_wording: Mapping[str, tuple[int, int, int]]
) -> None:
    """Print how many of those reached by each wording agreed and completed, with intervals and whether that differs."""
    from bot.results.intervals import share_of

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("wording")
    for heading in ("reached", "agreed", "share (95%)", "completed", "share (95%)"):
        table.add_column(heading, justify="right")
    for name, (reached, began, completed) in by_wording.items():
        row = [f"{reached:,}"]
        for count in (began, completed):
            row += [f"{count:,}", _interval(share_of(count, reached))]
        table.add_row(name, *row)
    console.print()
    console.print(table)
    for what, place in (("agreed", 1), ("completed", 2)):
        console.print(f"Those who {what}: {_verdict(campaign, by_wording, place)}", soft_wrap=True)


def _interval(share: "Share") -> str:
    if share.share is None or share.interval is None:
        return "-"
    return f"{share.share:.1%} ({share.interval.low:.1%} to {share.interval.high:.1%})"


def _verdict(campaign: Campaign, by_wording: Mapping[str, tuple[int, int, int]], place: int) -> str:
    import numpy as np

    from bot.results.differences import SIGNIFICANT, Seed, compare_counts

    table = np.array([[row[place], row[0] - row[place]] for row in by_wording.values()], dtype=float)
    compared = compare_counts(table, Seed(campaign.seed, place))
    if compared is None:
        return "too few yet to tell wordings apart."
    if compared.p < SIGNIFICANT:
        return f"the wordings differ by more than chance (p = {compared.p:.3f})."
    return f"no more difference than chance makes (p = {compared.p:.2f})."
