"""Quotas in the terminal: where they stand, and what a batch of invitations is to do for them."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from rich.table import Table
from rich.text import Text

from bot.cli.showing import isolated, visible
from bot.outreach.quotas.told import BatchLine, Line

NOT_KNOWN = "not known yet"
OPEN = "open"


def standing_table(listed: Iterable[Line]) -> Table:
    """Return the cells of every quota, what is full in green and what nobody was heard of in red."""
    table = Table(box=None, pad_edge=False)
    table.add_column("quota and cell")
    for heading in ("target", "reached", "in progress", "invited", "still to invite", "of target"):
        table.add_column(heading, justify="right")
    for quota, cells in groupby(listed, attrgetter("quota")):
        held = list(cells)
        if [one.cell for one in held] != [quota]:
            table.add_row(Text(_name(quota), "bold"))
        for one in held:
            style = "green" if one.full and one.target else "red" if one.target and not one.reached else ""
            indented = "" if one.cell == quota else "  "
            table.add_row(
                Text(f"{indented}{_name(one.cell)}", style),
                OPEN if one.target is None else f"{one.target:,}",
                f"{one.reached:,}",
                f"{one.in_progress:,}",
                "-" if one.invited is None else f"{one.invited:,}",
                _to_invite(one),
                "" if one.share is None else f"{one.share:.0%}",
            )
    return table


def batch_table(listed: Iterable[BatchLine]) -> Table:
    """Return what a batch does for each cell, and why."""
    table = Table(box=None, pad_edge=False)
    table.add_column("quota and cell")
    for heading in ("missing", "expected", "rate", "listed", "now", "evenly"):
        table.add_column(heading, justify="right")
    table.add_column("why")
    for quota, cells in groupby(listed, attrgetter("quota")):
        held = list(cells)
        if [one.cell for one in held] != [quota]:
            table.add_row(Text(_name(quota), "bold"))
        for one in held:
            table.add_row(
                Text(f"{'' if one.cell == quota else '  '}{_name(one.cell)}"),
                f"{one.missing:,.0f}",
                f"{one.expected:,.0f}",
                f"{one.rate:.1%}",
                f"{one.on_the_list:,}",
                f"{one.invited_now:,}",
                f"{one.even:,.0f}",
                one.why,
            )
    return table


def _to_invite(one: Line) -> str:
    if one.target is None:
        return ""
    return NOT_KNOWN if one.still_to_invite is None else f"{one.still_to_invite:,}"


def _name(written: str) -> str:
    return isolated(visible(written))
