"""Which forms tell of danger or harm, told to whoever takes them in: by rows, without any of the words."""

from collections.abc import Collection

from rich.console import Console
from rich.text import Text

from bot.core.safeguarding import Urgency
from bot.outreach.paper.reading import Told

TELLS = {
    Urgency.URGENT: ("Somebody may be in danger", "bold red"),
    Urgency.SENSITIVE: ("Somebody tells of harm", "yellow"),
    Urgency.ASKED: ("Somebody asks for a person", ""),
}
MOST_ROWS = 50
"""Rows that are listed of each kind; who has more of them looks in the inbox."""


def tell_of_harm(console: Console, told: Collection[Told], worker: str, *, left_out: bool) -> None:
    """Tell the rows, the most urgent first, and whom to speak to. `left_out` says that forms are among them which are
    not taken in, and so are in no inbox."""
    if not told:
        return
    for urgency, (words, style) in TELLS.items():
        rows = [str(one.row) for one in told if one.urgency is urgency]
        if rows:
            more = f" and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
            where = f"row{'s' if len(rows) > 1 else ''} {', '.join(rows[:MOST_ROWS])}{more}"
            console.print(Text(f"{words}: {where}.", style=style))
    console.print(
        Text(f"Speak to {worker} today, who knows whose forms they are. The words are not shown here.")
    )
    if left_out:
        console.print(
            Text(
                "Forms among them are not taken in, and nothing of those waits in the inbox: look at the paper."
            )
        )
