"""RDS-II estimates in a terminal, with what they rest on."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.drawing import number
from bot.cli.referral import told_of
from bot.cli.showing import isolated
from bot.results.rds import Rds

CAVEATS = (
    "Weighted by 1 / the number of people somebody knows (RDS-II, Volz and Heckathorn 2008); who came by themselves "
    "is left out.",
    "It holds where people know each other both ways, say truly how many they know, and pass codes on by chance. "
    "Nothing here can show that.",
    "There is no interval: people in one chain are alike, and a figure is as sure as that of half as many at most.",
)


def show_rds(console: Console, told: Rds) -> None:
    """Print what RDS-II makes of those who were recruited by a code."""
    console.print()
    console.print(Text("Recruited by people they know", style="bold"))
    console.print(f"{told.recruited:,} people were recruited by a code and answered.")
    if told.without_degree:
        console.print(f"{told.without_degree:,} of them did not say how many they know, and are left out.")
    for line in told_of(told.chains):
        console.print(line)
    if not told.items:
        console.print("There is nobody to weigh.")
        return
    for caveat in CAVEATS:
        console.print(caveat)
    if told.effective is not None:
        console.print(f"Unequal weights alone leave {told.effective:,.1f} people's worth.")
    for item in told.items:
        console.print()
        label = item.label.source if item.label else item.name
        console.print(Text.assemble((isolated(label), "bold"), (f"  {item.name}", "dim")))
        if item.mean is not None:
            console.print(
                f"   mean {number(item.mean.mean)}, RDS-II {number(item.mean.estimate)}  (n {item.mean.base})"
            )
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
        table.add_column("")
        for heading in ("n", "share", "RDS-II"):
            table.add_column(heading, justify="right")
        for one in item.choices:
            table.add_row(
                isolated(one.label.source), str(one.taken), f"{one.share:.0%}", f"{one.estimate:.0%}"
            )
        console.print(table)
