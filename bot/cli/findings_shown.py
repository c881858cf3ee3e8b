"""Findings in the terminal: all of a consultation as a table, one with its history."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.findings import WEEKS_TO_ANSWER, Change, Finding, FindingsSummary, summarise


def show_findings(console: Console, listed: Sequence[Finding], today: date) -> None:
    """Print a row for each finding, and how the consultation was answered."""
    if not listed:
        console.print("Nothing is registered yet: heard findings add.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("id", justify="right")
    for heading in ("state", "due", "owner"):
        table.add_column(heading)
    for heading in ("told", "arrived", "failed"):
        table.add_column(heading, justify="right")
    table.add_column("finding")
    for one in listed:
        counts = (one.told.people, one.told.delivered, one.told.failed)
        told = [f"{count:,}" for count in counts]
        table.add_row(
            str(one.id), one.now.state, _due(one, today), Text(one.now.owner), *told, Text(one.title)
        )
    console.print(table)
    console.print()
    for line in _summary(summarise(listed, today)):
        console.print(line)


def _due(finding: Finding, today: date) -> Text:
    due = finding.now.due
    if due is None:
        return Text("-", style="dim")
    return Text(f"{due} overdue", style="bold red") if finding.is_overdue(today) else Text(str(due))


def _summary(of: FindingsSummary) -> list[str]:
    lines = [f"{of.answered} of {of.findings} answered."]
    if of.median_days is not None:
        lines.append(
            f"Half of the answers came within {count_days(of.median_days)}; "
            f"{of.within_weeks} of {of.answered} within {WEEKS_TO_ANSWER} weeks."
        )
    if of.overdue:
        lines.append(f"{len(of.overdue)} {'is' if len(of.overdue) == 1 else 'are'} overdue.")
    return lines


def count_days(number: float) -> str:
    return f"{number:g} {'day' if number == 1 else 'days'}"


def count_people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"


def show_finding(console: Console, finding: Finding, today: date) -> None:
    """Print a finding and every change of it, the oldest first."""
    console.print(Text.assemble((finding.title, "bold"), (f"  {finding.consultation}", "dim")))
    owed = _due(finding, today) if finding.now.due else Text("nothing is owed")
    console.print(Text.assemble(f"{finding.now.owner}: ", "due " if finding.now.due else "", owed))
    days = finding.days_to_answer
    counted = f"Counted from {finding.counted_from}"
    console.print(f"{counted}: answered after {count_days(days)}." if days is not None else f"{counted}.")
    before: Change | None = None
    for change in finding.changes:
        console.print()
        for line in _change_lines(before, change):
            console.print(line)
        before = change


def _change_lines(before: Change | None, change: Change) -> list[Text]:
    became = f"{before.state} -> {change.state}" if before else str(change.state)
    when = change.at.strftime("%Y-%m-%d %H:%M UTC")
    lines = [Text.assemble((f"{change.number}. {became}", "bold"), f"  {when}, by {change.by}")]
    said = [("Owner", change.owner if before is None or before.owner != change.owner else None)]
    said += [
        ("Due", str(change.due) if change.due else None),
        ("Reason", change.reason),
        ("Referred to", change.referred_to),
        ("Done on", str(change.done_on) if change.done_on else None),
        ("Words in", ", ".join(change.languages) or None),
        ("Told", _told(change)),
    ]
    return lines + [Text(f"   {name}: {value}") for name, value in said if value]


def _told(change: Change) -> str | None:
    told = change.told
    if not told.people:
        return None
    return (
        f"{count_people(told.people)}; {told.delivered:,} arrived, {told.sent:,} sent, {told.failed:,} failed"
    )
